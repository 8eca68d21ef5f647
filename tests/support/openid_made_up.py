"""An OpenID provider on loopback that says whatever a test wants it to say."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import urllib.parse
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from joserfc import jwt
from joserfc.jwk import RSAKey

from app.config import OpenIdSettings
from app.kernel import utc_now
from tests.support.openid import BACK, CLIENT, NAME, SECRET, START, query_of


@dataclass
class MadeUpProvider:
    """A provider that answers as a test tells it to. `served` are its documents by path, `asked` what it was asked."""

    algorithm: str = "RS256"
    served: dict[str, Any] = field(default_factory=dict)
    status: dict[str, int] = field(default_factory=dict)
    raw: dict[str, bytes] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    drip: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    strong: frozenset[str] = frozenset()
    port: int = 0

    def __enter__(self) -> Self:
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
        self._codes: dict[str, tuple[dict[str, Any], str]] = {}
        self.ended = threading.Event()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self, None)

            def do_POST(self) -> None:
                provider.answer(self, self.rfile.read(int(self.headers["Content-Length"])).decode())

            def log_message(self, *_words: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.served = {
            "/.well-known/openid-configuration": {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/me",
                "id_token_signing_alg_values_supported": ["RS256", "none", "HS256"],
            },
            "/keys": {"keys": [self.key.as_dict(private=False)]},
            **self.served,
        }
        return self

    def __exit__(self, *_error: object) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> OpenIdSettings:
        return OpenIdSettings(issuer=self.issuer, client_id=CLIENT, client_secret=SECRET, name=NAME, strong=self.strong)

    @property
    def about(self) -> dict[str, Any]:
        """What it says of itself, to be changed."""
        found: dict[str, Any] = self.served["/.well-known/openid-configuration"]
        return found

    def turn_key(self, name: str = "second") -> None:
        """Sign with a new key from now on."""
        self.key = RSAKey.generate_key(2048, {"kid": name, "use": "sig"})
        self.served["/keys"] = {"keys": [self.key.as_dict(private=False)]}

    def claims(self, address: str, **more: Any) -> dict[str, Any]:
        """The claims of a good ID token for somebody our server sent to `address`; None takes one away."""
        now = int(utc_now().timestamp())
        good = {
            "iss": self.issuer, "aud": CLIENT, "sub": "dawn-1", "iat": now, "exp": now + 300,
            "nonce": query_of(address).get("nonce"),
        }  # fmt: skip
        found = {name: value for name, value in {**good, **more}.items() if value is not None}
        self._last = found.get("sub")
        return found

    def back(self, address: str, **claims: Any) -> str:
        """Sign somebody in who was sent to `address`; return the address they are sent back to."""
        return self.back_with(address, self.signed(self.claims(address, **claims)))

    def back_with(self, address: str, token: Any) -> str:
        """The same with an ID token of the test's own."""
        code, asked = secrets.token_urlsafe(16), query_of(address)
        self._codes[code] = (
            {"access_token": "access", "token_type": "Bearer", "id_token": token},
            asked["code_challenge"],
        )
        return f"{START}/back?{urllib.parse.urlencode({'code': code, 'state': asked['state']})}"

    def signed(self, claims: dict[str, Any], *, key: RSAKey | None = None, **header: Any) -> str:
        """An ID token signed by this provider."""
        signer = key or self.key
        return jwt.encode({"alg": "RS256", "kid": signer.kid, **header}, claims, signer, algorithms=["RS256"])

    def answer(self, request: BaseHTTPRequestHandler, body: str | None) -> None:
        """Answer one request."""
        path = request.path
        self.asked.append(path)
        if path in self.moved:
            request.send_response(302)
            request.send_header("Location", self.moved[path])
            request.end_headers()
            return
        status, found = self.status.get(path, 200), self.served.get(path)
        if path == "/me" and found is None:
            # Nothing more than the ID token said.
            found = {"sub": self._last}
        if path == "/token" and path not in self.raw and status == 200:
            status, found = self._token(request, body or "")
        sent = self.raw.get(path, json.dumps(found).encode())
        if found is None and path not in self.raw:
            status = 404
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(sent)))
        request.end_headers()
        if path in self.drip:
            for each in sent:
                if self.ended.wait(0.05):
                    return
                try:
                    request.wfile.write(bytes([each]))
                    request.wfile.flush()
                except OSError:
                    return
            return
        request.wfile.write(sent)

    def _token(self, request: BaseHTTPRequestHandler, body: str) -> tuple[int, Any]:
        sent = dict(urllib.parse.parse_qsl(body))
        proof = base64.b64decode(request.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        pair = [urllib.parse.unquote_plus(each) for each in proof.split(":")]
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        # Once: a code is no good a second time.
        reply, expected = self._codes.pop(sent.get("code", ""), (None, ""))
        good = (
            pair == [CLIENT, SECRET]
            and challenge.decode().rstrip("=") == expected
            and sent.get("redirect_uri") == BACK
            and sent.get("grant_type") == "authorization_code"
        )
        return (200, reply) if good and reply else (400, {"error": "invalid_grant"})
