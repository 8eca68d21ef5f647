"""What taking would change, worked out from both sides alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.content.sharing import Here
from app.interop.sharing.plan import Side, compare
from app.interop.sharing.wire import Manifest, signed
from app.interop.sharing.wire import read as read_wire
from tests.unit.sharing.test_wire import KEY, PUBLIC, document, module

PACK = {
    "key": "thistle",
    "title": "Thistle",
    "publisher": "Thistle Training",
    "licence": "CC-BY-4.0",
    "framework": None,
    "topics": [],
}
EMPTY = Side(source_id=1, editions={}, modules={}, packs={}, own_packs=(), names={1: "Thistle", 2: "Bramble"})


def manifest(*modules: dict[str, Any], **pack: Any) -> Manifest:
    return read_wire(signed(document(packs=[{**PACK, **pack}], modules=list(modules)), KEY), key=PUBLIC)


def here(*, source: str = "b" * 64, everybodys: bool = True, withdrawn: bool = False) -> Here:
    return Here(sha="a" * 64, source=source, everybodys=everybodys, withdrawn=withdrawn, pack="thistle")


def refusals(told: Manifest, side: Side) -> list[str]:
    return [each.words for each in compare(told, side).left_out]


def test_words_count_what_is_new_and_name_the_major_ones() -> None:
    editions = [module(number=n, source=f"{n}" * 64, change=c)["editions"][0] for n, c in ((1, "minor"), (2, "major"))]
    told = manifest({**module(), "editions": editions}, {**module(), "key": "lost-keys"})
    side = replace(EMPTY, editions={"at-the-door": {1: here(source="1" * 64)}}, modules={"at-the-door": (1, True)})

    assert compare(told, side).words == "1 new module, 1 new edition (1 major)"
    assert compare(told, EMPTY).words == "2 new modules"
    assert compare(manifest(), EMPTY).words == "nothing new"


@pytest.mark.parametrize(
    ("side", "words"),
    [
        ({"editions": {"at-the-door": {1: here(everybodys=False)}}}, "a provider here wrote"),
        ({"modules": {"at-the-door": (2, True)}, "editions": {"at-the-door": {1: here()}}}, "comes from Bramble"),
        (
            {"modules": {"at-the-door": (2, False)}, "editions": {"at-the-door": {1: here(source="c" * 64)}}},
            "came from Bramble",
        ),
        (
            {"modules": {"at-the-door": (1, True)}, "editions": {"at-the-door": {1: here(source="c" * 64)}}},
            "Edition 1 is here already, with another text.",
        ),
        ({"own_packs": ("thistle",)}, "is this server's own"),
        ({"packs": {"thistle": (2, True)}}, 'Its pack "thistle" comes from Bramble here.'),
    ],
)
def test_whose_key_it_is_is_said_when_it_is_not_theirs(side: dict[str, Any], words: str) -> None:
    [said] = refusals(manifest(module()), replace(EMPTY, **side))
    assert words in said


@pytest.mark.parametrize(
    "told",
    [
        manifest(module(), licence="All rights reserved"),
        manifest(module(licence="All rights reserved")),
    ],
)
def test_a_licence_we_do_not_know_is_not_taken(told: Manifest) -> None:
    assert refusals(told, EMPTY) == ["Its licence does not let us have it, as far as we know."]


def test_what_is_here_by_its_source_is_recognised_whatever_its_bytes() -> None:
    """Two releases may render one text to other bytes."""
    side = replace(EMPTY, editions={"at-the-door": {1: here()}}, modules={"at-the-door": (1, True)})
    changes = compare(manifest(module(sha="f" * 64)), side)
    assert (changes.here, changes.words, changes.left_out) == (1, "nothing new", ())


def test_a_module_that_was_only_ever_withdrawn_does_not_come() -> None:
    gone = {"reason": "Wrong.", "safety": False, "at": "2026-11-22T12:00:00.000000Z"}
    assert compare(manifest(module(withdrawn=gone)), EMPTY).coming == ()
