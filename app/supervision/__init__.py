"""Supervision: meetings of managers and carers, development plans, induction.

Owns when a supervision, an appraisal or a spot check is due next, what was written down and agreed there, the goals a
carer and their manager work towards, and the checklist until the first visit alone. It knows nothing of how records
arrive, and nothing of people receiving care: what is written here is about the person who works.
"""

from app.supervision.acts import ACT_KINDS, LONGEST_GOAL, apply, forget_everything_worked_out, understand
from app.supervision.erasing import erase
from app.supervision.errors import SupervisionError
from app.supervision.induction import first_visit_of, first_visits, inductions_of, items_of, set_items
from app.supervision.plan import add_goal, comment, end_entry, plans_of
from app.supervision.queries import ANY_OF_ONE, due_of, late_actions, meetings_of, periods_of
from app.supervision.service import (
    LONGEST_LINE,
    LONGEST_NOTES,
    has_action,
    record_meeting,
    set_period,
    take_out_meeting,
    tick,
    untick,
)
from app.supervision.types import (
    ActionView,
    Comment,
    Due,
    GoalView,
    InductionLine,
    ItemView,
    MeetingKind,
    MeetingView,
    NewAction,
    NewMeeting,
    Origin,
    Period,
    Standing,
    Unit,
)

__all__ = [
    "ACT_KINDS",
    "ANY_OF_ONE",
    "LONGEST_GOAL",
    "LONGEST_LINE",
    "LONGEST_NOTES",
    "ActionView",
    "Comment",
    "Due",
    "GoalView",
    "InductionLine",
    "ItemView",
    "MeetingKind",
    "MeetingView",
    "NewAction",
    "NewMeeting",
    "Origin",
    "Period",
    "Standing",
    "SupervisionError",
    "Unit",
    "add_goal",
    "apply",
    "comment",
    "due_of",
    "end_entry",
    "erase",
    "first_visit_of",
    "first_visits",
    "forget_everything_worked_out",
    "has_action",
    "inductions_of",
    "items_of",
    "late_actions",
    "meetings_of",
    "periods_of",
    "plans_of",
    "record_meeting",
    "set_items",
    "set_period",
    "take_out_meeting",
    "tick",
    "understand",
    "untick",
]
