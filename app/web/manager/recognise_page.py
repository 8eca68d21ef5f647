"""Presenters: the words and flags of the pages on which passports are taken in. Templates only place them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.credentials import KnownIssuer, Verdict
from app.interop import recognition
from app.interop.recognition import IssuerView, Item, Standing, Stranger, Targets
from app.kernel import day_of, utc_now
from app.recognised import Decision, RecognitionView
from app.requirements import TrainingView
from app.web import words

# What a verdict looks like: its sign and its colour.
LOOKS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.VALID: ("tick", "done"),
    Verdict.UNCHECKED: ("clock", "due"),
    Verdict.OUT_OF_DATE: ("clock", "late"),
    Verdict.WITHDRAWN: ("dash", "late"),
    Verdict.UNKNOWN_ISSUER: ("circle", "soft"),
    Verdict.ALTERED: ("warning", "late"),
}
STANDINGS: Mapping[Standing, tuple[str, str]] = {
    Standing.VALID: ("tick", "done"),
    Standing.UNCHECKED: ("clock", "due"),
    Standing.OUT_OF_DATE: ("clock", "late"),
    Standing.WITHDRAWN: ("dash", "late"),
    Standing.UNTRUSTED: ("warning", "late"),
}
STATES = {
    Decision.ACCEPTED: "Recognised",
    Decision.DECLINED: "Declined",
    Decision.WITHDRAWN: "Counts no more",
    Decision.UNTRUSTED: "Counts no more",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCard:
    """One part of a passport. `open`: something can be decided; `can_recognise`: not only to decline it."""

    mark: str
    title: str
    verdict: str
    sign: str
    look: str
    why: str
    facts: tuple[tuple[str, str], ...]
    open: bool
    can_recognise: bool
    other_name: str
    same: bool
    of_another: str
    here: str
    maps: str
    choice: str
    reason: str

    @classmethod
    def of(cls, item: Item, typed: Mapping[str, str]) -> ItemCard:
        """Choose the words. `typed`: what was filled in before, by field."""
        checked = item.checked
        sign, look = LOOKS[checked.verdict]
        verdict, why = checked.words, checked.reason
        if item.stranger and checked.name:
            sign, look, verdict = "circle", "soft", "Not by anybody you trust yet"
            host = recognition.host_of(item.did)
            why = f"Its signature fits the keys that {host} tells. Say whether you trust them."
        mapped = item.maps.key if item.maps is not None else ""
        usual = "recognise" if item.can_be_recognised and item.same_name and mapped and item.here is None else ""
        reason = recognition.ACCEPT_REASON if item.can_be_recognised else recognition.DECLINE_REASON
        facts = (
            ("Name in it", item.named or "none"),
            ("Signed by", f"{checked.issuer}, {recognition.host_of(item.did)}" if checked.issuer else ""),
            ("Awarded", words.day(item.statement.on) if item.statement else ""),
            ("Signed on", words.day(day_of(checked.issued_at)) if checked.issued_at else ""),
            ("Valid until", words.day(day_of(checked.valid_until)) if checked.valid_until else ""),
        )
        return cls(
            mark=item.mark,
            title=item.title,
            verdict=verdict,
            sign=sign,
            look=look,
            why=why,
            facts=tuple((name, value) for name, value in facts if value and checked.name),
            open=item.statement is not None,
            can_recognise=item.can_be_recognised,
            other_name="" if item.same_name or item.statement is None else (item.named or "no name"),
            same=typed.get(f"same-{item.mark}") == "yes",
            of_another=item.of_another,
            here=_here(item.here) if item.here is not None else "",
            maps=typed.get(f"maps-{item.mark}", mapped),
            choice=typed.get(f"choice-{item.mark}", usual),
            reason=typed.get(f"reason-{item.mark}", reason),
        )


def _here(view: RecognitionView) -> str:
    return f"Here already: {STATES[view.state].lower()} on {words.on(view.at)}. {view.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangerCard:
    """An issuer somebody may trust from now on. `mark` names its form's fields."""

    did: str
    mark: str
    name: str
    host: str
    fingerprint: str
    holds: bool
    reason: str

    @classmethod
    def of(cls, stranger: Stranger, typed: Mapping[str, str]) -> StrangerCard:
        """Choose the words."""
        return cls(
            did=stranger.did,
            mark=recognition.mark_of(stranger.did),
            name=stranger.name,
            host=stranger.host,
            fingerprint=stranger.fingerprint,
            holds=stranger.holds,
            reason=typed.get("reason", "") if typed.get("did") == stranger.did else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What a part may be chosen to stand in for: groups of a heading with pairs of a key and words."""

    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]

    @classmethod
    def of(cls, targets: Targets, trainings: Iterable[TrainingView]) -> Offered:
        """Gather them."""
        known = [(each.key, each.words) for each in targets.by_key.values()]
        asked = [
            (recognition.training_key(each.uuid), each.title) for each in trainings if each.elsewhere.value != "no"
        ]
        groups = (
            ("As a certificate for a training of your list", tuple(asked)),
            ("The Care Certificate", tuple(each for each in known if not each[0].startswith("module/"))),
            ("Modules", tuple(each for each in known if each[0].startswith("module/"))),
        )
        return cls(groups=tuple(group for group in groups if group[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedRow:
    """One statement that is kept. `standing`: what it is worth today, with its sign and colour."""

    uuid: UUID
    title: str
    state: str
    standing: str
    sign: str
    look: str
    facts: tuple[str, ...]
    reason: str
    counts: bool
    waits: bool

    @classmethod
    def of(cls, view: RecognitionView, issuer: KnownIssuer | None, by: str, titles: Mapping[str, str]) -> RecognisedRow:
        """Choose the words. `by`: the name of who decided."""
        worth = recognition.worth(view, issuer, utc_now())
        sign, look = STANDINGS[worth.standing]
        stands = view.stands if any((view.stands.modules, view.stands.practice, view.stands.outside)) else view.counted
        named = [titles.get(each, each) for each in stands.modules]
        facts = [
            f"Signed by {view.issuer_name}, {recognition.host_of(view.issuer)}",
            f"Awarded on {words.day(view.on)}",
            f"Name in it: {view.named or 'none'}",
        ]
        if view.valid_until:
            facts.append(f"Valid until {words.day(view.valid_until)}")
        if named:
            facts.append(f"Stands in for {words.listed(named)}")
        if stands.practice:
            facts.append(f"Practice: {words.count(len(stands.practice), 'line', 'lines')}")
        if stands.outside:
            facts.append("Counts as a training from elsewhere")
        decided = f"{STATES[view.state]} on {words.on(view.at)}" + (f" by {by}" if by else "")
        facts.append(decided + (", about themselves" if view.own else ""))
        return cls(
            uuid=view.uuid,
            title=view.title,
            state=STATES[view.state],
            standing=worth.words,
            sign=sign,
            look=look,
            facts=tuple(facts),
            reason=view.reason,
            counts=view.state is Decision.ACCEPTED,
            waits=view.state in (Decision.WITHDRAWN, Decision.UNTRUSTED),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerCard:
    """An issuer on the list of those a provider trusts or trusted."""

    uuid: UUID
    name: str
    host: str
    fingerprint: str
    offered: str
    facts: tuple[str, ...]
    trouble: str
    trusted: bool

    @classmethod
    def of(cls, view: IssuerView) -> IssuerCard:
        """Choose the words."""
        facts = [f"Trusted since {words.on(view.since)}: {view.reason}"]
        if view.ended_at is not None:
            facts.append(f"Ended on {words.on(view.ended_at)}: {view.ended_reason}")
        else:
            now = utc_now()
            facts.append(f"Looked at {words.moment(view.looked_at, now)}")
            if view.checked_at is not None:
                facts.append(f"Withdrawals known as of {words.moment(view.checked_at, now)}")
        return cls(
            uuid=view.uuid,
            name=view.name,
            host=view.host,
            fingerprint=view.fingerprint,
            offered=view.offered if view.ended_at is None else "",
            facts=tuple(facts),
            trouble=view.trouble if view.ended_at is None else "",
            trusted=view.ended_at is None,
        )
