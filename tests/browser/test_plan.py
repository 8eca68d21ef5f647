"""A carer writes goals without signal, their manager sees and answers them, and the phone shows both."""

from __future__ import annotations

import re
import time

from app import providers, supervision
from app.extensions import db
from app.kernel import utc_now
from tests.support.engines import wait_until
from tests.support.faulty import Faulty
from tests.support.screens import Looker

SAYS = "(document.querySelector('[data-plan]') || document.body).innerText.includes(arguments[0])"
# The goal is drawn, and nothing of the list waits any more.
SENT = (
    "(goal) => (document.querySelector('[data-goals]')?.innerText ?? 'Waiting').includes(goal)"
    " && !document.querySelector('[data-goals]').innerText.includes('Waiting')"
)
KEPT = "caches.has('plan').then(async (has) => has && (await (await caches.open('plan')).keys()).length === 1)"


def on_the_server(place: Faulty) -> list[tuple[str, bool]]:
    """The goals of the only carer, as their manager sees them."""
    with place.application.app_context():
        session = db.session()
        provider = providers.list_providers(session)[0]
        people = [each.person_id for each in providers.list_members(session, provider.id)]
        plans = supervision.plans_of(session, provider.id, people)
        return [(goal.text, goal.done) for goals in plans.values() for goal in goals]


def says(place: Faulty, text: str, comment: str) -> None:
    """The manager comments on the goal with these words, and adds one."""
    with place.application.app_context():
        session, now = db.session(), utc_now()
        provider = providers.list_providers(session)[0]
        people = [each.person_id for each in providers.list_members(session, provider.id)]
        [(person, goals)] = supervision.plans_of(session, provider.id, people).items()
        [goal] = [each for each in goals if each.text == text]
        supervision.comment(session, provider.id, person, goal.goal, comment, now=now, by=None)
        supervision.add_goal(session, provider.id, person, "Lead a visit", None, now=now, by=None)
        session.commit()


def test_goals_are_written_without_signal_and_answered(faulty: Faulty) -> None:
    phone = faulty.phone()
    carer, page, looker = phone.carer, phone.tab.page, Looker()
    carer.go("/record")
    page.locator("main a", has_text="My plan").click()
    wait_until(phone.tab, SAYS, "No goal yet")
    page.wait_for_function(f"async () => await {KEPT}")

    faulty.proxy.fault("refuse")
    carer.go("/plan")
    wait_until(phone.tab, SAYS, "No goal yet")
    page.get_by_label("A new goal of mine").fill("Use the hoist")
    page.locator("[data-save-goal=new]").click()
    wait_until(phone.tab, SAYS, "Waiting to send")
    page.get_by_role("button", name="Change").click()
    page.get_by_label("My goal").fill("Use the hoist alone")
    page.locator("[data-save-goal=change]").click()
    wait_until(phone.tab, SAYS, "Use the hoist alone")
    looker.look(phone.tab, "my plan")
    assert on_the_server(faulty) == []

    faulty.proxy.mend()
    page.evaluate("() => sessionStorage.clear()")
    carer.go("/plan")
    page.wait_for_function(SENT, arg="Use the hoist alone", timeout=40_000)
    assert on_the_server(faulty) == [("Use the hoist alone", False)]

    says(faulty, "Use the hoist alone", "Dawn can show you")
    page.evaluate("() => sessionStorage.clear()")
    carer.go("/plan")
    wait_until(phone.tab, SAYS, "Your manager says: Dawn can show you")
    assert "Lead a visit" in carer.words()
    page.get_by_role("button", name=re.compile("Done.*Lead a visit")).click()
    deadline = time.monotonic() + 40
    while ("Lead a visit", True) not in on_the_server(faulty):
        assert time.monotonic() < deadline, on_the_server(faulty)
        time.sleep(0.2)
    assert looker.wrong == []
