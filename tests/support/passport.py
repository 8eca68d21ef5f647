"""Links to a passport, as a phone asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credentials import Credential, passport
from app.credentials.passport import Form, LookKind, NewLink
from app.credentials.passport.models import PassportItem, PassportLink, PassportTakeback
from app.providers import MemberView, ProviderView
from tests.support.world import NOW

TOKEN = "abcdefghijklmnopqrst_-"


def new_link(items: Sequence[UUID], token: str = TOKEN, *, whom: str = "", days: int = 7) -> NewLink:
    """A link to these credentials."""
    return NewLink(uuid=uuid4(), token=token, items=tuple(items), whom=whom, days=days, form=Form.LINK)


def shared_something(session: Session, provider: ProviderView, member: MemberView) -> None:
    """A link of a person to a credential of theirs that was withdrawn since; looked at, and taken back; committed."""
    me = member.person_id
    link = PassportLink(
        uuid=UUID(int=me),
        person_id=me,
        provider_id=provider.id,
        token_hash=f"token-secret-{me}",
        form=Form.LINK,
        whom="shown-to-canary",
        since=NOW,
        until=NOW + timedelta(days=7),
    )
    session.add(link)
    session.flush()
    shown = session.scalars(select(Credential.id).where(Credential.person_id == me)).first()
    assert shown
    session.add_all(
        (
            PassportItem(link_id=link.id, credential_id=shown),
            PassportTakeback(link_id=link.id, since=NOW),
        )
    )
    passport.note_look(session, link.id, LookKind.SAID, now=NOW, by="looked-canary")
    session.commit()
