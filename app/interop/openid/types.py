"""What passes between the door and the OpenID provider."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sign-in on its way: where the browser goes, and what it has to bring back. `verifier` is PKCE's (RFC 7636)."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Who somebody is at the OpenID provider. Only `issuer` and `subject` together name them; an e-mail never does.

    `email` is None unless the provider says that it was verified. `shown` is what they call themselves there, for
    their own eyes. `methods`: acr and amr of this sign-in. `access` asks the provider for what it left out, once.
    """

    issuer: str
    subject: str
    email: str | None
    shown: str
    methods: frozenset[str] = frozenset()
    access: str = field(default="", repr=False)
