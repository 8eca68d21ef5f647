"""From a file somebody carries to the single credentials in it. Everything here may be hostile, nothing is checked yet.

Takes what a passport is saved as: a VerifiablePresentation (W3C VC Data Model 2.0, 4.13) with credentials that are
enveloped, embedded or bare tokens; a CLR 2.0 (1EdTech Comprehensive Learner Record, 6.1), whose own signature is not
looked at, as each badge in it has one; and a single credential as .jwt, .json, .png or .svg.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from app.credentials.errors import Unreadable
from app.credentials.reading import DEEPEST_LIST, MOST_BYTES, NO_CREDENTIAL, TOKEN, strict_json, text_in, token_claims

MOST_FILE = 4 * 1024 * 1024
MOST_CREDENTIALS = 200
ENVELOPES = ("data:application/vc+jwt,", "data:application/vc+ld+json+jwt,", "data:application/jwt,")
PRESENTATION, RECORD = "VerifiablePresentation", "ClrCredential"


def presented(data: bytes) -> tuple[bytes, ...]:
    """Return the single credentials in a file, each once and in its order, as `check` takes them.

    At most 4 MB and 200 credentials of 64 kB each; nothing is taken out of more than a learner record in a
    presentation. Raises Unreadable, in words for whoever gave the file; it says nothing about a signature.
    """
    if len(data) > MOST_FILE:
        raise Unreadable("This file is too big: at most 4 MB are looked at.")
    text = text_in(data)
    found: dict[bytes, None] = {}
    for number, each in enumerate(_inside(text), start=1):
        if number > MOST_CREDENTIALS:
            raise Unreadable(f"There are more than {MOST_CREDENTIALS} credentials in this file. Share fewer at a time.")
        if len(each) > MOST_BYTES:
            raise Unreadable(f"Number {number} in this file is too big for a credential: at most 64 kB are looked at.")
        found[each] = None
    if not found:
        raise Unreadable("There is no credential in this file.")
    return tuple(found)


def _inside(text: str) -> Iterator[bytes]:
    document = token_claims(text) if TOKEN.fullmatch(text) else strict_json(text, deepest=DEEPEST_LIST)
    kinds = _kinds(document)
    if PRESENTATION in kinds:
        for item in _listed(document.get("verifiableCredential")):
            yield from _item(item, records=True)
    elif RECORD in kinds:
        yield from _record(document)
    else:
        yield text.encode()


def _item(item: object, *, records: bool) -> Iterator[bytes]:
    """Yield what one place of a list holds. `records`: a learner record may stand there."""
    if isinstance(item, dict) and "EnvelopedVerifiableCredential" in _kinds(item):
        item = _enveloped(item)
    if isinstance(item, str):
        if not TOKEN.fullmatch(item):
            raise Unreadable(NO_CREDENTIAL)
        document, body = token_claims(item), item.encode()
    elif isinstance(item, dict):
        document, body = item, json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode()
    else:
        raise Unreadable(NO_CREDENTIAL)
    kinds = _kinds(document)
    if PRESENTATION in kinds or (RECORD in kinds and not records):
        raise Unreadable("This is nested deeper than a passport may be.")
    if RECORD in kinds:
        yield from _record(document)
    else:
        yield body


def _record(document: dict[str, Any]) -> Iterator[bytes]:
    subject = document.get("credentialSubject")
    if not isinstance(subject, dict):
        raise Unreadable("This is not put together as a learner record is.")
    for item in _listed(subject.get("verifiableCredential")):
        yield from _item(item, records=False)


def _enveloped(item: dict[str, Any]) -> str:
    address = item.get("id")
    for start in ENVELOPES:
        if isinstance(address, str) and address.startswith(start):
            return address.removeprefix(start)
    raise Unreadable("A credential in this file is wrapped in a way that is not known here.")


def _kinds(document: dict[str, Any]) -> list[Any]:
    return _listed(document.get("type"))


def _listed(value: object) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]
