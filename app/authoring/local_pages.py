"""A provider's own page beside a module that everybody has: whom to ring here, where our forms are.

It hangs on the module's key, so the next edition of the module leaves it as it is. Every wording is a row of its own;
the newest is in force, and one that is empty means that there is no page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import catalogue
from app.authoring import rows
from app.authoring.errors import NoModule, NoRevision, NotNow, PageUnfit, TooLong
from app.authoring.models import LocalPage
from app.content.short import Short, short
from app.kernel import Prepared

# Characters. More than one screen or two is a module of one's own.
LONGEST_PAGE = 2000

_NEWEST = (
    select(LocalPage.module, func.max(LocalPage.number).label("number"))
    .where(LocalPage.provider_id == bindparam("provider"))
    .group_by(LocalPage.module)
    .subquery()
)
# Asked for by every phone at each visit.
_IN_FORCE = Prepared(
    select(LocalPage.module, LocalPage.text)
    .join(_NEWEST, (LocalPage.module == _NEWEST.c.module) & (LocalPage.number == _NEWEST.c.number))
    .where(LocalPage.provider_id == bindparam("provider"), LocalPage.text != "")
    .order_by(LocalPage.module)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalWording:
    """One wording of a page: who gave it and when. `restored` is the number of the wording it was brought back from."""

    number: int
    text: str
    html: str
    by: str
    at: datetime
    restored: int | None


def local_page(session: Session, provider_id: int, module: str) -> LocalWording | None:
    """Return the wording in force, which is empty where the page was taken away; None where there never was one."""
    return next(iter(local_history(session, provider_id, module)), None)


def local_history(session: Session, provider_id: int, module: str) -> tuple[LocalWording, ...]:
    """Return every wording of a page, the newest first."""
    found = session.scalars(
        select(LocalPage)
        .where(LocalPage.provider_id == provider_id, LocalPage.module == module)
        .order_by(LocalPage.number.desc())
    ).all()
    who = rows.names(session, provider_id, [each.changed_by for each in found])
    return tuple(
        LocalWording(
            number=each.number,
            text=each.text,
            html=short(each.text).html,
            by=who.get(each.changed_by, ""),
            at=each.changed_at,
            restored=each.restored,
        )
        for each in found
    )


def write_local_page(
    session: Session,
    provider_id: int,
    module: str,
    text: str,
    *,
    based_on: int,
    by: int,
    now: datetime,
    restored: int | None = None,
) -> bool:
    """Put a wording in force; an empty one takes the page away. Says whether anything changed.

    `based_on` is the number of the wording it was written over, 0 where there was none; `restored` that of the one it
    was brought back from. Raises NoModule where the provider uses no such module, TooLong, PageUnfit with what to
    mend, and NotNow when somebody else was faster.
    """
    if module not in catalogue.listing(session, provider_id).chains():
        raise NoModule("Your people are not offered this module. See the list of modules.")
    read = _read(text)
    there = local_page(session, provider_id, module)
    number = there.number if there else 0
    if number != based_on:
        raise _somebody_else()
    if read.text == (there.text if there else ""):
        return False
    try:
        with session.begin_nested():
            session.add(
                LocalPage(
                    provider_id=provider_id,
                    module=module,
                    number=number + 1,
                    text=read.text,
                    changed_at=now,
                    changed_by=by,
                    restored=restored,
                )
            )
    except IntegrityError:
        # The number was taken between looking and writing.
        raise _somebody_else() from None
    return True


def restore_local_page(
    session: Session, provider_id: int, module: str, number: int, *, based_on: int, by: int, now: datetime
) -> bool:
    """Put an earlier wording in force again, as a new one. Says whether anything changed.

    Raises NoRevision, and what `write_local_page` does.
    """
    earlier = session.get(LocalPage, (provider_id, module, number))
    if earlier is None:
        raise NoRevision("There is no such wording of this page. See its history.")
    return write_local_page(
        session, provider_id, module, earlier.text, based_on=based_on, by=by, now=now, restored=number
    )


def preview_local_page(text: str) -> str:
    """Return the sanitised HTML of a text as people would see it. Raises TooLong, PageUnfit."""
    return _read(text).html


def local_pages(session: Session, provider_id: int) -> Mapping[str, str]:
    """Return the sanitised HTML of every page a provider has now, by module."""
    return {row.module: short(row.text).html for row in _IN_FORCE.all(session, provider=provider_id)}


def _read(raw: str) -> Short:
    # Browsers send two characters for each new line. What is far too long is not even looked at.
    read = short(raw) if len(raw) <= 2 * LONGEST_PAGE else None
    length = len(read.text) if read else len(raw)
    if read is None or length > LONGEST_PAGE:
        raise TooLong(
            f"This has {length} characters. The limit is {LONGEST_PAGE}. Write a module of your own for more.",
            field="text",
        )
    if read.wrong:
        raise PageUnfit(" ".join(read.wrong), field="text")
    return read


def _somebody_else() -> NotNow:
    return NotNow(
        "Somebody else changed this page meanwhile. Read their words below, then save yours again.", field="text"
    )
