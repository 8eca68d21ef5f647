"""`flask content correct`: put the wrong key of a published question right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import click
from flask.cli import with_appcontext

from app import identity, sync
from app.cli.audit import noted
from app.cli.output import json_option, say, writes
from app.extensions import db
from app.kernel import utc_now


@click.command("correct")
@click.argument("key")
@click.argument("edition", type=click.IntRange(min=1))
@click.argument("question")
@click.option("--right", multiple=True, required=True, help="A right option; repeat it for more. Or pairs: a=p.")
@click.option("--reason", required=True, help="Shown to managers. Say what was wrong.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@json_option
@with_appcontext
@writes
def correct_command(
    key: str, edition: int, question: str, right: tuple[str, ...], reason: str, dry_run: bool, as_json: bool
) -> None:
    """Put the wrong key of QUESTION in EDITION of the module KEY right, and mark all attempts at it again.

    Nobody loses a pass by it: a manager decides. For putting things in order, give every item in its right order.
    """
    reason = re.sub(r"\s+", " ", reason).strip()
    if not 3 <= len(reason) <= 500:
        raise click.UsageError("--reason takes 3 to 500 characters.")
    done = sync.correct(db.session(), key, edition, question, right, reason=reason, now=utc_now())
    gain, keep = _named(done.gain), _named(done.keep)
    if dry_run:
        db.session.rollback()
    elif done.erratum is not None:
        noted("content.corrected", module=key, edition=edition, question=question)
    document = {
        "module": key,
        "edition": edition,
        "question": question,
        "was_right_already": done.erratum is None,
        "dry_run": dry_run,
        "attempts": done.attempts,
        "changed": done.changed,
        "gain": gain,
        "keep": keep,
        "like_it": list(done.like_it),
    }
    if done.erratum is None:
        say(as_json, document, "That is its key already. Nothing was changed.")
        return
    say(
        as_json,
        document,
        f"{'Nothing is changed yet. ' * dry_run}{done.attempts} attempts marked again, {done.changed} differ.",
        f"Pass now, from the day of their attempt: {_list(gain)}.",
        f"Passed by the wrong key, and keep it until a manager decides: {_list(keep)}.",
        *(
            f"Edition {number} has the same wrong key. Correct it too: flask content correct {key} {number} …"
            for number in done.like_it
        ),
        "Phones mark by the text they have. Put the key right in module.md too, and publish it as the next edition:",
        "with change: minor, when nothing else of the marking changes, completions go on counting.",
    )


def _named(people: Iterable[int]) -> list[dict[str, str]]:
    found = (identity.find_person(db.session(), person) for person in dict.fromkeys(people))
    return [{"person": str(each.uuid), "name": each.name} for each in found if each is not None]


def _list(people: Sequence[dict[str, str]]) -> str:
    return f"{len(people)} ({', '.join(each['name'] for each in people)})" if people else "nobody"
