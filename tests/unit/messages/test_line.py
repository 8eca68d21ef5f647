"""A browser's address cannot send the server anywhere but to the public internet, and no redirect moves it on."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.messages.errors import NotDelivered, PushRefused
from app.messages.line import Line, check_address, is_public


@pytest.mark.parametrize(
    "address",
    [
        "http://push.example.org/x",
        "https://push.example.org:8443/x",
        "https://localhost/x",
        "https://intranet/x",
        "https://127.0.0.1/x",
        "https://10.0.0.8/x",
        "https://169.254.169.254/latest",
        "https://[::1]/x",
        "https://[::ffff:192.168.0.1]/x",
        "https://[64:ff9b::7f00:1]/x",
        "https://me:secret@push.example.org/x",
        "https://push.example.org\\@127.0.0.1/x",
        "https://push.example.org/x y",
        "https://push.example.org/x\r\nHost: other",
        "file:///etc/passwd",
        "https://" + "a" * 1000 + ".org/",
        "https://[oops/x",
        "",
    ],
)
def test_an_address_of_the_wrong_looks_is_refused(address: str) -> None:
    with pytest.raises(PushRefused):
        check_address(address)


def test_an_address_as_browsers_give_them_is_taken() -> None:
    assert check_address("https://fcm.googleapis.com/fcm/send/abc:def?x=1") == (
        "fcm.googleapis.com",
        "/fcm/send/abc:def?x=1",
    )


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "127.8.8.8", "192.168.1.1", "100.64.0.1", "224.0.0.1", "fe80::1%eth0", "fd00::1", "2002:7f00:1::", "x"],
)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


def test_addresses_of_the_internet_are_public() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")


@pytest.mark.parametrize("found", [["10.1.2.3"], ["93.184.216.34", "127.0.0.1"], []])
def test_a_name_that_leads_inside_is_not_asked(found: list[str]) -> None:
    line = Line(resolve=lambda _host, _port: found)
    with pytest.raises(NotDelivered) as refused:
        line.post("https://push.example.org/x", b"", {})
    assert refused.value.for_good


class Service(HTTPServer):
    """A push service on this machine, with a certificate of its own."""

    asked: list[tuple[str, bytes]]
    status: int = 201
    instead: bytes = b""
    pause: float = 0
    sent: int = 0


class Answers(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, body))
        if self.server.instead:
            self.dribble()
            return
        self.send_response(self.server.status)
        if self.server.status == 307:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def dribble(self) -> None:
        """Send what was said, over and over, until the other side has had enough."""
        try:
            self.wfile.write(b"HTTP/1.1 201 Created\r\n")
            until = time.monotonic() + 30
            while time.monotonic() < until:
                self.wfile.write(self.server.instead)
                self.server.sent += len(self.server.instead)
                time.sleep(self.server.pause)
        except OSError:
            pass
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def service(tmp_path: Path) -> Iterator[tuple[Service, Line]]:
    """The service, and a line that takes this machine for the internet."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "push.example.org")])
    made = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(made - timedelta(days=1))
        .not_valid_after(made + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("push.example.org")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    plain = serialization.NoEncryption()
    (tmp_path / "pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain) + pem
    )
    server = Service(("127.0.0.1", 0), Answers)
    server.asked = []
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "pem")
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    trusting = ssl.create_default_context(cadata=pem.decode())
    yield (
        server,
        Line(
            resolve=lambda _host, _port: ["127.0.0.1"],
            allowed=lambda _address: True,
            port=server.server_port,
            context=trusting,
        ),
    )
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_is_sent_arrives(service: tuple[Service, Line]) -> None:
    server, line = service
    assert line.post("https://push.example.org/here", b"hello", {"TTL": "60"}) == 201
    assert server.asked == [("/here", b"hello")]


def test_a_redirect_is_not_followed(service: tuple[Service, Line]) -> None:
    server, line = service
    server.status = 307
    assert line.post("https://push.example.org/here", b"hello", {}) == 307
    assert [path for path, _ in server.asked] == ["/here"]


def test_a_server_of_another_name_is_told_nothing(service: tuple[Service, Line]) -> None:
    server, line = service
    with pytest.raises(NotDelivered):
        line.post("https://other.example.org/here", b"hello", {})
    assert server.asked == []


def test_an_answer_a_byte_at_a_time_has_one_deadline(service: tuple[Service, Line]) -> None:
    server, line = service
    server.instead, server.pause = b"x", 0.1
    began = time.monotonic()
    with pytest.raises(NotDelivered, match="TimeoutError") as late:
        replace(line, seconds=1.0).post("https://push.example.org/here", b"hello", {})
    assert 0.9 < time.monotonic() - began < 5
    assert not late.value.for_good
    assert server.asked == [("/here", b"hello")]


def test_one_that_takes_the_connection_and_says_nothing_has_the_same_deadline(service: tuple[Service, Line]) -> None:
    _, line = service
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        with pytest.raises(NotDelivered):
            replace(line, port=silent.getsockname()[1], seconds=0.5).post("https://push.example.org/x", b"", {})
    assert time.monotonic() - began < 5


def test_headers_without_end_are_not_read_to_their_end(service: tuple[Service, Line]) -> None:
    server, line = service
    server.instead = b"X: " + b"y" * 1000 + b"\r\n"
    with pytest.raises(NotDelivered, match="HTTPException"):
        line.post("https://push.example.org/here", b"hello", {})
