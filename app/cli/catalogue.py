"""`flask catalogue`: offer packs to other servers, follow theirs, and take what is new."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app import audit, providers
from app.cli import catalogue_job as work
from app.cli import suggestions
from app.cli.audit import noted
from app.cli.output import json_option, say, trouble, writes
from app.cli.person import settings
from app.extensions import db
from app.interop import sharing
from app.interop.sharing import Changes, Manifest, SharingError, SourceView
from app.kernel import utc_now

command = AppGroup("catalogue", help="Packs shared with other servers, and taken from them.")
command.add_command(suggestions.command)
file_option = click.option(
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A ZIP that `flask catalogue pack` wrote, for places with no network.",
)


def _secret() -> bytes:
    return settings().secret_key.encode()


def _server_name() -> str:
    """Return what a server is called that never said: its only provider's name, else that of its address."""
    every = providers.list_providers(db.session())
    return every[0].name if len(every) == 1 else settings().hostname


@command.command("offer")
@click.argument("packs", nargs=-1)
@click.option("--as", "name", help="What this server is called. Default: its only provider, or its address.")
@click.option("--stop", is_flag=True, help="Offer these packs no longer. Who took them keeps them.")
@json_option
def offer(packs: tuple[str, ...], name: str | None, stop: bool, as_json: bool) -> None:
    """Offer PACKS to other servers, and say what is offered and with which key. Without PACKS it only says that.

    Whoever has a module's text has its answers too. A provider's own pack, or one whose licence is not known, is never
    offered.
    """
    if packs or name:
        _offer(packs, name, stop)
    found, me = sharing.packs(db.session()), sharing.identity_of(db.session())
    db.session.rollback()
    document: dict[str, Any] = {
        "name": me.name if me else None,
        "address": settings().origin,
        "key": me.public if me else None,
        "packs": [asdict(each) for each in found],
    }
    lines = [f"{'offered     ' if p.offered else 'not offered '} {p.key}: {p.title}, {p.licence}" for p in found]
    lines += [f"  {p.refusal}" for p in found if p.refusal]
    if me and any(p.offered for p in found):
        lines += [
            f"{me.name} is followed with: flask catalogue follow {settings().origin}",
            f"Tell them this key by another way, so that they can compare it: {me.public}",
        ]
    say(as_json, document, *(lines or ["No pack is published here yet."]))


@writes
def _offer(packs: tuple[str, ...], name: str | None, stop: bool) -> None:
    session, now = db.session(), utc_now()
    for pack in packs:
        if stop:
            changed = sharing.stop(session, pack, now=now)
        else:
            changed = sharing.offer(session, pack, name=name, default_name=_server_name(), secret=_secret(), now=now)
        if changed:
            noted("catalogue.stopped" if stop else "catalogue.offered", pack=pack)
    if not packs and name:
        sharing.call(session, name, default_name=_server_name(), secret=_secret(), now=now)
        noted("catalogue.named")


@command.command("new-key")
@json_option
@writes
def new_key(as_json: bool) -> None:
    """Sign with a new key from now on. Everybody who follows is stopped until they confirm it."""
    made = sharing.new_key(db.session(), secret=_secret(), now=utc_now())
    noted("catalogue.new-key")
    line = f"Signing with a new key. Tell everybody who follows, by another way than this server: {made.public}"
    say(as_json, {"key": made.public, "name": made.name}, line)


@command.command("pack")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@json_option
def pack(file: Path, as_json: bool) -> None:
    """Write everything that is offered, signed, into one ZIP FILE: for a stick."""
    beside = file.with_name(f".{file.name}.part")
    try:
        with beside.open("wb") as out:
            told = sharing.write(db.session(), out, origin=settings().origin, secret=_secret())
        beside.replace(file)
    except SharingError as refused:
        raise trouble(str(refused)) from None
    finally:
        beside.unlink(missing_ok=True)
        db.session.rollback()
    document = {"file": str(file), "modules": len(told.modules), "key": told.key, "bytes": file.stat().st_size}
    say(as_json, document, f"{file} holds {len(told.modules)} modules. Whoever takes it compares this key: {told.key}")


@command.command("follow")
@click.argument("address", required=False)
@file_option
@click.option("--key", help="Their key, if they told it to you. Without it you are asked to compare.")
@json_option
def follow(address: str | None, file: Path | None, key: str | None, as_json: bool) -> None:
    """Follow the catalogue at ADDRESS, or in a ZIP. Its key is shown, compared by you, and kept.

    Nothing is taken by it. A server that changed its key is followed again in the same way.
    """
    if (address is None) == (file is None):
        raise click.UsageError("Give an ADDRESS, or --file. One of the two.")
    anywhere = settings().follow == "any"
    try:
        where = sharing.checked_address(address, anywhere=anywhere) if address else None
        place = sharing.Web(address=where, anywhere=anywhere) if where else sharing.Zipped(path=file or Path())
        raw, manifest = sharing.fetch_manifest(place, key=key)
    except SharingError as refused:
        raise trouble(str(refused)) from None
    if key is None:
        _confirm(manifest, as_json)
    source = _follow(raw, where, manifest.key)
    changes = sharing.changes_of(db.session(), source.id)[1]
    db.session.rollback()
    lines = [f"{source.name} is followed. It has {changes.words}.", f'Take it: flask catalogue take "{source.name}"']
    say(as_json, {**_source(source), "changes": _changes(changes)}, *lines)


def _confirm(manifest: Manifest, as_json: bool) -> None:
    if as_json:
        raise click.UsageError("With --json nobody can be asked. Give the key: --key")
    click.echo(f"{manifest.name} offers {len(manifest.modules)} modules and signs with this key:")
    click.echo(f"  {manifest.key}")
    click.echo("Ask them for their key by another way, such as the telephone, and compare.")
    click.confirm("Is it the same?", abort=True)


@writes
def _follow(raw: bytes, address: str | None, key: str) -> SourceView:
    source = sharing.follow(db.session(), raw, address=address, key=key, now=utc_now())
    noted("catalogue.followed", source=str(source.uuid))
    return source


@command.command("unfollow")
@click.argument("name")
@json_option
@writes
def unfollow(name: str, as_json: bool) -> None:
    """Follow the catalogue called NAME no longer. What came from it stays."""
    source = sharing.find(db.session(), name)
    sharing.unfollow(db.session(), source.id, now=utc_now())
    noted("catalogue.unfollowed", source=str(source.uuid))
    say(as_json, _source(source), f"{source.name} is followed no longer. Its modules stay, with every edition.")


@command.command("look")
@click.argument("name", required=False)
@file_option
@json_option
def look(name: str | None, file: Path | None, as_json: bool) -> None:
    """Say in words what the catalogue called NAME, or each that is followed, has that is not here.

    What it withdrew or put right since comes at once. Nothing else is taken.
    """
    found = _chosen(name, file)
    told: list[dict[str, Any]] = []
    lines: list[str] = []
    failed = False
    for source in found:
        try:
            if source.address or file:
                changes = work.look_at(source, work.place_of(source, file), now=utc_now())
            else:
                changes = sharing.changes_of(db.session(), source.id)[1]
        except SharingError as refused:
            failed = True
            told.append({**_source(source), "trouble": str(refused)})
            lines.append(f"{source.name}: {refused}")
            continue
        told.append({**_source(source), "changes": _changes(changes)})
        lines += [f"{source.name} has {changes.words}.", *_details(changes)]
    say(as_json, told, *(lines or ["No catalogue is followed here. flask catalogue follow ADDRESS"]))
    if failed:
        raise SystemExit(1)


@command.command("take")
@click.argument("name", required=False)
@file_option
@json_option
def take(name: str | None, file: Path | None, as_json: bool) -> None:
    """Take everything that is new in the catalogue called NAME, or in each that is followed.

    Every byte is checked before anything is stored, and then all of it is stored at once. Safe to repeat.
    """
    told: list[dict[str, Any]] = []
    lines: list[str] = []
    for source in _chosen(name, file):
        if source.address is None and file is None and name is None:
            continue
        try:
            place = work.place_of(source, file)
            taken = work.take_from(source, place, actor=audit.OPERATOR, now=utc_now())
        except SharingError as refused:
            raise trouble(f"{source.name}: {refused}") from None
        told.append(
            {
                **_source(source),
                "published": [{"module": key, "edition": number} for key, number in taken.published],
                "packs": list(taken.packs),
                "withdrawn": taken.urgent.withdrawn,
                "put_right": taken.urgent.errata,
                "by_hand": list(taken.urgent.by_hand),
                "left_out": [asdict(each) for each in taken.left_out],
            }
        )
        lines.append(f"{len(taken.published)} editions taken from {source.name}.")
        lines += [f"  left out {each.key}: {each.words}" for each in taken.left_out]
        lines += [f"  put this right yourself, with flask content correct: {each}" for each in taken.urgent.by_hand]
    say(as_json, told, *(lines or ["No catalogue is followed here. flask catalogue follow ADDRESS"]))


def _chosen(name: str | None, file: Path | None) -> list[SourceView]:
    """Return the sources a command is about. A file says itself whose it is, when nobody does."""
    session = db.session()
    try:
        if name is None and file is not None:
            server = sharing.fetch_manifest(sharing.Zipped(path=file))[1].server
            name = str(server)
        return [sharing.find(session, name)] if name else list(sharing.sources(session))
    except SharingError as refused:
        raise trouble(str(refused)) from None
    finally:
        session.rollback()


def _source(source: SourceView) -> dict[str, Any]:
    return {"name": source.name, "server": str(source.uuid), "address": source.address, "key": source.key}


def _changes(changes: Changes) -> dict[str, Any]:
    return {
        "words": changes.words,
        "new_modules": [each.module.key for each in changes.new_modules],
        "new_editions": [
            {"module": each.module.key, "edition": each.edition.number, "change": each.edition.change}
            for each in changes.new_editions
        ],
        "left_out": [asdict(each) for each in changes.left_out],
        "no_longer_offered": list(changes.gone),
        "here": changes.here,
        "own": changes.own,
    }


def _details(changes: Changes) -> list[str]:
    lines = [f"  new: {each.edition.title} ({each.module.key})" for each in changes.new_modules]
    lines += [
        f"  edition {each.edition.number} of {each.edition.title} ({each.edition.change})"
        for each in changes.new_editions
    ]
    lines += [f"  left out {each.key}: {each.words}" for each in changes.left_out]
    lines += [f"  no longer offered, and stays here: {key}" for key in changes.gone]
    return lines
