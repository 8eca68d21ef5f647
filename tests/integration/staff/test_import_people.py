"""Adding many: a list is looked at row by row, mended in the same form, and only then taken in."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest

from app import audit, providers
from app.extensions import db
from app.kernel import utc_now
from app.providers import MemberView, Role
from app.web.manager.carried import brought_back, carried
from tests.support.statements import statements
from tests.support.website import Browser, Page, Place, look_at, set_up

ADDRESS = "/staff/people/import"
LIST = (
    "Name,Email,Staff no,Role,Team,Start date\nNgozi Obi,ngozi@example.org,17,Carer,North,6/1/2025\nAda Bell,,18,,,\n"
)


def paste(priya: Browser, text: str) -> Page:
    priya.get(ADDRESS)
    return priya.post(ADDRESS, list=text)


def upload(priya: Browser, raw: bytes, name: str = "people.csv") -> Page:
    token = priya.get(ADDRESS).form(ADDRESS)
    data = {**token, "list": "", "file": (io.BytesIO(raw), name)}
    page = look_at(priya.send("POST", ADDRESS, data=data, content_type="multipart/form-data"))
    priya.page = page
    return page


def typed(page: Page) -> dict[str, str]:
    """What stands in the open rows, as a browser sends it."""
    sent = {}
    for box in page.all(".//input"):
        if box.get("type") not in ("hidden", "radio", "checkbox", "file") or (
            box.get("type") in ("radio", "checkbox") and box.get("checked") is not None
        ):
            sent[box.get("name", "")] = box.get("value", "")
    return sent


def choice(page: Page, words: str) -> dict[str, str]:
    """The radio button with these words beside it, as it is sent when picked."""
    for label in page.all(".//label"):
        if "".join(label.itertext()).strip().startswith(words):
            box = label.find("input")
            assert box is not None
            return {box.get("name", ""): box.get("value", "")}
    raise AssertionError(f"no choice says {words}")


def people(place: Place) -> dict[str, MemberView]:
    db.session.rollback()
    return {member.name: member for member in providers.list_members(db.session(), place.provider.id)}


def save(priya: Browser, page: Page, **more: str) -> Page:
    return priya.post(ADDRESS, **{**typed(page), **more, "save": "yes"})


def test_nothing_is_saved_until_the_button_is_pressed(bramble: Place, priya: Browser) -> None:
    page = paste(priya, LIST)
    assert "2 new, 0 to update. Nothing is saved yet." in page.text
    assert "New: carer, in North" in page.text
    assert "A team that is not here yet will be made: North." in page.text
    assert "Add 2 people" in [button.text for button in page.all(".//button")]
    assert set(people(bramble)) == {"Priya Nair"}
    assert providers.list_teams(db.session(), bramble.provider.id) == ()
    page = save(priya, page)
    assert "2 people are added." in page.text
    assert page.heading == "Codes to print"
    found = people(bramble)
    assert (found["Ngozi Obi"].reference, found["Ngozi Obi"].email) == ("17", "ngozi@example.org")
    noted = [each.action for each in audit.entries(db.session(), provider=bramble.provider.uuid)]
    assert (noted.count("person.added"), noted.count("team.added")) == (2, 1)


def test_a_second_time_updates_and_never_adds_twice(bramble: Place, priya: Browser) -> None:
    first = paste(priya, LIST)
    save(priya, first)
    page = paste(priya, LIST.replace("ngozi@", "n.obi@").replace("Ada Bell", "Ada Bell-Owusu"))
    assert "Updates Ngozi Obi: e-mail n.obi@example.org" in page.text
    assert "Updates Ada Bell: is called Ada Bell-Owusu" in page.text
    page = save(priya, page)
    assert "2 people are brought up to date." in page.text
    assert set(people(bramble)) == {"Priya Nair", "Ngozi Obi", "Ada Bell-Owusu"}
    page = save(priya, paste(priya, LIST.replace("ngozi@", "n.obi@")))
    assert set(people(bramble)) == {"Priya Nair", "Ngozi Obi", "Ada Bell"}


def test_the_same_form_sent_twice_adds_once(bramble: Place, priya: Browser) -> None:
    page = paste(priya, LIST)
    form = {**page.form(ADDRESS), **typed(page), "save": "yes"}
    for _ in range(2):
        assert priya.send("POST", ADDRESS, data=form).status_code == 302
    assert len(people(bramble)) == 3


def test_rows_are_mended_in_the_same_form_and_nothing_typed_is_lost(bramble: Place, priya: Browser) -> None:
    page = paste(priya, "Name,Email,Role\n=1+1,,\nNgozi Obi,ngozi,Carer\nAda Bell,ada@example.org,Chief\nEve,,\n")
    assert "1 new, 0 to update, 3 that need you." in page.text
    for words in ("This begins like a formula.", "Type an e-mail address such as", 'We do not know the role "Chief".'):
        assert words in page.text
    page = priya.post(ADDRESS, **{**typed(page), "row0-name": "Marta Kowalska", "row1-email": "still wrong"})
    assert "2 new, 0 to update, 2 that need you." in page.text
    assert typed(page)["row1-email"] == "still wrong"
    # Those who can be are added; the rest stays on the page with what was typed.
    page = save(priya, page, **{"row2-roles": "Trainer"})
    assert "2 people are added. 2 rows wait for you below." in page.text
    assert typed(page)["row0-email"] == "still wrong"
    page = save(priya, page, **{"row0-email": ""}, **choice(page, "Make Ada a trainer"))
    assert "2 people are added." in page.text
    assert set(people(bramble)) == {"Priya Nair", "Marta Kowalska", "Ada Bell", "Eve", "Ngozi Obi"}
    assert people(bramble)["Ada Bell"].roles == {Role.TRAINER}


def test_two_spellings_of_a_person_are_asked_about(bramble: Place, priya: Browser) -> None:
    bramble.add("Ngozi Obi")
    page = paste(priya, "Name,Email\nNgosi Obi,n@example.org\n")
    assert "Same person? Is this Ngozi Obi?" in page.text
    it_is = save(priya, page, **{**choice(page, "It is Ngozi Obi"), "row0-name": "Ngozi Obi"})
    assert "1 person is brought up to date." in it_is.text
    assert people(bramble)["Ngozi Obi"].email == "n@example.org"
    page = paste(priya, "Name\nNgosi Obi\n")
    page = save(priya, page, **choice(page, "It is another person"))
    assert "1 person is added." in page.text
    page = paste(priya, "Name\nNgozy Obi\n")
    page = save(priya, page, **choice(page, "Leave it out"))
    assert "There was nothing new in this list." in page.text
    assert set(people(bramble)) == {"Priya Nair", "Ngozi Obi", "Ngosi Obi"}


def test_a_row_that_is_well_can_be_changed_too(bramble: Place, priya: Browser) -> None:
    page = paste(priya, LIST)
    assert not typed(page)
    page = priya.post(ADDRESS, change="1")
    assert typed(page)["row1-name"] == "Ada Bell"
    save(priya, page, **{"row1-name": "Ada Bell-Owusu"})
    assert "Ada Bell-Owusu" in people(bramble)


def test_a_list_in_another_alphabet_names_its_rows_and_waits_to_be_looked_at(bramble: Place, priya: Browser) -> None:
    raw = "Name;Team\nNgozi Obi;North\nŚwięch Ala;North\nMałgorzata Wójcik;South\n".encode("cp1250")
    page = upload(priya, raw)
    assert "It concerns rows 3, 4." in page.text
    assert "Some letters did not come through. Type the name again." in page.text
    page = save(priya, page, **{"row1-name": "Ala Święch", "row2-name": "Małgorzata Wójcik"})
    assert {"Ala Święch", "Małgorzata Wójcik", "Ngozi Obi"} < set(people(bramble))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_names_of_every_alphabet_come_in_right(bramble: Place, priya: Browser, encoding: str) -> None:
    page = upload(priya, "Name\tRole\nMałgorzata Święch\tCarer\nআয়েশা খান\tCarer\n".encode(encoding))
    assert "Look at these names" not in page.text
    save(priya, page)
    assert {"Małgorzata Święch", "আয়েশা খান"} < set(people(bramble))


def test_an_excel_file_is_read_and_a_formula_in_it_is_not_worked_out(bramble: Place, priya: Browser) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Surname", "First name", "Payroll no"], ["Obi", "Ngozi", 17], ["Bell", '=HYPERLINK("http://x")', 18]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    page = upload(priya, out.getvalue(), "people.xlsx")
    assert "1 new, 0 to update, 1 that needs you." in page.text
    assert "This begins like a formula." in page.text
    save(priya, page)
    assert people(bramble)["Ngozi Obi"].reference == "17"


@pytest.mark.parametrize(
    ("raw", "words"),
    [(b"", "Paste the list first"), (b"\xd0\xcf\x11\xe0", "old Excel file"), (b"a,b\n1,2\n", "which column holds")],
)
def test_a_file_that_is_no_list_is_refused_in_words(priya: Browser, raw: bytes, words: str) -> None:
    page = upload(priya, raw) if raw else paste(priya, " ")
    assert page.status == 400
    assert words in page.text


@pytest.mark.parametrize("packed", ["", "!", "eJwDAAAAAAE=", "eJyLVjLUUTLSUTLWUTJRigUAFb4DDg=="])
def test_a_field_somebody_made_up_is_refused(bramble: Place, priya: Browser, packed: str) -> None:
    token = priya.get(ADDRESS).form(ADDRESS)
    page = look_at(priya.send("POST", ADDRESS, data={**token, "carried": packed, "save": "yes"}))
    assert page.status == 400
    assert "did not come through whole" in page.text
    assert len(people(bramble)) == 1


def test_a_made_up_choice_reaches_nobody_of_another_provider(bramble: Place, priya: Browser) -> None:
    thistle = set_up("Thistle Care", "Zoe Adair", "zoe")
    theirs = thistle.add("Ngozi Obi")
    page = paste(priya, "Name,Role\nNgozi Obi,Manager\n")
    assert "New: manager" in page.text
    [entry] = brought_back(page.form(ADDRESS)["carried"])
    agreed = {**typed(page), **choice(page, "Make Ngozi a manager")}
    made_up = {**page.form(ADDRESS), **agreed, "row0-choice": str(theirs.person_uuid), "save": "yes"}
    priya.send("POST", ADDRESS, data=made_up)
    assert people(bramble)["Ngozi Obi"].person_id != theirs.person_id
    assert people(thistle)["Ngozi Obi"].roles == {Role.LEARNER}
    assert carried([entry]) == page.form(ADDRESS)["carried"]


def test_a_job_title_makes_nobody_manager_without_a_tick(bramble: Place, priya: Browser) -> None:
    bramble.add("Ngozi Obi")
    page = paste(priya, "Name,Job title,Email\nNgozi Obi,Manager,ngozi@example.org\nAda Bell,Assessor and trainer,\n")
    assert "0 new, 0 to update, 2 that need you." in page.text
    assert "Needs your tick. Updates Ngozi Obi: e-mail ngozi@example.org and also manager" in page.text
    page = save(priya, page)
    assert people(bramble)["Ngozi Obi"].roles == {Role.LEARNER}
    assert "Ada Bell" not in people(bramble)
    tick = choice(page, "Make Ngozi a manager")
    page = priya.post(ADDRESS, **typed(page), **tick, check="yes")
    assert "Update" in page.text
    # What was ticked is for these roles only.
    again = priya.post(ADDRESS, change="0")
    again = priya.post(ADDRESS, **{**typed(again), "row0-roles": "Manager, Trainer"}, check="yes")
    assert "Make Ngozi a trainer and a manager" in again.text
    page = save(priya, again, **{"row0-roles": "Manager"})
    assert people(bramble)["Ngozi Obi"].roles == {Role.LEARNER}
    page = save(priya, page, **choice(page, "Make Ngozi a manager"))
    assert people(bramble)["Ngozi Obi"].roles == {Role.LEARNER, Role.MANAGER}
    save(priya, page, **choice(page, "Make Ada an assessor and a trainer"))
    assert people(bramble)["Ada Bell"].roles == {Role.ASSESSOR, Role.TRAINER}


def test_a_list_changes_the_name_here_and_at_no_other_provider(bramble: Place, priya: Browser) -> None:
    thistle = set_up("Thistle Care", "Zoe Adair", "zoe")
    ngozi = bramble.add("Ngozi Obi")
    providers.set_details(db.session(), bramble.provider.id, ngozi.person_id, reference="17", email="")
    providers.add_membership(db.session(), thistle.provider.id, ngozi.person_id, [Role.LEARNER], now=utc_now())
    db.session.commit()
    page = paste(priya, "Name,Staff no,Email\nNgozi Bello,17,n@example.org\n")
    assert "Updates Ngozi Obi: is called Ngozi Bello and e-mail n@example.org" in page.text
    for told in ("Thistle", "for others", "work elsewhere"):
        assert told not in page.text
    save(priya, page)
    assert people(bramble)["Ngozi Bello"].email == "n@example.org"
    assert "Ngozi Obi" in people(thistle)


def test_no_role_is_taken_away_by_a_list(bramble: Place, priya: Browser) -> None:
    page = paste(priya, "Name,Role\nPriya Nair,Carer\n")
    assert "Updates Priya Nair: also carer" in page.text
    save(priya, page)
    assert people(bramble)["Priya Nair"].roles == {Role.MANAGER, Role.LEARNER}


def test_somebody_who_left_is_asked_about(bramble: Place, priya: Browser) -> None:
    ngozi = bramble.add("Ngozi Obi")
    providers.end_membership(db.session(), bramble.provider.id, ngozi.person_id, now=utc_now())
    db.session.commit()
    page = paste(priya, "Ngozi Obi\n")
    assert "Ngozi Obi has left. Are they back?" in page.text
    save(priya, page, **choice(page, "It is Ngozi Obi (who left)"))
    assert people(bramble)["Ngozi Obi"].person_id == ngozi.person_id


def test_a_thousand_rows_fit_the_form_and_take_few_statements(bramble: Place, priya: Browser) -> None:
    rows = "\n".join(f"Carer {n},carer{n}@example.org,{n},Carer,Team {n % 9},6/1/2025" for n in range(1000))
    page = paste(priya, f"Name,Email,Staff no,Role,Team,Start\n{rows}\n")
    assert "1000 new" in page.text
    assert len(page.form(ADDRESS)["carried"]) < 100_000
    form = {**page.form(ADDRESS)}
    with statements(db.engine) as sent:
        assert priya.send("POST", ADDRESS, data=form).status_code == 200
    assert len(sent) < 25
    page = save(priya, page)
    assert "1000 people are added." in page.text
    page = priya.get("/staff/people?page=20")
    assert re.search(r"Page 20 of 2\d", page.text)
