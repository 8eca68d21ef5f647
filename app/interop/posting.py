"""Telling another system something over HTTPS, within the limits that asking one has: see `sharing.fetch`.

Only public addresses, unless the setting allows one's own network; no redirect is followed; a time and a size end it.
"""

from __future__ import annotations

import contextlib
import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.interop.sharing.errors import SharingError
from app.interop.sharing.fetch import Web, checked_address
from app.kernel import DomainError

LONGEST_ADDRESS = 300
SECONDS = 20
MOST_READ = 16_384
AGENT = "between-visits/1"


class BadAddress(DomainError):
    """The address cannot be one that is told something."""

    code = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the other system answered. `words`: the beginning of its text, for a person to read."""

    status: int
    words: str
    body: bytes

    @property
    def taken(self) -> bool:
        """Whether it said that it has it."""
        return 200 <= self.status < 300


def checked(address: str, *, anywhere: bool) -> str:
    """Return an address as it is kept: https, a name and a path. `anywhere`: http too. Raises BadAddress."""
    wanted = "It begins with https://, or http://" if anywhere else "It begins with https://"
    trouble = BadAddress(
        f"Type the address as the other system gives it. {wanted}, and has no name or password in it.", field="address"
    )
    given = address.strip()
    if not given or len(given) > LONGEST_ADDRESS or not given.isascii() or not given.isprintable() or " " in given:
        raise trouble
    try:
        parts = urlsplit(given)
        origin = checked_address(f"{parts.scheme}://{parts.netloc}", anywhere=anywhere)
    except (ValueError, SharingError):
        raise trouble from None
    if parts.fragment:
        raise trouble
    return f"{origin}{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"


def post(
    address: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    anywhere: bool,
    method: str = "POST",
    seconds: float = SECONDS,
) -> Answer:
    """Send JSON to a checked address, and return what was answered, whatever it was. Raises SharingError for no answer.

    At most `MOST_READ` bytes of the answer are read.
    """
    parts = urlsplit(address)
    path = f"{parts.path.removeprefix('/')}{f'?{parts.query}' if parts.query else ''}"

    def ask(connection: http.client.HTTPConnection, _shown: str) -> Answer:
        all_headers = {"User-Agent": AGENT, "Accept-Encoding": "identity", "Connection": "close", **headers}
        connection.request(method, f"/{path}", body=body, headers={**all_headers, "Content-Type": "application/json"})
        with contextlib.closing(connection.getresponse()) as reply:
            read = reply.read(MOST_READ)
        words = " ".join(read[:300].decode("utf-8", "replace").split())
        return Answer(status=reply.status, words="".join(c for c in words if c.isprintable()), body=read)

    return Web(address=f"{parts.scheme}://{parts.netloc}", anywhere=anywhere, seconds=seconds).within_limits(path, ask)
