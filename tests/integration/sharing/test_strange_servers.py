"""A server that redirects, never ends, breaks off, sends too much or hangs costs little time and stores nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.interop.sharing import NotReached, SharingError, Web
from tests.support.site import free_port

Answer = Callable[[BaseHTTPRequestHandler], None]


class Strange:
    """A server on loopback that answers as a test says."""

    def __init__(self) -> None:
        self.answer: Answer = lambda request: send(request, b"hello")
        self.asked: list[str] = []
        strange = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                strange.asked.append(self.path)
                try:
                    strange.answer(self)
                except OSError:
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


def send(request: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, **headers: str) -> None:
    request.send_response(status)
    for name, value in {"Content_Length": str(len(body)), **headers}.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(body)


@pytest.fixture
def strange() -> Iterator[Strange]:
    made = Strange()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join(10)


def fetch(strange: Strange, *, most: int = 1000, seconds: float = 2) -> bytes:
    return Web(address=strange.address, anywhere=True, seconds=seconds).fetch("catalogue/manifest.json", most)


def refusal(strange: Strange, *, seconds: float = 2) -> str:
    began = time.monotonic()
    with pytest.raises(NotReached) as caught:
        fetch(strange, seconds=seconds)
    assert time.monotonic() - began < seconds + 3
    return str(caught.value)


def test_what_is_sent_is_returned(strange: Strange) -> None:
    assert fetch(strange) == b"hello"
    assert strange.asked == ["/catalogue/manifest.json"]


def test_a_redirect_is_not_followed_wherever_it_leads(strange: Strange) -> None:
    strange.answer = lambda request: send(request, b"", status=302, Location=f"{strange.address}/inside")

    assert "sends us elsewhere" in refusal(strange)
    assert strange.asked == ["/catalogue/manifest.json"]


def test_a_server_that_never_ends_is_left(strange: Strange) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        for _ in range(100):
            request.wfile.write(b".")
            time.sleep(0.1)

    strange.answer = drip

    assert "within 1 seconds" in refusal(strange, seconds=1)


def test_headers_that_never_end_are_left_too(strange: Strange) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        for number in range(80):
            request.wfile.write(b"HTTP/1.1 200 OK\r\n" if number == 0 else b"X-A: b\r\n")
            time.sleep(0.1)

    strange.answer = drip

    assert "within 1 seconds" in refusal(strange, seconds=1)


def test_a_server_that_says_nothing_is_left(strange: Strange) -> None:
    strange.answer = lambda _: time.sleep(4)

    assert "within 1 seconds" in refusal(strange, seconds=1)


def test_a_file_that_shrinks_is_noticed(strange: Strange) -> None:
    strange.answer = lambda request: send(request, b"half", Content_Length="900")

    assert "broke off half way" in refusal(strange)


def test_of_what_is_too_large_the_rest_is_not_read(strange: Strange) -> None:
    strange.answer = lambda request: send(request, b"x" * 5_000_000)

    assert "larger than it may be (1,000 bytes)" in refusal(strange)


def test_what_comes_packed_is_refused_as_it_could_unpack_to_anything(strange: Strange) -> None:
    strange.answer = lambda request: send(request, b"x", Content_Encoding="gzip")

    assert "came packed" in refusal(strange)


@pytest.mark.parametrize(("status", "words"), [(404, "Does that server offer a catalogue"), (500, "answered 500")])
def test_other_answers_are_told_in_words(strange: Strange, status: int, words: str) -> None:
    strange.answer = lambda request: send(request, b"", status=status)

    assert words in refusal(strange)


def test_nobody_there_is_told_in_words() -> None:
    with pytest.raises(NotReached, match="could not be reached"):
        Web(address=f"http://127.0.0.1:{free_port()}", anywhere=True).fetch("x", 10)


@pytest.mark.parametrize("address", ["https://127.0.0.1", "https://localhost", "https://[::1]", "https://10.0.0.1"])
def test_a_private_address_is_not_asked_unless_the_setting_allows_it(address: str) -> None:
    with pytest.raises(NotReached, match="private network"):
        Web(address=address).fetch("x", 10)


def test_http_is_not_asked_unless_the_setting_allows_it(strange: Strange) -> None:
    with pytest.raises(SharingError, match="by https only"):
        Web(address=strange.address).fetch("x", 10)
    assert strange.asked == []


def test_a_certificate_that_is_not_the_names_is_refused(strange: Strange) -> None:
    """A server that speaks no TLS at all stands for one whose certificate is not good: neither is believed."""
    address = strange.address.replace("http:", "https:")
    with pytest.raises(NotReached, match="could not be reached"):
        Web(address=address, anywhere=True).fetch("x", 10)
