"""Roles, staff numbers and e-mail addresses of a provider's people."""

from email.headerregistry import Address

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import identity, providers
from app.identity import Person
from app.providers import ProviderError, Role, called
from tests.support.world import NOW, add_person, add_provider


def test_somebody_stays_manager(session: Session) -> None:
    here, there = add_provider(session), add_provider(session, "Thistle Care")
    add_person(session, there, "Zoe", (Role.MANAGER,))
    priya = add_person(session, here, "Priya Nair", (Role.MANAGER, Role.LEARNER))
    with pytest.raises(ProviderError) as refused:
        providers.change_roles(session, here.id, priya.person_id, [Role.LEARNER])
    assert refused.value.code == "last-manager"
    dawn = add_person(session, here, "Dawn Ellis", (Role.MANAGER,))
    providers.change_roles(session, here.id, priya.person_id, [Role.LEARNER])
    with pytest.raises(ProviderError):
        providers.change_roles(session, here.id, dawn.person_id, [Role.TRAINER])


def test_two_people_of_one_provider_never_have_one_staff_number(session: Session) -> None:
    here, there = add_provider(session), add_provider(session, "Thistle Care")
    ngozi, marta, other = add_person(session, here), add_person(session, here, "Marta"), add_person(session, there)
    providers.set_details(session, here.id, ngozi.person_id, reference=" A  17 ", email="")
    providers.set_details(session, there.id, other.person_id, reference="A 17", email="")
    with pytest.raises(ProviderError, match="Ngozi Obi has this staff number") as refused:
        providers.set_details(session, here.id, marta.person_id, reference="a 17", email="")
    assert (refused.value.code, refused.value.field) == ("reference-taken", "reference")
    again = providers.set_details(session, here.id, ngozi.person_id, reference="a 17", email=" n.obi@example.org ")
    assert (again.reference, again.email) == ("a 17", "n.obi@example.org")
    providers.end_membership(session, here.id, ngozi.person_id, now=NOW)
    providers.set_details(session, here.id, marta.person_id, reference="A 17", email="")
    back = providers.add_membership(session, here.id, ngozi.person_id, [Role.LEARNER], now=NOW)
    assert (back.reference, back.email) == (None, "n.obi@example.org")


@pytest.mark.parametrize(
    "email",
    [
        "ngozi",
        "ngozi@home",
        "a b@example.org",
        "a@b@example.org",
        "x@" + "y" * 260 + ".org",
        "ana@[home.org",
        "ana:b@example.org",
        "(ana)@example.org",
        "ana(b)@example.org",
        "ana\\@example.org",
        ".ana@example.org",
        "ana@-example.org",
        "ana@example..org",
        "ana@[10.0.0.1]",
        "a" * 65 + "@example.org",
    ],
)
def test_what_cannot_be_an_address_is_not_taken(session: Session, email: str) -> None:
    here = add_provider(session)
    ngozi = add_person(session, here)
    with pytest.raises(ProviderError) as refused:
        providers.set_details(session, here.id, ngozi.person_id, reference="", email=email)
    assert (refused.value.code, refused.value.field) == ("email-odd", "email")


@pytest.mark.parametrize("email", ["o'hara+care@mail.example.co.uk", "a.b-c_d@x1.example.org", "ANA@EXAMPLE.ORG"])
def test_usual_addresses_are_taken_and_can_be_written_to(session: Session, email: str) -> None:
    here = add_provider(session)
    ngozi = add_person(session, here)
    assert providers.set_details(session, here.id, ngozi.person_id, reference="", email=email).email == email
    assert Address(addr_spec=email).addr_spec == email


def test_a_staff_number_is_short(session: Session) -> None:
    here = add_provider(session)
    with pytest.raises(ProviderError, match="at most 40"):
        providers.set_details(session, here.id, add_person(session, here).person_id, reference="9" * 41, email="")


def test_a_name_is_put_right(session: Session) -> None:
    here = add_provider(session)
    ngozi = add_person(session, here, "Ngosi Obi")
    assert identity.set_name(session, ngozi.person_id, " Ngozi   Obi ")
    assert not identity.set_name(session, ngozi.person_id, "Ngozi Obi")
    found = providers.find_member(session, here.id, ngozi.person_uuid)
    assert found is not None
    assert found.name == "Ngozi Obi"
    with pytest.raises(identity.IdentityError):
        identity.set_name(session, ngozi.person_id, " ")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_name_is_looked_up_among_the_places_of_its_person(session: Session) -> None:
    # Of a provider's people it would be all of them for each: two tenths of a second for a thousand.
    asked = str(
        select(called(1)).where(Person.id == 2).compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    )
    plan = " ".join(row.detail for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}"))
    assert "USING INDEX ix_memberships_person_id" in plan
    assert "provider_id" not in plan
