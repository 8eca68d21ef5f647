"""What is needed of whom: a provider's list of trainings, profiles, exceptions, and certificates from elsewhere.

Owns those, and turns what is needed into ordinary assignments. Knows learning and who was seen in practice; knows no
record log, no screen.
"""

from app.requirements.board import board
from app.requirements.erasing import erase, files_of
from app.requirements.errors import RequirementError
from app.requirements.queries import exceptions, outside, outside_file, profiles, profiles_of, trainings
from app.requirements.types import (
    Basis,
    Board,
    Cell,
    CellStatus,
    Dates,
    Elsewhere,
    ExceptionView,
    FileView,
    How,
    Met,
    OutsideState,
    OutsideView,
    Period,
    ProfileView,
    TrainingView,
)

__all__ = [
    "Basis",
    "Board",
    "Cell",
    "CellStatus",
    "Dates",
    "Elsewhere",
    "ExceptionView",
    "FileView",
    "How",
    "Met",
    "OutsideState",
    "OutsideView",
    "Period",
    "ProfileView",
    "RequirementError",
    "TrainingView",
    "board",
    "erase",
    "exceptions",
    "files_of",
    "outside",
    "outside_file",
    "profiles",
    "profiles_of",
    "trainings",
]
