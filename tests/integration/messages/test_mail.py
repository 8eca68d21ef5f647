"""An e-mail, handed to a real mail server on this machine, says that a message waits and nothing else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from app.messages import MailServer, NotDelivered, Tls
from app.messages.mail import hand_over, letter

MESSAGE = UUID("0190b4b7-0000-7000-8000-000000000001")


class Box:
    """What the server was handed. Addresses that begin with "no" are refused."""

    def __init__(self) -> None:
        self.got: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802 - the server looks for this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("no"):
            return "550 Nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.got.append(envelope)
        return "250 OK"


@pytest.fixture
def place() -> Iterator[tuple[MailServer, Box]]:
    """A mail server on a free port, and its box."""
    box = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = Controller(box, hostname="127.0.0.1", port=port)
    running.start()
    yield (
        MailServer(
            host="127.0.0.1", port=port, sender="care@example.org", origin="https://learn.example.org", tls=Tls.NONE
        ),
        box,
    )
    running.stop()


def test_it_says_from_whom_and_where_and_not_what(place: tuple[MailServer, Box]) -> None:
    server, box = place
    mail = letter(server, to="ngozi@example.org", by="Priya", provider="Bramble Home Care", message=MESSAGE)
    hand_over(server, mail)
    [envelope] = box.got
    assert envelope.rcpt_tos == ["ngozi@example.org"]
    content = envelope.content
    assert isinstance(content, bytes)
    found = message_from_bytes(content)
    assert (found["Subject"], found["From"]) == ("A message from Priya", "care@example.org")
    assert found["Message-ID"] == f"<{MESSAGE}@example.org>"
    text = found.get_payload()
    assert "Priya at Bramble Home Care has sent you a message." in str(text)
    assert "https://learn.example.org/today" in str(text)


def test_an_address_the_server_refuses_is_not_tried_again(place: tuple[MailServer, Box]) -> None:
    server, _ = place
    mail = letter(server, to="nobody@example.org", by="Priya", provider="Bramble", message=MESSAGE)
    with pytest.raises(NotDelivered) as refused:
        hand_over(server, mail)
    assert refused.value.for_good


def test_without_the_private_way_it_was_told_to_use_nothing_is_sent(place: tuple[MailServer, Box]) -> None:
    server, box = place
    private = MailServer(host=server.host, port=server.port, sender=server.sender, origin=server.origin)
    mail = letter(private, to="ngozi@example.org", by="Priya", provider="Bramble", message=MESSAGE)
    with pytest.raises(NotDelivered) as later:
        hand_over(private, mail)
    assert not later.value.for_good
    assert box.got == []


def test_a_name_or_address_cannot_add_a_line(place: tuple[MailServer, Box]) -> None:
    server, _ = place
    with pytest.raises(ValueError, match=r"linefeed|newline|CR or LF|CR and LF"):
        letter(server, to="a@example.org\nBcc: b@example.org", by="Priya", provider="Bramble", message=MESSAGE)
