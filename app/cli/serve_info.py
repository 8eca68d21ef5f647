"""`flask serve-info`: what a person who has just started the server wants to know."""

from __future__ import annotations

import io

import click
import segno
from flask.cli import with_appcontext
from sqlalchemy import inspect

from app import identity, providers
from app.cli.output import json_option, say, writes
from app.cli.person import make_code, settings
from app.cli.seeding import DEVELOPMENT_PASSWORD, DEVELOPMENT_PIN
from app.extensions import db
from app.providers import MemberView, ProviderView, Role


def terminal_qr(address: str) -> str:
    """Return a QR code drawn with half blocks, for a terminal."""
    out = io.StringIO()
    segno.make(address, error="m", micro=False).terminal(out, compact=True)
    return out.getvalue()


def _somebody_to_invite(provider: ProviderView) -> MemberView | None:
    """Return a carer who has not joined yet, else any carer."""
    carers = [m for m in providers.list_members(db.session(), provider.id) if Role.LEARNER in m.roles]
    return next((m for m in carers if not m.has_pin), carers[0] if carers else None)


def _assessor(provider: ProviderView) -> MemberView | None:
    """Return somebody who sees practice with a phone in the hand: better one who is no manager."""
    found = [m for m in providers.list_members(db.session(), provider.id) if Role.ASSESSOR in m.roles]
    return next((m for m in found if Role.MANAGER not in m.roles), found[0] if found else None)


@click.command("serve-info")
@with_appcontext
@json_option
def command(as_json: bool) -> None:
    """Say where the server is, who can sign in and how, and let somebody in with a fresh code."""
    tell(as_json)


@writes
def tell(as_json: bool) -> None:
    """Print what `serve-info` prints. In development this makes a code for somebody to join with."""
    known = settings()
    if not inspect(db.session.connection()).has_table("providers"):
        say(as_json, {"address": known.origin, "ready": False}, "The database is empty. Run: flask db upgrade")
        return
    document: dict[str, object] = {"address": known.origin, "ready": True}
    lines = [f"Between Visits: {known.origin}"]
    all_providers = providers.list_providers(db.session())
    if not all_providers:
        lines.append("No provider yet. Run: flask seed, or flask provider add")
    staff = []
    for provider in all_providers:
        for member in providers.list_members(db.session(), provider.id):
            if member.roles - {Role.LEARNER}:
                staff.append(_staff_entry(provider, member))
    document["staff"] = staff
    if staff:
        lines += ["", f"Staff sign in at {known.origin}/staff/sign-in"]
        lines += [f"  {s['sign_in']}  {s['name']}, {s['provider']} ({s['roles']})" for s in staff if s["sign_in"]]
    if not known.production and any(s["development_password"] for s in staff):
        lines.append(f"  Development password of all of them until changed: {DEVELOPMENT_PASSWORD}")
        lines.append(f"  PIN of made-up people who have joined: {DEVELOPMENT_PIN}")
    assessor = None if known.production else next(filter(None, map(_assessor, all_providers)), None)
    if assessor is not None:
        provider = next(p for p in all_providers if p.id == assessor.provider_id)
        code = make_code(provider, assessor)
        document["assessor"] = {"name": assessor.name, **code}
        lines += ["", f"See practice as {assessor.name}, an assessor: {code['link']}"]
    invited = None if known.production else next(filter(None, map(_somebody_to_invite, all_providers)), None)
    if invited is not None:
        provider = next(p for p in all_providers if p.id == invited.provider_id)
        code = make_code(provider, invited)
        document["invite"] = {"name": invited.name, **code}
        lines += ["", f"Join as {invited.name}: {code['link']}", f"  or type {code['code']} at {known.origin}/join"]
        lines += [terminal_qr(code["link"])]
    say(as_json, document, *lines)


def _staff_entry(provider: ProviderView, member: MemberView) -> dict[str, object]:
    person = identity.find_person(db.session(), member.person_id)
    sign_in = person.sign_in_name if person else None
    known = not settings().production and identity.check_password(db.session(), member.person_id, DEVELOPMENT_PASSWORD)
    return {
        "name": member.name,
        "provider": provider.name,
        "roles": ", ".join(sorted(member.roles - {Role.LEARNER})),
        "sign_in": sign_in,
        "development_password": known,
    }
