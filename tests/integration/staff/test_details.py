"""A person's details are put right on their page, and a change of roles counts at once."""

from __future__ import annotations

import pytest
from flask import Flask

from app import audit, identity, providers
from app.extensions import db
from app.kernel import utc_now
from app.providers import MemberView, Role
from tests.support.website import PASSWORD, Browser, Place, set_up, sign_in


def edit(priya: Browser, member: MemberView) -> str:
    address = f"/staff/people/{member.person_uuid}/edit"
    priya.get(address)
    return address


def now_of(place: Place, member: MemberView) -> MemberView:
    db.session.rollback()
    found = providers.find_member(db.session(), place.provider.id, member.person_uuid)
    assert found is not None
    return found


def actions(place: Place) -> list[str]:
    db.session.rollback()
    return [each.action for each in audit.entries(db.session(), provider=place.provider.uuid)]


def with_password(place: Place, name: str, sign_in_name: str, *roles: Role) -> MemberView:
    member = providers.add_person(
        db.session(), place.provider.id, name, roles, now=utc_now(), sign_in_name=sign_in_name
    )
    identity.set_password(db.session(), member.person_id, PASSWORD)
    db.session.commit()
    return member


def test_all_details_are_kept_and_each_change_is_noted(bramble: Place, priya: Browser) -> None:
    north = providers.add_team(db.session(), bramble.provider.id, "North", now=utc_now())
    ngozi = bramble.add("Ngosi Obi")
    address = edit(priya, ngozi)
    page = priya.post(
        address,
        name="Ngozi Obi",
        email="ngozi@example.org",
        reference="17",
        started="2025-01-06",
        roles=["learner", "assessor"],
        teams=[str(north.uuid)],
    )
    assert page.heading == "Ngozi Obi"
    for told in ("Carer and assessor, since 6 January 2025", "North", "17", "ngozi@example.org"):
        assert told in page.text
    found = now_of(bramble, ngozi)
    assert (found.name, found.reference, found.email) == ("Ngozi Obi", "17", "ngozi@example.org")
    noted = {"person.renamed", "person.details-changed", "person.roles-changed", "person.teams-changed"}
    assert noted <= set(actions(bramble))


def test_keeping_what_was_there_changes_and_notes_nothing(bramble: Place, priya: Browser) -> None:
    ngozi = bramble.add("Ngozi Obi")
    before = actions(bramble)
    priya.post(edit(priya, ngozi), name="Ngozi Obi", roles=["learner"], started=f"{ngozi.started:%Y-%m-%d}")
    assert actions(bramble) == before
    assert now_of(bramble, ngozi) == ngozi


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"name": " "}, "name", "Type a name."),
        ({"email": "ngozi"}, "email", "Type an e-mail address"),
        ({"reference": "18"}, "reference", "Marta Kowalska has this staff number."),
        ({"started": "2999-01-01"}, "started", "Type a day that has been"),
        ({"roles": []}, "roles", "Pick at least one role."),
        ({"registered": "yes"}, "manager", "Pick somebody who is a manager here."),
    ],
)
def test_what_has_to_be_mended_is_said_and_nothing_typed_is_lost(
    bramble: Place, priya: Browser, fields: dict[str, str], field: str, words: str
) -> None:
    marta, ngozi = bramble.add("Marta Kowalska"), bramble.add("Ngozi Obi")
    providers.set_details(db.session(), bramble.provider.id, marta.person_id, reference="18", email="")
    db.session.commit()
    sent: dict[str, str | list[str]] = {"name": "Another Name", "email": "", "reference": "7", "roles": ["trainer"]}
    page = priya.post(edit(priya, ngozi), **{**sent, **fields})
    assert page.status == 400
    assert words in page.text
    assert any(link.get("href") == f"#{field}" for link in page.all(".//a"))
    if "name" not in fields:
        assert page.all(".//input[@id='name']")[0].get("value") == "Another Name"
    assert now_of(bramble, ngozi) == ngozi


def test_the_last_manager_stays_manager(bramble: Place, priya: Browser) -> None:
    page = priya.post(edit(priya, bramble.manager), name="Priya Nair", roles=["learner"])
    assert page.status == 400
    assert "Make another person manager first." in page.text
    assert now_of(bramble, bramble.manager).roles == {Role.MANAGER}


def test_a_manager_may_hand_over_and_is_out_at_once(bramble: Place, priya: Browser) -> None:
    with_password(bramble, "Dawn Ellis", "dawn", Role.MANAGER)
    page = priya.post(edit(priya, bramble.manager), name="Priya Nair", roles=["trainer"])
    assert page.status == 200
    assert priya.get("/staff/people").status == 403


def test_a_role_taken_away_counts_at_the_next_press(app: Flask, bramble: Place, priya: Browser) -> None:
    amina = with_password(bramble, "Amina Diallo", "amina", Role.TRAINER, Role.LEARNER)
    hers = Browser(app.test_client())
    sign_in(hers, "amina")
    assert hers.get("/staff/modules").status == 200
    priya.post(edit(priya, amina), name="Amina Diallo", roles=["learner"])
    assert hers.get("/staff/modules").status == 403
    priya.post(edit(priya, amina), name="Amina Diallo", roles=["learner", "manager"])
    assert hers.get("/staff/people").status == 200


def test_the_registered_manager_is_named_and_hands_over(bramble: Place, priya: Browser) -> None:
    dawn = with_password(bramble, "Dawn Ellis", "dawn", Role.MANAGER)
    page = priya.post(edit(priya, bramble.manager), name="Priya Nair", roles=["manager"], registered="yes")
    assert "The registered manager" in page.text
    page = priya.post(edit(priya, bramble.manager), name="Priya Nair", roles=["trainer"], registered="yes")
    assert "Priya Nair is the registered manager here. Name somebody else first." in page.text
    priya.post(edit(priya, dawn), name="Dawn Ellis", roles=["manager"], registered="yes")
    db.session.rollback()
    named = providers.registered_manager(db.session(), bramble.provider.id)
    assert named is not None
    assert named.person_id == dawn.person_id


def test_who_has_left_is_brought_back_before_anything_else(bramble: Place, priya: Browser) -> None:
    ngozi = bramble.add("Ngozi Obi")
    priya.get(f"/staff/people/{ngozi.person_uuid}")
    page = priya.post(f"/staff/people/{ngozi.person_uuid}/leave")
    assert "Bring them back below." in page.text
    assert "Bring back" in page.text
    page = priya.get(f"/staff/people/{ngozi.person_uuid}/edit")
    assert "Ngozi Obi has left. Bring them back first." in page.text


def test_a_manager_who_gives_care_becomes_a_carer_with_one_press(app: Flask, bramble: Place, priya: Browser) -> None:
    """A one-person service: one is everything."""
    page = priya.get("/staff/people")
    assert "You give care yourself?" in page.text
    page = priya.post("/staff/people/learn-too")
    assert page.heading == "A code for Priya Nair"
    assert now_of(bramble, bramble.manager).roles == {Role.MANAGER, Role.LEARNER}
    code = page.all(".//p[@class='bv-invite__code']")[0].text or ""
    phone = Browser(app.test_client())
    address = f"/join/{code.replace(' ', '')}/pin"
    phone.get(address)
    assert phone.post(address, pin="274913", again="274913").status == 200
    # Her password still opens the staff pages, and she sees herself there as a carer.
    sign_in(priya, "priya")
    page = priya.get("/staff/people")
    assert "Priya Nair" in page.text
    assert "Carer and manager" in page.text
    assert "You give care yourself?" not in page.text


def test_another_providers_person_is_not_there(bramble: Place, priya: Browser) -> None:
    theirs = set_up("Thistle Care", "Zoe Adair", "zoe").add("Ngozi Obi")
    priya.get("/staff/people/add")
    token = priya.page.form("/staff/people/add") if priya.page else {}
    for method in ("GET", "POST"):
        data = token if method == "POST" else None
        assert priya.send(method, f"/staff/people/{theirs.person_uuid}/edit", data=data).status_code == 404


def test_somebody_with_two_places_is_seen_by_each_with_its_own_details(bramble: Place, priya: Browser) -> None:
    thistle = set_up("Thistle Care", "Zoe Adair", "zoe")
    ngozi = bramble.add("Ngozi Obi")
    providers.add_membership(db.session(), thistle.provider.id, ngozi.person_id, [Role.TRAINER], now=utc_now())
    there = providers.add_team(db.session(), thistle.provider.id, "Secret round", now=utc_now())
    providers.set_teams(db.session(), thistle.provider.id, ngozi.person_id, [there.uuid], now=utc_now())
    providers.set_details(
        db.session(), thistle.provider.id, ngozi.person_id, reference="T-99", email="ngozi@thistle.example"
    )
    db.session.commit()
    for address in (f"/staff/people/{ngozi.person_uuid}", f"/staff/people/{ngozi.person_uuid}/edit", "/staff/people"):
        page = priya.get(address)
        assert "Ngozi Obi" in page.text
        for told in ("Secret round", "T-99", "thistle", "Thistle"):
            assert told not in page.reply.get_data(as_text=True)
    places = providers.memberships_of(db.session(), ngozi.person_id, now=utc_now())
    assert {place.provider.name for place in places} == {"Bramble Home Care", "Thistle Care"}


def test_each_provider_has_its_own_name_for_somebody_and_learns_of_no_other(bramble: Place, priya: Browser) -> None:
    thistle = set_up("Thistle Care", "Zoe Adair", "zoe")
    ngozi = bramble.add("Ngozi Obi")
    providers.add_membership(db.session(), thistle.provider.id, ngozi.person_id, [Role.LEARNER], now=utc_now())
    db.session.commit()
    page = priya.post(edit(priya, ngozi), name="Ngozi Bello", roles=["learner"], reference="17")
    assert "The details of Ngozi Bello are kept." in page.text
    for told in ("Thistle", "for others", "work elsewhere"):
        assert told not in page.text
    assert (now_of(bramble, ngozi).name, now_of(thistle, ngozi).name) == ("Ngozi Bello", "Ngozi Obi")
    at_thistle = audit.entries(db.session(), provider=thistle.provider.uuid)
    assert "person.renamed" not in [each.action for each in at_thistle]
    providers.end_membership(db.session(), thistle.provider.id, ngozi.person_id, now=utc_now())
    db.session.commit()
    priya.post(edit(priya, ngozi), name="Ngozi Obi Bello", roles=["learner"], reference="17")
    assert (now_of(bramble, ngozi).name, now_of(thistle, ngozi).name) == ("Ngozi Obi Bello", "Ngozi Obi")
    back = providers.add_membership(db.session(), thistle.provider.id, ngozi.person_id, [Role.LEARNER], now=utc_now())
    assert back.name == "Ngozi Obi"
