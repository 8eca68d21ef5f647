"""The list of what is needed, profiles and exceptions, as a manager works with them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from app import learning, requirements
from app.extensions import db
from app.kernel import day_of, utc_now
from app.providers import MemberView
from app.requirements import Elsewhere, Had, OutsideState
from tests.support.learning_place import publish_modules
from tests.support.required import asks
from tests.support.statements import statements
from tests.support.website import Browser, Page, Place

LIST, PROFILES = "/staff/needed", "/staff/needed/profiles"


def listed(place: Place, title: str = "Fire safety", **changes: object) -> requirements.TrainingView:
    requirements.add_training(db.session(), place.provider.id, asks(title, **changes), now=utc_now())
    db.session.commit()
    return next(each for each in requirements.trainings(db.session(), place.provider.id) if each.title == title)


def profile(place: Place, title: str, *trainings: requirements.TrainingView) -> requirements.ProfileView:
    uuids = [each.uuid for each in trainings]
    requirements.add_profile(db.session(), place.provider.id, title, None, uuids, now=utc_now())
    db.session.commit()
    return next(each for each in requirements.profiles(db.session(), place.provider.id) if each.title == title)


def give(place: Place, view: requirements.ProfileView, *members: MemberView) -> None:
    people = [member.person_id for member in members]
    requirements.give(db.session(), place.provider.id, view.uuid, people, now=utc_now())
    requirements.carry_out(db.session(), place.provider.id, utc_now())
    db.session.commit()


def carried(page: Page, action: str) -> dict[str, str | list[str]]:
    """The fields a page carries along, those that come several times too."""
    found: dict[str, list[str]] = {}
    for form in page.all(".//form"):
        if form.get("action") == action:
            for field in form.iter("input"):
                if field.get("type") == "hidden":
                    found.setdefault(field.get("name", ""), []).append(field.get("value", ""))
    return {name: values for name, values in found.items() if name != "csrf_token"}


def look_then_save(browser: Browser, address: str, **fields: str | list[str]) -> tuple[Page, Page]:
    """Send a form to be looked at, then save what the look carried along."""
    look = browser.post(address, step="look", **fields)
    assert look.status == 200, look.text
    return look, browser.post(address, **{**carried(look, address), "step": "save"})


FORM: dict[str, str | list[str]] = {
    "title": "Fire safety",
    "basis": "statutory",
    "driver": "Fire Order 2005",
    "source": "Our contract",
    "modules": ["falls"],
    "elsewhere": "instead",
    "refresh_months": "12",
    "window_days": "60",
    "grace_days": "7",
    "first_due_days": "30",
}


def test_an_empty_list_offers_the_usual_one_which_is_taken_up_once(bramble: Place, priya: Browser) -> None:
    assert "Your list is empty" in priya.get(LIST).text
    page = priya.get(f"{LIST}/usual")
    assert "You decide, and may be asked why" in page.text
    assert "Not read at its source" in page.text
    assert "Not confirmed" in page.text
    done = priya.post(f"{LIST}/usual")
    assert "Look at each period" in done.text
    found = requirements.trainings(db.session(), bramble.provider.id)
    assert {"Fire safety", "Medicines support", "Safeguarding adults"} <= {each.title for each in found}
    names = {each.title for each in requirements.profiles(db.session(), bramble.provider.id)}
    assert names == {"New carer", "Care worker", "Senior care worker", "Registered manager"}
    again = priya.get(f"{LIST}/usual")
    assert "You have all of it." in again.text


def test_nobody_decides_for_a_manager_that_certificates_stand_in_for_modules(bramble: Place, priya: Browser) -> None:
    publish_modules("Falls")
    page = priya.get(f"{LIST}/trainings/new")
    assert [each for each in page.all(".//input[@name='elsewhere']") if each.get("checked") is not None] == []
    form = {name: value for name, value in FORM.items() if name != "elsewhere"}
    page = priya.post(f"{LIST}/trainings/new", **form, step="look")
    assert (page.status, "Pick whether a certificate counts." in page.text) == (400, True)
    assert page.all(".//input[@name='title']")[0].get("value") == "Fire safety"


def test_a_new_training_says_whom_it_concerns_before_it_is_saved(bramble: Place, priya: Browser) -> None:
    publish_modules("Falls")
    ngozi, job = bramble.add("Ngozi Obi"), profile(bramble, "Care worker")
    give(bramble, job, ngozi)
    priya.get(f"{LIST}/trainings/new")
    look, saved = look_then_save(priya, f"{LIST}/trainings/new", **FORM, profiles=[str(job.uuid)])
    assert "This concerns 1 person." in look.text
    assert "Ngozi Obi Needs, by" in look.text
    assert "Fire safety is saved." in saved.text
    [view] = requirements.trainings(db.session(), bramble.provider.id)
    assert (view.title, view.modules, view.refresh_months, view.grace_days) == ("Fire safety", ("falls",), 12, 7)
    [asked] = learning.assignments_of(db.session(), bramble.provider.id, [ngozi.person_id])
    assert (asked.module, asked.training) == ("falls", view.uuid)
    assert asked.due == (utc_now() + timedelta(days=30)).date()


def test_looking_changes_nothing_and_going_back_keeps_what_was_typed(bramble: Place, priya: Browser) -> None:
    publish_modules("Falls")
    address = f"{LIST}/trainings/new"
    priya.get(address)
    look = priya.post(address, step="look", **FORM)
    assert "Nothing changes for anybody today." in look.text
    assert requirements.trainings(db.session(), bramble.provider.id) == ()
    back = priya.post(address, **{**carried(look, address), "step": "edit"})
    values = {each.get("name"): each.get("value") for each in back.all(".//input")}
    assert (values["title"], values["window_days"]) == ("Fire safety", "60")
    assert back.all(".//input[@id='module-falls']")[0].get("checked") is not None


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("title", " ", "Type what it is called."),
        ("refresh_months", "soon", "Type a whole number."),
        ("refresh_months", "0", "from 1 to 120"),
        ("refresh_months", "999", "from 1 to 120"),
        ("window_days", "-3", "Type a whole number."),
        ("window_days", "360", "as long as the period itself"),
        ("grace_days", "١٢", "Type a whole number."),
        ("basis", "whim", "Pick why it is asked for."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    bramble: Place, priya: Browser, field: str, typed: str, says: str
) -> None:
    publish_modules("Falls")
    priya.get(f"{LIST}/trainings/new")
    page = priya.post(f"{LIST}/trainings/new", **{**FORM, field: typed}, step="look")
    assert page.status == 400
    assert says in page.text
    assert page.all(f".//a[@href='#{field}']")


def test_a_training_without_any_way_to_meet_it_is_refused(bramble: Place, priya: Browser) -> None:
    priya.get(f"{LIST}/trainings/new")
    page = priya.post(f"{LIST}/trainings/new", **{**FORM, "modules": [], "elsewhere": "no"}, step="look")
    assert page.status == 400
    assert "Say how it is met" in page.text


def test_taking_one_off_the_list_ends_what_was_asked(bramble: Place, priya: Browser) -> None:
    publish_modules("Falls")
    ngozi = bramble.add("Ngozi Obi")
    view = listed(bramble, modules=("falls",))
    give(bramble, profile(bramble, "Care worker", view), ngozi)
    address = f"{LIST}/trainings/{view.uuid}/end"
    priya.get(f"{LIST}/trainings/{view.uuid}")
    look, saved = look_then_save(priya, address)
    assert "No longer needs: Fire safety" in look.text
    assert "is off your list" in saved.text
    assert learning.assignments_of(db.session(), bramble.provider.id, [ngozi.person_id]) == ()


def test_many_people_get_a_profile_at_once_and_the_trail_says_so_of_each(bramble: Place, priya: Browser) -> None:
    publish_modules("Falls")
    job = profile(bramble, "Care worker", listed(bramble, modules=("falls",)))
    members = [bramble.add(f"Carer {number}") for number in range(3)]
    address = f"{PROFILES}/{job.uuid}/people"
    priya.get(address)
    look, saved = look_then_save(priya, address, people=[str(each.person_uuid) for each in members[:2]])
    assert "This concerns 2 people." in look.text
    assert "Care worker: 2 more, 0 fewer." in saved.text
    theirs = requirements.profiles_of(db.session(), bramble.provider.id)
    assert set(theirs) == {each.person_id for each in members[:2]}
    assert "gave Carer 0 the job Care worker" in priya.get("/staff/audit").text
    priya.get(address)
    look, saved = look_then_save(priya, address, people=[str(members[2].person_uuid)])
    assert "1 more, 2 fewer." in saved.text


def test_one_person_has_several_jobs_from_their_own_page(bramble: Place, priya: Browser) -> None:
    one, two = profile(bramble, "Care worker", listed(bramble)), profile(bramble, "Driver", listed(bramble, "Driving"))
    ngozi = bramble.add("Ngozi Obi")
    address = f"/staff/people/{ngozi.person_uuid}"
    page = priya.get(address)
    assert "nothing is needed" in page.text
    page = priya.post(f"{address}/profiles", profiles=[str(one.uuid), str(two.uuid)])
    assert "The jobs of Ngozi Obi are saved." in page.text
    assert "Fire safety" in page.text
    assert "Driving" in page.text


def folded(page: Page) -> dict[str, list[str]]:
    """What is folded away in groups of its own: the words of the fold, and the titles in it."""
    return {
        "".join(each.find("summary").itertext()).strip(): [  # type: ignore[union-attr]
            "".join(title.itertext()).strip() for title in each.iter() if "bv-list__title" in title.get("class", "")
        ]
        for each in page.all(".//main//details")
        if "open" not in each.attrib
    }


def shown(page: Page, label: str) -> list[str]:
    """The titles of a list that is not folded."""
    found = page.all(f".//ul[@aria-label='{label}']")
    return ["".join(each.itertext()).strip() for part in found for each in part.iter("h3")]


def test_what_asks_nothing_of_a_person_now_is_folded_with_its_number(bramble: Place, priya: Browser) -> None:
    titles = ("Driving", "Fire safety", "First aid", "Lifting")
    trainings = [listed(bramble, title, modules=("falls",), elsewhere=Elsewhere.INSTEAD) for title in titles]
    ngozi, label = bramble.add("Ngozi Obi"), "Trainings Ngozi needs"
    give(bramble, profile(bramble, "Care worker", *trainings), ngozi)
    address = f"/staff/people/{ngozi.person_uuid}"
    page = priya.get(address)
    assert (folded(page), shown(page, label)) == ({}, list(titles))

    here, now = bramble.provider.id, utc_now()
    for view in trainings[1:3]:
        had = Had(training=view.uuid, title=view.title, taught_by="Thistle", taken_on=day_of(now) - timedelta(days=2))
        uuid = requirements.note_outside(db.session(), here, ngozi.person_id, had, now=now)
        requirements.decide_outside(
            db.session(), here, ngozi.person_id, uuid, OutsideState.ACCEPTED, "Seen the paper", now=now
        )
    requirements.make_exception(
        db.session(), here, ngozi.person_id, trainings[0].uuid, "Office work only", until=None, now=now
    )
    db.session.commit()
    page = priya.get(address)
    assert shown(page, label) == ["Lifting"]
    groups = {words: found for words, found in folded(page).items() if words.startswith(("In date", "Not needed"))}
    assert groups == {"In date: 2": ["Fire safety", "First aid"], "Not needed: 1": ["Driving"]}
    # On paper nothing is folded.
    assert len(page.all(".//details[@class='bv-more bv-more--printed']")) == 2
    # What can be done about a row can be done in the fold too.
    assert page.all(f".//details//form[@action='{address}/exceptions/{open_exception(bramble)}/end']")

    requirements.make_exception(
        db.session(), here, ngozi.person_id, trainings[3].uuid, "Office work only", until=None, now=now
    )
    db.session.commit()
    assert "Nothing more is needed of Ngozi now." in priya.get(address).text


def open_exception(place: Place) -> UUID:
    [found] = requirements.exceptions(db.session(), place.provider.id)
    return found.uuid


def test_trainings_nobody_needs_are_folded_once_somebody_needs_one(bramble: Place, priya: Browser) -> None:
    one, *_ = [listed(bramble, title) for title in ("Driving", "Fire safety", "First aid")]
    page = priya.get(LIST)
    assert folded(page) == {}
    assert "3 on your list" in page.text
    give(bramble, profile(bramble, "Driver", one), bramble.add("Ngozi Obi"))
    page = priya.get(LIST)
    assert folded(page) == {"Nobody needs these now: 2": ["Fire safety", "First aid"]}
    assert "3 on your list" in page.text


def test_every_screen_calls_a_job_a_job(bramble: Place, priya: Browser) -> None:
    view = listed(bramble)
    said = [priya.get(page).text for page in (LIST, f"{LIST}/usual", PROFILES, f"{PROFILES}/new")]
    priya.get(f"{PROFILES}/new")
    saved = priya.post(f"{PROFILES}/new", title="Care worker", trainings=[str(view.uuid)])
    (job,) = requirements.profiles(db.session(), bramble.provider.id)
    ngozi = bramble.add("Ngozi Obi")
    give(bramble, job, ngozi)
    one = f"{PROFILES}/{job.uuid}"
    priya.get(one)
    again = priya.post(one, title="", trainings=[])
    said += [saved.text, again.text]
    said += [
        priya.get(page).text
        for page in (
            LIST,
            PROFILES,
            one,
            f"{one}/people",
            f"{LIST}/trainings/{view.uuid}",
            f"{LIST}/exceptions",
            f"/staff/people/{ngozi.person_uuid}",
            f"/staff/people/{ngozi.person_uuid}/exceptions?training={view.uuid}",
            "/staff/people",
            "/staff/people/ask",
            "/staff/matrix",
            "/staff/evidence",
            "/staff/evidence/new",
        )
    ]
    priya.get(one)
    look, saved = look_then_save(priya, f"{one}/end")
    assert "Take the job Care worker off the list?" in look.text
    said += [look.text, saved.text, priya.get("/staff/audit").text]
    assert "took the job Care worker off the list" in said[-1]
    assert sum("job" in text.casefold() for text in said) > 12
    assert [text for text in said if "profile" in text.casefold()] == []


def test_an_exception_needs_a_reason_and_a_day_to_come_and_can_be_ended(bramble: Place, priya: Browser) -> None:
    view = listed(bramble)
    ngozi = bramble.add("Ngozi Obi")
    give(bramble, profile(bramble, "Care worker", view), ngozi)
    address = f"/staff/people/{ngozi.person_uuid}/exceptions"
    priya.get(f"{address}?training={view.uuid}")
    for fields, says in (
        ({"reason": "", "until": ""}, "Say why it is not needed."),
        ({"reason": "Office work only", "until": "2026-02-30"}, "There is no such day."),
        ({"reason": "Office work only", "until": "2020-01-01"}, "This day has passed."),
    ):
        page = priya.post(address, training=str(view.uuid), **fields)
        assert (page.status, says in page.text) == (400, True)
        assert page.all(".//input[@id='reason']")[0].get("value") == fields["reason"]
    page = priya.post(address, training=str(view.uuid), reason="Office work only", until="")
    assert "Not needed" in page.text
    assert "Why: Office work only" in page.text
    assert "Ngozi Obi: Fire safety" in priya.get("/staff/needed/exceptions").text
    [found] = requirements.exceptions(db.session(), bramble.provider.id)
    page = priya.post(f"{address}/{found.uuid}/end")
    assert "It is needed of Ngozi Obi again." in page.text
    assert "There is none." in priya.get("/staff/needed/exceptions").text


@pytest.mark.parametrize("address", [LIST, PROFILES, f"{LIST}/exceptions", "people of a profile", "one person"])
def test_a_page_takes_as_many_statements_for_forty_people_as_for_four(
    bramble: Place, priya: Browser, address: str
) -> None:
    publish_modules("Falls")
    job = profile(bramble, "Care worker", listed(bramble, modules=("falls",)))
    members = [bramble.add(f"Carer {number}") for number in range(4)]
    give(bramble, job, *members)
    if address == "people of a profile":
        address = f"{PROFILES}/{job.uuid}/people"
    elif address == "one person":
        address = f"/staff/people/{members[0].person_uuid}"

    def cost() -> int:
        with statements(db.engine) as sent:
            assert priya.get(address).status == 200
        return len(sent)

    few = cost()
    give(bramble, job, *(bramble.add(f"Another {number}") for number in range(36)))
    assert cost() == few
