"""did:web: where an issuer's keys lie, and what of its document counts. Pure; what comes in may be hostile.

did:web Method Specification, 3.2: `did:web:HOST%3APORT:a:b` is https://HOST:PORT/a/b/did.json.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from app.credentials import Unreadable
from app.credentials.reading import strict_json
from app.interop.recognition.errors import PassportError

LONGEST = 300
MOST_KEYS = 30
KEY_FIELDS = {"Multikey": "publicKeyMultibase", "JsonWebKey": "publicKeyJwk"}
PART = re.compile(r"[A-Za-z0-9._~-]{1,100}")
HOST = re.compile(r"[A-Za-z0-9.-]{1,200}(:[0-9]{1,5})?|\[[0-9a-fA-F:.]{2,45}\](:[0-9]{1,5})?")


def place_of(did: str) -> tuple[str, str]:
    """Return the host (with a port, where there is one) and the path of an issuer's document. Raises PassportError."""
    trouble = PassportError("Who signed this is named in a way that is not known here.", code="issuer")
    if len(did) > LONGEST or not did.startswith("did:web:"):
        raise trouble
    host, *parts = did.removeprefix("did:web:").split(":")
    host = unquote(host)
    if not HOST.fullmatch(host) or not all(PART.fullmatch(part) and set(part) != {"."} for part in parts):
        raise trouble
    return host, f"{'/'.join(parts)}/did.json" if parts else ".well-known/did.json"


def read_document(body: bytes, did: str) -> dict[str, Any]:
    """Return what counts of a DID document: its id and the keys it may sign statements with. Raises PassportError."""
    trouble = PassportError(f"What {host_of(did)} says of its keys cannot be read.", code="did")
    try:
        found = strict_json(body.decode("utf-8-sig"))
    except (UnicodeDecodeError, Unreadable) as error:
        raise trouble from error
    methods, allowed = found.get("verificationMethod"), found.get("assertionMethod")
    if found.get("id") != did or not isinstance(methods, list) or not isinstance(allowed, list):
        raise trouble
    embedded = [each for each in allowed if isinstance(each, dict)]
    names = [each if isinstance(each, str) else each.get("id") for each in allowed if isinstance(each, str | dict)]
    kept: dict[str, dict[str, Any]] = {}
    for method in [*methods, *embedded][: MOST_KEYS * 2]:
        key = _key(method, did)
        if key is not None and key["id"] in names:
            kept.setdefault(key["id"], key)
    if not kept or len(kept) > MOST_KEYS:
        raise PassportError(f"{host_of(did)} tells no key that statements can be checked with here.", code="did")
    return {"id": did, "verificationMethod": list(kept.values()), "assertionMethod": list(kept)}


def keys_of(document: Mapping[str, Any]) -> frozenset[str]:
    """Return the keys of a document, each with its id and all that is public of it, as texts."""
    return frozenset(json.dumps(each, sort_keys=True) for each in document["verificationMethod"])


def fingerprint(document: Mapping[str, Any]) -> str:
    """Return what a person compares by telephone: the beginning of the SHA-256 of all keys, in groups of four."""
    whole = hashlib.sha256("\n".join(sorted(keys_of(document))).encode()).hexdigest()[:32]
    return " ".join(whole[at : at + 4] for at in range(0, 32, 4))


def host_of(did: str) -> str:
    """Return what an issuer's server is called, for people."""
    return unquote(did.removeprefix("did:web:").partition(":")[0])[:100]


def mark_of(did: str) -> str:
    """Return what names an issuer in a form, where a colon may not stand."""
    return hashlib.sha256(did.encode()).hexdigest()[:12]


def _key(method: object, did: str) -> dict[str, Any] | None:
    """Return a key as it is kept, or None for what no signature is checked with here."""
    if not isinstance(method, dict) or method.get("controller") != did:
        return None
    name, kind = method.get("id"), method.get("type")
    if isinstance(name, str) and name.startswith("#"):
        name = f"{did}{name}"
    if not isinstance(name, str) or not name.startswith(f"{did}#") or len(name) > LONGEST + 100:
        return None
    field = KEY_FIELDS.get(kind) if isinstance(kind, str) else None
    value = None if field is None else method.get(field)
    if field == "publicKeyJwk":
        value = _jwk(value)
    elif not isinstance(value, str) or len(value) > 200:
        value = None
    return None if field is None or value is None else {"id": name, "type": kind, "controller": did, field: value}


def _jwk(value: object) -> dict[str, str] | None:
    """Return a public P-256 key with nothing else beside it."""
    if not isinstance(value, dict) or value.get("kty") != "EC" or value.get("crv") != "P-256":
        return None
    parts = {name: value.get(name) for name in ("kty", "crv", "x", "y")}
    texts = {name: part for name, part in parts.items() if isinstance(part, str) and len(part) <= 100}
    return texts if len(texts) == len(parts) else None
