"""What a form says when something has to be mended: one list for the summary at the top, one line beside each field."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.kernel import DomainError


@dataclass(slots=True)
class Problems:
    """The problems of one form, in the order of its fields: id of the field, what happened and what to do."""

    lines: list[tuple[str, str]] = field(default_factory=list)

    def add(self, field_id: str, words: str) -> None:
        """Note a problem with a field."""
        self.lines.append((field_id, words))

    def add_error(self, error: DomainError, default_field: str) -> None:
        """Note a refusal of a service at the field it names."""
        self.add(error.field or default_field, str(error))

    def of(self, field_id: str) -> str:
        """Return the words to stand beside a field, or an empty text."""
        return next((words for name, words in self.lines if name == field_id), "")

    def __bool__(self) -> bool:
        return bool(self.lines)
