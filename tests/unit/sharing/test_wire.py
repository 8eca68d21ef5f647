"""Reading a manifest: it is whole and signed, or refused quickly and in words."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.content.build import canonical
from app.interop.sharing import AnotherKey, BadManifest
from app.interop.sharing.wire import LARGEST_MANIFEST, base64url, read, signed

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = base64url(KEY.public_key().public_bytes_raw())


def document(**changes: Any) -> dict[str, Any]:
    return {
        "format": 1,
        "kind": "catalogue",
        "server": "01a20533-8c71-7218-b8b0-2967cfb6f855",
        "name": "Thistle Training",
        "origin": "https://thistle.example",
        "key": PUBLIC,
        "made_at": "2026-11-22T12:00:00.000000Z",
        "words": {},
        "packs": [],
        "modules": [],
        **changes,
    }


def module(**changes: Any) -> dict[str, Any]:
    edition = {
        "number": 1,
        "sha": "a" * 64,
        "source": "b" * 64,
        "change": "minor",
        "title": "At the door",
        "licence": "CC-BY-4.0",
        "published_at": "2026-11-22T12:00:00.000000Z",
        "text_bytes": 1000,
        "media": [],
        "errata": [],
        "withdrawn": None,
        **changes,
    }
    return {"key": "at-the-door", "pack": "thistle", "topic": "doors", "editions": [edition]}


def test_what_was_signed_is_read() -> None:
    manifest = read(signed(document(modules=[module()]), KEY), key=PUBLIC)
    assert (manifest.name, manifest.modules[0].editions[0].title) == ("Thistle Training", "At the door")


def test_a_field_of_a_later_release_is_read_over_and_still_signed() -> None:
    raw = signed(document(colour="green"), KEY)
    assert read(raw, key=PUBLIC).name == "Thistle Training"
    with pytest.raises(BadManifest):
        read(raw.replace(b"green", b"black"), key=PUBLIC)


def test_how_it_is_spaced_or_sorted_makes_no_difference() -> None:
    data = json.loads(signed(document(), KEY))
    raw = json.dumps(dict(reversed(data.items())), indent=2).encode()
    assert read(raw, key=PUBLIC).name == "Thistle Training"


def test_another_key_is_named() -> None:
    with pytest.raises(AnotherKey, match=PUBLIC):
        read(signed(document(), KEY), key="A" * 43)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"kind": "menu"},
        {"server": "us"},
        {"name": ""},
        {"name": "a\nb"},
        {"made_at": "2026-11-22T12:00:00"},
        {"made_at": "yesterday"},
        {"modules": [module(sha="../../etc")]},
        {"modules": [module(number=0)]},
        {"modules": [module(number="1")]},
        {"modules": [module(text_bytes=60_001)]},
        {"modules": [module(media=[{"sha": "a" * 64, "name": "../x.svg", "bytes": 1}])]},
        {"modules": [module(media=[{"sha": "a" * 64, "name": "x.html", "bytes": 1}])]},
        {"modules": [module(media=[{"sha": "a" * 64, "name": "x.svg", "bytes": 10**9}])]},
        {"modules": [{**module(), "key": "../up"}]},
        {"modules": [{**module(), "editions": []}]},
    ],
)
def test_what_is_signed_and_yet_no_catalogue_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BadManifest, match="not a catalogue we can read"):
        read(signed(document(**changes), KEY), key=PUBLIC)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>Sign in to the Wi-Fi</html>",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"a": 1.5}',
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b'{"a": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"a": ' + b"9" * 100_000 + b"}",
        b'"' * 200_000,
        b"[" + b"[],".join([b""] * 60_000) + b"[]]",
        b" " * (LARGEST_MANIFEST + 1),
    ],
)
def test_poison_is_refused_in_words_and_costs_little(raw: bytes) -> None:
    began = time.process_time()
    with pytest.raises(BadManifest):
        read(raw, key=None)
    assert time.process_time() - began < 2


def test_the_signature_is_over_every_field() -> None:
    raw = signed(document(modules=[module()]), KEY)
    for name, value in json.loads(raw).items():
        other = {"format": 2, "packs": [1], "modules": [], "words": {"a": "b"}, "key": "B" * 43}.get(name, f"{value}x")
        with pytest.raises(BadManifest):
            read(canonical({**json.loads(raw), name: other}), key=None)
