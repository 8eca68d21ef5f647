"""A server of the tests ends without leaving a line open, whenever somebody comes."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import threading
import warnings

from tests.support.loopback import LoopbackServer


class Reading(LoopbackServer):
    """Reads until the other side has had enough."""

    port = 0

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()


def test_who_comes_at_the_end_is_hung_up_on() -> None:
    lines: list[socket.socket] = []

    def call(port: int) -> None:
        for _ in range(20):
            lines.append(socket.socket())
            with contextlib.suppress(ConnectionError):
                lines[-1].connect(("127.0.0.1", port))

    # Where it was not seen to, two or three of each twenty stayed open.
    with warnings.catch_warnings(record=True) as left:
        warnings.simplefilter("always")
        for _ in range(10):
            with Reading() as server:
                calling = threading.Thread(target=call, args=(server.port,))
                calling.start()
            calling.join()
            while lines:
                lines.pop().close()
        gc.collect()
    assert [str(each.message) for each in left] == []
