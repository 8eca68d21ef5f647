"""No log holds anything of anybody: a real server is driven through good and bad, and all it wrote is read."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyotp
import pytest

from app.kernel import new_uuid7
from tests.support import commands
from tests.support.site import ROOT, Site

NAME, PIN, PASSWORD, SIGN_IN = "Xanthippe Nebuchadnezzar", "729183", "quetzal umbrella seven", "zephyrine"
ANSWER, WRONG_PIN, WRONG_PASSWORD = "a confession of mulberries", "918273", "tangerine obelisk nine"

FORM = "application/x-www-form-urlencoded"
FORM_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Logged:
    """A production server whose every word is kept, and a browser of one person that talks to it."""

    site: Site
    process: subprocess.Popen[bytes]
    written: Path
    secrets: dict[str, str] = field(default_factory=dict)
    cookie: str = ""

    def ask(self, method: str, address: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
        """One request as a proxy would pass it on; cookies are kept."""
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=20)
        sent = {
            "Host": "localhost",
            "X-Forwarded-Proto": "https",
            "Cookie": self.cookie,
            "Referer": "https://localhost/join",
        }
        connection.request(method, address, body, {**sent, **{k.replace("_", "-"): v for k, v in headers.items()}})
        reply = connection.getresponse()
        text = reply.read().decode(errors="replace")
        if cookie := reply.getheader("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
            self.secrets[f"cookie {len(self.secrets)}"] = self.cookie.partition("=")[2] or "no cookie at all"
        connection.close()
        return reply.status, text

    def form(self, page: str, action: str, **fields: str) -> tuple[int, str]:
        """Fill the form of a page."""
        _, text = self.ask("GET", page)
        found = FORM_TOKEN.search(text)
        assert found, text[:500]
        self.secrets[f"form token {len(self.secrets)}"] = found[1]
        body = urlencode({"csrf_token": found[1], **fields}).encode()
        return self.ask("POST", action, body, Content_Type=FORM)

    def json(self, address: str, value: Any, **headers: str) -> tuple[int, str]:
        """Send JSON as a phone does."""
        return self.ask(
            "POST", f"/api/v1{address}", json.dumps(value).encode(), Content_Type="application/json", **headers
        )

    def raw(self, data: bytes) -> None:
        """Send bytes that are no request."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.site.port), timeout=5) as line:
            line.sendall(data)
            line.recv(1000)

    def run(self, *words: str) -> None:
        """A command, whose every word is kept as well."""
        done = commands.run(words, self.site.environment)
        with self.written.open("a") as log:
            log.write(done.stdout + done.stderr)


@pytest.fixture
def logged(tmp_path: Path) -> Iterator[Logged]:
    key = "a secret key for tests alone, mandarin"
    site = Site(
        tmp_path,
        settings={"BV_MODE": "production", "BV_SECRET_KEY": key, "BV_ORIGIN": "https://localhost", "BV_PROXIES": "1"},
    )
    site.prepare_tables()
    (tmp_path / "password").write_text(PASSWORD)
    site.flask(
        "provider",
        "add",
        "Bramble",
        "--manager",
        NAME,
        "--sign-in",
        SIGN_IN,
        "--password-file",
        str(tmp_path / "password"),
    )
    code = site.flask("person", "add", f"{NAME} Obi")["link"].rsplit("/", 1)[1]
    written = tmp_path / "everything.log"
    with written.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "tests.support.crashing:app"],
            cwd=ROOT, env={**site.environment, "PYTHONUNBUFFERED": "1"}, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    made = Logged(site, process, written)
    made.secrets |= {
        "name": NAME, "PIN": PIN, "password": PASSWORD, "sign-in name": SIGN_IN, "answer": ANSWER, "code": code,
        "wrong PIN": WRONG_PIN, "wrong password": WRONG_PASSWORD, "server key": key,
    }  # fmt: skip
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if made.ask("GET", "/api/v1/ping?n=up")[0] == 200:
                break
        time.sleep(0.1)
    yield made
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    process.wait(20)


def a_carer_joins(logged: Logged) -> dict[str, Any]:
    code = logged.secrets["code"]
    assert logged.ask("GET", f"/join/{code}")[0] == 200
    assert logged.ask("GET", f"/join?code={code}")[0] == 302
    assert logged.form(f"/join/{code}/pin", f"/join/{code}/pin", pin="111111", again="111111")[0] == 400
    assert logged.form(f"/join/{code}/pin", f"/join/{code}/pin", pin=PIN, again=PIN)[0] == 302
    status, text = logged.ask("GET", "/join/home-screen")
    assert status == 200
    token = re.search(r'name="csrf-token" content="([^"]+)"', text)[1]  # type: ignore[index]
    status, text = logged.json("/devices", {}, X_CSRFToken=token)
    assert status == 201
    phone: dict[str, Any] = json.loads(text)
    logged.secrets |= {"append token": phone["append"], "read token": phone["read"], "form token": token}
    return phone


def a_phone_sends(logged: Logged, phone: dict[str, Any]) -> None:
    envelope = {"v": 1, "seq": 1, "at": "2026-06-15T10:00:00Z", "mono": 1, "off": 0, "edition": None, "lang": "en"}
    record = {**envelope, "id": str(new_uuid7()), "kind": "reflection.saved", "dev": phone["dev"], "app": "test"}
    batch = {
        "proto": 1,
        "server": phone["server"],
        "dev": phone["dev"],
        "person": phone["person"]["id"],
        "batch": "b1",
        "app": "test",
        "now": "2026-06-15T10:00:00Z",
        "held": {"n": 0, "x": "0" * 16},
        "records": [{**record, "data": {"text": ANSWER}}, {"id": ANSWER}, ANSWER],
    }
    bearer = {"Authorization": f"Bearer {phone['append']}"}
    assert logged.json("/records", batch, **bearer)[0] == 200
    assert logged.json("/records", {**batch, "person": ANSWER}, **bearer)[0] == 400
    assert (
        logged.ask("POST", "/api/v1/records", f'{{"{ANSWER}'.encode(), Content_Type="application/json", **bearer)[0]
        == 400
    )
    damaged = gzip.compress(ANSWER.encode())[:-3]
    assert (
        logged.ask(
            "POST", "/api/v1/records", damaged, Content_Encoding="gzip", Content_Type="application/json", **bearer
        )[0]
        == 400
    )
    assert logged.ask("GET", "/api/v1/state", Authorization=f"Bearer {phone['read']}")[0] == 200
    asked = {"dev": phone["dev"], "person": phone["person"]["id"]}
    assert logged.json("/sign-in", {**asked, "pin": WRONG_PIN})[0] == 401
    assert logged.json("/sign-in", {**asked, "pin": [PIN]})[0] == 400
    status, text = logged.json("/sign-in", {**asked, "pin": PIN})
    assert status == 200
    logged.secrets |= {f"new {kind} token": json.loads(text)[kind] for kind in ("append", "read")}


def a_second_step(logged: Logged) -> None:
    assert logged.form("/staff/security/app", "/staff/security/app", code="000000")[0] == 400
    _, text = logged.ask("GET", "/staff/security/app")
    seed = re.search(r'bv-strong">([A-Z2-7 ]+)<', text)
    assert seed, text
    totp = pyotp.TOTP(seed[1].replace(" ", ""))
    typed = urlencode({"csrf_token": FORM_TOKEN.search(text)[1], "code": totp.now()}).encode()  # type: ignore[index]
    status, text = logged.ask("POST", "/staff/security/app", typed, Content_Type=FORM)
    codes = re.findall(r'bv-invite__code">([^<]+)<', text)
    assert status == 200
    assert len(codes) >= 8
    logged.secrets |= {f"recovery code {number}": code for number, code in enumerate(codes)}
    logged.secrets |= {"seed": seed[1].replace(" ", ""), "seed as shown": seed[1]}


def a_manager_works(logged: Logged) -> None:
    logged.cookie = ""
    assert logged.form("/staff/sign-in", "/staff/sign-in", name=SIGN_IN, password=WRONG_PASSWORD)[0] == 400
    assert logged.form("/staff/sign-in", "/staff/sign-in", name=SIGN_IN, password=PASSWORD)[0] == 302
    new = f"{PASSWORD} and more"
    assert logged.form("/staff/password", "/staff/password", password=new, again=new)[0] == 302
    a_second_step(logged)
    assert logged.form("/staff/people/add", "/staff/people/add", name=f"{NAME} the Younger", roles="learner")[0] in (
        200,
        302,
    )
    assert logged.ask("GET", f"/staff/people?q={NAME.split()[0]}")[0] == 200


def everything_goes_wrong(logged: Logged) -> None:
    code, word = logged.secrets["code"], NAME.split()[1]
    assert (
        logged.ask("GET", f"/crash/{word}?name={word}&code={code}", Referer=f"https://localhost/join/{code}")[0] == 500
    )
    body = urlencode({"pin": PIN, "answer": ANSWER}).encode()
    logged.ask("POST", f"/crash/{code}", body, Content_Type=FORM, User_Agent=word)
    assert logged.ask("GET", f"/nothing/{word}/{code}", Referer=f"https://localhost/join/{code}")[0] == 404
    for broken in (
        f"GET /join/{code} HTTP/9.9\r\n\r\n",
        f"{word} /join/{code} x y z\r\n\r\n",
        f"GET /join/{code} HTTP/1.1\r\nHost: localhost\r\n{word} bad: {PIN}\r\n\r\n",
        f"GET /{code * 2000} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        f"POST /join/{code} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{word}\r\n",
        f"POST /join/{code} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: {word}\r\n\r\n",
    ):
        logged.raw(broken.encode())
    # The database itself fails, in the middle of what names people.
    with contextlib.closing(sqlite3.connect(logged.site.folder / "between-visits.sqlite")) as database:
        database.execute("ALTER TABLE memberships RENAME TO gone")
        database.commit()
    assert logged.ask("GET", "/staff/people")[0] in (500, 503)
    assert logged.json("/sign-in", {"dev": str(new_uuid7()), "person": str(new_uuid7()), "pin": PIN})[0] in (
        401,
        500,
        503,
    )


def test_no_log_holds_anything_of_anybody(logged: Logged) -> None:
    phone = a_carer_joins(logged)
    a_phone_sends(logged, phone)
    a_manager_works(logged)
    for words in (("worker", "--once"), ("backup", "create"), ("backup", "list"), ("doctor",), ("records", "rebuild")):
        logged.run(*words)
    everything_goes_wrong(logged)
    logged.run("worker", "--once")
    time.sleep(0.5)
    log = logged.written.read_text(errors="replace")
    # It did write, and of just these crashes; otherwise silence would prove nothing.
    assert "Listening at" in log
    assert "Crash in GET crash" in log
    assert "builtins.RuntimeError" in log
    assert "OperationalError on" in log
    assert "A request that cannot be read was refused" in log
    told = {what for what, secret in logged.secrets.items() if secret.casefold() in log.casefold()}
    told |= {word for word in NAME.split() if word in log}
    assert told == set()
