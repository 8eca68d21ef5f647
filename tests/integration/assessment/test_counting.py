"""From the phones to what is shown: who may decide, what the learner says, and what was true on an earlier day."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app import assessment, learning, providers, sync
from app.assessment import AssessmentError, State, Why
from app.content.service import withdraw
from app.providers import MemberView, ProviderView, Role
from tests.support.editions import edition
from tests.support.practice import PRACTICE, appoint, confirms, publish_framework, saw, withdraws
from tests.support.publishing import publish, publish_document
from tests.support.world import NOW, Phone, add_person, add_phone, add_provider


class Place:
    """A provider with an assessor, a manager and a carer, and their phones."""

    def __init__(self, session: Session) -> None:
        publish_framework(session)
        self.session = session
        self.provider: ProviderView = add_provider(session)
        self.dawn = self.person("Dawn Marsh", Role.ASSESSOR, Role.LEARNER)
        self.priya = self.person("Priya Nair", Role.MANAGER, Role.ASSESSOR, Role.LEARNER)
        self.ngozi = self.person("Ngozi Obi", Role.LEARNER)
        self.phones = {each.person_id: add_phone(session, each) for each in (self.dawn, self.priya, self.ngozi)}

    def person(self, name: str, *roles: Role) -> MemberView:
        return add_person(self.session, self.provider, name, roles)

    def phone(self, member: MemberView) -> Phone:
        return self.phones[member.person_id]

    def sees(self, assessor: MemberView, learner: MemberView, **changes: object) -> UUID:
        criteria = changes.pop("criteria", {"1.1c": "yes"})
        made = saw(self.phone(assessor), learner.person_uuid, criteria, **changes)  # type: ignore[arg-type]
        self.phone(assessor).send(self.session, made)
        return UUID(made["id"])

    def says(self, learner: MemberView, observation: UUID, *, agrees: bool = True, at: str | None = None) -> None:
        sent = {"at": at} if at else {}
        phone = self.phone(learner)
        phone.send(self.session, confirms(phone, str(observation), agrees=agrees, comment="As it was", sent=sent))

    def state(self, observation: UUID, **asked: date) -> State:
        views = assessment.observations_of(self.session, self.provider.id, None, **asked)
        return {view.record: view for view in views}[observation].state

    def shown(self, member: MemberView, **asked: date) -> list[str]:
        people = [member.person_id]
        return sorted(assessment.shown_of(self.session, self.provider.id, people, **asked).get(member.person_id, {}))


@pytest.fixture
def place(session: Session) -> Place:
    return Place(session)


def test_it_counts_once_both_have_said_so(place: Place) -> None:
    appoint(place.session, place.provider, place.dawn, [1])
    made = place.sees(place.dawn, place.ngozi)
    assert (place.state(made), place.shown(place.ngozi)) == (State.WAITING, [])
    place.says(place.ngozi, made)
    assert (place.state(made), place.shown(place.ngozi)) == (State.COUNTS, ["1.1c"])


def test_nobody_but_the_learner_confirms_and_nobody_but_the_assessor_withdraws(place: Place) -> None:
    appoint(place.session, place.provider, place.dawn)
    made = place.sees(place.dawn, place.ngozi)
    place.says(place.dawn, made)
    place.says(place.priya, made)
    assert place.state(made) is State.WAITING
    place.says(place.ngozi, made)
    place.phone(place.priya).send(place.session, withdraws(place.phone(place.priya), str(made)))
    assert place.state(made) is State.COUNTS
    place.phone(place.dawn).send(place.session, withdraws(place.phone(place.dawn), str(made)))
    assert place.state(made) is State.WITHDRAWN


@pytest.mark.parametrize(
    ("named", "changes", "why"),
    [
        (None, {}, Why.NOT_APPOINTED),
        ({"standards": [12]}, {}, Why.NOT_APPOINTED),
        ({"since": date(2026, 6, 15)}, {}, Why.NOT_APPOINTED),
        ({"until": date(2026, 6, 13)}, {}, Why.NOT_APPOINTED),
        ({}, {"seen_on": "2024-01-01"}, Why.NO_PLACE),
        ({}, {"seen_on": "2026-08-01"}, Why.FUTURE),
        ({}, {"criteria": {"12.1a": "yes"}}, Why.OTHER_STANDARD),
        ({}, {"framework": "unheard-of"}, Why.OTHER_STANDARD),
        ({}, {"method": "simulation"}, Why.SIMULATION),
    ],
)
def test_what_is_out_of_scope_says_why(
    place: Place, named: dict[str, object] | None, changes: dict[str, object], why: Why
) -> None:
    if named is not None:
        appoint(place.session, place.provider, place.dawn, **named)  # type: ignore[arg-type]
    made = place.sees(place.dawn, place.ngozi, **changes)
    place.says(place.ngozi, made)
    (view,) = assessment.observations_of(place.session, place.provider.id, None)
    assert (view.state, view.why, place.shown(place.ngozi)) == (State.OUT_OF_SCOPE, why, [])


def test_a_simulation_counts_where_the_framework_lets_it(place: Place) -> None:
    appoint(place.session, place.provider, place.dawn)
    made = place.sees(place.dawn, place.ngozi, criteria={"12.1a": "yes"}, standard=12, method="simulation")
    place.says(place.ngozi, made)
    assert place.shown(place.ngozi) == ["12.1a"]


def test_the_end_of_a_scope_leaves_what_was_seen_before(place: Place) -> None:
    named = appoint(place.session, place.provider, place.dawn)
    before = place.sees(place.dawn, place.ngozi, short="AAAA2222")
    after = place.sees(place.dawn, place.ngozi, short="BBBB2222", seen_on="2026-06-16", sent={"off": 10**10})
    for each in (before, after):
        place.says(place.ngozi, each)
    assessment.end_appointment(place.session, place.provider.id, named, now=NOW, by=None)
    assert (place.state(before), place.state(after)) == (State.COUNTS, State.OUT_OF_SCOPE)


def test_ones_own_practice_waits_for_another_manager(place: Place) -> None:
    appoint(place.session, place.provider, place.priya)
    made = place.sees(place.priya, place.priya)
    place.says(place.priya, made)
    assert (place.state(made), place.shown(place.priya)) == (State.OWN_PRACTICE, [])
    sign = {"words": "I was there too", "now": NOW}
    with pytest.raises(AssessmentError, match="Another manager"):
        assessment.countersign(
            place.session, place.provider.id, place.priya.person_id, made, by=place.priya.person_id, **sign
        )
    judy = place.person("Judy Bell", Role.MANAGER)
    assert assessment.countersign(
        place.session, place.provider.id, place.priya.person_id, made, by=judy.person_id, **sign
    )
    assert place.shown(place.priya) == ["1.1c"]


def test_a_disagreement_waits_for_a_manager_and_a_new_one_waits_again(place: Place) -> None:
    appoint(place.session, place.provider, place.dawn)
    made = place.sees(place.dawn, place.ngozi)
    place.says(place.ngozi, made, agrees=False)
    (view,) = assessment.observations_of(place.session, place.provider.id, None)
    assert (view.state, view.confirmation and view.confirmation.comment) == (State.DISAGREED, "As it was")
    where = place.provider.id, place.ngozi.person_id, made
    assessment.countersign(place.session, *where, by=place.priya.person_id, words="We spoke", now=NOW)
    assert place.state(made) is State.COUNTS
    place.says(place.ngozi, made, agrees=False, at="2026-06-15T11:00:00.000Z")
    assert place.state(made) is State.DISAGREED


def test_a_manager_takes_back_and_brings_back(place: Place) -> None:
    appoint(place.session, place.provider, place.dawn)
    made = place.sees(place.dawn, place.ngozi)
    place.says(place.ngozi, made)
    where = place.provider.id, place.ngozi.person_id, made
    with pytest.raises(AssessmentError):
        assessment.take_back(place.session, *where, reason=" ", now=NOW, by=place.priya.person_id)
    assert assessment.take_back(place.session, *where, reason="Another day", now=NOW, by=place.priya.person_id)
    assert assessment.take_back(place.session, *where, reason="Again", now=NOW, by=place.priya.person_id) is None
    assert place.state(made) is State.WITHDRAWN
    assert assessment.bring_back(place.session, *where, now=NOW, by=place.priya.person_id)
    assert place.shown(place.ngozi) == ["1.1c"]


def test_an_earlier_day_is_answered_as_it_stood_then(place: Place) -> None:
    appoint(place.session, place.provider, place.dawn, now=NOW - timedelta(days=9))
    made = place.sees(place.dawn, place.ngozi, seen_on="2026-06-08", sent={"at": "2026-06-08T10:00:00Z"})
    place.says(place.ngozi, made, at="2026-06-10T10:00:00Z")
    where = place.provider.id, place.ngozi.person_id, made
    assessment.take_back(place.session, *where, reason="Wrong", now=NOW, by=place.priya.person_id)
    days = [date(2026, 6, day) for day in (7, 9, 10, 14, 15)]
    assert [place.shown(place.ngozi, as_at=day) for day in days] == [[], [], ["1.1c"], ["1.1c"], []]
    assert place.state(made, as_at=date(2026, 6, 9)) is State.WAITING


def test_a_code_two_observations_have_places_no_agreement(place: Place) -> None:
    appoint(place.session, place.provider, place.dawn)
    appoint(place.session, place.provider, place.priya)
    first = place.sees(place.dawn, place.ngozi)
    phone = place.phone(place.ngozi)
    phone.send(place.session, confirms(phone, short="ABCD2345"))
    assert place.state(first) is State.COUNTS
    second = place.sees(place.priya, place.ngozi)
    assert {place.state(first), place.state(second)} == {State.WAITING}
    by_priya = assessment.observations_by(place.session, place.provider.id, place.priya.person_id)
    assert [view.state for view in by_priya] == [State.WAITING]
    place.says(place.ngozi, second)
    assert (place.state(first), place.state(second)) == (State.WAITING, State.COUNTS)


def test_a_confirmation_made_at_another_provider_says_nothing_here(place: Place) -> None:
    appoint(place.session, place.provider, place.dawn)
    made = place.sees(place.dawn, place.ngozi)
    other = add_provider(place.session, "Thistle Care")
    providers.add_membership(place.session, other.id, place.ngozi.person_id, [Role.LEARNER], now=NOW)
    there = providers.find_member(place.session, other.id, place.ngozi.person_id)
    assert there is not None
    phone = add_phone(place.session, there)
    phone.send(place.session, confirms(phone, str(made)))
    assert place.state(made) is State.WAITING


def test_a_standard_is_signed_with_both_halves_and_stays_as_it_was_decided(place: Place) -> None:
    session, here, me = place.session, place.provider.id, place.ngozi.person_id
    publish_document(session, "pack", "core", PACK)
    sha = publish(session, edition("a-module", criteria=["1.1a"]))
    appoint(session, place.provider, place.dawn)

    def sign() -> bool:
        return assessment.sign_off(session, here, me, 1, now=NOW, by=place.priya.person_id)

    with pytest.raises(AssessmentError, match=r"To learn: 1.1a. To be seen at work: 1.1c, 1.2a."):
        sign()
    phone = place.phone(place.ngozi)
    phone.send(session, phone.answered(sha, {"first-thing": ["b"]}, at="2026-06-14T10:00:00Z"))
    with pytest.raises(AssessmentError, match=r"not there yet. To be seen at work: 1.1c, 1.2a."):
        sign()
    made = place.sees(place.dawn, place.ngozi, criteria={"1.1c": "yes", "1.2a": "yes"})
    place.says(place.ngozi, made)
    with pytest.raises(AssessmentError, match="Another manager"):
        assessment.sign_off(session, here, me, 1, now=NOW, by=me)
    assert sign()
    assert not sign()
    withdraw(session, "a-module", 1, reason="It is wrong", safety=False, now=NOW)
    session.commit()
    first = assessment.standards_of(session, here, [me], now=NOW)[me][0]
    assert (first.not_known, first.not_shown, first.whole) == (("1.1a",), (), False)
    assert first.sign_off is not None
    assert first.sign_off.by == "Priya Nair"
    then = assessment.standards_of(session, here, [me], now=NOW, as_at=date(2026, 6, 14))[me][0]
    assert (then.not_known, then.sign_off) == ((), None)
    before = assessment.standards_of(session, here, [me], now=NOW, as_at=date(2026, 6, 13))[me][0]
    assert (before.know.done, before.shown.done) == (0, 0)
    assert assessment.withdraw_sign_off(session, here, me, 1, reason="A mistake", now=NOW, by=place.priya.person_id)
    assert assessment.standards_of(session, here, [me], now=NOW)[me][0].sign_off is None
    assert [each.withdrawn_reason for each in assessment.sign_offs_of(session, here, [me])[me]] == ["A mistake"]


def test_the_certificate_wants_every_standard_and_the_registered_manager(place: Place) -> None:
    session, here, me = place.session, place.provider.id, place.ngozi.person_id

    def sign() -> bool:
        return assessment.sign_certificate(session, here, me, now=NOW, by=place.priya.person_id)

    with pytest.raises(AssessmentError, match="Only the registered manager"):
        sign()
    providers.set_registered_manager(session, here, place.priya.person_id, now=NOW)
    with pytest.raises(AssessmentError, match="Not signed yet: standard 1, 12, 13"):
        sign()
    for number in (1, 12, 13):
        session.add(
            assessment.SignOff(
                uuid=UUID(int=number),
                provider_id=here,
                person_id=me,
                framework=assessment.FRAMEWORK,
                standard=number,
                at=NOW,
                by=place.priya.person_id,
            )
        )
    session.flush()
    with pytest.raises(
        AssessmentError, match=r"not there any more. Standard 1: To learn: 1.1a. To be seen at work: 1.1c"
    ):
        sign()
    evidence_of_everything(place)
    assert sign()
    assert not sign()
    assert assessment.sign_offs_of(session, here, [me])[me][0].standard is None
    assert assessment.withdraw_sign_off(session, here, me, None, reason="Too soon", now=NOW, by=place.priya.person_id)


def evidence_of_everything(place: Place) -> None:
    """Let Ngozi have learned and shown every criterion there is."""
    publish_document(place.session, "pack", "core", PACK)
    sha = publish(place.session, edition("a-module", criteria=["1.1a", "13.1a"]))
    phone = place.phone(place.ngozi)
    phone.send(place.session, phone.answered(sha, {"first-thing": ["b"]}, at="2026-06-14T10:00:00Z"))
    appoint(place.session, place.provider, place.dawn)
    for number, criteria in PRACTICE.items():
        made = place.sees(
            place.dawn,
            place.ngozi,
            criteria=dict.fromkeys(criteria, "yes"),
            standard=number,
            short=f"ABCD23{number + 32}",
        )
        place.says(place.ngozi, made)


def test_neither_learner_nor_assessor_decides_what_is_about_them(place: Place) -> None:
    appoint(place.session, place.provider, place.priya)
    judy = place.person("Judy Bell", Role.MANAGER)
    here = place.session, place.provider.id
    made = place.sees(place.priya, place.ngozi)
    where = *here, place.ngozi.person_id, made
    with pytest.raises(AssessmentError, match="it is about you"):
        assessment.take_back(*where, reason="Not me", now=NOW, by=place.ngozi.person_id)
    assert assessment.take_back(*where, reason="Mine was wrong", now=NOW, by=place.priya.person_id)
    assert assessment.bring_back(*where, now=NOW, by=place.priya.person_id)
    assert assessment.take_back(*where, reason="Not that day", now=NOW, by=judy.person_id)
    for who in (place.priya, place.ngozi):
        with pytest.raises(AssessmentError, match="Another manager"):
            assessment.bring_back(*where, now=NOW, by=who.person_id)
    assert place.state(made) is State.WITHDRAWN
    assert assessment.bring_back(*where, now=NOW, by=judy.person_id)


def test_a_not_yet_that_waits_keeps_a_standard_from_being_signed(place: Place) -> None:
    evidence_of_everything(place)
    place.sees(
        place.dawn, place.ngozi, criteria={"1.2a": "not-yet"}, short="WXYZ6789", sent={"at": "2026-06-15T10:30:00Z"}
    )
    where = place.session, place.provider.id, place.ngozi.person_id, 1
    with pytest.raises(AssessmentError, match=r"not there yet. To be seen at work: 1.2a."):
        assessment.sign_off(*where, now=NOW, by=place.priya.person_id)


def test_when_it_reached_us_is_kept_and_what_came_late_is_let_in_by_a_manager(place: Place) -> None:
    named = appoint(place.session, place.provider, place.dawn)
    assessment.end_appointment(place.session, place.provider.id, named, now=NOW, by=None)
    late = NOW + timedelta(days=31)
    phone = place.phone(place.dawn)
    record = saw(phone, place.ngozi.person_uuid, {"1.1c": "yes"})
    phone.send(place.session, record, now=late)
    made = UUID(record["id"])
    place.says(place.ngozi, made)
    (view,) = before = assessment.observations_of(place.session, place.provider.id, None)
    assert (view.received_at, view.state, view.why) == (late, State.OUT_OF_SCOPE, Why.LATE)
    sync.rebuild(place.session)
    assert assessment.observations_of(place.session, place.provider.id, None) == before
    where = place.session, place.provider.id, place.ngozi.person_id, made
    assert assessment.countersign(*where, by=place.priya.person_id, words="Her phone was lost", now=late)
    assert place.shown(place.ngozi) == ["1.1c"]


def test_naming_an_assessor_wants_the_role_standards_words_and_days_in_order(place: Place) -> None:
    good = {"standards": [1], "basis": "Level 3", "since": date(2026, 6, 1), "until": None, "now": NOW, "by": None}
    for changes, field in (
        ({"standards": []}, "standards"),
        ({"basis": " \n"}, "basis"),
        ({"basis": "x" * 501}, "basis"),
        ({"until": date(2026, 5, 1)}, "until"),
    ):
        with pytest.raises(AssessmentError) as refused:
            assessment.name_assessor(place.session, place.provider.id, place.dawn.person_id, **{**good, **changes})  # type: ignore[arg-type]
        assert refused.value.field == field
    with pytest.raises(AssessmentError) as refused:
        assessment.name_assessor(place.session, place.provider.id, place.ngozi.person_id, **good)  # type: ignore[arg-type]
    assert refused.value.field == "person"


def test_rebuilding_and_thinning_change_nothing_that_was_seen(place: Place) -> None:
    appoint(place.session, place.provider, place.dawn)
    made = place.sees(place.dawn, place.ngozi)
    place.says(place.ngozi, made)
    before = assessment.observations_of(place.session, place.provider.id, None)
    sync.thin(place.session, NOW + timedelta(days=900), now=NOW)
    sync.rebuild(place.session)
    assert assessment.observations_of(place.session, place.provider.id, None) == before
    assert learning.attempts_of(place.session, place.provider.id, [place.ngozi.person_id]) == ()


PACK = {
    "key": "core",
    "title": "Core",
    "publisher": "Us",
    "licence": "CC-BY-4.0",
    "framework": "care-certificate-2025",
    "topics": [{"key": "13-health-and-safety", "title": "Health and safety", "standard": 13}],
}
