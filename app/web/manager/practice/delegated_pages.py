"""Presenters: the words of the pages about delegated tasks. Templates only place them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app import messages
from app.assessment import delegation
from app.assessment.delegation import DelegationView, Standing
from app.extensions import db
from app.kernel import day_of, utc_now
from app.messages import Told
from app.providers import MemberView
from app.web import words

# Standing → word, sign, look.
STANDINGS = {
    Standing.VALID: ("May do it", "tick", "done"),
    Standing.SOON: ("Ends soon", "clock", "due"),
    Standing.ENDED: ("Ended", "warning", "late"),
    Standing.WITHDRAWN: ("Withdrawn", "dash", "late"),
}
REPLACED = ("Renewed", "updated", "soft")
# In the order of the overview: key of the address, words, what counts.
GROUPS: Mapping[str, tuple[str, Standing]] = {
    "ended": ("Ended: not renewed", Standing.ENDED),
    "soon": (f"Ends within {delegation.SOON_DAYS} days", Standing.SOON),
    "may": ("May do it now", Standing.VALID),
    "withdrawn": ("Withdrawn", Standing.WITHDRAWN),
}
MOST = 200
SHOWN_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One paper of a person. `until`: the day that matters; `read`: whether they read that it was withdrawn."""

    uuid: UUID
    person: UUID
    name: str
    title: str
    state: tuple[str, str, str]
    until: str
    facts: tuple[tuple[str, str], ...]
    withdrawn: str
    read: str
    can_withdraw: bool
    can_bring_back: bool
    can_renew: bool

    @classmethod
    def of(cls, view: DelegationView, member: MemberView, told: Mapping[str, Told], now: datetime) -> TaskRow:
        """Put a paper into words."""
        gone, here = view.withdrawn, member.ended is None
        by = f" by {gone.by}" if gone and gone.by else ""
        noted_by = ", by themselves" if view.own else f" by {view.by}" if view.by else ""
        return cls(
            uuid=view.uuid,
            person=member.person_uuid,
            name=member.name,
            title=f"{view.task}, for {view.alias}",
            state=REPLACED if view.replaced else STANDINGS[view.standing],
            until=f"On {words.day(day_of(gone.at))}" if gone else f"Until {words.day(view.valid_until)}",
            facts=(
                ("Limits", view.limits),
                ("Found competent by", f"{view.clinician}, {view.profession}, {view.organisation}"),
                ("How to reach them", view.reach),
                ("Seen competent on", words.day(view.seen_on)),
                *((("Rests on", view.rests_on),) if view.rests_on else ()),
                ("Noted", f"{words.day(day_of(view.at))}{noted_by}"),
            ),
            withdrawn=f"Withdrawn {words.moment(gone.at, now)}{by}: {gone.reason}" if gone else "",
            read=_read(told.get(messages.subject_of(view)), gone.at, now) if gone and not view.replaced else "",
            can_withdraw=here and not view.replaced and view.standing.may,
            can_bring_back=here and gone is not None and not view.replaced and view.valid_until >= day_of(now),
            can_renew=here and not view.replaced,
        )


def _read(told: Told | None, since: datetime, now: datetime) -> str:
    if told is None or told.at < since:
        return ""
    if told.read_at is None:
        return "They have not said yet that they read it. Ring them if a visit is near."
    return f"Read on their phone, {words.moment(told.read_at, now)}."


def rows_of(provider_id: int, members: Mapping[int, MemberView], *, newest: bool = False) -> list[TaskPair]:
    """Return the papers of these people, the newest first; `newest` leaves out what was renewed. Two statements."""
    session, now = db.session(), utc_now()
    ask = delegation.in_force if newest else delegation.of
    alone = next(iter(members)) if len(members) == 1 else None
    found = ask(session, provider_id, None if alone is None else [alone], day_of(now))
    told = messages.told_of(session, provider_id, alone)
    return [
        (each, TaskRow.of(each, members[each.person_id], told, now))
        for each in reversed(found)
        if each.person_id in members
    ]


TaskPair = tuple[DelegationView, TaskRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Who may do what, until when. `groups`: title and rows; `more`: how many are not shown; `any`: there is one."""

    groups: tuple[tuple[str, tuple[TaskRow, ...]], ...]
    more: int
    any: bool

    @classmethod
    def of(cls, pairs: Sequence[TaskPair], *, search: str, state: str, everything: bool) -> Overview:
        """Sift and sort. What ended or was withdrawn more than 90 days ago is shown when it is asked for."""
        fits = sifted(pairs, search=search, state=state)
        day = day_of(utc_now()) - SHOWN_FOR
        news = [pair for pair in fits if state in GROUPS or _over_since(pair[0]) >= day]
        shown = fits if everything else news[:MOST]
        return cls(
            groups=tuple(
                (title, found)
                for title, standing in GROUPS.values()
                if (found := tuple(row for view, row in shown if view.standing is standing))
            ),
            more=len(fits) - len(shown),
            any=bool(pairs),
        )


def sifted(pairs: Sequence[TaskPair], *, search: str, state: str) -> list[TaskPair]:
    """Return what fits, in the order of the groups, what ends first before the rest.

    A task fits when its carer, words and alias hold every word of the search, and it stands where `state` says.
    """
    sought = search.casefold().split()
    places = [standing for key, (_, standing) in GROUPS.items() if key == state or state not in GROUPS]
    fits = [
        (view, row)
        for view, row in pairs
        if view.standing in places and all(word in f"{row.name} {row.title}".casefold() for word in sought)
    ]
    return sorted(fits, key=lambda pair: (places.index(pair[0].standing), pair[0].valid_until, pair[1].name.casefold()))


def _over_since(view: DelegationView) -> date:
    return day_of(view.withdrawn.at) if view.withdrawn else view.valid_until


def waiting_words(provider_id: int) -> str:
    """Say what of delegated tasks a manager has to see to: what ended of late, and what ends soon. One statement."""
    today = day_of(utc_now())
    views = delegation.in_force(db.session(), provider_id, None, today)
    ended = sum(each.standing is Standing.ENDED and _over_since(each) >= today - SHOWN_FOR for each in views)
    soon = sum(each.standing is Standing.SOON for each in views)
    said = [words.count(ended, "delegated task has ended", "delegated tasks have ended")] if ended else []
    said += [words.count(soon, "delegated task ends soon", "delegated tasks end soon")] if soon else []
    return words.listed(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What a person's page says: what counts now, and the way to the rest."""

    uuid: UUID
    rows: tuple[TaskRow, ...]


def delegated_section(provider_id: int, member: MemberView) -> Section:
    """Return the section of a person's page. Two statements."""
    rows = rows_of(provider_id, {member.person_id: member}, newest=True)
    return Section(uuid=member.person_uuid, rows=tuple(row for _, row in rows))
