"""Two providers on one server, and of the first something for every gap in every address of the application."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from app import authoring, identity, providers, recognised, requirements, supervision
from app.authoring import DraftView
from app.compliance import evidence
from app.compliance.models import EvidencePack
from app.extensions import db
from app.identity.models import Passkey
from app.interop import feed, recognition, webhooks
from app.interop.suggesting.models import Suggestion
from app.interop.xapi.stores import stores
from app.jobs.models import Job
from app.kernel import utc_now
from app.providers import Role
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
from tests.support.routes import asked_for, gaps
from tests.support.website import Place, set_up
from tests.support.world import add_phone


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


def make_world() -> World:
    """Both of them, and everything the first has; committed."""
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
        "names": str(world.draft.based_on),
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
