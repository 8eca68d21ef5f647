"""A carer with a phone: joins, opens a module, reads, answers every kind of question, and stops.

Acts only through what is on screen. Right answers are looked up in the published editions, so the same carer can play
any module in any of the three engines.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from tests.support.engines import Engine, wait_until
from tests.support.site import Site


class Carer:
    """One person, one browser, and a crib: the editions of `site` by their SHA-256."""

    def __init__(self, engine: Engine, site: Site, *, origin: str | None = None) -> None:
        self.engine = engine
        self.origin = origin or site.origin
        self._editions = site.editions()

    def join(self, code: str, pin: str = "280417") -> None:
        """From the invite's link to Today, with everything assigned on the phone."""
        self.open_invite(code, pin)
        self.lessons_come()
        self.go("/today")

    def lessons_come(self) -> None:
        """Wait on the page after the PIN until every lesson is on the phone."""
        # Somebody with a record is asked first when their lessons are a lot for mobile data.
        wait_until(self.engine, "!!document.querySelector('[data-getting=done], [data-get-all]')", seconds=40)
        if self.engine.script("return !!document.querySelector('[data-get-all]')"):
            self.engine.click("[data-get-all]")
        wait_until(self.engine, "!!document.querySelector('[data-getting=done]')", seconds=40)

    def open_invite(self, code: str, pin: str = "280417") -> None:
        """From the invite's link to the page after the PIN."""
        engine = self.engine
        engine.open(f"{self.origin}/join/{code}")
        engine.click("main a.bv-button--main")
        # The script has begun once the PIN can be shown. Sent before that, the phone asks for the PIN once more.
        wait_until(engine, "!!document.querySelector('[data-show-pin]:not([hidden])')")
        engine.type("[name=pin]", pin)
        engine.type("[name=again]", pin)
        engine.click("main button.bv-button--main")

    def go(self, path: str) -> None:
        """Type an address."""
        self.engine.open(self.origin + path)

    def on(self) -> str:
        """The path on screen."""
        return str(self.engine.script("return location.pathname"))

    def words(self) -> str:
        """What main says."""
        return str(self.engine.script("return document.querySelector('main').innerText"))

    def wait_for(self, selector: str, seconds: float = 20) -> None:
        """Wait until something is on screen."""
        wait_until(self.engine, "!!document.querySelector(arguments[0])", selector, seconds=seconds)

    def start(self, module: str) -> None:
        """Open a module and press Start (or Carry on)."""
        self.go(f"/learn/{module}")
        self.wait_for(".bv-start .bv-row")
        self._follow("[data-next]")

    def part(self) -> dict[str, Any]:
        """The part of the edition that is on screen."""
        sha = str(self.engine.script("return document.querySelector('main').dataset.sha"))
        number = int(self.engine.script("return document.querySelector('main').dataset.part"))
        found: dict[str, Any] = self._editions[sha]["parts"][number - 1]
        return found

    def answer(self) -> None:
        """Answer the question on screen rightly, check it, and see it saved."""
        self.choose_and_check()
        wait_until(self.engine, "document.querySelector('[data-saved]').innerText.includes('Saved on this phone')")

    def choose_and_check(self) -> None:
        """Answer the question on screen rightly and check it, whatever becomes of the answer."""
        question = self.part()["question"]
        self.wait_for(".bv-question__group")
        getattr(self, f"_answer_{question['kind']}")(question)
        if question["kind"] != "branching":
            self.wait_for("[data-check]")
            self.engine.click("[data-check]")
        self.wait_for("[data-feedback]")

    def next(self) -> None:
        """Press Next and wait for the next screen."""
        self.wait_for("[data-next]")
        self._follow("[data-next]")

    def play_to_end(self) -> list[str]:
        """Read and answer everything from here to the end; give the kinds of question met."""
        kinds = []
        while not self.on().endswith("/end"):
            part = self.part()
            if part["kind"] == "question":
                self.answer()
                kinds.append(part["question"]["kind"])
            self.next()
        self.wait_for("[data-end-sending] .bv-status")
        return kinds

    def _follow(self, selector: str) -> None:
        before = self.engine.script("return location.pathname")
        # A listener of the page's own may still be on its way; a real tap would find it, so wait for the page's script.
        wait_until(self.engine, "document.readyState === 'complete'")
        self.engine.click(selector)
        wait_until(self.engine, "location.pathname !== arguments[0] && document.readyState === 'complete'", before)

    def _answer_single(self, question: dict[str, Any]) -> None:
        for option in question["options"]:
            if option["right"]:
                self.engine.click(f'.bv-answers__row[data-key="{option["key"]}"]')

    _answer_truefalse = _answer_single
    _answer_multiple = _answer_single

    def _answer_ordering(self, question: dict[str, Any]) -> None:
        shown = "return [...document.querySelectorAll('.bv-order__row')].map(row => row.dataset.key)"
        for place, key in enumerate(question["order"]):
            while (now := self.engine.script(shown).index(key)) > place:
                self.engine.click(f'.bv-order__row[data-key="{key}"] [data-up]')
                wait_until(
                    self.engine,
                    "[...document.querySelectorAll('.bv-order__row')][arguments[0]].dataset.key === arguments[1]",
                    now - 1,
                    key,
                )

    def _answer_matching(self, question: dict[str, Any]) -> None:
        for left, right in question["pairs"].items():
            self.engine.script(
                "const select = document.querySelector(`select[data-key='${arguments[0]}']`);"
                "select.value = arguments[1]; select.dispatchEvent(new Event('change', {bubbles: true}))",
                left,
                right,
            )

    def _answer_reflection(self, _question: dict[str, Any]) -> None:
        self.engine.type("textarea", "I turn the radio down, sit where she can see me, and wait.")

    def _answer_branching(self, question: dict[str, Any]) -> None:
        for choice in good_path(question):
            self.wait_for(f'.bv-scene__choice[data-key="{choice}"]')
            self.engine.click(f'.bv-scene__choice[data-key="{choice}"]')


def good_path(question: dict[str, Any]) -> list[str]:
    """The shortest way through a story to a good ending."""
    scenes = {scene["key"]: scene for scene in question["scenes"]}
    ways: deque[tuple[str, list[str]]] = deque([(question["start"], [])])
    seen = set()
    while ways:
        key, path = ways.popleft()
        if scenes[key]["ending"] == "good":
            return path
        if key not in seen:
            seen.add(key)
            ways.extend((choice["to"], [*path, choice["key"]]) for choice in scenes[key]["choices"])
    raise AssertionError(f"{question['id']} has no good ending")
