"""One of six verdicts for every file, good or bad, within a time nobody can stretch."""

from __future__ import annotations

import base64
import json
import resource
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from joserfc import jws
from joserfc.jwk import ECKey

from app import credentials
from app.credentials import Kind, KnownIssuer, StatusList, TooBusy, Verdict, canonical, keys, securing
from app.credentials.reading import PNG
from app.extensions import db
from tests.support.credentials import SITE, Issuing
from tests.support.world import NOW

LONGEST = 2.0


@pytest.fixture
def bramble(app: Flask) -> Issuing:
    # SQLite alone: no database has a say in a verdict.
    found = Issuing(db.session())
    found.is_seen()
    found.line()
    return found


def changed(bramble: Issuing, change: Callable[[dict[str, Any]], object]) -> str:
    """The JSON-LD form, changed by hand after it was signed."""
    document = bramble.document(Kind.PRACTICE)
    change(document)
    return json.dumps(document)


def resigned(bramble: Issuing, change: Callable[[dict[str, Any]], object]) -> str:
    """The token, changed and then signed properly with the provider's own key: as a careless issuer would."""
    token = bramble.signed(Kind.PRACTICE).jwt
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    change(claims)
    return jws.serialize_compact(header(bramble), json.dumps(claims), signer(bramble).p256, algorithms=["ES256"])


def signer(bramble: Issuing) -> securing.Signer:
    return keys.signer(bramble.session, bramble.provider.id, bramble.provider.uuid, SITE, now=NOW)


def header(bramble: Issuing, **more: str) -> dict[str, Any]:
    return {"alg": "ES256", "kid": signer(bramble).p256_id, "typ": "JWT", **more}


def subject(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["credentialSubject"]
    return found


def test_both_forms_are_valid_now_and_say_the_same(bramble: Issuing) -> None:
    signed = bramble.signed(Kind.PRACTICE)
    one, other = bramble.check(signed.jwt), bramble.check(signed.document)
    assert one == other
    assert (one.words, one.person, one.issuer, one.codes) == ("Valid now", "Ngozi Obi", "Bramble Home Care", ("13.2a",))


CHANGES: tuple[Callable[[dict[str, Any]], object], ...] = (
    lambda d: subject(d)["identifier"][0].update(identityHash="Somebody Else"),
    lambda d: subject(d)["achievement"].update(name="Nurse"),
    lambda d: d.update(validFrom="2020-01-01T00:00:00Z"),
    lambda d: d.update(validUntil="2099-01-01T00:00:00Z"),
    lambda d: d.pop("credentialStatus"),
    lambda d: d.pop("evidence"),
    lambda d: d["proof"].update(created="2020-01-01T00:00:00Z"),
    lambda d: d["proof"].update(proofPurpose="authentication"),
    lambda d: d["proof"].update(cryptosuite="ecdsa-rdfc-2019"),
    lambda d: d["proof"].update(proofValue="z" + "1" * 88),
    lambda d: d["proof"].update(proofValue=None),
    lambda d: d["proof"].update(verificationMethod="did:web:elsewhere.example#key"),
    lambda d: d.pop("proof"),
    lambda d: d.update(proof=[d["proof"], d["proof"]]),
    lambda d: d.update(proof={**d["proof"], "@context": {"proofValue": None}}),
    # Says something that nobody signed, or hides what somebody did.
    lambda d: d.update(remark="Also a nurse"),
    lambda d: subject(d).update(jobTitle="Nurse"),
    lambda d: d.update({"@included": [{"id": "urn:x:1"}]}),
    lambda d: d.update({"https://www.w3.org/2018/credentials#credentialStatus": d.pop("credentialStatus")}),
    lambda d: subject(d).update({"@nest": {}}),
    lambda d: d["@context"].append("https://elsewhere.example/context.json"),
    lambda d: d["@context"].append({"name": "https://elsewhere.example/name"}),
    lambda d: subject(d).update({"@context": "https://www.w3.org/ns/credentials/v2"}),
    lambda d: d.update({"@context": "https://www.w3.org/ns/credentials/v2"}),
    lambda d: d.pop("@context"),
    lambda d: d.update(type=["VerifiableCredential"]),
    lambda d: d.update(credentialSubject="Ngozi"),
    lambda d: d.update(credentialStatus={"type": "SomethingElse", "statusListCredential": "x"}),
)


def test_whatever_was_changed_afterwards_is_altered_and_nothing_of_it_is_told(bramble: Issuing) -> None:
    for number, change in enumerate(CHANGES):
        checked = bramble.check(changed(bramble, change))
        assert checked.verdict is Verdict.ALTERED, number
        assert checked.reason.endswith("."), number
        assert (checked.person, checked.name, checked.evidence) == ("", "", ()), number


def test_a_token_is_altered_by_a_letter_another_key_or_another_way_of_signing(bramble: Issuing) -> None:
    token = bramble.signed(Kind.PRACTICE).jwt
    head, body, signature = token.split(".")
    assert bramble.verdict(f"{head}.{body}.{signature[:-4]}AAAA") is Verdict.ALTERED
    stranger: ECKey = ECKey.generate_key("P-256")
    payload = base64.urlsafe_b64decode(body + "==")
    forged = jws.serialize_compact(header(bramble), payload, stranger, algorithms=["ES256"])
    assert bramble.verdict(forged) is Verdict.ALTERED
    for words in ({"alg": "none"}, {"alg": "HS256"}, {"kid": "did:web:x#1"}, {"typ": "at+jwt"}, {"crit": "exp"}):
        said = base64.urlsafe_b64encode(json.dumps(header(bramble, **words)).encode()).rstrip(b"=").decode()
        assert bramble.verdict(f"{said}.{body}.{signature}") is Verdict.ALTERED, words


def test_a_token_that_contradicts_itself_is_altered(bramble: Issuing) -> None:
    assert bramble.verdict(resigned(bramble, lambda _: None)) is Verdict.VALID
    for name, value in (("sub", "urn:uuid:1"), ("exp", 4102444800), ("nbf", 1), ("iss", "did:web:x"), ("jti", "y")):
        assert bramble.verdict(resigned(bramble, lambda c, n=name, v=value: c.update({n: v}))) is Verdict.ALTERED


def test_what_is_not_yet_or_no_more_in_date_is_out_of_date(bramble: Issuing) -> None:
    token = bramble.signed(Kind.PRACTICE).jwt
    assert bramble.verdict(token, NOW - timedelta(minutes=4)) is Verdict.VALID
    early = bramble.check(token, NOW - timedelta(days=2))
    assert (early.verdict, early.reason) == (Verdict.OUT_OF_DATE, "It holds only from 15 June 2026.")


def test_what_was_withdrawn_is_withdrawn_also_when_it_is_out_of_date(bramble: Issuing) -> None:
    signed = bramble.signed(Kind.PRACTICE)
    credentials.revoke(bramble.session, bramble.provider.id, signed.view.uuid, "A slip", by=None, now=NOW)
    for form in (signed.jwt, signed.document):
        assert bramble.verdict(form) is Verdict.WITHDRAWN
        assert bramble.verdict(form, NOW - timedelta(days=2)) is Verdict.WITHDRAWN


def test_nobody_else_is_known(bramble: Issuing) -> None:
    signed = bramble.signed(Kind.PRACTICE)
    checked = credentials.check(signed.jwt.encode(), lambda _did, _lists: None, now=NOW)
    assert checked.verdict is Verdict.UNKNOWN_ISSUER
    assert "care.example" in checked.reason
    for did in ("did:web:elsewhere.example", f"did:web:elsewhere.example:credentials:{bramble.provider.uuid}", "x"):
        assert bramble.verdict(changed(bramble, lambda d, did=did: d["issuer"].update(id=did))) in (
            Verdict.UNKNOWN_ISSUER,
            Verdict.ALTERED,
        )


def test_with_an_old_list_or_none_it_is_said_since_when_withdrawal_was_not_checked(bramble: Issuing) -> None:
    signed = bramble.signed(Kind.PRACTICE)
    address = json.loads(signed.document)["credentialStatus"]["statusListCredential"]
    found = credentials.own(bramble.session, SITE, now=NOW)(signer(bramble).did, [address])
    assert found is not None

    def checked(known: KnownIssuer) -> tuple[Verdict, str]:
        said = credentials.check(signed.jwt.encode(), lambda _did, _lists: known, now=NOW)
        return said.verdict, said.words

    assert checked(aged(found, 6)) == (Verdict.VALID, "Valid now")
    assert checked(aged(found, 8)) == (Verdict.UNCHECKED, "Valid, withdrawal not checked since 7 June 2026")
    assert checked(replace(found, lists={})) == (Verdict.UNCHECKED, "Valid, withdrawal never checked")


def aged(found: KnownIssuer, days: int) -> KnownIssuer:
    lists = {
        address: StatusList(url=address, checked_at=NOW - timedelta(days=days), bits=each.bits)
        for address, each in found.lists.items()
    }
    return replace(found, lists=lists)


def test_a_place_that_is_not_on_the_list_is_altered(bramble: Issuing) -> None:
    for index in ("131072", "-1", 5, "٣", "9" * 5000):
        said = resigned(bramble, lambda c, i=index: c["credentialStatus"].update(statusListIndex=i))
        assert bramble.verdict(said) is Verdict.ALTERED, index


def alike(bramble: Issuing, nodes: int) -> bytes:
    """A credential with many pieces of evidence that say the same."""
    evidence = [{"type": ["Evidence"], "name": "x", "narrative": "y"}] * nodes
    return changed(bramble, lambda d: d.update(evidence=evidence)).encode()


def clique(bramble: Issuing, nodes: int) -> bytes:
    """The shape that keeps canonicalisation busy for hours: each names all others, and nothing tells them apart."""
    names = [f"_:n{number}" for number in range(nodes)]
    terms = [
        {"type": "Achievement", "id": one, "related": [{"type": "Related", "id": two} for two in names if two != one]}
        for one in names
    ]
    return changed(bramble, lambda d: d.update(termsOfUse=terms)).encode()


POISON: tuple[tuple[str, Callable[[Issuing], bytes]], ...] = (
    ("nothing", lambda _: b""),
    ("noise", lambda _: bytes(range(256)) * 800),
    ("200 kB of brackets", lambda _: b"[" * 200_000),
    ("60 kB of brackets", lambda _: b"[" * 60_000),
    ("60 kB of objects", lambda _: b'{"a":' * 12_000),
    ("a number of 60,000 digits", lambda _: b'{"a":' + b"9" * 60_000 + b"}"),
    ("not a number", lambda _: b'{"a":NaN}'),
    ("the same name twice", lambda b: b.signed(Kind.PRACTICE).document.replace("{", '{"id":"x",', 1).encode()),
    ("200 kB of a credential", lambda b: changed(b, lambda d: d.update(name="x" * 200_000)).encode()),
    ("eight alike", lambda b: alike(b, 8)),
    ("four hundred alike", lambda b: alike(b, 400)),
    ("laughing SVG", lambda _: b'<!DOCTYPE a [<!ENTITY b "c">]><svg>&b;</svg>'),
    ("deep SVG", lambda _: b"<svg>" * 40_000),
    ("an empty PNG", lambda _: PNG + b"\0" * 200_000),
    ("a PNG that promises much", lambda _: PNG + b"\xff\xff\xff\xffiTXtopenbadgecredential\0\0\0\0\0x"),
    ("two dots", lambda _: b"eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.AAAAAAAAAAAA"),
    ("a list", lambda _: b"[1]"),
    ("no issuer", lambda _: b'{"@context":["https://www.w3.org/ns/credentials/v2"],"proof":{}}'),
)


def spent() -> float:
    """Seconds of a processor so far, here and in processes that ended: by the clock a busy machine would be counted."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def test_poison_is_refused_within_two_seconds(bramble: Issuing) -> None:
    for name, make in POISON:
        data = make(bramble)
        begun = spent()
        checked = bramble.check(data)
        assert spent() - begun < LONGEST, name
        assert (checked.verdict, checked.person) == (Verdict.ALTERED, ""), name


def test_a_graph_made_to_take_hours_is_stopped(bramble: Issuing) -> None:
    poison = clique(bramble, 9)
    assert len(poison) < 10_000
    begun = spent()
    checked = bramble.check(poison)
    assert spent() - begun < LONGEST
    assert (checked.verdict, checked.reason) == (
        Verdict.ALTERED,
        "It cannot be checked: it is made so that checking it takes too long.",
    )


def test_a_machine_without_time_gives_no_verdict(bramble: Issuing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canonical, "BY_THE_CLOCK", 0.001)
    with pytest.raises(TooBusy, match="Try again"):
        bramble.check(bramble.signed(Kind.PRACTICE).document)
    assert bramble.verdict(bramble.signed(Kind.PRACTICE).jwt) is Verdict.VALID
