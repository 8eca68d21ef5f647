"""What a draft was: its revisions, what differs between two of them, and bringing one back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.authoring import rows
from app.authoring.drafts import put_in_force
from app.authoring.errors import NoRevision
from app.authoring.media import bring_back_media
from app.authoring.models import DraftRevision
from app.authoring.types import Came, DiffLine, RevisionLine, Saved
from app.content.source import media_names

# Lines that are the same on both sides are shown this far around each change.
AROUND = 3
# Where so many lines or words on both sides are alike, nobody asks which of them stayed; and comparing each with each,
# again and again, would take minutes. What a module may hold has far fewer.
MANY_PAIRS = 50_000


def history(session: Session, provider_id: int, uuid: UUID) -> tuple[RevisionLine, ...]:
    """Return every revision of a draft, the newest first, those kept beside included. Raises NoDraft."""
    row = rows.find(session, provider_id, uuid)
    found = session.scalars(
        select(DraftRevision).where(DraftRevision.draft_id == row.id).order_by(DraftRevision.revision.desc())
    ).all()
    who = rows.names(session, provider_id, [each.by for each in found])
    return tuple(
        RevisionLine(
            revision=each.revision,
            by=who.get(each.by, ""),
            at=each.at,
            came=Came(each.came),
            aside=each.aside,
            on_top_of=each.on_top_of,
            number=each.number,
            in_force=each.revision == row.revision,
        )
        for each in found
    )


def revision_text(session: Session, provider_id: int, uuid: UUID, revision: int) -> str:
    """Return the text of one revision. Raises NoDraft, NoRevision."""
    row = rows.find(session, provider_id, uuid)
    return _revision(session, row.id, revision).text


def difference(session: Session, provider_id: int, uuid: UUID, before: int, after: int) -> tuple[DiffLine, ...]:
    """Return what differs between two revisions, by line, with some lines around. Raises NoDraft, NoRevision."""
    row = rows.find(session, provider_id, uuid)
    old, new = _revision(session, row.id, before).text, _revision(session, row.id, after).text
    return difference_of(old, new)


def difference_of(old: str, new: str) -> tuple[DiffLine, ...]:
    """Return what differs between two texts, by line, with some lines around. Empty when nothing does."""
    return tuple(_cut(tuple(diff_lines(old, new))))


def restore(session: Session, provider_id: int, uuid: UUID, revision: int, *, by: int, now: datetime) -> Saved:
    """Put the words of an earlier revision in force again, as a new one, with the pictures they show.

    What is in force now stays in the history. Raises NoDraft, NoRevision.
    """
    row = rows.find(session, provider_id, uuid, lock=True)
    text = _revision(session, row.id, revision).text
    brought = bring_back_media(session, row.id, media_names(text))
    if text == row.text and not brought:
        return Saved(revision=row.revision, changed=False)
    put_in_force(session, row, text, Came.RESTORE, by=by, now=now, number=revision)
    return Saved(revision=row.revision)


def diff_lines(old: str, new: str) -> Iterator[DiffLine]:
    """Yield both texts line by line: what stands in both, what was taken out, what was put in."""
    before, after = old.split("\n"), new.split("\n")
    for what, a, a_end, b, b_end in _steps(before, after):
        if what == "equal":
            for offset in range(a_end - a):
                yield DiffLine(sign=" ", text=before[a + offset], before=a + offset + 1, after=b + offset + 1)
            continue
        for number in range(a, a_end):
            yield DiffLine(sign="-", text=before[number], before=number + 1, after=None)
        for number in range(b, b_end):
            yield DiffLine(sign="+", text=after[number], before=None, after=number + 1)


def lines_now(old: str, new: str) -> dict[int, int]:
    """Return where each line of the old text stands in the new one, without those that are gone. They count from 1."""
    return {each.before: each.after for each in diff_lines(old, new) if each.before and each.after}


def words_between(old: str, new: str) -> int:
    """Count the words that were taken out or put in."""
    before, after = old.split("\n"), new.split("\n")
    counted = 0
    for what, a, a_end, b, b_end in _steps(before, after):
        if what != "equal":
            out, put_in = " ".join(before[a:a_end]).split(), " ".join(after[b:b_end]).split()
            same = sum(end - start for step, start, end, *_ in _steps(out, put_in) if step == "equal")
            counted += len(out) + len(put_in) - 2 * same
    return counted


def _steps(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield difflib's opcodes from one to the other, in the time that a page may take whatever they hold."""
    shorter = min(len(before), len(after))
    head = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    tail = next((at for at in range(shorter - head) if before[-1 - at] != after[-1 - at]), shorter - head)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    yield "equal", 0, head, 0, head
    counts = Counter(new)
    if sum(counts[each] for each in old if each) > MANY_PAIRS:
        yield "replace", head, head + len(old), head, head + len(new)
    else:
        # Empty lines stay beside what stays: matched by themselves they say nothing, and there are many.
        matcher = SequenceMatcher(lambda line: not line, old, new, autojunk=False)
        for what, a, a_end, b, b_end in matcher.get_opcodes():
            yield what, a + head, a_end + head, b + head, b_end + head
    yield "equal", len(before) - tail, len(before), len(after) - tail, len(after)


def _cut(lines: Sequence[DiffLine]) -> Iterator[DiffLine]:
    changed = [place for place, line in enumerate(lines) if line.sign != " "]
    near = {place for each in changed for place in range(each - AROUND, each + AROUND + 1)}
    left_out = False
    for place, line in enumerate(lines):
        if place in near:
            left_out = False
            yield line
        elif not left_out and changed:
            left_out = True
            yield DiffLine(sign="…", text="", before=None, after=None)


def _revision(session: Session, draft_id: int, revision: int) -> DraftRevision:
    query = select(DraftRevision).where(DraftRevision.draft_id == draft_id, DraftRevision.revision == revision)
    found = session.scalars(query.options(undefer(DraftRevision.text))).one_or_none()
    if found is None:
        raise NoRevision("This draft has no such revision. See its history.")
    return found
