"""`flask provider`: set up a care organisation and its first manager."""

from __future__ import annotations

import re
import secrets
import unicodedata
from pathlib import Path

import click
from flask.cli import AppGroup

from app import identity, providers
from app.cli.audit import noted
from app.cli.output import json_option, say, trouble, writes
from app.extensions import db
from app.kernel import utc_now
from app.providers import ProviderView, Role

command = AppGroup("provider", help="Care organisations and their first manager.")

# Short, common, easily told apart over the telephone. Five of them, twice a digit: more than enough for one sign-in.
WORDS = (  # noqa: SIM905 - words read better as words
    "amber apple badge basket bench berry bird blanket bottle bread bridge brush butter button candle carpet cherry "
    "clover cotton cushion daisy door drawer fern finch fork garden ginger glove harbour hazel honey jacket jumper "
    "kettle kitchen ladder lemon linen maple marble meadow mirror mitten morning mustard napkin nettle oak olive onion "
    "orange paper parcel pebble pepper pillow plum pocket poppy porch quilt radio ribbon river robin saddle saucer "
    "scarf sparrow spoon stair sunday sugar table teapot thimble ticket towel tulip umbrella velvet violet walnut "
    "willow window woollen yellow"
).split()


def one_time_password() -> str:
    """Return a password that is read out once and then replaced: five words and two digits, about 38 bits."""
    return "-".join([*(secrets.choice(WORDS) for _ in range(5)), str(10 + secrets.randbelow(90))])


def password_from(path: Path | None) -> tuple[str, bool]:
    """Return the password in the file's first line, or a new one; and whether it was made here."""
    if path is None:
        return one_time_password(), True
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise trouble(f"We cannot read {path} ({type(error).__name__}). Check the path.") from error
    return (lines[0].strip() if lines else ""), False


def sign_in_name_from(name: str) -> str:
    """Return a free sign-in name made of somebody's own: "Priya Nair" gives priya.nair, else priya.nair2 and so on."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = ".".join(re.findall(r"[a-z0-9]+", plain)) or "person"
    wanted, number = base, 1
    while identity.find_person_by_sign_in_name(db.session(), wanted) is not None:
        number += 1
        wanted = f"{base}{number}"
    return wanted


@command.command("add")
@click.argument("name")
@click.option("--manager", required=True, help="Full name of the first manager.")
@click.option("--sign-in", help="What the manager signs in with. Default: made from the name.")
@click.option("--password-file", type=click.Path(path_type=Path), help="Take the manager's first password from a file.")
@json_option
@writes
def add(name: str, manager: str, sign_in: str | None, password_file: Path | None, as_json: bool) -> None:
    """Add a provider and its first manager, and print how the manager signs in.

    Safe to repeat: a provider that is there already is left as it is.
    """
    found = providers.find_provider(db.session(), " ".join(name.split()))
    if found is not None:
        say(
            as_json,
            {"provider": str(found.uuid), "name": found.name, "made": False},
            f"{found.name} is here already. Nothing was changed.",
        )
        return
    password, made_here = password_from(password_file)
    now = utc_now()
    contact = manager.split()[0] if manager.split() else ""
    made = providers.add_provider(db.session(), name, contact=contact, now=now)
    member = providers.add_person(
        db.session(), made.id, manager, (Role.MANAGER,), now=now, sign_in_name=sign_in or sign_in_name_from(manager)
    )
    identity.set_password(db.session(), member.person_id, password, temporary=True, names=[made.name])
    noted("provider.added", provider=made.uuid)
    noted("person.added", provider=made.uuid, subject=member.person_uuid, roles=",".join(sorted(member.roles)))
    noted("password.given", provider=made.uuid, subject=member.person_uuid)
    person = identity.find_person(db.session(), member.person_id)
    sign_in_name = person.sign_in_name if person else None
    document = {
        "provider": str(made.uuid),
        "name": made.name,
        "made": True,
        "manager": {"person": str(member.person_uuid), "name": member.name, "sign_in": sign_in_name},
    }
    lines = [f"{made.name} is set up.", f"{member.name} signs in with: {sign_in_name}"]
    if made_here:
        document["manager"] |= {"one_time_password": password}  # type: ignore[operator]
        lines.append(f"One-time password: {password}")
    lines.append("The first sign-in asks for a new password.")
    say(as_json, document, *lines)


@command.command("list")
@json_option
def list_all(as_json: bool) -> None:
    """List the providers on this server."""
    found = providers.list_providers(db.session())
    lines = [f"{p.name} (people ask {p.contact})" for p in found] or ["No provider yet. Add one: flask provider add"]
    say(as_json, [{"provider": str(p.uuid), "name": p.name, "contact": p.contact} for p in found], *lines)


def find(name: str | None) -> ProviderView:
    """Return the provider called `name`; without a name, the only one there is. Stops the command otherwise."""
    known = providers.list_providers(db.session())
    if name is None:
        if len(known) == 1:
            return known[0]
        raise trouble("There is no provider yet." if not known else "Say which provider with --provider NAME.")
    for provider in known:
        if provider.name.casefold() == " ".join(name.split()).casefold():
            return provider
    names = ", ".join(p.name for p in known) or "none yet"
    raise trouble(f'There is no provider called "{name}". Known: {names}.')
