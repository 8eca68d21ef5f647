"""E-mail: that a message waits, and where. The words themselves stay here."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from enum import StrEnum
from uuid import UUID

from app.messages.errors import NotDelivered

TIMEOUT_S = 20


class Tls(StrEnum):
    """How the way to the mail server is made private."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """The server e-mail is handed to, and who it is from. `origin`: the address people open, without a last slash."""

    host: str
    port: int
    sender: str
    origin: str
    tls: Tls = Tls.STARTTLS
    name: str | None = None
    password: str | None = None
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context


def letter(server: MailServer, *, to: str, by: str, provider: str, message: UUID) -> EmailMessage:
    """Write the e-mail. Its id is the message's own, so that one sent twice is known for the same.

    Raises ValueError when an address or name could add a line of its own, or an address is none. For very odd ones
    Python's email raises errors of other kinds: whoever sends many catches all of them.
    """
    mail = EmailMessage()
    mail["From"] = server.sender
    # As one address and nothing else: read as a header, "ana:b@example.org" would be a group with b in it.
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = f"A message from {by}"
    mail["Message-ID"] = f"<{message}@{server.sender.rpartition('@')[2].strip('> ')}>"
    mail["Auto-Submitted"] = "auto-generated"
    place = "" if by == provider else f" at {provider}"
    mail.set_content(
        f"{by}{place} has sent you a message.\n\n"
        f"Read it here: {server.origin}/today\n\n"
        f"No more e-mails? Tell {provider}, and they take your address out.\n"
    )
    return mail


def hand_over(server: MailServer, mail: EmailMessage) -> None:
    """Hand an e-mail to the mail server. Raises NotDelivered: for good when it refuses this address."""
    try:
        with _connected(server) as line:
            if server.tls is Tls.STARTTLS:
                line.starttls(context=server.context())
            if server.name is not None and server.password is not None:
                line.login(server.name, server.password)
            line.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise NotDelivered("The mail server refused this address.", for_good=all(c >= 500 for c in codes)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotDelivered(f"The mail server could not take it ({type(error).__name__}).") from error


def _connected(server: MailServer) -> smtplib.SMTP:
    if server.tls is Tls.TLS:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=server.context())
    return smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
