"""What a provider adds to a module everybody has, on both databases."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app import audit, authoring, privacy, providers
from app.authoring import NoModule, NoRevision, NotNow, PageUnfit, TooLong
from app.providers import Role
from tests.support.desk import Desk, a_desk
from tests.support.editions import edition
from tests.support.publishing import publish
from tests.support.world import NOW

CASES = json.loads((Path(__file__).parents[2] / "contract/local-pages/words.json").read_text())


@pytest.fixture
def desk(session: Session) -> Desk:
    """A provider that is offered one module."""
    made = a_desk(session)
    publish(session, edition())
    session.commit()
    return made


def write(desk: Desk, text: str, on: int = 0, module: str = "a-module") -> bool:
    """Amina writes a wording over number `on`; committed."""
    done = authoring.write_local_page(
        desk.session, desk.provider.id, module, text, based_on=on, by=desk.amina.person_id, now=NOW
    )
    desk.session.commit()
    return done


def shown(desk: Desk) -> Mapping[str, str]:
    return authoring.local_pages(desk.session, desk.provider.id)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_page_is_shown_as_phones_expect_it(desk: Desk, case: dict[str, str]) -> None:
    assert write(desk, case["text"])

    assert shown(desk) == {case["module"]: case["html"]}


def test_it_stays_when_the_module_has_a_new_edition(session: Session, desk: Desk) -> None:
    write(desk, "Ring the office")
    publish(session, edition(number=2, change="major"), at=NOW + timedelta(days=1))
    session.commit()

    assert shown(desk) == {"a-module": "<p>Ring the office</p>"}


def test_another_provider_has_a_page_of_its_own_or_none(session: Session, desk: Desk) -> None:
    there = a_desk(session, "Thistle Care", core=False)
    write(desk, "Ring the office")

    assert shown(there) == {}
    assert authoring.local_page(session, there.provider.id, "a-module") is None
    assert write(there, "Ring nobody")
    assert (shown(desk), shown(there)) == (
        {"a-module": "<p>Ring the office</p>"},
        {"a-module": "<p>Ring nobody</p>"},
    )
    with pytest.raises(NoRevision):
        authoring.restore_local_page(
            session, there.provider.id, "a-module", 2, based_on=1, by=there.amina.person_id, now=NOW
        )


def test_taken_away_it_can_be_brought_back_and_every_wording_is_kept(session: Session, desk: Desk) -> None:
    write(desk, "First")
    assert not write(desk, "First\n", 1)
    write(desk, "Second", 1)
    write(desk, "", 2)
    assert shown(desk) == {}

    again = authoring.restore_local_page(
        session, desk.provider.id, "a-module", 1, based_on=3, by=desk.ben.person_id, now=NOW
    )

    assert again
    assert shown(desk) == {"a-module": "<p>First</p>"}
    history = authoring.local_history(session, desk.provider.id, "a-module")
    assert [(each.number, each.text, each.by, each.restored) for each in history] == [
        (4, "First", "Ben of Bramble Home Care", 1),
        (3, "", "Amina of Bramble Home Care", None),
        (2, "Second", "Amina of Bramble Home Care", None),
        (1, "First", "Amina of Bramble Home Care", None),
    ]


def test_who_was_slower_is_told_and_overwrites_nobody(desk: Desk) -> None:
    write(desk, "From Ben")

    with pytest.raises(NotNow, match="Somebody else changed this page"):
        write(desk, "From Amina")

    assert shown(desk) == {"a-module": "<p>From Ben</p>"}


def test_what_is_too_long_or_does_not_belong_there_is_not_kept(session: Session, desk: Desk) -> None:
    assert write(desk, "a" * authoring.LONGEST_PAGE)
    for text, refused in (("a" * 2001, TooLong), ("a" * 1_000_000, TooLong), ("## Ours", PageUnfit)):
        with pytest.raises(refused):
            write(desk, text, 1)
    with pytest.raises(NoModule):
        write(desk, "Ring", module="no-such-module")
    assert authoring.preview_local_page("Ring") == "<p>Ring</p>"

    assert len(authoring.local_history(session, desk.provider.id, "a-module")) == 1


def test_erasing_somebody_leaves_their_words_written_by_nobody(session: Session, desk: Desk) -> None:
    there = a_desk(session, "Thistle Care", core=False)
    providers.add_membership(session, there.provider.id, desk.amina.person_id, [Role.TRAINER], now=NOW)
    for place in (desk, there):
        authoring.write_local_page(
            session, place.provider.id, "a-module", "Ring", based_on=0, by=desk.amina.person_id, now=NOW
        )
    session.commit()

    privacy.erase(session, desk.provider, desk.amina, actor=audit.OPERATOR, now=NOW)
    session.commit()

    pages = [authoring.local_page(session, place.provider.id, "a-module") for place in (desk, there)]
    assert [(page.text, page.by) for page in pages if page] == [("Ring", ""), ("Ring", "Amina of Bramble Home Care")]
