"""What somebody has met, and whether what a credential rests on still holds. Pure; days come in with the facts.

Grounds are texts: `completion:<record>`, `observation:<record>:<criterion code>`, `sign-off:<uuid>`. A credential holds
as long as each of its grounds does. What lapses or is asked anew later takes nothing back: the Care Certificate does
not lapse, and an elective's own end stands in its credential.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.assessment import Method, SignOffView
from app.credentials.types import Endorser, Kind, Line, Met, Proof, Score

FRAMEWORK = "care-certificate-2025"
HOW = {
    Method.OBSERVATION: "watched at work",
    Method.DISCUSSION: "talked through",
    Method.PRODUCT: "shown by what they had made or written",
    Method.SIMULATION: "shown in a simulation",
}
WHY_GONE = {
    "completion": "A pass that it rests on was taken back.",
    "observation": "Practice that it rests on does not count any more.",
    "sign-off": "The sign-off that it rests on was withdrawn.",
}
PROVISIONAL = " Numbers of single lines are provisional: they are still to be compared with the official list."
NO_COMPETENCE = "It shows knowledge only. Whether somebody may do a task at work is their employer's decision."


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """A standard with its two kinds of lines."""

    number: int
    title: str
    knowledge: tuple[Line, ...]
    practice: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """A module somebody completed, by one record. `elective`: its topic belongs to no standard. `own`: whose it is."""

    record: UUID
    module: str
    title: str
    codes: frozenset[str]
    elective: bool
    own: UUID | None
    on: date
    score: int | None
    pass_mark: int | None
    valid_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A line that was shown at work, which still counts."""

    code: str
    observation: UUID
    on: date
    assessor: str
    method: Method
    by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one person at one provider: passes (the latest of each module last), practice, sign-offs."""

    passes: Sequence[Pass]
    seen: Mapping[str, Seen]
    holding: frozenset[str]
    sign_offs: Sequence[SignOffView]
    day_of_sign_off: Mapping[UUID, date]


def met(facts: Facts, standards: Iterable[Standard]) -> tuple[Met, ...]:
    """Return everything a person has met, the halves of each standard apart from each other and from its sign-off."""
    standards = tuple(standards)
    latest = {each.module: each for each in facts.passes}
    signed = {view.standard: view for view in facts.sign_offs}
    found: list[Met] = []
    for standard in standards:
        found += _knowledge(standard, latest.values())
        found += _practice(standard, facts.seen)
        if standard.number in signed:
            found.append(_standard(standard, signed[standard.number], facts))
    if None in signed and standards:
        found.append(_certificate(standards, signed[None], facts))
    found += [_elective(each) for each in latest.values() if each.elective]
    return tuple(found)


def why_gone(rests_on: Collection[str], holding: frozenset[str]) -> str | None:
    """Return in words why a credential's grounds do not hold any more; None when they do."""
    gone = next((each for each in rests_on if each not in holding), None)
    return None if gone is None else WHY_GONE[gone.partition(":")[0]]


def _knowledge(standard: Standard, passes: Iterable[Pass]) -> list[Met]:
    wanted = {line.code for line in standard.knowledge}
    used = sorted((each for each in passes if each.codes & wanted), key=lambda each: each.module)
    if not wanted or wanted - {code for each in used for code in each.codes}:
        return []
    return [
        Met(
            kind=Kind.KNOWLEDGE,
            achievement=f"{FRAMEWORK}/{standard.number}/knowledge",
            name=f"Standard {standard.number}, {standard.title}: knowledge",
            description=f"Knows what Care Certificate Standard {standard.number} asks people to know. "
            "Practice at work is shown by another credential.",
            criteria="Passed the questions of every module that covers the knowledge lines of this standard."
            + _provisional(standard.knowledge),
            on=max(each.on for each in used),
            rests_on=tuple(f"completion:{each.record}" for each in used),
            lines=standard.knowledge,
            scores=tuple(score for each in used for score in _scores(each)),
        )
    ]


def _practice(standard: Standard, seen: Mapping[str, Seen]) -> list[Met]:
    if not standard.practice or any(line.code not in seen for line in standard.practice):
        return []
    used = [seen[line.code] for line in standard.practice]
    proofs = {
        Proof(
            name=f"Seen on {each.on.isoformat()}",
            words=f"{each.assessor}, named an assessor by the employer, {HOW[each.method]}, {each.on.isoformat()}.",
        )
        for each in used
    }
    return [
        Met(
            kind=Kind.PRACTICE,
            achievement=f"{FRAMEWORK}/{standard.number}/practice",
            name=f"Standard {standard.number}, {standard.title}: practice observed",
            description=f"Was seen to do, at work, what Care Certificate Standard {standard.number} asks people to do.",
            criteria="An assessor named by the employer stated for every practice line of this standard that they saw "
            "it, and the statement counts." + _provisional(standard.practice),
            on=max(each.on for each in used),
            rests_on=tuple(f"observation:{each.observation}:{each.code}" for each in used),
            lines=standard.practice,
            proofs=tuple(sorted(proofs, key=lambda each: (each.name, each.words))),
            endorsers=_assessors(standard, used),
        )
    ]


def _assessors(standard: Standard, used: Sequence[Seen]) -> tuple[Endorser, ...]:
    """Return who saw which lines, each with words of fixed form: what they wrote down is nobody else's."""
    found: dict[UUID, dict[tuple[date, str], list[Seen]]] = {}
    for each in used:
        if each.by is not None:
            found.setdefault(each.by, {}).setdefault((each.on, HOW[each.method]), []).append(each)
    return tuple(
        Endorser(
            person=person,
            name=next(iter(times.values()))[0].assessor,
            role="assessor",
            words=f"I state that I saw this of Standard {standard.number}, {standard.title}: "
            + "; ".join(
                f"{', '.join(each.code for each in lines)}, {how}, {on.isoformat()}"
                for (on, how), lines in sorted(times.items())
            )
            + ".",
        )
        for person, times in sorted(found.items())
    )


def _standard(standard: Standard, view: SignOffView, facts: Facts) -> Met:
    return Met(
        kind=Kind.STANDARD,
        achievement=f"{FRAMEWORK}/{standard.number}/met",
        name=f"Standard {standard.number}, {standard.title}: standard met",
        description=f"The employer signed off Care Certificate Standard {standard.number}: knowledge and practice.",
        criteria="A manager decided that knowledge and practice of this standard are shown."
        + _provisional((*standard.knowledge, *standard.practice)),
        on=facts.day_of_sign_off[view.uuid],
        rests_on=(f"sign-off:{view.uuid}",),
        lines=(*standard.knowledge, *standard.practice),
        proofs=(_signed(view, facts),),
        endorsers=_manager(standard, view, facts),
    )


def _manager(standard: Standard, view: SignOffView, facts: Facts) -> tuple[Endorser, ...]:
    if view.by_uuid is None:
        return ()
    day = facts.day_of_sign_off[view.uuid].isoformat()
    words = f"I state that I signed off Standard {standard.number}, {standard.title}, knowledge and practice, on {day}."
    return (Endorser(person=view.by_uuid, name=view.by or "A manager", role="manager", words=words),)


def _certificate(standards: Sequence[Standard], view: SignOffView, facts: Facts) -> Met:
    return Met(
        kind=Kind.CERTIFICATE,
        achievement=f"{FRAMEWORK}/certificate",
        name="Care Certificate: every standard signed off",
        description=f"The employer signed off all {len(standards)} standards of the Care Certificate, 2025 edition. It "
        "is an induction into care, signed off by the employer; it is no accredited qualification.",
        criteria="A manager decided that knowledge and practice of every standard are shown.",
        on=facts.day_of_sign_off[view.uuid],
        rests_on=(f"sign-off:{view.uuid}",),
        # One line a standard: with all criteria it would be larger than others take in.
        lines=tuple(
            Line(code=str(each.number), text=f"Standard {each.number}: {each.title}", confirmed=True)
            for each in standards
        ),
        proofs=(_signed(view, facts),),
    )


def _elective(each: Pass) -> Met:
    whose = f"{each.own}/" if each.own else ""
    return Met(
        kind=Kind.ELECTIVE,
        achievement=f"module/{whose}{each.module}",
        name=f"{each.title}: module passed",
        description=f"Passed the module “{each.title}”. {NO_COMPETENCE}",
        criteria="Met the rule of the module, with its questions passed." if each.pass_mark else "Read every lesson.",
        on=each.on,
        rests_on=(f"completion:{each.record}",),
        scores=_scores(each),
        valid_until=each.valid_until,
        occasion=str(each.record) if each.valid_until else "",
    )


def _scores(each: Pass) -> tuple[Score, ...]:
    if each.score is None or each.pass_mark is None:
        return ()
    return (Score(module=each.module, title=each.title, reached=each.score, needed=each.pass_mark),)


def _signed(view: SignOffView, facts: Facts) -> Proof:
    day = facts.day_of_sign_off[view.uuid].isoformat()
    return Proof(name=f"Signed off on {day}", words=f"{view.by or 'A manager'}, manager, signed it off on {day}.")


def _provisional(lines: Iterable[Line]) -> str:
    return "" if all(line.confirmed for line in lines) else PROVISIONAL
