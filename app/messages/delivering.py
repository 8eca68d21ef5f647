"""Sending what waits, from a worker. Two workers, and one that is killed half way, are harmless.

`claim` says in the database who has what, and is committed before anything is sent. A claim that is not settled in ten
minutes is a worker's that stopped; another then sends again what may just have gone. A push or e-mail that comes twice
carries the same id, so that phones and mail programs show it once.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from app import identity, providers
from app.identity import Person
from app.messages.errors import NotDelivered
from app.messages.mail import MailServer, hand_over, letter
from app.messages.models import Delivery, Message, MessageMark, PushSubscription
from app.messages.push import Post, PushKey, push
from app.messages.rules import may_go_at
from app.messages.types import Channel, Kind, State

LOST_AFTER = timedelta(minutes=10)
AGAIN_AFTER = timedelta(minutes=15)
MOST_TRIES = 5
AT_ONCE = 20
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlets:
    """The ways out this server has. None: that one is not set up."""

    post: Post | None = None
    key: PushKey | None = None
    mail: MailServer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery this worker has, and the mark by which it is known as its own."""

    id: int
    claim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where one browser is reached."""

    id: int
    endpoint: str
    keys: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """All that is needed to send a delivery with the database left alone. `by`: whose message it is, in a word."""

    channel: Channel
    message: UUID
    by: str
    provider: str
    phones: tuple[Address, ...] = ()
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a delivery. `again`: it is worth another try. `gone`: browsers that have ended it."""

    state: State
    note: str | None = None
    again: bool = False
    gone: tuple[int, ...] = ()


def any_due(session: Session, *, now: datetime) -> bool:
    """Say whether anything is to be sent. Reads only."""
    return session.scalars(select(Delivery.id).where(_due(now)).limit(1)).first() is not None


def claim(session: Session, *, now: datetime) -> tuple[Claimed, ...]:
    """Take what is due, at most twenty, the oldest first. Commit before sending any of it."""
    mark = str(uuid4())
    query = select(Delivery.id).where(_due(now)).order_by(Delivery.id).limit(AT_ONCE)
    ids = list(session.scalars(query.with_for_update(skip_locked=True)))
    if not ids:
        return ()
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids))
        .values(claim=mark, claimed_at=now, tries=Delivery.tries + 1)
        .execution_options(synchronize_session=False)
    )
    return tuple(Claimed(id=each, claim=mark) for each in ids)


def prepare(session: Session, claimed: Claimed) -> Parcel | Outcome:
    """Gather what sending takes, or say why nothing is to be sent any more. Reads only."""
    row = session.execute(
        select(Delivery, Message)
        .join(Message, Delivery.message_id == Message.id)
        .where(Delivery.id == claimed.id, Delivery.claim == claimed.claim)
    ).one_or_none()
    if row is None:
        return Outcome(state=State.NOT_NEEDED)
    delivery, message = row
    if delivery.tries > MOST_TRIES:
        return Outcome(state=State.FAILED, note="It was tried five times.")
    member = providers.find_member(session, message.provider_id, message.person_id)
    provider = providers.find_provider(session, message.provider_id)
    if member is None or member.ended is not None or provider is None:
        return Outcome(state=State.NOT_NEEDED, note="They have left.")
    if _answered(session, message):
        return Outcome(state=State.NOT_NEEDED, note="They had seen it by then.")
    sender = select(providers.called(provider.id)).where(Person.id == message.from_person)
    name = session.scalars(sender).one_or_none()
    by = name.split()[0] if name else provider.name
    channel = Channel(delivery.channel)
    if channel is Channel.EMAIL:
        if not member.email:
            return Outcome(state=State.FAILED, note="There is no e-mail address for them any more.")
        return Parcel(channel=channel, message=message.uuid, by=by, provider=provider.name, email=member.email)
    phones = _phones(session, message.provider_id, message.person_id)
    if not phones:
        return Outcome(state=State.NOT_NEEDED, note="No phone of theirs shows messages.")
    return Parcel(channel=channel, message=message.uuid, by=by, provider=provider.name, phones=phones)


def carry(parcel: Parcel, outlets: Outlets, *, now: datetime) -> Outcome:
    """Send it. Knows no database: none is held meanwhile. Raises nothing: one odd address holds up no other."""
    try:
        if parcel.channel is Channel.EMAIL:
            return _by_mail(parcel, outlets)
        return _by_push(parcel, outlets, now)
    except Exception as error:
        # The kind only: an error's words may hold the address.
        kind = type(error).__name__
        logger.error("messages: %s %s could not be sent (%s).", parcel.channel.value, parcel.message, kind)
        return Outcome(state=State.FAILED, note=f"It could not be sent ({kind[:60]}).")


def settle(session: Session, claimed: Claimed, outcome: Outcome, *, now: datetime) -> bool:
    """Note what became of a delivery. Says whether it was still this worker's."""
    values: dict[str, object] = {"state": outcome.state.value, "note": outcome.note, "claim": None, "claimed_at": None}
    query = select(Delivery.tries, Message.kind).join(Message, Delivery.message_id == Message.id)
    tries, kind = session.execute(query.where(Delivery.id == claimed.id)).one_or_none() or (0, "")
    if outcome.again and tries < MOST_TRIES:
        later = now + AGAIN_AFTER * 2 ** (tries - 1)
        values |= {"state": State.WAITING.value, "not_before": later if kind == Kind.SAFETY else may_go_at(later)}
    else:
        values |= {"done_at": now}
    done = session.execute(
        update(Delivery)
        .where(Delivery.id == claimed.id, Delivery.claim == claimed.claim)
        .values(values)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    ).all()
    if outcome.gone:
        session.execute(
            update(PushSubscription)
            .where(PushSubscription.id.in_(outcome.gone))
            .values(ended_at=now)
            .execution_options(synchronize_session=False)
        )
    return bool(done)


def _due(now: datetime) -> ColumnElement[bool]:
    free = or_(Delivery.claimed_at.is_(None), Delivery.claimed_at < now - LOST_AFTER)
    return and_(Delivery.state == State.WAITING, Delivery.not_before <= now, free)


def _answered(session: Session, message: Message) -> bool:
    said = exists().where(MessageMark.message == message.uuid, MessageMark.person_id == message.person_id)
    return bool(session.scalar(select(said)))


def _phones(session: Session, provider_id: int, person_id: int) -> tuple[Address, ...]:
    """Return where a person's phones are reached; not those that were lost, or that they took themselves off."""
    alive = {phone.id for phone in identity.phones_of(session, person_id) if phone.revoked_at is None}
    rows = session.scalars(
        select(PushSubscription)
        .where(
            PushSubscription.person_id == person_id,
            PushSubscription.provider_id == provider_id,
            PushSubscription.ended_at.is_(None),
        )
        .order_by(PushSubscription.id)
    )
    return tuple(
        Address(id=row.id, endpoint=row.endpoint, keys=(row.browser_key, row.browser_secret))
        for row in rows
        if row.device_id in alive
    )


def _by_mail(parcel: Parcel, outlets: Outlets) -> Outcome:
    if outlets.mail is None:
        return Outcome(state=State.FAILED, note="This server sends no e-mail any more.")
    try:
        mail = letter(outlets.mail, to=parcel.email, by=parcel.by, provider=parcel.provider, message=parcel.message)
        hand_over(outlets.mail, mail)
    except ValueError:
        return Outcome(state=State.FAILED, note="The address cannot be written to.")
    except NotDelivered as error:
        return Outcome(state=State.FAILED, note=str(error)[:120], again=not error.for_good)
    return Outcome(state=State.SENT)


def _by_push(parcel: Parcel, outlets: Outlets, now: datetime) -> Outcome:
    """Send to each of a person's phones. It went when one of them was reached."""
    if outlets.post is None or outlets.key is None:
        return Outcome(state=State.FAILED, note="This server shows no messages on phones any more.")
    gone: list[int] = []
    last, reached, again = None, False, False
    for phone in parcel.phones:
        try:
            push(
                outlets.post,
                outlets.key,
                address=phone.endpoint,
                keys=phone.keys,
                words=f"A message from {parcel.by}",
                message=parcel.message,
                now=now,
            )
            reached = True
        except NotDelivered as error:
            last = str(error)[:120]
            again = again or not error.for_good
            if error.gone:
                gone.append(phone.id)
    if reached:
        return Outcome(state=State.SENT, gone=tuple(gone))
    return Outcome(state=State.FAILED, note=last, again=again, gone=tuple(gone))
