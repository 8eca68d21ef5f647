"""The one way to the OpenID provider: no redirect is followed, and time and size are limited.

The operator named the provider, so it may stand in their own network. `Line` is what authlib calls a session.
"""

from __future__ import annotations

import contextlib
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from app.interop.connecting import Connection
from app.interop.openid.errors import ProviderAway

SECONDS_TO_CONNECT = 5
# A person waits in front of the page, and a thread of the server with them.
SECONDS_IN_ALL = 10
LARGEST = 256 * 1024
AGENT = "between-visits-openid/1"


class Authorising(Protocol):
    """What authlib adds to a request: how this server shows which it is."""

    def prepare(self, method: str, uri: str, headers: dict[str, str], body: str) -> tuple[str, dict[str, str], str]:
        """Return the request with the proof in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the provider answered, as authlib reads it."""

    status_code: int
    body: bytes

    def json(self) -> Any:
        """Return the document. Raises ValueError."""
        try:
            return json.loads(self.body)
        except RecursionError:
            raise ValueError("nested too deeply") from None

    def raise_for_status(self) -> None:
        """Raise ProviderAway when the provider says that something went wrong."""
        if self.status_code >= 400:
            raise ProviderAway(f"It answered {self.status_code}.")


class Line:
    """Asks addresses of the provider. `secure`: https only, because the provider's own address is."""

    def __init__(self, *, secure: bool, seconds: float = SECONDS_IN_ALL) -> None:
        self._secure, self._seconds = secure, seconds

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for a document. Raises ProviderAway."""
        return self._ask("GET", address, dict(headers or {}), None)

    def post(
        self, address: str, data: Mapping[str, str], headers: Mapping[str, str], auth: Authorising | None = None
    ) -> Answer:
        """Send a form. Raises ProviderAway."""
        body, more = urlencode(data), dict(headers)
        if auth is not None:
            address, more, body = auth.prepare("POST", address, more, body)
        return self._ask("POST", address, more, body.encode())

    def _ask(self, method: str, address: str, headers: dict[str, str], body: bytes | None) -> Answer:
        try:
            parts = urlsplit(address)
            host, port = (parts.hostname or "").encode("idna").decode(), parts.port
        except (ValueError, UnicodeError):
            raise ProviderAway("It names an address that is none.") from None
        if not host or parts.scheme not in (("https",) if self._secure else ("https", "http")):
            raise ProviderAway("It names an address we do not ask: not https.")
        connection = Connection(host, port, secure=parts.scheme == "https", timeout=SECONDS_TO_CONNECT)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        with connection.ending_after(self._seconds) as ended:
            try:
                answer = _exchange(connection, method, path, headers, body)
            except (OSError, http.client.HTTPException, ValueError) as error:
                why = "too slow" if ended.is_set() else type(error).__name__
                raise ProviderAway(f"It could not be reached ({why}).") from None
        if ended.is_set():
            # A cut reads like an end.
            raise ProviderAway("It could not be reached (too slow).")
        return answer


def _exchange(connection: Connection, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
    own = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": AGENT, "Connection": "close"}
    connection.request(method, path, body=body, headers={**own, **headers})
    with contextlib.closing(connection.getresponse()) as reply:
        if 300 <= reply.status < 400:
            raise ProviderAway("It sends us elsewhere, where we do not go.")
        found = reply.read(LARGEST + 1)
        if len(found) > LARGEST:
            raise ProviderAway("It sends more than it may.")
        return Answer(status_code=reply.status, body=found)
