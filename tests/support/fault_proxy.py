"""A line that fails on purpose: an HTTP proxy on loopback with a control address.

Run by hand: `python -m tests.support.fault_proxy 8000 8001` puts it at port 8001 before the server at port 8000, and
`curl -X PUT 'localhost:8001/.fault?mode=black-hole&paths=/api/'` says what goes wrong. In tests use `FaultProxy`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.support.loopback import LoopbackServer

CONTROL = "/.fault"
PORTAL = b"<!doctype html><title>Free Wi-Fi</title><h1>Welcome to Cafe Wi-Fi</h1><p>Accept our terms to go on.</p>"
HTML = "text/html; charset=utf-8"
STRANGER = "00000000-0000-4000-8000-00000000cafe"
STATUSES = (401, 403, 404, 409, 413, 429, 500, 502, 503)
MODES = (
    *("pass", "refuse", "black-hole", "delay", "trickle", "cut", "drop-reply", "twice", "damage", "portal", "redirect"),
    *("wrong-server", "wrong-batch", "wrong-date"),
    *(str(status) for status in STATUSES),
)


@dataclass(kw_only=True)
class Fault:
    """What goes wrong with requests whose path matches `paths`, the next `times` times (None: until told otherwise).

    `value`: seconds for delay and wrong-date, bytes a second for trickle, bytes of the reply for cut (from its end when
    negative), seconds of Retry-After for a status. `ours`: a status comes in our own server's shape, not a stranger's.
    """

    mode: str = "pass"
    paths: str = ""
    times: int | None = None
    value: float = 0
    ours: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for a mode nobody knows."""
        if self.mode not in MODES:
            raise ValueError(f"{self.mode} is not one of {', '.join(MODES)}")

    def takes(self, path: str) -> bool:
        """Say whether this request is hit, and count it."""
        if self.mode == "pass" or self.times == 0 or not re.search(self.paths, path):
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class FaultProxy(LoopbackServer):
    """Forward loopback `port` to `target`, with faults. Use as a context manager.

    `log` holds `(method, path, mode)` of every request in the order they came.
    """

    target: int
    port: int = 0
    faults: list[Fault] = field(default_factory=list)
    log: list[tuple[str, str, str]] = field(default_factory=list)
    _free_at: float = field(default=0.0, init=False)

    @property
    def origin(self) -> str:
        """Where the browser goes."""
        return f"http://localhost:{self.port}"

    def fault(self, mode: str, paths: str = "", **more: Any) -> Fault:
        """Let this go wrong from now on, before anything said earlier."""
        made = Fault(mode=mode, paths=paths, **more)
        self.faults.insert(0, made)
        return made

    def mend(self) -> None:
        """Let everything pass again."""
        self.faults.clear()

    @contextlib.contextmanager
    def failing(self, mode: str, paths: str = "", **more: Any) -> Any:
        """Let this go wrong inside a `with`."""
        made = self.fault(mode, paths, **more)
        try:
            yield made
        finally:
            self.faults = [each for each in self.faults if each is not made]

    def hits(self, paths: str, mode: str | None = None) -> int:
        """How many requests to such paths came, or were hit by `mode`."""
        return sum(1 for _, path, how in list(self.log) if re.search(paths, path) and mode in (None, how))

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A browser that goes away in the middle is no news here, nor is the end of the test.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
            request = head + (await reader.readexactly(int(length[1])) if length else b"")
            method, path = head.split(b" ", 2)[:2]
            async for piece in self._answer(method.decode(), path.decode(), request):
                writer.write(piece)
                await writer.drain()
            writer.close()
            return
        writer.transport.abort()

    async def _answer(self, method: str, path: str, request: bytes) -> AsyncIterator[bytes]:
        """Give the pieces of the reply as they go out. Raises OSError where the line breaks."""
        if path.startswith(CONTROL):
            yield self._control(method, path)
            return
        fault = next((each for each in list(self.faults) if each.takes(path)), Fault())
        self.log.append((method, path, fault.mode))
        if fault.mode in ("refuse", "black-hole"):
            await asyncio.sleep(0 if fault.mode == "refuse" else 3600)
            raise ConnectionAbortedError
        if fault.mode == "delay":
            await asyncio.sleep(fault.value)
        if fault.mode in ("portal", "redirect") or fault.mode.isdigit():
            yield await self._instead(fault)
            return
        changing = {"wrong-server": _stranger, "wrong-batch": _other_batch, "wrong-date": _other_date}.get(fault.mode)
        asked = [self._ask(request, plain=changing is not None) for _ in range(2 if fault.mode == "twice" else 1)]
        reply = (await asyncio.gather(*asked))[-1]
        if fault.mode == "drop-reply":
            raise ConnectionAbortedError
        if fault.mode == "damage":
            reply = reply[:-1] + bytes([reply[-1] ^ 1])
        if changing:
            reply = _changed(reply, lambda document: changing(document, fault.value))
        if fault.mode == "cut":
            yield reply[: int(fault.value)]
            raise ConnectionAbortedError
        if fault.mode != "trickle":
            yield reply
            return
        for start in range(0, len(reply), 256):
            now = self._loop.time()
            self._free_at = max(now, self._free_at) + 256 / fault.value
            await asyncio.sleep(self._free_at - now)
            yield reply[start : start + 256]

    async def _ask(self, request: bytes, *, plain: bool = False) -> bytes:
        """Hand a request on and return the whole reply. `plain`: not packed, so that it can be changed."""
        head, _, body = request.partition(b"\r\n\r\n")
        unwanted = (b"connection", b"accept-encoding") if plain else (b"connection",)
        lines = [line for line in head.split(b"\r\n") if line.split(b":")[0].lower() not in unwanted]
        reader, writer = await asyncio.open_connection("127.0.0.1", self.target)
        try:
            writer.write(b"\r\n".join([*lines, b"Connection: close", b"", body]))
            return await reader.read()
        finally:
            writer.close()

    async def _instead(self, fault: Fault) -> bytes:
        """Answer as a portal would, or as our own server in trouble."""
        if fault.mode == "portal":
            return _reply("200 OK", HTML, PORTAL)
        if fault.mode == "redirect":
            # To another origin, as real ones do.
            return _reply("302 Found", HTML, PORTAL, f"Location: http://127.0.0.1:{self.port}/portal")
        status = f"{fault.mode} Trouble"
        more = [f"Retry-After: {fault.value:.0f}"] if fault.value else []
        if not fault.ours:
            return _reply(status, HTML, PORTAL, *more)
        ping = await self._ask(b"GET /api/v1/ping?n=00 HTTP/1.1\r\nHost: localhost\r\n\r\n", plain=True)
        server = json.loads(ping.partition(b"\r\n\r\n")[2])["server"]
        error = {"proto": 1, "server": server, "error": {"code": "trouble", "message": "Trouble."}}
        return _reply(status, "application/json", json.dumps(error).encode(), *more)

    def _control(self, method: str, path: str) -> bytes:
        asked = dict(parse_qsl(urlsplit(path).query))
        if method == "DELETE":
            self.mend()
        elif method == "PUT":
            times = asked.get("times")
            self.fault(
                asked.get("mode", "pass"),
                asked.get("paths", ""),
                times=None if times is None else int(times),
                value=float(asked.get("value", 0)),
                ours="ours" in asked,
            )
        shown = {"faults": [vars(each) for each in self.faults], "log": self.log[-100:]}
        return _reply("200 OK", "application/json", json.dumps(shown, indent=1).encode())


def _reply(status: str, kind: str, body: bytes, *more: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Connection: close", *more]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _changed(reply: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """Return a JSON reply with `change` made to its document; anything else as it is."""
    head, _, body = reply.partition(b"\r\n\r\n")
    if b"application/json" not in head or not body:
        return reply
    document = json.loads(body)
    change(document)
    status = head.split(b" ", 1)[1].split(b"\r\n")[0].decode()
    return _reply(status, "application/json", json.dumps(document).encode())


def _stranger(document: dict[str, Any], _value: float) -> None:
    document["server"] = STRANGER


def _other_batch(document: dict[str, Any], _value: float) -> None:
    document["batch"] = STRANGER


def _other_date(document: dict[str, Any], seconds: float) -> None:
    document["now"] = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


if __name__ == "__main__":
    with FaultProxy(int(sys.argv[1]), int(sys.argv[2])) as running:
        sys.stdout.write(f"{running.origin} before port {running.target}; control: {running.origin}{CONTROL}\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(3600)
