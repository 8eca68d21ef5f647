"""A person's credentials, as their manager sees and revokes them."""

from __future__ import annotations

from uuid import UUID

from app import audit, credentials
from app.extensions import db
from tests.support.credentials import issued_something
from tests.support.website import Browser, Place, set_up, sign_in


def test_a_manager_sees_what_was_issued_and_revokes_one_with_a_reason(bramble: Place, priya: Browser) -> None:
    ngozi = bramble.add("Ngozi Obi")
    page = f"/staff/people/{ngozi.person_uuid}/credentials"
    assert "Nothing was issued yet" in priya.get(page).text
    issued_something(db.session(), bramble.provider, ngozi)
    [row] = db.session.scalars(db.select(credentials.Credential))
    row.revoked_at = row.revoked_reason = row.revoked_by = None
    db.session.commit()
    assert "Credentials they can carry" in priya.get(f"/staff/people/{ngozi.person_uuid}").text
    assert "credential-canary" in priya.get(page).text

    for wrong in ({}, {"credential": "x"}, {"credential": str(UUID(int=5)), "reason": "A slip"}):
        assert priya.post(page, **wrong).status == 400
        priya.get(page)
    kept = priya.post(page, credential=str(row.uuid), reason=" ")
    assert (kept.status, "Say why" in kept.text) == (400, True)
    after = priya.post(page, credential=str(row.uuid), reason="Her name was wrong", anew="yes")
    assert "Revoked" in after.text
    assert "Her name was wrong" in after.text
    [noted] = [each for each in audit.entries(db.session(), limit=5) if each.action == "credential.revoked"]
    assert (noted.subject, noted.details) == (ngozi.person_uuid, {"credential": str(row.uuid), "anew": True})


def test_a_manager_of_another_provider_finds_neither_page_nor_credential(bramble: Place, browser: Browser) -> None:
    ngozi = bramble.add("Ngozi Obi")
    issued_something(db.session(), bramble.provider, ngozi)
    thistle = set_up("Thistle Care", "Tom Wells", "tom")
    sign_in(browser, thistle.sign_in)
    assert browser.get(f"/staff/people/{ngozi.person_uuid}/credentials").status == 404
    own = thistle.add("Grace Bell")
    page = f"/staff/people/{own.person_uuid}/credentials"
    [view] = credentials.credentials_of(db.session(), bramble.provider.id, None)
    issued_something(db.session(), thistle.provider, own)
    [mine] = db.session.scalars(db.select(credentials.Credential).where(credentials.Credential.uuid != view.uuid))
    mine.revoked_at = None
    db.session.commit()
    assert str(view.uuid) not in browser.get(page).reply.text
    refused = browser.post(page, credential=str(view.uuid), reason="Not mine")
    assert (refused.status, "no such credential" in refused.text) == (400, True)
