"""The base of every error a person may meet."""

from __future__ import annotations


class DomainError(Exception):
    """Expected trouble with words for a person and attributes for a program.

    `str(error)` says what happened and what to do next; `code` is stable and lower-case-with-hyphens; `field` names the
    form field or JSON path it concerns, when there is one.
    """

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.code = code or type(self).code
        self.field = field
