"""What was taught: every edition that was read or answered in the time of the pack, whole."""

from __future__ import annotations

from app.compliance.evidence.sources import Sources
from app.compliance.evidence.types import EditionFiles, Part
from app.compliance.tables import Cell, table
from app.content import queries as content
from app.content.exports import module_page
from app.kernel import day_of
from app.learning import history
from app.learning.history import Used

NOT_CHECKED = "Nobody yet"
AT_ONCE = 20


def editions(sources: Sources) -> Part:
    """Return the editions used, with their sources and who checked their facts, and the words of each."""
    used = history.editions_used(sources.session, sources.provider.id, sources.people, sources.since, sources.until)
    known = [each for each in used if each.sha in sources.editions]
    files: dict[str, EditionFiles] = {}
    told: dict[str, tuple[str, str]] = {}
    for start in range(0, len(known), AT_ONCE):
        files_now, told_now = _read(sources, known[start : start + AT_ONCE])
        files.update(files_now)
        told.update(told_now)
    rows: list[list[Cell]] = []
    for each in known:
        info = sources.editions[each.sha]
        rows.append(
            [
                info.title,
                each.edition,
                day_of(info.published_at),
                day_of(info.withdrawn_at) if sources.withdrawn(info) and info.withdrawn_at else None,
                info.withdrawn_reason if sources.withdrawn(info) else None,
                info.checked_by or NOT_CHECKED,
                told[each.sha][0],
                told[each.sha][1],
                " ".join(info.criteria),
                each.people,
                day_of(each.first),
                day_of(each.last),
                f"editions/{each.module}-{each.edition}.html",
                each.sha,
            ]
        )
    return Part(
        key="editions",
        title="What was taught",
        intro="Every edition of a module that was read or answered in this time. The folder editions has the words of "
        "each, as carers read them, and the edition itself, whose SHA-256 is its fingerprint.",
        tables=(
            table(
                "editions",
                "Editions",
                [
                    ("module", "Module"),
                    ("edition", "Edition"),
                    ("published", "Published"),
                    ("withdrawn", "Withdrawn"),
                    ("withdrawn_why", "Why withdrawn"),
                    ("checked_by", "Facts checked by"),
                    ("sources", "Sources"),
                    ("licence", "Licence"),
                    ("criteria", "Criteria"),
                    ("people", "People"),
                    ("first", "First used"),
                    ("last", "Last used"),
                    ("file", "File"),
                    ("sha", "SHA-256"),
                ],
                rows,
            ),
        ),
        editions=tuple(files[each.sha] for each in known),
    )


def _read(sources: Sources, used: list[Used]) -> tuple[dict[str, EditionFiles], dict[str, tuple[str, str]]]:
    """Read the bodies of some editions. Their pictures go into the page; a page alone can be read anywhere."""
    session = sources.session
    quizzes = content.quizzes(session, [each.sha for each in used])
    files, told = {}, {}
    for each in used:
        stored, quiz = content.edition_by_sha(session, each.sha), quizzes[each.sha]
        pictures = {}
        for file in quiz.edition["media"]:
            found = content.media_by_sha(session, file["sha"])
            if found is not None:
                pictures[file["sha"]] = found.body
        files[each.sha] = EditionFiles(
            name=f"{each.module}-{each.edition}",
            body=stored.body if stored else b"",
            page=module_page(quiz.edition, pictures).encode(),
        )
        told[each.sha] = ("; ".join(quiz.edition["sources"]), str(quiz.edition["licence"]))
    return files, told
