"""The server's verdicts on the cases the phone runs too (tests/phone/check.test.ts): both must say the same of each."""

from __future__ import annotations

import base64
import gzip
import json
import time
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app import credentials
from app.credentials import KnownIssuer, StatusList, Unreadable, presented

ALL = json.loads(Path(__file__).with_name("cases.json").read_text("utf-8"))
CASES = [case for case in ALL["cases"] if not case.get("phone_only")]
LONGEST = 2.0


def data_of(file: dict[str, Any]) -> bytes:
    if "repeat" in file:
        return f"{file['head']}{file['repeat'] * file['times']}{file['tail']}".encode()
    return base64.b64decode(file["base64"]) if "base64" in file else str(file["text"]).encode()


def issuers(known: list[dict[str, Any]]) -> credentials.Issuers:
    """What the server would know, from what a phone keeps."""
    found = {
        each["did"]: KnownIssuer(
            did=each["did"],
            name=each["name"],
            document=each["document"],
            lists={
                one["url"]: StatusList(
                    url=one["url"],
                    checked_at=datetime.fromisoformat(one["checked_at"]),
                    bits=gzip.decompress(base64.urlsafe_b64decode(one["bits"] + "==")),
                )
                for one in each["lists"]
            },
        )
        for each in known
    }

    def find(did: str, _lists: Collection[str]) -> KnownIssuer | None:
        return found.get(did)

    return find


def test_there_are_cases() -> None:
    assert len(ALL["cases"]) >= 100
    assert {case["verdict"] for case in CASES} == {each.value for each in credentials.Verdict}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_verdict_is_the_one_agreed_with_the_phone(case: dict[str, Any]) -> None:
    now = datetime.fromisoformat(case.get("now", ALL["now"]))
    data, known = data_of(case["file"]), issuers(ALL["known"][case.get("known", "usual")])
    begun = time.process_time()
    checked = credentials.check(data, known, now=now)
    assert time.process_time() - begun < LONGEST
    assert checked.verdict.value == case["verdict"], checked.reason
    if case["reason"]:
        assert checked.reason == case["reason"]
    for name in ("words", "person"):
        assert case.get(name, getattr(checked, name)) == getattr(checked, name)


@pytest.mark.parametrize("file", ALL["files"], ids=lambda file: file["name"])
def test_a_file_holds_what_the_phone_finds_in_it(file: dict[str, Any]) -> None:
    if "refused" in file:
        with pytest.raises(Unreadable) as refused:
            presented(file["text"].encode())
        assert str(refused.value) == file["refused"]
    else:
        assert len(presented(file["text"].encode())) == file["holds"]
