"""Who belongs to a provider, in which roles, from when to when."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app import providers
from app.providers import ProviderError, Role
from tests.support.world import NOW, add_person, add_provider


def test_a_place_that_ended_is_kept_and_a_new_one_begins(session: Session) -> None:
    provider = add_provider(session)
    member = add_person(session, provider)
    providers.end_membership(session, provider.id, member.person_id, now=NOW)
    assert providers.memberships_of(session, member.person_id, now=NOW + timedelta(days=1)) == ()
    assert providers.list_members(session, provider.id) == ()

    again = providers.add_membership(session, provider.id, member.person_id, [Role.ASSESSOR], now=NOW)

    assert again.membership_id != member.membership_id
    assert len(providers.list_members(session, provider.id, with_ended=True)) == 2


def test_adding_a_person_again_changes_roles_only(session: Session) -> None:
    provider = add_provider(session)
    member = add_person(session, provider)

    again = providers.add_membership(session, provider.id, member.person_id, [Role.LEARNER, Role.ASSESSOR], now=NOW)

    assert (again.membership_id, again.roles) == (member.membership_id, {Role.LEARNER, Role.ASSESSOR})


def test_a_member_is_found_through_their_provider_only(session: Session) -> None:
    mine, other = add_provider(session), add_provider(session, "Thistle Care")
    member = add_person(session, mine)

    assert providers.find_member(session, mine.id, member.person_uuid) == member
    assert providers.find_member(session, other.id, member.person_uuid) is None


def test_two_providers_cannot_have_one_name(session: Session) -> None:
    add_provider(session)
    with pytest.raises(ProviderError) as taken:
        add_provider(session, " Bramble  Home Care ")

    assert taken.value.code == "name-taken"


def test_everybody_has_at_least_one_role(session: Session) -> None:
    with pytest.raises(ProviderError):
        add_person(session, add_provider(session), roles=())
