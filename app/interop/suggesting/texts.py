"""Suggested texts: which fields are the publisher's own, what the checks say, and the text of the next edition."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.authoring import Checked
from app.authoring.checking import summed_up
from app.authoring.front import quoted, read, with_fields
from app.content import EditionInfo, Surroundings, check
from app.content import queries as content
from app.content.published import published_library
from app.content.source import strip_hidden
from app.content.types import Module
from app.kernel import day_of


def plain(text: str) -> str:
    """Return a text with one kind of new line, and nothing that cannot be seen."""
    return strip_hidden(text.replace("\r\n", "\n").replace("\r", "\n"))


def words_of(text: str, base: str) -> str:
    """Return a suggested text with the publisher's own fields as they were in `base`.

    Key, number, kind of change, licence, who checked the facts, who is named and how others file it are the
    publisher's; all else of the text is as it was suggested.
    """
    text = plain(text)
    theirs, wanted = _own(read(text)), _own(read(base))
    return with_fields(text, {name: value for name, value in wanted.items() if theirs[name] != value})


def checked(session: Session, info: EditionInfo, text: str, *, now: datetime) -> Checked:
    """Say what is wrong with a text for this module, beside the pictures it has; never raises."""
    library = published_library(session)
    around = Surroundings(
        today=day_of(now),
        criteria=library.criteria_for(info.pack),
        glossary=library.glossary.keys(),
        terms=library.terms,
        files=media_of(session, info),
    )
    return summed_up(check(text, "", around))


def media_of(session: Session, info: EditionInfo) -> Mapping[str, bytes]:
    """Return the pictures and sounds of an edition by name."""
    found = {each["name"]: content.media_by_sha(session, each["sha"]) for each in info.media}
    return {name: stored.body for name, stored in found.items() if stored is not None}


def final(
    text: str, newest: EditionInfo, today: str, *, change: str, checked_by: str | None, credit: str | None
) -> str:
    """Return a text as the module's next edition: with its number, who checked the facts, and who helped.

    `today` is the text of the newest edition; `credit` is who is to be named for it, None for nobody.
    """
    named = list(read(today).credits)
    if credit is not None and credit.casefold() not in {name.casefold() for name in named}:
        named.append(credit)
    fields = {
        "edition": str(newest.number + 1),
        "change": change,
        "checked_by": quoted(checked_by) if checked_by else "",
        "credits": quoted(named) if named else None,
    }
    return with_fields(words_of(text, today), fields)


def _own(module: Module) -> dict[str, str | None]:
    """Return what stands behind the colon of each field that is the publisher's."""
    return {
        "key": module.key,
        "edition": str(module.edition),
        "change": module.change if "change" in module.lines else None,
        "licence": module.licence,
        "checked_by": quoted(module.checked_by)
        if module.checked_by
        else ("" if "checked_by" in module.lines else None),
        "credits": quoted(list(module.credits)) if module.credits else None,
        "asc_wds": json.dumps(list(module.asc_wds)) if module.asc_wds else None,
    }
