"""Sending: words into the app, and what goes beside it. Flushes; the edge commits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app import providers
from app.kernel import new_uuid7
from app.messages.acts import PUT_OFF
from app.messages.models import AutomaticNudges, Delivery, Message, MessageMark
from app.messages.rules import WEEK, held_back, may_go_at
from app.messages.types import Channel, HeldBack, Kind, Nudged, State, Why, Words


def send(
    session: Session,
    provider_id: int,
    person_id: int,
    *,
    text: str,
    kind: Kind,
    by: int | None,
    now: datetime,
    subject: Collection[str] = (),
) -> UUID:
    """Put words on a person's Today at once, and on their phone's lock screen where they asked for that.

    Returns the message's uuid. `by`: the person who says it, or None for the server itself. For a nudge, which has
    quiet hours and at most two a week, there is `nudge`. Of words about safety, only the newest of a subject stand.
    """
    if kind is Kind.NUDGE:
        raise ValueError("A nudge goes through nudge(), which keeps to quiet hours and two a week")
    words = {person_id: Words(text=text, subject=tuple(subject))}
    [uuid] = _add(session, provider_id, words, kind, {Channel.PUSH}, by=by, now=now, visible_from=now).values()
    return uuid


def nudge(
    session: Session,
    provider_id: int,
    words: Mapping[int, Words],
    channels: Collection[Channel],
    *,
    in_app: bool,
    by: int | None,
    now: datetime,
    occasion: str | None = None,
) -> Nudged:
    """Nudge people with these exact words, by person; in the app when `in_app`, and by `channels` beside it.

    In quiet hours it is kept and goes at eight. Who had two within a week, or said "Not this week", is held back, and
    the reply says so. However many people it is, and whoever else sends at the same moment, the limits hold.
    """
    one_at_a_time(session)
    held = standing_back(session, provider_id, words, now=now)
    going = {person: each for person, each in words.items() if person not in held}
    at = may_go_at(now)
    sent = _add(
        session,
        provider_id,
        going,
        Kind.NUDGE,
        set(channels),
        by=by,
        now=now,
        visible_from=at,
        in_app=in_app,
        occasion=occasion,
    )
    return Nudged(at=at, sent=sent, held=held)


def standing_back(session: Session, provider_id: int, people: Iterable[int], *, now: datetime) -> dict[int, HeldBack]:
    """Return who of these people is to get no nudge now, and why. Three statements, however many they are.

    Each provider counts its own: what another one sends is none of its business.
    """
    here = {member.person_id for member in providers.list_members(session, provider_id)}
    late: dict[int, list[datetime]] = defaultdict(list)
    recent = select(Message.person_id, Message.visible_from).where(
        Message.provider_id == provider_id, Message.kind == Kind.NUDGE, Message.visible_from > now - WEEK
    )
    for person, at in session.execute(recent):
        late[person].append(at)
    said: dict[int, datetime] = {}
    put_off = select(MessageMark.person_id, MessageMark.at).where(
        MessageMark.provider_id == provider_id, MessageMark.kind == PUT_OFF, MessageMark.at > now - WEEK
    )
    for person, at in session.execute(put_off):
        said[person] = max(at, said.get(person, at))
    found = {}
    for person in people:
        back = (
            HeldBack(why=Why.NOT_HERE, until=None)
            if person not in here
            else held_back(late[person], said.get(person), now)
        )
        if back is not None:
            found[person] = back
    return found


def switch_automatic(session: Session, provider_id: int, *, on: bool, by: int | None, now: datetime) -> bool:
    """Let the server nudge by itself at this provider, or no longer. Says whether that changed anything."""
    one_at_a_time(session)
    found = session.scalars(
        select(AutomaticNudges).where(AutomaticNudges.provider_id == provider_id, AutomaticNudges.ended_at.is_(None))
    ).one_or_none()
    if (found is not None) == on:
        return False
    if found is None:
        session.add(AutomaticNudges(provider_id=provider_id, since=now, by=by))
    else:
        found.ended_at, found.ended_by = now, by
    session.flush()
    return True


def one_at_a_time(session: Session) -> None:
    """Let nobody else send meanwhile, so that two senders cannot both give somebody their second nudge of the week.

    SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE messages IN SHARE ROW EXCLUSIVE MODE"))


def _add(
    session: Session,
    provider_id: int,
    words: Mapping[int, Words],
    kind: Kind,
    channels: Collection[Channel],
    *,
    by: int | None,
    now: datetime,
    visible_from: datetime,
    in_app: bool = True,
    occasion: str | None = None,
) -> dict[int, UUID]:
    """Add a message for each person and its deliveries: three statements, however many people."""
    uuids = {person: new_uuid7() for person in words}
    if not uuids:
        return {}
    rows = [
        {
            "uuid": uuids[person],
            "provider_id": provider_id,
            "person_id": person,
            "from_person": by,
            "kind": kind.value,
            "subject": list(each.subject),
            "text": each.text,
            "occasion": occasion,
            "in_app": in_app,
            "made_at": now,
            "visible_from": visible_from,
        }
        for person, each in words.items()
    ]
    session.execute(insert(Message), rows)
    ids = session.scalars(select(Message.id).where(Message.uuid.in_(list(uuids.values())))).all()
    # What is pasted by hand has gone once the words are shown; all else waits for the worker.
    going = [
        {
            "message_id": message,
            "channel": channel.value,
            "state": State.SENT if channel is Channel.COPY else State.WAITING,
            "not_before": now if kind is Kind.SAFETY else may_go_at(now),
            "tries": 0,
            "done_at": now if channel is Channel.COPY else None,
        }
        for message in ids
        for channel in sorted(channels)
    ]
    if going:
        session.execute(insert(Delivery), going)
    return uuids
