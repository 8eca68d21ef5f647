"""What was shown elsewhere counts as what it is once it is recognised, and only the gap is asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import assessment, learning, recognised, requirements
from app.credentials import Kind, Verdict
from app.interop import recognition
from app.interop.recognition import PassportError
from app.interop.sharing import NotReached
from app.kernel import day_of
from app.learning import Status
from app.providers import Role
from app.recognised import Decision, RecognitionError
from app.requirements import CellStatus, How, OutsideState
from tests.support.recognition import Abroad, Receiving
from tests.support.required import chains_of
from tests.support.world import NOW, add_person

DAY = day_of(NOW)
LATER = NOW + timedelta(days=3)


def by_title(heather: Receiving, half: str) -> recognition.Item:
    return next(each for each in heather.look().items if each.title.endswith(half))


def test_nobody_is_trusted_before_a_person_says_so(heather: Receiving, far: Abroad) -> None:
    found = heather.look()
    [stranger] = found.strangers
    assert (stranger.host, stranger.name, stranger.holds) == ("care.example", "Thistle Care", True)
    assert len(stranger.fingerprint.replace(" ", "")) == 32
    assert {each.statement for each in found.items} == {None}
    assert far.asked == [far.did_address]

    heather.trust()
    found = heather.look()
    assert found.strangers == ()
    assert {each.checked.verdict for each in found.items} == {Verdict.VALID}
    assert {each.maps.words for each in found.items if each.maps} == {
        "Standard 13, Standard 13: knowledge",
        "Standard 13, Standard 13: practice",
    }
    assert all(each.same_name and each.can_be_recognised and each.here is None for each in found.items)
    assert heather.kept() == ()


def test_only_the_gap_is_asked_for_and_it_counts_as_what_it_is(heather: Receiving) -> None:
    training = heather.needs()
    assert heather.asked() == {"safe-at-work"}
    assert heather.cell(training).status is CellStatus.NOT_STARTED
    heather.trust()

    heather.recognise(by_title(heather, "knowledge"))
    assert heather.asked() == set()
    cell = heather.cell(training)
    assert (cell.status, cell.how) == (CellStatus.NEEDS_WATCHING, (How.RECOGNISED,))
    [told] = cell.recognised
    assert (told.issuer, day_of(told.since)) == ("Thistle Care", DAY)

    heather.recognise(by_title(heather, "observed"))
    cell = heather.cell(training)
    assert (cell.status, cell.how) == (CellStatus.IN_DATE, (How.RECOGNISED,))
    # Nothing was completed or seen here, whoever asks.
    session, here, me = heather.session, heather.provider.id, heather.ngozi.person_id
    assert learning.completions_of(session, here, [me]) == {}
    assert assessment.shown_of(session, here, [me]) == {}


def test_a_module_that_was_asked_for_by_hand_stands_in_date_as_recognised(heather: Receiving) -> None:
    session, here, me = heather.session, heather.provider.id, heather.ngozi.person_id
    learning.assign(session, here, me, "safe-at-work", due=DAY + timedelta(days=20), now=NOW)
    heather.trust()
    heather.recognise(by_title(heather, "knowledge"))
    chains = chains_of(session, here)
    standing = learning.standings_of(session, here, [me], chains=chains, now=NOW)[me, "safe-at-work"]
    assert (standing.status, standing.completed_at, standing.counts) == (Status.IN_DATE, None, True)
    assert standing.recognised is not None
    assert standing.recognised.issuer == "Thistle Care"


def test_both_halves_of_a_standard_say_what_of_them_is_from_elsewhere(heather: Receiving) -> None:
    heather.trust()
    for half in ("knowledge", "observed"):
        heather.recognise(by_title(heather, half))
    session, here, me = heather.session, heather.provider.id, heather.ngozi.person_id
    for as_at in (None, DAY):
        found = assessment.standards_of(session, here, [me], now=NOW, as_at=as_at)[me]
        standard = next(each for each in found if each.number == 13)
        assert standard.not_known == ()
        assert [each.issuer for each in standard.knowledge_elsewhere] == ["Thistle Care"]
        assert [each.issuer for each in standard.practice_elsewhere] == ["Thistle Care"]
        assert "13.2a" not in standard.not_shown
    before = assessment.standards_of(session, here, [me], now=NOW, as_at=DAY - timedelta(days=1))[me]
    assert next(each for each in before if each.number == 13).not_known == ("13.1a",)


def test_what_the_issuer_withdraws_counts_no_more_from_the_next_look_and_earlier_days_stay(
    heather: Receiving, far: Abroad
) -> None:
    training = heather.needs(practice=())
    heather.trust()
    heather.recognise(by_title(heather, "knowledge"))
    carried = far.passport()
    far.revokes(Kind.KNOWLEDGE)
    assert heather.cell(training).status is CellStatus.IN_DATE

    heather.worker(LATER)
    [view] = heather.kept()
    assert (view.state, view.by, view.counted_until) == (Decision.WITHDRAWN, None, LATER)
    cell = heather.cell(training, LATER)
    assert (cell.status, cell.recognised) == (CellStatus.NOT_STARTED, ())
    assert heather.asked() == {"safe-at-work"}
    assert heather.cell(training, LATER, as_at=day_of(NOW + timedelta(days=1))).how == (How.RECOGNISED,)
    # Nobody is late on the day they hear of it.
    assert cell.due is not None
    assert cell.due >= day_of(LATER) + timedelta(days=30)
    # Looking again changes nothing, and nobody recognises what was withdrawn.
    heather.worker(LATER + timedelta(days=2))
    assert len(heather.kept()) == 1
    [item] = [each for each in heather.look(carried, now=LATER).items if each.here]
    assert item.checked.verdict is Verdict.WITHDRAWN
    with pytest.raises(PassportError, match="does not hold today"):
        heather.recognise(item, now=LATER)


def test_a_server_that_is_gone_takes_nothing_away_and_says_since_when_nothing_is_known(
    heather: Receiving, far: Abroad
) -> None:
    heather.trust()
    heather.recognise(by_title(heather, "knowledge"))
    far.lies[far.did_address] = NotReached("care.example could not be reached (OSError). Try again later.")
    heather.worker(NOW + timedelta(days=9))
    [view] = heather.kept()
    assert view.state is Decision.ACCEPTED
    known = recognition.known_of(heather.session, heather.provider.id, [view], site=None, now=NOW)
    worth = recognition.worth(view, known[view.issuer], NOW + timedelta(days=9))
    assert worth.words == "Valid, withdrawal not checked since 15 June 2026"
    [issuer] = recognition.issuers_of(heather.session, heather.provider.id)
    assert "could not be reached" in issuer.trouble


def test_another_name_and_another_person_are_never_taken_silently(heather: Receiving) -> None:
    session, here = heather.session, heather.provider.id
    other = add_person(session, heather.provider, "Grace Hill")
    session.commit()
    heather.trust()
    [item, *_] = heather.look(who=other).items
    assert (item.same_name, item.named) == (False, "Ngozi Obi")
    args = session, here, other.person_id, item, "I asked her about it."
    with pytest.raises(PassportError, match="another name") as caught:
        recognition.recognise(*args, target=item.maps, now=NOW, by=heather.maya.person_id)
    assert caught.value.field == "same"
    # She married: a person says that it is her.
    recognition.recognise(*args, target=item.maps, same_person=True, now=NOW, by=heather.maya.person_id)
    session.commit()
    # The same statement is not of two people.
    again = next(each for each in heather.look().items if each.mark == item.mark)
    assert again.of_another == "Grace Hill"
    with pytest.raises(PassportError, match="does not hold today"):
        heather.recognise(again)


def test_nobody_recognises_their_own_while_another_manager_could(heather: Receiving) -> None:
    session, here = heather.session, heather.provider.id
    add_person(session, heather.provider, "Omar Reid", (Role.MANAGER,))
    session.commit()
    heather.trust()
    item = heather.look(who=heather.maya).items[0]
    with pytest.raises(RecognitionError, match="Another manager has to decide this"):
        recognition.recognise(
            session,
            here,
            heather.maya.person_id,
            item,
            "It is mine, I know it.",
            target=item.maps,
            same_person=True,
            now=NOW,
            by=heather.maya.person_id,
        )


def test_a_reason_is_needed_and_a_decision_can_be_taken_back(heather: Receiving) -> None:
    training = heather.needs(practice=())
    heather.trust()
    item = by_title(heather, "knowledge")
    with pytest.raises(RecognitionError, match="Say why"):
        heather.recognise(item, reason=" ")
    heather.recognise(item)
    [view] = heather.kept()
    decide = heather.session, heather.provider.id
    recognition.decide_again(
        *decide, view, Decision.DECLINED, "I picked the wrong one.", now=LATER, by=heather.maya.person_id
    )
    requirements.carry_out(heather.session, heather.provider.id, LATER)
    assert heather.cell(training, LATER).status is not CellStatus.IN_DATE
    assert heather.asked() == {"safe-at-work"}
    [view] = heather.kept()
    recognition.decide_again(
        *decide, view, Decision.ACCEPTED, "It was the right one.", now=LATER, by=heather.maya.person_id
    )
    assert heather.cell(training, LATER).status is CellStatus.IN_DATE


def test_what_is_mapped_by_hand_counts_as_a_training_from_elsewhere(heather: Receiving, far: Abroad) -> None:
    training = heather.needs(modules=(), practice=(), elsewhere=requirements.Elsewhere.INSTEAD)
    heather.trust()
    heather.recognise(by_title(heather, "knowledge"), target=None, training=training)
    [had] = requirements.outside(heather.session, heather.provider.id)
    assert (had.taught_by, had.state, had.taken_on) == ("Thistle Care", OutsideState.ACCEPTED, DAY)
    cell = heather.cell(training)
    assert (cell.status, cell.how) == (CellStatus.IN_DATE, (How.ELSEWHERE,))
    far.revokes(Kind.KNOWLEDGE)
    heather.worker(LATER)
    assert heather.cell(training, LATER).status is not CellStatus.IN_DATE
    [had] = requirements.outside(heather.session, heather.provider.id)
    assert (had.state, had.reason) == (OutsideState.REFUSED, "Who signed it took it back.")


def test_when_trust_ends_what_they_signed_counts_no_more_and_again_when_it_comes_back(heather: Receiving) -> None:
    training = heather.needs(practice=())
    issuer = heather.trust()
    heather.recognise(by_title(heather, "knowledge"))
    did = recognition.end(heather.session, heather.provider.id, issuer, "They sold it on.", now=LATER)
    assert did == heather.far.did
    settled = recognition.settle(heather.session, did, site=None, now=LATER)
    assert (settled.ended, settled.again) == (1, 0)
    assert heather.cell(training, LATER).status is not CellStatus.IN_DATE
    assert [view.state for view in heather.kept()] == [Decision.UNTRUSTED]

    heather.trust(LATER + timedelta(days=1))
    assert heather.cell(training, LATER + timedelta(days=1)).status is CellStatus.IN_DATE
    assert recognised.recognitions(heather.session, heather.far.provider.id) == ()
