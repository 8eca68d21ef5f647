"""The catalogue's pages: anybody's, other servers', and the managers'."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import catalogue, jobs, providers
from app.content import load, service
from app.content import queries as content
from app.extensions import db
from app.interop import sharing
from app.interop.sharing import wire
from app.kernel import utc_now
from tests.support.sharing import ORIGIN, SECRET, Direct, Follower, Publisher, Shelf
from tests.support.website import KEY, Browser, Place


@pytest.fixture
def shelf(app: Flask, tmp_path: Path) -> Shelf:
    """What this server publishes itself."""
    made = Shelf(tmp_path / "shelf", "bramble-pack")
    made.module("on-the-landing")
    service.publish(db.session(), load(made.root), now=utc_now())
    db.session.commit()
    return made


def offer() -> None:
    secret = KEY.encode()
    sharing.offer(db.session(), "bramble-pack", name="Bramble", default_name="?", secret=secret, now=utc_now())
    db.session.commit()


def test_anybody_finds_a_module_and_opens_it_without_an_account(browser: Browser, shelf: Shelf) -> None:
    page = browser.get("/catalogue")
    assert page.heading == "What there is to learn"
    assert "1 module, by Thistle Training" in page.text
    assert "Creative Commons Attribution 4.0" in page.text
    assert "Follow this address" not in page.text

    [link] = [a.get("href") for a in page.all(".//a") if (a.get("href") or "").startswith("/learn/")]

    assert browser.get(str(link)).status == 200


def test_an_empty_server_says_so(browser: Browser) -> None:
    assert "Nothing is published here yet." in browser.get("/catalogue").text


def test_other_servers_get_a_signed_catalogue_and_the_files_it_names(browser: Browser, shelf: Shelf) -> None:
    assert browser.get("/catalogue/manifest.json").status == 404
    offer()

    reply = browser.send("GET", "/catalogue/manifest.json")

    told = wire.read(reply.data, key=None)
    assert (told.name, told.origin) == ("Bramble", "http://localhost")
    [module] = told.modules
    [edition] = module.editions
    text = browser.send("GET", f"/catalogue/texts/{edition.sha}.md").data
    assert len(text) == edition.text_bytes
    [media] = edition.media
    picture = browser.send("GET", f"/m/{media.sha}.svg").data
    assert (hashlib.sha256(picture).hexdigest(), len(picture)) == (media.sha, media.bytes)
    again = browser.send("GET", "/catalogue/manifest.json", headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304
    assert told.key in browser.get("/catalogue").text


def test_the_text_of_what_is_not_offered_has_no_address(browser: Browser, shelf: Shelf) -> None:
    [edition] = content.all_editions(db.session())
    assert browser.get(f"/catalogue/texts/{edition.sha}.md").status == 404
    assert browser.get("/catalogue/texts/elsewhere.md").status == 404
    offer()
    assert browser.get(f"/catalogue/texts/{edition.sha}.md").status == 200
    sharing.stop(db.session(), "bramble-pack", now=utc_now())
    db.session.commit()
    assert browser.get(f"/catalogue/texts/{edition.sha}.md").status == 404


def test_the_manifest_fits_the_schema_that_is_documented(browser: Browser, shelf: Shelf) -> None:
    import jsonschema

    docs = Path(__file__).parents[3] / "docs/catalogue-manifest.schema.json"
    schema = json.loads(docs.read_text(encoding="utf-8"))
    assert schema == sharing.schema(), "write it again: docs/sharing.md says how"
    offer()
    document = json.loads(browser.send("GET", "/catalogue/manifest.json").data)
    jsonschema.validate(document, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**document, "key": "short"}, schema)


@pytest.fixture
def followed(app: Flask, shelf: Shelf, publisher: Publisher, tmp_path: Path) -> Follower:
    """This server follows Thistle Training."""
    made = Follower(db.session(), Direct(publisher), tmp_path / "waiting")
    made.follow(now=utc_now() + timedelta(hours=1))
    return made


def test_a_manager_reads_what_is_new_and_asks_for_it_once(priya: Browser, bramble: Place, followed: Follower) -> None:
    assert "Thistle Training has 2 new modules" in priya.get("/staff/modules").text
    page = priya.get("/staff/catalogue")
    assert "At the door" in page.text

    page = priya.post(f"/staff/catalogue/{followed.source.uuid if followed.source else ''}/take")

    assert "Waiting. It begins within half a minute." in page.text
    assert "Take what is new" not in page.text
    assert len(jobs.list_jobs(db.session(), bramble.provider.id, "catalogue")) == 1


def test_where_several_share_a_server_a_manager_decides_for_their_own_people_only(
    priya: Browser, bramble: Place, followed: Follower
) -> None:
    providers.add_provider(db.session(), "Thistle Care", contact="Sam", now=utc_now())
    db.session.commit()
    followed.take(now=utc_now() + timedelta(hours=1))
    page = priya.get("/staff/catalogue")
    assert "Your people do not have it" in page.text
    assert "Take what is new" not in page.text

    page = priya.post("/staff/catalogue/packs/thistle/use")

    assert "Your people have it" in page.text
    assert "thistle" in catalogue.adopted_packs(db.session(), bramble.provider.id)
    priya.post("/staff/catalogue/packs/thistle/put-away")
    assert "thistle" not in catalogue.adopted_packs(db.session(), bramble.provider.id)
    refused = priya.send("POST", f"/staff/catalogue/{followed.source.uuid if followed.source else ''}/take")
    assert refused.status_code in (400, 403)


def test_nobody_followed_says_what_to_ask_for(priya: Browser) -> None:
    assert "This server follows nobody yet." in priya.get("/staff/catalogue").text


def test_trouble_at_the_last_look_is_told(priya: Browser, followed: Follower) -> None:
    assert followed.source is not None
    sharing.went_wrong(db.session(), followed.source.id, "They sign with another key now.", now=utc_now())
    db.session.commit()

    assert "They sign with another key now." in priya.get("/staff/catalogue").text
    assert "The last look at Thistle Training did not go well" in priya.get("/staff/modules").text


def test_names_from_elsewhere_are_words_on_our_pages(
    priya: Browser, publisher: Publisher, shelf: Shelf, tmp_path: Path
) -> None:
    sharing.call(publisher.session, "<script>alert(1)</script>", default_name="?", secret=SECRET, now=utc_now())
    publisher.session.commit()
    raw = sharing.manifest(publisher.session, origin=ORIGIN, secret=SECRET)
    sharing.follow(db.session(), raw, address=ORIGIN, key=wire.read(raw, key=None).key, now=utc_now())
    db.session.commit()

    page = priya.get("/staff/catalogue")

    assert "<script>alert(1)</script> has 2 new modules" in page.text
    assert page.all(".//main//script") == []
