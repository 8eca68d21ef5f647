"""What a finger feels: the page busy while it opens, a tap's answer, "Saved", and finding a lesson with no signal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.content_library import make
from bench.slow_phone import Phone
from tests.support.carer import Carer
from tests.support.link import QUICK, SlowLink

if TYPE_CHECKING:
    from bench.visit import Place, Rounds

LESSONS = 5
TAPS = 5
LIBRARY = 150
MODULE = "stroke-first-minutes"

# Long tasks from the page's first moment on; what each took beyond 50 ms kept a finger waiting.
WATCH = """
globalThis.busy = 0;
new PerformanceObserver(list => {
    for (const task of list.getEntries()) globalThis.busy += task.duration - 50;
}).observe({ type: 'longtask', buffered: true });
globalThis.taps = [];
new PerformanceObserver(list => {
    for (const each of list.getEntries()) if (each.interactionId) globalThis.taps.push(each.duration);
}).observe({ type: 'event', durationThreshold: 16, buffered: true });
// From the press to the words on screen, one frame later.
globalThis.until = (event, words) => addEventListener(event, pressed => {
    const began = pressed.timeStamp;
    globalThis.took = new Promise(resolve => {
        const look = () => {
            if (!words.test(document.querySelector('main').innerText)) return;
            watcher.disconnect();
            requestAnimationFrame(() => resolve(performance.now() - began));
        };
        const watcher = new MutationObserver(look);
        const all = { childList: true, subtree: true, characterData: true, attributes: true };
        watcher.observe(document.querySelector('main'), all);
        look();
    });
}, { capture: true, once: true });
"""


def measure(place: Place, rounds: Rounds) -> None:
    """P8 but for Lighthouse, and P10."""
    blocking(place, rounds)
    print("  blocking time", flush=True)
    answers(place, rounds)
    print("  taps", flush=True)
    search(place, rounds)
    print("  search", flush=True)


def blocking(place: Place, rounds: Rounds) -> None:
    """P8: a lesson opened from a shared link with nothing on the phone, until the page is idle."""
    with SlowLink(place.site.port, QUICK) as link:
        for number in range(LESSONS):
            phone = Phone(place.playwright, place.profile(f"blocking-{number}"))
            phone.page.add_init_script(WATCH)
            phone.page.goto(f"{link.origin}/learn/{MODULE}/1/1")
            phone.page.wait_for_load_state("networkidle")
            phone.page.wait_for_timeout(1_000)
            rounds["P8.blocking"].append(phone.page.evaluate("busy"))
            phone.close()


def answers(place: Place, rounds: Rounds) -> None:
    """P10: taps on the options of a question, and its answer until "Saved"."""
    with SlowLink(place.site.port, QUICK) as link:
        phone = Phone(place.playwright, place.profile("taps"))
        carer = Carer(phone, place.site, origin=link.origin)
        carer.join(place.code("Taps"))
        phone.page.add_init_script(WATCH)
        for module in place.modules:
            if len(rounds["P10.saved"]) >= TAPS:
                break
            carer.start(module)
            while not carer.on().endswith("/end"):
                part = carer.part()
                if part["kind"] == "question" and part["question"]["kind"] in ("single", "truefalse"):
                    tapped(phone, carer, rounds)
                    break
                carer.next()
        phone.close()


def tapped(phone: Phone, carer: Carer, rounds: Rounds) -> None:
    """Tap one option after another, then the right one, then Check."""
    page = phone.page
    carer.wait_for(".bv-question__group")
    options = page.locator(".bv-answers__row")
    for number in range(options.count()):
        options.nth(number).tap()
        page.wait_for_timeout(300)
    right = next(option["key"] for option in carer.part()["question"]["options"] if option["right"])
    page.locator(f'.bv-answers__row[data-key="{right}"]').tap()
    page.wait_for_timeout(300)
    # What was drawn within 16 ms is not listed by the browser.
    rounds["P10.tap"].append(max(page.evaluate("taps"), default=16))
    page.evaluate("until('click', /Saved on this phone/)")
    page.locator("[data-check]").tap()
    rounds["P10.saved"].append(page.evaluate("took"))


def search(place: Place, rounds: Rounds) -> None:
    """P10: words typed into the search of Learn among 150 modules, with the network cut."""
    make(place.folder / "library", LIBRARY)
    place.site.settings["BV_CONTENT"] = str(place.folder / "library")
    place.site.flask("content", "publish")
    profile = place.profile("search")
    with SlowLink(place.site.port, QUICK) as link:
        phone = Phone(place.playwright, profile, slower=1)
        carer = Carer(phone, place.site, origin=link.origin)
        carer.join(place.code("Search"))
        carer.go("/learn")
        carer.wait_for("#search")
        link.quiet()
        phone.close()
        origin = link.origin
    phone = Phone(place.playwright, profile)
    phone.page.add_init_script(WATCH)
    phone.page.goto(f"{origin}/learn")
    phone.appears(".bv-topic")
    assert phone.page.locator(".bv-topic li").count() == LIBRARY
    for word in ("fall", "stroke", "medicine", "door", "hands"):
        phone.page.locator("#search").fill("")
        phone.page.wait_for_timeout(300)
        phone.page.evaluate("until('input', /lessons? found/)")
        phone.page.locator("#search").fill(word)
        rounds["P10.search"].append(phone.page.evaluate("took"))
    phone.close()
