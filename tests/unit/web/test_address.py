"""What an address is when tries are counted for it."""

from __future__ import annotations

import pytest
from flask import Flask

from app.web.access import address


@pytest.mark.parametrize(
    ("given", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_one_line_counts_as_one_address(given: str, counted: str) -> None:
    with Flask("test").test_request_context(environ_base={"REMOTE_ADDR": given}):
        assert address() == counted
