"""What a provider adds to a module is on its people's phones, with signal and without, until it is taken away."""

from __future__ import annotations

from app import authoring, providers
from app.extensions import db
from app.kernel import utc_now
from tests.support.engines import wait_until
from tests.support.faulty import MODULE, Faulty
from tests.support.screens import Looker

HERE = "!!document.querySelector('.bv-local') === arguments[0]"
SHOWN = "document.querySelector('.bv-local').innerText.includes(arguments[0])"
# As if it had been a while since this phone asked what is new.
A_WHILE_AGO = "() => sessionStorage.clear()"


def says(place: Faulty, text: str, on: int) -> None:
    """The manager of Bramble Home Care puts these words beside the module."""
    with place.application.app_context():
        session, now = db.session(), utc_now()
        provider = providers.list_providers(session)[0]
        [manager] = [each for each in providers.list_members(session, provider.id) if each.name == "Priya Nair"]
        authoring.write_local_page(session, provider.id, MODULE, text, based_on=on, by=manager.person_id, now=now)
        session.commit()


def test_a_carer_reads_it_at_the_start_and_in_a_lesson_without_signal_until_it_is_gone(faulty: Faulty) -> None:
    says(faulty, "**On call, day and night:** 0161 496 0000\n\n- Falls form: blue folder\n- Then tell Priya", 0)
    phone = faulty.phone()
    carer, page, looker = phone.carer, phone.tab.page, Looker()
    faulty.proxy.fault("refuse")

    carer.go(f"/learn/{MODULE}")
    wait_until(phone.tab, SHOWN, "From Bramble Home Care")
    assert page.locator(".bv-local a").get_attribute("href") == "tel:01614960000"
    assert page.locator(".bv-local a").is_visible()
    looker.look(phone.tab, "module with a local page")
    carer.start(MODULE)
    wait_until(phone.tab, HERE, True)
    assert not page.locator(".bv-local a").is_visible()
    page.locator(".bv-local summary").click()
    assert page.locator(".bv-local a").is_visible()

    faulty.proxy.mend()
    says(faulty, "", 1)
    page.evaluate(A_WHILE_AGO)
    carer.go(f"/learn/{MODULE}")
    wait_until(phone.tab, HERE, False)
    assert looker.wrong == []
