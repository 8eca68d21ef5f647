"""Figures that help: who needs the manager, what many miss, what is not yet shown, induction, and minutes for pay.

Nobody is ranked, and nothing is counted against anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from app import catalogue, compliance, learning, providers
from app.compliance import InductionTime, MissedQuestion, Need, NotYetStandard, PersonSummary, tables
from app.extensions import db
from app.kernel import begin_write, day_of, utc_now
from app.providers import Role
from app.web import words
from app.web.access import allows, current_membership
from app.web.manager.blueprint import noted
from app.web.manager.library import library_of
from app.web.manager.matrix_page import Pages
from app.web.manager.news import news
from app.web.manager.waiting import waiting

bp = Blueprint("figures", __name__, url_prefix="/staff/figures")

MOST_MISSED = 10
MOST_NOT_YET = 5
PERIODS = (12, 6, 3)  # months; the first is shown unless another is asked for
NAMED = 5
NEEDS = (
    (Need.OVERDUE, "Something is overdue"),
    (Need.NOT_JOINED, "Waiting to join"),
    (Need.NEEDS_WATCHING, "To be seen in practice"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedLine:
    """One thing people wait for: its words, how many they are, and the first of them.

    `state`: what the list of people calls it, which has all of them.
    """

    words: str
    state: str
    count: int
    people: tuple[tuple[UUID, str], ...]


@bp.get("")
@allows(Role.MANAGER)
def page() -> ResponseReturnValue:
    """Show the figures."""
    provider_id, now = current_membership().provider.id, utc_now()
    session = db.session()
    chains = library_of(provider_id).chains
    people = compliance.people_overview(session, provider_id, chains=chains, now=now, news=news())
    month = compliance.month_of_pay(session, provider_id, learning.month_of(now))
    months = _period()
    return render_template(
        "manager/figures.html",
        needs=_needs(people),
        waiting=waiting(provider_id, people, now=now),
        missed=_missed(now, len(people)),
        not_yet=_not_yet(now, len(people), months),
        months=months,
        periods=PERIODS,
        induction=_induction(now),
        fewest=learning.FEWEST,
        month=f"{month.first:%B %Y}",
        total=words.count(month.total, "minute", "minutes"),
        learned=words.count(month.people, "person", "people"),
    )


@bp.get("/handout")
@allows(Role.MANAGER)
def handout() -> ResponseReturnValue:
    """Show the chosen questions as a sheet to print; all of them when none is chosen."""
    chosen = set(request.args.getlist("question"))
    provider_id, now = current_membership().provider.id, utc_now()
    people = len(providers.list_members(db.session(), provider_id))
    missed = [each for each in _missed(now, people) if not chosen or name_of(each) in chosen]
    return render_template("manager/handout.html", missed=missed, provider=current_membership().provider.name)


@bp.get("/minutes")
@allows(Role.MANAGER)
def minutes() -> ResponseReturnValue:
    """Show a month's minutes, fifty people at a time."""
    months = compliance.months_until(utc_now())
    first = _month(months)
    month = compliance.month_of_pay(db.session(), current_membership().provider.id, first)
    number = request.args.get("page", "1")[:6]
    pages = Pages.of_rows(len(month.lines), max(1, int(number)) if number.isascii() and number.isdigit() else 1)
    return render_template(
        "manager/figures-minutes.html",
        month=month,
        name=f"{first:%B %Y}",
        lines=month.lines[max(0, pages.first - 1) : pages.last],
        pages=pages,
        chosen=f"{first:%Y-%m}",
        months=[(f"{each:%Y-%m}", f"{each:%B %Y}") for each in months],
    )


@bp.get("/minutes.csv")
@allows(Role.MANAGER)
def minutes_csv() -> ResponseReturnValue:
    """Send a month's minutes of everybody, for payroll."""
    first = _month(compliance.months_until(utc_now()))
    month = compliance.month_of_pay(db.session(), current_membership().provider.id, first)
    headers = {
        "Content-Disposition": f"attachment; filename=minutes-{first:%Y-%m}.csv",
        "Cache-Control": "no-store",
    }
    body = tables.to_csv(compliance.pay_table(month))
    begin_write(db.session())
    noted("export.fetched", what="minutes")
    db.session.commit()
    return current_app.response_class(body, mimetype="text/csv; charset=utf-8", headers=headers)


def name_of(question: MissedQuestion) -> str:
    """Return what an address calls a question."""
    return f"{question.module}/{question.question}"


def _missed(now: datetime, people: int) -> tuple[MissedQuestion, ...]:
    """Return what a provider of so many people most often misses."""
    session, provider_id = db.session(), current_membership().provider.id
    shas = [offer.edition.sha for offer in catalogue.listing(session, provider_id).offers]
    found, _ = compliance.remembered(
        session,
        ("missed", provider_id, tuple(shas)),
        lambda: compliance.missed_questions(session, provider_id, shas, limit=MOST_MISSED),
        people=lambda _: people,
        now=now,
    )
    return found


def _period() -> int:
    """Return how many months the address asks about: one of those offered, else the first."""
    asked = request.args.get("months", "")[:3]
    return next((each for each in PERIODS if str(each) == asked), PERIODS[0])


def _not_yet(now: datetime, people: int, months: int) -> tuple[NotYetStandard, ...]:
    """Return which standards assessors of a provider of so many people most often said "not yet" about."""
    session, provider_id, today = db.session(), current_membership().provider.id, day_of(now)
    since = learning.add_months(today, -months)
    found, _ = compliance.remembered(
        session,
        ("not-yet", provider_id, today, months),
        lambda: compliance.most_often_not_yet(session, provider_id, since=since, until=today, limit=MOST_NOT_YET),
        people=lambda _: people,
        now=now,
    )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class InductionWords:
    """How induction goes. `median` and `range` are empty where fewer than five had their first visit alone."""

    started: str
    waiting: str
    median: str
    range: str

    @classmethod
    def of(cls, found: InductionTime) -> InductionWords:
        """Put it into words."""
        middle, fewest, most = found.days or (0, 0, 0)
        return cls(
            started=words.count(found.started, "carer", "carers") if found.started else "",
            waiting=words.count(found.waiting, "carer still waits", "carers still wait") if found.waiting else "",
            median=_days(middle) if found.days else "",
            range=("each of them took " + _days(most) if fewest == most else f"from {fewest} to {_days(most)}")
            if found.days
            else "",
        )


def _days(number: float) -> str:
    return "1 day" if number == 1 else f"{number:g} days"


def _induction(now: datetime) -> InductionWords:
    found = compliance.induction_time(db.session(), current_membership().provider, today=day_of(now))
    return InductionWords.of(found)


def _needs(people: Sequence[PersonSummary]) -> list[NeedLine]:
    found = []
    for need, what in NEEDS:
        theirs = [person.member for person in people if person.need is need]
        if theirs:
            named = tuple((each.person_uuid, each.name) for each in theirs[:NAMED])
            found.append(NeedLine(words=what, state=need.value, count=len(theirs), people=named))
    return found


def _month(offered: Sequence[date]) -> date:
    """Return the month the address asks for: one of those offered, else the present one."""
    asked = request.args.get("month", "")[:7]
    return next((each for each in offered if f"{each:%Y-%m}" == asked), offered[0])
