"""Two providers on one server: whoever asks, from wherever, gets nothing of the other.

Every route of the application is asked, in every role, with every name of the other provider's things that could be
typed into an address or a form. What is the other's carries words that occur nowhere else.
"""

from __future__ import annotations

import pytest
from flask import Flask

from app import assessment, audit, authoring, identity, learning, providers, recognised, supervision
from app.content import queries as content
from app.extensions import db
from app.interop import feed, recognition, webhooks
from app.interop.suggesting import list_own
from app.interop.xapi.stores import stores
from app.kernel import utc_now
from app.providers import Role
from app.providers.names import set_name
from tests.support.learning_place import ask_for
from tests.support.routes import words_of
from tests.support.two_providers import World, addresses, make_world
from tests.support.website import PASSWORD, Browser, sign_in

# These end the sign-in of whoever asks, or change their own password.
LEAVING = ("staff.sign_out", "staff.sign_out_everywhere", "staff.password")
CANARIES = ("Quetzalcoatl", "Zephyrine", "Xanthippe", "Nebuchadnezzar")


@pytest.fixture
def world(app: Flask) -> World:
    return make_world()


def staff_browser(app: Flask, world: World, role: Role) -> Browser:
    """A browser of somebody of my provider in one role."""
    member = providers.add_person(
        db.session(), world.mine.provider.id, f"Some {role.value}", (role,), now=utc_now(), sign_in_name=role.value
    )
    identity.set_password(db.session(), member.person_id, PASSWORD)
    db.session.commit()
    browser = Browser(app.test_client())
    sign_in(browser, role.value)
    return browser


def carer_browser(app: Flask, world: World) -> Browser:
    """A browser of a carer of my provider, just joined."""
    code = world.mine.code_for(world.carer.member)
    browser = Browser(app.test_client())
    browser.get(f"/join/{code}/pin")
    browser.post(f"/join/{code}/pin", pin="385024", again="385024")
    return browser


def nothing_hidden(text: str, world: World) -> list[str]:
    """What of the hidden provider is in a reply."""
    told = [*CANARIES, str(world.hidden.provider.uuid), str(world.victim.phone.dev), world.code]
    told += [world.draft.key, world.draft.pack, str(world.draft.based_on), world.picture, "A gate", "The gate"]
    return [word for word in told if word.casefold() in text.casefold()]


@pytest.mark.parametrize("who", ["nobody", "carer", *(role.value for role in Role if role is not Role.LEARNER)])
def test_every_route_keeps_the_other_provider_to_itself(app: Flask, world: World, who: str) -> None:
    if who == "nobody":
        browser = Browser(app.test_client())
        browser.get("/staff/sign-in")
    elif who == "carer":
        browser = carer_browser(app, world)
    else:
        browser = staff_browser(app, world, Role(who))
    with browser.client.session_transaction() as kept:
        token_there = "csrf_token" in kept
    assert token_there
    app.config["WTF_CSRF_ENABLED"] = False
    before = fingerprint(world)
    asked = 0
    for rule, method, address in addresses(app, world):
        if rule.endpoint in LEAVING:
            continue
        form = {
            "provider": str(world.hidden.provider.uuid),
            "person": str(world.victim.member.person_uuid),
            "module": "falls",
            "roles": "manager",
            "name": "zephyrine",
            "password": "a guess of mine",
            "text": "My words in place of theirs",
            "based_on": str(world.draft.revision),
            "revision": "1",
            "line": "1",
            "role": "nurse",
            "change": "major",
            "reason": "Because I say so.",
            "title": "Another door",
            "topic": "Doors",
        }
        # As text, not as the name of somebody to add: adding is allowed, at one's own provider.
        if rule.endpoint == "manager.add_person":
            form = {"name": "Added Here", "roles": "learner"}
        with_headers = {"Authorization": f"Bearer {world.carer.phone.read}"} if asked % 2 else {}
        reply = browser.send(method, address, headers=with_headers, data=form if method == "POST" else None)
        # The address that was typed comes back in the way to the sign-in.
        text = words_of(reply).replace(address, "")
        assert not nothing_hidden(text.replace("zephyrine", ""), world), (rule.rule, method)
        assert reply.status_code < 500, (rule.rule, method)
        asked += 1
    assert asked > 25
    if who not in ("nobody", "carer"):
        assert browser.send("GET", "/staff/modules").status_code == 200, (
            "signed out on the way: the rest proves nothing"
        )
    assert fingerprint(world) == before, "something of the other provider was changed"


def test_the_same_walk_as_the_hidden_providers_own_manager_does_find_it(app: Flask, world: World) -> None:
    browser = Browser(app.test_client())
    sign_in(browser, "zephyrine")
    found = ""
    for _rule, method, address in addresses(app, world):
        if method == "GET":
            found += words_of(browser.send(method, address))
    assert all(canary in found for canary in CANARIES)


def test_a_phones_token_reads_only_its_own_persons_state(app: Flask, world: World) -> None:
    browser = Browser(app.test_client())
    header = {"Authorization": f"Bearer {world.carer.phone.read}"}
    reply = browser.send("GET", "/api/v1/state", headers=header)
    assert reply.get_json()["person"]["name"] == "Ngozi Obi"
    assert not nothing_hidden(reply.get_data(as_text=True), world)
    wrong_kind = browser.send("GET", "/api/v1/state", headers={"Authorization": f"Bearer {world.carer.phone.append}"})
    assert wrong_kind.status_code == 401


def test_somebody_at_both_is_seen_by_each_only_for_what_was_done_there(app: Flask, world: World) -> None:
    providers.add_membership(
        db.session(), world.mine.provider.id, world.victim.member.person_id, (Role.LEARNER,), now=utc_now()
    )
    db.session.commit()
    browser = Browser(app.test_client())
    sign_in(browser, "priya")
    page = browser.get(f"/staff/people/{world.victim.member.person_uuid}")
    assert page.heading == "Xanthippe Nebuchadnezzar"
    for told in ("Quetzalcoatl", "Zephyrine", "Phone 1", "per cent", "Overdue", "Waits for someone"):
        assert told not in page.text


def one_person_in_both(app: Flask, world: World) -> None:
    """The carer of the hidden provider adds my place, with her PIN, on her phone; committed."""
    fresh = world.mine.add("Jacaranda Added")
    sent = {
        "proto": 1,
        "code": world.mine.code_for(fresh),
        "person": str(world.victim.member.person_uuid),
        "pin": "274913",
    }
    reply = app.test_client(use_cookies=False).post("/api/v1/places", json=sent)
    assert reply.status_code == 201, reply.get_json()
    world.both = reply.get_json()
    world.fresh = fresh.person_uuid


@pytest.mark.parametrize("by", ["uuid of now", "uuid of before"])
def test_every_page_of_somebody_with_a_place_at_both_tells_only_what_is_of_here(
    app: Flask, world: World, by: str
) -> None:
    """As my manager I open every page and file there is with her in it, by either of her uuids."""
    one_person_in_both(app, world)
    browser = staff_browser(app, world, Role.MANAGER)
    seen = 0
    person = world.victim.member.person_uuid if by == "uuid of now" else world.fresh
    before = fingerprint(world)
    for rule, method, address in addresses(app, world):
        if method != "GET":
            continue
        named = address.replace(str(world.victim.member.person_uuid), str(person))
        reply = browser.send("GET", named)
        text = words_of(reply).replace(named, "")
        told = [word for word in nothing_hidden(text, world) if word not in named]
        assert not told, (rule.rule, told)
        seen += "Jacaranda Added" in text
    assert seen > 10, "she is on hardly a page: the rest proves nothing"
    assert fingerprint(world) == before


def test_her_phones_and_files_are_each_of_one_provider(app: Flask, world: World) -> None:
    """What either phone id is answered, and the copy either manager may take."""
    one_person_in_both(app, world)
    browser = Browser(app.test_client())
    for address in (
        "/api/v1/state",
        "/api/v1/catalogue",
        "/api/v1/catalogue?form=short",
        "/api/v1/summaries",
        "/api/v1/news",
        "/api/v1/library",
    ):
        reply = browser.send("GET", address, headers={"Authorization": f"Bearer {world.both['read']}"})
        assert reply.status_code == 200
        # Her own name and id are hers at both.
        text = reply.get_data(as_text=True).replace("Xanthippe Nebuchadnezzar", "")
        assert not nothing_hidden(text, world), address
        other = browser.send("GET", address, headers={"Authorization": f"Bearer {world.victim.phone.read}"})
        assert other.status_code == 200
        for told in ("Bramble", str(world.mine.provider.uuid), "Jacaranda Added", str(world.fresh), world.both["dev"]):
            assert told not in other.get_data(as_text=True), (address, told)
    for name, told in (("priya", nothing_of_the_hidden), ("zephyrine", nothing_of_mine)):
        manager = Browser(app.test_client())
        sign_in(manager, name)
        manager.get(f"/staff/people/{world.victim.member.person_uuid}")
        app.config["WTF_CSRF_ENABLED"] = False
        reply = manager.send("POST", f"/staff/people/{world.victim.member.person_uuid}/everything")
        assert reply.status_code == 200
        assert not told(words_of(reply), world), name


def test_the_first_provider_learns_of_no_second(app: Flask, world: World) -> None:
    """The hidden provider's own manager finds on her pages what was there before, and nothing of mine."""
    browser = Browser(app.test_client())
    sign_in(browser, "zephyrine")
    asked = [(rule, address) for rule, method, address in addresses(app, world) if method == "GET"]
    entries = audit.entries(db.session(), provider=world.hidden.provider.uuid)
    one_person_in_both(app, world)
    # Somebody changes her name here, gives her a job and lets her go: it is all of here alone.
    place, person = world.mine.provider.id, world.victim.member.person_id
    set_name(db.session(), place, person, "Jacaranda Renamed")
    ask_for(world.mine, providers.find_member(db.session(), place, person), "falls", in_days=3)
    for ended in (False, True):
        if ended:
            providers.end_membership(db.session(), place, person, now=utc_now())
            db.session.commit()
        for rule, address in asked:
            # Pages for carers have the same bytes for everybody, and say Bramble in their examples.
            if rule.rule.startswith("/staff/") and rule.endpoint not in LEAVING:
                assert not nothing_of_mine(words_of(browser.send("GET", address)), world), (rule.rule, ended)
    shown = audit.entries(db.session(), provider=world.hidden.provider.uuid)
    manager = world.hidden.manager.person_uuid
    assert [each.action for each in shown if each not in entries and each.actor.person != manager] == []
    members = providers.list_members(db.session(), world.hidden.provider.id)
    assert "Xanthippe Nebuchadnezzar" in [each.name for each in members]


def nothing_of_the_hidden(text: str, world: World) -> list[str]:
    return nothing_hidden(text, world)


def nothing_of_mine(text: str, world: World) -> list[str]:
    """What of my provider is in a reply."""
    told = ("Bramble", "Jacaranda", str(world.mine.provider.uuid), str(world.fresh), str(world.both.get("dev")))
    return [word for word in told if word.casefold() in text.casefold()]


def fingerprint(world: World) -> object:
    """Whatever of the hidden provider a stranger might have changed."""
    db.session.rollback()
    place, person_id = world.hidden.provider.id, world.victim.member.person_id
    return (
        providers.find_provider(db.session(), place),
        providers.list_members(db.session(), place, with_ended=True),
        providers.list_teams(db.session(), place),
        providers.teams_of(db.session(), place),
        providers.registered_manager(db.session(), place),
        providers.people_with_codes(db.session(), place, now=utc_now()),
        learning.assignments_of(db.session(), place, [person_id]),
        learning.resets_of(db.session(), place, person_id),
        learning.attempts_of(db.session(), place, [person_id]),
        assessment.observations_of(db.session(), place, None),
        assessment.appointments(db.session(), place),
        assessment.sign_offs_of(db.session(), place, None),
        identity.phones_of(db.session(), person_id),
        identity.find_person(db.session(), person_id),
        identity.second_steps(db.session(), person_id),
        authoring.open_draft(db.session(), place, world.draft.uuid),
        authoring.history(db.session(), place, world.draft.uuid),
        authoring.comments(db.session(), place, world.draft.uuid),
        content.editions_of(db.session(), world.draft.key, world.hidden.provider.uuid),
        supervision.meetings_of(db.session(), place, with_taken_out=True),
        supervision.plans_of(db.session(), place, [person_id]),
        supervision.inductions_of(db.session(), world.hidden.provider, [person_id]),
        supervision.periods_of(db.session(), place),
        feed.tokens(db.session(), world.hidden.provider),
        webhooks.webhooks(db.session(), place),
        stores(db.session(), place),
        recognition.issuers_of(db.session(), place),
        recognised.recognitions(db.session(), place, people=[person_id]),
        list_own(db.session(), place),
        identity.links_of(db.session(), world.hidden.manager.person_id),
    )
