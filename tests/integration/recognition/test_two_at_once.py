"""Two do the same in the same moment: neither fails, and it is done once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.credentials import StatusList, passport
from app.interop import recognition
from app.interop.recognition import looking
from app.interop.recognition.models import IssuerList
from app.kernel import begin_write
from tests.support.passport import new_link
from tests.support.recognition import Abroad, Receiving
from tests.support.world import NOW

Made = TypeVar("Made")


@pytest.fixture
def heather(database: Engine) -> Iterator[Receiving]:
    with Session(database, expire_on_commit=False) as session:
        far = Abroad(session)
        far.passes()
        far.line()
        yield Receiving(session, far)


def both(database: Engine, act: Callable[[Session], Made]) -> tuple[Made, Made]:
    """Let a second one begin while the first has not committed, and return what each got."""

    def second() -> Made:
        with Session(database) as session:
            begin_write(session)
            found = act(session)
            session.commit()
            return found

    with Session(database) as session, ThreadPoolExecutor(1) as pool:
        begin_write(session)
        mine = act(session)
        other = pool.submit(second)
        # Until the first commits the second can only wait.
        assert wait([other], timeout=0.3).not_done
        session.commit()
        return mine, other.result(timeout=30)


def test_two_managers_trust_an_issuer(database: Engine, heather: Receiving) -> None:
    here, document = heather.provider.id, recognition.fetch_document(heather.far.did, heather.far.fetch)
    heather.session.rollback()
    mine, other = both(
        database, lambda session: recognition.trust(session, here, document, "Thistle", "I rang them.", now=NOW)
    )
    assert mine == other


def test_a_manager_and_the_worker_look_at_a_list_for_the_first_time(database: Engine, heather: Receiving) -> None:
    heather.trust()
    url = heather.far.list_address
    looked = looking.Looked(
        did=heather.far.did, document=None, lists={url: StatusList(url=url, checked_at=NOW, bits=b"\0")}
    )
    heather.session.rollback()
    both(database, lambda session: looking.note(session, looked, now=NOW))
    assert heather.session.scalar(select(func.count()).select_from(IssuerList)) == 1


def test_a_phone_asks_twice_for_the_same_link(database: Engine, heather: Receiving) -> None:
    far = heather.far
    link = new_link([each.uuid for each in far.live().values()])
    here, person = far.provider.id, far.ngozi.person_id
    heather.session.rollback()
    made = both(database, lambda session: passport.share(session, person, here, link, now=NOW))
    assert made == (True, False)
