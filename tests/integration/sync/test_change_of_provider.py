"""Whose evidence it is, when somebody works for another provider by the time their phone finds signal."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import providers, sync
from app.kernel import new_uuid7
from app.providers import Role
from app.sync import Record
from tests.support.world import NOW, add_person, add_phone, add_provider, words


def test_what_was_done_under_the_old_place_stays_with_it_whichever_token_sends_it(session: Session) -> None:
    first, second = add_provider(session), add_provider(session, "Clover Care")
    member = add_person(session, first)
    before = add_phone(session, member)
    kept, sent_later = before.record(), before.record()
    before.send(session, kept)
    providers.end_membership(session, first.id, member.person_id, now=NOW)
    moved = providers.add_membership(session, second.id, member.person_id, (Role.LEARNER,), now=NOW)
    after = add_phone(session, moved, now=NOW + timedelta(hours=1))
    fresh = after.record()

    reply = sync.accept(session, before.batch(sent_later), after.sender, now=NOW + timedelta(hours=2))
    after.send(session, fresh)

    assert words(reply) == ["stored"]
    homes = {str(row.uuid): row.provider_id for row in session.scalars(select(Record))}
    assert homes == {kept["id"]: first.id, sent_later["id"]: first.id, fresh["id"]: second.id}


def test_records_of_a_phone_the_server_has_forgotten_go_where_the_token_belongs(session: Session) -> None:
    provider = add_provider(session)
    phone = add_phone(session, add_person(session, provider))
    phone.dev = new_uuid7()

    assert words(phone.send(session, phone.record())) == ["stored"]
    assert session.scalars(select(Record.provider_id)).all() == [provider.id]
