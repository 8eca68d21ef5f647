"""The failing line does what it says: a fault that does not happen would make every test behind it worthless."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.support.fault_proxy import MODES, PORTAL, STRANGER, Fault, FaultProxy

SAID = {"proto": 1, "server": "ours", "batch": "this one", "now": "2026-06-15T10:00:00Z", "long": "x" * 2000}
asked: list[str] = []


class Server(BaseHTTPRequestHandler):
    """Answers everything with the same document."""

    def do_POST(self) -> None:
        """Note the request and answer."""
        asked.append(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        body = json.dumps(SAID).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815 - the name is http.server's

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


@pytest.fixture
def line() -> Iterator[FaultProxy]:
    """The line before a server of ours."""
    asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    with FaultProxy(server.server_address[1]) as proxy:
        yield proxy
    server.shutdown()
    thread.join()
    server.server_close()


def ask(
    line: FaultProxy, path: str = "/api/records", method: str = "POST", wait: float = 5
) -> tuple[int, dict[str, str], bytes]:
    """One request; status, headers, body."""
    connection = http.client.HTTPConnection("127.0.0.1", line.port, timeout=wait)
    try:
        connection.request(method, path, body=b"what was sent" if method == "POST" else None)
        reply = connection.getresponse()
        return reply.status, dict(reply.getheaders()), reply.read()
    finally:
        connection.close()


def document(line: FaultProxy) -> dict[str, Any]:
    """The JSON of one reply."""
    found: dict[str, Any] = json.loads(ask(line)[2])
    return found


def test_without_a_fault_everything_passes_as_it_is(line: FaultProxy) -> None:
    assert document(line) == SAID
    assert asked == ["what was sent"]
    assert line.log == [("POST", "/api/records", "pass")]


def test_a_fault_hits_only_its_paths_and_only_so_often(line: FaultProxy) -> None:
    line.fault("503", "^/api/", times=1)
    assert ask(line, "/today")[0] == 200
    assert [ask(line)[0], ask(line)[0]] == [503, 200]


@pytest.mark.parametrize(("mode", "reached"), [("refuse", 0), ("drop-reply", 1)])
def test_a_request_or_its_reply_is_lost(line: FaultProxy, mode: str, reached: int) -> None:
    line.fault(mode)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        ask(line)
    assert len(asked) == reached


def test_a_black_hole_says_nothing(line: FaultProxy) -> None:
    line.fault("black-hole")
    with pytest.raises(TimeoutError):
        ask(line, wait=0.3)
    assert asked == []


def test_a_reply_is_cut(line: FaultProxy) -> None:
    line.fault("cut", value=700)
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        ask(line)
    assert len(asked) == 1


def test_a_request_arrives_twice(line: FaultProxy) -> None:
    line.fault("twice")
    assert document(line) == SAID
    assert asked == ["what was sent"] * 2


@pytest.mark.parametrize(("mode", "value", "least"), [("delay", 0.5, 0.5), ("trickle", 4000, 0.5)])
def test_a_slow_line_is_slow(line: FaultProxy, mode: str, value: float, least: float) -> None:
    line.fault(mode, value=value)
    began = time.monotonic()
    assert document(line) == SAID
    assert time.monotonic() - began >= least


@pytest.mark.parametrize(("mode", "status"), [("portal", 200), ("redirect", 302), ("401", 401), ("413", 413)])
def test_somebody_else_answers(line: FaultProxy, mode: str, status: int) -> None:
    line.fault(mode)
    got, headers, body = ask(line)
    assert (got, body, asked) == (status, PORTAL, [])
    assert ("Location" in headers) is (mode == "redirect")


def test_our_own_server_in_trouble_names_itself_and_a_time(line: FaultProxy) -> None:
    line.fault("429", value=7, ours=True)
    status, headers, body = ask(line)
    assert (status, headers["Retry-After"], json.loads(body)["server"]) == (429, "7", "ours")


@pytest.mark.parametrize(
    ("mode", "field"), [("wrong-server", "server"), ("wrong-batch", "batch"), ("wrong-date", "now")]
)
def test_one_field_of_the_reply_is_another(line: FaultProxy, mode: str, field: str) -> None:
    line.fault(mode, value=-86_400)
    found = document(line)
    assert {name for name in SAID if found[name] != SAID[name]} == {field}
    assert found[field] == STRANGER or field == "now"


def test_one_bit_of_the_reply_is_another(line: FaultProxy) -> None:
    line.fault("damage")
    body = ask(line)[2]
    assert sum(one != other for one, other in zip(body, json.dumps(SAID).encode(), strict=True)) == 1


def test_the_control_address_sets_and_ends_faults(line: FaultProxy) -> None:
    ask(line, "/.fault?mode=portal&paths=/sw.js&times=2", "PUT")
    assert line.faults == [Fault(mode="portal", paths="/sw.js", times=2)]
    assert ask(line, "/sw.js", "GET")[2] == PORTAL
    assert json.loads(ask(line, "/.fault", "GET")[2])["log"] == [["GET", "/sw.js", "portal"]]
    ask(line, "/.fault", "DELETE")
    assert line.faults == []


def test_a_fault_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="is not one of pass"):
        Fault(mode="gremlins")
    assert len(MODES) == len(set(MODES))
