"""An operator rescues people from the command line: lost phones, lost keys."""

from __future__ import annotations

import json
from typing import Any

from click.testing import Result
from flask import Flask

from app import audit, identity
from app.extensions import db
from app.identity import TokenKind, TokenRefused
from app.kernel import utc_now
from app.providers import MemberView
from tests.support.second_step import give_app, give_codes
from tests.support.website import Browser, Place, sign_in


def run(app: Flask, *words: str) -> Result:
    db.session.rollback()
    return app.test_cli_runner().invoke(args=["person", *words])


def run_json(app: Flask, *words: str) -> Any:
    result = run(app, *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def enrol(member: MemberView) -> identity.Enrolment:
    made = identity.enrol_phone(db.session(), member.person_id, provider_id=member.provider_id, now=utc_now())
    db.session.commit()
    return made


def good(token: str) -> bool:
    db.session.rollback()
    try:
        identity.bearer(db.session(), token, TokenKind.APPEND, now=utc_now())
    except TokenRefused:
        return False
    return True


def test_phones_are_listed_and_the_only_one_ends_by_name(app: Flask, bramble: Place) -> None:
    ngozi = bramble.add("Ngozi Obi")
    assert "has no phone here" in run(app, "phones", "Ngozi Obi").output
    phone = enrol(ngozi)
    (listed,) = run_json(app, "phones", "Ngozi Obi")
    assert (listed["phone"], listed["ended"]) == (str(phone.dev), None)
    assert str(phone.dev) in run(app, "phones", "Ngozi Obi").output
    assert run_json(app, "end-phone", "Ngozi Obi")["ended"] == 1
    assert not good(phone.append)
    assert run_json(app, "phones", "Ngozi Obi")[0]["ended"]
    entry = audit.entries(db.session())[0]
    assert (entry.action, entry.actor, entry.subject) == ("phone.lost", audit.OPERATOR, ngozi.person_uuid)


def test_of_several_the_operator_says_which(app: Flask, bramble: Place) -> None:
    ngozi = bramble.add("Ngozi Obi")
    first, second, third = enrol(ngozi), enrol(ngozi), enrol(ngozi)
    asked = run(app, "end-phone", "Ngozi Obi")
    assert asked.exit_code == 1
    assert str(first.dev) in asked.output
    assert [good(each.append) for each in (first, second, third)] == [True] * 3
    run_json(app, "end-phone", "Ngozi Obi", "--phone", str(second.dev))
    assert [good(each.append) for each in (first, second, third)] == [True, False, True]
    assert run_json(app, "end-phone", "Ngozi Obi", "--all")["ended"] == 2
    assert not any(good(each.append) for each in (first, second, third))
    assert audit.entries(db.session())[0].action == "phones.ended"


def test_a_phone_that_is_not_theirs_is_not_ended(app: Flask, bramble: Place) -> None:
    bramble.add("Ngozi Obi")
    toms = enrol(bramble.add("Tom Price"))
    for words in (("end-phone", "Ngozi Obi", "--phone", str(toms.dev)), ("end-phone", "Ngozi Obi")):
        result = run(app, *words)
        assert result.exit_code == 1
        assert "no such phone" in result.output
    assert good(toms.append)


def test_a_manager_whose_key_is_lost_is_let_in_again(app: Flask, bramble: Place, browser: Browser) -> None:
    give_app(bramble)
    give_codes(bramble)
    sign_in(browser, "priya")
    assert run_json(app, "reset-second-step", "Priya Nair")["had"] is True
    assert browser.get("/staff/second-step").heading == "Sign in"
    password = run_json(app, "set-password", "Priya Nair")["one_time_password"]
    assert sign_in(browser, "priya", password).heading == "Choose a password"
    assert identity.recovery_codes_left(db.session(), bramble.manager.person_id) == 0
    assert "second-step.removed" in [entry.action for entry in audit.entries(db.session())]
    assert run_json(app, "reset-second-step", "Priya Nair")["had"] is False
