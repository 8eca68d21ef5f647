"""A phone's saved copy, handed in by a manager: shown first, taken like a phone's batch, and never in anybody's way."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app import audit, identity, providers, sync
from app.extensions import db
from app.kernel import new_uuid7, utc_now
from app.learning import AttemptResult
from app.providers import Role
from app.sync import Digest, PhoneDigest, Record
from tests.support.learning_place import RIGHT, Learner, joined, publish_modules
from tests.support.website import Browser, Page, Place, look_at, set_up
from tests.support.world import words


def file_of(learner: Learner, *records: Any, **changes: Any) -> bytes:
    """What "Save a copy" writes: see exportWaiting in service_worker/store/person.ts."""
    copy = {
        "format": "between-visits-records",
        "v": 1,
        "server": str(sync.server_id(db.session())),
        "person": {"id": str(learner.member.person_uuid), "name": learner.member.name},
        "made": "2026-06-15T12:00:00.000Z",
        "records": list(records),
        "drafts": [{"module": "falls"}],
        **changes,
    }
    return json.dumps(copy).encode()


def address(learner: Learner) -> str:
    return f"/staff/people/{learner.member.person_uuid}/copy"


def upload(priya: Browser, learner: Learner, raw: bytes) -> Page:
    token = priya.get(address(learner)).form(address(learner))
    data = {**token, "file": (io.BytesIO(raw), "between-visits-waiting.json")}
    page = look_at(priya.send("POST", address(learner), data=data, content_type="multipart/form-data"))
    priya.page = page
    return page


def done(learner: Learner, sha: str, *, hours_ago: int = 2, **changes: Any) -> dict[str, Any]:
    at = (utc_now() - timedelta(hours=hours_ago)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return learner.phone.answered(sha, RIGHT, at=at, **changes)


def count(model: type) -> int:
    return db.session.scalars(select(func.count()).select_from(model)).one()


@pytest.fixture
def ngozi(bramble: Place) -> Learner:
    return joined(bramble, "Ngozi Obi")


def test_the_copy_is_shown_before_anything_is_taken(priya: Browser, ngozi: Learner) -> None:
    sha = publish_modules("Falls")["falls"]
    known, new = done(ngozi, sha), done(ngozi, sha, hours_ago=1)
    ngozi.phone.send(db.session(), known, now=utc_now())

    page = upload(priya, ngozi, file_of(ngozi, known, new))

    assert page.heading == "2 records of Ngozi Obi"
    assert "1 record is new." in page.text
    assert "1 record is here already." in page.text
    assert count(Record) == 1

    after = priya.post(address(ngozi))

    assert "Handed in. 1 record is new. 1 record is here already." in after.text
    assert "Handed in: as a file by Priya Nair" in after.text
    assert (count(Record), count(AttemptResult)) == (2, 2)
    newest = audit.entries(db.session())[0]
    assert (newest.action, newest.details) == (
        "copy.handed-in",
        {"taken": 1, "known": 1, "held": 0, "refused": 0},
    )


def test_a_phone_that_finds_signal_later_is_told_duplicate(priya: Browser, ngozi: Learner) -> None:
    sha = publish_modules("Falls")["falls"]
    records = [done(ngozi, sha), done(ngozi, sha)]
    upload(priya, ngozi, file_of(ngozi, *records))
    priya.post(address(ngozi))
    before = count(AttemptResult)

    reply = ngozi.phone.send(db.session(), *records, now=utc_now())

    assert words(reply) == ["duplicate", "duplicate"]
    assert reply.have is None
    assert count(AttemptResult) == before
    figures = db.session.scalars(select(PhoneDigest)).one()
    assert ngozi.phone.send(db.session(), held=Digest(n=figures.n, x=figures.x)).have is None


def test_handing_in_twice_changes_nothing_the_second_time(priya: Browser, ngozi: Learner) -> None:
    raw = file_of(ngozi, done(ngozi, publish_modules("Falls")["falls"]))
    upload(priya, ngozi, raw)
    priya.post(address(ngozi))

    page = upload(priya, ngozi, raw)

    assert "There is nothing to take in." in page.text
    assert count(Record) == 1


def test_another_persons_copy_is_refused_with_the_reason(bramble: Place, priya: Browser, ngozi: Learner) -> None:
    other = joined(bramble, "Ada Else")
    raw = file_of(other, done(other, publish_modules("Falls")["falls"]))

    page = upload(priya, ngozi, raw)

    assert page.status == 400
    assert "This is another person's copy." in page.text
    assert count(Record) == 0


def test_a_record_of_another_persons_phone_is_refused_and_the_rest_taken(
    bramble: Place, priya: Browser, ngozi: Learner
) -> None:
    other = joined(bramble, "Ada Else")
    sha = publish_modules("Falls")["falls"]
    upload(priya, ngozi, file_of(ngozi, done(ngozi, sha), done(other, sha)))
    page = priya.post(address(ngozi))

    assert "1 record is new. 1 record cannot be taken. 1 made on another person's phone" in page.text
    assert db.session.scalars(select(Record.person_id)).all() == [ngozi.member.person_id]


def test_a_phone_enrolled_at_another_provider_is_not_this_managers(priya: Browser, ngozi: Learner) -> None:
    thistle = set_up("Thistle Care", "Sam Okonkwo", "sam")
    providers.add_membership(
        db.session(), thistle.provider.id, ngozi.member.person_id, ngozi.member.roles, now=utc_now()
    )
    enrolled = identity.enrol_phone(
        db.session(), ngozi.member.person_id, provider_id=thistle.provider.id, now=utc_now()
    )
    db.session.commit()
    record = done(ngozi, publish_modules("Falls")["falls"], dev=str(enrolled.dev))

    page = upload(priya, ngozi, file_of(ngozi, record))

    assert "1 record cannot be taken." in page.text
    assert "There is nothing to take in." in page.text


def test_poison_holds_up_nothing_and_what_cannot_be_judged_is_held(priya: Browser, ngozi: Learner) -> None:
    sha = publish_modules("Falls")["falls"]
    strange = ngozi.phone.record("unheard.of")
    poison: list[Any] = [None, 7, "x", [], {"dev": str(ngozi.phone.dev)}, {"id": "x", "dev": str(ngozi.phone.dev)}]
    upload(priya, ngozi, file_of(ngozi, *poison, strange, done(ngozi, sha)))
    page = priya.post(address(ngozi))

    assert "1 record is new. 1 record waits for somebody to look at. 6 records cannot be taken." in page.text
    assert count(Record) == 2


def test_other_content_under_a_known_id_overwrites_nothing(priya: Browser, ngozi: Learner) -> None:
    record = done(ngozi, publish_modules("Falls")["falls"])
    ngozi.phone.send(db.session(), record, now=utc_now())
    before = db.session.scalars(select(Record.body)).all()

    upload(priya, ngozi, file_of(ngozi, {**record, "app": "another"}))
    priya.post(address(ngozi))

    assert db.session.scalars(select(Record.body)).all() == before
    assert sync.count_held(db.session(), ngozi.member.person_id) == 1


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "This is not a copy from a phone."),
        (b"\xff\xfe", "This is not a copy from a phone."),
        (b"[]", "This is not a copy from a phone."),
        (b'{"format":"between-visits-records","v":2}', "A newer version of the app made this copy."),
        (b'{"format":"between-visits-records","v":1}', "This copy is damaged."),
    ],
)
def test_what_is_not_a_copy_is_refused_in_words(priya: Browser, ngozi: Learner, raw: bytes, said: str) -> None:
    page = upload(priya, ngozi, raw)

    assert page.status == 400
    assert said in page.text


def test_a_file_larger_than_a_copy_can_be_is_not_even_parsed() -> None:
    with pytest.raises(sync.CopyRefused, match="larger than a phone's copy can be"):
        sync.read_copy(b" " * (4 * 1024 * 1024 + 1))


def test_another_servers_copy_is_refused(priya: Browser, ngozi: Learner) -> None:
    assert "for another server" in upload(priya, ngozi, file_of(ngozi, server=str(new_uuid7()))).text


def test_what_is_carried_from_page_to_page_is_read_as_strictly(priya: Browser, ngozi: Learner) -> None:
    token = priya.get(address(ngozi)).form(address(ngozi))
    for carried in ("", "%%%", "eJw=", "AAAA"):
        reply = priya.send("POST", address(ngozi), data={**token, "carried": carried})
        assert reply.status_code == 400


def test_a_manager_gets_a_copy_of_everything(priya: Browser, ngozi: Learner) -> None:
    ngozi.phone.send(db.session(), done(ngozi, publish_modules("Falls")["falls"]), now=utc_now())
    page = f"/staff/people/{ngozi.member.person_uuid}"
    token = priya.get(page).form(f"{page}/everything")

    reply = priya.send("POST", f"{page}/everything", data=token)

    assert (reply.mimetype, reply.headers["Cache-Control"]) == ("application/zip", "no-store")
    with zipfile.ZipFile(io.BytesIO(reply.data)) as archive:
        assert len(json.loads(archive.read("records.json"))) == 1
        assert "Ngozi Obi" in archive.read("index.html").decode()
    assert audit.entries(db.session())[0].action == "data.exported"


def test_erasing_takes_the_name_typed_and_somebody_who_left(priya: Browser, ngozi: Learner) -> None:
    page = f"/staff/people/{ngozi.member.person_uuid}"
    assert priya.send("GET", f"{page}/erase").status_code == 404
    priya.get(page)
    priya.post(f"{page}/leave")
    priya.get(f"{page}/erase")
    wrong = priya.post(f"{page}/erase", name="Ngozi")
    assert wrong.status == 400
    assert "Type Ngozi Obi to erase them." in wrong.text

    gone = priya.post(f"{page}/erase", name="ngozi  obi")

    assert "Erased. Their own phone keeps its copy." in gone.text
    assert identity.find_person(db.session(), ngozi.member.person_uuid) is None
    assert "Priya Nair erased a person who was erased" in priya.get("/staff/audit").text


def test_an_erased_persons_phone_is_told_so_when_it_signs_in(priya: Browser, ngozi: Learner) -> None:
    page = f"/staff/people/{ngozi.member.person_uuid}"
    priya.get(page)
    priya.post(f"{page}/leave")
    priya.get(f"{page}/erase")
    priya.post(f"{page}/erase", name="Ngozi Obi")

    sent = {"dev": str(ngozi.phone.dev), "person": str(ngozi.member.person_uuid), "pin": "274913"}
    reply = priya.send("POST", "/api/v1/sign-in", json=sent)

    assert reply.status_code == 403
    assert reply.get_json()["error"]["code"] == "erased"
    assert "stays yours" in reply.get_json()["error"]["message"]


def test_a_person_gets_everything_from_their_phone_five_times_a_day(browser: Browser, ngozi: Learner) -> None:
    ngozi.phone.send(db.session(), done(ngozi, publish_modules("Falls")["falls"]), now=utc_now())

    replies = [ask(browser, ngozi.phone.read) for _ in range(6)]

    assert [reply.status_code for reply in replies] == [200] * 5 + [429]
    with zipfile.ZipFile(io.BytesIO(replies[0].data)) as archive:
        assert len(json.loads(archive.read("results.json"))) == 1
    assert ask(browser, ngozi.phone.append).status_code == 401


def test_a_stolen_token_gets_no_copy_without_the_pin(browser: Browser, ngozi: Learner) -> None:
    replies = [ask(browser, ngozi.phone.read, pin="111213") for _ in range(6)]

    assert [reply.status_code for reply in replies] == [401] * 5 + [429]
    assert "You have 4 more tries." in replies[0].json["error"]["message"]  # type: ignore[index]
    assert ask(browser, ngozi.phone.read).status_code == 429, "the right PIN waits too"
    assert "data.exported" not in [entry.action for entry in audit.entries(db.session())]
    assert browser.send("GET", "/api/v1/export", headers=bearing(ngozi.phone.read)).status_code == 405


def test_a_code_of_one_provider_brings_no_copy_of_what_was_done_at_another(browser: Browser, ngozi: Learner) -> None:
    """A manager may make a code and use it, with a PIN they saw being typed, which is the person's everywhere."""
    ngozi.phone.send(db.session(), done(ngozi, publish_modules("Falls")["falls"]), now=utc_now())
    thistle = set_up("Thistle Care", "Morag Reid", "morag")
    providers.add_membership(
        db.session(), thistle.provider.id, ngozi.member.person_id, (Role.LEARNER,), now=utc_now() - timedelta(days=30)
    )
    there = identity.enrol_phone(db.session(), ngozi.member.person_id, provider_id=thistle.provider.id, now=utc_now())
    db.session.commit()

    reply = ask(browser, there.read or "")

    assert reply.status_code == 200
    with zipfile.ZipFile(io.BytesIO(reply.data)) as archive:
        assert json.loads(archive.read("results.json")) == []
        assert "Bramble" not in archive.read("index.html").decode()
    unknown = {"dev": str(new_uuid7()), "person": str(ngozi.member.person_uuid), "pin": "274913"}
    signed_in = browser.send("POST", "/api/v1/sign-in", json=unknown)
    assert (signed_in.status_code, signed_in.json["error"]["code"]) == (403, "which-place")  # type: ignore[index]
    known = {**unknown, "dev": str(there.dev)}
    assert browser.send("POST", "/api/v1/sign-in", json=known).status_code == 200
    newest = audit.entries(db.session())[0]
    assert (newest.action, newest.provider) == ("phone.signed-in", thistle.provider.uuid)


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def ask(browser: Browser, token: str, pin: str = "274913") -> TestResponse:
    return browser.send("POST", "/api/v1/export", headers=bearing(token), json={"pin": pin})
