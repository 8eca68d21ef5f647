"""Presenters: evidence packs in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.compliance.evidence import PARTS, PackView, Verdict
from app.jobs import JobState
from app.web import words

# A worker looks twice a minute. One that has not looked for so long is not running.
NOBODY_CAME = timedelta(minutes=10)
REMOVED = {
    "age": "Removed, as it was kept long enough.",
    "asked": "Removed, as somebody asked for it.",
    "erased": "Removed, as somebody it may name was erased. Make it again: they are not in it then.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRow:
    """One pack of the list. `actions`: what can be done with it: "cancel", "again", "file", "remove"."""

    uuid: UUID
    title: str
    about: str
    asked: str
    state: str
    progress: int | None
    fingerprint: str
    actions: frozenset[str]

    @classmethod
    def of(cls, view: PackView, *, now: datetime) -> PackRow:
        """Make the row of one pack."""
        scope, job = view.scope, view.job
        chosen = "everyone" if scope.people is None else words.count(len(scope.people), "person", "people")
        parts = "all parts" if set(scope.parts) == PARTS.keys() else words.count(len(scope.parts), "part", "parts")
        return cls(
            uuid=job.uuid,
            title=f"As at {words.day(scope.as_at)}",
            about=f"What happened from {words.day(scope.since)} to {words.day(scope.until)}. "
            f"{chosen.capitalize()}, {parts}.",
            asked=f"Asked for {f'by {view.asked_by} ' if view.asked_by else ''}{words.moment(job.asked_at, now)}",
            state=_state(view, now),
            progress=round(100 * job.done / job.of) if job.state is JobState.RUNNING and job.of else None,
            fingerprint=view.sha,
            actions=_actions(view),
        )


def _state(view: PackView, now: datetime) -> str:
    job = view.job
    match job.state:
        case JobState.WAITING if now - job.asked_at > NOBODY_CAME:
            return "Nothing has begun this yet. The server's worker may not be running: tell whoever runs this server."
        case JobState.WAITING:
            return "Waiting. It begins within half a minute."
        case JobState.RUNNING:
            return f"Being made, step {min(job.done + 1, job.of)} of {job.of}. {job.words}" if job.of else "Being made."
        case JobState.FAILED:
            return f"Not made. {job.words}"
        case JobState.CANCELLED:
            return "Given up."
        case JobState.DONE:
            if view.removed_at is not None:
                return REMOVED[view.removed_why or "asked"]
            return f"Ready, {_size(view.size)}."


def _actions(view: PackView) -> frozenset[str]:
    match view.job.state:
        case JobState.WAITING | JobState.RUNNING:
            return frozenset({"cancel"})
        case JobState.FAILED | JobState.CANCELLED:
            return frozenset({"again"})
        case JobState.DONE:
            return frozenset({"file", "remove"} if view.removed_at is None else ())


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(1, round(size / 1_000))} kB"


def verdict_lines(verdict: Verdict) -> Sequence[str]:
    """Say what became of a pack since it was made."""
    lines = [f"{name} was changed." for name in verdict.changed]
    lines += [f"{name} is missing." for name in verdict.missing]
    lines += [f"{name} was added." for name in verdict.added]
    return lines
