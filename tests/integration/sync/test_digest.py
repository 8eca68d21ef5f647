"""A server that lost records is noticed, and two phones with one id are told apart."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import new_uuid7
from app.sync import Digest, PhoneDigest, Record
from app.sync.digest import NOTHING, with_ids
from tests.support.world import add_person, add_phone, add_provider, one_phone, words


def test_equal_figures_are_answered_with_receipts_alone(session: Session) -> None:
    phone = one_phone(session)
    record = phone.record()
    phone.send(session, record)

    reply = phone.send(session, phone.record(), held=with_ids(NOTHING, [record["id"]]))

    assert (words(reply), reply.have, reply.rotate) == (["stored"], None, False)


def test_a_reply_that_was_lost_needs_no_list(session: Session) -> None:
    phone = one_phone(session)
    record = phone.record()
    phone.send(session, record)

    assert phone.send(session, record).have is None


def test_a_server_that_lost_records_says_what_it_has(session: Session) -> None:
    phone = one_phone(session)
    lost, kept = phone.record(), phone.record()
    phone.send(session, kept)

    reply = phone.send(session, held=with_ids(NOTHING, [lost["id"], kept["id"]]))

    assert reply.have == (kept["id"],)


def test_what_the_phone_has_forgotten_is_listed_too(session: Session) -> None:
    phone = one_phone(session)
    ghost = phone.record()
    phone.send(session, ghost)

    assert phone.send(session, held=NOTHING).have == (ghost["id"],)


def test_refused_records_are_in_nobodys_figures(session: Session) -> None:
    phone = one_phone(session)

    reply = phone.send(session, phone.record(data={"long": "x" * 65536}), phone.record())

    assert (words(reply), reply.have) == (["refused:too-big", "stored"], None)


def test_held_records_are_in_both_figures(session: Session) -> None:
    phone = one_phone(session)
    record = phone.record("unheard.of")
    phone.send(session, record)

    assert phone.send(session, held=with_ids(NOTHING, [record["id"]])).have is None


def test_the_figures_are_those_of_the_log(session: Session) -> None:
    phone = one_phone(session)
    for _ in range(3):
        phone.send(session, phone.record(), phone.record())

    row = session.scalars(select(PhoneDigest)).one()
    ids = [str(uuid) for uuid in session.scalars(select(Record.uuid))]
    assert Digest(n=row.n, x=row.x) == with_ids(NOTHING, ids)
    assert row.last_seq == 6


def test_a_number_used_twice_asks_the_phone_to_take_a_new_id_and_loses_nothing(session: Session) -> None:
    phone = one_phone(session)
    record = phone.record()
    phone.send(session, record)
    clone = phone.record(seq=record["seq"])

    first, again = phone.send(session, clone), phone.send(session, clone)

    assert (words(first), first.rotate) == (["stored"], True)
    assert (words(again), again.rotate) == (["duplicate"], True)


def test_a_number_long_passed_and_one_twice_in_a_batch_are_noticed_and_no_other(session: Session) -> None:
    phone = one_phone(session)
    early = [phone.record() for _ in range(3)]
    alone = [phone.send(session, *early), phone.send(session, phone.record()), phone.send(session, *early)]
    assert [reply.rotate for reply in alone] == [False, False, False]

    assert phone.send(session, phone.record(seq=early[0]["seq"])).rotate
    assert not phone.send(session, phone.record()).rotate
    assert phone.send(session, phone.record(seq=900), phone.record(seq=900)).rotate
    assert not phone.send(session, early[1]).rotate


def test_a_number_of_another_phone_of_the_same_person_is_no_clash(session: Session) -> None:
    member = add_person(session, add_provider(session))
    phone, other = add_phone(session, member), add_phone(session, member)
    phone.send(session, phone.record(), phone.record())

    assert [other.send(session, other.record()).rotate for _ in range(2)] == [False, False]
    assert not phone.send(session, *phone.made).rotate


def test_a_phone_the_server_has_forgotten_finds_a_home(session: Session) -> None:
    phone = one_phone(session)
    phone.dev = new_uuid7()

    assert words(phone.send(session, phone.record())) == ["stored"]
