"""Asking an address that a browser gave us.

Whoever has a phone's token can name any address, so a server inside a care company's network could be made to knock at
its neighbours' doors. So: https on its usual port, names that lead to public addresses only, the very address that was
looked at is the one asked, no redirect is followed, little is read, all of it together has ten seconds, and nothing of
the answer is told to anybody.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from app.messages.errors import NotDelivered, PushRefused

LONGEST = 1000
TIMEOUT_S = 10.0
# A status and its headers. What comes after them is not read.
MOST_READ = 16 * 1024
PORT = 443
Resolver = Callable[[str, int], Sequence[str]]


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses a name leads to. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def is_public(address: str) -> bool:
    """Say whether an IP address is on the public internet; those that wrap another one are judged by that too."""
    try:
        given = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    wrapped: list[IPv4Address | IPv6Address] = [given]
    if isinstance(given, IPv6Address):
        wrapped += [each for each in (given.ipv4_mapped, given.sixtofour, *(given.teredo or ())) if each is not None]
        # NAT64 (RFC 6052, RFC 8215): the last four bytes are an IPv4 address.
        if given.packed[:2] == b"\x00\x64":
            wrapped.append(IPv4Address(given.packed[12:]))
    return all(each.is_global and not each.is_multicast and not each.is_reserved for each in wrapped)


def check_address(address: str) -> tuple[str, str]:
    """Return an address's host and path if it is one we would ask, by its looks alone. Raises PushRefused."""
    wrong = PushRefused("This address cannot be used for messages.", field="endpoint")
    if len(address) > LONGEST or not address.isascii() or any(ord(c) < 33 or c == "\\" for c in address):
        raise wrong
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme != "https" or not host or port not in (None, PORT) or "@" in parts.netloc or parts.fragment:
        raise wrong
    literal = host.strip("[]")
    if ("." not in host and ":" not in host) or (_is_ip(literal) and not is_public(literal)):
        raise wrong
    return host, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The way out to a push service. What is changed here is changed by tests, at the network's edge.

    `seconds`: for one exchange as a whole, from looking up the name to the last header.
    """

    resolve: Resolver = resolve
    allowed: Callable[[str], bool] = is_public
    port: int = PORT
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = TIMEOUT_S

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send bytes to an address a browser gave, and return the status. Redirects are statuses like others.

        Raises NotDelivered: for good when the address is none we would ask, else because nobody answered in time.
        """
        try:
            host, path = check_address(address)
        except PushRefused as error:
            raise NotDelivered(str(error), for_good=True) from error
        deadline = Deadline(self.seconds)
        try:
            found = self.resolve(host, self.port)
        except OSError as error:
            raise NotDelivered("The push service's name is not known now.") from error
        if not found or not all(self.allowed(each) for each in found):
            raise NotDelivered("The push service is not on the public internet.", for_good=True)
        connection = _Pinned(host, found[0], self.port, self.context, deadline)
        try:
            connection.request("POST", path, body=body, headers=dict(headers))
            # Of a socket it takes makefile() only.
            answer = http.client.HTTPResponse(_Rationed(connection.sock, deadline), method="POST")  # type: ignore[arg-type]
            answer.begin()
            return answer.status
        except (OSError, http.client.HTTPException) as error:
            raise NotDelivered(f"The push service did not answer ({type(error).__name__}).") from error
        finally:
            connection.close()


class Deadline:
    """The moment by which all has to be done. Limits for each read would let a byte now and then hold us for hours."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left. Raises TimeoutError when none is."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time is up")
        return left


class _Pinned(http.client.HTTPSConnection):
    """A connection to the one IP address that was looked at, with the certificate of the name."""

    def __init__(self, host: str, address: str, port: int, context: ssl.SSLContext, deadline: Deadline) -> None:
        super().__init__(host, port, context=context)
        self._address, self._tls, self._deadline = address, context, deadline

    def connect(self) -> None:
        """Connect without asking for the name's address again: the answer may be another by now."""
        plain = socket.create_connection((self._address, self.port), timeout=self._deadline.left())
        try:
            # A handshake's limit is for the whole of it.
            plain.settimeout(self._deadline.left())
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def send(self, data: Any) -> None:
        """Send within what is left of the time."""
        if self.sock is None:
            self.connect()
        self.sock.settimeout(self._deadline.left())
        super().send(data)


class _Rationed(io.RawIOBase):
    """What comes from a socket, until the time is up or it was too much."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline, self._left = sock, deadline, MOST_READ

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return what the standard library reads an answer from."""
        return io.BufferedReader(self, 1024)

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what is there. Raises TimeoutError, or HTTPException when the answer is longer than any status."""
        if self._left <= 0:
            raise http.client.HTTPException("the answer is too long")
        self._sock.settimeout(self._deadline.left())
        got = self._sock.recv_into(memoryview(buffer)[: self._left])
        self._left -= got
        return got
