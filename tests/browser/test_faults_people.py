"""The fault catalogue, people and clocks: places that end, keys that change, clocks that jump. In Chromium."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.carer import Carer
from tests.support.engines import wait_until
from tests.support.faulty import MAIN, MODULE, PIN, SAYS, Faulty, Phone
from tests.support.screens import Tab

TWO_YEARS = timedelta(days=730)


def test_work_of_somebody_who_was_archived_meanwhile_still_arrives(faulty: Faulty) -> None:
    phone = faulty.phone(name="Remi Removed")
    faulty.proxy.fault("refuse")
    phone.carer.start(MODULE)
    phone.carer.play_to_end()
    kept = phone.kept()
    assert kept >= 1
    faulty.site.flask("person", "archive", "Remi Removed")
    faulty.proxy.mend()
    phone.all_sent()
    assert len(faulty.stored(phone.uuid)) == kept
    # The phone goes on showing what is on it; nothing crashes, and nothing is taken away behind their back.
    phone.carer.go("/today")
    wait_until(phone.tab, SAYS, "Hello, Remi")


def test_a_new_secret_key_signs_staff_out_and_no_phone(own: Faulty) -> None:
    phone = own.phone()
    half_joined = Tab(own.browser, own.proxy.origin)
    uuid, code = own.person()
    half_joined.open(f"{own.proxy.origin}/join/{code}")
    half_joined.click("main a.bv-button--main")
    Carer(half_joined, own.site, origin=own.proxy.origin).wait_for("[name=pin]")
    with own.proxy.failing("refuse"):
        phone.read_lesson()
    own.site.stop()
    own.site.settings["BV_SECRET_KEY"] = "another key, as after one that became known"
    own.site.start()
    own.forget_application()
    phone.all_sent()
    assert len(own.stored(phone.uuid)) == 1
    # Whoever was just typing a PIN is told what to do, and a new code lets them in.
    half_joined.type("[name=pin]", PIN)
    half_joined.type("[name=again]", PIN)
    half_joined.script("window.before = true")
    half_joined.click("main button.bv-button--main")
    wait_until(half_joined, f"!window.before && document.readyState === 'complete' && /code|again/i.test({MAIN})")
    Carer(half_joined, own.site, origin=own.proxy.origin).join(own.new_code(uuid), PIN)
    wait_until(half_joined, SAYS, "Hello, Ada")


@pytest.mark.parametrize("wrong", [TWO_YEARS, -TWO_YEARS], ids=["ahead", "behind"])
def test_a_clock_two_years_wrong_that_jumps_back_in_a_quiz_dates_the_pass_today(
    faulty: Faulty, wrong: timedelta
) -> None:
    tab = Tab(faulty.browser, faulty.proxy.origin)
    tab.page.clock.set_system_time(datetime.now(UTC) + wrong)
    phone = faulty.phone(tab=tab)
    phone.carer.start(MODULE)
    while phone.carer.part()["kind"] != "question":
        phone.carer.next()
    phone.carer.answer()
    tab.page.clock.set_system_time(datetime.now(UTC) + wrong - timedelta(hours=3))
    phone.carer.next()
    phone.carer.play_to_end()
    phone.all_sent()
    (at, seconds) = faulty.rows(
        "SELECT a.at, a.seconds FROM attempt_results a JOIN persons p ON p.id = a.person_id WHERE p.uuid IN (?, ?)",
        phone.uuid,
        phone.uuid.replace("-", ""),
    )[0]
    dated = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert timedelta(hours=-4) < dated - datetime.now(UTC) <= timedelta(0)
    assert 0 <= seconds < 600
    phone.carer.go("/record")
    wait_until(tab, SAYS, "Spot a stroke, ring 999")


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_other_zones_and_summer_time_change_days_on_screen_and_no_moment(faulty: Faulty, zone: str) -> None:
    phone = faulty.phone(timezone_id=zone)
    phone.read_lesson()
    # The night the clocks go back in London: the same hour comes twice.
    phone.tab.page.clock.set_system_time(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    phone.read_lesson()
    phone.tab.page.clock.set_system_time(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    phone.read_lesson()
    made = [record["at"] for record in phone.records()]
    assert all(at.endswith("Z") for at in made)
    assert made[1] < made[2]
    assert made[1].startswith("2026-10-25T00:3")
    assert made[2].startswith("2026-10-25T01:3")
    phone.carer.go("/today")
    wait_until(phone.tab, SAYS, "Sunday 25 October" if zone == "Pacific/Kiritimati" else "Saturday 24 October")
    phone.all_sent()


def test_two_people_with_one_phone_and_no_signal_are_each_sent_as_themselves(faulty: Faulty) -> None:
    """The one who comes second must neither send the first one's work as hers nor wait for her to come back."""
    first = faulty.phone(name="Ada First")
    with faulty.proxy.failing("refuse", "^/api/v1/records"):
        first.read_lesson()
        uuid, code = faulty.person(name="Bea Second")
        first.carer.join(code, PIN)
        second = Phone(faulty, first.tab, first.carer, uuid, (MODULE,))
        second.read_lesson()
    second.forget_waits()
    first.forget_waits()
    second.carer.go("/today")
    wait_until(second.tab, SAYS, "Hello, Bea")
    second.all_sent()
    assert faulty.stored(first.uuid) == [record["id"] for record in first.records()]
    assert len(faulty.stored(first.uuid)) == len(faulty.stored(second.uuid)) == 1
