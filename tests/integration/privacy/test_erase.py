"""Erasing a person: theirs goes, all of others stays, figures stay right, and their phone never loops."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit, authoring, catalogue, identity, learning, privacy, providers, sync
from app.identity import TokenKind, TokenRefused
from app.kernel import Base
from app.providers import Role
from app.sync import Digest, PhoneDigest, Record
from tests.support.tables import worked_out
from tests.support.whole_person import WORDS, whole_person
from tests.support.world import NOW, add_person, add_phone, add_provider, words


def everything(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the trail's, by table."""
    return {
        table.name: [tuple(map(repr, row)) for row in session.execute(select(table).order_by(*table.primary_key))]
        for table in Base.metadata.sorted_tables
        if not table.name.startswith("audit_")
    }


def test_nothing_of_a_person_is_left_and_nothing_of_others_changes(session: Session) -> None:
    provider = add_provider(session)
    whole_person(session, provider, "Somebody Else")
    before = everything(session)
    member, phone = whole_person(session, provider)

    gone = privacy.erase(session, provider, member, actor=audit.OPERATOR, now=NOW)
    session.commit()

    after = everything(session)
    # What was published, and what is being written, is not the person's: see below. A place on a status list names
    # nobody, and stays so that nobody else is given it.
    for table in (
        "credential_statuses",
        "editions",
        "errata",
        "own_packs",
        "drafts",
        "draft_revisions",
        "draft_comments",
    ):
        del before[table], after[table]
    for table in before:
        assert after[table] == before[table], table
    assert (gone.records, gone.wholly) == (len(phone.made), True)
    assert "Ngozi" not in str(after)


def test_rebuilding_gives_the_same_after_erasing(session: Session) -> None:
    provider = add_provider(session)
    whole_person(session, provider, "Somebody Else")
    member, _ = whole_person(session, provider)
    privacy.erase(session, provider, member, actor=audit.OPERATOR, now=NOW)
    session.commit()
    before = worked_out(session)

    sync.rebuild(session)
    session.commit()

    assert worked_out(session) == before


def test_the_trail_stays_whole_and_says_that_somebody_was_erased(session: Session) -> None:
    provider = add_provider(session)
    member, _ = whole_person(session, provider)

    privacy.erase(session, provider, member, actor=audit.OPERATOR, now=NOW)
    session.commit()

    assert audit.verify(session).broken is None
    assert [each.action for each in audit.entries_about(session, member.person_uuid)] == ["goes.reset", "data.erased"]
    assert privacy.was_erased(session, member.person_uuid)


def test_the_phone_is_refused_by_its_token_and_leaves_no_trace(session: Session) -> None:
    provider = add_provider(session)
    member, phone = whole_person(session, provider)
    privacy.erase(session, provider, member, actor=audit.OPERATOR, now=NOW)
    session.commit()

    for token, kind in ((phone.append, TokenKind.APPEND), (phone.read, TokenKind.READ)):
        with pytest.raises(TokenRefused):
            identity.bearer(session, token, kind, now=NOW)


def test_what_a_manager_asked_of_others_stays_asked_by_nobody(session: Session) -> None:
    provider = add_provider(session)
    manager = add_person(session, provider, "Priya Nair", (Role.MANAGER,))
    carer = add_person(session, provider)
    learning.assign(session, provider.id, carer.person_id, "falls", due=None, now=NOW, by=manager.person_id)
    learning.reset_attempts(session, provider.id, carer.person_id, "falls", now=NOW, by=manager.person_id)
    secret = b"a key for tests, and for nothing else at all"
    code = providers.issue_invite(
        session, provider.id, carer.person_id, secret=secret, now=NOW, issued_by=manager.person_id
    )

    catalogue.let_go(session, provider.id, "a-pack", now=NOW, by=manager.person_id)
    catalogue.adopt(session, provider.id, "a-pack", now=NOW, by=manager.person_id)

    privacy.erase(session, provider, manager, actor=audit.OPERATOR, now=NOW)
    session.commit()

    table = Base.metadata.tables["assignments"]
    assert [(row.module, row.assigned_by) for row in session.execute(select(table))] == [("falls", None)]
    found = providers.look_up_invite(session, code, secret=secret, address="x", now=NOW)
    assert isinstance(found, providers.InviteView)


def test_what_somebody_wrote_at_the_desk_stays_written_by_nobody(session: Session) -> None:
    here, there = add_provider(session), add_provider(session, "Thistle Care")
    trainer = add_person(session, here, "Amina Canary", (Role.TRAINER,))
    providers.add_membership(session, there.id, trainer.person_id, [Role.TRAINER], now=NOW)
    drafts = {}
    for place in (here, there):
        drafts[place.id] = authoring.start(session, place.id, trainer.person_id, "Gates", "Visits", now=NOW)
        authoring.comment(
            session, place.id, drafts[place.id].uuid, 1, 1, "Say it shorter", by=trainer.person_id, now=NOW
        )
    session.commit()

    privacy.erase(session, here, trainer, actor=audit.OPERATOR, now=NOW)
    session.commit()

    for place, name in ((here, ""), (there, "Amina Canary")):
        draft = authoring.open_draft(session, place.id, drafts[place.id].uuid)
        assert (draft.text, draft.changed_by) == (drafts[place.id].text, name)
        assert [each.by for each in authoring.history(session, place.id, draft.uuid)] == [name]
        assert [(each.text, each.by) for each in authoring.comments(session, place.id, draft.uuid)] == [
            ("Say it shorter", name)
        ]


def test_somebody_another_provider_has_too_is_erased_only_here(session: Session) -> None:
    here, there = add_provider(session), add_provider(session, "Thistle Care")
    member, phone = whole_person(session, here)
    providers.add_membership(session, there.id, member.person_id, [Role.LEARNER], now=NOW)
    place = providers.find_member(session, there.id, member.person_id)
    assert place is not None
    other = add_phone(session, place)
    other.send(session, other.record(app="at-thistle"))
    figures = session.execute(
        select(PhoneDigest.n, PhoneDigest.x).join(identity.Device).where(identity.Device.uuid == phone.dev)
    ).one()

    gone = privacy.erase(session, here, member, actor=audit.OPERATOR, now=NOW)
    session.commit()

    assert (gone.records, gone.wholly) == (len(phone.made), False)
    bodies = "".join(session.scalars(select(Record.body)))
    assert "at-thistle" in bodies
    assert "record-canary" not in bodies
    assert WORDS not in str(everything(session))
    assert providers.find_member(session, here.id, member.person_id) is None
    assert providers.find_member(session, there.id, member.person_id) is not None
    # The phone still has its records. It is neither asked for them nor can it bring them back.
    reply = other.send(session)
    assert reply.have is not None
    assert len(reply.have) == 1
    silent = phone.send(session, held=Digest(n=figures.n, x=figures.x))
    assert silent.have is None
    again = phone.send(session, *phone.made, held=Digest(n=figures.n, x=figures.x))
    assert words(again) == ["duplicate"] * len(phone.made)
    before = worked_out(session)
    sync.rebuild(session)
    session.commit()
    assert worked_out(session) == before
