"""Plain files: what people showed with the columns that were promised, people out and in, and who saved what."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest

from app import assessment, audit, providers, requirements
from app.extensions import db
from app.interop import asc_wds, plain
from app.kernel import day_of, utc_now
from app.providers import Role
from app.requirements import Had, OutsideState
from tests.support.editions import edition
from tests.support.learning_place import RIGHT, Learner, joined
from tests.support.practice import appoint, confirms, saw
from tests.support.publishing import publish, publish_core
from tests.support.rota import needs
from tests.support.statements import statements
from tests.support.website import Browser, Place, set_up

PAGE, MATRIX, PEOPLE = "/staff/exports", "/staff/exports/matrix.csv", "/staff/exports/people.csv"
NOW = utc_now()


@pytest.fixture
def ngozi(bramble: Place) -> Learner:
    """A carer who passed a module three days ago."""
    publish_core(db.session())
    sha = publish(db.session(), edition("falls", title="Falls, and after"))
    learner = joined(bramble, "Ngozi Obi")
    learner.answers(sha, RIGHT, at=NOW - timedelta(days=3))
    db.session.commit()
    return learner


def saved(browser: Browser, address: str, **fields: str) -> list[dict[str, str]]:
    browser.get(PAGE)
    reply = browser.post(address, **fields).reply
    assert reply.mimetype == "text/csv"
    body = reply.get_data()
    assert body.startswith(b"\xef\xbb\xbf") == ("excel" in fields)
    assert b"\r\n" in body
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def fetched(place: Place) -> int:
    found = audit.acts_after(db.session(), place.provider.uuid, 0, anywhere=())
    return sum(action == "export.fetched" for action, _ in found)


def test_the_columns_are_those_that_were_promised(priya: Browser, ngozi: Learner) -> None:
    assert ",".join(plain.MATRIX_COLUMNS) == (
        "person_id,name,role,module_key,module_title,standard,kind,score,passed_on,valid_until,assessor,source,credential_id"
    )
    assert ",".join(plain.PEOPLE_COLUMNS) == "name,email,role,start_date,asc_wds_establishment,asc_wds_worker"
    [row] = saved(priya, MATRIX)
    assert list(row) == list(plain.MATRIX_COLUMNS)
    assert (row["person_id"], row["name"], row["role"]) == (str(ngozi.member.person_uuid), "Ngozi Obi", "carer")
    assert (row["module_key"], row["module_title"], row["kind"]) == ("falls", "Falls, and after", "knowledge")
    assert (row["score"], row["source"]) == ("100", "Bramble Home Care")
    assert row["passed_on"] == day_of(NOW - timedelta(days=3)).isoformat()
    assert row["valid_until"] > row["passed_on"]


def test_practice_sign_offs_and_certificates_have_lines_of_their_own(
    bramble: Place, priya: Browser, ngozi: Learner
) -> None:
    session, here = db.session(), bramble.provider.id
    ada = joined(bramble, "Ada Lin")
    providers.change_roles(session, here, ada.member.person_id, (Role.LEARNER, Role.ASSESSOR))
    appoint(session, bramble.provider, ada.member)
    day, sent = day_of(NOW).isoformat(), {"at": NOW.strftime("%Y-%m-%dT%H:%M:%S.000Z")}
    made = saw(ada.phone, ngozi.member.person_uuid, {"13.2a": "yes"}, standard=13, seen_on=day, sent=sent)
    ada.phone.send(session, made, now=NOW)
    ngozi.phone.send(session, confirms(ngozi.phone, made["id"], sent=sent), now=NOW)
    had = Had(training=None, title="=Fire safety", taught_by="Thistle Training", taken_on=date(2026, 3, 1))
    uuid = requirements.note_outside(session, here, ngozi.member.person_id, had, now=NOW)
    requirements.decide_outside(
        session, here, ngozi.member.person_id, uuid, OutsideState.ACCEPTED, "I have seen the paper", now=NOW
    )
    session.add(
        assessment.models.SignOff(
            uuid=uuid,
            provider_id=here,
            person_id=ngozi.member.person_id,
            framework="care-certificate-2025",
            standard=13,
            at=NOW,
            by=bramble.manager.person_id,
        )
    )
    session.commit()
    rows = {(row["kind"], row["module_key"], row["source"]): row for row in saved(priya, MATRIX)}
    seen = rows["observed", "13.2a", "Bramble Home Care"]
    assert (seen["standard"], seen["assessor"], seen["passed_on"], seen["score"]) == ("13", "Ada Lin", day, "")
    signed = rows["met", "", "Bramble Home Care"]
    assert (signed["standard"], signed["assessor"], signed["passed_on"]) == ("13", "Priya Nair", day)
    elsewhere = rows["met", "", "Thistle Training"]
    assert (elsewhere["module_title"], elsewhere["passed_on"]) == ("'=Fire safety", "2026-03-01")


def test_people_who_were_saved_are_known_again_when_they_are_taken_in(bramble: Place, priya: Browser) -> None:
    session, here = db.session(), bramble.provider.id
    for name, reference, email in (("Ngozi Obi", "W-7", "ngozi@care.example"), ("Tom O'Hale", "", "+tom@care.example")):
        member = bramble.add(name, Role.LEARNER, Role.ASSESSOR)
        providers.set_details(session, here, member.person_id, reference=reference, email=email)
    asc_wds.set_workplace(session, here, "WP1", now=NOW)
    session.commit()
    rows = saved(priya, PEOPLE)
    assert [row["role"] for row in rows] == ["carer; assessor", "manager", "carer; assessor"]
    assert {row["asc_wds_establishment"] for row in rows} == {"WP1"}
    assert rows[2]["email"] == "'+tom@care.example"
    file = io.BytesIO(priya.post(PEOPLE).reply.get_data()) if priya.get(PAGE) else None
    priya.get("/staff/people/import")
    page = priya.post("/staff/people/import", file=(file, "people.csv"))  # type: ignore[arg-type]
    assert page.text.count("Nothing new about") == 3


def test_whoever_saves_a_list_of_people_is_noted(bramble: Place, priya: Browser, ngozi: Learner) -> None:
    saved(priya, MATRIX)
    saved(priya, PEOPLE, excel="yes")
    for address in ("/staff/matrix/matrix.csv", "/staff/matrix/matrix.xlsx", "/staff/figures/minutes.csv"):
        assert priya.get(address).status == 200
    assert fetched(bramble) == 5
    trail = priya.get("/staff/audit").text
    for what in ("matrix", "people", "matrix-csv", "matrix-xlsx", "minutes"):
        assert f"saved a file for other systems: {what}" in trail


def test_another_providers_people_are_in_neither(priya: Browser, ngozi: Learner) -> None:
    set_up("Elder Care", "Sam Oak", "sam").add("Zed Young")
    for address in (MATRIX, PEOPLE):
        assert "Zed Young" not in {row["name"] for row in saved(priya, address)}


def test_the_file_asks_as_often_for_many_people_as_for_few(bramble: Place, priya: Browser, ngozi: Learner) -> None:
    def asked() -> int:
        with statements(db.engine) as sent:
            plain.matrix(db.session(), bramble.provider)
        return len(sent)

    few = asked()
    for number in range(6):
        needs(bramble, joined(bramble, f"Carer {number}").member, title=f"Training {number}")
    assert asked() == few
