"""Everything the server holds about a person is in their copy, nothing of others, and no secret."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from sqlalchemy import Uuid, select
from sqlalchemy.orm import Session

from app import privacy
from app.kernel import Base
from app.privacy import EXCEPTED, EXPORTED
from tests.support.schema import all_models
from tests.support.whole_person import WORDS, whole_person
from tests.support.world import NOW, add_provider

CANARIES = {
    "person": "Ngozi Canary",
    "assignments": "assigned-canary",
    "more-goes": "reset-canary",
    "passkeys": "passkey-canary",
    "sign-ins-from-outside": "outside-canary",
    "records": "record-canary",
    "records-sent-differently": "variant-canary",
    "reflections": WORDS,
    "audit": "trail-canary",
    "records-held": "unknown-kind",
    "training-elsewhere": "certificate-canary",
    "training-elsewhere-decided": "decision-canary",
    "exceptions": "exception-canary",
    "profiles": "Care worker",
    "roles": "learner",
    "places": "Bramble",
    "phones": "Bramble",
}
SECRETS = ("sealed-secret", "credential-secret", "public-secret", "recovery-secret", "$argon2")


def opened(session: Session, person_id: int, provider_id: int | None) -> dict[str, str]:
    out = io.BytesIO()
    privacy.export(session, person_id, None if provider_id is None else [provider_id], out, now=NOW)
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_every_table_with_something_of_a_person_is_copied_or_excepted() -> None:
    """A new table that names a person would otherwise be forgotten in the copy, and in erasing."""
    all_models()
    personal = set()
    roots = {"persons"}
    while True:
        found = {
            table.name
            for table in Base.metadata.tables.values()
            if table.name not in personal | roots
            and any(key.column.table.name in personal | roots for key in table.foreign_keys)
        }
        if not found:
            break
        personal |= found
    by_uuid = {
        table.name
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Uuid) and column.name in ("person", "subject", "actor_person", "owner")
    }
    assert personal | by_uuid | roots == EXPORTED.keys() | EXCEPTED.keys()


def test_every_document_has_what_was_planted(session: Session) -> None:
    member, _ = whole_person(session, add_provider(session))

    files = opened(session, member.person_id, None)

    documents = {name.removesuffix(".json"): json.loads(text) for name, text in files.items() if name.endswith(".json")}
    assert {document for document, _ in EXPORTED.values()} | {"audit"} == documents.keys()
    empty = [name for name, rows in documents.items() if not rows]
    assert empty == []
    for document, canary in CANARIES.items():
        assert canary in files[f"{document}.json"], document
        assert canary in files["index.html"], document


def test_no_secret_and_nothing_of_others_is_in_it(session: Session) -> None:
    provider = add_provider(session)
    member, phone = whole_person(session, provider)
    whole_person(session, provider, "Somebody Else")

    together = "".join(opened(session, member.person_id, None).values())

    assert "Somebody Else" not in together
    for secret in (*SECRETS, phone.append, phone.read):
        assert secret not in together


def test_a_manager_copies_only_what_concerns_their_provider(session: Session) -> None:
    from app import providers
    from app.providers import Role
    from tests.support.world import add_phone

    mine, other = add_provider(session), add_provider(session, "Thistle Care")
    member, _ = whole_person(session, mine)
    providers.add_membership(session, other.id, member.person_id, [Role.LEARNER], now=NOW)
    there = providers.find_member(session, other.id, member.person_id)
    assert there is not None
    phone = add_phone(session, there)
    phone.send(session, phone.record("held.canary", app="only-at-thistle"))

    copied = opened(session, member.person_id, mine.id)
    whole = opened(session, member.person_id, None)

    assert "only-at-thistle" in whole["records.json"]
    assert "only-at-thistle" not in "".join(copied.values())
    assert str(phone.dev) not in "".join(copied.values())
    assert "Thistle" not in "".join(copied.values())


def test_what_a_person_wrote_cannot_run_in_the_page(session: Session) -> None:
    member, _ = whole_person(session, add_provider(session), "<script>alert(1)</script>")

    page = opened(session, member.person_id, None)["index.html"]

    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_copy_says_as_much_as_the_tables_hold(session: Session) -> None:
    member, _ = whole_person(session, add_provider(session))
    records = Base.metadata.tables["records"]
    stored: list[Any] = list(session.scalars(select(records.c.body).order_by(records.c.id)))

    copied = json.loads(opened(session, member.person_id, None)["records.json"])

    assert [row["body"] for row in copied] == [json.loads(body) for body in stored]
