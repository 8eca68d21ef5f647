"""Two providers on one server: whoever asks, from wherever, gets nothing of the other.

Every route of the application is asked, in every role, with every name of the other provider's things that could be
typed into an address or a form. What is the other's carries words that occur nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from app import assessment, audit, authoring, identity, learning, providers, recognised, requirements, supervision
from app.authoring import DraftView
from app.compliance import evidence
from app.compliance.models import EvidencePack
from app.content import queries as content
from app.extensions import db
from app.identity.models import Passkey
from app.interop import feed, recognition, webhooks
from app.interop.suggesting import list_own
from app.interop.suggesting.models import Suggestion
from app.interop.xapi.stores import stores
from app.jobs.models import Job
from app.kernel import utc_now
from app.providers import Role
from app.providers.names import set_name
from app.requirements.models import TrainingException
from app.supervision import MeetingKind, NewAction, NewMeeting
from tests.support.delegated import delegated
from tests.support.desk import PICTURE, Desk
from tests.support.evidence_place import scope
from tests.support.learning_place import RIGHT, Learner, ask_for, joined, publish_modules
from tests.support.other_systems import told_others
from tests.support.practice import appoint, saw
from tests.support.recognition import statement
from tests.support.required import something_of
from tests.support.routes import asked_for, gaps, words_of
from tests.support.website import PASSWORD, Browser, Place, set_up, sign_in
from tests.support.world import add_phone

# These end the sign-in of whoever asks, or change their own password.
LEAVING = ("staff.sign_out", "staff.sign_out_everywhere", "staff.password")
CANARIES = ("Quetzalcoatl", "Zephyrine", "Xanthippe", "Nebuchadnezzar")


@dataclass
class World:
    """Two providers. The first is the one that must not be seen."""

    hidden: Place
    victim: Learner
    code: str
    passkey: UUID
    appointment: UUID
    observation: UUID
    task: UUID
    draft: DraftView
    comment: UUID
    picture: str
    talk: dict[str, str]
    mine: Place
    carer: Learner
    # Once somebody has a place at both: what her phone was handed for mine, and the uuid I had given her first.
    both: dict[str, Any] = field(default_factory=dict)
    fresh: UUID | None = None


@pytest.fixture
def world(app: Flask) -> World:
    sha = publish_modules("Falls")["falls"]
    hidden = set_up("Quetzalcoatl Care", "Zephyrine Adair", "zephyrine")
    victim = joined(hidden, "Xanthippe Nebuchadnezzar")
    team = providers.add_team(db.session(), hidden.provider.id, "Zephyrine round", now=utc_now())
    providers.set_teams(db.session(), hidden.provider.id, victim.member.person_id, [team.uuid], now=utc_now())
    providers.set_details(
        db.session(), hidden.provider.id, victim.member.person_id, reference="Q1", email="x@quetzalcoatl.example"
    )
    db.session.commit()
    victim.answers(sha, RIGHT, at=utc_now())
    victim.phone.send(db.session(), victim.phone.record("unheard.of", {"x": 1}), now=utc_now())
    ask_for(hidden, victim.member, "falls", in_days=-5)
    code = hidden.code_for(victim.member)
    passkey = a_passkey(victim.member.person_id)
    appointment, observation = something_seen(hidden, victim)
    needed = something_needed(hidden, victim)
    draft, comment, picture = a_module_of_their_own(hidden)
    mine = set_up("Bramble Home Care", "Priya Nair", "priya")
    return World(
        hidden=hidden,
        victim=victim,
        code=code,
        passkey=passkey,
        appointment=appointment,
        observation=observation,
        task=delegated(
            db.session(), victim.member, now=utc_now(), clinician="Zephyrine Ash", reach="Quetzalcoatl"
        ).uuid,
        draft=draft,
        comment=comment,
        picture=picture,
        talk=a_talk(hidden, victim) | needed | what_leaves(hidden, victim, sha),
        mine=mine,
        carer=joined(mine, "Ngozi Obi"),
    )


def a_module_of_their_own(place: Place) -> tuple[DraftView, UUID, str]:
    """A module the provider wrote and published, with words added to its draft since, a comment and a picture."""
    session = db.session()
    desk = Desk(session=session, provider=place.provider, amina=place.manager, ben=place.manager)
    draft = desk.start("Nebuchadnezzar and the gate", picture=True)
    authoring.add_media(
        session, place.provider.id, draft.uuid, "gate.svg", PICTURE, by=place.manager.person_id, now=utc_now()
    )
    desk.publish(draft)
    published = desk.open(draft)
    desk.save(published, published.text + "\n<!-- Zephyrine is not sure of this -->\n")
    comment = authoring.comment(
        session, place.provider.id, draft.uuid, 1, 1, "Xanthippe has the key", by=place.manager.person_id, now=utc_now()
    )
    session.commit()
    return desk.open(draft), comment, published.media[0].sha


def a_talk(place: Place, who: Learner) -> dict[str, str]:
    """A supervision with something agreed, a goal and a line of the induction: their uuids by the gaps they fill."""
    session, now, here, person = db.session(), utc_now(), place.provider.id, who.member.person_id
    new = NewMeeting(
        kind=MeetingKind.SUPERVISION,
        held_on=now.date(),
        led_by=place.manager.person_id,
        led_by_other="",
        shared="Xanthippe is tired",
        private="Zephyrine is worried",
        next_on=None,
        actions=(NewAction(text="Nebuchadnezzar rests", due=None),),
    )
    supervision.record_meeting(session, here, [person], new, now=now, today=now.date(), by=None)
    goal = supervision.add_goal(session, here, person, "Xanthippe learns the hoist", None, now=now, by=None)
    (meeting,) = supervision.meetings_of(session, here)
    item = supervision.first_visit_of(place.provider)
    supervision.tick(session, here, person, item, on=now.date(), now=now, today=now.date(), by=None)
    session.commit()
    return {
        "meeting": str(meeting.uuid),
        "action": str(meeting.actions[0].uuid),
        "goal": str(goal),
        "entry": str(goal),
        "item": str(item),
    }


def something_needed(place: Place, who: Learner) -> dict[str, str]:
    """A training, a job, a certificate, an exception and an evidence pack: their uuids by the gaps they fill."""
    session, now, here = db.session(), utc_now(), place.provider.id
    something_of(session, place.provider, who.member, now)
    asked = evidence.ask(session, here, scope(parts=("people",)), by=place.manager.person_id, now=now)
    made = session.scalars(select(Job).where(Job.uuid == asked.uuid)).one()
    made.state = "done"
    session.add(
        EvidencePack(
            job_id=made.id,
            provider_id=here,
            made_at=now,
            size=9,
            sha="0" * 64,
            manifest='{"files": []}',
            body=b"Zephyrine",
        )
    )
    session.commit()
    (given,) = requirements.outside(session, here, people=[who.member.person_id])
    (excepted,) = session.scalars(select(TrainingException).where(TrainingException.provider_id == here))
    return {
        "training": str(requirements.trainings(session, here)[0].uuid),
        "profile": str(requirements.profiles(session, here)[0].uuid),
        "outside": str(given.uuid),
        "exception": str(excepted.uuid),
        "pack": str(asked.uuid),
    }


def what_leaves(place: Place, who: Learner, sha: str) -> dict[str, str]:
    """Something of each way out and in: systems that are told, an issuer that is trusted, a passport that was taken in,
    a change that was suggested, and an account elsewhere: their uuids by the gaps they fill.
    """
    session, now, here, me = db.session(), utc_now(), place.provider.id, place.manager.person_id
    read_by, _ = feed.make_token(session, place.provider, "Zephyrine's rota", [feed.Field.NAME], now=now)
    told_others(session, place.provider, who.member, now)
    # Whose signatures somebody on this server trusts is public, not who trusts them, and why.
    document = {"id": "did:web:thistle.example", "verificationMethod": []}
    issuer = recognition.trust(session, here, document, "Thistle Care", "Xanthippe said so", now=now)
    kept = recognised.keep(
        session, here, who.member.person_id, statement(named=who.member.name, title="Zephyrine's"), now=now, by=me
    )
    suggested = Suggestion(
        uuid=uuid4(),
        provider_id=here,
        module="falls",
        sha=sha,
        publisher="Zephyrine",
        text="Nebuchadnezzar falls",
        reason="Xanthippe asked",
        started_at=now,
        changed_at=now,
    )
    session.add(suggested)
    account = identity.add_link(
        session, me, issuer="https://zephyrine.example", subject="quetzalcoatl", shown="Zephyrine", now=now
    )
    session.commit()
    return {
        "token": str(read_by.uuid),
        "webhook": str(webhooks.webhooks(session, here)[0].uuid),
        "store": str(stores(session, here)[0].uuid),
        "issuer": str(issuer),
        "statement": str(kept),
        "uuid": str(suggested.uuid),
        "link": str(account.uuid),
        "endorser": str(place.manager.person_uuid),
        # What a receipt or a link to a passport tells, it is meant to tell whoever holds it: here they are wrong ones.
        "receipt": "A" * 22,
    }


def something_seen(place: Place, victim: Learner) -> tuple[UUID, UUID]:
    """An assessor who was named, and what they saw of the victim, which waits for the manager; committed."""
    zephyr = place.add("Zephyrine Watcher", Role.ASSESSOR)
    appointment = appoint(db.session(), place.provider, zephyr, now=utc_now())
    phone = add_phone(db.session(), zephyr, now=utc_now())
    today = utc_now().date().isoformat()
    steps = {"standard": 13, "next_step": "Nebuchadnezzar again", "seen_on": today}
    made = saw(phone, victim.member.person_uuid, {"13.2a": "yes"}, **steps)
    phone.send(db.session(), made, now=utc_now())
    return appointment, UUID(made["id"])


def a_passkey(person_id: int) -> UUID:
    """A passkey of somebody; committed. Its halves are nobody's: it is only ever named."""
    row = Passkey(
        uuid=uuid4(),
        person_id=person_id,
        name="Xanthippe's phone",
        credential_id=b"credential",
        public_key=b"key",
        sign_count=0,
        added_at=utc_now(),
    )
    db.session.add(row)
    db.session.commit()
    return row.uuid


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


def addresses(app: Flask, world: World) -> Iterator[tuple[Rule, str, str]]:
    """Every route with the hidden provider's own names in it: rule, method, address."""
    values = {
        "person": str(world.victim.member.person_uuid),
        "team": str(providers.list_teams(db.session(), world.hidden.provider.id)[0].uuid),
        "module": "falls",
        "key": world.draft.key,
        "name": "today",
        "number": "1",
        "part": "1",
        "passkey": str(world.passkey),
        "appointment": str(world.appointment),
        "observation": str(world.observation),
        "task": str(world.task),
        "standard": "13",
        "record": str(world.victim.phone.made[0]["id"]),
        "phone": str(world.victim.phone.dev),
        "draft": str(world.draft.uuid),
        "comment": str(world.comment),
        "revision": "1",
        "ending": "svg",
        "form": "zip",
        "provider": str(world.hidden.provider.uuid),
        # Nobody has a badge yet, and no other server is followed.
        "credential": str(uuid4()),
        "source": str(uuid4()),
        **world.talk,
        # A code is meant to name its person to whoever holds it; here it is a wrong one.
        "code": "AAAA2222",
    }
    unnamed = gaps(app) - {*values, "sha"}
    assert not unnamed, f"say here what the hidden provider's own {unnamed} is, so that it is tried"
    yield from asked_for(app, {**values, "sha": world.draft.based_on or ""})
    yield from (each for each in asked_for(app, {**values, "token": "A" * 22}) if "/p/" in each[2])
    yield from (each for each in asked_for(app, {**values, "sha": world.picture}) if world.picture in each[2])


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
    for address in ("/api/v1/state", "/api/v1/catalogue", "/api/v1/catalogue?form=short", "/api/v1/summaries"):
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
