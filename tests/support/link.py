"""A slow link on loopback: a TCP proxy that counts, delays and trickles: a browser's own throttling misses workers."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass, field

from tests.support.loopback import LoopbackServer

CHUNK = 1400  # bytes: about one packet on a mobile network
REQUEST = re.compile(rb"(?:GET|HEAD|POST) (/[^ \r\n]*) HTTP/1\.1\r\n")


@dataclass
class Shape:
    """A link's `rate` in bits a second and its round-trip `delay` in seconds; the defaults are "slow 3G"."""

    rate: int = 400_000
    delay: float = 0.4


SLOW_3G = Shape()
# Only counts: what is asked and what comes does not depend on how fast the machine is.
QUICK = Shape(rate=50_000_000, delay=0.0)


@dataclass
class Talk:
    """One connection: the path asked for last, and the head of its reply until that is over (then None)."""

    path: str = ""
    head: bytes | None = b""

    def asks(self, path: str) -> None:
        """Another request begins."""
        self.path, self.head = path, b""

    def body_in(self, chunk: bytes) -> int:
        """How many bytes of this part of a reply are no headers."""
        if self.head is None:
            return len(chunk)
        self.head, over, body = (self.head + chunk).partition(b"\r\n\r\n")
        if over:
            self.head = None
        return len(body)


@dataclass
class SlowLink(LoopbackServer):
    """Forward loopback `port` to `target` as a link of this shape would, and count what passes.

    `received` are bytes that came back, headers and all; `asked` the paths of requests in the order they came; `bodies`
    what came for each path without headers. All connections share one link, as on a phone. Use as a context manager.
    """

    target: int
    shape: Shape = field(default_factory=Shape)
    port: int = 0
    received: int = 0
    asked: list[str] = field(default_factory=list)
    bodies: Counter[str] = field(default_factory=Counter)
    _free_at: dict[str, float] = field(default_factory=lambda: {"down": 0.0, "up": 0.0}, init=False)

    @property
    def requests(self) -> int:
        """How many requests came."""
        return len(self.asked)

    @property
    def origin(self) -> str:
        """Where the browser goes."""
        return f"http://localhost:{self.port}"

    def forget(self) -> None:
        """Count from nothing again."""
        self.received = 0
        self.asked.clear()
        self.bodies.clear()

    def quiet(self, seconds: float = 4, most: float = 30) -> None:
        """Wait until nothing has passed for `seconds`, at most for `most`; raise AssertionError if something does.

        Chromium looks for a newer worker about three seconds after everything else.
        """
        deadline, since, before = time.monotonic() + most, time.monotonic(), (-1, -1)
        while time.monotonic() - since < seconds:
            assert time.monotonic() < deadline, f"the line is never quiet: {self.asked[-5:]}"
            now = (self.received, self.requests)
            if now != before:
                since, before = time.monotonic(), now
            time.sleep(0.05)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self.shape.delay)  # the handshake's own round trip
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        talk = Talk()
        await asyncio.gather(self._pump(reader, far_writer, "up", talk), self._pump(far_reader, writer, "down", talk))

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, way: str, talk: Talk) -> None:
        arrivals: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def deliver() -> None:
            while True:
                due, chunk = await arrivals.get()
                await self._until(due)
                # A browser that went away in the middle reads no more.
                if not chunk or sink.is_closing():
                    break
                sink.write(chunk)
                # A browser that went away mid-answer is no news here.
                with contextlib.suppress(ConnectionError):
                    await sink.drain()

        delivering = asyncio.ensure_future(deliver())
        try:
            while chunk := await source.read(CHUNK):
                if way == "down":
                    self.received += len(chunk)
                    self.bodies[talk.path] += talk.body_in(chunk)
                else:
                    for path in REQUEST.findall(chunk):
                        self.asked.append(path.decode())
                        talk.asks(path.decode())
                now = self._loop.time()
                start = max(now, self._free_at[way])
                self._free_at[way] = start + len(chunk) * 8 / self.shape.rate
                arrivals.put_nowait((self._free_at[way] + self.shape.delay / 2, chunk))
                await self._until(self._free_at[way])
            arrivals.put_nowait((self._loop.time(), b""))
            await delivering
        except (ConnectionError, asyncio.CancelledError):
            delivering.cancel()
        finally:
            sink.close()

    def _until(self, moment: float) -> Awaitable[None]:
        return asyncio.sleep(max(0.0, moment - self._loop.time()))
