"""A real OpenID provider (npm oidc-provider) on loopback, and what every provider of a test shares."""

from __future__ import annotations

import http.cookiejar
import json
import re
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any, Self

from app.config import OpenIdSettings
from tests.support.site import ROOT, free_port

CLIENT = "between-visits"
# With signs that RFC 6749 wants written otherwise in the header.
SECRET = "a secret + one: 100%"
BACK = "http://localhost/staff/sign-in/openid/back"
START = "/staff/sign-in/openid"
NAME = "Bramble Office"


def query_of(address: str) -> dict[str, str]:
    """The query of an address, each name once."""
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query, strict_parsing=True))


@dataclass
class RealProvider:
    """npm oidc-provider in a process of its own, while the `with` lasts."""

    accounts: dict[str, dict[str, Any]]
    redirect: str = BACK
    secret: str = SECRET
    strict: bool = False
    key: str = "first"
    port: int = field(default_factory=free_port)

    @property
    def settings(self) -> OpenIdSettings:
        return OpenIdSettings(issuer=self.issuer, client_id=CLIENT, client_secret=self.secret or None, name=NAME)

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    def __enter__(self) -> Self:
        given = {
            "port": self.port, "client": CLIENT, "secret": self.secret, "redirect": self.redirect, "key": self.key,
            "strict": self.strict, "accounts": self.accounts,
        }  # fmt: skip
        self._process = subprocess.Popen(
            ["node", str(ROOT / "tests/support/openid_provider.mjs"), json.dumps(given)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n", "the provider did not start"
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.terminate()
        self._process.wait(10)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def sign_in(self, address: str, account: str) -> str:
        """Sign in there as a person would, from the address our server sent them to; return where it sends them."""
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(_jar()), _Stay(self.redirect))
        page = browser.open(address, timeout=20)
        for fields in ({"prompt": "login", "login": account, "password": "any"}, {"prompt": "consent"}):
            action = re.search(r'action="([^"]+)"', page.read().decode())
            assert action, "the provider shows no form"
            there = urllib.parse.urljoin(page.url, action.group(1))
            page = browser.open(there, data=urllib.parse.urlencode(fields).encode(), timeout=20)
            if page.url.startswith(self.redirect):
                break
        found: str = page.url
        assert found.startswith(self.redirect), found
        return found


def _jar() -> http.cookiejar.CookieJar:
    return http.cookiejar.CookieJar()


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows redirects but for the one to our own server, which the test follows itself."""

    def __init__(self, redirect: str) -> None:
        self.redirect = redirect

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if not newurl.startswith(self.redirect):
            return super().redirect_request(req, fp, code, msg, headers, newurl)
        fp.url = newurl
        return None

    def http_error_303(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        there = headers["Location"]
        if there.startswith(self.redirect):
            fp.url = there
            return fp
        return super().http_error_302(req, fp, code, msg, headers)

    http_error_302 = http_error_303
