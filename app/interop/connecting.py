"""A connection to another server that ends in time, whatever the other side does, and goes where it is told."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator


class Connection(http.client.HTTPConnection):
    """A connection that can be cut at any moment, also while it shakes hands.

    It goes to `number` and answers to the name of `host`; without a number the name is looked up. `timeout` is in
    seconds, for each step.
    """

    def __init__(self, host: str, port: int | None, *, secure: bool, timeout: float, number: str | None = None) -> None:
        super().__init__(host, port or (443 if secure else 80), timeout=timeout)
        self.default_port = 443 if secure else 80  # so that the name is sent without it
        self._number, self._secure = number or host, secure
        # The library lets go of its own while an answer is still read.
        self._line: socket.socket | None = None

    def connect(self) -> None:
        """Connect, and check the certificate against the name."""
        self.sock = self._line = socket.create_connection((self._number, self.port), self.timeout)
        if self._secure:
            context = ssl.create_default_context()
            # Named before the handshake, so that a slow one can be cut too.
            secure = context.wrap_socket(self._line, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = self._line = secure
            secure.do_handshake()

    @contextlib.contextmanager
    def ending_after(self, seconds: float) -> Iterator[threading.Event]:
        """End it after so many seconds, and close it in any case. The event says whether time was up.

        A cut reads like an end: ask the event before what was read is believed.
        """
        ended = threading.Event()
        timer = threading.Timer(seconds, self._cut, [ended])
        timer.daemon = True
        timer.start()
        try:
            yield ended
        finally:
            timer.cancel()
            self.close()
            if self._line is not None:
                self._line.close()

    def _cut(self, ended: threading.Event) -> None:
        ended.set()
        if self._line is not None:
            with contextlib.suppress(OSError, ValueError):
                self._line.shutdown(socket.SHUT_RDWR)
