"""What a provider wrote for its own people is no file to anybody else."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from app import authoring, identity, providers
from app.content import queries as content
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from tests.support.desk import PICTURE, Desk, a_desk, words
from tests.support.website import PASSWORD, Browser, set_up, sign_in
from tests.support.world import Phone, add_person, add_phone

GONE = "0" * 64


@dataclass
class Shelf:
    """A private edition with its picture, and phones of three people."""

    desk: Desk
    key: str
    edition: str
    picture: str
    pack: str
    mine: Phone
    theirs: Phone

    @property
    def addresses(self) -> tuple[str, str, str]:
        return f"/e/{self.edition}", f"/m/{self.picture}.svg", f"/e/{self.pack}"


@pytest.fixture
def shelf(app: Flask) -> Shelf:
    session = db.session()
    desk, other = a_desk(session), a_desk(session, "Thistle Care", core=False)
    draft = desk.start(picture=True)
    authoring.add_media(
        session, desk.provider.id, draft.uuid, "gate.svg", PICTURE, by=desk.ben.person_id, now=utc_now()
    )
    done = desk.publish(draft)
    [info] = content.editions_of(session, done.key, desk.provider.uuid)
    [pack] = [each for each in content.documents(session, "pack", desk.provider.uuid) if each.name == draft.pack]
    return Shelf(
        desk=desk,
        key=done.key,
        edition=done.sha,
        picture=info.media[0]["sha"],
        pack=pack.sha,
        mine=add_phone(session, add_person(session, desk.provider), now=utc_now()),
        theirs=add_phone(session, add_person(session, other.provider, "Ola"), now=utc_now()),
    )


def asked(app: Flask, address: str, token: str | None = None) -> tuple[int, str]:
    """Status and body, as a phone without cookies gets them."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    reply = Browser(app.test_client(use_cookies=False)).send("GET", address, headers=headers)
    return reply.status_code, reply.get_data(as_text=True)


def test_a_phone_of_the_provider_gets_them_with_its_read_token_and_nobody_may_keep_them(
    app: Flask, shelf: Shelf
) -> None:
    for address in shelf.addresses:
        header = {"Authorization": f"Bearer {shelf.mine.read}"}
        reply = Browser(app.test_client(use_cookies=False)).send("GET", address, headers=header)
        assert reply.status_code == 200
        assert reply.headers["Cache-Control"] == "private, no-store"


def test_for_everybody_else_there_is_no_such_file(app: Flask, shelf: Shelf) -> None:
    for address in shelf.addresses:
        unknown = asked(app, f"{address[:3]}{GONE}{'.svg' if address.endswith('.svg') else ''}")
        for token in (None, shelf.theirs.read, shelf.mine.append, "no token at all"):
            status, body = asked(app, address, token)
            assert (status, body) == unknown
            assert status == 404


def test_several_at_once_hold_nothing_of_them_for_anybody(app: Flask, shelf: Shelf) -> None:
    asked_for = f"/together/{shelf.edition},{shelf.picture},{shelf.pack}"
    for token in (None, shelf.mine.read, shelf.theirs.read):
        assert asked(app, asked_for, token) == asked(app, f"/together/{GONE}")
        assert asked(app, asked_for, token)[0] == 404


def test_a_token_opens_nothing_once_its_person_has_left(app: Flask, shelf: Shelf) -> None:
    session, provider = db.session(), shelf.desk.provider.id
    providers.end_membership(session, provider, shelf.mine.person_id, now=utc_now())
    session.commit()
    assert asked(app, shelf.addresses[0], shelf.mine.read)[0] == 404


def test_staff_of_the_provider_get_them_signed_in_and_staff_of_another_do_not(app: Flask, shelf: Shelf) -> None:
    session = db.session()
    trainer = providers.add_person(
        session, shelf.desk.provider.id, "Tara Teach", (Role.TRAINER,), now=utc_now(), sign_in_name="tara"
    )
    identity.set_password(session, trainer.person_id, PASSWORD)
    session.commit()
    set_up("Nettle Care", "Nell Nettle", "nell")
    for name, expected in (("tara", 200), ("nell", 404)):
        browser = Browser(app.test_client())
        assert sign_in(browser, name).status == 200
        for address in shelf.addresses:
            assert browser.send("GET", address).status_code == expected


def test_what_everybody_may_have_is_kept_for_ever_as_before(app: Flask, shelf: Shelf) -> None:
    glossary = content.document(db.session(), "glossary", "en")
    assert glossary is not None
    reply = Browser(app.test_client()).send("GET", f"/e/{glossary.sha}", headers={"Authorization": "Bearer nonsense"})
    assert reply.status_code == 200
    assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_public_pages_know_nothing_of_it(app: Flask, shelf: Shelf) -> None:
    for address in (f"/learn/{shelf.key}", f"/learn/{shelf.key}/1/1", f"/learn/{shelf.key}/1/end"):
        assert asked(app, address)[0] == 404


@pytest.mark.parametrize("form", ["", "?form=short"])
def test_the_catalogue_marks_it_for_its_own_people_and_hides_it_from_others(
    app: Flask, shelf: Shelf, form: str
) -> None:
    session = db.session()
    draft = authoring.draft_of(session, shelf.desk.provider.id, shelf.key)
    assert draft is not None
    shelf.desk.save(shelf.desk.open(draft), words(draft, more="\n"))  # type: ignore[arg-type]
    shelf.desk.publish(draft, "minor")  # type: ignore[arg-type]
    authoring.withdraw(
        session, shelf.desk.provider.id, shelf.key, number=1, reason="Old words.", safety=True, now=utc_now()
    )
    session.commit()

    status, mine = asked(app, f"/api/v1/catalogue{form}", shelf.mine.read)
    assert status == 200
    assert f'"key":"{shelf.key}"' in mine
    assert mine.count('"private":true') == 1
    assert "Old words." in mine
    status, theirs = asked(app, f"/api/v1/catalogue{form}", shelf.theirs.read)
    assert status == 200
    for told in (shelf.key, draft.pack, "Old words.", "private", "Bramble"):
        assert told not in theirs
