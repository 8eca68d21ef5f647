"""`flask person`: people of a provider, their codes and passwords."""

from __future__ import annotations

import contextlib
import difflib
from datetime import datetime
from pathlib import Path
from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup

from app import assessment, audit, identity, learning, messages, privacy, providers
from app.cli import provider as provider_cli
from app.cli.audit import noted
from app.cli.output import json_option, say, trouble, writes
from app.config import Settings
from app.content.queries import current_editions
from app.extensions import db
from app.kernel import begin_write, utc_now
from app.providers import MemberView, ProviderView, Role

command = AppGroup("person", help="People of a provider, their codes and passwords.")

provider_option = click.option("--provider", "provider_name", help="Needed when the server has more than one provider.")
roles_option = click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="May be given several times. Default: learner.",
)


def find_member(provider: ProviderView, name: str) -> MemberView:
    """Return the provider's person with this name or uuid. Stops the command when there is none or several."""
    wanted = " ".join(name.split()).casefold()
    members = providers.list_members(db.session(), provider.id, with_ended=True)
    fitting = {m.person_id: m for m in members if wanted == m.name.casefold()}
    with contextlib.suppress(ValueError):
        # Any uuid they ever had.
        by_uuid = providers.find_member(db.session(), provider.id, UUID(wanted))
        fitting |= {by_uuid.person_id: by_uuid} if by_uuid else {}
    if len(fitting) == 1:
        return next(iter(fitting.values()))
    if not fitting:
        raise trouble(f'{provider.name} has nobody called "{name}". See: flask person list')
    uuids = ", ".join(str(m.person_uuid) for m in fitting.values())
    raise trouble(f'{provider.name} has {len(fitting)} people called "{name}". Use one of these instead: {uuids}')


def settings() -> Settings:
    """Return the running application's settings."""
    found: Settings = current_app.extensions["bv.settings"]
    return found


def make_code(provider: ProviderView, member: MemberView) -> dict[str, str]:
    """Make a code for a person and return it with its link. Codes given before stop working."""
    code = providers.issue_invite(
        db.session(), provider.id, member.person_id, secret=settings().secret_key.encode(), now=utc_now()
    )
    noted("code.made", provider=provider.uuid, subject=member.person_uuid)
    return {"code": providers.written_code(code), "link": f"{settings().origin}/join/{code}"}


@command.command("add")
@click.argument("name")
@provider_option
@roles_option
@json_option
@writes
def add(name: str, provider_name: str | None, roles: tuple[str, ...], as_json: bool) -> None:
    """Add a person and print the code they join with.

    Repeated for a name that is there already, it stops: two people may share a name, so the second has to be said to be
    another, by adding something to the name.
    """
    provider = provider_cli.find(provider_name)
    wanted = " ".join(name.split()).casefold()
    if any(m.name.casefold() == wanted for m in providers.list_members(db.session(), provider.id)):
        raise trouble(f'{provider.name} has somebody called "{name}". For another person, add something to the name.')
    chosen = tuple(Role(role) for role in roles) or (Role.LEARNER,)
    member = providers.add_person(db.session(), provider.id, name, chosen, now=utc_now())
    noted("person.added", provider=provider.uuid, subject=member.person_uuid, roles=",".join(sorted(member.roles)))
    code = make_code(provider, member)
    say(
        as_json,
        {"person": str(member.person_uuid), "name": member.name, "roles": sorted(member.roles), **code},
        f"{member.name} has a place at {provider.name}.",
        f"Code: {code['code']}",
        f"Link: {code['link']}",
    )


@command.command("list")
@provider_option
@click.option("--archived", is_flag=True, help="Also those who left.")
@json_option
def list_all(provider_name: str | None, archived: bool, as_json: bool) -> None:
    """List a provider's people."""
    provider = provider_cli.find(provider_name)
    members = providers.list_members(db.session(), provider.id, with_ended=archived)
    documents = [
        {
            "person": str(m.person_uuid),
            "name": m.name,
            "roles": sorted(m.roles),
            "joined": m.has_pin,
            "archived": m.ended is not None,
        }
        for m in members
    ]
    lines = [f"{m.name} ({', '.join(sorted(m.roles))}){' left' if m.ended else ''}" for m in members]
    say(as_json, documents, *(lines or [f"{provider.name} has no people yet."]))


@command.command("invite")
@click.argument("name")
@provider_option
@json_option
@writes
def invite(name: str, provider_name: str | None, as_json: bool) -> None:
    """Make a new code for a person; codes given before stop working."""
    provider = provider_cli.find(provider_name)
    member = find_member(provider, name)
    code = make_code(provider, member)
    say(as_json, code, f"Code: {code['code']}", f"Link: {code['link']}")


@command.command("archive")
@click.argument("name")
@provider_option
@json_option
@writes
def archive(name: str, provider_name: str | None, as_json: bool) -> None:
    """End a person's place here. Nothing is deleted, and what their phone still holds may still arrive."""
    provider = provider_cli.find(provider_name)
    member = find_member(provider, name)
    now = utc_now()
    providers.end_membership(db.session(), provider.id, member.person_id, now=now)
    if assessment.end_appointments_of(db.session(), provider.id, member.person_id, now=now, by=None):
        noted("assessor.ended", provider=provider.uuid, subject=member.person_uuid)
    if tasks := messages.end_delegated(
        db.session(), provider.id, member.person_id, messages.Over.LEFT, now=now, by=None
    ):
        noted("delegated.withdrawn", provider=provider.uuid, subject=member.person_uuid, tasks=tasks)
    providers.revoke_invites(db.session(), provider.id, member.person_id, now=now)
    if member.ended is None:
        noted("person.archived", provider=provider.uuid, subject=member.person_uuid)
    say(as_json, {"person": str(member.person_uuid), "archived": True}, f"{member.name} has left {provider.name}.")


@command.command("export")
@click.argument("name")
@provider_option
@click.option("--to", "path", required=True, type=click.Path(path_type=Path), help="The ZIP to write.")
@json_option
@writes
def export(name: str, provider_name: str | None, path: Path, as_json: bool) -> None:
    """Write everything the server holds about a person, at every provider, into a ZIP. Overwrites nothing."""
    provider = provider_cli.find(provider_name)
    member = find_member(provider, name)
    try:
        with path.open("xb") as out:
            path.chmod(0o600)
            made = privacy.export(db.session(), member.person_id, None, out, now=utc_now())
    except OSError as error:
        raise trouble(f"We cannot write {path} ({type(error).__name__}). Name a file that is not there yet.") from error
    noted("data.exported", provider=provider.uuid, subject=member.person_uuid)
    say(
        as_json,
        {"person": str(member.person_uuid), "file": str(path), "counts": dict(made.counts)},
        f"{path}: everything about {member.name}, {made.counts['records']} records among it.",
    )


@command.command("erase")
@click.argument("name")
@provider_option
@click.option("--yes", is_flag=True, help="Do not ask first.")
@json_option
@writes
def erase(name: str, provider_name: str | None, yes: bool, as_json: bool) -> None:
    """Erase a person who has left: the server's record of them at this provider. It cannot be undone."""
    provider = provider_cli.find(provider_name)
    member = find_member(provider, name)
    if member.ended is None:
        raise trouble(f"{member.name} still has a place here. First: flask person archive")
    if not yes:
        # Nobody else could write while the question stands.
        db.session.rollback()
        click.confirm(f"Erase {member.name} at {provider.name}? This cannot be undone.", abort=True)
        begin_write(db.session())
    gone = privacy.erase(db.session(), provider, member, actor=audit.OPERATOR, now=utc_now())
    say(
        as_json,
        {"person": str(member.person_uuid), "records": gone.records, "wholly": gone.wholly},
        f"{member.name} is erased: {gone.records} records."
        + ("" if gone.wholly else " Another provider still has them, with what they did there."),
        "Backups made before still hold them until they are deleted by age.",
    )


@command.command("set-password")
@click.argument("name")
@provider_option
@click.option("--sign-in", help="Also change what they sign in with.")
@click.option("--password-file", type=click.Path(path_type=Path), help="Take the password from a file's first line.")
@json_option
@writes
def set_password(
    name: str, provider_name: str | None, sign_in: str | None, password_file: Path | None, as_json: bool
) -> None:
    """Give a person a one-time password for the staff pages. Their browsers are signed out."""
    provider = provider_cli.find(provider_name)
    member = find_member(provider, name)
    password, made_here = provider_cli.password_from(password_file)
    person = identity.find_person(db.session(), member.person_id)
    if sign_in is None and (person is None or person.sign_in_name is None):
        sign_in = provider_cli.sign_in_name_from(member.name)
    if sign_in is not None:
        identity.set_sign_in_name(db.session(), member.person_id, sign_in)
    identity.set_password(db.session(), member.person_id, password, temporary=True, names=[provider.name])
    noted("password.given", provider=provider.uuid, subject=member.person_uuid)
    person = identity.find_person(db.session(), member.person_id)
    sign_in_name = person.sign_in_name if person else None
    document = {"person": str(member.person_uuid), "sign_in": sign_in_name}
    lines = [f"{member.name} signs in with: {sign_in_name}"]
    if made_here:
        document["one_time_password"] = password
        lines.append(f"One-time password: {password}")
    say(as_json, document, *lines, "The next sign-in asks for a new password.")


@command.command("assign")
@click.argument("name")
@click.argument("module")
@provider_option
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="The day it has to be done by, as 2026-12-31.")
@json_option
@writes
def assign(name: str, module: str, provider_name: str | None, due: datetime | None, as_json: bool) -> None:
    """Ask a person for a module, by its key. Safe to repeat."""
    provider = provider_cli.find(provider_name)
    member = find_member(provider, name)
    on_offer = {found.key: found.title for found in current_editions(db.session())}
    if module not in on_offer:
        close = difflib.get_close_matches(module, on_offer, n=1)
        hint = f' Did you mean "{close[0]}"?' if close else " See: flask content check"
        raise trouble(f'No module called "{module}" is published.{hint}')
    day = due.date() if due else None
    if learning.assign(db.session(), provider.id, member.person_id, module, due=day, now=utc_now()):
        due_day = day.isoformat() if day else None
        noted("assignment.made", provider=provider.uuid, subject=member.person_uuid, module=module, due=due_day)
    say(
        as_json,
        {"person": str(member.person_uuid), "module": module, "due": day.isoformat() if day else None},
        f"{member.name} is asked for {on_offer[module]}{f' by {day:%-d %B %Y}' if day else ''}.",
    )
