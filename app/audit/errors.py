"""What a caller of the audit trail can get wrong. A person never meets these: a test does."""

from __future__ import annotations

from app.kernel import DomainError


class AuditError(DomainError):
    """The root of this package's errors."""

    code = "audit"


class UnknownAction(AuditError):
    """The action is not in the registry, `app/audit/actions.py`."""

    code = "unknown-action"


class UnknownDetail(AuditError):
    """A detail is not one its action has, or its value could be somebody's words instead of a key."""

    code = "unknown-detail"
