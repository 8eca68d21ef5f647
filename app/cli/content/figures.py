"""`flask content coverage` and `report`: the whole catalogue in figures."""

from __future__ import annotations

from collections import Counter

import click

from app.cli.content.common import library_here, print_json
from app.content.balance import balance
from app.content.coverage import Covered
from app.content.coverage import coverage as coverage_of


@click.command("coverage")
@click.option("--gaps", is_flag=True, help="Only what is missing.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def coverage_command(gaps: bool, as_json: bool) -> None:
    """Say which module teaches each criterion, which questions check it, and what is missing."""
    rows = coverage_of(library_here())
    shown = [row for row in rows if row.gap] if gaps else rows
    if as_json:
        print_json({"criteria": [row.as_json() for row in shown]})
        return
    for row in shown:
        _print_row(row)
    knowledge = Counter(row.gap for row in rows if row.kind == "knowledge")
    practice = Counter(row.gap for row in rows if row.kind == "practice")
    click.echo(
        f"{knowledge.total()} knowledge criteria: {knowledge['']} taught and checked twice, "
        f"{knowledge['checked once']} checked once, {knowledge['not checked']} not checked, "
        f"{knowledge['not taught']} not taught."
    )
    click.echo(
        f"{practice.total()} practice criteria: {practice['']} explained, {practice['not explained']} not explained."
    )


def _print_row(row: Covered) -> None:
    where = ", ".join(row.modules) or "-"
    checks = f"{len(row.questions)} {'question' if len(row.questions) == 1 else 'questions'}"
    kinds = f" ({', '.join(row.kinds)})" if row.kinds else ""
    provisional = "" if row.code_confirmed else " (number provisional)"
    gap = f"  GAP: {row.gap}" if row.gap else ""
    click.echo(f"{row.code}{provisional}  {row.kind}: {row.text}\n    {where}; {checks}{kinds}{gap}")


@click.command("report")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def report_command(as_json: bool) -> None:
    """Say how the whole catalogue is spread: lengths, reading level, kinds of question, where right answers stand."""
    figures = balance(library_here())
    if as_json:
        print_json(figures.as_json())
        return
    click.echo(f"{figures.modules} modules, {figures.lessons} lessons, {figures.minutes} minutes.")
    for words, spread in (("Words in a lesson", figures.lesson_words), ("Reading level (SMOG)", figures.reading_level)):
        click.echo(f"{words}: {spread.smallest:g} to {spread.largest:g}, half of them over {spread.middle:g}.")
    click.echo(f"Hardest to read: {', '.join(f'{key} {level:g}' for key, level in figures.hardest)}.")
    for words, counts in (
        ("Kinds of question", figures.kinds),
        ("Pick one: the right answer stands in", figures.right_place),
        ("Pick one: the right answer is the", figures.right_length),
        ("True or false: right is", figures.true_or_false),
        ("Pick all: right are", figures.rights_of_pick_all),
        ("Stories: the choice to a good ending is the", figures.good_choice_length),
    ):
        click.echo(f"{words}: {', '.join(f'{what} {number}' for what, number in counts.items()) or 'none'}.")
    click.echo(
        f"{figures.must_get_right} questions must be got right. Modules with a picture: {figures.with_picture}, with a "
        f"story: {figures.with_story}, with easier words: {figures.with_easier_words}, checked by somebody: "
        f"{figures.checked_by_somebody}."
    )
