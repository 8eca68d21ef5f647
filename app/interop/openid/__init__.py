"""Signing in at an OpenID provider: asking it, and believing only what it proves.

Owns how the provider is asked and which answers are good. Knows no person of ours and no page: who of ours somebody
at the provider is stands in `app.identity`, and what that opens is decided at the door (`app/web/staff`).
"""

from app.interop.openid.client import Client
from app.interop.openid.errors import AnswerRefused, OpenIdError, ProviderAway, SignInStopped
from app.interop.openid.types import Begun, Outside

__all__ = ["AnswerRefused", "Begun", "Client", "OpenIdError", "Outside", "ProviderAway", "SignInStopped"]
