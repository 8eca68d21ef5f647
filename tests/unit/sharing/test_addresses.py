"""Which addresses may be followed at all, and which numbers are public."""

from __future__ import annotations

import pytest

from app.interop.sharing import SharingError, checked_address
from app.interop.sharing.fetch import _is_public


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://learn.example.org", "https://learn.example.org"),
        (" https://Learn.Example.org/ ", "https://learn.example.org"),
        ("https://learn.example.org:8443", "https://learn.example.org:8443"),
        ("https://lärn.example", "https://xn--lrn-qla.example"),
    ],
)
def test_an_address_is_kept_as_scheme_and_name(typed: str, kept: str) -> None:
    assert checked_address(typed, anywhere=False) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "learn.example.org",
        "http://learn.example.org",
        "ftp://learn.example.org",
        "file:///etc/passwd",
        "https://",
        "https://user:word@learn.example.org",
        "https://learn.example.org/elsewhere",
        "https://learn.example.org?x=1",
        "https://learn.example.org#x",
        "https://learn.example.org:99999",
        "https://[::1",
        "https://" + "a" * 400,
    ],
)
def test_anything_else_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(SharingError):
        checked_address(typed, anywhere=False)


def test_the_setting_allows_http() -> None:
    assert checked_address("http://10.0.0.1:8000", anywhere=True) == "http://10.0.0.1:8000"


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
    ],
)
def test_numbers_of_private_networks_are_not_public(number: str) -> None:
    assert not _is_public(number)


@pytest.mark.parametrize("number", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111"])
def test_numbers_of_the_open_net_are(number: str) -> None:
    assert _is_public(number)
