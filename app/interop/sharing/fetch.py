"""Fetching from another server, which may be wrong, slow or hostile: every step has a limit.

Only the address that a person typed is asked. Its name is looked up once and the connection goes to the very number
that was checked, so that a name cannot mean a public address when it is checked and ours when it is used. A redirect is
refused wherever it leads. What is not sent within the time ends, however slowly it drips.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from app.interop.connecting import Connection
from app.interop.sharing.errors import NotReached, SharingError

MANIFEST = "catalogue/manifest.json"
SECONDS_TO_CONNECT = 10
SECONDS_A_FILE = 60
LONGEST_ADDRESS = 300
# Numbers of the old kind written in the new, as networks without the old kind do.
NAT64 = IPv6Network("64:ff9b::/96")
AGENT = "between-visits-catalogue/1"
Answer = TypeVar("Answer")


class Place(Protocol):
    """Where a catalogue and its files come from."""

    @property
    def shown(self) -> str:
        """What it is called in words to a person."""

    def fetch(self, path: str, most: int) -> bytes:
        """Return a file's bytes. Raises NotReached, also when there are more than `most`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Another server, by its address: https://name or https://name:port.

    `anywhere` allows http and addresses of one's own network too.
    """

    address: str
    anywhere: bool = False
    seconds: float = SECONDS_A_FILE

    @property
    def shown(self) -> str:
        """Its address."""
        return self.address

    def fetch(self, path: str, most: int) -> bytes:
        """Ask for `path` there. Raises NotReached."""
        return self.within_limits(path, lambda line, shown: _answer(line, f"/{path}", most, shown))

    def send(self, path: str, body: bytes, most: int) -> tuple[int, bytes]:
        """Send JSON to `path` there, and return the status and what was answered. Raises NotReached.

        A refusal (400 to 499) is returned, as its words are for whoever sent it.
        """
        return self.within_limits(path, lambda line, shown: _sent(line, f"/{path}", body, most, shown))

    def within_limits(self, path: str, ask: Callable[[http.client.HTTPConnection, str], Answer]) -> Answer:
        """Let `ask` have a connection for `path`, and what that is called in words. Raises NotReached."""
        address = checked_address(self.address, anywhere=self.anywhere)
        parts = urlsplit(address)
        host, secure = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        number = _number_of(host, port, anywhere=self.anywhere)
        connection = Connection(host, port, secure=secure, timeout=SECONDS_TO_CONNECT, number=number)
        slow = NotReached(f"{address} did not send /{path} within {self.seconds:g} seconds. Try again later.")
        with connection.ending_after(self.seconds) as ended:
            try:
                body = ask(connection, f"{address}/{path}")
            except (OSError, http.client.HTTPException, ValueError) as error:
                if ended.is_set():
                    raise slow from None
                why = "its certificate is not good" if isinstance(error, ssl.SSLError) else type(error).__name__
                raise NotReached(f"{address} could not be reached ({why}). Try again later.") from None
            except NotReached:
                if ended.is_set():
                    raise slow from None
                raise
        if ended.is_set():
            # A cut reads like an end.
            raise slow
        return body


def checked_address(address: str, *, anywhere: bool) -> str:
    """Return an address as it is kept: scheme and name, nothing after. Raises SharingError, saying what is allowed."""
    allowed = "http or https" if anywhere else "https"
    trouble = SharingError(
        f"Write the address as people type it: {allowed}, the name, and nothing after, as in https://learn.example.org",
        code="address",
        field="address",
    )
    if len(address) > LONGEST_ADDRESS:
        raise trouble
    try:
        parts = urlsplit(address.strip())
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):
        raise trouble from None
    if parts.scheme == "http" and not anywhere:
        raise SharingError(
            "Catalogues are followed by https only. Set BV_FOLLOW to any to follow one of your own network.",
            code="address",
            field="address",
        )
    plain = not (parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in ("http", "https") or not host or not plain:
        raise trouble
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{f':{port}' if port else ''}".lower()


def _number_of(host: str, port: int, *, anywhere: bool) -> str:
    """Return the number to connect to. Every number the name has must be public, or it is not asked at all."""
    try:
        # Names under localhost are this machine's own, whether its resolver knows that or not (RFC 6761, 6.3).
        asked = "127.0.0.1" if host.endswith(".localhost") else host
        found = {str(each[4][0]) for each in socket.getaddrinfo(asked, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise NotReached(f"The name {host} is not known. Check the address, and this server's network.") from None
    private = [each for each in sorted(found) if not _is_public(each)]
    if private and not anywhere:
        raise NotReached(
            f"{host} is an address of a private network ({private[0]}), which is not asked. Set BV_FOLLOW to any if it "
            "is your own."
        )
    return sorted(found, key=lambda each: (":" in each, each))[0]


def _is_public(number: str) -> bool:
    found = ip_address(number.partition("%")[0])
    inside = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if found in NAT64:
        inside = IPv4Address(int(found) & 0xFFFFFFFF)
    return found.is_global and not found.is_multicast and (inside is None or inside.is_global)


def _answer(connection: http.client.HTTPConnection, path: str, most: int, shown: str) -> bytes:
    headers = {"Accept-Encoding": "identity", "User-Agent": AGENT, "Connection": "close"}
    connection.request("GET", path, headers=headers)
    with contextlib.closing(connection.getresponse()) as reply:
        return _body(reply, most, shown)


def _sent(connection: http.client.HTTPConnection, path: str, body: bytes, most: int, shown: str) -> tuple[int, bytes]:
    headers = {"Accept-Encoding": "identity", "User-Agent": AGENT, "Connection": "close"}
    connection.request("POST", path, body=body, headers={**headers, "Content-Type": "application/json"})
    with contextlib.closing(connection.getresponse()) as reply:
        if 400 <= reply.status < 500:
            return reply.status, reply.read(most)
        return reply.status, _body(reply, most, shown, good=(200, 201))


def _body(reply: http.client.HTTPResponse, most: int, shown: str, *, good: tuple[int, ...] = (200,)) -> bytes:
    if 300 <= reply.status < 400:
        raise NotReached(f"{shown} sends us elsewhere, where we do not go. Follow the address it should be.")
    if reply.status == 404:
        raise NotReached(f"There is nothing at {shown}. Does that server offer a catalogue?")
    if reply.status not in good:
        raise NotReached(f"{shown} answered {reply.status}. Try again later.")
    if reply.getheader("Content-Encoding", "identity") != "identity":
        raise NotReached(f"{shown} came packed, which was not asked for.")
    body = reply.read(most + 1)
    if len(body) > most:
        raise NotReached(f"{shown} is larger than it may be ({most:,} bytes). The rest was not read.")
    promised = reply.getheader("Content-Length")
    if promised is not None and promised.isdecimal() and int(promised) != len(body):
        raise NotReached(f"{shown} broke off half way. Try again: what has come already is kept.")
    return body
