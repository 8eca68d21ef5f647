"""What a Data Integrity proof signs, worked out of JSON-LD. Also a program of its own, so that it can be killed.

eddsa-rdfc-2022 signs SHA-256(canonical proof options) + SHA-256(canonical document) (W3C vc-di-eddsa, 3.2). Making the
canonical form of a hostile document of 1 KB can take pyld many seconds, so what a stranger sent is given to a process
with a time limit (`hash_of_stranger`). Contexts are never fetched: each is pinned here by its SHA-256.

Imports the standard library and pyld only: the process runs this file by itself.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
# Address → file in the package openbadgeslib, and its SHA-256.
CONTEXTS = {
    CREDENTIALS: (
        "credentials-v2.json",
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": (
        "ob-v3p0-context-3.0.1.json",
        "5f3d9dd6288ef437ff8286cf95ffbff609c748a66f24a1e9450c45ca64be1571",
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": (
        "ob-v3p0-context-3.0.2.json",
        "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53",
    ),
    OPEN_BADGES: (
        "ob-v3p0-context-3.0.3.json",
        "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": (
        "ob-v3p0-extensions.json",
        "87c06c81bc2317663bf288d740d94fddd2818c4342b186270ff6371dfaa63f93",
    ),
    # Whole records of learners: signed here, and taken apart before anything in them is checked.
    CLR: (
        "clr_context_2.0.1.json",
        "880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6",
    ),
}
# A stranger's document gets so many seconds of a processor, with the start of the process, and so many bytes of memory.
LONGEST = 1.5
MOST_MEMORY = 512 * 1024 * 1024
# On a machine that is busy with other things that may take longer by the clock, which says nothing about the document.
BY_THE_CLOCK = 30


class Refused(Exception):
    """The document cannot be brought into canonical form, or says something that would go unsigned."""


class Busy(Exception):
    """This machine had no time to work it out."""


@cache
def context(address: str) -> dict[str, Any]:
    """Return a pinned context document. Raises Refused for any other, and when the file is not the one pinned."""
    if address not in CONTEXTS:
        raise Refused("it names a vocabulary that is not known here")
    name, sha = CONTEXTS[address]
    # Found without importing the package: only its files are wanted.
    spec = importlib.util.find_spec("openbadgeslib")
    if spec is None or spec.origin is None:
        raise Refused("the vocabularies are not installed")
    body = (Path(spec.origin).parent / "ob3" / "contexts" / name).read_bytes()
    if hashlib.sha256(body).hexdigest() != sha:
        raise Refused("a vocabulary is not the one that was pinned")
    found: dict[str, Any] = json.loads(body)
    return found


def hash_of(document: dict[str, Any], proof: dict[str, Any]) -> bytes:
    """Return the 64 bytes that are signed. `document` and `proof` come without proof and proofValue. Raises Refused."""
    options = {"@context": document["@context"], **proof}
    return hashlib.sha256(_canonical(options)).digest() + hashlib.sha256(_canonical(document)).digest()


def hash_of_stranger(document: dict[str, Any], proof: dict[str, Any]) -> bytes:
    """Return what `hash_of` does, from a process that is killed when it takes too long. Raises Refused, and Busy."""
    asked = json.dumps({"document": document, "proof": proof}).encode()
    try:
        done = subprocess.run(  # noqa: S603  # our own file, run by our own Python
            [sys.executable, "-I", __file__], input=asked, capture_output=True, timeout=BY_THE_CLOCK, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Busy from error
    if done.returncode in (-signal.SIGPROF, -signal.SIGXCPU, -signal.SIGKILL):
        raise Refused("it is made so that checking it takes too long")
    said = done.stdout.decode(errors="replace").strip()
    if done.returncode == 0 and len(said) == 128:
        return bytes.fromhex(said)
    raise Refused(said[:200] if done.returncode == 3 and said else "it cannot be worked through")


# What is imported instead stands there for all threads.
_one_at_a_time = Lock()


@cache
def pyld_jsonld() -> Any:
    """Return pyld, without the lxml it asks for, which would read JSON-LD inside of HTML pages. It gets none here.

    So lxml need not be installed (decision 19), and where another brought it, a stranger's document does not reach it.
    """
    with _one_at_a_time:
        instead = {name: ModuleType(name) for name in ("lxml", "lxml.html")}
        before = {name: sys.modules[name] for name in instead if name in sys.modules}
        sys.modules.update(instead)
        try:
            from pyld import jsonld
        finally:
            for name in instead:
                del sys.modules[name]
            sys.modules.update(before)
    return jsonld


def _canonical(document: dict[str, Any]) -> bytes:
    jsonld = pyld_jsonld()

    def load(address: str, _options: object) -> dict[str, Any]:
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": address,
            "document": context(address),
        }

    def dropped(term: str) -> None:
        raise Refused(f"it says something that nobody signed: {str(term)[:60]}")

    try:
        expanded = jsonld.expand(document, {"documentLoader": load}, on_property_dropped=dropped)
        lines = jsonld.normalize(
            expanded, {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
        )
    except (jsonld.JsonLdError, RecursionError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused("it is not well formed") from error
    if not lines:
        raise Refused("it says nothing")
    return str(lines).encode()


def main() -> int:
    """Read a document and proof options from standard input, print what is signed in hexadecimal. 3: refused."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    # The timer ends the process to the hundredth of a second; the limit stands behind it and cannot be put off.
    signal.setitimer(signal.ITIMER_PROF, LONGEST)
    resource.setrlimit(resource.RLIMIT_CPU, (2, 2))
    asked = json.loads(sys.stdin.buffer.read())
    try:
        sys.stdout.write(hash_of(asked["document"], asked["proof"]).hex())
    except Refused as error:
        sys.stdout.write(str(error))
        return 3
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
