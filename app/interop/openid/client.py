"""Signing in at an OpenID provider: code flow with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636, RFC 9207).

One `Client` serves a whole process. What the provider says of itself and its keys are kept for an hour, and the keys
are asked for again when a token names one that is new.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from app.config import OpenIdSettings
from app.interop.openid.checking import KeyUnknown, check
from app.interop.openid.discovery import Key, Provider, discover, document, keys_of
from app.interop.openid.errors import AnswerRefused, SignInStopped
from app.interop.openid.line import Line
from app.interop.openid.types import Begun, Outside

if TYPE_CHECKING:
    from authlib.oauth2.client import OAuth2Client

SCOPE = "openid email profile"
KEPT = timedelta(hours=1)
# Whoever sends made-up tokens must not make us ask all the time.
KEYS_AGAIN_AFTER = timedelta(seconds=30)
LONGEST_SHOWN = 120
LONGEST_CODE = 4096


class Client:
    """This server, as the provider knows it. `back` is the address browsers come back to."""

    def __init__(self, settings: OpenIdSettings, back: str, *, line: Line | None = None) -> None:
        self.settings, self._back = settings, back
        self._line = line or Line(secure=settings.issuer.startswith("https://"))
        self._lock = threading.Lock()
        self._provider: tuple[datetime, Provider] | None = None
        self._keys: tuple[datetime, tuple[Key, ...]] | None = None

    def begin(self, *, now: datetime) -> Begun:
        """Return where to send a browser, and what it has to bring back. Raises OpenIdError."""
        provider = self._of_provider(now)
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        address, state = self._oauth(provider).create_authorization_url(
            provider.authorization, state=secrets.token_urlsafe(32), code_verifier=verifier, nonce=nonce
        )
        return Begun(address=address, state=state, nonce=nonce, verifier=verifier)

    def finish(self, brought: Mapping[str, str], begun: Begun, *, now: datetime) -> Outside:
        """Return who came back. `brought` is the query of their address.

        Raises SignInStopped when the provider let nobody in, AnswerRefused for what proves nothing, ProviderAway.
        """
        if not hmac.compare_digest(brought.get("state", "").encode(), begun.state.encode()):
            raise AnswerRefused("This is the answer to another sign-in.", code="openid-state")
        provider = self._of_provider(now)
        if ("iss" in brought or provider.names_itself) and brought.get("iss") != provider.issuer:
            raise AnswerRefused("This is the answer of another provider.", code="openid-mixed-up")
        code = brought.get("code", "")
        if "error" in brought or not code or len(code) > LONGEST_CODE:
            raise SignInStopped("The provider signed nobody in.")
        token = self._token(provider, code, begun)
        access = token.get("access_token")
        access = access if isinstance(access, str) and access.isascii() and access.isprintable() else ""
        claims = self._checked(token.get("id_token"), provider, begun, access, now)
        return replace(_outside(claims, provider.issuer), access=access)

    def with_email(self, outside: Outside, *, now: datetime) -> Outside:
        """Ask the provider for the e-mail address if the ID token had none. What is about another is refused."""
        provider = self._of_provider(now)
        if outside.email is not None or provider.userinfo is None or not outside.access:
            return outside
        said = document(self._line.get(provider.userinfo, {"Authorization": f"Bearer {outside.access}"}))
        if said.get("sub") != outside.subject:
            raise AnswerRefused("It told us about somebody else.", code="openid-userinfo")
        more = _outside({**said, "sub": outside.subject}, outside.issuer)
        return replace(outside, email=more.email, shown=more.shown if more.shown != more.subject else outside.shown)

    def look(self, *, now: datetime) -> None:
        """Ask the provider about itself and its keys, whatever is kept. Raises OpenIdError when that fails."""
        if not keys_of(self._of_provider(now, anew=True), self._line):
            raise AnswerRefused("It shows no key we can use.", code="openid-keys")

    def _oauth(self, provider: Provider) -> OAuth2Client:
        # Read where there is an OpenID provider, and nowhere else.
        from authlib.oauth2.client import OAuth2Client

        secret = self.settings.client_secret
        method = ("client_secret_post" if provider.secret_in_body else _in_header) if secret else "none"
        return OAuth2Client(
            self._line,
            client_id=self.settings.client_id,
            client_secret=secret,
            token_endpoint_auth_method=method,
            scope=SCOPE,
            redirect_uri=self._back,
            code_challenge_method="S256",
        )

    def _token(self, provider: Provider, code: str, begun: Begun) -> Mapping[str, Any]:
        from authlib.common.errors import AuthlibBaseError

        try:
            found: Mapping[str, Any] = self._oauth(provider).fetch_token(
                provider.token, grant_type="authorization_code", code=code, code_verifier=begun.verifier
            )
        except (AuthlibBaseError, ValueError, TypeError, KeyError, AttributeError):
            raise AnswerRefused("It did not take the code it gave.", code="openid-code") from None
        return found

    def _checked(
        self, token: object, provider: Provider, begun: Begun, access: str, now: datetime
    ) -> Mapping[str, Any]:
        def with_keys(keys: Sequence[Key]) -> Mapping[str, Any]:
            return check(
                token,
                provider=provider,
                keys=keys,
                client_id=self.settings.client_id,
                nonce=begun.nonce,
                access=access,
                now=now,
            )

        try:
            return with_keys(self._of_keys(provider, now, KEPT))
        except KeyUnknown:
            return with_keys(self._of_keys(provider, now, KEYS_AGAIN_AFTER))

    def _of_provider(self, now: datetime, *, anew: bool = False) -> Provider:
        with self._lock:
            kept = self._provider
        if kept is not None and not anew and timedelta() <= now - kept[0] < KEPT:
            return kept[1]
        found = discover(self.settings.issuer, self._line)
        with self._lock:
            self._provider = (now, found)
        return found

    def _of_keys(self, provider: Provider, now: datetime, at_most: timedelta) -> tuple[Key, ...]:
        with self._lock:
            kept = self._keys
        if kept is not None and timedelta() <= now - kept[0] < at_most:
            return kept[1]
        found = keys_of(provider, self._line)
        with self._lock:
            self._keys = (now, found)
        return found


def _in_header(
    client: Any, _method: str, uri: str, headers: dict[str, str], body: str
) -> tuple[str, dict[str, str], str]:
    """Send id and secret as RFC 6749, 2.3.1 writes them. authlib's own way leaves signs in them as they are."""
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    return uri, {**headers, "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}, body


def _outside(claims: Mapping[str, Any], issuer: str) -> Outside:
    subject, email = claims["sub"], claims.get("email")
    acr, amr = claims.get("acr"), claims.get("amr")
    # `is True`: a provider that writes "true" in quotes has checked nothing we can rely on.
    good = isinstance(email, str) and claims.get("email_verified") is True and _is_address(email)
    names = (claims.get(name) for name in ("email", "preferred_username", "name"))
    shown = next((each for each in names if isinstance(each, str) and each.strip()), subject)
    return Outside(
        issuer=issuer,
        subject=subject,
        email=email if good else None,
        shown="".join(c for c in shown if c.isprintable())[:LONGEST_SHOWN],
        methods=frozenset(
            each for each in [acr, *(amr if isinstance(amr, list) else [])] if isinstance(each, str) and each
        ),
    )


def _is_address(email: str) -> bool:
    """Say whether this is an address in plain letters: others can look like, or fold into, somebody else's."""
    return email.isascii() and email.isprintable() and " " not in email and 0 < email.find("@") < len(email) - 1
