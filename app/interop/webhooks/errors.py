"""What a manager is told when a webhook cannot be made so."""

from __future__ import annotations

from app.kernel import DomainError


class WebhookError(DomainError):
    """A webhook cannot be made so; `field` says where."""

    code = "webhook"
