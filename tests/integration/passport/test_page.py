"""What a stranger with a link is shown, and that one that shows nothing always says the same."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from app import credentials
from app.credentials import Kind, Verdict, passport
from app.credentials.passport import LookKind
from app.credentials.passport.models import PassportLink
from app.credentials.presenting import presented
from app.extensions import db
from app.kernel import utc_now
from tests.integration.passport.conftest import SERVER, line
from tests.support.credentials import Issuing
from tests.support.passport import TOKEN, new_link
from tests.support.statements import statements
from tests.support.website import Browser, Page

FORMS = ("", ".json", ".clr.json", ".pdf")


def share(place: Issuing, *kinds: Kind, **more: object) -> UUID:
    live = place.live()
    link = new_link([view.uuid for kind, view in live.items() if kind in (kinds or Kind)], **more)  # type: ignore[arg-type]
    passport.share(db.session(), place.ngozi.person_id, place.provider.id, link, now=utc_now())
    db.session.commit()
    return link.uuid


def looks(place: Issuing) -> list[tuple[LookKind, str]]:
    db.session.rollback()
    links = passport.links_of(db.session(), place.ngozi.person_id, place.provider.id)
    return [(look.kind, look.by) for link in links for look in reversed(link.looks)]


def get(browser: Browser, form: str = "", token: str = TOKEN, **more: str) -> TestResponse:
    return browser.send(more.get("method", "GET"), f"/p/{token}{form}")


def test_each_thing_stands_there_with_what_it_is_worth_and_both_halves_apart(
    bramble: Issuing, browser: Browser
) -> None:
    share(bramble)
    page = browser.get(f"/p/{TOKEN}")
    assert page.heading == "What Ngozi Obi can show"
    assert "3 of 3 hold today" in page.text
    assert "Standard 13. Standard 13 Knowledge Valid now Signed by Bramble Home Care" in page.text
    assert "Practice seen at work Valid now" in page.text
    assert "Dawn Marsh, named an assessor by the employer, watched at work" in page.text
    assert "Other learning Falls at home Valid now" in page.text
    assert "Not in what was shared" not in page.text


def test_whoever_runs_a_provider_here_goes_on_from_the_link(bramble: Issuing, browser: Browser) -> None:
    share(bramble)
    page = browser.get(f"/p/{TOKEN}")
    (there,) = (each.get("href") for each in page.all(".//a") if "Take this into" in (each.text or ""))
    assert there == f"/staff/recognise?link={SERVER.origin}/p/{TOKEN}"


def test_a_half_that_was_not_shared_says_so(bramble: Issuing, browser: Browser) -> None:
    share(bramble, Kind.KNOWLEDGE)
    page = browser.get(f"/p/{TOKEN}")
    assert "Practice seen at work Not in what was shared" in page.text
    assert "Dawn Marsh" not in page.text
    assert "Falls" not in page.text


def test_what_was_withdrawn_since_says_so_at_the_next_look(bramble: Issuing, browser: Browser) -> None:
    share(bramble)
    gone = bramble.live()[Kind.PRACTICE].uuid
    credentials.revoke(db.session(), bramble.provider.id, gone, "A slip", by=None, now=utc_now())
    db.session.commit()
    page = browser.get(f"/p/{TOKEN}")
    assert "Practice seen at work Withdrawn" in page.text
    assert "2 of 3 hold today" in page.text
    whole = json.loads(get(browser, ".clr.json").data)
    names = [each["name"] for each in whole["credentialSubject"]["verifiableCredential"]]
    assert len(names) == 2, "a record the provider signs today holds what holds today"


def test_the_files_say_the_same_as_the_page(bramble: Issuing, browser: Browser) -> None:
    share(bramble)
    reply = get(browser, ".json")
    assert (reply.mimetype, reply.headers["X-Robots-Tag"]) == ("application/vp", "noindex, nofollow, noarchive")
    shown = json.loads(reply.data)
    assert shown["type"] == ["VerifiablePresentation"]
    assert {each["type"] for each in shown["verifiableCredential"]} == {"EnvelopedVerifiableCredential"}
    known = credentials.own(db.session(), SERVER, now=utc_now())
    for data in (reply.data, get(browser, ".clr.json").data):
        found = [credentials.check(each, known, now=utc_now()) for each in presented(data)]
        assert [each.verdict for each in found] == [Verdict.VALID] * 3
        assert {each.person for each in found} == {"Ngozi Obi"}
    paper = get(browser, ".pdf")
    assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")


def told(reply: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    return reply.status_code, reply.data, sorted(reply.headers.items())


@pytest.mark.parametrize("form", FORMS)
def test_taken_back_ended_and_never_there_are_told_alike(bramble: Issuing, browser: Browser, form: str) -> None:
    taken = share(bramble)
    args = db.session(), bramble.ngozi.person_id, bramble.provider.id
    passport.take_back(*args, taken, now=utc_now())
    share(bramble, token="f" * 22)
    ended = db.session.query(PassportLink).filter_by(uuid=passport.links_of(*args)[0].uuid).one()
    ended.until = utc_now() - timedelta(seconds=1)
    db.session.commit()
    taken_back, over, never = (get(browser, form, token) for token in (TOKEN, "f" * 22, "g" * 22))
    assert told(taken_back) == told(over) == told(never)
    assert never.status_code == 404
    assert "Ask whoever gave it to you for a new one" in never.get_data(as_text=True)
    assert looks(bramble) == [], "a look that shows nothing is none"


@pytest.mark.parametrize(
    "token", ["x", "x" * 21, "x" * 23, "x" * 21 + "!", "..%2f" * 5, "%00" * 22, "é" * 22, "x" * 9000]
)
def test_what_cannot_be_a_token_finds_nothing(bramble: Issuing, browser: Browser, token: str) -> None:
    for form in FORMS:
        assert get(browser, form, token).status_code in (404, 414)


def test_every_look_is_written_down_and_nothing_of_whoever_looked(bramble: Issuing, browser: Browser) -> None:
    share(bramble)
    get(browser, method="HEAD")
    assert looks(bramble) == [], "what only asks for the headers saw nothing"
    for form in FORMS:
        assert get(browser, form).status_code == 200
    kinds = [LookKind.PAGE, LookKind.JSON, LookKind.CLR, LookKind.PDF]
    assert looks(bramble) == [(kind, "") for kind in kinds]


def test_whoever_looks_may_say_who_they_are(bramble: Issuing, browser: Browser) -> None:
    share(bramble)
    browser.get(f"/p/{TOKEN}")
    assert said(browser, " ").status == 400
    assert "Write your name and where you work." in browser.page.text  # type: ignore[union-attr]
    page = said(browser, "Sam Fox, Thistle Care")
    assert "Ngozi Obi can read who you are" in page.text
    assert (LookKind.SAID, "Sam Fox, Thistle Care") in looks(bramble)


def said(browser: Browser, by: str) -> Page:
    assert browser.page
    address = f"/p/{TOKEN}"
    data = {**browser.page.form(address), "by": by}
    headers = {"Referer": f"{SERVER.origin}{address}"}
    return browser._show(browser.send("POST", address, data=data, headers=headers))


def test_nobody_looks_without_end(bramble: Issuing, browser: Browser) -> None:
    share(bramble)
    codes = [get(browser, ".json").status_code for _ in range(62)]
    assert codes == [200] * 60 + [429] * 2
    assert len(looks(bramble)) == 50, "the latest are told"


def test_a_page_of_much_asks_the_database_no_more_than_one_of_little(bramble: Issuing, browser: Browser) -> None:
    def counted(token: str) -> int:
        with statements(db.engine) as found:
            assert get(browser, "", token).status_code == 200
        return len(found)

    share(bramble, Kind.KNOWLEDGE)
    few = counted(TOKEN)
    for number in range(12):
        bramble.passes(f"falls-{number}", topic="falls", criteria=[], title=f"Falls {number}")
    line(bramble)
    share(bramble, token="h" * 22)
    assert counted("h" * 22) == few


def test_a_server_that_no_longer_signs_shows_them_as_what_nobody_can_check(bramble: Issuing, browser: Browser) -> None:
    """As after its address was taken out of the settings: it says so, and does not fail."""
    share(bramble)
    app = browser.client.application
    settings = app.extensions["bv.settings"]
    app.extensions["bv.settings"] = type(settings)(**{**_fields(settings), "origin": "http://localhost"})
    page = browser.get(f"/p/{TOKEN}")
    assert "0 of 3 hold today" in page.text
    assert "Not by an issuer we know" in page.text
    assert get(browser, ".clr.json").status_code == 404
    assert json.loads(get(browser, ".json").data)["type"] == ["VerifiablePresentation"]


def _fields(settings: object) -> dict[str, object]:
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}  # type: ignore[attr-defined]
