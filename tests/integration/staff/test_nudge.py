"""Nudging: the exact words are seen first, the limits are told, and the log says what went to whom."""

from __future__ import annotations

import pytest

from app import messages
from app.extensions import db
from app.kernel import utc_now
from app.messages import Words
from tests.support.learning_place import ask_for, joined, publish_modules
from tests.support.statements import statements
from tests.support.website import Browser, Place

NUDGE = "/staff/messages/nudge"
WORDS = "Hello [name]. When you can: [what]."


def late(place: Place, *names: str) -> list[str]:
    """People who are late with Choking; their uuids."""
    publish_modules("Choking")
    found = []
    for name in names:
        learner = joined(place, name)
        ask_for(place, learner.member, "choking", in_days=-3)
        found.append(str(learner.member.person_uuid))
    return found


def send(priya: Browser, people: list[str], text: str = WORDS, **more: str) -> str:
    """Look at the words and send them; what the page says then."""
    priya.get(NUDGE)
    fields: dict[str, str | list[str]] = {"who": "ticked", "people": people, "text": text, "how": "app", **more}
    priya.post(NUDGE, **fields)
    return priya.post(NUDGE, **fields, send="yes").text


def test_those_who_need_it_are_ticked_and_read_the_exact_words_shown(bramble: Place, priya: Browser) -> None:
    late(bramble, "Ngozi Obi")
    bramble.add("Ben Fine")
    page = priya.get(NUDGE)
    ticked = [e for e in page.all(".//input[@name='people']") if e.get("checked") is not None]
    assert len(ticked) == 1
    page = priya.post(NUDGE, who="ticked", people=[ticked[0].get("value", "")], text=WORDS, how="app")
    assert "Hello Ngozi. When you can: Choking (" in page.text
    assert messages.log(db.session(), bramble.provider.id) == ()


def test_nothing_is_sent_that_was_not_seen(bramble: Place, priya: Browser) -> None:
    [ngozi] = late(bramble, "Ngozi Obi")
    priya.get(NUDGE)
    priya.post(NUDGE, who="ticked", people=[ngozi], text=WORDS, how="app")
    page = priya.post(NUDGE, who="ticked", people=[ngozi], text="Other words, [name].", how="app", send="yes")
    assert "You changed something." in page.text
    assert "Other words, Ngozi." in page.text
    assert messages.log(db.session(), bramble.provider.id) == ()
    page = priya.post(NUDGE, who="ticked", people=[ngozi], text="Other words, [name].", how="app", send="yes")
    assert "Other words, Ngozi." in page.text
    [line] = messages.log(db.session(), bramble.provider.id)
    assert (line.text, line.to, line.by) == ("Other words, Ngozi.", "Ngozi Obi", "Priya Nair")
    assert "Priya Nair nudged Ngozi Obi" in priya.get("/staff/audit").text


def test_the_third_within_a_week_is_held_back_and_said(bramble: Place, priya: Browser) -> None:
    ngozi, ben = late(bramble, "Ngozi Obi", "Ben Okri")
    send(priya, [ngozi])
    send(priya, [ngozi], "Once more, [name].", how="copy")
    text = send(priya, [ngozi, ben], "A third, [name].")
    assert "Not to everybody" in text
    assert "Ngozi Obi: Had two reminders within a week. Again from" in text
    assert [line.to for line in messages.log(db.session(), bramble.provider.id)].count("Ngozi Obi") == 2


def test_two_hundred_held_back_are_told_on_the_page_itself(bramble: Place, priya: Browser) -> None:
    """Not in its address: gunicorn takes 4,094 bytes of one, and by then it was sent."""
    members = [bramble.add(f"Carer {number:03}") for number in range(200)]
    for number in range(2):
        sent = {m.person_id: Words(text=f"Hello {number}") for m in members}
        messages.nudge(db.session(), bramble.provider.id, sent, frozenset(), in_app=True, by=None, now=utc_now())
        db.session.commit()
    ben = bramble.add("Ben Okri")
    people = [str(m.person_uuid) for m in (*members, ben)]
    text = send(priya, people, "A third, [name].")
    assert text.count("Had two reminders within a week.") == 200
    assert priya.page is not None
    assert priya.page.status == 200
    assert priya.page.reply.request.full_path == f"{NUDGE}?"
    assert [line.to for line in messages.log(db.session(), bramble.provider.id, limit=1)] == ["Ben Okri"]


def test_the_same_form_sent_twice_sends_once(bramble: Place, priya: Browser) -> None:
    [ngozi] = late(bramble, "Ngozi Obi")
    priya.get(NUDGE)
    fields = {"who": "ticked", "people": ngozi, "text": WORDS, "how": "app"}
    page = priya.post(NUDGE, **fields)
    form = {**page.form(NUDGE), **fields, "send": "yes"}
    for _ in range(2):
        assert priya.send("POST", NUDGE, data=form).status_code == 200
    assert len(messages.log(db.session(), bramble.provider.id)) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("You are 12 days overdue, [name].", "Take out “12 days overdue”."),
        ("You missed 3 days.", "Take out “missed 3 days”."),
        ("Hello [naam].", "We do not know what to put for [naam]."),
        (" ", "Write a line or two."),
        ("x" * 501, "Use at most 500 letters."),
    ],
)
def test_words_that_count_missed_days_or_make_no_sense_do_not_go(
    bramble: Place, priya: Browser, text: str, said: str
) -> None:
    [ngozi] = late(bramble, "Ngozi Obi")
    priya.get(NUDGE)
    page = priya.post(NUDGE, who="ticked", people=[ngozi], text=text, how="app")
    assert page.status == 400
    assert said in page.text


def test_blame_is_pointed_out_and_stays_the_senders_choice(bramble: Place, priya: Browser) -> None:
    [ngozi] = late(bramble, "Ngozi Obi")
    priya.get(NUDGE)
    page = priya.post(NUDGE, who="ticked", people=[ngozi], text="You still have not done it.", how="app")
    assert page.status == 200
    assert "may read as blame" in page.text


def test_text_to_paste_stands_ready_and_not_in_the_app(bramble: Place, priya: Browser) -> None:
    [ngozi] = late(bramble, "Ngozi Obi")
    assert "Text to paste" in send(priya, [ngozi], how="copy")
    [line] = messages.log(db.session(), bramble.provider.id)
    assert not line.in_app
    assert priya.page is not None
    assert [area.text for area in priya.page.all(".//textarea")] == [line.text]


def test_ways_the_server_does_not_have_are_not_offered(bramble: Place, priya: Browser) -> None:
    late(bramble, "Ngozi Obi")
    page = priya.get(NUDGE)
    assert "lock screen" not in page.text
    assert "e-mail" not in page.text


def test_the_log_and_the_switch(bramble: Place, priya: Browser) -> None:
    [ngozi] = late(bramble, "Ngozi Obi")
    send(priya, [ngozi])
    page = priya.get("/staff/messages")
    assert "Hello Ngozi. When you can: Choking" in page.text
    assert "Off." in page.text
    page = priya.post("/staff/messages/automatic", on="yes")
    assert "On, since" in page.text
    assert messages.automatic_providers(db.session()) == (bramble.provider.id,)
    assert "Nothing yet." in priya.get(f"/staff/messages?person={bramble.manager.person_uuid}").text


def test_the_pages_take_as_many_statements_for_forty_as_for_four(bramble: Place, priya: Browser) -> None:
    people = late(bramble, *(f"Carer {number}" for number in range(4)))

    def sent(address: str) -> int:
        with statements(db.engine) as found:
            assert priya.get(address).status == 200
        return len(found)

    send(priya, people)
    few = [sent(NUDGE), sent("/staff/messages")]
    for number in range(4, 40):
        learner = bramble.add(f"Carer {number}")
        ask_for(bramble, learner, "choking", in_days=-3)
        people.append(str(learner.person_uuid))
    send(priya, people, "Again, [name].")
    assert [sent(NUDGE), sent("/staff/messages")] == few
    assert max(few) <= 30


def test_quiet_hours_are_told(bramble: Place, priya: Browser) -> None:
    [ngozi] = late(bramble, "Ngozi Obi")
    send(priya, [ngozi])
    [line] = messages.log(db.session(), bramble.provider.id)
    assert line.visible_from == messages.may_go_at(line.made_at)
    waits = line.visible_from > utc_now()
    assert priya.page is not None
    assert ("It is quiet time" in priya.page.text) is waits
