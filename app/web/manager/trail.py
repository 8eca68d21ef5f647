"""The audit trail in words: who did what, to whom, when; only of the signed-in manager's own provider."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import audit, identity, providers, recognised, requirements
from app.audit import ACTIONS, ActorKind, Entry, Kind
from app.extensions import db
from app.interop import telling
from app.providers import Role
from app.web import words
from app.web.access import allows, current_membership
from app.web.manager.library import library_of

bp = Blueprint("trail", __name__, url_prefix="/staff/audit")

A_PAGE = 50
KINDS = {
    Kind.PEOPLE: "People and their roles",
    Kind.SIGN_IN: "Codes and signing in",
    Kind.LEARNING: "Learning",
    Kind.CONTENT: "Modules",
    Kind.DATA: "Copies and erasing",
}
ACTORS = {
    ActorKind.PERSON: "A person who was erased",
    ActorKind.OPERATOR: "The person who runs this server",
    ActorKind.WORKER: "This server",
    ActorKind.NOBODY: "Somebody",
}
ERASED = "a person who was erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry: its number, what happened in a sentence, and when."""

    number: int
    sentence: str
    when: str


def sentence_of(entry: Entry, names: Mapping[UUID, str], titles: Mapping[str, str]) -> str:
    """Return an entry in words. People whose name is not known any more were erased."""
    who = names.get(entry.actor.person) if entry.actor.person else None
    whom = names.get(entry.subject, ERASED) if entry.subject else "somebody"
    details = {key: _value(key, value, titles) for key, value in entry.details.items()}
    return ACTIONS[entry.action].sentence.format_map(
        {**details, "who": who or ACTORS[entry.actor.kind], "whom": "themselves" if whom == who else whom}
    )


def _value(key: str, value: object, titles: Mapping[str, str]) -> str:
    if key == "module":
        return titles.get(str(value), str(value))
    if key in ("training", "profile"):
        return titles.get(str(value), "something that was erased")
    if key == "system":
        return titles.get(str(value), "another system")
    if key in ("fields", "events"):
        return str(value).replace(",", ", ")
    if key == "due":
        return f" by {words.day(date.fromisoformat(str(value)))}" if value else ""
    if key == "roles":
        return words.roles(frozenset(Role(role) for role in str(value).split(","))).lower()
    return "" if value is None else str(value)


@bp.get("")
@allows(Role.MANAGER)
def page() -> ResponseReturnValue:
    """Show the newest entries, fifty at a time, of everybody and every kind or of one."""
    provider = current_membership().provider
    person, kind, before = _asked()
    found = audit.entries(
        db.session(),
        provider=provider.uuid,
        person=identity.uuids_of(db.session(), person) if person else None,
        kind=kind,
        before=before,
        limit=A_PAGE + 1,
    )
    members = providers.list_members(db.session(), provider.id, with_ended=True)
    names = {member.person_uuid: member.name for member in members}
    # What was noted before two records of one person became one names the earlier.
    called = {member.person_id: member.name for member in members}
    earlier = identity.aliases_of(db.session(), called)
    known = names | {uuid: called[person_id] for uuid, person_id in earlier.items()}
    titles = {
        **library_of(provider.id).titles,
        **requirements.titles_of(db.session(), provider.id),
        **recognised.titles_of(db.session(), provider.id),
        **telling.names_of(db.session(), provider.id),
    }
    return render_template(
        "manager/audit.html",
        lines=[
            Line(number=each.number, sentence=sentence_of(each, known, titles), when=words.exact(each.at))
            for each in found[:A_PAGE]
        ],
        older=found[A_PAGE - 1].number if len(found) > A_PAGE else None,
        newest=before is None,
        people=[(str(uuid), name) for uuid, name in names.items()],
        kinds=[(key.value, label) for key, label in KINDS.items()],
        person=str(person or ""),
        kind=kind.value if kind else "",
    )


def _asked() -> tuple[UUID | None, Kind | None, int | None]:
    """Return the filters of the address. What makes no sense there filters nothing."""
    person = kind = before = None
    with contextlib.suppress(ValueError):
        person = UUID(request.args.get("person", ""))
    with contextlib.suppress(ValueError):
        kind = Kind(request.args.get("kind", ""))
    with contextlib.suppress(ValueError):
        number = int(request.args.get("before", "")[:18])
        before = number if number > 0 else None
    return person, kind, before
