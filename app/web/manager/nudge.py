"""Nudging: choose people, see the exact words each of them will read, send. The limits are told, never silent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from app import catalogue, compliance, messages
from app.compliance import Need, PersonSummary
from app.config import Settings
from app.extensions import db
from app.kernel import utc_now
from app.messages import Channel, HeldBack, Why, Words
from app.messages import words as nudge_words
from app.messages.outlets import push_key
from app.providers import MemberView, Role
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager.assign_many import suggested, suggestions_of
from app.web.manager.blueprint import noted
from app.web.manager.choosing import Choice, choice_of
from app.web.manager.messages import MessageLine, bp
from app.web.manager.news import news

IN_APP, TO_PASTE = "app", "copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What one person will read, or why they get nothing now."""

    name: str
    text: str
    held: str


def held_words(held: HeldBack, now: datetime) -> str:
    """Say why somebody gets no nudge now, and from when they may."""
    until = f" Again from {words.moment(held.until, now)}." if held.until else ""
    return {
        Why.TWO_THIS_WEEK: f"Had two reminders within a week.{until}",
        Why.NOT_THIS_WEEK: f'Said "Not this week".{until}',
        Why.NOT_HERE: "Has left.",
    }[held.why]


@bp.route("/nudge", methods=["GET", "POST"])
@allows(Role.MANAGER)
def nudge() -> ResponseReturnValue:
    """Choose people and words; see what each will read; then send it."""
    provider_id, now = current_membership().provider.id, utc_now()
    listing = catalogue.listing(db.session(), provider_id)
    overview = compliance.people_overview(db.session(), provider_id, chains=listing.chains(), now=now, news=news())
    typed = request.form if request.method == "POST" else request.args
    late = [each.member.person_uuid for each in overview if each.need is Need.OVERDUE and each.member.has_pin]
    choice = choice_of(provider_id, typed, usual=late)
    if "suggested" in request.args and request.method == "GET":
        choice = suggested(choice, suggestions_of(provider_id, listing.chains(), now))
    text = typed.get("text", nudge_words.USUAL).strip()
    how, ways = _ways(typed.get("how", IN_APP), typed.getlist("ways"))
    held = messages.standing_back(db.session(), provider_id, [m.person_id for m in choice.members], now=now)
    problems = Problems()
    if request.method == "POST":
        if not choice.chosen:
            problems.add("who", "Choose at least one person.")
        if mend := nudge_words.mend(text):
            problems.add("text", mend)
    titles = {each.edition.key: (each.edition.title, each.edition.minutes) for each in listing.offers}
    filled = _filled(choice, overview, titles, text)
    look = request.method == "POST" and not problems
    seen = _mark(provider_id, how, ways, filled) if look else ""
    if look and "send" in request.form and request.form.get("seen") == seen:
        return _send(choice, filled, how, ways, now)
    reach = messages.with_push(db.session(), provider_id)
    page = render_template(
        "manager/nudge.html",
        problems=problems,
        choice=choice,
        notes={m.person_uuid: held_words(held[m.person_id], now) for m in choice.members if m.person_id in held},
        text=text,
        how=how,
        ways=ways,
        offered=_offered(choice, reach),
        letters=[_letter(m, filled, held, now) for m in choice.chosen] if look else [],
        going=sum(member.person_id not in held for member in choice.chosen),
        consider=nudge_words.consider(text) if look else None,
        changed=look and "send" in request.form,
        seen=seen,
        waits=words.moment(messages.may_go_at(now), now) if messages.may_go_at(now) > now else "",
    )
    return page, 400 if problems else 200


def _mark(provider_id: int, how: str, ways: frozenset[Channel], filled: Mapping[int, Words]) -> str:
    """Return what stands for all that was seen before sending.

    The newest message here is part of it: a form sent a second time, as by loading the page again, is looked at only.
    """
    newest = [str(each.uuid) for each in messages.log(db.session(), provider_id, limit=1)]
    seen = [*newest, how, *sorted(ways), *(f"{person} {what.text}" for person, what in filled.items())]
    return sha256("\n".join(seen).encode()).hexdigest()


def _ways(how: str, ways: list[str]) -> tuple[str, frozenset[Channel]]:
    """Return how it goes, and the channels beside the app. Pasted text goes in no other way."""
    if how == TO_PASTE:
        return TO_PASTE, frozenset({Channel.COPY})
    return IN_APP, frozenset(each for each in (Channel.PUSH, Channel.EMAIL) if each.value in ways and _has(each))


def _has(channel: Channel) -> bool:
    settings: Settings = current_app.extensions["bv.settings"]
    if channel is Channel.EMAIL:
        return settings.mail is not None
    try:
        return push_key(settings) is not None
    except (ValueError, OSError):
        return False


def _offered(choice: Choice, reach: frozenset[int]) -> list[tuple[str, str, str]]:
    """Return the channels beside the app that this server has: the form's word, its label, and whom it reaches."""
    found = []
    if _has(Channel.PUSH):
        many = sum(member.person_id in reach for member in choice.members)
        found.append((Channel.PUSH.value, "Show it on the lock screen", f"{many} asked for that."))
    if _has(Channel.EMAIL):
        many = sum(bool(member.email) for member in choice.members)
        found.append((Channel.EMAIL.value, "Say so by e-mail", f"We have the address of {many}."))
    return found


def _filled(
    choice: Choice, overview: tuple[PersonSummary, ...], titles: Mapping[str, tuple[str, int]], text: str
) -> dict[int, Words]:
    """Return the exact words for each person chosen."""
    todo = {
        each.member.person_id: [d.module for d in (*each.overdue, *each.due_soon) if d.module in titles]
        for each in overview
    }
    found = {}
    for member in choice.chosen:
        modules = todo.get(member.person_id, [])
        what = nudge_words.about([titles[key] for key in modules])
        found[member.person_id] = Words(
            text=nudge_words.fill(text, name=member.name, what=what), subject=tuple(modules)
        )
    return found


def _letter(member: MemberView, filled: Mapping[int, Words], held: Mapping[int, HeldBack], now: datetime) -> Letter:
    back = held.get(member.person_id)
    return Letter(
        name=member.name, text=filled[member.person_id].text, held=held_words(back, now) if back is not None else ""
    )


def _send(
    choice: Choice, filled: Mapping[int, Words], how: str, ways: frozenset[Channel], now: datetime
) -> ResponseReturnValue:
    now = now.replace(microsecond=0)
    done = messages.nudge(
        db.session(),
        current_membership().provider.id,
        filled,
        ways,
        in_app=how == IN_APP,
        by=current_person().id,
        now=now,
    )
    for member in choice.chosen:
        if member.person_id in done.sent:
            noted("nudge.sent", member, channels=",".join(sorted({how, *ways})))
    db.session.commit()
    found = messages.log(
        db.session(), current_membership().provider.id, made=(now, current_person().id), limit=len(choice.members)
    )
    # On the reply itself: an address that named everybody held back would be longer than a server takes.
    return render_template(
        "manager/messages-sent.html",
        lines=[MessageLine.of(each, now) for each in found],
        to_paste=how == TO_PASTE and bool(found),
        held=[(m.name, held_words(done.held[m.person_id], now)) for m in choice.chosen if m.person_id in done.held],
        waits=next((words.moment(each.visible_from, now) for each in found if each.visible_from > now), ""),
    )
