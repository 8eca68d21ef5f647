"""Objects that are JSON already become one."""

import json

from app.web.api.replies import joined, member


def test_members_of_all_stand_in_one_object() -> None:
    parts = (b'{"a":1}', b"{}", member("list", b"[1,2]"), b'{"b":{"c":null},"d":"}"}')

    assert json.loads(joined(*parts)) == {"a": 1, "list": [1, 2], "b": {"c": None}, "d": "}"}


def test_of_nothing_comes_an_empty_object() -> None:
    assert joined() == joined(b"{}", b"{}") == b"{}"
