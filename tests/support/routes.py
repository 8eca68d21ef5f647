"""Every address of the application, with something believable in its gaps."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
GAP = re.compile(r"<(?:[^:<>]+:)?(\w+)>")
# What fits a gap nobody named, by its kind: else the address itself would be unknown, and nothing would be tried.
FITTING = {
    "uuid": "0190b4b7-0000-7000-8000-000000000000",
    "int": "1",
    "key": "falls",
    "string(length=22)": "A" * 22,
}


def asked_for(app: Flask, values: Mapping[str, str] | None = None) -> Iterator[tuple[Rule, str, str]]:
    """Rule, method and address of all there is to ask; `values` fill the gaps by name, something fitting the others."""
    known = values or {}

    def fill(found: re.Match[str]) -> str:
        kind = found[0][1:].partition(":")[0]
        return known.get(found[1]) or FITTING.get(kind, "1")

    for rule in app.url_map.iter_rules():
        address = GAP.sub(fill, rule.rule)
        for method in sorted((rule.methods or set()) & set(METHODS)):
            yield rule, method, address


def gaps(app: Flask) -> set[str]:
    """The names of every gap in every address."""
    return {name for rule in app.url_map.iter_rules() for name in GAP.findall(rule.rule)}


def words_of(reply: TestResponse) -> str:
    """Everything a reply says, its headers and the files of a ZIP included; and close it."""
    data = reply.get_data()
    said = str(reply.headers)
    if reply.mimetype == "application/zip":
        with zipfile.ZipFile(io.BytesIO(data)) as whole:
            said += "".join(name + whole.read(name).decode("utf-8", "replace") for name in whole.namelist())
    else:
        said += data.decode("utf-8", "replace")
    reply.close()
    return said
