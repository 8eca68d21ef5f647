"""This package's errors."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel import DomainError


class ContentError(DomainError):
    """Something about the learning on this server cannot be done as asked."""

    code = "content"


class UnknownEdition(ContentError):
    """No such edition was ever published here."""

    code = "unknown-edition"

    @classmethod
    def of(cls, key: str, number: int, numbers: Sequence[int]) -> UnknownEdition:
        """Say which editions there are instead."""
        hint = (
            f"It has {', '.join(map(str, numbers))}." if numbers else "No edition of that key was ever published here."
        )
        return cls(f'There is no edition {number} of "{key}". {hint}', field="edition")


class TextNotKept(ContentError):
    """An edition was published before texts were kept, and not since."""

    code = "no-text"


class UnknownQuestion(ContentError):
    """That edition does not ask this."""

    code = "unknown-question"


class WrongKey(ContentError):
    """What was given as a question's right answer cannot be one."""

    code = "wrong-key"


class LibraryMissing(ContentError):
    """The folder that should hold the learning is not there."""

    code = "content-folder-missing"
