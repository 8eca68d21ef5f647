"""The page on which a provider adds its own words to a module, without scripts."""

from __future__ import annotations

import pytest

from app import audit, authoring, identity, providers
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from tests.support.editions import edition
from tests.support.publishing import publish, publish_core
from tests.support.website import PASSWORD, Browser, Page, Place, sign_in
from tests.support.world import add_person, add_provider

AT = "/staff/modules/a-module/local-page"


@pytest.fixture
def tara(priya: Browser, bramble: Place) -> Browser:
    """Tara's browser: she is a trainer of Bramble, which is offered one module."""
    publish_core(db.session())
    publish(db.session(), edition(title="The first five minutes"))
    member = providers.add_person(
        db.session(), bramble.provider.id, "Tara Teach", (Role.TRAINER,), now=utc_now(), sign_in_name="tara"
    )
    identity.set_password(db.session(), member.person_id, PASSWORD)
    db.session.commit()
    browser = Browser(priya.client.application.test_client())
    sign_in(browser, "tara")
    return browser


def card(page: Page) -> str:
    """The words of the page as people see them, by its card."""
    return " ".join("".join(each.itertext()) for each in page.all(".//div[@class='bv-local']")).strip()


def noted() -> list[str]:
    db.session.rollback()
    return [each.action for each in audit.entries(db.session(), limit=100) if each.action.startswith("local-page")]


def test_words_are_looked_at_saved_taken_away_and_brought_back(tara: Browser, bramble: Place) -> None:
    page = tara.get("/staff/modules/a-module")
    assert "Our own page" in page.text
    assert tara.get(AT).heading == "Our own page: The first five minutes"

    page = tara.post(AT, text="Ring **0161 496 0000**\n<", do="look")
    assert " ".join(card(page).split()) == "From Bramble Home Care Ring 0161 496 0000 <"
    assert "This is not saved yet." in page.text
    assert authoring.local_pages(db.session(), bramble.provider.id) == {}

    page = tara.post(AT, text="Ring **0161 496 0000**\n<")
    assert "Saved." in page.text
    assert page.all(".//div[@class='bv-local']//a")[0].get("href") == "tel:01614960000"
    assert tara.post(AT, text="Ring **0161 496 0000**\n<").text.count("These are the words in use already.") == 1
    page = tara.post(AT, text="whatever stands here", do="remove")
    assert "The page is taken away." in page.text
    assert card(page) == ""

    page = tara.post(f"{AT}/restore")
    assert "It is back." in page.text
    assert "Tara Teach brought this back" in page.text
    assert "0161 496 0000" in card(page)
    assert sorted(noted()) == ["local-page.removed", "local-page.restored", "local-page.written"]


def test_what_does_not_belong_there_is_said_and_the_words_are_kept_in_the_form(tara: Browser) -> None:
    tara.get(AT)
    for do in ("look", "save"):
        page = tara.post(AT, text="## Ours\n\nRing us", do=do)
        assert page.status == 422
        assert "Headings are not used here." in page.text
        assert "Ring us" in "".join(page.all(".//textarea")[0].itertext())
    assert noted() == []


def test_who_was_slower_reads_the_others_words_and_loses_none(tara: Browser, priya: Browser) -> None:
    tara.get(AT)
    priya.get(AT)
    priya.post(AT, text="Priya's words")

    page = tara.post(AT, text="Tara's words")
    assert page.status == 409
    assert "Somebody else changed this page meanwhile." in page.text
    assert "Priya's words" in card(page)
    assert "Tara's words" in "".join(page.all(".//textarea")[0].itertext())

    page = tara.post(AT, text="Both of our words")
    assert "Both of our words" in card(page)


def test_another_providers_words_are_nowhere_to_be_seen(tara: Browser) -> None:
    there = add_provider(db.session(), "Thistle Care")
    by = add_person(db.session(), there, "Tom Reed")
    for number, text in enumerate(("Thistle's words", "More of them", "And more")):
        authoring.write_local_page(
            db.session(), there.id, "a-module", text, based_on=number, by=by.person_id, now=utc_now()
        )
    db.session.commit()

    assert "Thistle" not in tara.get(AT).text
    tara.post(AT, text="Ours")
    tara.post(AT, text="")
    page = tara.post(f"{AT}/restore", number="3")
    assert "There is no such wording of this page." in page.text
    assert card(page) == ""
    assert tara.get("/staff/modules/no-such-module/local-page").status == 404


def test_carers_and_assessors_have_no_such_page(bramble: Place, priya: Browser, tara: Browser) -> None:
    member = providers.add_person(
        db.session(), bramble.provider.id, "Asa", (Role.ASSESSOR,), now=utc_now(), sign_in_name="asa"
    )
    identity.set_password(db.session(), member.person_id, PASSWORD)
    db.session.commit()
    asa = Browser(priya.client.application.test_client())
    sign_in(asa, "asa")
    assert asa.get(AT).status in (403, 404)
