"""From the bytes of a file to a credential nobody has checked yet. Everything here may be hostile.

Takes a VC-JWT, JSON-LD with a proof, or a PNG or SVG with either baked in (Open Badges 3.0, 5.3).
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from defusedxml import ElementTree

from app.credentials.canonical import CONTEXTS, CREDENTIALS
from app.credentials.errors import Unreadable

MOST_BYTES = 64 * 1024
MOST_IMAGE = 512 * 1024
DEEPEST = 16
# A presentation and a learner record put eight more around a credential.
DEEPEST_LIST = 24
PNG = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
SVG_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
TOKEN = re.compile(r"[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")
NO_CREDENTIAL = (
    "This is no credential. Choose the file that you were given: a picture, or one that ends in .jwt or .json."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """A credential as it was handed in. `token` and `header` where it is a VC-JWT; else `proof` stands apart."""

    credential: dict[str, Any]
    token: str | None = None
    header: dict[str, Any] | None = None
    proof: dict[str, Any] | None = None


def read(data: bytes) -> Presented:
    """Return what a file holds. Raises Unreadable with words for whoever checks it."""
    text = text_in(data)
    if len(text.encode()) > MOST_BYTES:
        raise Unreadable("This is too big for a credential: at most 64 kB are looked at.")
    if TOKEN.fullmatch(text):
        return _token(text)
    document = strict_json(text)
    proof = document.pop("proof", None)
    if not isinstance(proof, dict) or "@context" in proof:
        raise Unreadable("Nobody signed this, or not in a way that is known here.")
    _check_words(document)
    _check_words(proof)
    return Presented(credential=document, proof=proof)


def strict_json(text: str, *, deepest: int = DEEPEST) -> dict[str, Any]:
    """Return a JSON object. Raises Unreadable for anything else, a name that occurs twice, and deep nesting."""
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
        if "\\u" in text:
            # Half a letter can be written as an escape, and then neither be kept nor shown.
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error) if isinstance(error, Unreadable) else NO_CREDENTIAL) from error
    if not isinstance(found, dict):
        raise Unreadable(NO_CREDENTIAL)
    level: list[Any] = [found]
    for _ in range(deepest):
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else each if isinstance(each, list) else ())
        ]
    if level:
        raise Unreadable("This is nested deeper than a credential may be.")
    return found


def text_in(data: bytes) -> str:
    """Return the text of a file, or that baked into a picture. Raises Unreadable."""
    if data.startswith(PNG):
        return _from_png(data)
    try:
        text = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise Unreadable(NO_CREDENTIAL) from error
    return _from_svg(text) if text.startswith("<") else text


def _from_png(data: bytes) -> str:
    if len(data) > MOST_IMAGE:
        raise Unreadable("This picture is too big: at most 512 kB are looked at.")
    at, found = len(PNG), list[bytes]()
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + length]
        if kind == b"iTXt" and body.startswith(KEYWORD + b"\0"):
            rest = body[len(KEYWORD) + 1 :]
            whole = zlib.crc32(kind + body) == int.from_bytes(data[at + 8 + length : at + 12 + length])
            parts = rest[2:].split(b"\0", 2)
            if not whole or rest[:1] != b"\0" or len(parts) != 3:
                raise Unreadable("The credential in this picture is damaged.")
            found.append(parts[2])
        at += 12 + length
    _one_of(found)
    try:
        return found[0].decode().strip()
    except UnicodeDecodeError as error:
        raise Unreadable("The credential in this picture is damaged.") from error


def _from_svg(text: str) -> str:
    if len(text) > MOST_IMAGE:
        raise Unreadable("This picture is too big: at most 512 kB are looked at.")
    try:
        root = ElementTree.fromstring(text, forbid_dtd=True)
    except Exception as error:
        # Of several kinds: the parser's own, and those of what it forbids.
        raise Unreadable(NO_CREDENTIAL) from error
    found = root.findall(f".//{{{SVG_NAMESPACE}}}credential")
    _one_of(found)
    return (found[0].get("verify") or found[0].text or "").strip()


def _one_of(found: Sequence[object]) -> None:
    """A picture holds one: of two, one reader would show the first and another the last (Open Badges 3.0, 5.3)."""
    if not found:
        raise Unreadable("There is no credential in this picture. Some apps drop it: ask for the file again.")
    if len(found) > 1:
        raise Unreadable("There are two credentials in this picture, so which one it stands for cannot be told.")


def _token(text: str) -> Presented:
    head, body, _ = text.split(".")
    header, claims = strict_json(_decoded(head)), strict_json(_decoded(body))
    # What says the same as the credential itself, in the words of a token.
    said = {name: claims.pop(name, None) for name in ("iss", "jti", "sub", "nbf", "exp")}
    claims.pop("iat", None)
    return Presented(credential=claims, token=text, header={**header, "claims": said})


def token_claims(text: str) -> dict[str, Any]:
    """Return what a token says, deep enough for a list of credentials. Raises Unreadable."""
    return strict_json(_decoded(text.split(".")[1]), deepest=DEEPEST_LIST)


def _decoded(part: str) -> str:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
    except (ValueError, binascii.Error) as error:
        raise Unreadable(NO_CREDENTIAL) from error


def _check_words(document: dict[str, Any]) -> None:
    """Refuse what lets JSON say one thing and its signature another: keywords, full addresses, vocabularies inside."""
    contexts = document.get("@context", [])
    if contexts and (not isinstance(contexts, list) or contexts[0] != CREDENTIALS or len(contexts) > 4):
        raise Unreadable("This is not written in the vocabulary of credentials of version 2.")
    if any(not isinstance(each, str) or each not in CONTEXTS for each in contexts):
        raise Unreadable("This names a vocabulary that is not known here, or brings one of its own.")
    waiting: list[Any] = [{name: value for name, value in document.items() if name != "@context"}]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if any("@" in name or ":" in name for name in each):
                raise Unreadable("This uses words that would change what was signed.")
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("the same name twice")
    return found


def _refuse(_name: str) -> Any:
    raise ValueError("not a number")
