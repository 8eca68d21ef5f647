"""The command line and the worker: issue, verify, revoke, new keys, everything out."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app import audit, credentials
from app.cli.credential import Issuing as Job
from app.credentials import Kind, Site
from app.extensions import db
from app.kernel import utc_now
from tests.support.credentials import ORIGIN, Issuing
from tests.support.website import KEY

SITE = Site(origin=ORIGIN, secret=KEY.encode())


@pytest.fixture
def bramble(app: Flask) -> Issuing:
    found = Issuing(db.session())
    found.passes()
    return found


def run(app: Flask, *words: str) -> tuple[int, Any]:
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=["credential", *words])
    db.session.rollback()
    out = result.stdout.strip()
    return result.exit_code, json.loads(out) if out.startswith(("{", "[")) else out + result.stderr


def test_issuing_twice_issues_once_and_is_noted(app: Flask, bramble: Issuing) -> None:
    assert run(app, "issue", "--json") == (0, {"issued": 1, "revoked": 0})
    assert run(app, "issue", "--json") == (0, {"issued": 0, "revoked": 0})
    noted = [each for each in audit.entries(db.session(), limit=9) if each.action == "credentials.brought-into-line"]
    assert [(each.subject, each.details) for each in noted] == [
        (bramble.ngozi.person_uuid, {"issued": 1, "revoked": 0})
    ]


def test_a_file_is_verified_until_it_is_revoked(app: Flask, bramble: Issuing, tmp_path: Path) -> None:
    run(app, "issue")
    (one,) = run(app, "export", "--json")[1]
    for name, form in (("a.jwt", "jwt"), ("a.json", "document")):
        (tmp_path / name).write_text(one[form])
        code, said = run(app, "verify", str(tmp_path / name), "--json")
        assert (code, said["verdict"], said["person"]) == (0, "valid", "Ngozi Obi")
    assert run(app, "revoke", one["uuid"], "--reason", "A slip", "--json") == (0, {"revoked": True})
    assert run(app, "revoke", one["uuid"], "--reason", "A slip", "--json") == (0, {"revoked": False})
    code, said = run(app, "verify", str(tmp_path / "a.jwt"), "--json")
    assert (code, said["verdict"]) == (1, "withdrawn")
    assert run(app, "issue", "--json") == (0, {"issued": 0, "revoked": 0})
    assert "A slip" in run(app, "export")[1]
    assert run(app, "revoke", str(UUID(int=7)), "--reason", "A slip")[0] == 1


def test_what_older_keys_signed_holds_until_they_leaked(app: Flask, bramble: Issuing, tmp_path: Path) -> None:
    run(app, "issue")
    file = tmp_path / "a.jwt"
    file.write_text(run(app, "export", "--json")[1][0]["jwt"])
    assert run(app, "rotate-key", "--json") == (0, {"number": 2})
    assert run(app, "verify", str(file))[0] == 0
    assert run(app, "issue", "--json") == (0, {"issued": 0, "revoked": 0})
    assert run(app, "rotate-key", "--leaked", "--json") == (0, {"number": 3})
    code, said = run(app, "verify", str(file), "--json")
    assert (code, said["verdict"]) == (1, "altered")
    assert run(app, "issue", "--json") == (0, {"issued": 1, "revoked": 1})
    document = credentials.did_document(db.session(), bramble.provider.id, bramble.provider.uuid, SITE)
    assert document is not None
    assert [each.rpartition("-")[2] for each in document["assertionMethod"]] == ["3", "3"]


def test_a_changed_secret_key_is_told_with_what_to_do(app: Flask, bramble: Issuing) -> None:
    run(app, "issue")
    bramble.is_seen()
    app.extensions["bv.settings"] = other(app)
    code, said = run(app, "issue")
    assert (code, "rotate-key" in said) == (1, True)
    doctor = app.test_cli_runner().invoke(args=["doctor"]).output
    assert "signing keys of Bramble Home Care cannot be opened" in doctor
    run(app, "rotate-key")
    assert run(app, "issue", "--json") == (0, {"issued": 1, "revoked": 0})


def other(app: Flask) -> Any:
    from dataclasses import replace

    return replace(app.extensions["bv.settings"], secret_key="another key, quite as long as the first one")


def test_without_an_address_others_can_reach_nothing_is_issued(app: Flask, bramble: Issuing) -> None:
    from dataclasses import replace

    app.extensions["bv.settings"] = replace(app.extensions["bv.settings"], origin="http://localhost:8000")
    code, said = run(app, "issue")
    assert (code, "BV_ORIGIN" in said) == (1, True)
    assert Job()(utc_now()) is None
    assert bramble.all() == ()


def test_the_worker_issues_soon_after_something_happened(app: Flask, bramble: Issuing) -> None:
    job, now = Job(), utc_now()
    assert job(now) == "1 issued, 0 revoked."
    bramble.is_seen()
    assert job(now + timedelta(minutes=1)) is None
    assert job(now + timedelta(minutes=6)) == "1 issued, 0 revoked."
    assert set(bramble.live()) == {Kind.KNOWLEDGE, Kind.PRACTICE}
