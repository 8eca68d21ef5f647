"""A code lets one person in, once."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import providers
from app.providers import Invite, InviteRefused, InviteTrouble, InviteView, MemberView
from tests.support.world import NOW, add_person, add_provider

SECRET = b"a server's secret of some length"


@pytest.fixture
def member(session: Session) -> MemberView:
    return add_person(session, add_provider(session))


def issue(session: Session, member: MemberView) -> str:
    return providers.issue_invite(session, member.provider_id, member.person_id, secret=SECRET, now=NOW)


def look_up(session: Session, code: str, *, days: int = 0, address: str = "192.0.2.1") -> InviteView | InviteTrouble:
    return providers.look_up_invite(session, code, secret=SECRET, address=address, now=NOW + timedelta(days=days))


def problem(found: InviteView | InviteTrouble) -> str:
    assert isinstance(found, InviteTrouble)
    return found.problem


def test_a_code_says_who_is_invited_and_by_whom(session: Session, member: MemberView) -> None:
    found = look_up(session, issue(session, member).lower())

    assert isinstance(found, InviteView)
    assert (found.person_name, found.provider_name) == ("Ngozi Obi", "Bramble Home Care")


def test_a_code_works_once(session: Session, member: MemberView) -> None:
    code = issue(session, member)
    providers.accept_invite(session, code, secret=SECRET, now=NOW)

    assert problem(look_up(session, code)) == "used"
    with pytest.raises(InviteRefused, match="Ask Priya for a new one"):
        providers.accept_invite(session, code, secret=SECRET, now=NOW)


def test_a_code_runs_out_after_a_fortnight(session: Session, member: MemberView) -> None:
    code = issue(session, member)

    assert isinstance(look_up(session, code, days=13), InviteView)
    assert problem(look_up(session, code, days=14)) == "expired"


def test_a_new_code_stops_the_one_before(session: Session, member: MemberView) -> None:
    first, second = issue(session, member), issue(session, member)

    assert problem(look_up(session, first)) == "expired"
    assert isinstance(look_up(session, second), InviteView)


def test_guessing_is_slowed_down_by_address(session: Session, member: MemberView) -> None:
    problems = [problem(look_up(session, "2222 2222")) for _ in range(11)]

    assert problems == ["wrong"] * 10 + ["throttled"]
    assert isinstance(look_up(session, issue(session, member), address="192.0.2.2"), InviteView)


def test_the_database_does_not_hold_the_code(session: Session, member: MemberView) -> None:
    code = issue(session, member)
    session.flush()

    assert code not in str(session.scalars(select(Invite.code_hmac)).all())
    wrong = providers.look_up_invite(session, code, secret=b"another server", address="192.0.2.3", now=NOW)
    assert problem(wrong) == "wrong"


def test_who_has_left_gets_no_code(session: Session, member: MemberView) -> None:
    providers.end_membership(session, member.provider_id, member.person_id, now=NOW)

    with pytest.raises(providers.ProviderError):
        issue(session, member)
