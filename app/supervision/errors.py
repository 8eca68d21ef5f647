"""What may go wrong when supervision is written down."""

from __future__ import annotations

from app.kernel import DomainError


class SupervisionError(DomainError):
    """Something typed cannot be kept as it is. `field` names the field of the form."""

    code = "supervision"
