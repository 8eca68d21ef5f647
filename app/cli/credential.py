"""`flask credential`: issue, check, revoke, make new keys, take everything out. Also the worker's part in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from flask.cli import AppGroup

from app import audit, credentials, providers
from app.cli.audit import noted
from app.cli.output import json_option, say, trouble, writes
from app.cli.person import find_member, provider_option, settings
from app.cli.provider import find as provider_named
from app.credentials import Change, CredentialView, Endorsed, Site, Verdict
from app.extensions import db
from app.interop import recognition
from app.kernel import begin_write, utc_now
from app.providers import ProviderView
from app.sync import trail

command = AppGroup("credential", help="Signed statements people carry, and the keys that sign them.")
NO_SITE = (
    "Nothing is issued: others could not check it. Set BV_ORIGIN to the https:// address this server is reached at."
)
# In one transaction: others who write wait meanwhile. People who are looked at, and credentials that are signed.
PEOPLE_AT_ONCE = 10
SIGNED_AT_ONCE = 20


def site() -> Site | None:
    """Return the address credentials are issued under; None where BV_ORIGIN is not one others can reach."""
    known = settings()
    return credentials.issuing_site(known.origin, known.secret_key.encode())


def bring_into_line(
    provider: ProviderView, here: Site, *, actor: audit.Actor, people: list[int] | None = None
) -> Iterator[Change]:
    """Issue and revoke what a provider's people have by now, a few in a transaction, and note what changed of whom.

    Whoever takes no more of what this yields stops it; the rest follows at the next time.
    """
    session = db.session()
    members = providers.list_members(session, provider.id, with_ended=True, people=people)
    waiting = sorted({member.person_id for member in members})
    while waiting:
        some = waiting[:PEOPLE_AT_ONCE]
        begin_write(session)
        now = utc_now()
        changes = credentials.bring_into_line(session, provider.id, now, site=here, people=some, most=SIGNED_AT_ONCE)
        for change in changes:
            member = providers.find_member(session, provider.id, change.person_id)
            audit.note(
                session,
                "credentials.brought-into-line",
                actor=actor,
                now=now,
                provider=provider.uuid,
                subject=member.person_uuid if member else None,
                details={"issued": len(change.issued), "revoked": len(change.revoked)},
            )
        session.commit()
        if sum(len(change.issued) for change in changes) < SIGNED_AT_ONCE:
            waiting = waiting[PEOPLE_AT_ONCE:]
        yield from changes


@command.command("issue")
@provider_option
@click.option("--person", "name", help="Only this person, by name or uuid.")
@json_option
def issue(provider_name: str | None, name: str | None, as_json: bool) -> None:
    """Issue what was met, revoke what is true no more. The worker does the same by itself. Safe to repeat."""
    here = site()
    if here is None:
        raise trouble(NO_SITE)
    provider = provider_named(provider_name)
    people = [find_member(provider, name).person_id] if name else None
    try:
        done = list(bring_into_line(provider, here, actor=audit.OPERATOR, people=people))
    except credentials.CredentialError as error:
        db.session.rollback()
        raise trouble(str(error)) from error
    issued = sum(len(change.issued) for change in done)
    revoked = sum(len(change.revoked) for change in done)
    say(as_json, {"issued": issued, "revoked": revoked}, _told(issued, revoked))


@command.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def verify(file: Path, as_json: bool) -> None:
    """Say what a file is worth: a token, JSON-LD, or a picture. Leaves with 1 unless it is valid."""
    here, now = site(), utc_now()
    known = recognition.issuers(db.session(), now=now, site=here)
    try:
        checked = credentials.check(file.read_bytes(), known, now=now)
    except credentials.TooBusy as error:
        raise trouble(str(error)) from error
    db.session.rollback()
    document = {
        "verdict": checked.verdict.value,
        "words": checked.words,
        "reason": checked.reason,
        "name": checked.name,
        "person": checked.person,
        "issuer": checked.issuer,
        "valid_until": checked.valid_until.isoformat() if checked.valid_until else None,
    }
    about = [f"{checked.name}, {checked.person}"] if checked.name else []
    say(as_json, document, f"{checked.words}. {checked.reason}", *about)
    if checked.verdict is not Verdict.VALID:
        raise SystemExit(1)


@command.command("revoke")
@click.argument("credential", type=click.UUID)
@provider_option
@click.option("--reason", required=True, help="Why. It stays in the record.")
@click.option("--anew", is_flag=True, help="Issue it again with what is known now, at the next bringing into line.")
@json_option
@writes
def revoke(credential: UUID, provider_name: str | None, reason: str, anew: bool, as_json: bool) -> None:
    """Revoke one credential, by its uuid. Safe to repeat."""
    provider, now = provider_named(provider_name), utc_now()
    changed = credentials.revoke(db.session(), provider.id, credential, reason, by=None, now=now, anew=anew)
    if changed:
        found = credentials.find_signed(db.session(), credential)
        member = providers.find_member(db.session(), provider.id, found.view.person_id) if found else None
        noted(
            "credential.revoked",
            provider=provider.uuid,
            subject=member.person_uuid if member else None,
            credential=str(credential),
            anew=anew,
        )
    say(as_json, {"revoked": changed}, "Revoked." if changed else "It was revoked already.")


@command.command("rotate-key")
@provider_option
@click.option("--leaked", is_flag=True, help="Drop every older key: what it signed fails, is revoked, and issued anew.")
@json_option
@writes
def rotate_key(provider_name: str | None, leaked: bool, as_json: bool) -> None:
    """Make new keys, which sign from now on. What older ones signed still holds."""
    here = site()
    if here is None:
        raise trouble(NO_SITE)
    provider = provider_named(provider_name)
    number = credentials.rotate(db.session(), provider.id, here, now=utc_now(), leaked=leaked)
    noted("credentials.keys-rotated", provider=provider.uuid, number=number, leaked=leaked)
    after = ["Now run: flask credential issue"] if leaked else []
    say(as_json, {"number": number}, f"Keys number {number} sign from now on.", *after)


@command.command("export")
@provider_option
@click.option("--person", "name", help="Only this person, by name or uuid.")
@json_option
def export(provider_name: str | None, name: str | None, as_json: bool) -> None:
    """List what was issued, revoked or not; with --json both signed forms as well, and who endorsed it."""
    provider = provider_named(provider_name)
    people = [find_member(provider, name).person_id] if name else None
    views = credentials.credentials_of(db.session(), provider.id, people)
    beside = credentials.endorsed(db.session(), [view.uuid for view in views]) if as_json else {}
    documents = [_document(view, beside.get(view.uuid, ()), whole=as_json) for view in views]
    say(as_json, documents, *([_line(view) for view in views] or ["Nothing was issued yet."]))
    db.session.rollback()


class Issuing:
    """The worker's part: brings credentials into line soon after something happened, and once an hour."""

    EVERY = timedelta(hours=1)
    # Everybody is looked at each time, so not after every single record.
    AFTER_NEWS = timedelta(minutes=5)
    # Then the worker's other jobs have their turn; the rest follows at its next look.
    MOST = 300

    def __init__(self) -> None:
        self._last: datetime | None = None
        self._seen: tuple[int, int] = (-1, -1)

    def __call__(self, now: datetime) -> str | None:
        """Do it if there is news: a record came in, or somebody of the staff did something."""
        here = site()
        session = db.session()
        if here is None:
            return None
        mark = (audit.head(session).number, trail.newest(session)[0])
        if self._last is not None and now - self._last < (self.EVERY if mark == self._seen else self.AFTER_NEWS):
            return None
        issued = revoked = 0
        for provider in providers.list_providers(session):
            for change in bring_into_line(provider, here, actor=audit.WORKER):
                issued, revoked = issued + len(change.issued), revoked + len(change.revoked)
                if issued >= self.MOST:
                    return _told(issued, revoked)
        self._seen, self._last = mark, now
        return _told(issued, revoked) if issued or revoked else None


def _told(issued: int, revoked: int) -> str:
    return f"{issued} issued, {revoked} revoked."


def _document(view: CredentialView, beside: tuple[Endorsed, ...], *, whole: bool) -> dict[str, Any]:
    signed = credentials.find_signed(db.session(), view.uuid) if whole else None
    return {
        "uuid": str(view.uuid),
        "kind": view.kind.value,
        "name": view.name,
        "issued_at": view.issued_at.isoformat(),
        "valid_until": view.valid_until.isoformat() if view.valid_until else None,
        "revoked_at": view.revoked_at.isoformat() if view.revoked_at else None,
        "revoked_reason": view.revoked_reason,
        **({"jwt": signed.jwt, "document": signed.document} if signed else {}),
        **({"endorsements": [each.document for each in beside]} if whole else {}),
    }


def _line(view: CredentialView) -> str:
    over = f" revoked {view.revoked_at:%Y-%m-%d}: {view.revoked_reason}" if view.revoked_at else ""
    return f"{view.uuid} {view.issued_at:%Y-%m-%d} {view.name}{over}"
