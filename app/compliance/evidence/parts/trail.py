"""Who did what: the audit trail about people and learning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

from app import audit
from app.audit import ActorKind, Entry, Kind
from app.compliance.evidence.sources import Sources
from app.compliance.evidence.types import Part
from app.compliance.tables import Cell, table

KINDS = (Kind.PEOPLE, Kind.LEARNING)
AT_ONCE = 5_000
ACTORS = {
    ActorKind.PERSON: "a person who was erased",
    ActorKind.OPERATOR: "the person who runs this server",
    ActorKind.WORKER: "this server",
    ActorKind.NOBODY: "somebody",
}


def trail(sources: Sources) -> Part:
    """Return the trail of the time of the pack: about these people when some were chosen, else about all."""
    names = {member.person_uuid: member.name for member in sources.members}
    found = sorted((entry for kind in KINDS for entry in _entries(sources, kind)), key=lambda entry: entry.number)
    rows = [_row(entry, names, sources.now_known_as) for entry in found]
    return Part(
        key="trail",
        title="Who did what",
        intro="Every change to people, their roles and what they are asked to learn, by whom and when. The entries "
        "form a chain: one that is changed or taken out is found. Its last number and hash at the making of this pack "
        "stand on the first page.",
        tables=(
            table(
                "trail",
                "Who did what",
                [
                    ("number", "Number"),
                    ("at", "When (UTC)"),
                    ("action", "What"),
                    ("who", "Who"),
                    ("whom", "To whom"),
                    ("details", "Details"),
                    ("hash", "Hash"),
                ],
                rows,
            ),
        ),
    )


def _entries(sources: Sources, kind: Kind) -> Iterator[Entry]:
    chosen = None if sources.scope.people is None else {each.uuid for each in sources.staff}
    before = None
    while True:
        found = audit.entries(sources.session, provider=sources.provider.uuid, kind=kind, before=before, limit=AT_ONCE)
        for entry in found:
            if sources.within(entry.at) and (
                chosen is None or (entry.subject and sources.now_known_as(entry.subject) in chosen)
            ):
                yield entry
        if len(found) < AT_ONCE or found[-1].at < sources.since:
            return
        before = found[-1].number


def _row(entry: Entry, names: dict[UUID, str], now_known_as: Callable[[UUID], UUID]) -> list[Cell]:
    erased = ACTORS[ActorKind.PERSON]
    who = names.get(now_known_as(entry.actor.person), erased) if entry.actor.person else ACTORS[entry.actor.kind]
    whom = names.get(now_known_as(entry.subject), erased) if entry.subject else ""
    details = ", ".join(f"{key}: {value}" for key, value in sorted(entry.details.items()) if value is not None)
    return [entry.number, entry.at, entry.action, who, whom, details, entry.hash]
