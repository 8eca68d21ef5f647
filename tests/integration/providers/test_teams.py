"""Teams: who is in them, since when, and what stays known when they are put away."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from app import providers
from app.providers import ProviderError, Role
from tests.support.world import NOW, add_person, add_provider

LATER = NOW + timedelta(days=10)


def test_a_person_may_be_in_several_teams_and_what_was_is_known(session: Session) -> None:
    here = add_provider(session)
    north, south = (providers.add_team(session, here.id, name, now=NOW) for name in ("North", "South"))
    ngozi = add_person(session, here)
    assert providers.set_teams(session, here.id, ngozi.person_id, [south.uuid, north.uuid], now=NOW)
    assert not providers.set_teams(session, here.id, ngozi.person_id, [north.uuid, south.uuid], now=NOW)
    assert providers.set_teams(session, here.id, ngozi.person_id, [south.uuid], now=LATER)
    assert providers.teams_of(session, here.id) == {ngozi.person_id: (south,)}
    assert providers.teams_of(session, here.id, at=NOW) == {ngozi.person_id: (north, south)}


def test_another_providers_team_or_person_is_not_there(session: Session) -> None:
    here, there = add_provider(session), add_provider(session, "Thistle Care")
    theirs = providers.add_team(session, there.id, "North", now=NOW)
    ngozi = add_person(session, here)
    assert providers.list_teams(session, here.id) == ()
    assert providers.find_team(session, here.id, theirs.uuid) is None
    with pytest.raises(ProviderError, match="not there any more"):
        providers.set_teams(session, here.id, ngozi.person_id, [theirs.uuid], now=NOW)
    with pytest.raises(ProviderError, match="no place here"):
        providers.set_teams(session, there.id, ngozi.person_id, [], now=NOW)
    for change in (
        lambda: providers.rename_team(session, here.id, theirs.uuid, "Mine"),
        lambda: providers.put_team_away(session, here.id, theirs.uuid, now=NOW),
        lambda: providers.bring_team_back(session, here.id, uuid4(), now=NOW),
    ):
        with pytest.raises(ProviderError) as refused:
            change()
        assert refused.value.code == "team-unknown"


@pytest.mark.parametrize(("name", "code"), [(" ", "name-empty"), ("x" * 61, "name-too-long"), ("nORTH ", "name-taken")])
def test_a_team_has_a_name_of_its_own(session: Session, name: str, code: str) -> None:
    here = add_provider(session)
    providers.add_team(session, here.id, "North", now=NOW)
    with pytest.raises(ProviderError) as refused:
        providers.add_team(session, here.id, name, now=NOW)
    assert refused.value.code == code


def test_a_team_put_away_can_be_brought_back_with_who_was_in_it(session: Session) -> None:
    here = add_provider(session)
    north = providers.add_team(session, here.id, "North", now=NOW)
    ngozi, marta, ada = (add_person(session, here, name) for name in ("Ngozi Obi", "Marta Kowalska", "Ada"))
    for member in (ngozi, marta, ada):
        providers.set_teams(session, here.id, member.person_id, [north.uuid], now=NOW)
    providers.set_teams(session, here.id, ada.person_id, [], now=NOW + timedelta(days=1))
    providers.put_team_away(session, here.id, north.uuid, now=LATER)
    assert providers.list_teams(session, here.id) == ()
    assert providers.list_teams(session, here.id, put_away=True) == (north,)
    assert providers.teams_of(session, here.id) == {}
    providers.end_membership(session, here.id, marta.person_id, now=LATER)
    providers.bring_team_back(session, here.id, north.uuid, now=LATER + timedelta(days=1))
    assert providers.teams_of(session, here.id) == {ngozi.person_id: (north,)}


def test_a_name_taken_meanwhile_keeps_a_team_away(session: Session) -> None:
    here = add_provider(session)
    old = providers.add_team(session, here.id, "North", now=NOW)
    providers.put_team_away(session, here.id, old.uuid, now=NOW)
    providers.add_team(session, here.id, "North", now=NOW)
    with pytest.raises(ProviderError) as refused:
        providers.bring_team_back(session, here.id, old.uuid, now=NOW)
    assert refused.value.code == "name-taken"


def test_who_leaves_and_comes_back_has_their_teams_number_and_address_again(session: Session) -> None:
    here = add_provider(session)
    north, south = (providers.add_team(session, here.id, name, now=NOW) for name in ("North", "South"))
    ngozi = add_person(session, here)
    providers.set_teams(session, here.id, ngozi.person_id, [north.uuid, south.uuid], now=NOW)
    providers.set_details(session, here.id, ngozi.person_id, reference="17", email="ngozi@example.org")
    providers.end_membership(session, here.id, ngozi.person_id, now=LATER)
    assert providers.teams_of(session, here.id) == {}
    providers.put_team_away(session, here.id, south.uuid, now=LATER)
    again = providers.add_membership(session, here.id, ngozi.person_id, [Role.LEARNER], now=LATER)
    assert (again.reference, again.email) == ("17", "ngozi@example.org")
    assert providers.teams_of(session, here.id) == {ngozi.person_id: (north,)}


def test_the_registered_manager_is_one_of_the_managers_and_what_was_is_known(session: Session) -> None:
    here = add_provider(session)
    priya, dawn = (add_person(session, here, name, (Role.MANAGER,)) for name in ("Priya Nair", "Dawn Ellis"))
    carer = add_person(session, here)
    assert providers.registered_manager(session, here.id) is None
    with pytest.raises(ProviderError) as refused:
        providers.set_registered_manager(session, here.id, carer.person_id, now=NOW)
    assert refused.value.code == "not-a-manager"
    assert providers.set_registered_manager(session, here.id, priya.person_id, now=NOW)
    assert not providers.set_registered_manager(session, here.id, priya.person_id, now=NOW)
    assert providers.set_registered_manager(session, here.id, dawn.person_id, now=LATER)
    now, then = providers.registered_manager(session, here.id), providers.registered_manager(session, here.id, at=NOW)
    assert (now, then) == (dawn, priya)
    with pytest.raises(ProviderError) as refused:
        providers.change_roles(session, here.id, dawn.person_id, [Role.LEARNER])
    assert refused.value.code == "registered-manager"
    providers.end_membership(session, here.id, dawn.person_id, now=LATER)
    assert providers.registered_manager(session, here.id) is None
