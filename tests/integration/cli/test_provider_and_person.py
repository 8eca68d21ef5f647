"""An operator sets up a provider and its people from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask

from app import identity, providers
from app.assessment import delegation
from app.extensions import db
from app.kernel import day_of, utc_now
from app.providers import Role
from tests.support.delegated import delegated
from tests.support.website import Browser, sign_in


def run(app: Flask, *words: str) -> Result:
    db.session.rollback()
    return app.test_cli_runner().invoke(args=list(words))


def run_json(app: Flask, *words: str) -> Any:
    result = run(app, *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_a_provider_and_its_manager_who_then_signs_in(app: Flask, browser: Browser) -> None:
    made = run_json(app, "provider", "add", "Bramble Home Care", "--manager", "Príya Nair")
    assert made["manager"]["sign_in"] == "priya.nair"
    page = sign_in(browser, "priya.nair", made["manager"]["one_time_password"])
    assert page.heading == "Choose a password"
    assert run_json(app, "provider", "list")[0]["contact"] == "Príya"


def test_adding_a_provider_again_changes_nothing(app: Flask) -> None:
    run_json(app, "provider", "add", "Bramble Home Care", "--manager", "Priya Nair")
    again = run_json(app, "provider", "add", " Bramble  Home Care", "--manager", "Somebody Else")
    assert again["made"] is False
    assert "one_time_password" not in str(again)
    found = providers.find_provider(db.session(), "Bramble Home Care")
    assert found is not None
    assert [m.name for m in providers.list_members(db.session(), found.id)] == ["Priya Nair"]


def test_a_password_from_a_file_is_never_printed(app: Flask, tmp_path: Path, browser: Browser) -> None:
    (tmp_path / "password").write_text("a long one from a file\nsecond line\n")
    result = run(
        app, "provider", "add", "B", "--manager", "P N", "--sign-in", "p@example.org",
        "--password-file", str(tmp_path / "password"),
    )  # fmt: skip
    assert result.exit_code == 0
    assert "from a file" not in result.output
    assert sign_in(browser, "P@example.org", "a long one from a file").heading == "Choose a password"


def test_what_cannot_be_done_is_said_in_words_and_leaves_nothing_behind(app: Flask, tmp_path: Path) -> None:
    for words, says in (
        (("provider", "add", " ", "--manager", "P N"), "Type a name."),
        (("provider", "add", "B", "--manager", "P N", "--password-file", str(tmp_path / "none")), "We cannot read"),
        (("person", "add", "Ngozi"), "There is no provider yet."),
    ):
        result = run(app, *words)
        assert result.exit_code == 1
        assert says in result.output
        assert "Traceback" not in result.output
    (tmp_path / "short").write_text("short")
    result = run(app, "provider", "add", "B", "--manager", "P N", "--password-file", str(tmp_path / "short"))
    assert "Use at least 10 characters" in result.output
    assert providers.list_providers(db.session()) == ()


def test_a_person_is_added_with_a_code_that_works(app: Flask, browser: Browser) -> None:
    run_json(app, "provider", "add", "Bramble Home Care", "--manager", "Priya Nair")
    made = run_json(app, "person", "add", "Ngozi Obi")
    assert made["roles"] == ["learner"]
    assert made["link"] == f"http://localhost/join/{made['code'].replace(' ', '')}"
    assert browser.get(f"/join?code={made['code']}").heading == "Is that you?"
    newer = run_json(app, "person", "invite", "ngozi obi")
    assert browser.get(f"/join?code={made['code']}").status == 410
    assert browser.get(f"/join?code={newer['code']}").status == 200
    assert run(app, "person", "add", "Ngozi Obi").exit_code == 1


def test_people_are_listed_and_archived(app: Flask) -> None:
    run_json(app, "provider", "add", "Bramble Home Care", "--manager", "Priya Nair")
    run_json(app, "person", "add", "Tom Price", "--role", "trainer", "--role", "assessor")
    assert [p["roles"] for p in run_json(app, "person", "list")] == [["manager"], ["assessor", "trainer"]]
    for _ in range(2):
        assert run_json(app, "person", "archive", "Tom Price")["archived"] is True
    assert [p["name"] for p in run_json(app, "person", "list")] == ["Priya Nair"]
    assert len(run_json(app, "person", "list", "--archived")) == 2


def test_whoever_is_archived_may_do_no_delegated_task_any_more(app: Flask) -> None:
    run_json(app, "provider", "add", "Bramble Home Care", "--manager", "Priya Nair")
    run_json(app, "person", "add", "Ngozi Obi")
    [bramble] = providers.list_providers(db.session())
    ngozi = next(each for each in providers.list_members(db.session(), bramble.id) if each.name == "Ngozi Obi")
    delegated(db.session(), ngozi, now=utc_now())
    run_json(app, "person", "archive", "Ngozi Obi")
    db.session.expire_all()
    [view] = delegation.of(db.session(), bramble.id, None, day_of(utc_now()))
    assert view.withdrawn is not None
    assert view.withdrawn.reason == "They left."


def test_with_two_providers_it_has_to_be_said_which(app: Flask) -> None:
    for name in ("Bramble", "Thistle"):
        run_json(app, "provider", "add", name, "--manager", f"Manager {name}")
    result = run(app, "person", "add", "Ngozi Obi")
    assert "Say which provider with --provider NAME." in result.output
    assert 'no provider called "Bram"' in run(app, "person", "add", "N", "--provider", "Bram").output
    made = run_json(app, "person", "add", "Ngozi Obi", "--provider", "thistle")
    thistle = providers.find_provider(db.session(), "Thistle")
    assert thistle is not None
    assert str(providers.list_members(db.session(), thistle.id)[1].person_uuid) == made["person"]


def test_of_two_people_with_one_name_the_uuid_says_which(app: Flask) -> None:
    run_json(app, "provider", "add", "Bramble", "--manager", "Priya Nair")
    bramble = providers.find_provider(db.session(), "Bramble")
    assert bramble is not None
    twins = [
        providers.add_person(db.session(), bramble.id, "Mary Smith", (Role.LEARNER,), now=utc_now()) for _ in range(2)
    ]
    db.session.commit()
    result = run(app, "person", "invite", "Mary Smith")
    assert result.exit_code == 1
    assert all(str(twin.person_uuid) in result.output for twin in twins)
    assert run_json(app, "person", "invite", str(twins[0].person_uuid))["code"]


def test_a_forgotten_password_is_replaced_and_other_browsers_signed_out(app: Flask, browser: Browser) -> None:
    first = run_json(app, "provider", "add", "Bramble", "--manager", "Priya Nair")["manager"]
    sign_in(browser, first["sign_in"], first["one_time_password"])
    second = run_json(app, "person", "set-password", "Priya Nair")
    assert browser.get("/staff/password").heading == "Sign in"
    assert sign_in(browser, second["sign_in"], second["one_time_password"]).heading == "Choose a password"
    assert identity.find_person_by_sign_in_name(db.session(), "priya.nair") is not None
