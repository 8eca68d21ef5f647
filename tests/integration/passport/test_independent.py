"""Programs that are not ours take what somebody carries: the presentation and the learning record."""

from __future__ import annotations

import base64
import json
import subprocess
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from openbadgeslib import errors
from openbadgeslib.ob3.clr import bundled_clr_contexts
from openbadgeslib.ob3.ldp import verify_data_integrity_proof
from openbadgeslib.ob3.verifier import OB3Verifier

from app import credentials
from app.credentials import Kind, Verdict, passport
from app.credentials.canonical import CONTEXTS, context
from app.credentials.passport import CLR_BADGES
from app.credentials.presenting import presented
from app.extensions import db
from app.kernel import utc_now
from tests.integration.credentials.test_independent import others
from tests.integration.passport.conftest import SERVER
from tests.support.credentials import Issuing

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


@dataclass
class World:
    """Everything Ngozi carries, and what lies at the addresses of her provider."""

    place: Issuing

    def __post_init__(self) -> None:
        args = db.session(), self.place.provider.id, self.place.provider.uuid, SERVER
        self.signer = credentials.signer(*args, now=utc_now())
        self.did = credentials.did_document(*args) or {}
        self.signed = passport.holding_of(
            db.session(), self.place.provider.id, self.place.ngozi.person_id, now=utc_now()
        )

    def record(self, signed: tuple[credentials.Signed, ...] | None = None) -> dict[str, Any]:
        return passport.clr(
            signed or self.signed,
            signer=self.signer,
            issuer="Bramble Home Care",
            person=self.place.ngozi.person_uuid,
            name="Ngozi Obi",
            now=utc_now(),
        )

    @property
    def lies_at(self) -> dict[str, Any]:
        base = f"{SERVER.origin}/credentials/{self.place.provider.uuid}"
        address = credentials.address_of(SERVER, self.place.provider.uuid, 1)
        status = credentials.list_credential(db.session(), self.place.provider.id, address, 1, self.signer)
        return {f"{base}/did.json": self.did, address: status}

    def judged(self, records: list[Any], presentations: list[Any]) -> dict[str, Any]:
        given = self.lies_at
        contexts = {address: context(address) for address in CONTEXTS} | others()
        asked = {
            "documents": {**contexts, self.did["id"]: self.did, **given},
            "fetched": given,
            "records": records,
            "presentations": presentations,
        }
        done = subprocess.run(
            ["node", str(HERE / "independent.mjs")], input=json.dumps(asked), capture_output=True, text=True, cwd=ROOT
        )
        assert done.returncode == 0, done.stderr[-2000:]
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    @property
    def public(self) -> bytes:
        return self.signer.ed25519.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture
def world(bramble: Issuing) -> World:
    return World(bramble)


def spoilt(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The same record with something changed: a name, the issuer's word, a badge inside, one left out."""
    found = [deepcopy(record) for _ in range(4)]
    found[0]["credentialSubject"]["identifier"][0]["identityHash"] = "Somebody Else"
    found[1]["name"] = "Nurse"
    found[2]["credentialSubject"]["verifiableCredential"][0]["name"] = "Nurse"
    found[3]["credentialSubject"]["verifiableCredential"].pop()
    return found


def test_two_programs_in_javascript_take_the_record_and_refuse_it_changed(world: World) -> None:
    record = world.record()
    embedded = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": record["credentialSubject"]["verifiableCredential"],
    }
    judged = world.judged([record, *spoilt(record)], [embedded])
    accepted = [(each["vc"], each["core"]) for each in judged["records"]]
    assert accepted == [(True, True)] + [(False, False)] * 4, judged
    assert judged["presentations"] == [True]


def test_openbadgeslib_takes_the_record_and_each_token_of_the_presentation(world: World) -> None:
    record = world.record()
    verify_data_integrity_proof(record, world.public, extra_contexts=bundled_clr_contexts())
    for changed in spoilt(record):
        with pytest.raises(errors.LibOpenBadgesException):
            verify_data_integrity_proof(changed, world.public, extra_contexts=bundled_clr_contexts())
    verifier = OB3Verifier.for_issuer_did(
        world.signer.did, download=lambda url, *_m, **_o: json.dumps(world.lies_at[url]).encode()
    )
    shown = passport.presentation(world.signed)["verifiableCredential"]
    assert len(shown) == 3
    for each in shown:
        kind, _, token = each["id"].partition(",")
        assert kind == "data:application/vc+jwt"
        assert verifier.verify(token).issuer.id == world.signer.did


def test_a_record_of_many_is_cut_where_others_stop_reading_and_says_so(world: World) -> None:
    """As many badges as nobody reads at once: sign-offs stay before the halves, and nothing is cut in two."""
    many = tuple(world.signed[number % 3] for number in range(120))
    record = world.record(many)
    kept = record["credentialSubject"]["verifiableCredential"]
    assert record["partial"] is True
    assert 40 < len(kept) <= CLR_BADGES
    assert len(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()) < 262_144
    assert {each["name"] for each in kept[:40]} == {"Standard 13, Standard 13: knowledge"}
    # The rest of the file is looked at whole by our own reader: each badge once.
    found = presented(json.dumps(world.record()).encode())
    known = credentials.own(db.session(), SERVER, now=utc_now())
    assert [credentials.check(each, known, now=utc_now()).verdict for each in found] == [Verdict.VALID] * 3
    assert world.record()["partial"] is False


def test_nothing_of_what_an_assessor_wrote_is_in_what_is_carried(world: World) -> None:
    told = json.dumps(world.record()) + "".join(
        base64.urlsafe_b64decode(each.jwt.split(".")[1] + "==").decode() for each in world.signed
    )
    assert {each.view.kind for each in world.signed} == {Kind.KNOWLEDGE, Kind.PRACTICE, Kind.ELECTIVE}
    assert "Dawn Marsh" in told
    assert "Saw 13.2a" not in told, "the words she typed"
