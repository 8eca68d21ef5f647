"""What a provider wrote for its own people reaches their phone, which keeps it, and nobody else."""

from __future__ import annotations

import contextlib
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app import authoring, providers
from app.kernel import prepare_engine, utc_now
from tests.support.carer import Carer
from tests.support.desk import PICTURE, Desk
from tests.support.engines import Chromium, wait_until
from tests.support.site import Site
from tests.support.world import add_person

ASKED = "stroke-first-minutes"
SAYS = "document.querySelector('main').innerText.includes(arguments[0])"
SEEN = "[...document.querySelectorAll('main img')].some(one => one.complete && one.naturalWidth > 0)"


@pytest.fixture
def phone(playwright: Any, tmp_path: Path) -> Iterator[Chromium]:
    """A browser that is closed at the end."""
    browser = Chromium(playwright, tmp_path / "profile")
    yield browser
    browser.close()


def an_own_module(site: Site) -> tuple[str, str]:
    """Write and publish one at the provider's desk; its key and the SHA-256 of its edition."""
    engine = create_engine(f"sqlite:///{site.folder / 'between-visits.sqlite'}")
    prepare_engine(engine)
    with Session(engine) as session:
        [provider] = providers.list_providers(session)
        amina, ben = (add_person(session, provider, name) for name in ("Amina Yusuf", "Ben Holt"))
        desk = Desk(session=session, provider=provider, amina=amina, ben=ben)
        draft = desk.start(picture=True)
        authoring.add_media(session, provider.id, draft.uuid, "gate.svg", PICTURE, by=ben.person_id, now=utc_now())
        done = desk.publish(draft)
    engine.dispose()
    return done.key, done.sha


def test_an_own_module_is_learnt_without_signal_and_is_nobody_elses(site: Site, phone: Chromium) -> None:
    key, sha = an_own_module(site)
    code = site.flask("person", "add", "Ngozi Okafor")["link"].rsplit("/", 1)[1]
    site.flask("person", "assign", "Ngozi Okafor", ASKED)
    carer = Carer(phone, site)
    carer.join(code)
    wait_until(phone, "!!navigator.serviceWorker.controller", seconds=40)
    here = "caches.open('editions').then(cache => cache.match(arguments[0])).then(found => !!found)"
    wait_until(phone, f"({here})".replace("arguments[0]", f"'/e/{sha}'"), seconds=40)

    for address in (f"/e/{sha}", f"/learn/{key}"):
        with contextlib.suppress(urllib.error.HTTPError):
            urllib.request.urlopen(f"{site.origin}{address}", timeout=10)
            raise AssertionError(f"{address} is sent to anybody")

    site.kill()
    carer.go(f"/learn/{key}/1/1")
    wait_until(phone, SAYS, "Lift it as you push")
    wait_until(phone, SEEN)
