"""A provider far away that issued something, and one that is shown it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.support.recognition import Abroad, Receiving


@pytest.fixture
def far(session: Session) -> Abroad:
    """Thistle Care, where Ngozi passed the module about safety, and was seen at work."""
    made = Abroad(session)
    made.passes()
    made.is_seen()
    made.line()
    return made


@pytest.fixture
def heather(session: Session, far: Abroad) -> Receiving:
    return Receiving(session, far)
