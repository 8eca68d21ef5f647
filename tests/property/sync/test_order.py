"""Any order, any repetition and any cutting into batches ends in the same rows."""

from __future__ import annotations

import copy

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.sync import Sender
from tests.support.editions import edition, known, pick_one
from tests.support.model import Server
from tests.support.tables import worked_out
from tests.support.world import Phone

SERVER = Server(people=1)
SHA = known(edition(questions=[pick_one("one"), pick_one("two", must=True)]))
ANSWER = st.sampled_from(["a", "b", "z", None, [], {"a": "b"}, 7])
ANSWERS = st.dictionaries(st.sampled_from(["one", "two", "three"]), st.lists(ANSWER, max_size=3), max_size=3)


def phone_of(sender: Sender) -> Phone:
    dev = SERVER.enrol(sender)
    return Phone(
        person_id=sender.person_id,
        person_uuid=sender.person_uuid,
        provider_id=sender.provider_id or 0,
        dev=dev,
        append="",
        read="",
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(attempts=st.lists(ANSWERS, min_size=1, max_size=8), data=st.data())
def test_the_order_of_arrival_decides_nothing(attempts: list[dict[str, list[object]]], data: st.DataObject) -> None:
    SERVER.restore(SERVER.empty)
    phone = phone_of(SERVER.people[0])
    records = [
        record
        for answers in attempts
        for record in (phone.answered(SHA, answers), phone.read_lesson(SHA), phone.record("unheard.of"))
    ]
    start = SERVER.backup()
    ends = []
    for order in (records, data.draw(st.permutations(records + records[: data.draw(st.integers(0, len(records)))]))):
        SERVER.restore(start)
        at_once = data.draw(st.integers(1, len(order)))
        with Session(SERVER.engine) as session:
            for first in range(0, len(order), at_once):
                phone.send(session, *copy.deepcopy(order[first : first + at_once]))
            ends.append(worked_out(session))

    assert ends[0] == ends[1]
