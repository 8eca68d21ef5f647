"""Whatever comes first, the attempt or the correction of its key: the end is the same, and is what a rebuild gives."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app import learning, sync
from tests.property.sync.test_order import phone_of
from tests.support.editions import edition, pick_one
from tests.support.model import Server
from tests.support.publishing import publish
from tests.support.tables import worked_out
from tests.support.world import NOW

SERVER = Server(people=1)
with Session(SERVER.engine) as first:
    SHA = publish(first, edition(questions=[pick_one("one"), pick_one("two", must=True)]))
START = SERVER.backup()
ANSWERS = st.dictionaries(
    st.sampled_from(["one", "two"]), st.lists(st.sampled_from(["a", "b", "z"]), max_size=2), max_size=2
)
ERRATUM = st.tuples(st.sampled_from(["one", "two"]), st.sampled_from(["a", "b"]))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(attempts=st.lists(ANSWERS, min_size=1, max_size=6), errata=st.lists(ERRATUM, max_size=5), data=st.data())
def test_attempts_and_corrections_may_come_in_any_order(
    attempts: list[dict[str, list[str]]], errata: list[tuple[str, str]], data: st.DataObject
) -> None:
    SERVER.restore(START)
    phone = phone_of(SERVER.people[0])
    records: list[dict[str, Any]] = [phone.answered(SHA, answers) for answers in attempts]
    places = data.draw(st.lists(st.integers(0, len(errata)), min_size=len(records), max_size=len(records)))
    before = SERVER.backup()
    ends, told = [], []
    for at in ([0] * len(records), places):
        SERVER.restore(before)
        with Session(SERVER.engine) as session:
            for place in range(len(errata) + 1):
                phone.send(session, *(record for record, due in zip(records, at, strict=True) if due == place))
                if place < len(errata):
                    question, right = errata[place]
                    sync.correct(session, "a-module", 1, question, [right], reason="Wrong.", now=NOW)
                    session.commit()
            ends.append(worked_out(session))
            told.append(learning.passes_to_decide(session, phone.provider_id))
            sync.rebuild(session)
            assert worked_out(session) == ends[-1]
    assert ends[0] == ends[1]
    assert told[0] == told[1]
    if not errata:
        assert ends[0]["remarks"] == []
