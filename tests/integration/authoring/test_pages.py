"""The desk's pages without scripts: from a title to an edition on phones, and back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app import audit, authoring, catalogue, identity, providers
from app.content import queries as content
from app.content import service as content_service
from app.content.library import load
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from tests.support.desk import words
from tests.support.learning_place import ask_for, joined
from tests.support.library import Place as Folder
from tests.support.publishing import publish_core
from tests.support.website import PASSWORD, Browser, Page, Place, sign_in


@pytest.fixture
def tara(priya: Browser, bramble: Place) -> Browser:
    """Tara's browser: she is a trainer of Bramble, beside Priya, its manager."""
    publish_core(db.session())
    member = providers.add_person(
        db.session(), bramble.provider.id, "Tara Teach", (Role.TRAINER,), now=utc_now(), sign_in_name="tara"
    )
    identity.set_password(db.session(), member.person_id, PASSWORD)
    db.session.commit()
    browser = Browser(priya.client.application.test_client())
    sign_in(browser, "tara")
    return browser


def begun(browser: Browser, bramble: Place, title: str = "The gate") -> authoring.DraftView:
    """A draft begun on the page, with a text that may be published."""
    browser.get("/staff/drafts/new")
    browser.post("/staff/drafts/new", title=title, topic="Our visits")
    draft = the_draft(bramble)
    page = browser.get(f"/staff/drafts/{draft.uuid}")
    assert page.heading == title
    browser.post(f"/staff/drafts/{draft.uuid}", text=words(draft, title=title), based_on=str(draft.revision))
    return the_draft(bramble)


def the_draft(bramble: Place) -> authoring.DraftView:
    db.session.rollback()
    [line] = authoring.list_drafts(db.session(), bramble.provider.id)
    return authoring.open_draft(db.session(), bramble.provider.id, line.uuid)


def noted() -> list[str]:
    db.session.rollback()
    return [
        each.action for each in audit.entries(db.session(), limit=100) if each.action.startswith(("draft", "content"))
    ]


def said(page: Page, path: str) -> list[str]:
    return ["".join(each.itertext()) for each in page.all(path)]


def checked_by(browser: Browser, draft: authoring.DraftView, name: str, role: str, **more: str) -> Page:
    browser.get(f"/staff/drafts/{draft.uuid}/review")
    return browser.post(f"/staff/drafts/{draft.uuid}/checked", name=name, role=role, **more)


def test_from_a_title_to_an_edition(tara: Browser, bramble: Place) -> None:
    carer = joined(bramble, "Ngozi Obi")
    draft = begun(tara, bramble)
    at = f"/staff/drafts/{draft.uuid}"

    page = tara.get(f"{at}/publish")
    assert "No named person has checked the facts yet" in page.text
    tara.get(f"{at}/review")
    assert "In review" not in tara.page.text  # type: ignore[union-attr]
    tara.post(f"{at}/review")
    page = checked_by(tara, draft, "Dr Lee Park", "pharmacist")
    assert page.heading == "Publish The gate"
    assert "Dr Lee Park, pharmacist" in page.text
    page = tara.post(f"{at}/publish")

    assert "Edition 1 of The gate is published" in page.text
    listing = catalogue.listing(db.session(), bramble.provider.id)
    assert draft.key in {offer.edition.key for offer in listing.offers}
    header = {"Authorization": f"Bearer {carer.phone.read}"}
    reply = tara.send("GET", "/api/v1/catalogue?form=short", headers=header)
    assert draft.key in reply.get_data(as_text=True)
    assert {"draft.started", "draft.sent-to-review", "draft.checked", "draft.published"} <= set(noted())


def test_publishing_says_first_whom_it_asks_again(tara: Browser, bramble: Place) -> None:
    draft = begun(tara, bramble)
    at = f"/staff/drafts/{draft.uuid}"
    tara.get(f"{at}/review")
    tara.post(f"{at}/review")
    checked_by(tara, draft, "Dr Lee Park", "pharmacist")
    tara.post(f"{at}/publish")
    for name in ("Ngozi Obi", "Ola Sy"):
        learner = joined(bramble, name)
        ask_for(bramble, learner.member, draft.key, in_days=10)
        if name == "Ngozi Obi":
            sha = the_draft(bramble).based_on or ""
            learner.answers(sha, {"gate-stuck": ["b"]}, at=utc_now() - timedelta(minutes=1), received=utc_now())
    db.session.commit()

    now = the_draft(bramble)
    tara.get(at)
    tara.post(at, text=now.text.replace("Do not climb.", "Never climb."), based_on=str(now.revision))
    tara.get(f"{at}/review")
    tara.post(f"{at}/review")
    page = checked_by(tara, draft, "Dr Lee Park", "pharmacist")

    facts = dict(zip(said(page, ".//dt"), said(page, ".//dd"), strict=True))
    assert facts["Asked for this module now"] == "2 people"
    assert facts["Did an edition that counts"] == "1 person"
    assert facts["How answers are marked"] == "as before"
    assert "1 person will be asked to take it again" in page.text
    page = tara.post(f"{at}/publish", change="minor")
    assert "Edition 2 of The gate is published" in page.text


def test_who_wrote_alone_is_asked_and_carers_are_told(tara: Browser, bramble: Place) -> None:
    draft = begun(tara, bramble)
    tara.get(f"/staff/drafts/{draft.uuid}/review")
    tara.post(f"/staff/drafts/{draft.uuid}/review")

    page = checked_by(tara, draft, "Tara Teach", "care trainer")
    assert page.status == 400
    assert "checked by Tara Teach, care trainer, who also wrote it" in page.text
    assert the_draft(bramble).checked_by is None

    tara.post(f"/staff/drafts/{draft.uuid}/checked", name="Tara Teach", role="care trainer", alone="yes")
    assert the_draft(bramble).checked_by == "Tara Teach, care trainer, who also wrote it"


def test_a_comment_stands_at_its_line_and_can_be_dealt_with(tara: Browser, priya: Browser, bramble: Place) -> None:
    draft = begun(tara, bramble)
    at, line = f"/staff/drafts/{draft.uuid}", draft.text.split("\n").index("## The gate") + 1
    priya.get(f"{at}/review")
    page = priya.post(f"{at}/comments", line=str(line), text="Which gate?")
    assert "Which gate? Priya Nair, today" in page.text
    assert "1 comment is still open" in page.text
    [comment] = authoring.comments(db.session(), bramble.provider.id, draft.uuid)

    tara.get(at)
    tara.post(at, text=draft.text.replace("## The gate", "## The garden gate"), based_on=str(draft.revision))
    page = tara.get(f"{at}/review")
    assert "The line was: ## The gate" in page.text
    page = tara.post(f"{at}/comments/{comment.uuid}/resolve")

    assert "Dealt with by Tara Teach" in page.text
    assert priya.post(f"{at}/comments", line="9999", text="x").status == 400


def test_history_shows_what_changed_and_brings_a_text_back(tara: Browser, bramble: Place) -> None:
    draft = begun(tara, bramble)
    at = f"/staff/drafts/{draft.uuid}"
    tara.get(at)
    tara.post(at, text=draft.text.replace("Lift it as you push", "Pull it"), based_on=str(draft.revision))

    page = tara.get(f"{at}/history?before={draft.revision}&after={draft.revision + 1}")
    assert "Taken out: " in page.text
    assert [e.text for e in page.all(".//ins")] != []
    assert tara.get(f"{at}/history/1").heading == f"Text 1 of {draft.title}"
    for number in (99, 10**12, 10**30):
        assert tara.get(f"{at}/history/{number}").status == 404
    tara.get(f"{at}/history")
    page = tara.post(f"{at}/restore", revision=str(draft.revision))

    assert f"Text {draft.revision} is in use again" in page.text
    assert the_draft(bramble).text == draft.text


def test_a_draft_can_be_put_away_and_brought_back(tara: Browser, bramble: Place) -> None:
    draft = begun(tara, bramble)
    tara.get("/staff/modules")
    page = tara.post(f"/staff/drafts/{draft.uuid}/put-away")
    assert "Put away" in said(page, ".//h2")
    tara.post(f"/staff/drafts/{draft.uuid}/bring-back")
    assert the_draft(bramble).put_away_at is None


def test_a_module_that_came_with_the_server_is_copied_and_stays(tara: Browser, bramble: Place, tmp_path: Path) -> None:
    library = load(Folder(tmp_path / "content").root)
    content_service.publish(db.session(), library, now=utc_now())
    db.session.commit()
    page = tara.get("/staff/modules/on-the-stairs")
    assert "publishes this module, so it cannot be changed here" in page.text

    page = tara.post("/staff/modules/on-the-stairs/copy")

    draft = the_draft(bramble)
    assert page.heading == draft.title == "On the stairs"
    assert draft.key.startswith("on-the-stairs-")
    assert [each.name for each in draft.media] == ["stairs.svg"]
    assert "On the stairs (edition 1 of on-the-stairs), by Test, CC-BY-4.0" in draft.text
    assert "checked_by:\n" in draft.text
    assert content.current_edition(db.session(), "on-the-stairs") is not None
    assert not authoring.check_draft(db.session(), bramble.provider.id, draft.uuid, now=utc_now()).stops


def test_withdrawing_wants_a_reason_and_tells_phones(tara: Browser, bramble: Place) -> None:
    carer = joined(bramble, "Ngozi Obi")
    draft = begun(tara, bramble)
    at = f"/staff/drafts/{draft.uuid}"
    tara.get(f"{at}/review")
    tara.post(f"{at}/review")
    checked_by(tara, draft, "Dr Lee Park", "pharmacist")
    tara.post(f"{at}/publish")

    address = f"/staff/modules/{draft.key}/withdraw"
    tara.get(address)
    assert tara.post(address, reason="").status == 400
    page = tara.post(address, reason="The gate opens outwards now.", safety="yes")

    assert page.heading == "Modules"
    reply = tara.send(
        "GET", "/api/v1/catalogue?form=short", headers={"Authorization": f"Bearer {carer.phone.read}"}
    ).get_json()
    [gone] = reply["withdrawn"]
    assert (gone["key"], gone["safety"], gone["reason"]) == (draft.key, True, "The gate opens outwards now.")
    assert tara.get(address).status == 404
    assert "content.withdrawn" in noted()


def test_nobody_withdraws_what_came_with_the_server(tara: Browser, tmp_path: Path) -> None:
    content_service.publish(db.session(), load(Folder(tmp_path / "content").root), now=utc_now())
    db.session.commit()
    assert tara.get("/staff/modules/on-the-stairs/withdraw").status == 404


def test_an_assessor_reads_the_list_and_writes_nothing(tara: Browser, bramble: Place) -> None:
    draft = begun(tara, bramble)
    member = bramble.add("Ash Assessor", Role.ASSESSOR)
    identity.set_sign_in_name(db.session(), member.person_id, "ash")
    identity.set_password(db.session(), member.person_id, PASSWORD)
    db.session.commit()
    browser = Browser(tara.client.application.test_client())
    sign_in(browser, "ash")
    page = browser.get("/staff/modules")
    assert "Your own modules" not in page.text
    assert draft.title not in page.text
    for address in ("/staff/drafts/new", f"/staff/drafts/{draft.uuid}", f"/staff/drafts/{draft.uuid}/review"):
        assert browser.get(address).status == 403
