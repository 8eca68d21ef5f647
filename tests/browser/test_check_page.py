"""The check page, opened once, judges credentials with the network cut: for anybody, in each engine."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app import credentials
from app.credentials import Kind, Site
from app.credentials.baking import png, svg
from app.extensions import db
from app.kernel import utc_now
from tests.support.credentials import Issuing
from tests.support.engines import Engine, wait_until
from tests.support.fault_proxy import FaultProxy
from tests.support.faulty import Faulty
from tests.support.screens import Looker, Tab
from tests.support.site import Site as Server

# The drivers of WebKitGTK and Firefox lean on deprecated things and leave files to be closed; that is not ours to mend.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
PAGE = "/credentials/check"
FOUND = "document.querySelector('[data-found]').innerText"
# The worker has the page and its files, and who is known is on the phone.
KEPT = """navigator.serviceWorker.getRegistration('/credentials/check').then(async (here) => !!here?.active
    && !!(await caches.match('/credentials/check')) && !!(await caches.match('/credentials/known.json')))"""
AGED = """async (at) => {
    const cache = await caches.open('known-issuers');
    const known = await (await cache.match('/credentials/known.json')).json();
    for (const issuer of known.issuers) for (const list of issuer.lists) list.checked_at = at;
    await cache.put('/credentials/known.json', new Response(JSON.stringify(known)));
}"""


@dataclass
class Place:
    """A server that issues, behind a line that can be cut, and what Ngozi has from it."""

    faulty: Faulty
    uuid: UUID
    token: str
    document: str
    provider: int

    @property
    def proxy(self) -> FaultProxy:
        return self.faulty.proxy

    @property
    def address(self) -> str:
        return f"{self.proxy.origin}{PAGE}"

    def revoke(self) -> None:
        with self.faulty.application.app_context():
            credentials.revoke(db.session(), self.provider, self.uuid, "A slip", by=None, now=utc_now())
            db.session.commit()


@pytest.fixture(scope="module")
def issuing(prepared: Path, tmp_path_factory: pytest.TempPathFactory, faulty_place: Faulty) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("issuing") / "instance"
    shutil.copytree(prepared, folder)
    server = Server(folder, settings={"BV_WORKERS": "1", "BV_ORIGIN": "https://care.example"})
    server.start()
    with FaultProxy(server.port) as proxy:
        faulty = Faulty(server, proxy, faulty_place.browser)
        with faulty.application.app_context():
            place = Issuing(db.session(), "Thistle Care")
            place.signs_certificate()
            key = faulty.application.extensions["bv.settings"].secret_key.encode()
            site = Site(origin="https://care.example", secret=key)
            credentials.bring_into_line(db.session(), place.provider.id, utc_now(), site=site)
            db.session.commit()
            signed = place.signed(Kind.CERTIFICATE)
            found = Place(faulty, signed.view.uuid, signed.jwt, signed.document, place.provider.id)
        yield found
    server.stop()


@pytest.fixture
def place(issuing: Place) -> Iterator[Place]:
    browser = issuing.faulty.browser
    before = len(browser.contexts)
    yield issuing
    issuing.proxy.mend()
    for context in browser.contexts[before:]:
        context.close()


def paste(engine: Engine, text: str) -> None:
    engine.script("document.querySelector('#text').value = arguments[0]", text)
    engine.click("main form .bv-button--main")


def opened_once(engine: Engine, place: Place) -> None:
    engine.open(place.address)
    wait_until(
        engine, "'serviceWorker' in navigator && document.querySelector('[data-where]').innerText.includes('phone')"
    )
    # Neither driver waits for a promise in an expression, so its answer is left where it can be seen.
    engine.script(
        f"window.kept = false; window.watch = setInterval(() => {KEPT}.then((kept) => window.kept = kept), 200)"
    )
    wait_until(engine, "window.kept === true")


def test_with_the_network_cut_every_form_but_one_is_judged_on_the_phone(place: Place, tmp_path: Path) -> None:
    tab, looker = Tab(place.faulty.browser, place.proxy.origin), Looker()
    page = tab.page
    opened_once(tab, place)
    place.proxy.fault("refuse")
    tab.open(place.address)
    looker.look(tab, "check page")
    words = {"title": "Care Certificate", "person": "Ngozi Obi", "issuer": "Thistle Care"}
    files = {
        "badge.png": png(place.token, **words),
        "badge.svg": svg(place.token, **words),
        "badge.jwt": place.token.encode(),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        tab.open(place.address)
        page.set_input_files("#file", tmp_path / name)
        page.get_by_role("button", name="Check it").click()
        wait_until(tab, f"{FOUND}.includes('Valid now')")
        assert "Ngozi Obi" in page.locator("[data-found]").inner_text()
    looker.look(tab, "valid now", desk=True)
    tab.open(place.address)
    paste(tab, place.token[:-6] + "AAAAAA")
    wait_until(tab, f"{FOUND}.includes('Altered')")
    assert "Ngozi" not in page.locator("[data-found]").inner_text()
    both = {"type": ["VerifiablePresentation"], "verifiableCredential": [place.token, json.loads(place.document)]}
    paste(tab, json.dumps(both))
    wait_until(tab, f"{FOUND}.includes('Number 2') && {FOUND}.includes('it needs signal')")
    assert "Valid now" in page.locator("[data-found]").inner_text()
    looker.look(tab, "two, one of them JSON-LD")
    page.get_by_role("button", name="Ask our server").click()
    wait_until(tab, f"{FOUND}.includes('no signal now')")
    paste(tab, "")
    wait_until(tab, "document.activeElement.className === 'bv-summary'")
    looker.look(tab, "nothing chosen")
    paste(tab, f"https://care.example/credentials/{place.uuid}")
    wait_until(tab, "document.querySelector('#text-error').innerText.includes('not one of this server')")
    paste(tab, f"{place.proxy.origin}/credentials/{place.uuid}")
    wait_until(tab, "document.querySelector('#text-error').innerText.includes('no signal')")
    # For five minutes the browser itself still has what it was told.
    tab.context.route("**/known.json", lambda route: route.abort())
    page.evaluate(AGED, "2026-06-15T12:00:00Z")
    tab.open(place.address)
    paste(tab, place.token)
    wait_until(tab, f"{FOUND}.includes('Valid, withdrawal not checked since 15 June 2026')")
    assert looker.wrong == []


def test_with_signal_nothing_leaves_the_phone_but_what_takes_the_server(place: Place) -> None:
    tab = Tab(place.faulty.browser, place.proxy.origin)
    opened_once(tab, place)
    sent: list[Any] = []
    tab.page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    paste(tab, place.token)
    wait_until(tab, f"{FOUND}.includes('Valid now')")
    paste(tab, f"{place.proxy.origin}/credentials/{place.uuid}")
    wait_until(tab, f"{FOUND}.includes('Valid now')")
    assert sent == []
    with tab.page.expect_navigation():
        paste(tab, place.document)
    wait_until(tab, f"{FOUND}.includes('Valid now')")
    assert [request.url for request in sent] == [place.address]


def test_somebody_with_the_app_has_the_page_too_and_the_app_stays_as_it_is(place: Place) -> None:
    phone = place.faulty.phone()
    opened_once(phone.tab, place)
    place.proxy.fault("refuse")
    phone.tab.open(place.address)
    paste(phone.tab, place.token)
    wait_until(phone.tab, f"{FOUND}.includes('Valid now')")
    phone.carer.go("/today")
    wait_until(phone.tab, "document.querySelector('h1').innerText.includes('Ada')")


def test_the_other_engines(place: Place, engine: Engine) -> None:
    opened_once(engine, place)
    place.proxy.fault("refuse")
    engine.open(place.address)
    paste(engine, place.token)
    wait_until(engine, f"{FOUND}.includes('Valid now')")
    paste(engine, place.token[:-6] + "AAAAAA")
    wait_until(engine, f"{FOUND}.includes('Altered')")


def test_what_was_withdrawn_is_told_at_the_next_look_with_signal(place: Place) -> None:
    """Last, as it is withdrawn from then on."""
    tab = Tab(place.faulty.browser, place.proxy.origin)
    opened_once(tab, place)
    place.revoke()
    tab.page.evaluate("caches.delete('known-issuers')")
    tab.page.context.clear_cookies()
    other = Tab(place.faulty.browser, place.proxy.origin)
    opened_once(other, place)
    place.proxy.fault("refuse")
    other.open(place.address)
    paste(other, place.token)
    wait_until(other, f"{FOUND}.includes('Withdrawn')")
