"""Training from elsewhere, on a person's page."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from werkzeug.datastructures import FileStorage

from app import providers, requirements
from app.extensions import db
from app.kernel import day_of, utc_now
from app.providers import MemberView
from app.requirements import LARGEST_FILE, OutsideState
from app.web.api.reading import LARGEST_BODY
from tests.integration.staff.test_needed import give, listed, profile
from tests.support.website import Browser, Page, Place, set_up

PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"
# The day these tests began; midnight may pass while they run.
TODAY = day_of(utc_now())
TEMPLATES = Path(__file__).parents[3] / "app" / "templates"


def needing(place: Place) -> tuple[MemberView, requirements.TrainingView]:
    view = listed(place, modules=())
    ngozi = place.add("Ngozi Obi")
    give(place, profile(place, "Care worker", view), ngozi)
    return ngozi, view


def fields(view: requirements.TrainingView, **changes: str) -> dict[str, str]:
    return {
        "kind": "taken",
        "training": str(view.uuid),
        "title": "",
        "taught_by": "Thistle Training",
        "taken_on": (TODAY - timedelta(days=9)).isoformat(),
        "valid_until": "",
        **changes,
    }


def send(browser: Browser, address: str, form: dict[str, str], file: bytes | None = None, name: str = "a.pdf") -> Page:
    page = browser.get(address)
    data: dict[str, object] = {**page.form(address.partition("?")[0]), **form}
    if file is not None:
        data["file"] = FileStorage(io.BytesIO(file), filename=name)
    reply = browser.send("POST", address.partition("?")[0], data=data, content_type="multipart/form-data")
    # A large form is packed in a file, which the client leaves open.
    reply.request.environ["wsgi.input"].close()
    return browser._show(reply)


def test_a_certificate_is_noted_accepted_and_then_counts(bramble: Place, priya: Browser) -> None:
    ngozi, view = needing(bramble)
    address = f"/staff/people/{ngozi.person_uuid}"
    page = send(priya, f"{address}/outside?training={view.uuid}", fields(view), PDF, "../Ngozi's <paper>.exe")
    assert "It counts once it is accepted." in page.text
    assert "Waits for you" in page.text
    [had] = requirements.outside(db.session(), bramble.provider.id)
    assert had.file is not None
    assert (had.file.name, had.file.type, had.state) == ("Ngozis paper.pdf", "application/pdf", OutsideState.OFFERED)
    refused = priya.post(f"{address}/outside/{had.uuid}/decide", decision="accepted", reason="")
    assert (refused.status, "Say why" in refused.text) == (400, True)
    page = priya.post(f"{address}/outside/{had.uuid}/decide", decision="accepted", reason="I have seen the paper")
    assert "Met by a certificate from elsewhere" in page.text
    page = priya.post(f"{address}/outside/{had.uuid}/decide", decision="refused", reason="It is another person's")
    assert "Met by a certificate" not in page.text
    trail = priya.get("/staff/audit").text
    assert "accepted a certificate of Ngozi Obi" in trail
    assert "refused a certificate of Ngozi Obi" in trail


def test_it_can_be_accepted_at_once_with_a_reason(bramble: Place, priya: Browser) -> None:
    ngozi, view = needing(bramble)
    address = f"/staff/people/{ngozi.person_uuid}/outside"
    page = send(priya, address, fields(view, decision="accepted"))
    assert (page.status, "Say why you accept it" in page.text) == (400, True)
    page = send(priya, address, fields(view, decision="accepted", reason="I rang the trainer"))
    assert "is noted and accepted." in page.text
    assert "Why: I rang the trainer" in page.text


def test_the_file_is_handed_out_to_be_saved_and_can_run_nothing(bramble: Place, priya: Browser) -> None:
    ngozi, view = needing(bramble)
    address = f"/staff/people/{ngozi.person_uuid}"
    send(priya, f"{address}/outside", fields(view), PDF, "Fire é.pdf")
    [had] = requirements.outside(db.session(), bramble.provider.id)
    reply = priya.send("GET", f"{address}/outside/{had.uuid}/file")
    assert reply.data == PDF
    assert reply.mimetype == "application/pdf"
    assert reply.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in reply.headers["Content-Security-Policy"]
    assert reply.headers["Cache-Control"] == "no-store"


def test_another_provider_s_certificate_does_not_exist(bramble: Place, priya: Browser) -> None:
    thistle = set_up("Thistle Care", "Sam Reed", "sam")
    theirs = thistle.add("Ola Ade")
    had = requirements.note_outside(
        db.session(),
        thistle.provider.id,
        theirs.person_id,
        requirements.Had(
            training=None,
            title="Fire",
            taught_by="X",
            taken_on=TODAY,
            file=requirements.checked_file("a.pdf", PDF),
        ),
        now=utc_now(),
    )
    mine = bramble.add("Ngozi Obi")
    db.session.commit()
    for person in (theirs, mine):
        assert priya.send("GET", f"/staff/people/{person.person_uuid}/outside/{had}/file").status_code == 404
    priya.get(f"/staff/people/{mine.person_uuid}")
    for address in (f"/staff/needed/trainings/{uuid4()}", f"/staff/needed/profiles/{uuid4()}"):
        assert priya.get(address).status == 404


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"taken_on": ""}, "taken_on", "Type the day."),
        ({"taken_on": "2026-02-30"}, "taken_on", "There is no such day."),
        ({"taken_on": "30/01/2026"}, "taken_on", "There is no such day."),
        ({"taken_on": (TODAY + timedelta(days=2)).isoformat()}, "taken_on", "This day is still to come."),
        ({"taken_on": "0006-01-01"}, "taken_on", "Check the year."),
        ({"valid_until": "2001-01-01"}, "valid_until", "It runs out before it was taken."),
        ({"valid_until": "9999-01-01"}, "valid_until", "Check the year."),
        ({"taught_by": " "}, "taught_by", "Type who taught it."),
        ({"training": str(uuid4())}, "training", "Pick one from the list"),
        ({"kind": "booked", "booked_for": "2020-01-01"}, "booked_for", "This day has passed."),
        ({"kind": "booked", "booked_for": "2027-13-01"}, "booked_for", "There is no such day."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    bramble: Place, priya: Browser, changes: dict[str, str], field: str, says: str
) -> None:
    ngozi, view = needing(bramble)
    form = fields(view, title="Fire marshal", **changes) if "title" not in changes else fields(view, **changes)
    page = send(priya, f"/staff/people/{ngozi.person_uuid}/outside", form)
    assert page.status == 400
    assert says in page.text
    assert page.all(f".//a[@href='#{field}']")
    assert page.all(".//input[@id='title']")[0].get("value") == "Fire marshal"
    assert requirements.outside(db.session(), bramble.provider.id) == ()


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("paper.pdf", b"<html><script>alert(1)</script>", "not a PDF, a PNG or a JPEG"),
        ("paper.png", b"MZ\x90\x00program", "not a PDF, a PNG or a JPEG"),
        ("paper.jpg", b"\xff\xd8\xff\xe0 half of a photo", "cut short"),
        ("paper.pdf", b"%PDF-1.7\nno end", "cut short"),
        ("paper.pdf", b"", "empty"),
        ("paper.pdf", PDF + b" " * LARGEST_FILE, "too big"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    bramble: Place, priya: Browser, name: str, body: bytes, says: str
) -> None:
    ngozi, view = needing(bramble)
    page = send(priya, f"/staff/people/{ngozi.person_uuid}/outside", fields(view), body, name)
    assert page.status == 400
    assert says in page.text
    assert requirements.outside(db.session(), bramble.provider.id) == ()


def test_a_booking_shows_until_its_day_and_can_be_called_off(bramble: Place, priya: Browser) -> None:
    ngozi, view = needing(bramble)
    address = f"/staff/people/{ngozi.person_uuid}"
    day = (TODAY + timedelta(days=20)).isoformat()
    page = send(priya, f"{address}/outside?kind=booked", fields(view, kind="booked", booked_for=day, taken_on=""))
    assert "is booked on Fire safety for" in page.text
    [had] = requirements.outside(db.session(), bramble.provider.id)
    assert "Booked for" in page.text
    page = priya.post(f"{address}/outside/{had.uuid}/decide", decision="called-off")
    assert "is called off" in page.text
    assert "Not started" in page.text


def test_somebody_who_left_keeps_their_certificates_and_gets_no_new_jobs(bramble: Place, priya: Browser) -> None:
    ngozi, view = needing(bramble)
    address = f"/staff/people/{ngozi.person_uuid}"
    send(priya, f"{address}/outside", fields(view, title="Kept certificate"))
    providers.end_membership(db.session(), bramble.provider.id, ngozi.person_id, now=utc_now())
    db.session.commit()
    page = priya.get(address)
    assert "Kept certificate" in page.text
    assert "Save the jobs" not in page.text


def test_a_file_that_is_much_too_large_gets_a_page_that_says_so(bramble: Place, priya: Browser) -> None:
    ngozi, view = needing(bramble)
    page = send(priya, f"/staff/people/{ngozi.person_uuid}/outside", fields(view), PDF + b" " * LARGEST_BODY)
    assert (page.status, page.heading) == (413, "This file is too big")
    assert "Nothing was saved." in page.text
    assert requirements.outside(db.session(), bramble.provider.id) == ()


@pytest.mark.parametrize(
    "template", [path for path in sorted(TEMPLATES.rglob("*.html")) if 'type="file"' in path.read_text("utf-8")]
)
def test_every_form_says_how_big_a_file_may_be_before_it_is_sent(template: Path) -> None:
    """What stands beside a file that is too large is not read, and has to be typed again."""
    assert re.search(r"[0-9] (MB|kB)", template.read_text("utf-8"))
