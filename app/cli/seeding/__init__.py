"""Made-up providers for development: a small one, and a large one of 400 carers over three years.

Their records are made as phones make them and taken in by the same intake, so every page and figure drawn from them is
one that real use would give. Both are the same each time they are built.
"""

from app.cli.seeding.carers import CARERS
from app.cli.seeding.command import DEVELOPMENT_PIN, NAMES, Size, command, make_up
from app.cli.seeding.large import CARERS as CARERS_OF_LARGE
from app.cli.seeding.small import DEVELOPMENT_PASSWORD

__all__ = [
    "CARERS",
    "CARERS_OF_LARGE",
    "DEVELOPMENT_PASSWORD",
    "DEVELOPMENT_PIN",
    "NAMES",
    "Size",
    "command",
    "make_up",
]
