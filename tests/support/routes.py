"""Every address of the application, with something believable in its gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flask import Flask
from werkzeug.routing import Rule

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
GAP = re.compile(r"<(?:[^:<>]+:)?(\w+)>")


def asked_for(app: Flask, values: Mapping[str, str] | None = None) -> Iterator[tuple[Rule, str, str]]:
    """Rule, method and address of all there is to ask; `values` fill the gaps by name, "1" those nobody named."""
    known = values or {}
    for rule in app.url_map.iter_rules():
        address = GAP.sub(lambda found: known.get(found[1], "1"), rule.rule)
        for method in sorted((rule.methods or set()) & set(METHODS)):
            yield rule, method, address


def gaps(app: Flask) -> set[str]:
    """The names of every gap in every address."""
    return {name for rule in app.url_map.iter_rules() for name in GAP.findall(rule.rule)}
