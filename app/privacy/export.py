"""A copy of everything the server holds about one person, as one ZIP: JSON for programs, one page for people.

Which tables hold something of a person stands here, table by table; a test fails for one that is in neither list.
"""

from __future__ import annotations

import html
import json
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, or_, select
from sqlalchemy.orm import Session

from app import audit, identity, providers, requirements
from app.audit import ACTIONS
from app.identity import Person, is_person
from app.kernel import Base

# What would let somebody in, or help to. The copy says only whether there is one.
SECRET = {"pin_hash", "password_hash", "code_hmac", "hash", "sealed", "public_key", "credential_id"} | {
    # Where a browser can be reached, and how.
    "endpoint", "endpoint_hash", "browser_key", "browser_secret",
    "token_hash",
}  # fmt: skip
# So many keys are looked up in one statement.
MOST_KEYS = 500
# Numbers of rows: they mean nothing outside this database.
INTERNAL = {"id", "membership_id", "same_as", "sign_in_generation", "sign_count", "last_step"}
# Table → the name of its document and its words. In the order of the page.
EXPORTED: Mapping[str, tuple[str, str]] = {
    "persons": ("person", "Who you are"),
    "memberships": ("places", "Where you work or worked"),
    "membership_roles": ("roles", "Your roles there"),
    "team_members": ("teams", "Teams you are or were in"),
    "registered_managers": ("registered-manager", "When you were the registered manager"),
    "assignments": ("assignments", "What you were asked to learn"),
    "completions": ("completions", "What you completed"),
    "attempt_results": ("results", "Your results"),
    "remarks": ("results-marked-again", "What changed when a wrong key was put right"),
    "pass_decisions": ("passes-decided-on", "What was decided about passes that a wrong key gave"),
    "lesson_reads": ("lessons-read", "Lessons you had open"),
    "reflections": ("reflections", "What you wrote"),
    "attempt_resets": ("more-goes", "When you were given more goes"),
    "messages": ("messages", "What you were sent"),
    "message_deliveries": ("messages-on-their-way", "How what you were sent went outside the app"),
    "message_marks": ("messages-answered", "What you had read, and what you put off"),
    "push_subscriptions": ("lock-screens", "Your phones that show messages on their lock screen"),
    "meetings": ("meetings", "Your supervisions, appraisals, spot checks and team meetings, with all notes"),
    "meeting_actions": ("agreed", "What was agreed there"),
    "plan_entries": ("plan-from-managers", "Goals and comments of managers on your plan"),
    "goals_saved": ("goals", "What you said of your goals"),
    "supervision_ticks": ("ticked-off", "What was ticked off: your induction, and what was agreed"),
    "profile_places": ("profiles", "Jobs you have or had, by which it is decided what you need"),
    "training_exceptions": ("exceptions", "What you were told you do not need, and why"),
    "outside_trainings": ("training-elsewhere", "Training you had elsewhere, or are booked on"),
    "recognitions": ("recognised", "What was signed about you elsewhere and handed in here, whole"),
    "recognition_decisions": ("recognised-decided", "What was decided about it, and what it stands in for"),
    "outside_decisions": ("training-elsewhere-decided", "What was decided about training you had elsewhere"),
    "observations": ("practice-seen", "What assessors saw of your work, and what you saw of others'"),
    "observation_confirmations": ("practice-confirmed", "What you said to what assessors saw"),
    "observation_withdrawals": ("practice-withdrawn", "What assessors took back of it"),
    "manager_withdrawals": ("practice-taken-back", "What managers took back of it"),
    "countersigns": ("practice-countersigned", "What managers countersigned of it"),
    "sign_offs": ("sign-offs", "Standards that were signed off for you"),
    "feed_standings": ("told-others", "Where you stood when other systems of your employer could last read it"),
    "webhook_events": ("sent-to-others", "What other systems of your employer were sent about you"),
    "credentials": ("credentials", "What was signed for you to carry: your credentials, whole, in both forms"),
    "credential_endorsements": ("endorsements", "What assessors and managers signed beside your credentials"),
    "passport_links": ("passport-links", "Links you made to show what you can do, and whom you made them for"),
    "passport_items": ("passport-shown", "What each of these links shows"),
    "passport_takebacks": ("passport-taken-back", "Links you took back"),
    "passport_looks": ("passport-looks", "When somebody looked at what a link of yours shows"),
    "assessor_appointments": ("assessor", "When you were named an assessor, for what, and why"),
    "delegations": ("delegated", "Tasks a clinician delegated to you"),
    "delegation_withdrawals": ("delegated-withdrawn", "Which of them were withdrawn, and why"),
    "records": ("records", "Everything your phone sent"),
    "record_variants": ("records-sent-differently", "What your phone sent a second time with other content"),
    "held_records": ("records-held", "What waits for somebody to look at it"),
    "devices": ("phones", "Your phones"),
    "tokens": ("phone-sign-ins", "The sign-ins of your phones"),
    "phone_digests": ("phone-figures", "How many records are here from each phone"),
    "draft_comments": ("comments", "What you said about lessons being written"),
    "invites": ("codes", "Codes made for you"),
    "totp_secrets": ("authenticator-app", "Your authenticator app"),
    "passkeys": ("passkeys", "Your passkeys"),
    "recovery_codes": ("recovery-codes", "Codes for when your second step is lost"),
    "openid_links": ("sign-ins-from-outside", "Accounts elsewhere that you sign in with"),
}
# Tables that name people and are not copied, each with the reason.
EXCEPTED: Mapping[str, str] = {
    "audit_entries": "read by uuid and copied as audit.json",
    "automatic_nudges": "whether the server nudges by itself is the provider's; who switched it is in audit.json",
    "adoptions": "what a provider takes up is the provider's; who did it is in audit.json",
    "drafts": "what is written at a provider's desk is the provider's; who worked on it is in audit.json",
    "draft_revisions": "the words of drafts, as they were saved: the provider's, like the drafts",
    "draft_media": "the pictures of drafts: the provider's, like the drafts",
    "meeting_periods": "how often meetings are held is the provider's own rule; who set it is in audit.json",
    "induction_items": "the lines of the provider's own checklist; who changed it is in audit.json",
    "training_versions": "what a provider asks of its people is the provider's; who changed it is in audit.json",
    "profile_versions": "what a job needs is the provider's; who changed it is in audit.json",
    "outside_files": "the files themselves lie in the copy, in the folder certificates",
    "local_pages": "what a provider adds to a module is the provider's; who wrote it is in audit.json",
    "jobs": "what a provider asks its server to do is the provider's; who asked is in audit.json",
    "webhook_tries": "when each of sent-to-others was tried, and the number the other system answered with",
    "xapi_forwarded": "which statements a learning record store has: made of what is in this copy, by their ids",
    "evidence_packs": "files of a provider for its inspection, made of what the rest of this copy has; soon removed",
    "evidence_labels": "headings of a provider's evidence; who changed them is in audit.json",
}
# How somebody signs in, wherever they have a place.
OF_NO_PLACE = {"totp_secrets", "passkeys", "recovery_codes", "openid_links"}
# Whom somebody shows what they can do, perhaps because they look for another place, is no business of a provider's.
NOT_FOR_PROVIDERS = {"passport_links", "passport_items", "passport_takebacks", "passport_looks"}
OF_THE_SERVER = {"added_at", "sign_in_name", "has_password_hash", "password_is_temporary"}
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What the copy holds: rows by document."""

    counts: Mapping[str, int]


def export(
    session: Session,
    person_id: int,
    places: Collection[int] | None,
    out: IO[bytes],
    *,
    now: datetime,
    own: bool = False,
) -> Exported:
    """Write the ZIP to `out`: everything, or only what concerns some providers. Reads only.

    `places`: their internal ids. A provider's copy tells nothing of another: neither what somebody is called there, nor
    since when the server knows them, nor how they sign in, which is the same for all. `own`: the person takes the copy
    themselves, and is told that too when `places` are all they ever had. Each document is a list of rows. Times are
    UTC. Other people stand there by name, where they asked or allowed something; secrets only as whether there is one.
    """
    names = _Names(session, next(iter(places)) if places is not None and len(places) == 1 else None)
    person = Base.metadata.tables["persons"]
    uuid: UUID = session.execute(select(person.c.uuid).where(person.c.id == person_id)).scalar_one()
    whole = places is None or (own and not _has_places_beside(session, person_id, places))
    documents: dict[str, tuple[str, Rows]] = {}
    for name, (document, words) in EXPORTED.items():
        table = Base.metadata.tables[name]
        query = select(table).where(_whose(table, person_id, places)).order_by(*table.primary_key.columns)
        found = [row._asdict() for row in session.execute(query)]
        names.look_up(table, found)
        rows = [_plain(table, row, names) for row in found]
        told = (whole or name not in OF_NO_PLACE) and (own or places is None or name not in NOT_FOR_PROVIDERS)
        documents[document] = (words, rows if told else [])
    if not whole:
        words, rows = documents["person"]
        here = {"name": names.of_person(uuid)}
        documents["person"] = (
            words,
            [{key: value for key, value in (row | here).items() if key not in OF_THE_SERVER} for row in rows],
        )
    documents["audit"] = ("What was done about you, or by you", _trail(session, uuid, places, names))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for document, (_words, rows) in documents.items():
            archive.writestr(f"{document}.json", json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
        for file, body in requirements.files_of(session, person_id, places):
            archive.writestr(f"certificates/{file}", body)
        archive.writestr("index.html", _page(documents, now))
    return Exported(counts={document: len(rows) for document, (_words, rows) in documents.items()})


def _whose(table: Table, person_id: int, places: Collection[int] | None) -> ColumnElement[bool]:
    """Return which rows of a table are the person's, through the table's own keys."""
    if table.name == "persons":
        # An earlier uuid would tell a provider that there was another record.
        return (
            table.c.id == person_id
            if places is not None
            else or_(table.c.id == person_id, table.c.same_as == person_id)
        )
    if table.name in ("observations", "observation_withdrawals"):
        return _practice(table, person_id, places)
    if "person_id" in table.c:
        mine: ColumnElement[bool] = table.c.person_id == person_id
        if places is not None and "provider_id" in table.c:
            mine &= table.c.provider_id.in_(places)
        if places is not None and table.name in ("record_variants", "held_records"):
            mine &= table.c.uuid.in_(_keys("records", "uuid", person_id, places))
        if places is not None and table.name == "team_members":
            teams = Base.metadata.tables["teams"]
            mine &= table.c.team_id.in_(select(teams.c.id).where(teams.c.provider_id.in_(places)))
        return mine
    if table.name == "draft_comments":
        drafts = Base.metadata.tables["drafts"]
        at = select(drafts.c.id) if places is None else select(drafts.c.id).where(drafts.c.provider_id.in_(places))
        said: ColumnElement[bool] = (table.c.by == person_id) & table.c.draft_id.in_(at)
        return said
    through = {
        # What a link shows, before whose link it is: it may be of another place.
        "credential_id": "credentials",
        "link_id": "passport_links",
        "device_id": "devices",
        "membership_id": "memberships",
        "outside_id": "outside_trainings",
        "recognition_id": "recognitions",
        "message_id": "messages",
    }
    column = next(name for name in through if name in table.c)
    inside: ColumnElement[bool] = table.c[column].in_(_keys(through[column], "id", person_id, places))
    return inside


def _has_places_beside(session: Session, person_id: int, places: Collection[int]) -> bool:
    memberships = Base.metadata.tables["memberships"]
    query = select(memberships.c.id).where(
        memberships.c.person_id == person_id, memberships.c.provider_id.not_in(places)
    )
    return session.execute(query.limit(1)).first() is not None


def _practice(table: Table, person_id: int, places: Collection[int] | None) -> ColumnElement[bool]:
    """Return which observations are about a person or by them, and which of them were taken back."""
    seen, persons = Base.metadata.tables["observations"], Base.metadata.tables["persons"]
    about = seen.c.learner == select(persons.c.uuid).where(persons.c.id == person_id).scalar_subquery()
    if table is seen:
        mine: ColumnElement[bool] = about | (seen.c.assessor_id == person_id)
    else:
        mine = (table.c.person_id == person_id) | table.c.observation.in_(select(seen.c.record).where(about))
    return mine if places is None else mine & (table.c.provider_id.in_(places))


def _keys(name: str, column: str, person_id: int, places: Collection[int] | None) -> Any:
    table = Base.metadata.tables[name]
    query = select(table.c[column]).where(table.c.person_id == person_id)
    return query if places is None else query.where(table.c.provider_id.in_(places))


class _Names:
    """What stands for a key of another row, each looked up once."""

    COLUMNS: Mapping[str, str] = {
        "persons": "name",
        "providers": "name",
        "devices": "uuid",
        "errata": "reason",
        "drafts": "title",
        "messages": "text",
        "teams": "name",
        "outside_trainings": "title",
        "recognitions": "title",
        "meetings": "uuid",
        "credentials": "name",
        "passport_links": "uuid",
        "credential_statuses": "number",
        "webhooks": "name",
        "credential_keys": "number",
    }

    def __init__(self, session: Session, provider_id: int | None = None) -> None:
        """`provider_id`: people are called as they are there, and not by their own names."""
        self._session = session
        self._provider_id = provider_id
        self._known: dict[tuple[str, int], Any] = {}

    # What has a name in each of its versions; the newest is told.
    VERSIONS: Mapping[str, tuple[str, str]] = {
        "trainings": ("training_versions", "training_id"),
        "profiles": ("profile_versions", "profile_id"),
    }

    def look_up(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Look up what these rows point to together: a statement a table, however many rows there are."""
        for column in table.columns:
            if column.name in INTERNAL | SECRET | {"person_id"}:
                continue
            for target in {key.column.table.name for key in column.foreign_keys} - {"persons"}:
                keys = {row[column.name] for row in rows if isinstance(row[column.name], int)}
                self._look_up(target, [key for key in sorted(keys) if (target, key) not in self._known])

    def of(self, table: str, key: int) -> Any:
        """Return a person's, provider's or team's name, a phone's uuid, why a key was put right, or a draft's title."""
        if (table, key) not in self._known:
            if table == "persons":
                self._known[table, key] = self._called(key)
            else:
                self._look_up(table, [key])
        return self._known[table, key]

    def _look_up(self, name: str, keys: Sequence[int]) -> None:
        told, where = self.VERSIONS.get(name, (name, "id"))
        table, column = Base.metadata.tables[told], "title" if name in self.VERSIONS else self.COLUMNS[name]
        for begin in range(0, len(keys), MOST_KEYS):
            some = keys[begin : begin + MOST_KEYS]
            query = select(table.c[where], table.c[column]).where(table.c[where].in_(some)).order_by(table.c.id)
            self._known.update({(name, key): None for key in some})
            # Of several versions the newest comes last, and counts.
            self._known.update({(name, key): value for key, value in self._session.execute(query)})

    def of_person(self, uuid: UUID) -> str:
        """Return the name of a person who may have been erased since, by any uuid they had."""
        return str(self._called(uuid) or "a person who was erased")

    def _called(self, person: int | UUID) -> Any:
        name = Person.name if self._provider_id is None else providers.called(self._provider_id)
        return self._session.execute(select(name).where(is_person(person))).scalar()

    def provider_uuid(self, key: int) -> UUID:
        """Return a provider's uuid."""
        table = Base.metadata.tables["providers"]
        found: UUID = self._session.execute(select(table.c.uuid).where(table.c.id == key)).scalar_one()
        return found


def _plain(table: Table, row: Mapping[str, Any], names: _Names) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key, value in row.items():
        if key in INTERNAL or key == "person_id":
            continue
        if key in SECRET:
            plain[f"has_{key}"] = value is not None
        elif value is not None and table.c[key].foreign_keys and isinstance(value, int):
            target = next(iter(table.c[key].foreign_keys)).column.table.name
            plain[key.removesuffix("_id")] = _json(names.of(target, value))
        elif key == "handed_in_by" and value is not None:
            plain[key] = names.of_person(value)
        elif key == "body":
            plain[key] = json.loads(value)
        else:
            plain[key.removesuffix("_id")] = _json(value)
    return plain


def _json(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _trail(session: Session, uuid: UUID, places: Collection[int] | None, names: _Names) -> Rows:
    only = None if places is None else [names.provider_uuid(each) for each in places]
    called = identity.uuids_of(session, uuid)
    return [
        {
            "number": each.number,
            "at": each.at.isoformat(),
            "action": each.action,
            "by": names.of_person(each.actor.person) if each.actor.person else each.actor.kind.value,
            # Whom a manager did something to is that person's data, not the manager's.
            "to": None
            if each.subject is None
            else names.of_person(uuid)
            if each.subject in called
            else "another person",
            "about": ACTIONS[each.action].kind.value,
            "details": each.details,
        }
        for each in audit.entries_about(session, called, only)
    ]


def _page(documents: Mapping[str, tuple[str, Sequence[Mapping[str, Any]]]], now: datetime) -> str:
    """Return the page for people: every document as a table, in plain HTML that needs nothing from anywhere."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width"><title>A copy of everything about you</title></head><body>',
        "<h1>A copy of everything about you</h1>",
        f"<p>Made on {now:%Y-%m-%d at %H:%M} UTC. All times are UTC. Beside this page lies a file for each part, for ",
        "programs to read. Reflections that are for you only are on your phone and nowhere else.</p>",
    ]
    for document, (words, rows) in documents.items():
        parts.append(f"<h2>{html.escape(words)}</h2>")
        if not rows:
            parts.append("<p>Nothing.</p>")
            continue
        heads = list(rows[0])
        parts.append(f"<p>{len(rows)} in {document}.json</p><table><thead><tr>")
        parts += [f'<th scope="col">{html.escape(head.replace("_", " "))}</th>' for head in heads]
        parts.append("</tr></thead><tbody>")
        for row in rows:
            parts.append("<tr>" + "".join(f"<td>{html.escape(_cell(row.get(head)))}</td>" for head in heads) + "</tr>")
        parts.append("</tbody></table>")
    return "\n".join([*parts, "</body></html>", ""])


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
