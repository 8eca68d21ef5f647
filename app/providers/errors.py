"""What can go wrong with providers, memberships and invites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel import DomainError

if TYPE_CHECKING:
    from app.providers.types import InviteTrouble


class ProviderError(DomainError):
    """The root of this package's errors; `code` says which."""

    code = "provider"


class InviteRefused(ProviderError):
    """The code cannot be accepted; `trouble` says why and `str()` says what to do."""

    code = "invite-refused"

    def __init__(self, trouble: InviteTrouble) -> None:
        super().__init__(trouble.message, code=f"invite-{trouble.problem}", field="code")
        self.trouble = trouble
