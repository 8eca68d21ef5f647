"""What was decided stays what it was when others decide too, or trust comes and goes."""

from __future__ import annotations

from datetime import timedelta

from app import requirements
from app.credentials import Kind
from app.interop import recognition
from app.recognised import Decision
from app.requirements import OutsideState
from tests.support.recognition import Abroad, Receiving
from tests.support.required import asks
from tests.support.world import NOW

DAY = timedelta(days=1)


def test_a_form_that_was_sent_twice_leaves_no_certificate_behind(heather: Receiving, far: Abroad) -> None:
    """Both were made from a page on which nothing was decided."""
    session, here, me = heather.session, heather.provider.id, heather.ngozi.person_id
    training = requirements.add_training(session, here, asks("Safe", modules=(), practice=()), now=NOW)
    heather.trust()
    [item] = heather.look(far.signed(Kind.KNOWLEDGE).jwt.encode()).items
    for _ in range(2):
        heather.recognise(item, target=None, training=training)
    states = sorted(each.state for each in requirements.outside(session, here, people=[me]))
    assert states == [OutsideState.ACCEPTED, OutsideState.REFUSED]

    recognition.decline(session, here, me, item, "It is not enough.", now=NOW, by=heather.maya.person_id)
    assert {each.state for each in requirements.outside(session, here, people=[me])} == {OutsideState.REFUSED}


def test_trust_that_ended_and_came_back_makes_nothing_newer(heather: Receiving, far: Abroad) -> None:
    """What was recognised before a major change of its module counts no more after it, whoever is trusted again."""
    session, here = heather.session, heather.provider.id
    heather.trust()
    [item] = heather.look(far.signed(Kind.KNOWLEDGE).jwt.encode()).items
    heather.recognise(item)
    [issuer] = recognition.issuers_of(session, here)
    recognition.end(session, here, issuer.uuid, "They moved away.", now=NOW + 10 * DAY)
    recognition.settle(session, far.did, site=None, now=NOW + 10 * DAY)
    session.commit()
    assert [view.state for view in heather.kept()] == [Decision.UNTRUSTED]

    heather.trust(NOW + 40 * DAY)
    [view] = heather.kept()
    assert (view.state, view.at, view.recognised.since) == (Decision.ACCEPTED, NOW + 40 * DAY, NOW)
    heather_decides_anew = NOW + 50 * DAY
    recognition.decide_again(
        session,
        here,
        view,
        Decision.ACCEPTED,
        "I looked once more.",
        now=heather_decides_anew,
        by=heather.maya.person_id,
    )
    [view] = heather.kept()
    assert view.recognised.since == heather_decides_anew


def test_what_was_being_recognised_while_trust_ended_counts_no_more_at_the_next_look(
    heather: Receiving, far: Abroad
) -> None:
    session, here = heather.session, heather.provider.id
    heather.trust()
    [item] = heather.look(far.signed(Kind.KNOWLEDGE).jwt.encode()).items
    [issuer] = recognition.issuers_of(session, here)
    recognition.end(session, here, issuer.uuid, "They moved away.", now=NOW)
    recognition.settle(session, far.did, site=None, now=NOW)
    session.commit()
    # Another manager's page was made before that.
    heather.recognise(item)
    heather.worker(NOW + timedelta(minutes=10))
    assert [view.state for view in heather.kept()] == [Decision.UNTRUSTED]
