"""The slow link tells what a reply brought from what its headers are, wherever the line cuts it."""

from __future__ import annotations

import pytest

from tests.support.link import Talk

REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab\r\n\r\ncde"


@pytest.mark.parametrize("cut", range(1, len(REPLY)))
def test_only_what_follows_the_headers_counts(cut: int) -> None:
    talk = Talk()
    for _ in range(2):
        talk.asks("/a.js")
        assert talk.body_in(REPLY[:cut]) + talk.body_in(REPLY[cut:]) == 9
