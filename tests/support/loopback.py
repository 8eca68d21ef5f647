"""A TCP server on loopback in a thread of its own, from the start of a `with` to its end."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class LoopbackServer(ABC):
    """Listens on loopback only, at `port`; 0 is any that is free, and `port` then says which.

    Every connection is one call of `_connection`. When the `with` ends the calls under way are cancelled.
    """

    port: int

    @abstractmethod
    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection. Runs on `_loop`, as all connections do."""

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        # The loop itself holds its tasks only weakly.
        self._tasks: set[asyncio.Task[None]] = set()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10), "nobody listens after 10 s"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop)
        self._thread.join(10)
        self._loop.close()

    def _serve(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        ready.set()
        self._loop.run_forever()

    async def _start(self) -> None:
        self._server = await asyncio.start_server(self._held, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def _held(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._until_the_end(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # One that is cancelled before its first step never comes to close anything itself.
        task.add_done_callback(lambda _: writer.close())

    async def _until_the_end(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The end of the test is no news here.
        with contextlib.suppress(asyncio.CancelledError):
            await self._connection(reader, writer)

    async def _end(self) -> None:
        # What was just accepted is not a connection yet: cancelled now, it would never be closed.
        for listening in self._server.sockets:
            self._loop.remove_reader(listening.fileno())
        await asyncio.sleep(0.01)
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        # What was told to close does so in a later turn of the loop.
        await asyncio.sleep(0.1)
        self._loop.stop()
