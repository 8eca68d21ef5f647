"""`flask person phones`, `end-phone`, `reset-second-step`, `end-accounts`: rescue for what is lost or misused."""

from __future__ import annotations

from uuid import UUID

import click

from app import identity
from app.cli import person
from app.cli import provider as provider_cli
from app.cli.audit import noted
from app.cli.output import json_option, say, trouble, writes
from app.cli.person import find_member, provider_option
from app.extensions import db
from app.identity import PhoneView
from app.kernel import utc_now

# They belong to `flask person`.
command = person.command


@command.command("phones")
@click.argument("name")
@provider_option
@json_option
def phones(name: str, provider_name: str | None, as_json: bool) -> None:
    """List a person's phones, the one heard of last first."""
    member = find_member(provider_cli.find(provider_name), name)
    found = identity.phones_of(db.session(), member.person_id)
    documents = [
        {
            "phone": str(phone.uuid),
            "same_phone_as": str(phone.glass),
            "added": phone.added_at.isoformat(),
            "heard_of": phone.last_seen_at.isoformat() if phone.last_seen_at else None,
            "ended": phone.revoked_at.isoformat() if phone.revoked_at else None,
        }
        for phone in found
    ]
    say(as_json, documents, *([_line(phone) for phone in found] or [f"{member.name} has no phone here."]))


@command.command("end-phone")
@click.argument("name")
@provider_option
@click.option(
    "--phone", type=click.UUID, help="Which one, as `flask person phones` lists it. Needed when there are more."
)
@click.option("--all", "every", is_flag=True, help="Every phone of this person, wherever they use it.")
@json_option
@writes
def end_phone(name: str, provider_name: str | None, phone: UUID | None, every: bool, as_json: bool) -> None:
    """End the sign-in of a lost phone, and of every browser of its person. What it sent stays. Safe to repeat."""
    provider = provider_cli.find(provider_name)
    member, now = find_member(provider, name), utc_now()
    open_now = {each.glass: each for each in identity.phones_of(db.session(), member.person_id) if not each.revoked_at}
    if every:
        ended = identity.end_phones(db.session(), member.person_id, now=now)
        noted("phones.ended", provider=provider.uuid, subject=member.person_uuid)
    else:
        if phone is None and len(open_now) > 1:
            lines = "\n".join(_line(each) for each in open_now.values())
            raise trouble(f"{member.name} has {len(open_now)} phones. Say which with --phone, or --all.\n{lines}")
        phone = phone or next((each.uuid for each in open_now.values()), None)
        if phone is None or not identity.end_phone(db.session(), member.person_id, phone, now=now):
            raise trouble(f"{member.name} has no such phone. See: flask person phones")
        ended = 1
        noted("phone.lost", provider=provider.uuid, subject=member.person_uuid, phone=str(phone))
    say(
        as_json,
        {"person": str(member.person_uuid), "ended": ended},
        f"{member.name}: {ended} phone{'' if ended == 1 else 's'} signed out, and every browser.",
        "Found again? Signing in on it with the PIN, or a new code, is enough.",
    )


@command.command("reset-second-step")
@click.argument("name")
@provider_option
@json_option
@writes
def reset_second_step(name: str, provider_name: str | None, as_json: bool) -> None:
    """Take a person's second steps and recovery codes away: for a lost phone or key. Their browsers are signed out.

    Make sure first that it is really them who ask.
    """
    provider = provider_cli.find(provider_name)
    member = find_member(provider, name)
    had = identity.reset_second_step(db.session(), member.person_id)
    noted("second-step.removed", provider=provider.uuid, subject=member.person_uuid)
    say(
        as_json,
        {"person": str(member.person_uuid), "had": had},
        f"{member.name} has no second step now." if had else f"{member.name} had no second step.",
        "Their password alone signs them in. Was that lost too? flask person set-password",
    )


@command.command("end-accounts")
@click.argument("name")
@provider_option
@json_option
@writes
def end_accounts(name: str, provider_name: str | None, as_json: bool) -> None:
    """Let no account at an OpenID provider sign a person in any longer, and sign their browsers out. Safe to repeat."""
    provider = provider_cli.find(provider_name)
    member = find_member(provider, name)
    ended = identity.end_links(db.session(), member.person_id, now=utc_now())
    noted("openid.ended", provider=provider.uuid, subject=member.person_uuid)
    say(
        as_json,
        {"person": str(member.person_uuid), "ended": ended},
        f"{member.name} signs in with no account from elsewhere now." if ended else f"{member.name} had none.",
        "Their password and passkeys go on working.",
    )


def _line(phone: PhoneView) -> str:
    heard = f"heard of {phone.last_seen_at:%-d %B %Y}" if phone.last_seen_at else "never heard of"
    ended = f", ended {phone.revoked_at:%-d %B %Y}" if phone.revoked_at else ""
    return f"{phone.uuid}  added {phone.added_at:%-d %B %Y}, {heard}{ended}"
