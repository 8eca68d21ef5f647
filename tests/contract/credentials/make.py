"""Writes cases.json anew, with new keys: `python -m tests.contract.credentials.make`. Run it when a case is added."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import ECKey

from app.credentials import Kind, building
from app.credentials.baking import png, svg
from app.credentials.reading import KEYWORD
from app.credentials.securing import ED25519_PREFIX, Signer, as_json, as_jwt, base58, moment, with_proof
from app.credentials.types import Line, Met, Proof

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
DID = "did:web:care.example:credentials:0190a6e0-0000-7000-8000-000000000001"
OTHER = "did:web:other.example"
LIST = "https://care.example/credentials/0190a6e0-0000-7000-8000-000000000001/status/1"
PLACE, WITHDRAWN = 4711, 99
SIGNED = "Bramble Home Care signed it on 15 June 2026, and nothing in it was changed."
CHANGED = "Its signature does not fit what it says: something was changed after it was signed."
NOT_ACCEPTED = "It is signed in a way that is not accepted here."
ANOTHER_KEY = "It is signed with a key that is not one of this issuer's, or is not any more."
NONE = "This is no credential. Choose the file that you were given: a picture, or one that ends in .jwt or .json."
WORDS = {"title": "Standard 13", "person": "Ngozi Ọbí", "issuer": "Bramble Home Care"}


def signer(did: str = DID, number: int = 2) -> Signer:
    p256: ECKey = ECKey.generate_key("P-256")
    return Signer(did=did, key_id=1, number=number, ed25519=Ed25519PrivateKey.generate(), p256=p256)


def document(*signers: Signer) -> dict[str, Any]:
    did, methods = signers[0].did, []
    for each in signers:
        public = each.ed25519.public_key().public_bytes_raw()
        jwk = {name: str(each.p256.as_dict(private=False)[name]) for name in ("kty", "crv", "x", "y")}
        said = {"id": each.ed25519_id, "type": "Multikey", "controller": did}
        methods.append({**said, "publicKeyMultibase": "z" + base58(ED25519_PREFIX + public)})
        methods.append({"id": each.p256_id, "type": "JsonWebKey", "controller": did, "publicKeyJwk": jwk})
    return {"id": did, "verificationMethod": methods, "assertionMethod": [each["id"] for each in methods]}


def known(*signers: Signer, days: float = 0, without: bool = False) -> dict[str, Any]:
    bits = bytearray(131_072 // 8)
    bits[WITHDRAWN // 8] |= 0x80 >> WITHDRAWN % 8
    packed = base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()
    at = moment(NOW - timedelta(days=days))
    lists = [] if without else [{"url": LIST, "checked_at": at, "bits": packed}]
    return {"did": DID, "name": "Bramble Home Care", "document": document(*signers), "lists": lists}


def built(**changes: Any) -> dict[str, Any]:
    met = Met(
        kind=Kind.PRACTICE,
        achievement="care-certificate-2025/13/practice",
        name="Standard 13, Health and safety: practice observed",
        description="Was seen to do, at work, what Standard 13 asks people to do.",
        criteria="An assessor stated for every practice line that they saw it.",
        on=date(2026, 6, 14),
        rests_on=(),
        lines=(Line(code="13.2a", text="Show how to lift safely", confirmed=True),),
        proofs=(Proof(name="Seen on 2026-06-14", words="Dawn Marsh, watched at work, 2026-06-14."),),
        valid_until=changes.pop("valid_until", None),
    )
    place = changes.pop("place", PLACE)
    said = building.credential(
        met,
        address="https://care.example/credentials/0190a6e0-0000-4000-8000-00000000000a",
        status={
            "id": f"{LIST}#{place}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(place),
            "statusListCredential": LIST,
        },
        issuer={"id": DID, "name": "Bramble Home Care"},
        person=UUID(int=7),
        name="Ngozi Ọbí",
        now=changes.pop("now", NOW - timedelta(hours=1)),
    )
    return {**said, **changes}


def encoded(value: dict[str, Any] | str) -> str:
    text = value if isinstance(value, str) else as_json(value)
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def signed(text: str, by: Signer, **header: Any) -> str:
    """A token of exactly this payload, signed properly."""
    said = {"alg": "ES256", "kid": by.p256_id, "typ": "JWT", **header}
    return jws.serialize_compact(said, text.encode(), by.p256, algorithms=["ES256"])


def with_chunk(picture: bytes, token: str) -> bytes:
    """The picture with one more credential before its end."""
    body = b"iTXt" + KEYWORD + b"\0\0\0\0\0" + token.encode()
    chunk = (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
    return picture[:-12] + chunk + picture[-12:]


def cases() -> dict[str, Any]:
    mine, old, stranger = signer(), signer(number=1), signer()
    elsewhere = signer(OTHER)
    token, found = as_jwt(built(), mine), list[dict[str, Any]]()
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))

    def case(name: str, file: str | bytes | dict[str, Any], verdict: str, reason: str = "", **more: Any) -> None:
        shape = {"text": file} if isinstance(file, str) else file
        if isinstance(shape, bytes):
            shape = {"base64": base64.b64encode(shape).decode()}
        found.append({"name": name, "file": shape, "verdict": verdict, "reason": reason, **more})

    def changed(name: str, change: Callable[[dict[str, Any]], object], verdict: str, reason: str = "") -> None:
        said = deepcopy(claims)
        change(said)
        case(name, signed(as_json(said), mine), verdict, reason)

    def again(words: dict[str, Any] | str) -> str:
        return f"{encoded(words)}.{body}.{signature}"

    good = f"{SIGNED} It was not withdrawn."
    case("good", token, "valid", good, words="Valid now", person="Ngozi Ọbí")
    case("good, with a line break after it", f"\ufeff {token}\r\n", "valid", good)
    case("good, by the older key", as_jwt(built(), old), "valid", good)
    case("good, read in winter", token, "valid", now="2027-01-15T12:00:00Z", known="winter")
    case("good, in four minutes", as_jwt(built(now=NOW + timedelta(minutes=4)), mine), "valid")
    case("good, with a last day", as_jwt(built(valid_until=NOW + timedelta(days=1)), mine), "valid")
    late = built(valid_until=NOW - timedelta(days=1))
    case("out of date", as_jwt(late, mine), "out-of-date", "It was valid until 14 June 2026.", words="Out of date")
    early = built(now=NOW + timedelta(days=2))
    case("not yet", as_jwt(early, mine), "out-of-date", "It holds only from 17 June 2026.")
    night = built(now=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    case("not yet, a day in England", as_jwt(night, mine), "out-of-date", "It holds only from 2 July 2026.")
    took = "Bramble Home Care took it back. It does not count any more."
    case("withdrawn", as_jwt(built(place=WITHDRAWN), mine), "withdrawn", took, words="Withdrawn", person="Ngozi Ọbí")
    case("withdrawn and out of date", as_jwt({**late, **built(place=WITHDRAWN)}, mine), "withdrawn", took)
    unknown = "It says it is from other.example. Nobody here knows that issuer."
    foreign = built(issuer={"id": OTHER, "type": ["Profile"], "name": "Bramble Home Care"})
    case("issuer nobody knows", as_jwt(foreign, elsewhere), "unknown-issuer", unknown, words="Not by an issuer we know")
    port = built(issuer={"id": "did:web:other.example%3A8443:x", "type": ["Profile"], "name": "x"})
    case(
        "issuer with a port", as_jwt(port, elsewhere), "unknown-issuer", unknown.replace("example.", "example:8443.", 1)
    )
    case("known issuer, other key", as_jwt(built(), stranger), "altered", CHANGED, words="Altered")
    case("key of another issuer", signed(as_json(claims), elsewhere), "altered", ANOTHER_KEY)
    case("key that was dropped", as_jwt(built(), old), "altered", ANOTHER_KEY, known="dropped")
    case("key for something else", signed(as_json(claims), mine, kid=mine.ed25519_id), "altered", ANOTHER_KEY)
    case("no name of a key", again({"alg": "ES256"}), "altered", ANOTHER_KEY)
    other = deepcopy(claims)
    other["credentialSubject"]["identifier"][0]["identityHash"] = "Somebody Else"
    case("altered payload", f"{head}.{encoded(other)}.{signature}", "altered", CHANGED, person="")
    case("altered signature", f"{head}.{body}.{signature[:-4]}AAAA", "altered", CHANGED)
    case("signature cut short", f"{head}.{body}.{signature[:40]}", "altered", CHANGED)
    kid = {"kid": mine.p256_id, "typ": "JWT"}
    for alg in ("none", "HS256", "EdDSA", "ES384", "es256"):
        case(f"alg {alg}", again({"alg": alg, **kid}), "altered", NOT_ACCEPTED)
    for name, value in (("crit", ["exp"]), ("b64", False), ("zip", "DEF")):
        case(f"header {name}", again({"alg": "ES256", **kid, name: value}), "altered", NOT_ACCEPTED)
    case("header of another type", signed(as_json(claims), mine, typ="at+jwt"), "altered", NOT_ACCEPTED)
    case("header twice alg", again('{"alg":"none","alg":"ES256"}'), "altered", NONE)
    never = f"{SIGNED} Whether it was withdrawn could not be looked up."
    said = "Valid, withdrawal never checked"
    case("no list", token, "valid-withdrawal-not-checked", never, known="without", words=said)
    stale = f"{SIGNED} Whether it was withdrawn since 7 June 2026 is not known."
    said = "Valid, withdrawal not checked since 7 June 2026"
    case("list of eight days ago", token, "valid-withdrawal-not-checked", stale, known="stale", words=said)
    case("list of six days ago", token, "valid", good, known="six")
    case("withdrawn by an old list", as_jwt(built(place=WITHDRAWN), mine), "withdrawn", took, known="stale")
    case("list that cannot be read", token, "valid-withdrawal-not-checked", never, known="broken", phone_only=True)
    no_place = "Its place on the list of withdrawals does not exist."
    for index in ("131072", "-1", 5, None, "٣", "", "0x1", "9" * 5000):
        status = {**claims["credentialStatus"], "statusListIndex": index}
        name = f"place {str(index)[:10]!r} of the list"
        changed(name, lambda c, s=status: c.update(credentialStatus=s), "altered", no_place)
    changed("no place to look", lambda c: c.pop("credentialStatus"), "valid", good)
    strange = "Whether it was withdrawn is told in a way that is not known here."
    odd = {"type": "StatusList2021Entry", "statusListCredential": LIST}
    changed("another kind of list", lambda c: c.update(credentialStatus=odd), "altered", strange)
    five = [claims["credentialStatus"]] * 5
    many = "It names more lists of withdrawals than a credential needs."
    changed("five lists", lambda c: c.update(credentialStatus=five), "altered", many)
    contradicts = "It contradicts itself."
    for name, value in (("sub", "urn:uuid:1"), ("exp", 4102444800), ("nbf", 1), ("iss", OTHER), ("jti", "y")):
        changed(f"says something else: {name}", lambda c, n=name, v=value: c.update({n: v}), "altered", contradicts)
    changed("no claims of a token", lambda c: [c.pop(n) for n in ("iss", "sub", "jti", "nbf")], "valid", good)
    changed(
        "no badge", lambda c: c.update(type=["VerifiableCredential"]), "altered", "It is signed, but it is no badge."
    )
    oddly = "It is not put together as a credential is."
    changed("no issuer", lambda c: c.pop("issuer"), "altered", oddly)
    changed("issuer is a number", lambda c: c.update(issuer=5), "altered", oddly)
    changed("subject is a list", lambda c: c.update(credentialSubject=[claims["credentialSubject"]]), "altered", oddly)
    changed("no achievement", lambda c: c["credentialSubject"].pop("achievement"), "altered", oddly)
    for at in ("2026-06-15", "2026-06-15T11:00:00", "20260615T110000Z", "2026-02-30T00:00:00Z", "0026-06-15T11:00:00Z"):
        changed(f"holds from {at}", lambda c, at=at: c.update(validFrom=at, nbf=None), "altered", oddly)
    for at in ("2026-06-15T12:00:00+01:00", "2026-06-15T11:00:00.123456Z", "2026-06-14T23:00:00-12:00"):
        changed(f"holds from {at}", lambda c, at=at: c.update(validFrom=at, nbf=None), "valid", good)
    changed("for ever", lambda c: c.update(validUntil="9999-12-31T23:59:59Z"), "valid", good)
    changed("longer than for ever", lambda c: c.update(validUntil="9999-12-31T23:59:59-01:00"), "altered", oddly)

    # JSON that two readers could read in two ways, and what is too much.
    case("the same name twice", signed(as_json(claims).replace("{", '{"id":"x",', 1), mine), "altered", NONE)
    case("the same name twice, once in disguise", signed('{"issuer":"x","iss\\u0075er":"y"}', mine), "altered", NONE)
    case("the same name twice, deep inside", signed('{"a":[{"b":{"c":1,"d":[],"c":2}}]}', mine), "altered", NONE)
    case("a name that is also a text", signed(as_json({**claims, "note": ["id", "id", "a:b"]}), mine), "valid", good)
    case("half a letter", signed('{"issuer":"\\ud83d"}', mine), "altered", NONE)
    case("not a number", signed('{"a":NaN}', mine), "altered", NONE)
    latin = base64.urlsafe_b64encode(b'{"a":"caf\xe9 in 13"}').rstrip(b"=").decode()
    case("not UTF-8", f"{head}.{latin}.{signature}", "altered", NONE)
    deep = "This is nested deeper than a credential may be."
    case("nested sixteen deep", signed('{"a":' * 16 + "1" + "}" * 16, mine), "altered", deep)
    case("nested a hundred deep", signed('{"a":' * 100 + "{}" + "}" * 100, mine), "altered", deep)
    case("a list", "[1]", "altered", NONE)
    case("nothing", "", "altered", NONE)
    case("two dots", "eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.AAAAAAAAAAAA", "altered", oddly)
    giant = "This is too big for a credential: at most 64 kB are looked at."
    case("giant", {"head": head + ".", "repeat": "A", "times": 200_000, "tail": "." + signature}, "altered", giant)
    case("200 kB of brackets", {"head": "", "repeat": "[", "times": 200_000, "tail": ""}, "altered", giant)
    for name, piece, times in (
        ("brackets", "[", 60_000),
        ("objects", '{"a":', 12_000),
        ("opened texts", '"\\', 30_000),
    ):
        case(f"60 kB of {name}", {"head": "", "repeat": piece, "times": times, "tail": ""}, "altered")
    case("60 kB of names", {"head": "{", "repeat": '"a":1,', "times": 10_000, "tail": '"b":1}'}, "altered", NONE)

    # Pictures.
    picture, drawing = png(token, **WORDS), svg(token, **WORDS)
    case("PNG", picture, "valid", good, person="Ngozi Ọbí")
    case("SVG", drawing, "valid", good, person="Ngozi Ọbí")
    within = drawing.decode().replace(f' verify="{token}"/>', f">{token}<!-- x --></openbadges:credential>")
    case("SVG with the token as its words", within, "valid", good)
    case("SVG with the token in CDATA", within.replace(token, f"<![CDATA[{token}]]>"), "valid", good)
    renamed = drawing.decode().replace("openbadges:", "ob:").replace("xmlns:ob:", "xmlns:ob")
    case("SVG with another prefix", renamed.replace("xmlns:openbadges=", "xmlns:ob="), "valid", good)
    no_picture = "There is no credential in this picture. Some apps drop it: ask for the file again."
    case("PNG without one", png("x", **WORDS).replace(KEYWORD, b"openbadgecredentiaL"), "altered", no_picture)
    case("SVG without one", drawing.decode().replace("/ob/v3p0", "/ob/v4"), "altered", no_picture)
    two = "There are two credentials in this picture, so which one it stands for cannot be told."
    case("PNG with two", with_chunk(picture, as_jwt(late, mine)), "altered", two)
    case("SVG with two", within.replace("</svg>", f'<openbadges:credential verify="{token}"/></svg>'), "altered", two)
    damaged = "The credential in this picture is damaged."
    case("PNG that was damaged", picture.replace(token[:40].encode(), b"A" * 40), "altered", damaged)
    entity = f'<!DOCTYPE a [<!ENTITY b "{token}">]><svg>&b;</svg>'
    case("SVG with an entity", entity, "altered", NONE)
    case("SVG that is not closed", drawing.decode().replace("</svg>", ""), "altered", NONE)
    start = {"head": "<svg>", "tail": ""}
    case("deep SVG", {**start, "repeat": "<svg>", "times": 40_000}, "altered", NONE)
    case("SVG of beginnings of comments", {**start, "repeat": "<!--", "times": 50_000}, "altered", NONE)
    case("SVG of namespaces", {**start, "repeat": '<a xmlns:b="c">', "times": 13_000}, "altered", NONE)
    case("SVG of spaces", {**start, "repeat": "<a ", "times": 60_000}, "altered", NONE)
    promises = b"\x89PNG\r\n\x1a\n" + b"\xff\xff\xff\xffiTXt" + KEYWORD + b"\0\0\0\0\0x"
    case("PNG that promises much", promises, "altered", damaged)

    # JSON-LD: the server alone works out what its proof signs.
    linked = with_proof(built(), mine, now=NOW)
    case("JSON-LD", as_json(linked), "valid", good, phone="needs-signal")
    case("JSON-LD, altered", as_json({**linked, "name": "Nurse"}), "altered", CHANGED, phone="needs-signal")
    nobody = "Nobody signed this, or not in a way that is known here."
    case("JSON-LD without a proof", as_json(built()), "altered", nobody)
    case("JSON-LD with two proofs", as_json({**linked, "proof": [linked["proof"]] * 2}), "altered", nobody)
    return {
        "now": moment(NOW),
        "known": {
            "usual": [known(mine, old)],
            "winter": [known(mine, old, days=-213)],
            "dropped": [known(mine)],
            "without": [known(mine, old, without=True)],
            "stale": [known(mine, old, days=8)],
            "six": [known(mine, old, days=6)],
            "broken": [{**(it := known(mine, old)), "lists": [{**it["lists"][0], "bits": "AAAA"}]}],
        },
        "cases": found,
        "files": files(mine, token, as_json(linked)),
    }


def files(mine: Signer, token: str, linked: str) -> list[dict[str, Any]]:
    """What a file holds: how many credentials, or the words of why it is not looked at."""
    other = as_jwt(built(id="https://care.example/credentials/0190a6e0-0000-4000-8000-00000000000b"), mine)
    envelope = {"type": "EnvelopedVerifiableCredential", "id": f"data:application/vc+jwt,{token}"}
    second = {**envelope, "id": f"data:application/vc+jwt,{other}"}

    def carried(*inside: Any) -> str:
        return as_json({"type": ["VerifiablePresentation"], "verifiableCredential": list(inside)})

    clr = {
        "type": ["VerifiableCredential", "ClrCredential"],
        "credentialSubject": {"verifiableCredential": [token, other]},
    }
    deeper = "This is nested deeper than a passport may be."
    wrapped = "A credential in this file is wrapped in a way that is not known here."
    return [
        {"name": "one token", "text": token, "holds": 1},
        {"name": "two in a presentation", "text": carried(envelope, second), "holds": 2},
        {"name": "the same one twice", "text": carried(envelope, token), "holds": 1},
        {"name": "JSON-LD in a presentation", "text": carried(envelope, json.loads(linked)), "holds": 2},
        {"name": "a learner record", "text": as_json(clr), "holds": 2},
        {"name": "a learner record as a token", "text": signed(as_json(clr), mine), "holds": 2},
        {"name": "a learner record in a presentation", "text": carried(clr), "holds": 2},
        {"name": "an empty presentation", "text": carried(), "refused": "There is no credential in this file."},
        {"name": "a presentation in another", "text": carried(json.loads(carried(token))), "refused": deeper},
        {"name": "wrapped otherwise", "text": carried({**envelope, "id": "https://x.example"}), "refused": wrapped},
        {"name": "words in a presentation", "text": carried("hello"), "refused": NONE},
    ]


if __name__ == "__main__":
    there = Path(__file__).with_name("cases.json")
    there.write_text(json.dumps(cases(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
