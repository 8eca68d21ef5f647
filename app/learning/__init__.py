"""What people are asked to learn, what they did, and where that leaves them.

Owns assignments, resets, marking, statuses, and the tables worked out from the record log. Knows no phone and no batch.
"""

from app.learning.acts import ACT_KINDS, fits, storable
from app.learning.corrections import (
    decide_pass,
    forget_results_of_edition,
    passes_of_edition,
    passes_to_decide,
    remarks_by,
)
from app.learning.editions import studied_editions
from app.learning.erasing import erase, forget_words, kept_results
from app.learning.models import Assignment, AttemptReset, AttemptResult, Completed, LessonRead, Reflection, Remark
from app.learning.progress import progress
from app.learning.queries import (
    assignments_of,
    attempts_of,
    lesson_reads_of,
    reflections_of,
    resets_of,
    standings_of,
)
from app.learning.rules import add_months, mark, outcome, quiz_of, standing, valid_until
from app.learning.service import apply, assign, end_assignment, forget_everything_worked_out, reset_attempts
from app.learning.types import (
    Act,
    Answer,
    Asked,
    AssignmentView,
    AttemptView,
    Completion,
    EditionStep,
    Half,
    LessonReadView,
    PassToDecide,
    Question,
    QuestionResult,
    Quiz,
    ReflectionView,
    RemarkView,
    Result,
    StandardProgress,
    Standing,
    Status,
    StudiedEdition,
)

__all__ = [
    "ACT_KINDS",
    "Act",
    "Answer",
    "Asked",
    "Assignment",
    "AssignmentView",
    "AttemptReset",
    "AttemptResult",
    "AttemptView",
    "Completed",
    "Completion",
    "EditionStep",
    "Half",
    "LessonRead",
    "LessonReadView",
    "PassToDecide",
    "Question",
    "QuestionResult",
    "Quiz",
    "Reflection",
    "ReflectionView",
    "Remark",
    "RemarkView",
    "Result",
    "StandardProgress",
    "Standing",
    "Status",
    "StudiedEdition",
    "add_months",
    "apply",
    "assign",
    "assignments_of",
    "attempts_of",
    "decide_pass",
    "end_assignment",
    "erase",
    "fits",
    "forget_everything_worked_out",
    "forget_results_of_edition",
    "forget_words",
    "kept_results",
    "lesson_reads_of",
    "mark",
    "outcome",
    "passes_of_edition",
    "passes_to_decide",
    "progress",
    "quiz_of",
    "reflections_of",
    "remarks_by",
    "reset_attempts",
    "resets_of",
    "standing",
    "standings_of",
    "storable",
    "studied_editions",
    "valid_until",
]
