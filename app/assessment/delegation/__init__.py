"""Delegated tasks: one task, for one person receiving care, that a named clinician found one carer competent to do.

Owns who may do what, for whom and until when, as clinicians signed it, and what was withdrawn. The person receiving
care stands here by an alias only. No module, quiz or observation gives such a competence, and it never leaves the
provider.
"""

from app.assessment.delegation.alias import LONGEST_ALIAS, why_not_alias, why_not_words
from app.assessment.delegation.erasing import erase
from app.assessment.delegation.queries import ANY_OF_ONE, in_force, of
from app.assessment.delegation.rules import LONGEST_MONTHS, SOON_DAYS, last_day, standing
from app.assessment.delegation.service import bring_back, give, problems_of, withdraw, withdraw_all
from app.assessment.delegation.types import DelegationView, NewDelegation, Standing, Withdrawn

__all__ = [
    "ANY_OF_ONE",
    "LONGEST_ALIAS",
    "LONGEST_MONTHS",
    "SOON_DAYS",
    "DelegationView",
    "NewDelegation",
    "Standing",
    "Withdrawn",
    "bring_back",
    "erase",
    "give",
    "in_force",
    "last_day",
    "of",
    "problems_of",
    "standing",
    "why_not_alias",
    "why_not_words",
    "withdraw",
    "withdraw_all",
]
