"""Keys are kept as they were got: an added one is taken, another one waits for somebody's word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import credentials
from app.credentials import Kind, Verdict
from app.interop import recognition
from app.interop.recognition import PassportError
from app.recognised import Decision
from tests.support.credentials import SITE
from tests.support.recognition import Abroad, Receiving
from tests.support.world import NOW

LATER = NOW + timedelta(days=3)


def rotate(far: Abroad, *, leaked: bool = False) -> None:
    credentials.rotate(far.session, far.provider.id, SITE, now=NOW, leaked=leaked)
    far.session.commit()


def issuer(heather: Receiving) -> recognition.IssuerView:
    return next(each for each in recognition.issuers_of(heather.session, heather.provider.id) if not each.ended_at)


def test_a_key_that_was_added_is_trusted_by_the_next_look(heather: Receiving, far: Abroad) -> None:
    heather.trust()
    before = issuer(heather).fingerprint
    rotate(far)
    far.passes_elective()
    far.line()
    items = heather.look().items
    assert {each.checked.verdict for each in items} == {Verdict.VALID}
    assert issuer(heather).fingerprint != before
    assert (issuer(heather).offered, issuer(heather).trouble) == ("", "")


def test_other_keys_stop_everything_until_they_are_confirmed(heather: Receiving, far: Abroad) -> None:
    heather.trust()
    item = next(each for each in heather.look().items if each.title.endswith("knowledge"))
    heather.recognise(item)
    old = issuer(heather)
    rotate(far, leaked=True)
    far.line()
    heather.worker(LATER)
    now = issuer(heather)
    assert now.fingerprint == old.fingerprint
    assert now.offered not in ("", old.fingerprint)
    assert "sign with other keys now" in now.trouble
    # What was recognised stays until somebody decides; nothing new of theirs is taken.
    assert [view.state for view in heather.kept()] == [Decision.ACCEPTED]
    assert {each.checked.verdict for each in heather.look(now=LATER).items} == {Verdict.ALTERED}

    args = heather.session, heather.provider.id, now.uuid
    with pytest.raises(PassportError, match="Other keys came meanwhile"):
        recognition.confirm(*args, old.fingerprint, "I rang them again.", now=LATER)
    with pytest.raises(PassportError, match="Say why"):
        recognition.confirm(*args, now.offered, "", now=LATER)
    did = recognition.confirm(*args, now.offered, "I rang them again.", now=LATER)
    assert did == far.did
    recognition.settle(heather.session, far.did, site=None, now=LATER)
    heather.session.commit()
    [view] = heather.kept()
    assert (view.state, view.reason) == (Decision.WITHDRAWN, "Who signed it dropped the key it was signed with.")
    assert (issuer(heather).fingerprint, issuer(heather).offered) == (now.offered, "")
    # What they issued anew holds.
    anew = [each for each in heather.look(now=LATER).items if each.checked.verdict is Verdict.VALID]
    assert len(anew) == len(far.live())


def test_a_check_for_everybody_knows_whom_anybody_here_trusts(heather: Receiving, far: Abroad) -> None:
    session = heather.session
    token = far.signed(Kind.KNOWLEDGE).jwt.encode()
    heather.trust()
    heather.look()
    for provider, verdict in (
        (None, Verdict.VALID),
        (heather.provider.id, Verdict.VALID),
        (far.provider.id, Verdict.UNKNOWN_ISSUER),
    ):
        known = recognition.issuers(session, now=NOW, provider_id=provider)
        assert credentials.check(token, known, now=NOW).verdict is verdict
    [kept] = recognition.known(session)
    assert (kept.did, kept.name, list(kept.lists)) == (far.did, "Thistle Care", [far.list_address])
    assert recognition.known(session, far.provider.id) == ()


def test_a_provider_of_this_server_is_known_and_what_it_revokes_is_settled_by_its_records(
    heather: Receiving, far: Abroad
) -> None:
    session, me = heather.session, heather.ngozi
    found = recognition.preview(session, me, far.passport(), fetch=far.fetch, site=SITE, now=NOW)
    assert {each.checked.verdict for each in found.items} == {Verdict.VALID}
    item = next(each for each in found.items if each.title.endswith("knowledge"))
    heather.recognise(item)
    far.revokes(Kind.KNOWLEDGE)
    recognition.look_at_due(session, far.fetch, site=SITE, now=LATER)
    assert [view.state for view in heather.kept()] == [Decision.WITHDRAWN]
    assert far.asked == []
