"""What a phone is told of each record it sends."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import sync
from app.kernel import new_uuid7
from app.sync import AnotherPerson, Batch, Record, RecordVariant, TooMuch
from app.sync.digest import NOTHING
from tests.support.editions import edition, known
from tests.support.world import NOW, add_person, add_phone, add_provider, one_phone, words


def stored(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(Record)).one()


def test_a_record_is_stored_once_however_often_it_is_sent(session: Session) -> None:
    phone = one_phone(session)
    record = phone.record()

    first, second = phone.send(session, record), phone.send(session, record)

    assert (words(first), words(second), stored(session)) == (["stored"], ["duplicate"], 1)


def test_a_record_twice_in_one_batch_is_stored_once(session: Session) -> None:
    phone = one_phone(session)
    record = phone.record()

    assert words(phone.send(session, record, dict(record))) == ["stored", "duplicate"]
    assert stored(session) == 1


def test_fields_in_another_order_are_the_same_content(session: Session) -> None:
    phone = one_phone(session)
    record = phone.record()
    phone.send(session, record)

    assert words(phone.send(session, dict(reversed(record.items())))) == ["duplicate"]


def test_other_content_under_a_known_id_is_kept_beside_it_and_flagged(session: Session) -> None:
    phone = one_phone(session)
    record = phone.record()
    other = {**record, "at": "2026-06-15T11:00:00.000Z"}

    replies = [phone.send(session, each) for each in (record, other, other, record)]

    assert [words(reply) for reply in replies] == [
        ["stored"],
        ["held:other-content"],
        ["held:other-content"],
        ["duplicate"],
    ]
    assert session.scalars(select(func.count()).select_from(RecordVariant)).one() == 1
    assert '"at":"2026-06-15T10:00:00.000Z"' in session.scalars(select(Record.body)).one()


def test_other_content_in_the_same_batch_is_kept_too(session: Session) -> None:
    phone = one_phone(session)
    record = phone.record()

    assert words(phone.send(session, record, {**record, "seq": 99})) == ["stored", "held:other-content"]
    assert session.scalars(select(func.count()).select_from(RecordVariant)).one() == 1


def test_an_id_of_another_persons_record_is_refused(session: Session) -> None:
    provider = add_provider(session)
    mine, theirs = (add_phone(session, add_person(session, provider, name)) for name in ("Ngozi", "Tom"))
    record = theirs.record()
    theirs.send(session, record)

    assert words(mine.send(session, mine.record(id=record["id"]))) == ["refused:id-in-use"]
    assert stored(session) == 1


def test_a_record_made_by_another_phone_is_refused(session: Session) -> None:
    phone = one_phone(session)

    assert words(phone.send(session, phone.record(dev=str(new_uuid7())))) == ["refused:another-phone"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "unheard.of"}, "unknown-kind"),
        ({"kind": 7}, "unknown-kind"),
        ({"kind": "\x00"}, "unknown-kind"),
        ({"v": 2}, "newer-schema"),
        ({"v": "1"}, "wrong-data"),
        ({"data": {"items": "none"}}, "wrong-data"),
        ({"data": 5}, "wrong-data"),
        ({"at": "yesterday"}, "bad-time"),
        ({"at": None}, "bad-time"),
        ({"at": "10000-01-01T00:00:00Z"}, "bad-time"),
        ({"kind": "quiz.answered", "edition": "f" * 64}, "unknown-edition"),
        ({"kind": "quiz.answered", "edition": None}, "unknown-edition"),
        ({"kind": "quiz.answered", "edition": "\x00"}, "unknown-edition"),
    ],
)
def test_what_cannot_be_judged_is_held_not_dropped(session: Session, changes: dict[str, object], code: str) -> None:
    phone = one_phone(session)

    assert words(phone.send(session, phone.record(**changes))) == [f"held:{code}"]
    assert stored(session) == 1


def test_a_lesson_the_edition_does_not_have_is_held(session: Session) -> None:
    phone = one_phone(session)

    assert words(phone.send(session, phone.read_lesson(known(edition()), "leap"))) == ["held:wrong-data"]


def test_one_poisoned_record_never_holds_up_the_others(session: Session) -> None:
    phone = one_phone(session)
    deep: list[object] = []
    for _ in range(100):
        deep = [deep]
    poison = [
        None,
        17,
        "a text",
        [],
        {},
        phone.record(id=None),
        phone.record(id="not-a-uuid"),
        phone.record(id="\ud800"),
        phone.record(id=str(new_uuid7()).upper().replace("0", "A")),
        phone.record(data={"items": [], "huge": object()}),
        phone.record(data={"items": [], "huge": float("inf")}),
        phone.record(data={"deep": deep}),
        phone.record(data={"long": "x" * 65536}),
    ]

    reply = phone.send(session, phone.record(), *poison, phone.record())

    assert words(reply) == ["stored", *(word for word in words(reply)[1:-1] if word.startswith("refused:")), "stored"]
    assert len(reply.receipts) == len(poison) + 2
    assert stored(session) == 2


@pytest.mark.parametrize("text", ["\x00", "half a pair: \ud83d", "\ufffe", "👩🏽‍⚕️", "‮", "'; DROP TABLE records; --"])
def test_no_character_is_one_the_database_cannot_hold(session: Session, text: str) -> None:
    phone = one_phone(session)
    sha = known(edition())
    data = {"question": f"why{text}", "shared_with": "assessor", "text": f"Words {text} and more"}

    assert words(phone.send(session, phone.record("reflection.saved", data, edition=sha))) == ["stored"]


@pytest.mark.parametrize(
    "changes",
    [
        {"seq": 2**63},
        {"seq": -1},
        {"seq": True},
        {"seq": "one"},
        {"off": 1e300},
        {"off": "0"},
        {"mono": None},
        {"at": "0001-01-01T00:00:00Z", "off": -1e12},
        {"at": "9999-12-31T23:59:59.999Z"},
        {"at": "1970-01-01T00:00:00.000Z"},
        {"lang": ["en"], "app": 5},
    ],
)
def test_an_absurd_envelope_gets_a_receipt_and_stays(session: Session, changes: dict[str, object]) -> None:
    phone = one_phone(session)

    reply = phone.send(session, phone.record(**changes))

    assert words(reply)[0] in {"stored", "held:bad-time"}
    assert stored(session) == 1


def test_a_batch_of_another_person_stores_nothing(session: Session) -> None:
    provider = add_provider(session)
    mine, theirs = (add_phone(session, add_person(session, provider, name)) for name in ("Ngozi", "Tom"))
    batch = theirs.batch(theirs.record())

    with pytest.raises(AnotherPerson):
        sync.accept(session, batch, mine.sender, now=NOW)
    session.rollback()

    assert stored(session) == 0


def test_a_batch_from_a_phone_of_another_person_stores_nothing(session: Session) -> None:
    provider = add_provider(session)
    mine, theirs = (add_phone(session, add_person(session, provider, name)) for name in ("Ngozi", "Tom"))
    batch = Batch(dev=theirs.dev, person=mine.person_uuid, held=NOTHING, records=(theirs.record(),))

    with pytest.raises(AnotherPerson):
        sync.accept(session, batch, mine.sender, now=NOW)
    session.rollback()

    assert stored(session) == 0


def test_more_than_a_thousand_records_at_once_are_too_many(session: Session) -> None:
    phone = one_phone(session)

    with pytest.raises(TooMuch):
        phone.send(session, *[phone.record()] * 1001)
