"""The list of people in pages of fifty, and what it can be narrowed to."""

from __future__ import annotations

from app import providers
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from app.providers.staff_list import Entry
from app.providers.taking_in import take_in
from tests.support.website import Browser, Page, Place


def names(page: Page) -> list[str]:
    return [each.text or "" for each in page.all(".//span[@class='bv-list__title']")]


def fill(bramble: Place, number: int) -> None:
    entries = [
        Entry(number=n, name=f"Carer {n:04}", reference=f"S{n}", teams="North" if n % 5 == 0 else "")
        for n in range(number)
    ]
    take_in(db.session(), bramble.provider.id, entries, today=utc_now().date(), now=utc_now())
    db.session.commit()


def test_every_person_is_on_one_page_of_fifty(bramble: Place, priya: Browser) -> None:
    fill(bramble, 119)
    seen = []
    for number in (1, 2, 3):
        page = priya.get(f"/staff/people?page={number}")
        assert f"Page {number} of 3, 120 people" in page.text
        assert len(names(page)) == (20 if number == 3 else 50)
        seen += names(page)
    assert len(set(seen)) == 120
    assert names(priya.get("/staff/people?page=99")) == names(priya.get("/staff/people?page=3"))
    assert names(priya.get("/staff/people?page=x&state=nonsense&role=king")) == names(priya.get("/staff/people"))


def test_it_is_narrowed_by_team_role_and_state_and_the_pages_keep_it(bramble: Place, priya: Browser) -> None:
    fill(bramble, 300)
    amina = bramble.add("Amina Diallo", Role.TRAINER)
    north = providers.list_teams(db.session(), bramble.provider.id)[0].uuid
    page = priya.get(f"/staff/people?team={north}&role=learner&state=not-joined")
    assert "60 found." in page.text
    later = [link.get("href", "") for link in page.all(".//nav[@aria-label='Pages']//a")]
    assert len(later) == 1
    assert len(names(priya.get(later[0]))) == 10
    assert names(priya.get("/staff/people?role=trainer")) == ["Amina Diallo"]
    assert "Amina Diallo" in names(priya.get("/staff/people?team=none&state=up-to-date"))
    assert names(priya.get("/staff/people?q=s17")) == ["Carer 0017", *(f"Carer 017{n}" for n in range(10))]
    providers.end_membership(db.session(), bramble.provider.id, amina.person_id, now=utc_now())
    db.session.commit()
    assert names(priya.get("/staff/people?state=left")) == ["Amina Diallo"]
