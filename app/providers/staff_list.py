"""Which column of a list means what, and what is wrong with a row. Pure.

`entries(rows)` makes an Entry of each row below the header. An entry is what a person can mend in a form: all of it is
text, as typed; `checked(entry)` says what the text means and what has to be mended.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.providers.errors import ProviderError
from app.providers.service import clean_email, clean_reference
from app.providers.sheet_reader import MOST_ROWS, Row, SheetRefused
from app.providers.teams import LONGEST_NAME
from app.providers.types import Role

FIELDS = ("name", "email", "reference", "roles", "teams", "started")
LONGEST_PERSON = 120
LONGEST_CELL = 300
EARLIEST = date(1950, 1, 1)

# Header words, without blanks, signs and capitals. "first" and "last" are joined to a name.
HEADINGS: Mapping[str, str] = {
    heading: field
    for field, headings in {
        "name": "name names full_name staff_name staff staff_member name_of_staff employee employee_name "
        "name_of_employee carer carer_name care_worker person worker worker_name",
        "first": "first first_name first_names forename forenames given_name given_names",
        "last": "last last_name last_names surname family_name second_name",
        "email": "email emails email_address email_addresses work_email personal_email mail",
        "reference": "staff_no staff_number staff_id staff_ref staff_reference employee_no employee_number employee_id "
        "payroll_no payroll_number payroll_id works_no works_number reference ref id asc_wds_worker unique_worker_id",
        "roles": "role roles job_role job_title job position post",
        "teams": "team teams area areas round rounds branch patch group",
        "started": "start started start_date started_on date_started date_of_start starting_date employment_start "
        "joined date_joined joining_date hire_date",
    }.items()
    for heading in headings.replace("_", "").split()
}
ROLES: Mapping[str, Role] = {
    word: role
    for role, called in {
        Role.LEARNER: "carer care_worker care_assistant home_carer home_care_worker home_care_assistant support_worker "
        "domiciliary_carer domiciliary_care_worker domiciliary_care_assistant community_carer senior_carer "
        "senior_care_worker senior_care_assistant senior_support_worker healthcare_assistant hca learner",
        Role.ASSESSOR: "assessor",
        Role.TRAINER: "trainer",
        Role.MANAGER: "manager registered_manager",
    }.items()
    for word in called.replace("_", "").split()
}
DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y",
         "%d-%b-%y")  # fmt: skip
ROLE_ENDS = r"[;,/|+&]|\band\b"
# A team may be called "Kent and Sussex".
TEAM_ENDS = r"[;|]"
# A spreadsheet would work these out. No name and no number of staff begins so.
FORMULA = tuple("=@+-\t\r")
# Put before it by whoever wrote a file that is safe to open in a spreadsheet, us among them.
_APOSTROPHE = re.compile(r"^'(?=\s*[=+\-@\t\r＝＋－＠])")
# Columns that only a list saved here has: see `interop.plain`.
OUR_OWN = {"ascwdsestablishment", "ascwdsworker"}
NO_NUMBER = {"-", "–", "—", "n/a", "na", "none", "tbc"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row as it can be mended in a form: text, as it was typed. `number` is the row of the file it came from.

    `guessed`: the file did not say in which alphabet the name is written. `choice`: what somebody said is to be done
    with it: "" (not said), "skip", the uuid of the person it is, or "add:" and whom it is not (`matching.other_than`).
    `agreed`: the roles beyond carer somebody ticked for it, with commas between them.
    """

    number: int
    name: str = ""
    email: str = ""
    reference: str = ""
    roles: str = ""
    teams: str = ""
    started: str = ""
    guessed: bool = False
    choice: str = ""
    agreed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What an entry says. `ahead`: a start that is still to come; the place begins today all the same.

    `problems`: pairs of a field and what has to be mended; empty when it can be used.
    """

    name: str
    email: str
    reference: str
    roles: frozenset[Role]
    teams: tuple[str, ...]
    started: date | None
    ahead: date | None
    problems: tuple[tuple[str, str], ...]


def entries(rows: Sequence[Row]) -> tuple[Entry, ...]:
    """Make an entry of each row below the header; of each row when a bare list of names has none.

    Raises SheetRefused when no column is known to hold names.
    """
    columns = {at: field for at, cell in enumerate(rows[0].cells) if (field := HEADINGS.get(_bare(cell)))}
    if not set(columns.values()) & {"name", "first", "last"}:
        if any(len([cell for cell in row.cells if cell]) > 1 for row in rows) or columns:
            raise SheetRefused(
                "We do not see which column holds the names. Put a first row above the list, such as: Name, Email, "
                "Staff no, Role, Team, Start date.",
                code="no-names",
            )
        if len(rows) > MOST_ROWS:
            raise SheetRefused("This list has more than 1,000 rows. Send it in parts.", code="too-many")
        return tuple(
            Entry(number=row.number, name="".join(row.cells)[:LONGEST_CELL], guessed=row.guessed) for row in rows
        )
    if len(rows) == 1:
        raise SheetRefused("There is nobody below the first row of this list.", code="empty")
    own = {_bare(cell) for cell in rows[0].cells} >= OUR_OWN
    return tuple(_entry(row, columns, own=own) for row in rows[1:])


def _entry(row: Row, columns: Mapping[int, str], *, own: bool) -> Entry:
    """Make an entry of a row. `own`: the list is one of ours, where a name stands as it is."""
    found: dict[str, list[str]] = {}
    for at, field in columns.items():
        if at < len(row.cells) and row.cells[at]:
            found.setdefault(field, []).append(row.cells[at][:LONGEST_CELL])
    found = {field: [_APOSTROPHE.sub("", each) for each in cells] for field, cells in found.items()}
    whole = " ".join(found.get("name", [])) or " ".join([*found.get("first", []), *found.get("last", [])])
    rest = {field: ("; " if field in ("roles", "teams") else " ").join(found.get(field, [])) for field in FIELDS[1:]}
    return Entry(number=row.number, name=whole if own else turned_round(whole), guessed=row.guessed, **rest)


def turned_round(name: str) -> str:
    """Return "Obi, Ngozi" as people say it: "Ngozi Obi". Any other name as it is."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and "," not in first else name


def checked(entry: Entry, *, today: date) -> Meaning:
    """Say what an entry means and what has to be mended before it can be used."""
    problems: list[tuple[str, str]] = []
    for field in ("name", "reference", "roles", "teams"):
        if getattr(entry, field).startswith(FORMULA) and getattr(entry, field) not in NO_NUMBER:
            problems.append((field, "This begins like a formula. Type what it should say."))
    name = " ".join("".join(c for c in entry.name if c.isprintable() or c.isspace()).split())
    if not name:
        problems.append(("name", "Type a name."))
    elif len(name) > LONGEST_PERSON:
        problems.append(("name", f"Use at most {LONGEST_PERSON} letters."))
    elif not any(c.isalpha() for c in name) or any(_no_letter_of_a_name(c) for c in name):
        problems.append(("name", "Some letters did not come through. Type the name again."))
    email = reference = ""
    try:
        email = clean_email(entry.email)
    except ProviderError as error:
        problems.append(("email", str(error)))
    try:
        reference = "" if entry.reference.casefold() in NO_NUMBER else clean_reference(entry.reference)
    except ProviderError as error:
        problems.append(("reference", str(error)))
    roles = {part: ROLES.get(_bare(part)) for part in parts_of(entry.roles, ROLE_ENDS)}
    unknown = [part for part, role in roles.items() if role is None]
    if unknown:
        problems.append(
            ("roles", f'We do not know the role "{unknown[0][:60]}". Use Carer, Assessor, Trainer or Manager.')
        )
    teams = tuple(dict.fromkeys(parts_of(entry.teams, TEAM_ENDS)))
    if any(len(team) > LONGEST_NAME for team in teams):
        problems.append(("teams", f"Use at most {LONGEST_NAME} letters for a team."))
    started = date_of(entry.started)
    if entry.started and (started is None or started < EARLIEST):
        problems.append(("started", "Type the day as 31/12/2025, or leave it empty."))
    elif started is not None and started > today.replace(year=today.year + 1, day=min(today.day, 28)):
        problems.append(("started", "This day is more than a year away. Look at it again."))
    return Meaning(
        name=name,
        email=email,
        reference=reference,
        roles=frozenset(role for role in roles.values() if role is not None),
        teams=teams,
        started=started if started is not None and started <= today else None,
        ahead=started if started is not None and started > today else None,
        problems=tuple(problems),
    )


def date_of(text: str) -> date | None:
    """Return the day a text means, the day before the month as in England; None when it is none."""
    clean = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text.strip().replace(",", " "), flags=re.IGNORECASE)
    clean = re.sub(r"[T ]\d{1,2}:\d\d.*$", "", " ".join(clean.split()))
    for form in DATES:
        try:
            return datetime.strptime(clean, form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    return None


def parts_of(text: str, ends: str) -> tuple[str, ...]:
    """Return the parts of "North; South" or "Carer / Assessor"; `ends` is a pattern of what stands between them."""
    found: Iterable[str] = (" ".join(part.split()) for part in re.split(ends, text))
    return tuple(part for part in found if part)


def _bare(words: str) -> str:
    return "".join(c for c in words.casefold() if c.isalnum())


def _no_letter_of_a_name(c: str) -> bool:
    """Say whether a sign stands in no name: what is left when letters were read in the wrong alphabet."""
    return c == "\ufffd" or (ord(c) > 127 and not (c.isalpha() or c.isspace()) and c not in "’‘ʼ·‐‑–" and not _joins(c))


def _joins(c: str) -> bool:
    """Say whether a sign belongs to the letter before it, as in Bengali or in Vietnamese."""
    return unicodedata.category(c) in ("Mn", "Mc", "Cf", "Lm")
