"""Small editions in the form the server serves, and how to publish one."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from app.learning import editions, quiz_of
from app.learning.types import StudiedEdition


def option(key: str, *, right: bool) -> dict[str, Any]:
    return {"key": key, "html": f"<p>{key}</p>", "feedback": "<p>Because.</p>", "right": right}


def pick_one(name: str = "first-thing", *, must: bool = False) -> dict[str, Any]:
    """A question whose right answer is b."""
    return {
        "id": name,
        "kind": "single",
        "prompt": "What first?",
        "instruction": "Pick one.",
        "criteria": ["13.1a"],
        "must": must,
        "practise": False,
        "hint": None,
        "feedback": "instant",
        "explain": None,
        "options": [option("a", right=False), option("b", right=True)],
    }


def edition(key: str = "a-module", number: int = 1, **changes: Any) -> dict[str, Any]:
    """An edition with one lesson and one question."""
    questions = changes.pop("questions", [pick_one()])
    return {
        "format": 1,
        "key": key,
        "edition": number,
        "change": "minor",
        "lang": "en",
        "title": "A module",
        "summary": "For tests.",
        "minutes": 3,
        "criteria": ["13.1a"],
        "pass": 80,
        "valid_for_months": 12,
        "checked_by": None,
        "check_again": "2027-06-01",
        "licence": "CC-BY-4.0",
        "sources": [],
        "pocket": None,
        "source": "0" * 64,
        "media": [],
        "parts": [
            {"kind": "lesson", "id": "look", "title": "Look", "html": "<p>Look.</p>", "text": "Look."},
            *(
                {"kind": "question", "id": each["id"], "lesson": "look", "title": "What first?", "question": each}
                for each in questions
            ),
        ],
        **changes,
    }


def known(body: dict[str, Any]) -> str:
    """Make judging know an edition without publishing it; return its sha."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    sha = hashlib.sha256(text.encode()).hexdigest()
    studied = StudiedEdition(
        sha=sha,
        module=body["key"],
        number=body["edition"],
        quiz=quiz_of(body),
        lessons=frozenset(part["id"] for part in body["parts"] if part["kind"] == "lesson"),
        valid_for_months=body["valid_for_months"],
    )
    editions._remember({sha: studied})
    return sha
