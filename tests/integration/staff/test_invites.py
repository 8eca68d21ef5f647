"""A code is handed over on paper, by link or by QR code, from the browser that made it."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from flask import Flask

from tests.support.website import Browser, Place, sign_in


def make_code(priya: Browser, bramble: Place) -> tuple[str, str]:
    """Ngozi's address and a fresh code for her, as the page shows it."""
    member = bramble.add("Ngozi Obi")
    address = f"/staff/people/{member.person_uuid}"
    priya.get(address)
    page = priya.post(f"{address}/invite")
    [shown] = page.all(".//p[@class='bv-invite__code']")
    return address, "".join(shown.itertext()).strip()


def test_the_sheet_has_the_code_in_two_halves_the_link_and_a_picture(priya: Browser, bramble: Place) -> None:
    address, code = make_code(priya, bramble)
    assert re.fullmatch(r"[2-9A-HJKMNP-TV-Z]{4} [2-9A-HJKMNP-TV-Z]{4}", code)
    page = priya.page
    assert page is not None
    assert page.all(".//input[@id='link']")[0].get("value") == f"http://localhost/join/{code.replace(' ', '')}"
    assert "localhost/join and type" in page.text
    [picture] = page.all(".//img[@class='bv-invite__qr']")
    assert picture.get("src") == f"{address}/invite.svg"
    reply = priya.send("GET", f"{address}/invite.svg")
    assert reply.mimetype == "image/svg+xml"
    drawing = ElementTree.fromstring(reply.get_data())
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert not drawing.findall(".//{http://www.w3.org/2000/svg}script")
    assert "style" not in reply.get_data(as_text=True)


def test_loading_the_sheet_again_shows_the_same_code(priya: Browser, bramble: Place) -> None:
    address, code = make_code(priya, bramble)
    assert code in priya.get(f"{address}/invite").text


def test_the_code_it_shows_works_and_is_gone_once_used(priya: Browser, bramble: Place, app: Flask) -> None:
    address, code = make_code(priya, bramble)
    carer = Browser(app.test_client())
    plain = code.replace(" ", "")
    carer.get(f"/join/{plain}/pin")
    carer.post(f"/join/{plain}/pin", pin="274913", again="274913")
    page = priya.get(f"{address}/invite")
    assert "There is no code to show here." in page.text
    assert priya.get(f"{address}/invite.svg").status == 404


def test_a_code_is_shown_only_in_the_browser_that_made_it(priya: Browser, bramble: Place, app: Flask) -> None:
    address, code = make_code(priya, bramble)
    other = Browser(app.test_client())
    sign_in(other, "priya")
    page = other.get(f"{address}/invite")
    assert code not in page.text
    assert "There is no code to show here." in page.text


def test_a_new_code_replaces_the_one_before(priya: Browser, bramble: Place) -> None:
    address, older = make_code(priya, bramble)
    page = priya.post(f"{address}/invite")
    assert older not in page.text
    assert priya.get(f"/join/{older.replace(' ', '')}").status == 410


def test_the_cookie_stays_small_however_many_codes_are_made(priya: Browser, bramble: Place) -> None:
    priya.get("/staff/people/add")
    for number in range(30):
        priya.get("/staff/people/add")
        page = priya.post("/staff/people/add", name=f"Carer Number{number}")
        assert page.heading == f"A code for Carer Number{number}"
    cookie = priya.client.get_cookie("bv")
    assert cookie is not None
    assert len(cookie.value) < 3000
