"""A trainer writes a module, sees what to mend, plays it, meets a colleague at the same draft, and publishes it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.content import example
from tests.support.content import picture as drawing
from tests.support.engines import start_chromium
from tests.support.manager import FIRST, at_the_desk
from tests.support.screens import DESK, Looker, press
from tests.support.site import Site
from tests.unit.web.test_smaller import photo

MISTAKE = "**Pick won.**"
# A busy machine takes its time.
expect.set_options(timeout=20_000)


@pytest.fixture
def browser(playwright: Any) -> Iterator[Any]:
    """One Chromium for everybody at the desk."""
    started = start_chromium(playwright)
    yield started
    started.close()


def pick(page: Any, words: str) -> None:
    """Put the caret on words of the text, selected, as somebody does with the mouse."""
    page.evaluate(
        """words => {
            const area = document.querySelector('#text');
            const at = area.value.indexOf(words);
            if (at < 0) throw new Error(`${words} is not in the text`);
            area.focus();
            area.setSelectionRange(at, at + words.length);
        }""",
        words,
    )


def write(page: Any, instead_of: str, words: str) -> None:
    """Type words in the place of others."""
    pick(page, instead_of)
    page.keyboard.type(words)


def text_of(page: Any) -> str:
    text: str = page.locator("#text").input_value()
    return text


def saved(page: Any) -> None:
    """Wait until the words on screen are on the server."""
    expect(page.locator("[data-state]")).to_have_text(re.compile("^Saved "))


def test_a_trainer_writes_plays_and_publishes_and_two_lose_nothing(site: Site, browser: Any, tmp_path: Path) -> None:
    one_time = tmp_path / "password"
    one_time.write_text(FIRST)
    site.flask("person", "add", "Tom Price", "--role", "trainer")
    site.flask("person", "set-password", "Tom Price", "--sign-in", "tom", "--password-file", str(one_time))
    folder = os.environ.get("BV_SCREENS")
    looker = Looker(Path(folder) if folder else None)

    tom = at_the_desk(site, browser, "tom")
    page = tom.page
    page.goto(f"{site.origin}/staff/drafts/new")
    page.locator("[name=title]").fill("On our stairs")
    page.locator("[name=topic]").fill("How we work")
    press(page.locator("main form button.bv-button--main").first)
    key = re.search(r"^key: (\S+)$", text_of(page), re.MULTILINE)
    assert key is not None

    # A picture, its words asked for; then a text with a mistake in it, marked at its line while it is there.
    page.get_by_text("Add a picture or a sound").click()
    page.set_input_files("[name=file]", [{"name": "IMG 1.jpg", "mimeType": "image/jpeg", "buffer": photo()}])
    page.locator("[data-add-media]").click()
    expect(page.locator("[data-media-says]")).to_contain_text("Say what the picture teaches")
    page.locator("[name=alt]").fill("The stairs at the office")
    page.locator("[data-add-media]").click()
    expect(page.locator("[data-media-list]")).to_contain_text("img-1.webp")
    assert "![The stairs at the office](img-1.webp)" in text_of(page)
    page.set_input_files("[name=file]", [{"name": "stairs.svg", "mimeType": "image/svg+xml", "buffer": drawing()}])
    page.locator("[name=alt]").fill("Six stairs with a rail")
    page.locator("[data-add-media]").click()
    expect(page.locator("[data-media-list]")).to_contain_text("stairs.svg")
    text = example().replace("key: on-the-stairs", f"key: {key[1]}").replace("[Six stairs", "[Our stairs")
    text = text.replace('criteria: ["13.1a", "13.1b"]', "criteria: []").replace("Criteria: 13.1a, 13.1b\n", "")
    text = re.sub(r"(?m)^Criteria: .*\n", "", text).replace("Half way up", "Half way up our stairs", 1)
    page.locator("#text").fill(text.replace("**Pick one.**", MISTAKE, 1))
    line = text.replace("**Pick one.**", MISTAKE, 1).split("\n").index(MISTAKE) + 1
    expect(page.locator('.bv-write__line[data-mark="error"]')).to_have_count(1)
    expect(page.locator("[data-summary]")).to_contain_text("1 to mend")
    looker.look(tom, "desk-editor", desk=True)
    page.set_viewport_size(DESK)
    page.locator(f'[data-line="{line}"]').first.click()
    expect(page.locator("[data-here]")).to_contain_text('Did you mean "**Pick one.**"?')
    page.keyboard.type("**Pick one.**")
    expect(page.locator("[data-mark=error]")).to_have_count(0)
    saved(page)

    # The preview: the phone's own page, dark by a switch, a question answered until it is right, nothing kept or sent.
    frame = page.frame_locator("iframe")
    page.locator("#preview-part").select_option("1")
    expect(frame.locator("h1")).to_have_text("Half way up our stairs")
    assert frame.locator("main img").evaluate("picture => picture.complete && picture.naturalWidth > 0")
    page.locator("[data-dark]").click()
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    frame.locator("[data-next]").click()
    expect(frame.locator("main")).to_have_attribute("data-kind", "single")
    expect(page.locator("#preview-part")).to_have_value("2")
    rows = frame.locator(".bv-answers__row")
    looks = set()
    for place in range(rows.count()):
        rows.nth(place).click()
        frame.locator("[data-check]").click()
        looks.add(frame.locator("[data-feedback]").get_attribute("data-feedback"))
        if frame.locator("[data-try-again]").count():
            frame.locator("[data-try-again]").click()
        else:
            break
    assert "right" in looks
    page.locator("#preview-part").select_option("end")
    expect(frame.locator("h1")).to_have_text("Done.")
    assert asked == [], "the preview asks for nothing"
    for store in ("localStorage", "indexedDB.open('x')", "caches.keys()", "document.cookie"):
        reach = f"async () => {{ try {{ await {store}; return true }} catch {{ return false }} }}"
        assert not frame.locator("html").evaluate(reach), f"{store} is within reach of a draft"

    # Priya saves in between, on the same line and on another.
    priya = at_the_desk(site, browser, "priya")
    other = priya.page
    other.goto(page.url)
    write(other, "Let him rest as long as he needs.", "Let him rest. Count to ten.")
    write(other, "minutes: 5", "minutes: 6")
    saved(other)
    write(page, "Let him rest as long as he needs.", "Let him rest, and hold the rail.")
    write(page, "Ask how he feels.", "Ask how he feels, and listen.")
    expect(page.locator("[data-state]")).to_contain_text("Somebody else saved at")
    both = page.locator("[data-both]")
    expect(both).to_contain_text("Priya Nair saved while you were writing.")
    expect(both).to_contain_text("Let him rest. Count to ten.")
    looker.look(tom, "desk-both", desk=True)
    # From here on a phone is wide enough.
    page.locator("[data-both-put]").click()
    saved(page)
    for words in ("Count to ten.", "hold the rail.", "and listen.", "minutes: 6"):
        assert words in text_of(page), words

    # No signal: the words stay in this browser, also when the page is loaded again.
    tom.context.set_offline(True)
    write(page, "and hold the rail.", "and hold the rail tight.")
    state = page.locator("[data-state]")
    expect(state).to_have_text("Not saved: no signal. Your words are kept in this browser.")
    tom.context.set_offline(False)
    page.goto(page.url)
    saved(page)
    assert "hold the rail tight." in text_of(page)
    page.locator("[data-tab=see]").click()
    expect(page.locator("#text")).to_be_hidden()
    looker.look(tom, "desk-see-it")

    # And out to the phones of their own people.
    other.goto(page.url + "/review")
    press(other.locator("main form button.bv-button--main").first)
    other.locator("[name=name]").fill("Dr Lee Park")
    other.locator("[name=role]").fill("physiotherapist")
    press(other.locator("main form:has([name=role]) button").first)
    other.goto(page.url + "/publish")
    press(other.locator("main form button.bv-button--main").first)
    assert "Edition 1 of On the stairs is published." in other.locator("main").inner_text()
    (edition,) = [edition for edition in site.editions().values() if edition["key"] == key[1]]
    assert edition["parts"][0]["title"] == "Half way up our stairs"
    assert not (looker.wrong + tom.trouble + priya.trouble), "\n".join(looker.wrong + tom.trouble + priya.trouble)
