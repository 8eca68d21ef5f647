"""Training for the Adult Social Care Workforce Data Set: the file its bulk upload takes, and staff values to copy.

Owns what a provider's workplace is called there. The file is made; sending it, with the provider's own workplace and
staff files, is the provider's act.
"""

from app.interop.asc_wds.errors import AscWdsError
from app.interop.asc_wds.gather import Upload, upload
from app.interop.asc_wds.models import Workplace
from app.interop.asc_wds.rules import Line, expiry, line_done_elsewhere, line_done_here, to_csv, trouble_with
from app.interop.asc_wds.staff import StaffValues, staff_values
from app.interop.asc_wds.workplace import set_workplace, workplace_of

__all__ = [
    "AscWdsError",
    "Line",
    "StaffValues",
    "Upload",
    "Workplace",
    "expiry",
    "line_done_elsewhere",
    "line_done_here",
    "set_workplace",
    "staff_values",
    "to_csv",
    "trouble_with",
    "upload",
    "workplace_of",
]
