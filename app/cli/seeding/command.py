"""`flask seed`: fill an empty development server with made-up people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app import catalogue, providers
from app.cli.output import json_option, say, trouble, writes
from app.cli.person import settings
from app.cli.seeding import large, small
from app.config import shipped
from app.extensions import db
from app.kernel import utc_now
from app.providers import ProviderView, Role

DEVELOPMENT_PIN = "274913"


class Size(StrEnum):
    """Which made-up provider."""

    SMALL = "small"
    LARGE = "large"


# The name each one has, by which a server that has it already is recognised.
NAMES = {Size.SMALL: small.PROVIDER, Size.LARGE: large.PROVIDER}


def make_up(session: Session, size: Size, *, carers: int, now: datetime, tell: Callable[[str], None]) -> ProviderView:
    """Add a made-up provider; `carers` counts for the large one. `tell` is given how far it is, in words."""
    own = settings().content / "requirements"
    usual = own if own.is_dir() else shipped("content") / "requirements"
    if size is Size.SMALL:
        return small.fill(session, pin=DEVELOPMENT_PIN, now=now, usual=usual)
    return large.fill(session, pin=DEVELOPMENT_PIN, now=now, usual=usual, carers=carers, tell=tell)


@click.command("seed")
@click.option(
    "--size",
    type=click.Choice([size.value for size in Size]),
    default=Size.SMALL.value,
    show_default=True,
    help="A small provider, or one of 400 carers over three years, which takes some minutes.",
)
@click.option(
    "--carers",
    type=click.IntRange(large.FEWEST, large.MOST),
    default=large.CARERS,
    show_default=True,
    help="How many carers the large one has now.",
)
@with_appcontext
@json_option
@writes
def command(size: str, carers: int, as_json: bool) -> None:
    """Fill an empty development server with a made-up provider. Refuses in production, and when anybody is here."""
    if settings().production:
        raise trouble("This is a production server. Made-up people do not belong beside real ones.")
    if providers.list_providers(db.session()):
        raise trouble("There is a provider here already. Nothing was changed.")
    provider = make_up(
        db.session(), Size(size), carers=carers, now=utc_now(), tell=lambda words: click.echo(words, err=True)
    )
    members = providers.list_members(db.session(), provider.id, with_ended=True)
    modules = len(catalogue.listing(db.session(), provider.id).offers)
    managers = [member.name.split()[0].lower() for member in members if Role.MANAGER in member.roles]
    say(
        as_json,
        {"provider": provider.name, "people": len(members), "modules": modules},
        f"{provider.name}: {len(members)} people, {modules} modules on offer.",
        f"Sign in as {managers[0]} with: {small.DEVELOPMENT_PASSWORD}   (flask serve-info lists everybody)",
        *([] if modules else ["No modules are published yet. Run flask content publish before flask seed."]),
    )
