"""What an OpenID provider says of itself (OpenID Connect Discovery 1.0), read strictly, and its keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from app.interop.openid.errors import AnswerRefused
from app.interop.openid.line import Answer, Line

WELL_KNOWN = "/.well-known/openid-configuration"
# Signatures by the provider's own key. None at all, and those with the client's secret (HS…), are not among them.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
ELLIPTIC = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
# 2048 bits, as base64url writes them.
FEWEST_LETTERS = 342
MOST_KEYS = 50
Key = RSAKey | ECKey | OKPKey
KINDS: Mapping[str, type[RSAKey] | type[ECKey] | type[OKPKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Where a provider is asked what, and how it signs. `names_itself`: its answers say `iss` (RFC 9207)."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str | None
    algorithms: tuple[str, ...]
    names_itself: bool
    secret_in_body: bool


def discover(issuer: str, line: Line) -> Provider:
    """Ask the provider at `issuer` about itself. Raises ProviderAway, or AnswerRefused for what is odd or another's."""
    found = document(line.get(issuer.rstrip("/") + WELL_KNOWN))
    if found.get("issuer") != issuer:
        raise AnswerRefused("It calls itself something else than BV_OIDC_ISSUER.", code="openid-issuer")
    algorithms = tuple(each for each in ALGORITHMS if each in _texts(found, "id_token_signing_alg_values_supported"))
    if not algorithms:
        raise AnswerRefused("It signs in no way we trust.", code="openid-algorithms")
    methods = _texts(found, "token_endpoint_auth_methods_supported")
    return Provider(
        issuer=issuer,
        authorization=_address(found, "authorization_endpoint", issuer),
        token=_address(found, "token_endpoint", issuer),
        keys=_address(found, "jwks_uri", issuer),
        userinfo=_address(found, "userinfo_endpoint", issuer) if "userinfo_endpoint" in found else None,
        algorithms=algorithms,
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        secret_in_body="client_secret_basic" not in methods and "client_secret_post" in methods,
    )


def keys_of(provider: Provider, line: Line) -> tuple[Key, ...]:
    """Fetch the provider's keys; those of a kind or strength we do not use are left out. Raises as `discover`."""
    listed = document(line.get(provider.keys)).get("keys")
    if not isinstance(listed, list):
        raise AnswerRefused("It shows no keys.", code="openid-keys")
    found = []
    for each in listed[:MOST_KEYS]:
        if not isinstance(each, dict) or each.get("use", "sig") != "sig" or each.get("kty") not in KINDS:
            continue
        if each["kty"] == "RSA" and len(str(each.get("n", ""))) < FEWEST_LETTERS:
            continue
        try:
            found.append(KINDS[each["kty"]].import_key({name: each[name] for name in each if name != "d"}))
        except (JoseError, ValueError, KeyError, TypeError):
            continue
    return tuple(found)


def document(answer: Answer) -> dict[str, Any]:
    """Return a JSON object that was answered. Raises ProviderAway for an error, AnswerRefused for anything else."""
    answer.raise_for_status()
    try:
        found = answer.json()
    except ValueError:
        raise AnswerRefused("It answered something that is no JSON.", code="openid-no-json") from None
    if not isinstance(found, dict):
        raise AnswerRefused("It answered something that is no JSON object.", code="openid-no-json")
    return found


def _texts(found: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = found.get(name)
    return tuple(each for each in values if isinstance(each, str)) if isinstance(values, list) else ()


def _address(found: Mapping[str, Any], name: str, issuer: str) -> str:
    value = found.get(name)
    allowed = ("https://",) if issuer.startswith("https://") else ("https://", "http://")
    if not isinstance(value, str) or not value.startswith(allowed) or not value.isascii() or not value.isprintable():
        raise AnswerRefused(f"Its {name} is no address we may use.", code="openid-address")
    return value
