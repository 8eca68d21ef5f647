"""What a passport is carried in, whatever it is, becomes the single credentials in it; poison becomes words."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest

from app.credentials import Unreadable, baking, presented

BADGE: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "proof": {"type": "DataIntegrityProof"},
}


def token(claims: dict[str, Any]) -> str:
    parts = (json.dumps({"alg": "ES256"}), json.dumps(claims), "a signature")
    return ".".join(base64.urlsafe_b64encode(each.encode()).rstrip(b"=").decode() for each in parts)


def badge(name: str) -> dict[str, Any]:
    return {**BADGE, "name": name}


def enveloped(jwt: str) -> dict[str, str]:
    return {"type": "EnvelopedVerifiableCredential", "id": f"data:application/vc+jwt,{jwt}"}


def presentation(*items: Any) -> dict[str, Any]:
    return {"type": ["VerifiablePresentation"], "verifiableCredential": list(items)}


def record(*items: Any) -> dict[str, Any]:
    return {
        "type": ["VerifiableCredential", "ClrCredential"],
        "credentialSubject": {"type": ["ClrSubject"], "verifiableCredential": list(items)},
    }


def taken(document: Any) -> list[str]:
    return [each.decode() for each in presented(json.dumps(document).encode())]


def names(document: Any) -> list[str]:
    return [json.loads(each)["name"] for each in taken(document)]


def test_one_credential_is_itself_in_every_form_it_is_carried_in() -> None:
    jwt, written = token(badge("one")), json.dumps(badge("one"))
    args = {"title": "One", "person": "Ngozi Obi", "issuer": "Bramble"}
    assert presented(f" {jwt}\n".encode()) == (jwt.encode(),)
    assert presented(b"\xef\xbb\xbf" + written.encode()) == (written.encode(),)
    assert presented(baking.png(jwt, **args)) == presented(baking.svg(jwt, **args)) == (jwt.encode(),)


def test_a_presentation_holds_enveloped_embedded_and_bare_ones_in_their_order() -> None:
    one, other = token(badge("one")), token(badge("other"))
    found = taken(presentation(enveloped(one), badge("middle"), other))
    assert (found[0], json.loads(found[1])["name"], found[2]) == (one, "middle", other)
    assert taken({**presentation(), "verifiableCredential": badge("alone")}) == [
        json.dumps(badge("alone"), separators=(",", ":"))
    ]
    assert presented(token(presentation(enveloped(one))).encode()) == (one.encode(),)


def test_a_learner_record_is_opened_alone_as_a_token_and_in_a_presentation() -> None:
    badges = [badge("one"), badge("two")]
    assert names(record(*badges)) == ["one", "two"]
    assert len(presented(token(record(*badges)).encode())) == 2
    assert names(presentation(record(*badges), badge("three"), badge("one"))) == ["one", "two", "three"]
    assert names(presentation(enveloped(token(record(*badges))))) == ["one", "two"]


def test_letters_of_every_language_stay_as_they_were() -> None:
    assert names(presentation(badge("Siân Ó Súilleabháin, 吳"))) == ["Siân Ó Súilleabháin, 吳"]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (presentation(), "no credential in this file"),
        (presentation(None), "This is no credential"),
        (presentation("a word"), "This is no credential"),
        (presentation(7), "This is no credential"),
        (presentation(presentation(badge("x"))), "nested deeper"),
        (presentation(record(record(badge("x")))), "nested deeper"),
        (record(presentation(badge("x"))), "nested deeper"),
        (presentation(enveloped(token(presentation(badge("x"))))), "nested deeper"),
        ({"type": "ClrCredential", "credentialSubject": []}, "learner record"),
        (presentation({"type": "EnvelopedVerifiableCredential", "id": "https://elsewhere.example/1"}), "wrapped"),
        (presentation({"type": "EnvelopedVerifiableCredential"}), "wrapped"),
        (presentation(enveloped("no-token")), "This is no credential"),
        (presentation(*(badge(str(n)) for n in range(201))), "more than 200"),
        (presentation(*([badge("the same")] * 201)), "more than 200"),
        (presentation(badge("x"), badge("x" * 65_536)), "Number 2"),
        (presentation(token(badge("x" * 65_536))), "Number 1"),
    ],
)
def test_what_is_not_as_it_should_be_is_refused_in_words(document: Any, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        presented(json.dumps(document).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b"x" * (4 * 1024 * 1024 + 1),
        b"[" * 4_000_000,
        b'{"type":' * 400_000,
        b'{"a":1,"a":1}',
        b'{"a":' + b"9" * 60_000 + b"}",
        b'{"name":"\\ud800"}',
        json.dumps(presentation(*(badge(str(n)) for n in range(150)))).encode()[:-20],
        b"a" * 2_000_000 + b"." + b"a" * 1_000_000 + b"." + b"a" * 900_000,
        b'<!DOCTYPE a [<!ENTITY b "c">]><svg>&b;</svg>',
        b"<svg>" * 800_000,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 3_000_000,
    ],
    ids=range(14),
)
def test_poison_is_refused_at_once(data: bytes) -> None:
    begun = time.process_time()
    with pytest.raises(Unreadable, match=r"\.$"):
        presented(data)
    assert time.process_time() - begun < 2.0
