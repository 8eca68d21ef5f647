"""Whatever reads what strangers send gives an answer or its own kind of refusal, and never anything else."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import identity, providers
from app.backup import archive
from app.backup.errors import BackupError
from app.config import KNOWN, Settings, SettingsError
from app.content import frontmatter
from app.content.problems import Problems
from app.kernel import DomainError
from app.providers.codes import CODE_ALPHABET, CODE_LENGTH, clean_code
from app.web.access import safe_next

FEW = settings(
    max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
TEXT = st.text(st.characters(), max_size=60)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


@FEW
@given(body=st.binary(max_size=400), packed=st.booleans(), address=st.sampled_from(["/records", "/sign-in"]))
def test_any_bytes_get_an_answer_of_the_one_shape(app: Flask, body: bytes, packed: bool, address: str) -> None:
    headers = {"Content-Encoding": "gzip"} if packed else {}
    for data in (body, gzip.compress(body), zlib.compress(body)):
        reply = app.test_client().post(f"/api/v1{address}", data=data, content_type="application/json", headers=headers)
        assert reply.status_code in (400, 401, 413, 415)
        assert set(reply.get_json()["error"]) <= {"code", "message", "field"}


@FEW
@given(value=JSON)
def test_any_json_is_no_sign_in(app: Flask, value: Any) -> None:
    reply = app.test_client().post("/api/v1/sign-in", data=json.dumps(value), content_type="application/json")
    assert reply.status_code == 400


@FEW
@given(pin=TEXT, person=st.uuids(), dev=st.uuids())
def test_any_pin_of_a_stranger_is_wrong(app: Flask, pin: str, person: Any, dev: Any) -> None:
    sent = {"dev": str(dev), "person": str(person), "pin": pin}
    reply = app.test_client().post("/api/v1/sign-in", json=sent)
    assert reply.status_code in (400, 401, 429)


@FEW
@given(typed=TEXT)
def test_a_code_is_one_or_is_none(typed: str) -> None:
    code = clean_code(typed)
    assert code is None or (len(code) == CODE_LENGTH and set(code) <= set(CODE_ALPHABET))
    assert code is None or clean_code(providers.written_code(code)) == code


@FEW
@given(typed=TEXT)
def test_a_next_page_is_ours_or_none(typed: str) -> None:
    for target in (typed, f"/{typed}", f"//{typed}", f"/staff/{typed}", f"/staff/../{typed}"):
        found = safe_next(target)
        assert found is None or (found == target and found.startswith("/staff/") and "\\" not in found)
        assert found is None or not set(found) & {"\r", "\n", "\t", "\0"}


@FEW
@given(password=TEXT | st.text(min_size=8, max_size=200), name=TEXT)
def test_a_password_or_pin_is_kept_or_refused_in_words(app: Flask, password: str, name: str) -> None:
    from app.extensions import db
    from app.kernel import utc_now

    refused: list[str] = []
    person = identity.add_person(db.session(), f"Somebody {uuid4()}", now=utc_now())
    for act in (
        lambda: identity.set_pin(db.session(), person.id, password),
        lambda: identity.set_sign_in_name(db.session(), person.id, name),
        lambda: identity.add_person(db.session(), name, now=utc_now()),
    ):
        try:
            act()
        except DomainError as error:
            refused.append(str(error))
    assert all(refused)
    db.session.rollback()


@FEW
# No environment can hold a NUL.
@given(
    values=st.dictionaries(
        st.sampled_from(sorted(KNOWN)),
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40),
        max_size=5,
    )
)
def test_settings_are_taken_or_refused_by_name(tmp_path_factory: Any, values: dict[str, str]) -> None:
    folder = tmp_path_factory.getbasetemp()
    environ = {**values, "BV_INSTANCE": str(folder), "BV_MODE": values.get("BV_MODE", "development")}
    refused = None
    try:
        made = Settings.from_environment(environ)
    except SettingsError as error:
        refused = error
    if refused is None:
        assert 1 <= made.port <= 65535
        assert made.origin.startswith(("http://", "https://"))
    else:
        assert refused.name.startswith("BV_")
        # A secret is never repeated, wrong as it may be; one of a letter or two is in every sentence.
        secret = values.get(refused.name, "") if "KEY" in refused.name and "FILE" not in refused.name else ""
        assert len(secret.strip()) < 10 or secret.strip() not in str(refused)


FRONT = st.text(alphabet=st.sampled_from("abc: -[]{}#&*!|>'\"%@`\n\t,0\u2028é"), max_size=120) | TEXT


@FEW
@given(text=FRONT)
def test_front_matter_is_read_or_its_mistakes_are_told(text: str) -> None:
    for source in (text, f"---\n{text}\n---\nwords", f"---\n{text}"):
        problems = Problems("module.md")
        front = frontmatter.split(source.replace("\r", ""), problems)
        lines = source.count("\n") + 2
        assert front.values or front.body or problems.sorted() or not text.strip("-# \t\n")
        assert all(1 <= problem.line <= lines and problem.message for problem in problems.sorted())


def backup(content: bytes, manifest: bytes) -> bytes:
    """A file of a backup's shape around anything."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as whole:
        whole.writestr(archive.CONTENT, content)
        whole.writestr(archive.MANIFEST, manifest)
    return held.getvalue()


KNOWN_FIELDS = st.sampled_from(
    ["app", "format", "made_at", "sort", "survey", "sha256", "stored", "plain", "salt", "seal"]
)


@FEW
@given(
    head=st.binary(max_size=300),
    fields=st.dictionaries(KNOWN_FIELDS, JSON | st.just("between-visits") | st.just(1), max_size=10),
)
def test_a_file_that_is_no_backup_is_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, fields: dict[str, Any]
) -> None:
    path = tmp_path_factory.getbasetemp() / "some.backup"
    ours = {"app": archive.APP, "format": archive.FORMAT, **fields}
    for content in (head, b"PK\x03\x04" + head, backup(head, head), backup(head, json.dumps(ours).encode())):
        path.write_bytes(content)
        with pytest.raises(BackupError) as refused:
            archive.read_manifest(path)
        assert str(refused.value)
