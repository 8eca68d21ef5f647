"""What answers say back to whoever writes: a module's questions by edition, and all that look hard or broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from app import catalogue, compliance, learning, sync
from app.content import queries as content
from app.extensions import db
from app.kernel import utc_now
from app.learning import EditionInsight, GoAt, QuestionInsight
from app.web import words
from app.web.access import allows, current_membership
from app.web.trainer.blueprint import WRITERS, bp

# Per cent right at the first try from which on no wrong answer can be chosen more often than the right one.
MISLEADS_BELOW = 50

KINDS = {
    "single": "Pick one",
    "multiple": "Pick all",
    "truefalse": "True or false",
    "ordering": "Put in order: who had each in its place",
    "matching": "Match: who matched each",
    "branching": "What next: where it ended",
    "reflection": "In your own words",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """A question worth a look. `why` says what of it."""

    key: str
    title: str
    edition: int
    words: str
    why: str


@bp.get("/modules/<key:key>/answers")
@allows(*WRITERS)
def answers(key: str) -> ResponseReturnValue:
    """Show how each question of a module fares with this provider's people, the newest edition first."""
    provider = current_membership().provider.id
    offered = {offer.edition.key: offer.edition.title for offer in catalogue.listing(db.session(), provider).offers}
    goes = learning.goes_of(db.session(), provider, key)
    if key not in offered and not goes:
        abort(404)
    editions = _by_module(goes, whole=True).get(key, [])
    return render_template(
        "trainer/answers.html",
        key=key,
        title=offered.get(key, key),
        editions=editions[::-1],
        fewest=learning.FEWEST,
        kinds=KINDS,
        took=[_took(edition) for edition in editions[::-1]],
    )


@bp.get("/answers")
@allows(*WRITERS)
def odd_questions() -> ResponseReturnValue:
    """List the questions of newest editions that look hard or broken."""
    provider, now = current_membership().provider.id, utc_now()
    (found, _), _ = compliance.remembered(
        db.session(), ("odd", provider), lambda: _odd(provider), people=lambda odd: odd[1], now=now
    )
    return render_template("trainer/odd-questions.html", found=found, fewest=learning.FEWEST)


def _odd(provider: int) -> tuple[Sequence[Odd], int]:
    """Return the questions, and how many people's answers they were found by."""
    offered = {offer.edition.key: offer.edition for offer in catalogue.listing(db.session(), provider).offers}
    found: list[Odd] = []
    goes = [go for go in learning.goes_of(db.session(), provider) if go.module in offered]
    for key, editions in _by_module(goes, whole=False).items():
        found += [
            Odd(key=key, title=offered[key].title, edition=editions[-1].number, words=each.words, why=_why(each))
            for each in editions[-1].questions
            if each.hard or each.broken
        ]
    return found, len({go.person_id for go in goes})


def _by_module(goes: Sequence[GoAt], *, whole: bool) -> dict[str, list[EditionInsight]]:
    """Work out each edition of each module, oldest first. `goes` come by module and edition.

    Unless `whole`, answers are read only where one could mislead.
    """
    session = db.session()
    shas = {go.sha for go in goes}
    published, studied = content.quizzes(session, shas), learning.studied_editions(session, shas)
    made: dict[str, list[EditionInsight]] = {}
    for (key, number), group in groupby(goes, key=lambda go: (go.module, go.edition)):
        mine = list(group)
        sha = mine[-1].sha
        if sha not in published:
            continue
        quiz = studied[sha].corrected[-1].quiz if studied[sha].corrected else studied[sha].quiz
        earlier = made.setdefault(key, [])
        before = earlier[-1] if earlier else None
        said = sync.answers_of(session, [go.record for go in mine]) if whole else {}
        one = learning.insight(published[sha].edition, quiz, mine, said, before, number=number)
        if not whole and any(each.right is not None and each.right < MISLEADS_BELOW for each in one.questions):
            said = sync.answers_of(session, [go.record for go in mine])
            one = learning.insight(published[sha].edition, quiz, mine, said, before, number=number)
        earlier.append(one)
    return made


def _why(question: QuestionInsight) -> str:
    right = f"{question.right} % right at the first try"
    if question.broken:
        return f"Broken? {right}. A wrong answer wins, or it was far easier before."
    return f"Hard: {right}."


def _took(edition: EditionInsight) -> str:
    if edition.seconds is None:
        return ""
    quick, middle, slow = (max(1, round(each / 60)) for each in edition.seconds)
    half = words.count(middle, "minute", "minutes")
    return f"Half need {half} or less, a quarter {quick} or less, and three quarters {slow} or less."
