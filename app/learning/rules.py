"""Every decision about learning, as pure functions: marking an attempt, and where somebody stands with a module."""

from app.learning.marking import mark, outcome, quiz_of
from app.learning.status import add_months, standing, valid_until

__all__ = ["add_months", "mark", "outcome", "quiz_of", "standing", "valid_until"]
