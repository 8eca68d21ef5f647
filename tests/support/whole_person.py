"""A person with something in every table that can hold something of a person, each marked so that it can be found."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app import audit, authoring, identity, learning, providers, supervision, sync
from app.assessment import delegation
from app.identity import Passkey, RecoveryCode, TotpSecret
from app.kernel import new_uuid7
from app.providers import MemberView, ProviderView, RegisteredManager
from app.supervision import MeetingKind, NewAction, NewMeeting
from tests.support.credentials import issued_something
from tests.support.delegated import delegated
from tests.support.editions import edition
from tests.support.messaged import sent_something
from tests.support.other_systems import told_others
from tests.support.passport import shared_something
from tests.support.practice import seen_at_work
from tests.support.publishing import publish
from tests.support.recognition import recognised_something
from tests.support.required import something_of
from tests.support.world import NOW, Phone, add_person, add_phone

WORDS = "I was frightened on the stairs"
KEY = b"a key for tests, and for nothing else at all"


def whole_person(
    session: Session, provider: ProviderView, name: str = "Ngozi Canary", *, decided_by: int | None = None
) -> tuple[MemberView, Phone]:
    """Add the person; committed. Every table of `app.privacy.EXPORTED` then has a row of theirs.

    `decided_by`: a manager, where there is one: nobody decides about themselves then.
    """
    member = add_person(session, provider, name)
    now = NOW
    identity.set_sign_in_name(session, member.person_id, f"sign-in-canary-{member.person_id}")
    identity.set_pin(session, member.person_id, "274913")
    learning.assign(session, provider.id, member.person_id, "assigned-canary", due=None, now=now)
    learning.reset_attempts(session, provider.id, member.person_id, "reset-canary", now=now)
    providers.issue_invite(session, provider.id, member.person_id, secret=KEY, now=now)
    session.execute(
        insert(TotpSecret).values(person_id=member.person_id, sealed="sealed-secret", added_at=now, last_step=1)
    )
    session.execute(
        insert(Passkey).values(
            uuid=new_uuid7(),
            person_id=member.person_id,
            name="passkey-canary",
            credential_id=f"credential-secret-{member.person_id}".encode(),
            public_key=b"public-secret",
            sign_count=0,
            added_at=now,
        )
    )
    session.execute(insert(RecoveryCode).values(person_id=member.person_id, hash="recovery-secret", made_at=now))
    account = {"issuer": "https://work.example", "subject": f"subject-{member.person_id}", "shown": "outside-canary"}
    identity.add_link(session, member.person_id, **account, now=now)
    teams = providers.list_teams(session, provider.id) or (providers.add_team(session, provider.id, "North", now=now),)
    providers.set_teams(session, provider.id, member.person_id, [team.uuid for team in teams], now=now)
    session.execute(
        insert(RegisteredManager).values(
            provider_id=provider.id, person_id=member.person_id, since=now - timedelta(days=9), ended_at=now
        )
    )
    supervised(session, provider, member)
    audit.note(
        session,
        "goes.reset",
        actor=audit.OPERATOR,
        now=now,
        provider=provider.uuid,
        subject=member.person_uuid,
        details={"module": "trail-canary"},
    )
    draft = authoring.start(session, provider.id, member.person_id, "draft-canary", "Visits", now=now)
    authoring.comment(session, provider.id, draft.uuid, 1, 1, "comment-canary", by=member.person_id, now=now)
    something_of(session, provider, member, now)
    task = delegated(session, member, now=now, by=member.person_id, limits="limits-canary")
    reason = "withdrawn-canary"
    delegation.withdraw(session, provider.id, member.person_id, task.uuid, reason=reason, now=now, by=member.person_id)
    phone = add_phone(session, member, now=now)
    sha = publish(session, edition(f"module-{member.person_id}"))
    seen_at_work(session, provider, member, phone)
    issued_something(session, provider, member)
    recognised_something(session, provider, member, by=decided_by)
    shared_something(session, provider, member)
    told_others(session, provider, member, now)
    first = phone.answered(sha, {"first-thing": ["b"]}, app="record-canary")
    words = {"module": "m", "edition_no": 1, "question": "q", "shared_with": "assessor", "text": f"{WORDS} {name}"}
    phone.send(
        session,
        first,
        phone.read_lesson(sha),
        phone.record("reflection.saved", words, edition=sha),
        phone.record("goal.saved", {"goal": str(new_uuid7()), "text": "goal-canary", "by": None, "done": False}),
        phone.record("held.canary"),
        now=now,
    )
    sent_something(session, provider, member, phone, now)
    phone.send(session, {**first, "app": "variant-canary"}, now=now + timedelta(minutes=1))
    key = f"module-{member.person_id}"
    sync.correct(session, key, 1, "first-thing", ["a"], reason=f"erratum-canary of {key}", now=now)
    by = decided_by or member.person_id
    learning.decide_pass(session, provider.id, member.person_id, UUID(first["id"]), stands=True, now=now, by=by)
    session.commit()
    return member, phone


def supervised(session: Session, provider: ProviderView, member: MemberView) -> None:
    """A supervision with something agreed and done, a goal of a manager's, and a line of the induction."""
    new = NewMeeting(
        kind=MeetingKind.SUPERVISION,
        held_on=NOW.date(),
        led_by=member.person_id,
        led_by_other="",
        shared="shared-canary",
        private="private-canary",
        next_on=None,
        actions=(NewAction(text="agreed-canary", due=None),),
    )
    me, here, today = member.person_id, provider.id, NOW.date()
    supervision.record_meeting(session, here, [me], new, now=NOW, today=today, by=me)
    supervision.add_goal(session, here, me, "managers-goal-canary", None, now=NOW, by=me)
    line = supervision.first_visit_of(provider)
    supervision.tick(session, here, me, line, on=today, now=NOW, today=today, by=me, with_id=me)
