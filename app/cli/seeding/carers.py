"""The carers of the small provider, and the months they have behind them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One attempt: the how-manyth module, how long ago, how well ("well", "mixed", "badly"), how long unsent."""

    module: int
    days_ago: float
    how: str = "well"
    hours_unsent: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Carer:
    """Somebody to make up. `asked`: the how-manyth module and the days from now it is due in, None for no date."""

    name: str
    days_here: int
    joined: bool = True
    studies: tuple[Study, ...] = ()
    asked: tuple[tuple[int, int | None], ...] = ()
    left_days_ago: int | None = None
    held: bool = False


CARERS = (
    Carer(
        name="Ngozi Obi",
        days_here=210,
        studies=tuple(Study(module=n, days_ago=150 - 20 * n, hours_unsent=n % 3 * 4) for n in range(6)),
        asked=((6, 20), (7, 45), (2, None)),
    ),
    Carer(
        name="Marta Kowalska",
        days_here=400,
        studies=(
            Study(module=0, days_ago=380),
            Study(module=1, days_ago=378, how="mixed"),
            Study(module=3, days_ago=40),
        ),
        asked=((0, -15), (1, -3), (4, 12)),
    ),
    Carer(name="Delroy Campbell", days_here=95, studies=(Study(module=0, days_ago=80),), asked=((1, -19), (2, 6))),
    Carer(
        name="Aisha Rahman",
        days_here=160,
        studies=tuple(Study(module=n, days_ago=120 - 12 * n, how="well" if n % 3 else "mixed") for n in range(8)),
        asked=((8, 60),),
    ),
    Carer(
        name="Gwen Pritchard",
        days_here=700,
        studies=tuple(Study(module=n, days_ago=200 - 9 * n, hours_unsent=30) for n in range(10)),
        asked=((3, None), (5, None)),
    ),
    Carer(
        name="Kwame Mensah",
        days_here=34,
        studies=(
            Study(module=0, days_ago=30),
            Study(module=1, days_ago=0.15, how="badly"),
            Study(module=1, days_ago=0.13, how="badly"),
            Study(module=1, days_ago=0.11, how="badly"),
        ),
        asked=((1, 4), (2, 18)),
    ),
    Carer(name="Sunita Thapa", days_here=60, studies=(Study(module=0, days_ago=50, how="badly"),), asked=((0, 9),)),
    Carer(
        name="Ioana Popescu",
        days_here=250,
        studies=(Study(module=2, days_ago=21, hours_unsent=260), Study(module=4, days_ago=20, hours_unsent=240)),
        asked=((2, 30), (4, 30), (5, 30)),
        held=True,
    ),
    Carer(name="Callum Reid", days_here=12, joined=False, asked=((0, 16), (1, 30))),
    Carer(name="Fatuma Ali", days_here=2, joined=False),
    Carer(name="Jean-Paul Mukendi", days_here=45, studies=(Study(module=0, days_ago=3),), asked=((0, 1), (1, 14))),
    Carer(name="Bronagh O'Neill", days_here=310, studies=(Study(module=5, days_ago=90),), left_days_ago=25),
    Carer(name="Chidi Eze", days_here=5, asked=((0, 25),)),
)
