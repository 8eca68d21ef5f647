"""In whatever order what phones kept arrives, and however often, the same counts; and rebuilding gives it again."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app import assessment, providers, sync
from app.assessment import Decision, State
from app.providers import Role
from app.sync import Sender
from tests.support.model import Server
from tests.support.practice import appoint, confirms, publish_framework, saw, withdraws
from tests.support.tables import worked_out
from tests.support.world import NOW, Phone

SERVER = Server(people=3)
ASSESSOR, OTHER, LEARNER = SERVER.people
HERE = LEARNER.provider_id or 0
with Session(SERVER.engine) as first:
    publish_framework(first)
    provider = providers.find_provider(first, HERE)
    assert provider is not None
    for sender, standards in ((ASSESSOR, [1, 12]), (OTHER, [1])):
        providers.change_roles(first, HERE, sender.person_id, [Role.ASSESSOR, Role.LEARNER])
        member = providers.find_member(first, HERE, sender.person_id)
        assert member is not None
        appoint(first, provider, member, standards)
START = SERVER.backup()

CODES = {1: ("1.1c", "1.2a", "12.1a"), 12: ("12.1a",)}
SHORTS = ("ABCD2345", "WXYZ6789")
WORDS = st.sampled_from(["yes", "not-yet", "not-seen"])
TIMES = st.sampled_from(["2026-06-13T10:00:00Z", "2026-06-14T10:00:00Z", "2026-06-15T10:00:00Z"])
DAYS = st.sampled_from(["2025-12-30", "2026-06-12", "2026-06-13", "2027-01-01"])
SEEING = st.tuples(
    st.integers(0, 1),
    st.sampled_from([0, 1, 2, 2, 2]),
    st.sampled_from([1, 1, 12]).flatmap(
        lambda n: st.tuples(st.just(n), st.dictionaries(st.sampled_from(CODES[n]), WORDS, min_size=1))
    ),
    st.sampled_from(["observation", "simulation"]),
    DAYS,
    st.sampled_from(SHORTS),
    TIMES,
)
# Of whom, which observation or code, agreeing, when.
SAYING = st.tuples(st.integers(0, 2), st.integers(0, 7), st.booleans(), TIMES)
TAKING = st.tuples(st.integers(0, 1), st.integers(0, 5))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seen=st.lists(SEEING, min_size=1, max_size=5),
    said=st.lists(SAYING, max_size=5),
    taken=st.lists(TAKING, max_size=2),
    data=st.data(),
)
def test_the_order_of_arrival_decides_nothing(
    seen: list[Any], said: list[Any], taken: list[Any], data: st.DataObject
) -> None:
    SERVER.restore(START)
    phones = [phone_of(sender) for sender in SERVER.people]
    records = made_by(phones, seen, said, taken)
    start = SERVER.backup()
    ends = []
    again = records[: data.draw(st.integers(0, len(records)))]
    for order in (records, data.draw(st.permutations(records + again))):
        SERVER.restore(start)
        with Session(SERVER.engine) as session:
            for number, record in order:
                phones[number].send(session, copy.deepcopy(record))
            views = assessment.observations_of(session, HERE, None)
            ends.append((worked_out(session), views, assessment.shown_and_not_yet(views)))
            sync.rebuild(session)
            session.commit()
            assert assessment.observations_of(session, HERE, None) == views
            assert worked_out(session) == ends[-1][0]
    assert ends[0] == ends[1]
    check(ends[0][1], ends[0][2][0])


def phone_of(sender: Sender) -> Phone:
    """A new phone of somebody of this server."""
    return Phone(
        person_id=sender.person_id,
        person_uuid=sender.person_uuid,
        provider_id=HERE,
        dev=SERVER.enrol(sender),
        append="",
        read="",
    )


def made_by(phones: list[Phone], seen: list[Any], said: list[Any], taken: list[Any]) -> list[tuple[int, Any]]:
    """What each phone kept, by the number of the phone."""
    records: list[tuple[int, Any]] = []
    for by, whom, (standard, criteria), method, day, short, at in seen:
        made = saw(
            phones[by],
            phones[whom].person_uuid,
            criteria,
            standard=standard,
            method=method,
            seen_on=day,
            short=short,
            sent={"at": at},
        )
        records.append((by, made))
    ids = [record["id"] for _, record in records]
    for whom, which, agrees, at in said:
        short = SHORTS[which - 6] if which > 5 else None
        named = None if short else ids[which % len(ids)]
        records.append((whom, confirms(phones[whom], named, short=short, agrees=agrees, sent={"at": at})))
    records += [(by, withdraws(phones[by], ids[which % len(ids)])) for by, which in taken]
    return records


def check(views: Any, shown: Any) -> None:
    """What must be true of any end."""
    for view in views:
        if view.state is State.COUNTS:
            assert not view.own
            assert view.confirmation.agrees
            assert view.confirmation.learner == view.learner
            assert view.seen_on <= NOW.date() + timedelta(days=1)
            assert all(code.startswith(f"{view.standard}.") for code in view.counting)
            assert view.method != "simulation" or view.counting <= {"12.1a"}
        else:
            assert view.counting == frozenset()
    by_uuid = {view.record: view for view in views}
    for person_id, found in shown.items():
        for code, each in found.items():
            view = by_uuid[each.observation]
            assert (view.person_id, view.seen_on) == (person_id, each.on)
            assert {d.decision for d in view.decided if d.code == code} == {Decision.YES}
            later = [v for v in views if code in v.counting and v.person_id == person_id and v.seen_on > view.seen_on]
            assert all(d.decision is Decision.NOT_SEEN for v in later for d in v.decided if d.code == code)
