"""What statements are about: modules, lessons, questions and criteria, each with an address that stays. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

_TAGS = re.compile(r"<[^>]*>")
_TYPES = "http://adlnet.gov/expapi/activities/"
# The kinds of question that have an interaction of their own in xAPI 1.0.3, data, 4.1.4.1 "Interaction Activities".
_INTERACTIONS = {
    "single": "choice",
    "multiple": "choice",
    "truefalse": "choice",
    "ordering": "sequencing",
    "matching": "matching",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where statements come from: the server's public address, without a slash at its end."""

    origin: str

    def agent(self, person: UUID) -> dict[str, Any]:
        """Return a person as an account here, without name or address."""
        return {"objectType": "Agent", "account": {"homePage": self.origin, "name": str(person)}}

    def module(self, edition: Mapping[str, Any]) -> dict[str, Any]:
        """Return a module, whichever its edition."""
        return _activity(
            f"{self.origin}/learn/{edition['key']}",
            {
                "type": f"{_TYPES}module",
                "name": {edition["lang"]: edition["title"]},
                "description": {edition["lang"]: edition["summary"]},
            },
        )

    def lesson(self, edition: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
        """Return a lesson of an edition."""
        return _activity(
            f"{self.origin}/learn/{edition['key']}/{edition['edition']}#{part['id']}",
            {"type": f"{_TYPES}lesson", "name": {edition["lang"]: part["title"]}},
        )

    def question(self, edition: Mapping[str, Any], question: Mapping[str, Any]) -> dict[str, Any]:
        """Return a question of an edition, with its right answers where the kind has a pattern for them."""
        lang = edition["lang"]
        return _activity(
            f"{self.origin}/learn/{edition['key']}/{edition['edition']}#{question['id']}",
            {
                "type": f"{_TYPES}cmi.interaction",
                "name": {lang: plain(question["prompt"])},
                "description": {lang: plain(question["prompt"])},
                "interactionType": _INTERACTIONS.get(question["kind"], "other"),
                **_components(question, lang),
            },
        )

    def achievement(self, key: str, name: str) -> dict[str, Any]:
        """Return what a credential is issued for, by its key, which is the same on every server."""
        return _activity(
            f"{self.origin}/achievements/{key}",
            {"type": "http://activitystrea.ms/schema/1.0/badge", "name": {"en": name}},
        )

    def criterion(self, framework: str, code: str) -> dict[str, Any]:
        """Return a criterion of a framework."""
        return _activity(
            f"{self.origin}/frameworks/{framework}/{code}", {"type": f"{_TYPES}objective", "name": {"en": code}}
        )


def _activity(address: str, definition: Mapping[str, Any]) -> dict[str, Any]:
    return {"objectType": "Activity", "id": address, "definition": dict(definition)}


def _components(question: Mapping[str, Any], lang: str) -> dict[str, Any]:
    match question["kind"]:
        case "single" | "multiple" | "truefalse":
            right = [option["key"] for option in question["options"] if option.get("right")]
            return {"choices": _choices(question["options"], lang), **_pattern(right)}
        case "ordering":
            return {"choices": _choices(question["items"], lang), **_pattern(question.get("order", ()))}
        case "matching":
            pairs = question.get("pairs", {}).items()
            return {
                "source": _choices(question["left"], lang),
                "target": _choices(question["right"], lang),
                **_pattern([f"{left}[.]{right}" for left, right in pairs]),
            }
    return {}


def _pattern(right: Sequence[str]) -> dict[str, Any]:
    """Return the right answers; nothing where this server does not have them, as a store takes no empty pattern."""
    return {"correctResponsesPattern": ["[,]".join(right)]} if right else {}


def _choices(items: Sequence[Mapping[str, Any]], lang: str) -> list[dict[str, Any]]:
    return [{"id": each["key"], "description": {lang: plain(each["html"])}} for each in items]


def plain(markup: str) -> str:
    """Return the words of a piece of HTML on one line."""
    return " ".join(html.unescape(_TAGS.sub(" ", markup)).split())
