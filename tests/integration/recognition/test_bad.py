"""Whatever is wrong with a passport or lies about an issuer, nothing of it is kept, and the words say what is wrong."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey

from app import credentials
from app.credentials import Kind, Unreadable, Verdict
from app.interop import recognition
from app.interop.recognition import PassportError
from app.interop.sharing import NotReached
from tests.support.credentials import SITE, Issuing
from tests.support.recognition import Abroad, Receiving, presentation
from tests.support.world import NOW


def altered(far: Abroad) -> Any:
    document = far.document(Kind.PRACTICE)
    document["credentialSubject"]["achievement"]["name"] = "Nurse"
    return document


def other_letters(far: Abroad) -> Any:
    head, body, _ = far.signed(Kind.PRACTICE).jwt.split(".")
    return f"{head}.{body}.{'A' * 86}"


def wrongly_keyed(far: Abroad) -> Any:
    head, body, _ = far.signed(Kind.PRACTICE).jwt.split(".")
    stranger: ECKey = ECKey.generate_key("P-256")
    header = json.loads(base64.urlsafe_b64decode(head + "=="))
    payload = base64.urlsafe_b64decode(body + "==")
    return jws.serialize_compact(header, payload, stranger, algorithms=["ES256"])


def hostile_graph(far: Abroad) -> Any:
    document = far.document(Kind.PRACTICE)
    names = [f"_:n{number}" for number in range(9)]
    document["termsOfUse"] = [
        {"type": "Achievement", "id": one, "related": [{"type": "Related", "id": two} for two in names if two != one]}
        for one in names
    ]
    return document


@pytest.mark.parametrize("make", [altered, other_letters, wrongly_keyed, hostile_graph])
def test_what_was_tampered_with_is_shown_as_altered_and_cannot_be_decided(
    make: Callable[[Abroad], Any], heather: Receiving, far: Abroad
) -> None:
    heather.trust()
    good, bad = heather.look(presentation(far.signed(Kind.KNOWLEDGE).jwt, make(far))).items
    assert (good.can_be_recognised, bad.can_be_recognised) == (True, False)
    assert (bad.checked.verdict, bad.statement, bad.named) == (Verdict.ALTERED, None, "")
    assert bad.checked.reason.endswith(".")
    with pytest.raises(PassportError, match="does not hold"):
        heather.recognise(bad)
    assert heather.kept() == ()


def test_what_is_withdrawn_or_out_of_date_can_only_be_declined(heather: Receiving, far: Abroad) -> None:
    far.passes_elective()
    far.line()
    heather.trust()
    carried = far.passport()
    far.revokes(Kind.PRACTICE)
    found = {each.title: each for each in heather.look(carried).items}
    late = {each.title: each for each in heather.look(carried, now=NOW + timedelta(days=500)).items}
    withdrawn = next(each for title, each in found.items() if title.endswith("observed"))
    over = next(each for title, each in late.items() if "Falls" in title)
    assert (withdrawn.checked.verdict, over.checked.verdict) == (Verdict.WITHDRAWN, Verdict.OUT_OF_DATE)
    for item in (withdrawn, over):
        with pytest.raises(PassportError, match="does not hold today"):
            heather.recognise(item)
        session, here, me = heather.session, heather.provider.id, heather.ngozi.person_id
        recognition.decline(session, here, me, item, "It does not hold.", now=NOW, by=heather.maya.person_id)
    assert len(heather.kept()) == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"x" * 5_000_000, "too big"),
        (b'{"type":' * 300_000, "no credential"),
        (b"", "no credential"),
        (presentation(*["a.b.c"] * 3), "no credential"),
    ],
    ids=["huge", "nested", "nothing", "no tokens"],
)
def test_a_file_that_is_no_passport_is_refused_at_once(heather: Receiving, data: bytes, words: str) -> None:
    began = time.process_time()
    with pytest.raises(Unreadable, match=words):
        heather.look(data)
    assert time.process_time() - began < 2


def test_half_a_download_is_refused(heather: Receiving, far: Abroad) -> None:
    with pytest.raises(Unreadable):
        heather.look(far.passport()[:-40])


def test_many_documents_that_take_long_to_check_are_refused_before_any_is(heather: Receiving, far: Abroad) -> None:
    document = far.document(Kind.PRACTICE)
    many = [{**document, "name": str(number)} for number in range(30)]
    with pytest.raises(Unreadable, match="takes long to check"):
        heather.look(presentation(*many))


def test_no_more_than_a_few_unknown_issuers_are_asked(heather: Receiving, far: Abroad) -> None:
    strangers = [{**far.document(Kind.PRACTICE), "issuer": f"did:web:s{n}.example"} for n in range(9)]
    found = heather.look(presentation(*strangers))
    assert len([each for each in far.asked if each.endswith("did.json")]) == 4
    assert len(found.unheard) == 9


@pytest.mark.parametrize(
    "did",
    [
        "did:web:",
        "did:web:a%2Fb",
        "did:web:a:..:b",
        "did:web:a:%2e%2e",
        "did:web:user%40host",
        "did:key:z6Mk",
        "https://care.example",
        "did:web:" + "a" * 400,
    ],
)
def test_an_issuer_whose_name_leads_elsewhere_is_asked_nothing(heather: Receiving, far: Abroad, did: str) -> None:
    with pytest.raises(PassportError):
        recognition.fetch_document(did, far.fetch)
    assert far.asked == []
    heather.look(presentation({**far.document(Kind.PRACTICE), "issuer": did}))
    assert far.asked == []


def document_of(far: Abroad) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(far.fetch(far.did_address, 100_000))
    return found


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(id="did:web:somebody.example"),
        lambda d: d.update(assertionMethod=[]),
        lambda d: d.update(verificationMethod="none"),
        lambda d: [each.update(controller="did:web:somebody.example") for each in d["verificationMethod"]],
        lambda d: [each.update(id="did:web:somebody.example#1") for each in d["verificationMethod"]],
        lambda d: [each.update(type="Ed25519VerificationKey2020") for each in d["verificationMethod"]],
    ],
)
def test_a_server_that_lies_about_its_keys_is_no_issuer(
    heather: Receiving, far: Abroad, change: Callable[[dict[str, Any]], object]
) -> None:
    document = document_of(far)
    change(document)
    far.lies[far.did_address] = json.dumps(document).encode()
    found = heather.look()
    assert found.strangers == ()
    assert len(found.unheard) == 1
    assert {each.statement for each in found.items} == {None}


def test_keys_nobody_needs_are_not_kept(far: Abroad) -> None:
    document = document_of(far)
    for method in document["verificationMethod"]:
        if "publicKeyJwk" in method:
            method["publicKeyJwk"]["d"] = "secret"
            method["remark"] = "x" * 1000
    far.lies[far.did_address] = json.dumps(document).encode()
    kept = json.dumps(recognition.fetch_document(far.did, far.fetch))
    assert "secret" not in kept
    assert "remark" not in kept


def test_a_list_that_is_anothers_unsigned_or_swells_says_nothing(heather: Receiving, far: Abroad) -> None:
    heather.trust()
    good = json.loads(far.fetch(far.list_address, 1_000_000))
    other = Issuing(far.session, "Somebody Else")
    other.is_seen()
    other.line()
    signer = credentials.signer(other.session, other.provider.id, other.provider.uuid, SITE, now=NOW)
    theirs = credentials.list_credential(other.session, other.provider.id, far.list_address, 1, signer)
    swollen = {**good, "credentialSubject": {**good["credentialSubject"], "encodedList": "uH4sIAAAA"}}
    unsigned = {name: value for name, value in good.items() if name != "proof"}
    moved = {**good, "id": f"{far.list_address}0"}
    lies: list[bytes | Exception] = [json.dumps(each).encode() for each in (theirs, swollen, unsigned, moved)]
    lies += [b"<html>", NotReached("It sends us elsewhere, where we do not go.")]
    for lie in lies:
        far.lies[far.list_address] = lie
        [item, *_] = heather.look().items
        assert (item.checked.verdict, item.checked.words) == (
            Verdict.UNCHECKED,
            "Valid, withdrawal never checked",
        ), lie
        [issuer] = recognition.issuers_of(heather.session, heather.provider.id)
        assert issuer.trouble, lie
    del far.lies[far.list_address]
    assert heather.look().items[0].checked.verdict is Verdict.VALID


def test_a_file_sends_nobody_to_another_server_than_its_issuers(heather: Receiving, far: Abroad) -> None:
    heather.trust()
    heather.look()
    before = len(far.asked)
    elsewhere = far.document(Kind.PRACTICE)
    elsewhere["credentialStatus"]["statusListCredential"] = "https://somebody.example/list"
    heather.look(presentation(elsewhere))
    assert set(far.asked[before:]) == {far.did_address}
