"""Who is trained, due and overdue: what a manager sees of a provider's people.

Owns no table about people. Reads memberships, what is needed of them and learning, always starting from one provider.
Knows no record log and no screen.
"""

from app.compliance.cell_words import STATE_WORDS, detail_of, sum_words, text_of
from app.compliance.handout import MissedQuestion, missed_questions
from app.compliance.induction_figures import InductionTime, induction_time, time_of
from app.compliance.matrix import matrix
from app.compliance.matrix_tables import lines_table, matrix_table
from app.compliance.matrix_types import Filters, Matrix, Sum
from app.compliance.matrix_types import Row as MatrixRow
from app.compliance.memory import Mark, News, by_person, remembered
from app.compliance.pay import Month, month_of_pay, months_until, pay_table
from app.compliance.practice_figures import NotYetStandard, most_often_not_yet, not_yet_standards
from app.compliance.practice_seen import PracticeSeen, practice_seen
from app.compliance.practice_words import DECISIONS, METHODS, state_words
from app.compliance.queries import Chains, people_overview, person_report
from app.compliance.rules import goes_today, in_order_of_need, need_of
from app.compliance.types import ModuleDate, ModuleReport, Need, PersonReport, PersonSummary

__all__ = [
    "DECISIONS",
    "METHODS",
    "STATE_WORDS",
    "Chains",
    "Filters",
    "InductionTime",
    "Mark",
    "Matrix",
    "MatrixRow",
    "MissedQuestion",
    "ModuleDate",
    "ModuleReport",
    "Month",
    "Need",
    "News",
    "NotYetStandard",
    "PersonReport",
    "PersonSummary",
    "PracticeSeen",
    "Sum",
    "by_person",
    "detail_of",
    "goes_today",
    "in_order_of_need",
    "induction_time",
    "lines_table",
    "matrix",
    "matrix_table",
    "missed_questions",
    "month_of_pay",
    "months_until",
    "most_often_not_yet",
    "need_of",
    "not_yet_standards",
    "pay_table",
    "people_overview",
    "person_report",
    "practice_seen",
    "remembered",
    "state_words",
    "sum_words",
    "text_of",
    "time_of",
]
