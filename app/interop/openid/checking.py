"""Whether an ID token is good: signed by the provider, meant for us, for this very sign-in, and now.

The rules are those of OpenID Connect Core 1.0, 3.1.3.7; authlib applies most of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from app.interop.openid.discovery import ELLIPTIC, Key, Provider
from app.interop.openid.errors import AnswerRefused

# Two clocks are never the same.
LEEWAY_SECONDS = 60
LONGEST_SUBJECT = 255
LARGEST_TOKEN = 32 * 1024


class KeyUnknown(AnswerRefused):
    """The token names a key the provider did not show when it was last asked. It may have a new one."""

    code = "openid-key-unknown"


def check(
    token: object,
    *,
    provider: Provider,
    keys: Sequence[Key],
    client_id: str,
    nonce: str,
    access: str,
    now: datetime,
) -> Mapping[str, Any]:
    """Return the claims of an ID token. Raises KeyUnknown, or AnswerRefused with the claim's name in its code."""
    # Read where there is an OpenID provider, and nowhere else.
    from authlib.oidc.core.claims import CodeIDToken

    if not isinstance(token, str) or len(token) > LARGEST_TOKEN:
        raise AnswerRefused("It gave no ID token.", code="openid-no-token")
    try:
        header = jws.extract_compact(token.encode()).headers()
        if header.get("alg") not in provider.algorithms:
            raise AnswerRefused("The ID token is signed in a way the provider does not.", code="openid-alg")
        read = jwt.decode(token, _key(keys, header), algorithms=list(provider.algorithms))
        options = {
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": client_id},
        }
        params = {"nonce": nonce, "client_id": client_id, "access_token": access}
        claims = CodeIDToken(read.claims, read.header, options, params)
        claims.validate(int(now.timestamp()), LEEWAY_SECONDS)
    except JoseError as error:
        claim = getattr(error, "claim", None)
        named = claim if isinstance(claim, str) and claim.isidentifier() else error.error
        raise AnswerRefused("The ID token is not good.", code=f"openid-{named}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise AnswerRefused("The ID token cannot be read.", code="openid-unreadable") from None
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isascii():
        raise AnswerRefused("The ID token names nobody.", code="openid-sub")
    return dict(claims)


def _key(keys: Sequence[Key], header: Mapping[str, Any]) -> Key:
    """Return the one key that may have signed. Without a name it has to be the only one of its kind."""
    algorithm, name = header["alg"], header.get("kid")
    fitting = [key for key in keys if _fits(key, algorithm) and (name is None or key.kid == name)]
    if len(fitting) != 1:
        raise KeyUnknown("The ID token is signed with a key the provider does not show.")
    return fitting[0]


def _fits(key: Key, algorithm: str) -> bool:
    if algorithm in ELLIPTIC:
        return isinstance(key, ECKey) and key.curve_name == ELLIPTIC[algorithm]
    return isinstance(key, OKPKey if algorithm == "EdDSA" else RSAKey)
