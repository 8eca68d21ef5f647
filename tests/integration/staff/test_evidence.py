"""Evidence packs on the managers' pages: asked for, followed, saved, checked; never another provider's."""

from __future__ import annotations

import io

from sqlalchemy import select

from app import audit
from app.compliance import evidence
from app.compliance.evidence import PARTS, making
from app.compliance.evidence.parts.people import people
from app.compliance.evidence.printed import main_page
from app.compliance.evidence.sources import Sources
from app.compliance.models import EvidenceLabels
from app.extensions import db
from app.kernel import utc_now
from app.providers import Provider, Role
from tests.support.evidence_place import MADE, no_printer, scope
from tests.support.statements import statements
from tests.support.website import Browser, Place, set_up, sign_in

FEW = ["people", "gaps"]


def ask(priya: Browser) -> str:
    """Ask for a small pack; returns the address of its file."""
    priya.get("/staff/evidence/new")
    page = priya.post("/staff/evidence/new", **_days(), whom="all", parts=FEW)
    assert page.heading == "Evidence"
    provider = db.session.scalars(select(Provider.id).order_by(Provider.id).limit(1)).one()
    return f"/staff/evidence/{evidence.list_packs(db.session(), provider)[0].job.uuid}"


def _days() -> dict[str, str]:
    today = utc_now().date().isoformat()
    return {"since": "2026-01-01" if today > "2026-01-01" else today, "until": today, "as_at": today}


def make() -> None:
    """What the worker does, without the PDF."""
    build = evidence.build
    making.build, kept = (lambda *args, **more: build(*args, **more, printer=no_printer)), making.build
    try:
        evidence.make_next(db.session(), server="http://localhost", clock=utc_now)
    finally:
        making.build = kept


def test_a_pack_is_asked_for_made_saved_and_found_whole(bramble: Place, priya: Browser) -> None:
    assert "No pack yet." in priya.get("/staff/evidence").text
    address = ask(priya)
    assert "Waiting. It begins within half a minute." in priya.get("/staff/evidence").text
    make()
    assert "Ready, " in priya.get("/staff/evidence").text

    saved = priya.post(f"{address}/file").reply

    assert saved.mimetype == "application/zip"
    assert saved.headers["Cache-Control"] == "no-store"
    priya.get("/staff/evidence/check")
    page = priya.post("/staff/evidence/check", file=(io.BytesIO(saved.data), "pack.zip"))  # type: ignore[arg-type]
    assert "Nothing was changed" in page.text
    actions = [each.action for each in audit.entries(db.session(), provider=bramble.provider.uuid)]
    assert actions[:2] == ["evidence.fetched", "evidence.asked"]


def test_a_file_that_is_no_pack_is_said_to_be_none(bramble: Place, priya: Browser) -> None:
    priya.get("/staff/evidence/check")
    page = priya.post("/staff/evidence/check", file=(io.BytesIO(b"hello"), "pack.zip"))  # type: ignore[arg-type]
    assert page.status == 400
    assert "This is not an evidence pack." in page.text


def test_it_can_be_given_up_and_asked_for_again_and_removed(bramble: Place, priya: Browser) -> None:
    address = ask(priya)
    priya.get("/staff/evidence")
    assert "Given up." in priya.post(f"{address}/cancel").text
    assert "Waiting." in priya.post(f"{address}/again").text
    make()
    priya.get("/staff/evidence")
    assert "Removed, as somebody asked for it." in priya.post(f"{address}/remove").text


def test_wrong_days_are_said_beside_their_field_and_nothing_typed_is_lost(bramble: Place, priya: Browser) -> None:
    priya.get("/staff/evidence/new")
    page = priya.post(
        "/staff/evidence/new", since="2026-02-30", until="2026-01-01", as_at="2026-01-01", whom="some", parts=["gaps"]
    )
    assert page.status == 400
    assert page.all(".//input[@id='since']")[0].get("value") == "2026-02-30"
    assert page.all(".//input[@id='part-gaps']")[0].get("checked") is not None
    assert page.all(".//input[@id='part-people']")[0].get("checked") is None


def test_headings_can_be_changed_and_the_usual_ones_brought_back(bramble: Place, priya: Browser) -> None:
    usual = evidence.labels_of(db.session(), bramble.provider.id)
    priya.get("/staff/evidence/labels")
    priya.post("/staff/evidence/labels", **{"title-0": "Key line 7", "parts-0": ["gaps"], "words-0": "medic, fire"})
    [label] = evidence.labels_of(db.session(), bramble.provider.id)
    assert (label.title, label.parts, label.words) == ("Key line 7", ("gaps",), ("medic", "fire"))

    page = priya.post("/staff/evidence/labels", **{"title-0": "Nothing under it"})
    assert page.status == 400
    assert "Tick at least one part" in page.text
    priya.post("/staff/evidence/labels", **{"title-0": ""})
    assert evidence.labels_of(db.session(), bramble.provider.id) == usual


def test_a_heading_that_names_a_part_of_an_earlier_release_says_so_and_loses_nothing_else(
    bramble: Place, priya: Browser
) -> None:
    labels = [{"title": "Key line 7", "parts": ["gaps", "crystal-ball"], "words": []}]
    db.session.add(EvidenceLabels(provider_id=bramble.provider.id, labels=labels, set_at=utc_now(), set_by=None))
    db.session.commit()
    page = priya.get("/staff/evidence/labels")
    assert "It names a part that packs do not have any more. That is left out." in page.text
    [label] = evidence.labels_of(db.session(), bramble.provider.id)
    asked = scope(labels=(label,))
    sources = Sources(session=db.session(), provider=bramble.provider, scope=asked, now=utc_now())
    contents = evidence.Contents(provider="Bramble", scope=asked, staff=(), parts=(people(sources),))
    html = main_page(contents, MADE, 0)
    assert html.count("This heading also names a part that packs do not have any more.") == 1

    priya.post("/staff/evidence/labels", **{"title-0": "Key line 7", "parts-0": ["gaps"]})
    assert evidence.labels_of(db.session(), bramble.provider.id)[0].parts == ("gaps",)


def test_another_providers_pack_is_not_there(bramble: Place, priya: Browser) -> None:
    address = ask(priya)
    make()
    other = set_up("Thistle Care", "Theo Vance", "theo")
    theo = Browser(priya.client.application.test_client())
    sign_in(theo, other.sign_in)
    assert "No pack yet." in theo.get("/staff/evidence").text
    for act in ("file", "cancel", "again", "remove"):
        token = theo.get("/staff/evidence/new").form("/staff/evidence/new")
        assert theo.send("POST", f"{address}/{act}", data=token).status_code == 404


def test_a_pack_of_another_provider_is_compared_with_itself_only(bramble: Place, priya: Browser) -> None:
    address = ask(priya)
    make()
    priya.get("/staff/evidence")
    body = priya.post(f"{address}/file").reply.data
    theo = Browser(priya.client.application.test_client())
    sign_in(theo, set_up("Thistle Care", "Theo Vance", "theo").sign_in)
    told = []
    for browser in (theo, priya):
        sign_in(browser, "theo" if browser is theo else "priya")
        browser.get("/staff/evidence/check")
        page = browser.post("/staff/evidence/check", file=(io.BytesIO(body), "pack.zip"))  # type: ignore[arg-type]
        told.append(page.text)
    alone = "made no such pack for your service"
    assert [alone in each for each in told] == [True, False]


def test_the_page_asks_no_more_for_more_people_and_packs(bramble: Place, priya: Browser) -> None:
    ask(priya)
    priya.get("/staff/evidence")
    with statements(db.engine) as few:
        priya.get("/staff/evidence")
    for number in range(5):
        bramble.add(f"Carer {number}", Role.LEARNER)
        make()
        ask_again(priya)
    with statements(db.engine) as many:
        priya.get("/staff/evidence")
    assert len(many) == len(few)


def ask_again(priya: Browser) -> None:
    priya.get("/staff/evidence/new")
    priya.post("/staff/evidence/new", **_days(), whom="all", parts=list(PARTS)[:1])
