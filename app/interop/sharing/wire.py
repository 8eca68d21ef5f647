"""The catalogue as servers send it to each other: signed JSON. The shape may only grow."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from app.content.build import canonical
from app.interop.sharing.errors import AnotherKey, BadManifest

LARGEST_MANIFEST = 8_000_000
DEEPEST = 12
KEY = r"^[A-Za-z0-9_-]{43}$"
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)

Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
ModuleKey = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)]
Line = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
ShortLine = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]
Reason = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]
Word = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
Meaning = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]*$")]
Number = Annotated[int, Field(ge=1, le=100_000)]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class Media(_Wire):
    """A picture or sound beside a module's text, served at `/m/<sha>.<ending of name>`."""

    sha: Sha
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\.(svg|webp|mp3)$", max_length=200)]
    bytes: Annotated[int, Field(ge=1, le=400_000)]


class Erratum(_Wire):
    """The right key of a question of this edition: `right`, `order` or `pairs`, as in the edition."""

    question: Annotated[str, Field(min_length=1, max_length=200)]
    key: dict[str, list[str] | dict[str, str]]
    reason: Reason
    at: AwareDatetime


class Withdrawal(_Wire):
    """Why the publisher took the edition back. `safety`: somebody could come to harm by it."""

    reason: Reason
    safety: bool
    at: AwareDatetime


class Edition(_Wire):
    """One edition. `sha` names what the publisher's server built; `source` is the hash of its text and media.

    `source` = SHA-256 of the text in UTF-8, then for each of `media` by name `\\n<name> <sha>`. The text is served at
    `/catalogue/texts/<sha>.md`.
    """

    number: Number
    sha: Sha
    source: Sha
    change: Literal["minor", "major"]
    title: ShortLine
    licence: Annotated[str, Field(min_length=1, max_length=80)]
    published_at: AwareDatetime
    text_bytes: Annotated[int, Field(ge=1, le=60_000)]
    media: Annotated[tuple[Media, ...], Field(max_length=200)]
    errata: Annotated[tuple[Erratum, ...], Field(max_length=500)]
    withdrawn: Withdrawal | None


class Module(_Wire):
    """A module with its editions, the oldest first."""

    key: ModuleKey
    pack: Key
    topic: Key
    editions: Annotated[tuple[Edition, ...], Field(min_length=1, max_length=500)]


class Topic(_Wire):
    """A topic of a pack. `standard` is a standard's number, or null."""

    key: Key
    title: Line
    standard: Annotated[int, Field(ge=1, le=1000)] | None


class Pack(_Wire):
    """Modules published together, who published them first, and what others may do with them."""

    key: Key
    title: Line
    publisher: Line
    licence: Annotated[str, Field(min_length=1, max_length=80)]
    framework: Key | None
    topics: Annotated[tuple[Topic, ...], Field(max_length=500)]


class Manifest(_Wire):
    """What a server offers. `made_at` is when anything in it last changed; it never goes back.

    `words` are its glossary, in lower case; followers take those that the modules they take use.

    `signature` is Ed25519 over the canonical JSON of the whole document without `signature`: keys sorted, no spaces,
    UTF-8, no character escaped that JSON lets stand. `key` and `signature` are base64url without padding.
    """

    format: Literal[1]
    kind: Literal["catalogue"]
    server: UUID
    name: ShortLine
    origin: Annotated[str, Field(max_length=300)]
    key: Annotated[str, Field(pattern=KEY)]
    made_at: AwareDatetime
    words: Annotated[dict[Word, Meaning], Field(max_length=5_000)]
    packs: Annotated[tuple[Pack, ...], Field(max_length=500)]
    modules: Annotated[tuple[Module, ...], Field(max_length=20_000)]
    signature: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{86}$")]


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a manifest, for programs that are not ours."""
    told = Manifest.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **told}


def stamp(moment: datetime) -> str:
    """Return a moment as a manifest has it."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def mark_of(module: str, number: int, erratum: Erratum) -> str:
    """Return what an erratum is known by, so that it is carried out once."""
    said = {"module": module, "edition": number, **erratum.model_dump(mode="json")}
    return hashlib.sha256(canonical(said)).hexdigest()


def base64url(raw: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """Return the bytes. Raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signed(document: dict[str, Any], key: Ed25519PrivateKey) -> bytes:
    """Return a manifest's bytes, with its signature."""
    return canonical({**document, "signature": base64url(key.sign(canonical(document)))})


def read(raw: bytes, *, key: str | None) -> Manifest:
    """Return the manifest if it is whole and signed with `key`; None takes the key it names itself.

    Raises BadManifest or AnotherKey.
    """
    if len(raw) > LARGEST_MANIFEST:
        raise BadManifest(f"The catalogue is larger than {LARGEST_MANIFEST // 1_000_000} MB, so it was not read.")
    data = parsed_object(raw)
    try:
        manifest = Manifest.model_validate_json(canonical(data))
    except (ValidationError, ValueError) as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) if isinstance(error, ValidationError) else ""
        raise BadManifest(f"This is not a catalogue we can read{f' (at {where[:100]})' if where else ''}.") from None
    unsigned = {name: value for name, value in data.items() if name != "signature"}
    try:
        public = Ed25519PublicKey.from_public_bytes(from_base64url(manifest.key))
        public.verify(from_base64url(manifest.signature), canonical(unsigned))
    except (InvalidSignature, ValueError):
        raise BadManifest(
            "The signature does not fit the catalogue: it was changed after it was signed. Nothing was taken."
        ) from None
    if key is not None and manifest.key != key:
        raise AnotherKey(
            f"{manifest.name} signs with another key now ({manifest.key}). Ask them, by another way than this address, "
            "whether they changed it. If they did, follow them again with that key. Nothing was taken."
        )
    return manifest


def parsed_object(raw: bytes) -> dict[str, Any]:
    """Return the JSON object. What two readers could read in two ways is refused, as one of them checks a signature.

    Raises BadManifest.
    """
    trouble = BadManifest("This is not a catalogue: it is not the JSON we know.")
    try:
        text = raw.decode("utf-8")
        depth = deepest = 0
        for found in _BRACKETS.finditer(text):
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
            deepest = max(deepest, depth)
        if deepest > DEEPEST:
            raise trouble
        data = json.loads(text, object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number)
        canonical(data)
    except (ValueError, RecursionError):
        raise trouble from None
    if not isinstance(data, dict):
        raise trouble
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands there twice")
    return found


def _no_number(_: str) -> Any:
    raise ValueError("only whole numbers")
