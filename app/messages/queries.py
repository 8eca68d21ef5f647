"""Questions the screens ask about messages. Each starts from a provider or a person."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.identity import Person
from app.kernel import any_of_one
from app.messages.acts import PUT_OFF, READ
from app.messages.models import AutomaticNudges, Delivery, Message, MessageMark, PushSubscription
from app.messages.types import Channel, ForPhone, Kind, LogLine, Sent, State, Told
from app.providers import called

# What is older is no news. The log keeps it.
SHOWN_FOR = timedelta(days=30)
MOST_SHOWN = 5
LINES = 50
# Whether there is anything of a person: parts of one statement, asked with `provider`, `person` and `person_uuid`.
ANY_OF_ONE = {"messages": any_of_one(Message)}


def for_phone(session: Session, provider_id: int, person_id: int, *, now: datetime) -> tuple[ForPhone, ...]:
    """Return the messages a person's phone has to show: unread, not put off, of the last 30 days, the newest first.

    What is about safety comes before all else and stays, however old, until it is read: of each subject the newest
    word, as an older one may say the opposite. `by` is the first name of who sent it; the provider's own name stands
    for the server at the edge (None here as "").
    """
    by = aliased(Person)
    marked = and_(MessageMark.message == Message.uuid, MessageMark.person_id == person_id)
    done, read = exists().where(marked), exists().where(marked, MessageMark.kind == READ)
    rows = session.execute(
        select(Message, called(provider_id, by), read)
        .outerjoin(by, Message.from_person == by.id)
        .where(
            Message.person_id == person_id,
            Message.provider_id == provider_id,
            Message.in_app,
            Message.visible_from <= now,
            or_(Message.kind == Kind.SAFETY, and_(Message.visible_from > now - SHOWN_FOR, ~done)),
        )
        .order_by(Message.visible_from.desc(), Message.id.desc())
    )
    safety: dict[tuple[str, ...], tuple[Message, str, bool]] = {}
    others: list[tuple[Message, str, bool]] = []
    for message, name, was_read in rows:
        if message.kind == Kind.SAFETY:
            safety.setdefault(tuple(message.subject) or (str(message.uuid),), (message, name, was_read))
        else:
            others.append((message, name, was_read))
    return tuple(
        ForPhone(
            uuid=row.uuid,
            at=row.visible_from,
            by=name.split()[0] if name else "",
            text=row.text,
            nudge=row.kind == Kind.NUDGE,
            pinned=row.kind == Kind.SAFETY,
        )
        for row, name, was_read in (*safety.values(), *others[:MOST_SHOWN])
        if not was_read
    )


def told_of(session: Session, provider_id: int, person_id: int | None = None) -> dict[str, Told]:
    """Return the newest word about safety on each subject, and whether it was read; of one person when given.

    The staff are told of these alone whether they were read: somebody has to ring who has not. One statement.
    """
    read = (
        select(func.min(MessageMark.at))
        .where(
            MessageMark.message == Message.uuid,
            MessageMark.person_id == Message.person_id,
            MessageMark.kind == READ,
        )
        .scalar_subquery()
    )
    query = (
        select(Message.subject, Message.visible_from, read)
        .where(Message.provider_id == provider_id, Message.kind == Kind.SAFETY)
        .order_by(Message.id)
    )
    if person_id is not None:
        query = query.where(Message.person_id == person_id)
    return {subject: Told(at=at, read_at=seen) for subjects, at, seen in session.execute(query) for subject in subjects}


def log(
    session: Session,
    provider_id: int,
    *,
    person: int | None = None,
    before: int | None = None,
    made: tuple[datetime, int] | None = None,
    limit: int = LINES,
) -> tuple[LogLine, ...]:
    """Return what a provider sent to whom and when, the newest first. Two statements. `before`: the id of a line.

    `made`: the messages of one sending, by its moment and who sent it.
    """
    by, to = aliased(Person), aliased(Person)
    put_off = exists().where(
        and_(
            MessageMark.message == Message.uuid,
            MessageMark.person_id == Message.person_id,
            MessageMark.kind == PUT_OFF,
        )
    )
    query = (
        select(Message, to.uuid, called(provider_id, to), called(provider_id, by), put_off)
        .join(to, Message.person_id == to.id)
        .outerjoin(by, Message.from_person == by.id)
        .where(Message.provider_id == provider_id)
        # Not by the clock: it may be put back, and several servers have several.
        .order_by(Message.id.desc())
        .limit(limit)
    )
    if person is not None:
        query = query.where(Message.person_id == person)
    if before is not None:
        query = query.where(Message.id < before)
    if made is not None:
        query = query.where(Message.made_at == made[0], Message.from_person == made[1])
    rows = session.execute(query).all()
    sent: dict[int, list[Sent]] = defaultdict(list)
    for each in session.scalars(
        select(Delivery).where(Delivery.message_id.in_([row[0].id for row in rows])).order_by(Delivery.id)
    ):
        sent[each.message_id].append(
            Sent(channel=Channel(each.channel), state=State(each.state), at=each.done_at, note=each.note)
        )
    return tuple(
        LogLine(
            id=row.id,
            uuid=row.uuid,
            person=person_uuid,
            to=to_name,
            by=by_name,
            kind=Kind(row.kind),
            text=row.text,
            made_at=row.made_at,
            visible_from=row.visible_from,
            in_app=row.in_app,
            put_off=off,
            sent=tuple(sent[row.id]),
        )
        for row, person_uuid, to_name, by_name, off in rows
    )


def automatic_since(session: Session, provider_id: int) -> datetime | None:
    """Return since when the server nudges by itself at this provider, or None."""
    return session.scalars(
        select(AutomaticNudges.since).where(
            AutomaticNudges.provider_id == provider_id, AutomaticNudges.ended_at.is_(None)
        )
    ).one_or_none()


def automatic_providers(session: Session) -> tuple[int, ...]:
    """Return the providers at which the server nudges by itself."""
    rows = session.scalars(
        select(AutomaticNudges.provider_id)
        .where(AutomaticNudges.ended_at.is_(None))
        .order_by(AutomaticNudges.provider_id)
    )
    return tuple(rows)


def with_push(session: Session, provider_id: int) -> frozenset[int]:
    """Return which people of a provider have a phone that shows messages on its lock screen."""
    rows = session.scalars(
        select(PushSubscription.person_id).where(
            PushSubscription.provider_id == provider_id, PushSubscription.ended_at.is_(None)
        )
    )
    return frozenset(rows)
