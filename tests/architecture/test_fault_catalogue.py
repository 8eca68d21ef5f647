"""The fault catalogue of docs/reliability.md is whole, and says nothing of tests that do not exist.

Operators and carers are promised that each of these faults is survived. A row without a test is a hope; a test that was
renamed leaves a row that looks kept and is not.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
FAULTS = {
    "Network": (
        "plane mode in mid-quiz",
        "online but dead",
        "black hole",
        "request lost",
        "reply lost after commit",
        "request sent twice at once",
        "an old reply after a newer one",
        "reply cut at any byte",
        "2 KB/s",
        "portal 200 HTML on the API",
        "portal 200 HTML during worker install",
        "portal 200 HTML for /sw.js",
        "portal redirect",
        "another server at the same address",
        "500s in a row",
        "413 from a front proxy",
        "429 and 503",
        "changed date of the server",
    ),
    "Records": (
        "poison record",
        "partial receipts",
        "huge backlog",
        "tampered person or replayed token",
        "same id with other content",
    ),
    "Sign-in and people": (
        "sign-in ended while offline",
        "append token revoked",
        "another person signs in",
        "sign-out with unsent work",
        "person removed on the server",
        "employer changed",
        "CSRF secret rotated",
    ),
    "Clock": (
        "two years wrong",
        "jumping back in a quiz",
        "summer time",
        "other zones",
    ),
    "Phone": (
        'browser killed right after "Saved"',
        "tab closed while sending",
        "two tabs at once",
        "worker killed while sending",
        "IndexedDB connection dying once",
        "IndexedDB connection dying thrice",
        "IndexedDB connection dying for ever",
        "schema upgrade blocked by an old tab",
        "schema upgrade aborting half way",
        "quota full for media",
        "quota full for a record",
        "origin evicted whole",
        "only caches evicted",
        "only IndexedDB evicted",
        "private window",
        "no worker at all",
        "no IndexedDB at all",
        "phone restored from its own backup",
        "phone cloned",
    ),
    "Versions": (
        "update while a quiz is open",
        "old tab with new assets",
        "update loop",
        "server older than the client",
        "phone twelve months behind",
        "quiz edited while the learner is offline",
        "module withdrawn",
        "wrong key corrected",
        "edition damaged on the way",
        "download cut at 60 %",
    ),
    "Server": (
        "restored from an old backup, then others sync first",
        "disk full",
        "database locked",
        "killed between commit and reply",
        "power loss after a receipt",
        "two workers with the same record",
        "projections rebuilt",
        "10,000 phones after an outage",
        "kill switch with records waiting",
    ),
}
EVERY = [(group, fault) for group, faults in FAULTS.items() for fault in faults]
# A test is named `path::name`, or `path` and its title in quotes.
PYTHON = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PHONE = re.compile(r"`(tests/phone/[\w.-]+\.ts)` \"([^\"]+)\"")
TITLE = re.compile(r"""\btest\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)""")


def section() -> str:
    """The catalogue, from its heading to the next one of its rank."""
    _, found, rest = PAGE.partition("\n## The fault catalogue\n")
    assert found, "docs/reliability.md has no section called The fault catalogue"
    return rest.split("\n## ")[0]


def rows() -> dict[tuple[str, str], tuple[str, str]]:
    """What is seen and which tests are named, by group and fault."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for group in section().split("\n### ")[1:]:
        name, *lines = group.split("\n")
        for line in lines:
            if not line.startswith("| ") or line.startswith("| Fault |"):
                continue
            fault, seen, tests = (cell.strip() for cell in line.strip("| ").split(" | "))
            assert (name, fault) not in found, f"{fault} stands there twice"
            found[name, fault] = (seen, tests)
    return found


@cache
def names_in(path: str) -> frozenset[str]:
    """The tests of a file: functions of Python, titles of TypeScript as they are written."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".py"):
        return frozenset(node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
    return frozenset(re.sub(r"\\(.)", r"\1", "".join(found)) for found in TITLE.findall(text))


def test_the_catalogue_has_every_fault_and_no_other() -> None:
    assert list(rows()) == EVERY
    assert len(EVERY) >= 70


@pytest.mark.parametrize(("group", "fault"), EVERY)
def test_a_fault_says_what_is_seen_and_names_tests_that_exist(group: str, fault: str) -> None:
    seen, tests = rows()[group, fault]
    assert len(seen) > 5
    named = PYTHON.findall(tests) + PHONE.findall(tests)
    assert named, f"{fault} names no test"
    assert tests.count("`tests/") == len(named), f"{fault} names a test in a way that cannot be checked"
    for path, name in named:
        assert (ROOT / path).is_file(), f"{fault}: there is no {path}"
        assert name in names_in(path), f"{fault}: {path} has no test called {name}"


def test_a_name_that_does_not_exist_would_be_noticed() -> None:
    assert "test_a_test_nobody_wrote" not in names_in("tests/browser/test_faults_network.py")
    assert "a test nobody wrote" not in names_in("tests/phone/send.test.ts")
    assert "a 409 pauses because the token is another person's" in names_in("tests/phone/send.test.ts")
