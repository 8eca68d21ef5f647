"""Programs that are not ours agree with us on every sample: @digitalbazaar/vc, verifier-core and openbadgeslib."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openbadgeslib import errors
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3Verifier
from sqlalchemy import select

from app import credentials
from app.credentials import CredentialEndorsement, Kind, Verdict
from app.credentials.baking import png, svg
from app.credentials.canonical import CONTEXTS, context
from app.extensions import db
from tests.support.credentials import SITE, Issuing
from tests.support.world import NOW

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


@dataclass
class World:
    """Everything Ngozi can have, and what lies at the addresses of her provider."""

    place: Issuing

    def __post_init__(self) -> None:
        self.place.passes()
        self.place.passes_elective(valid_for_months=12)
        self.place.is_seen()
        self.place.signs()
        self.place.signs_certificate()
        self.place.line()
        args = db.session(), self.place.provider.id, self.place.provider.uuid, SITE
        self.signer = credentials.signer(*args, now=NOW)
        self.did = credentials.did_document(*args) or {}

    @property
    def lies_at(self) -> dict[str, Any]:
        """Address → document, as this server serves them."""
        base = f"https://care.example/credentials/{self.place.provider.uuid}"
        address = credentials.address_of(SITE, self.place.provider.uuid, 1)
        status = credentials.list_credential(db.session(), self.place.provider.id, address, 1, self.signer)
        return {f"{base}/did.json": self.did, address: status}

    @property
    def endorsers(self) -> dict[str, Any]:
        """Address → document of those who endorse, as this server serves them."""
        found, place = {}, self.place.provider
        for row in db.session.scalars(select(CredentialEndorsement)):
            base = f"https://care.example/credentials/{place.uuid}/assessors/{row.endorser}"
            args = db.session(), place.id, place.uuid, row.endorser, SITE
            found[f"{base}/did.json"] = credentials.endorser_document(*args)
            signed = credentials.endorser_list(db.session(), place, row.endorser, 1, SITE, self.signer)
            found[f"{base}/status/1"] = signed
        return found

    def download(self, url: str, *_more: object, **_other: object) -> bytes:
        return json.dumps(self.lies_at[url]).encode()


@pytest.fixture
def world(app: Flask) -> World:
    return World(Issuing(db.session()))


def judged_in_javascript(world: World, samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    given = world.lies_at | world.endorsers
    dids = {each["id"]: each for address, each in given.items() if address.endswith("/did.json")}
    contexts = {address: context(address) for address in CONTEXTS} | others()
    asked = {"documents": {**contexts, **dids, **given}, "fetched": given, "credentials": samples}
    done = subprocess.run(
        ["node", str(HERE / "independent.mjs")], input=json.dumps(asked), capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def others() -> dict[str, Any]:
    """The vocabularies of DID documents, which this server never needs itself."""
    files = {
        "https://w3id.org/security/multikey/v1": ("openbadgeslib", "ob3/contexts/security-multikey-v1.json"),
        "https://www.w3.org/ns/did/v1": ("pyld", "documentloader/frozen/bundled/did-v1.jsonld"),
    }
    found = {}
    for address, (package, path) in files.items():
        spec = importlib.util.find_spec(package)
        assert spec
        assert spec.origin
        found[address] = json.loads((Path(spec.origin).parent / path).read_text())
    return found


def accepted(judged: dict[str, Any]) -> tuple[bool, bool]:
    """Whether @digitalbazaar/vc and verifier-core take it. An unknown issuer is no flaw to either."""
    log = judged["core"]["log"]
    return judged["vc"]["verified"], all(
        log.get(each) is True for each in ("valid_signature", "revocation_status", "expiration")
    )


BAD: tuple[Callable[[dict[str, Any]], object], ...] = (
    lambda d: d.update(name="Nurse"),
    lambda d: d["credentialSubject"]["identifier"][0].update(identityHash="Somebody Else"),
    lambda d: d["credentialSubject"]["achievement"]["criteria"].update(narrative="Was there."),
    lambda d: d.update(validUntil="2099-01-01T00:00:00Z"),
    lambda d: d.pop("credentialStatus"),
    lambda d: d["proof"].update(created="2020-01-01T00:00:00Z"),
    lambda d: d["proof"].update(proofValue="z" + "2" * 88),
)


def test_two_programs_in_javascript_agree_on_every_good_and_bad_sample(world: World) -> None:
    good = [world.place.document(kind) for kind in Kind]
    bad = [deepcopy(good[1]) for _ in BAD]
    for sample, change in zip(bad, BAD, strict=True):
        change(sample)
    judged = judged_in_javascript(world, [*good, *bad])
    ours = [world.place.verdict(json.dumps(sample)) is Verdict.VALID for sample in (*good, *bad)]
    assert ours == [True] * len(good) + [False] * len(bad)
    assert [accepted(each) for each in judged] == [(each, each) for each in ours], judged


def test_they_agree_that_a_revoked_one_does_not_count(world: World) -> None:
    signed = world.place.signed(Kind.PRACTICE)
    credentials.revoke(db.session(), world.place.provider.id, signed.view.uuid, "A slip", by=None, now=NOW)
    db.session.commit()
    (judged,) = judged_in_javascript(world, [json.loads(signed.document)])
    assert accepted(judged) == (False, False)
    assert judged["core"]["log"]["valid_signature"] is True
    assert world.place.verdict(signed.document) is Verdict.WITHDRAWN


def test_they_agree_on_what_assessors_and_managers_endorse(world: World) -> None:
    uuids = [world.place.live()[kind].uuid for kind in (Kind.PRACTICE, Kind.STANDARD)]
    beside = credentials.endorsed(db.session(), uuids)
    good = [json.loads(each.document) for uuid in uuids for each in beside[uuid]]
    assert len(good) == 2
    bad = deepcopy(good[0])
    bad["credentialSubject"]["endorsementComment"] = "I saw everything."
    assert [accepted(each) for each in judged_in_javascript(world, [*good, bad])] == [(True, True)] * 2 + [(False,) * 2]
    ours = [world.place.verdict(json.dumps(sample)) for sample in (*good, bad)]
    assert ours == [Verdict.VALID, Verdict.VALID, Verdict.ALTERED]
    credentials.revoke(db.session(), world.place.provider.id, uuids[0], "A slip", by=None, now=NOW)
    db.session.commit()
    assert [accepted(each) for each in judged_in_javascript(world, good)] == [(False, False), (True, True)]
    ours = [world.place.verdict(json.dumps(sample)) for sample in good]
    assert ours == [Verdict.WITHDRAWN, Verdict.VALID]


def test_openbadgeslib_takes_both_forms_and_both_pictures(world: World) -> None:
    did = world.signer.did
    words = {"title": "Title", "person": "Ngozi Obi", "issuer": "Bramble"}
    for kind in Kind:
        signed = world.place.signed(kind)
        for token in (
            signed.jwt,
            OB3Verifier.extract_token_from_png(png(signed.jwt, **words)),
            OB3Verifier.extract_token_from_svg(svg(signed.jwt, **words)),
        ):
            found = es256(world).verify(token)
            assert found.issuer.id == did
        found = OB3LdpVerifier.for_issuer_did(did).verify(
            signed.document, check_status=True, download=world.download, verify_status_list=False
        )
        assert found.issuer.id == did


def test_openbadgeslib_refuses_what_we_refuse(world: World) -> None:
    signed = world.place.signed(Kind.PRACTICE)
    head, body, signature = signed.jwt.split(".")
    for token in (f"{head}.{body}.{signature[:-4]}AAAA", f"{head}.{body[:-4]}AAAA.{signature}"):
        with pytest.raises(errors.LibOpenBadgesException):
            es256(world).verify(token)
        assert world.place.verdict(token) is Verdict.ALTERED
    # It knows lists signed as tokens only; the signature of ours is checked by the two programs above.
    verifier = OB3LdpVerifier.for_issuer_did(world.signer.did)
    for change in BAD:
        sample = json.loads(signed.document)
        change(sample)
        with pytest.raises(errors.LibOpenBadgesException):
            verifier.verify(sample, download=world.download)
    credentials.revoke(db.session(), world.place.provider.id, signed.view.uuid, "A slip", by=None, now=NOW)
    with pytest.raises(errors.LibOpenBadgesException, match="'revocation' is set"):
        verifier.verify(signed.document, check_status=True, download=world.download, verify_status_list=False)


def es256(world: World) -> OB3Verifier:
    """A reader that has the provider's key from its DID document alone."""
    return OB3Verifier.for_issuer_did(world.signer.did, download=world.download)
