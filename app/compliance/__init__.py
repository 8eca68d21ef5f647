"""Who is trained, due and overdue: what a manager sees of a provider's people.

Owns no table. Reads memberships and learning, always starting from one provider. Knows no record log and no screen.
"""

from app.compliance.queries import people_overview, person_report
from app.compliance.rules import goes_today, in_order_of_need, need_of
from app.compliance.types import ModuleDate, ModuleReport, Need, PersonReport, PersonSummary

__all__ = [
    "ModuleDate",
    "ModuleReport",
    "Need",
    "PersonReport",
    "PersonSummary",
    "goes_today",
    "in_order_of_need",
    "need_of",
    "people_overview",
    "person_report",
]
