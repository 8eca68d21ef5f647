"""What is needed of whom: a provider's list of trainings, profiles, exceptions, and certificates from elsewhere.

Owns those, and turns what is needed into ordinary assignments. Knows learning and who was seen in practice; knows no
record log, no screen.
"""

from app.requirements.board import board
from app.requirements.carry_out import CarriedOut, carry_out
from app.requirements.erasing import erase, files_of
from app.requirements.errors import RequirementError
from app.requirements.exceptions import end_exception, make_exception
from app.requirements.files import LARGEST_FILE, CheckedFile, checked_file
from app.requirements.outside import Had, decide_outside, note_outside
from app.requirements.profiles import add_profile, change_profile, end_profile, give, take
from app.requirements.queries import (
    exceptions,
    how_many_need,
    needed_since,
    outside,
    outside_file,
    profiles,
    profiles_of,
    titles_of,
    trainings,
)
from app.requirements.trainings import Asks, add_training, change_training, end_training
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
from app.requirements.usual import Category, TakenUp, Usual, UsualTraining, read_usual, take_up

__all__ = [
    "LARGEST_FILE",
    "Asks",
    "Basis",
    "Board",
    "CarriedOut",
    "Category",
    "Cell",
    "CellStatus",
    "CheckedFile",
    "Dates",
    "Elsewhere",
    "ExceptionView",
    "FileView",
    "Had",
    "How",
    "Met",
    "OutsideState",
    "OutsideView",
    "Period",
    "ProfileView",
    "RequirementError",
    "TakenUp",
    "TrainingView",
    "Usual",
    "UsualTraining",
    "add_profile",
    "add_training",
    "board",
    "carry_out",
    "change_profile",
    "change_training",
    "checked_file",
    "decide_outside",
    "end_exception",
    "end_profile",
    "end_training",
    "erase",
    "exceptions",
    "files_of",
    "give",
    "how_many_need",
    "make_exception",
    "needed_since",
    "note_outside",
    "outside",
    "outside_file",
    "profiles",
    "profiles_of",
    "read_usual",
    "take",
    "take_up",
    "titles_of",
    "trainings",
]
