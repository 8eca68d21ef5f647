"""A learner agrees to what their phone showed; what is kept has to be just that."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app import assessment, sync
from app.assessment import ObservationView, State
from app.assessment.models import Observation
from app.assessment.saw import digest_of
from app.providers import Role
from tests.support.practice import appoint, confirms, publish_framework, saw
from tests.support.world import NOW, add_person, add_phone, add_provider, words


class Kitchen:
    """Dawn watched Ngozi; both phones have sent nothing yet."""

    def __init__(self, session: Session) -> None:
        publish_framework(session)
        self.session = session
        self.provider = add_provider(session)
        dawn = add_person(session, self.provider, "Dawn Marsh", (Role.ASSESSOR, Role.LEARNER))
        self.ngozi = add_person(session, self.provider, "Ngozi Obi", (Role.LEARNER,))
        self.priya = add_person(session, self.provider, "Priya Nair", (Role.MANAGER,))
        appoint(session, self.provider, dawn)
        self.dawns, self.ngozis = add_phone(session, dawn), add_phone(session, self.ngozi)
        self.made = saw(self.dawns, self.ngozi.person_uuid, {"1.1c": "yes", "1.2a": "not-yet"})

    def digest(self, *, whole: bool, **changes: Any) -> str:
        data = self.made["data"]
        shown = {
            "standard": 1,
            "seen_on": date.fromisoformat(data["seen_on"]),
            "lines": [(d["code"], d["decision"], d["saw"] if whole else None) for d in data["decisions"]],
            "next_step": data["next_step"],
            "next_on": date.fromisoformat(data["next_on"]) if whole else None,
        }
        return digest_of(**{**shown, **changes})

    def says(self, digest: str | None, *, agrees: bool = True) -> None:
        said = confirms(self.ngozis, self.made["id"], agrees=agrees, saw=digest)
        assert words(self.ngozis.send(self.session, said)) == ["stored"]

    def arrives(self) -> None:
        self.dawns.send(self.session, self.made)

    @property
    def view(self) -> ObservationView:
        [found] = assessment.observations_of(self.session, self.provider.id, [self.ngozi.person_id])
        return found


@pytest.fixture
def kitchen(session: Session) -> Kitchen:
    return Kitchen(session)


@pytest.mark.parametrize("first", ["assessor", "learner"])
@pytest.mark.parametrize("whole", [True, False])
def test_just_what_was_shown_counts_whichever_phone_sends_first(kitchen: Kitchen, first: str, whole: bool) -> None:
    steps = [kitchen.arrives, lambda: kitchen.says(kitchen.digest(whole=whole))]
    for step in steps if first == "assessor" else reversed(steps):
        step()
    assert (kitchen.view.state, kitchen.view.other) == (State.COUNTS, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": [("1.1c", "yes", None), ("1.2a", "yes", None)]},
        {"lines": [("1.1c", "yes", None)]},
        {"standard": 13},
        {"seen_on": date(2026, 6, 13)},
        {"next_step": None},
    ],
)
def test_yes_to_something_else_is_no_yes(kitchen: Kitchen, changes: dict[str, Any]) -> None:
    kitchen.arrives()
    kitchen.says(kitchen.digest(whole=False, **changes))
    view = kitchen.view
    assert (view.state, view.other, view.counting) == (State.DISAGREED, True, frozenset())
    assert view.waits_for_manager

    assert assessment.countersign(
        kitchen.session,
        kitchen.provider.id,
        kitchen.ngozi.person_id,
        view.record,
        by=kitchen.priya.person_id,
        words="Both say it was so",
        now=NOW,
    )
    assert kitchen.view.state is State.COUNTS


def test_a_phone_that_says_nothing_of_its_screen_is_believed_as_before(kitchen: Kitchen) -> None:
    kitchen.arrives()
    kitchen.says(None)
    assert (kitchen.view.state, kitchen.view.other) == (State.COUNTS, False)


def test_a_no_stays_a_no_whatever_was_shown(kitchen: Kitchen) -> None:
    kitchen.arrives()
    kitchen.says(kitchen.digest(whole=True), agrees=False)
    assert (kitchen.view.state, kitchen.view.other) == (State.DISAGREED, False)


def test_rows_from_before_digests_were_kept_are_compared_too_and_rebuilding_keeps_them(kitchen: Kitchen) -> None:
    kitchen.arrives()
    kitchen.says(kitchen.digest(whole=True))
    session = kitchen.session
    session.execute(update(Observation).values(digests=None))
    session.commit()
    assert kitchen.view.state is State.COUNTS
    sync.rebuild(session)
    session.commit()
    assert kitchen.view.state is State.COUNTS
    assert session.get(Observation, UUID(kitchen.made["id"])).digests.split()[0] == kitchen.digest(whole=True)  # type: ignore[union-attr]
