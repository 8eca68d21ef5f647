"""Presenters of the page of other systems: what each reads or is told, how it goes, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.interop.feed import DEFAULT, Field, TokenView
from app.interop.webhooks import TO_PICK, Event, Tells, TryView, WebhookView
from app.interop.xapi import StoreView
from app.web import words

FIELD_WORDS: Mapping[Field, str] = {
    Field.REFERENCE: "Staff number",
    Field.NAME: "Name",
    Field.ROLES: "Roles here",
    Field.JOBS: "Jobs",
    Field.TEAMS: "Teams",
    Field.STARTED: "First day",
    Field.TRAININGS: "Each training they need, and where they stand with it",
    Field.DATES: "The dates of each training",
    Field.SIGN_OFFS: "What of the Care Certificate is signed off",
}
SHORT: Mapping[Field, str] = {
    **{each: said.lower() for each, said in FIELD_WORDS.items()},
    Field.TRAININGS: "trainings",
    Field.DATES: "their dates",
    Field.SIGN_OFFS: "sign-offs",
}
EVENT_WORDS: Mapping[Event, str] = {
    Event.LAPSED: "A training is overdue",
    Event.DUE_SOON: "A training is due soon",
    Event.IN_DATE: "A training is in date again, or needed no longer",
    Event.TEST: "A test",
}
TELLS_WORDS: Mapping[Tells, str] = {Tells.REFERENCE: "Staff number", Tells.NAME: "Name"}
LOOKS = {"done": ("tick", "done"), "wait": ("clock", "wait"), "late": ("warning", "late"), "soft": ("dash", "soft")}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Words with a sign and a look (see components/status.html)."""

    words: str
    look: str

    @property
    def sign(self) -> str:
        """The sign that goes with the look."""
        return LOOKS[self.look][0]


@dataclass(frozen=True, slots=True, kw_only=True)
class TryRow:
    """One try at telling something."""

    when: str
    what: str
    answer: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One other system. `actions`: pairs of an endpoint and the words of its button."""

    uuid: UUID
    name: str
    state: State
    facts: tuple[str, ...]
    trouble: str = ""
    tries: tuple[TryRow, ...] = ()
    actions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to tick."""

    id: str
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionsPage:
    """The page: those that read, those that are told, those that are given statements; and how many there were."""

    reading: tuple[Card, ...]
    told: tuple[Card, ...]
    given: tuple[Card, ...]
    ended: tuple[str, ...] = field(default=())

    @classmethod
    def of(
        cls,
        tokens: Sequence[TokenView],
        webhooks: Sequence[WebhookView],
        stores: Sequence[StoreView],
        *,
        now: datetime,
    ) -> ConnectionsPage:
        """Make the page."""
        ended = [
            *((each.name, each.ended_at, "read where people stand") for each in tokens if each.ended_at),
            *((each.name, each.ended_at, "was told of changes") for each in webhooks if each.ended_at),
            *((each.name, each.ended_at, "was given statements") for each in stores if each.ended_at),
        ]
        return cls(
            reading=tuple(_token(each, now) for each in tokens if not each.ended_at),
            told=tuple(_webhook(each, now) for each in webhooks if not each.ended_at),
            given=tuple(_store(each, now) for each in stores if not each.ended_at),
            ended=tuple(
                f"{name} {what}, until {words.on(at)}"
                for name, at, what in sorted(ended, key=lambda one: one[1], reverse=True)[:20]
            ),
        )


def field_choices(chosen: Sequence[str] | None) -> list[Choice]:
    """Return what a token may open; `chosen` is what was ticked, None before anything was."""
    ticked = [each.value for each in DEFAULT] if chosen is None else chosen
    return [
        Choice(id=f"field-{each.value}", value=each.value, label=said, chosen=each.value in ticked)
        for each, said in FIELD_WORDS.items()
    ]


def event_choices(chosen: Sequence[str] | None) -> list[Choice]:
    """Return what may be told of."""
    ticked = [Event.LAPSED.value, Event.IN_DATE.value] if chosen is None else chosen
    return [
        Choice(id=f"event-{number}", value=each.value, label=EVENT_WORDS[each], chosen=each.value in ticked)
        for number, each in enumerate(TO_PICK)
    ]


def tells_choices(chosen: Sequence[str] | None) -> list[Choice]:
    """Return what of a person may be told."""
    ticked = [Tells.REFERENCE.value] if chosen is None else chosen
    return [
        Choice(id=f"tells-{each.value}", value=each.value, label=said, chosen=each.value in ticked)
        for each, said in TELLS_WORDS.items()
    ]


def _token(token: TokenView, now: datetime) -> Card:
    used = token.last_used_at
    state = (
        State(words=f"Last read {words.moment(used, now)}", look="done")
        if used
        else State(words="Not used yet", look="soft")
    )
    return Card(
        uuid=token.uuid,
        name=token.name,
        state=state,
        facts=(
            f"May read: {words.listed([SHORT[each] for each in token.fields])}",
            f"Since {words.on(token.since)}",
        ),
        actions=(("connections.end_token", "End it"),),
    )


def _webhook(hook: WebhookView, now: datetime) -> Card:
    waiting = words.count(hook.waiting, "message waits", "messages wait")
    if hook.stopped_at:
        state = State(words=f"Stopped. {waiting.capitalize()}", look="late")
    elif hook.waiting:
        state = State(words=waiting.capitalize(), look="wait")
    elif hook.last:
        state = State(words=f"All told, last {words.moment(hook.last[0].at, now)}", look="done")
    else:
        state = State(words="Nothing told yet", look="soft")
    trouble = ""
    if hook.stopped_at:
        trouble = "It was tried for days. Ask whoever looks after that system, then send it again."
        if hook.last and hook.last[0].words:
            trouble = f"{trouble} It said: {hook.last[0].words}"
    elif hook.next_at and hook.waiting:
        trouble = f"The last try did not go through. The next is {_later(hook.next_at, now)}."
    again = (("connections.send_webhook_again", "Send it again"),) if hook.stopped_at or hook.next_at else ()
    test = () if hook.stopped_at else (("connections.try_webhook", "Send a test"),)
    return Card(
        uuid=hook.uuid,
        name=hook.name,
        state=state,
        facts=(
            f"Told when: {words.listed([EVENT_WORDS[each].lower() for each in hook.events])}",
            f"Of each person: {words.listed([TELLS_WORDS[each].lower() for each in hook.tells] or ['only their id'])}",
            hook.address,
        ),
        trouble=trouble,
        tries=tuple(_try(each, now) for each in hook.last),
        actions=(*again, *test, ("connections.end_webhook", "End it")),
    )


def _try(each: TryView, now: datetime) -> TryRow:
    answer = "No answer" if each.code is None else f"Answer {each.code}"
    return TryRow(
        when=words.moment(each.at, now),
        what=EVENT_WORDS[each.event],
        answer=f"{answer}. {each.words}" if each.words else answer,
        state=State(words="Told", look="done") if each.taken else State(words="Not told", look="late"),
    )


def _store(store: StoreView, now: datetime) -> Card:
    taken = words.count(store.told, "statement", "statements")
    if store.stopped_at:
        state = State(words=f"Stopped after {taken}", look="late")
    elif store.last_told_at:
        state = State(words=f"{taken} taken, last {words.moment(store.last_told_at, now)}", look="done")
    else:
        state = State(words="Nothing forwarded yet", look="soft")
    trouble = store.trouble
    if trouble and store.next_at:
        trouble = f"{trouble} The next try is {_later(store.next_at, now)}."
    again = (("connections.send_store_again", "Try again"),) if store.trouble else ()
    return Card(
        uuid=store.uuid,
        name=store.name,
        state=state,
        facts=(f"What happened from {words.day(store.from_day)} on", store.address),
        trouble=trouble,
        actions=(*again, ("connections.end_store", "End it")),
    )


def _later(at: datetime, now: datetime) -> str:
    return "at once" if at <= now else words.exact(at)
