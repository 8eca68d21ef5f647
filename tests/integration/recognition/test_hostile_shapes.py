"""What is put together in no way anybody expects is refused in words, and holds up nothing else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import credentials
from app.credentials import Kind, Verdict
from app.credentials.models import CredentialEndorsement
from app.credentials.securing import with_proof
from app.interop import recognition
from app.interop.recognition import PassportError, looking
from tests.support.credentials import SITE
from tests.support.recognition import Abroad, Receiving, presentation
from tests.support.world import NOW, add_person


def test_an_endorsement_is_shown_and_stands_in_for_nothing(heather: Receiving, far: Abroad, session: Session) -> None:
    documents = [json.loads(each) for each in session.scalars(select(CredentialEndorsement.document))]
    # This server's own: whoever endorses there is known without anybody's word.
    found = recognition.preview(session, heather.ngozi, presentation(*documents), fetch=far.fetch, site=SITE, now=NOW)
    assert [each.checked.verdict for each in found.items] == [Verdict.VALID] * len(documents) != []
    assert [each.statement for each in found.items] == [None] * len(documents)


@pytest.mark.parametrize("kind", [5, None, {}])
def test_a_list_of_no_known_kind_is_trouble_and_no_more(heather: Receiving, far: Abroad, kind: Any) -> None:
    heather.trust()
    [item] = [each for each in heather.look().items if each.title.endswith("knowledge")]
    heather.recognise(item)
    far.lies[far.list_address] = json.dumps({**json.loads(far.fetch(far.list_address, 100_000)), "type": kind}).encode()
    heather.worker(NOW + timedelta(days=3))
    [issuer] = recognition.issuers_of(heather.session, heather.provider.id)
    assert (issuer.looked_at, issuer.trouble) == (NOW + timedelta(days=3), "This is no list of what was withdrawn.")


@pytest.mark.parametrize("address", ["https://[x/lists/1", "", "https:///1", "https://care.example:x/1", "mailto:a@b"])
def test_a_list_at_no_address_is_trouble_and_no_more(far: Abroad, address: str) -> None:
    fetch = recognition.fetching(anywhere=False)
    looked = looking.look(
        far.did, [], [address], lambda url, most: (far.fetch if url == far.did_address else fetch)(url, most), NOW
    )
    assert looked.document is not None
    assert looked.trouble


@pytest.mark.parametrize("name", [[], {}, 5])
def test_keys_named_by_no_text_are_left_out(far: Abroad, name: Any) -> None:
    document = json.loads(far.fetch(far.did_address, 100_000))
    far.lies[far.did_address] = json.dumps({**document, "assertionMethod": [{"id": name}]}).encode()
    with pytest.raises(PassportError, match="no key"):
        recognition.fetch_document(far.did, far.fetch)


@pytest.mark.parametrize("where", ["issuer", "list"])
def test_what_no_database_can_look_for_is_known_to_nobody(heather: Receiving, far: Abroad, where: str) -> None:
    heather.trust()
    document = far.document(Kind.PRACTICE)
    if where == "issuer":
        document["issuer"] = "did:web:care\0.example"
    else:
        document["credentialStatus"]["statusListCredential"] = "https://care.example/\0"
    data = presentation(document)
    [item] = heather.look(data).items
    assert item.statement is None
    # As the page for anybody asks.
    issuers = recognition.issuers(heather.session, now=NOW)
    [body] = credentials.presented(data)
    checked = credentials.check(body, issuers, now=NOW)
    assert checked.verdict is (Verdict.UNKNOWN_ISSUER if where == "issuer" else Verdict.ALTERED)


def test_all_lists_of_an_issuer_are_asked_for_in_turn(far: Abroad) -> None:
    urls = [f"https://care.example/lists/{number}" for number in range(20)]
    asked = set()
    for day in range(5):
        far.asked.clear()
        looking.look(far.did, [], urls, far.fetch, NOW + timedelta(days=day))
        assert len(far.asked) == 1 + looking.MOST_LISTS
        asked |= set(far.asked)
    assert asked == {far.did_address, *urls}


def test_statements_without_an_id_are_not_taken_for_each_other(heather: Receiving, far: Abroad) -> None:
    session, provider = heather.session, far.provider
    heather.trust()
    document = far.document(Kind.KNOWLEDGE)
    without = {name: value for name, value in document.items() if name not in ("id", "proof")}
    signer = credentials.signer(session, provider.id, provider.uuid, SITE, now=NOW)
    named = {**without, "name": "One of another person"}
    mine, theirs = (json.dumps(with_proof(each, signer, now=NOW)).encode() for each in (without, named))
    tom = add_person(session, heather.provider, "Tom Hale")
    session.commit()
    [item] = heather.look(theirs, who=tom).items
    recognition.recognise(
        session,
        heather.provider.id,
        tom.person_id,
        item,
        "I asked him.",
        same_person=True,
        now=NOW,
        by=heather.maya.person_id,
    )
    session.commit()
    assert [each.of_another for each in heather.look(theirs).items] == ["Tom Hale"]
    assert [each.of_another for each in heather.look(mine).items] == [""]
