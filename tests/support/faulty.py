"""One server behind a line that can fail, and people with phones there, for the tests of the fault catalogue.

The server and the browser are shared by all those tests: each takes people and phones of its own, and leaves no fault
behind.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from app import create_app, learning, providers
from app.config import Settings
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from tests.support.carer import Carer
from tests.support.engines import wait_until
from tests.support.fault_proxy import FaultProxy
from tests.support.screens import Tab
from tests.support.site import Site

MODULE = "stroke-first-minutes"
PIN = "280417"
SAYS = "document.body.innerText.includes(arguments[0])"
SAID = "(document.querySelector('main .bv-strong')?.innerText ?? '')"
MAIN = "document.querySelector('main').innerText"

# Everything of one person's store, read beside the app's own connection.
READ = """async words => {
    const [name, store] = words;
    const database = await new Promise((resolve, reject) => {
        const asked = indexedDB.open(name);
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
    });
    try {
        return await new Promise((resolve, reject) => {
            const asked = database.transaction(store).objectStore(store).getAll();
            asked.onsuccess = () => resolve(asked.result);
            asked.onerror = () => reject(asked.error);
        });
    } finally { database.close(); }
}"""

# As if a long time had passed: every wait is over.
FORGET_WAITS = """async words => {
    const database = await new Promise(resolve => {
        const asked = indexedDB.open(words[0]); asked.onsuccess = () => resolve(asked.result);
    });
    const change = database.transaction(['state', 'records'], 'readwrite');
    change.objectStore('state').delete('backoff');
    const records = change.objectStore('records');
    records.openCursor().onsuccess = event => {
        const cursor = event.target.result;
        if (cursor) { cursor.update({...cursor.value, next: 0}); cursor.continue(); }
    };
    await new Promise(resolve => { change.oncomplete = resolve; });
    database.close();
}"""


@dataclass
class Faulty:
    """A running server behind a proxy, and a browser that several people share, each in a window of their own."""

    site: Site
    proxy: FaultProxy
    browser: Any
    _app: Any = None
    _number: int = 0

    @property
    def application(self) -> Any:
        """The same application over the same database, for what a manager or an operator does meanwhile."""
        if self._app is None:
            self._app = create_app(Settings.from_environment(self.site.environment))
        return self._app

    def forget_application(self) -> None:
        """Read the settings anew the next time: they were changed."""
        self._app = None

    def person(self, *modules: str, name: str = "") -> tuple[str, str]:
        """Add a carer with these modules to do; give their uuid and the code they join with."""
        self._number += 1
        with self.application.app_context():
            provider = providers.list_providers(db.session())[0]
            now = utc_now()
            member = providers.add_person(
                db.session(), provider.id, name or f"Ada Test {self._number}", (Role.LEARNER,), now=now
            )
            for module in modules or (MODULE,):
                learning.assign(
                    db.session(), provider.id, member.person_id, module, due=date(now.year + 1, 1, 1), now=now
                )
            db.session.commit()
            return str(member.person_uuid), self.new_code(str(member.person_uuid))

    def new_code(self, uuid: str) -> str:
        """A new code for somebody who is here."""
        with self.application.app_context():
            provider = providers.list_providers(db.session())[0]
            member = providers.find_member(db.session(), provider.id, UUID(uuid))
            assert member is not None
            secret = self.application.extensions["bv.settings"].secret_key.encode()
            code = providers.issue_invite(db.session(), provider.id, member.person_id, secret=secret, now=utc_now())
            db.session.commit()
            return code

    def phone(self, *modules: str, tab: Tab | None = None, name: str = "", **options: Any) -> Phone:
        """A carer who has joined, with everything assigned on the phone and the worker in charge."""
        uuid, code = self.person(*modules, name=name)
        tab = tab or Tab(self.browser, self.proxy.origin, **options)
        carer = Carer(tab, self.site, origin=self.proxy.origin)
        carer.join(code, PIN)
        carer.go("/today")
        wait_until(tab, "!!navigator.serviceWorker.controller")
        return Phone(self, tab, carer, uuid, modules or (MODULE,))

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """What the server's database says."""
        with contextlib.closing(sqlite3.connect(self.site.folder / "between-visits.sqlite", timeout=10)) as database:
            found = database.execute(statement, values).fetchall()
            database.commit()
            return found

    def stored(self, uuid: str) -> list[str]:
        """The ids of a person's records in the server's log, in the order they came."""
        found = self.rows(
            "SELECT json_extract(r.body, '$.id') FROM records r JOIN persons p ON p.id = r.person_id"
            " WHERE p.uuid = ? OR p.uuid = ? ORDER BY r.id",
            uuid,
            uuid.replace("-", ""),
        )
        return [row[0] for row in found]


@dataclass
class Phone:
    """One person's phone: its tab, and what it may do."""

    place: Faulty
    tab: Tab
    carer: Carer
    uuid: str
    modules: tuple[str, ...]
    read: list[tuple[str, int]] = field(default_factory=list)

    def records(self) -> list[dict[str, Any]]:
        """Every record on the phone, oldest first."""
        found: list[dict[str, Any]] = self.tab.page.evaluate(READ, [f"person-{self.uuid}", "records"])
        return sorted(found, key=lambda record: record["seq"])

    def drafts(self) -> list[dict[str, Any]]:
        """Goes under way on the phone."""
        found: list[dict[str, Any]] = self.tab.page.evaluate(READ, [f"person-{self.uuid}", "drafts"])
        return found

    def people(self) -> list[dict[str, Any]]:
        """Who is on this phone."""
        found: list[dict[str, Any]] = self.tab.page.evaluate(READ, ["phone", "people"])
        return found

    def kept(self) -> int:
        """How many records wait on the phone."""
        return sum(1 for record in self.records() if record["st"] == "kept")

    def read_lesson(self) -> None:
        """Read one more of the lessons on the phone, so that there is one more record."""
        published = self.place.site.editions().values()
        newest = {one["key"]: one for one in sorted(published, key=lambda one: int(one["edition"]))}
        before = len(self.records())
        lessons = (
            (module, number)
            for module in self.modules
            for number, part in enumerate(newest[module]["parts"], 1)
            if part["kind"] == "lesson" and (module, number) not in self.read
        )
        # On a slow machine Next goes on before the lesson has been taken hold of, as on a slow phone.
        while len(self.records()) == before:
            module, part = next(lessons)
            self.read.append((module, part))
            self.carer.go(f"/learn/{module}/{newest[module]['edition']}/{part}")
            self.carer.next()
        # More than one, when a slow machine keeps the one before after all: each of a lesson that was opened, and once.
        new = [(record["data"]["module"], record["data"]["part"]) for record in self.records()[before:]]
        assert len(set(new)) == len(new)
        assert set(new) <= set(self.read)

    def forget_waits(self) -> None:
        """Let every wait before the next try be over, as after a long time."""
        self.tab.page.evaluate(FORGET_WAITS, [f"person-{self.uuid}"])

    def send_now(self) -> None:
        """Press "Try again" in Waiting until that tells what came of it."""
        self.carer.go("/waiting")
        told = f"/Sent|still waiting|did not go|Sign in|No signal|went wrong/.test({SAID})"
        while not self.tab.script(f"return {told}"):
            self.carer.wait_for("main [data-try-again]")
            self.tab.click("main [data-try-again]")
            # The page itself may be sending just now.
            wait_until(self.tab, f"{told} || {SAID}.includes('already')", seconds=30)

    def all_sent(self, seconds: float = 30) -> None:
        """Open Waiting, and see that everything is sent, stored once, and equal on both sides."""
        self.carer.go("/waiting")
        wait_until(self.tab, f"{MAIN}.includes('Everything is sent') || {MAIN}.includes('Try again')")
        # The page may send by itself and take the button away meanwhile; who is told "already" presses once more.
        press = "document.querySelector('main [data-try-again]')?.click()"
        self.tab.script(press)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.tab.script(f"return {MAIN}.includes('Everything is sent')"):
            if self.tab.script(f"return {SAID}.includes('already')"):
                self.tab.script(press)
            time.sleep(0.2)
        wait_until(self.tab, SAYS, "Everything is sent", seconds=5)
        # A lesson that was kept late may be on its way just now.
        stored, kept = self.place.stored(self.uuid), [record["id"] for record in self.records()]
        while stored != kept and time.monotonic() < deadline:
            time.sleep(0.2)
            stored, kept = self.place.stored(self.uuid), [record["id"] for record in self.records()]
        assert stored == kept, f"stored {stored}, on the phone {kept}"

    def close(self) -> None:
        """Put the phone away."""
        self.tab.context.close()
