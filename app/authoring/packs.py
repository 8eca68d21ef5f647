"""A provider's own pack: made with its first draft, with keys that nobody else on the server has.

Every key of its modules ends in four random characters, taken or not, so that trying titles tells nobody what another
provider writes, and a module that a later release brings finds its key free.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authoring.errors import AuthoringError
from app.authoring.models import Draft, OwnPack
from app.authoring.types import TopicLine
from app.content.data import Pack, Topic
from app.content.problems import slug
from app.content.queries import editions_of
from app.kernel import insert_if_new
from app.providers import ProviderView, find_provider

# No vowels, so that no word comes of it, and nothing that looks like something else.
LETTERS = "bcdfghjkmnpqrstvwxz23456789"
LICENCE = "All rights reserved"
LONGEST_WORDS = 60


def provider_of(session: Session, provider_id: int) -> ProviderView:
    """Return the provider that writes. Raises AuthoringError."""
    found = find_provider(session, provider_id)
    if found is None:
        raise AuthoringError("There is no such provider.", code="no-provider")
    return found


def own_pack(session: Session, provider: ProviderView, *, now: datetime) -> OwnPack:
    """Return the provider's own pack, made when there is none yet. Nobody else adds a topic until the commit."""
    query = select(OwnPack).where(OwnPack.provider_id == provider.id)
    query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        key = f"{slug(provider.name)[:40].strip('-') or 'own'}-{_random()}"
        row = {"key": key, "provider_id": provider.id, "title": provider.name, "topics": "[]", "added_at": now}
        # Two trainers may begin the first draft in the same moment.
        session.execute(insert_if_new(session, OwnPack).values(**row))
        found = session.scalars(query).one()
    return found


def topics_of(session: Session, provider_id: int) -> tuple[TopicLine, ...]:
    """Return the topics the provider has written in, in the order they came."""
    found = session.scalars(select(OwnPack).where(OwnPack.provider_id == provider_id)).one_or_none()
    return tuple(TopicLine(**each) for each in json.loads(found.topics)) if found else ()


def topic_in(pack: OwnPack, title: str) -> str:
    """Return the key of the topic of this title in the pack; a new title becomes its last topic."""
    topics = json.loads(pack.topics)
    same = next((each["key"] for each in topics if each["title"].casefold() == title.casefold()), None)
    if same is not None:
        return str(same)
    key = _free(slug(title)[:LONGEST_WORDS].strip("-") or "topic", {each["key"] for each in topics})
    pack.topics = json.dumps([*topics, {"key": key, "title": title}], ensure_ascii=False)
    return key


def new_key(session: Session, title: str) -> str:
    """Return a key for a new module that is nobody's yet."""
    words = slug(title)[:LONGEST_WORDS].strip("-") or "module"
    while True:
        key = f"{words}-{_random()}"
        taken = session.scalar(select(Draft.id).where(Draft.key == key)) or editions_of(session, key)
        if not taken:
            return key


def content_pack(pack: OwnPack, publisher: str) -> Pack:
    """Return the pack as it is published: for any framework's criteria, and the provider's own."""
    return Pack(
        key=pack.key,
        title=pack.title,
        publisher=publisher,
        licence=LICENCE,
        framework=None,
        topics=tuple(Topic(key=each["key"], title=each["title"], standard=None) for each in json.loads(pack.topics)),
    )


def _random() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(4))


def _free(wanted: str, taken: set[str]) -> str:
    candidate, number = wanted, 2
    while candidate in taken:
        candidate, number = f"{wanted}-{number}", number + 1
    return candidate
