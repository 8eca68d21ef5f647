"""The preview is the learner's own page, in a frame that can neither send, store nor be framed by others."""

from __future__ import annotations

import base64
import json
import re

from app.web.security import CONTENT_SECURITY_POLICY
from tests.integration.desk.conftest import AtTheDesk
from tests.support.content import picture as drawing

SVG = "{http://www.w3.org/2000/svg}"
PARTS = ("start", "1", "2", "3", "end")


def data_of(desk: AtTheDesk, part: str = "1") -> dict:  # type: ignore[type-arg]
    page = desk.browser.get(f"{desk.address}/preview/{part}")
    found: dict = json.loads(page.all(".//script[@data-preview]")[0].text or "")  # type: ignore[type-arg]
    return found


def test_every_part_is_a_whole_page_with_words_pictures_and_signs_inside(desk: AtTheDesk) -> None:
    for part in PARTS:
        page = desk.browser.get(f"{desk.address}/preview/{part}")
        assert page.status == 200
        assert "%%" not in page.text
        loaded = re.findall(r'(?:src|href)="([^"#][^"]*)"', page.reply.get_data(as_text=True))
        files = [one for one in loaded if one.startswith("/static") or one.startswith("/m/")]
        assert sorted(re.sub(r"-\w+\.", ".", one) for one in files) == [
            "/static/build/app.css",
            "/static/build/preview.js",
        ]
        signs = {symbol.get("id") for symbol in page.all(f".//{SVG}symbol")}
        used = {link.removeprefix("#") for use in page.all(f".//{SVG}use") for link in use.attrib.values()}
        assert used
        assert used <= signs


def test_it_reads_as_the_words_were_saved(desk: AtTheDesk) -> None:
    assert "Mr Okafor stops on the sixth stair." in desk.browser.get(f"{desk.address}/preview/1").text
    assert desk.browser.page is not None
    assert desk.browser.page.heading == "Half way up"

    desk.write(desk.draft.text.replace("the sixth stair", "the seventh stair"))

    assert "Mr Okafor stops on the seventh stair." in desk.browser.get(f"{desk.address}/preview/1").text


def test_pictures_travel_in_the_page(desk: AtTheDesk) -> None:
    page = desk.browser.get(f"{desk.address}/preview/1")
    (picture,) = page.all(".//main//img")

    kind, body = (picture.get("src") or "").split(",")

    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(body) == drawing()


def test_the_page_holds_what_its_script_needs_and_no_more(desk: AtTheDesk) -> None:
    data = data_of(desk)

    assert set(data) == {"edition", "sha", "shells", "media", "glossary"}
    assert data["edition"]["key"] == desk.draft.key
    assert set(data["shells"]) == {"module", "lesson", "question", "end"}
    assert all("<script" not in shell and "icons-" not in shell for shell in data["shells"].values())
    assert all(word in desk.draft.text.lower() for word in data["glossary"]["words"])


def test_its_links_lead_within_the_preview_where_no_script_follows_them(desk: AtTheDesk) -> None:
    page = desk.browser.get(f"{desk.address}/preview/2")
    links = {link.get("href") for link in page.all(".//a") if not (link.get("href") or "").startswith(("#", "/me"))}

    assert links == {f"{desk.address}/preview/{to}" for to in ("1", "3", "start")}


def test_only_our_own_pages_may_frame_it_and_it_can_ask_for_nothing(desk: AtTheDesk) -> None:
    parts = desk.browser.get(f"{desk.address}/preview/1").reply.headers["Content-Security-Policy"].split("; ")

    assert {"default-src 'none'", "frame-ancestors 'self'", "sandbox allow-scripts", "form-action 'none'"} <= set(parts)
    assert not [part for part in parts if part.startswith("connect-src")]
    assert "unsafe" not in " ".join(parts)
    assert "require-trusted-types-for 'script'" in parts


def test_the_editor_alone_may_hold_a_frame_and_nobody_may_frame_it(desk: AtTheDesk) -> None:
    policy = desk.browser.get(desk.address).reply.headers["Content-Security-Policy"]

    assert policy == f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    assert "frame-ancestors 'none'" in policy
    assert "frame-src" not in desk.browser.get("/staff/people").reply.headers["Content-Security-Policy"]


def test_nothing_an_author_writes_ends_the_block_of_data(desk: AtTheDesk) -> None:
    desk.write(desk.draft.text.replace("Half way up", "Half </script><script>alert(1)</script> way &amp; up"))

    page = desk.browser.get(f"{desk.address}/preview/1")

    assert len(page.all(".//script")) == 2
    assert "</script>" not in json.dumps(data_of(desk)["shells"])
    assert page.reply.get_data(as_text=True).count("</script>") == 2


def test_half_written_text_has_a_preview_too(desk: AtTheDesk) -> None:
    for text in ("", "no fields", "---\nkey: x\n---\n", "## A\n\n### Question: B\n\n**Pick one.**\n"):
        desk.write(text)
        for part in ("start", "1", "99", "end"):
            assert desk.browser.get(f"{desk.address}/preview/{part}").status == 200
        assert data_of(desk)["edition"]["key"] == desk.draft.key


def test_there_is_no_part_of_another_name(desk: AtTheDesk) -> None:
    for part in ("0", "0x1", "-1", "begin", "1.5", "\u0661", "9" * 30):
        assert desk.browser.send("GET", f"{desk.address}/preview/{part}").status_code == 404, part
