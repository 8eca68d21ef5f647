"""A batch is parsed fast, and gives what parsing it slowly gives."""

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from app.sync.errors import BadBatch
from app.sync.reading import _CANONICAL, parse_batch, parse_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(), max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)
# What is JSON, nearly JSON and no JSON at all, in any order.
PIECES = st.lists(
    st.sampled_from(
        [
            *("{", "}", "[", "]", ",", ":", " ", "\n", "\t", "\ufeff", "\x00", '"', "\\"),
            *(
                '"a":1',
                '"a":2',
                '"a"',
                '"\\ud800"',
                '"\\ud83d\\ude00"',
                '"\\u0000"',
                '"\x7f"',
                '"é"',
                '"\\x"',
                '"\x01"',
            ),
            *("0", "-0", "-0.0", "01", "1.", ".5", "1e5", "1E-7", "1.10", "1e400", "-1e400", "1e-400", "0.1e+2"),
            *("9" * 19, "9" * 20, "9" * 400, "-" + "9" * 19, "9223372036854775808", "0." + "1" * 30),
            *("NaN", "Infinity", "-Infinity", "true", "false", "null", "nul", "[" * 300, "]" * 300),
        ]
    ),
    max_size=9,
).map("".join)


def meaning(parse: Any, given_: Any) -> Any:
    """What comes of it: the very text that would be stored, or why none would."""
    try:
        value = parse(given_)
    except BadBatch as error:
        return error.code
    try:
        return _CANONICAL(value)
    except (TypeError, ValueError, RecursionError):
        return "unreadable"


@given(PIECES | VALUES.map(json.dumps) | VALUES.map(lambda value: json.dumps([value, 1.5], indent=1)))
@example('{"a":1,"a":{"b":1e400}}')
@example('["' + "1" * 30 + '"]')
@example("[" * 150 + "]" * 150)
def test_fast_and_slow_parsing_give_the_same(text: str) -> None:
    assert meaning(parse_batch, text.encode()) == meaning(parse_json, text)


@given(VALUES)
def test_text_that_is_not_escaped_is_read_the_same(value: Any) -> None:
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")

    slowly = meaning(lambda sent: parse_json(sent.decode("utf-8")), body) if _is_utf8(body) else "bad-json"
    assert meaning(parse_batch, body) == slowly


@given(st.binary(max_size=30))
def test_what_is_not_even_text_is_said_so(body: bytes) -> None:
    if not _is_utf8(body):
        assert meaning(parse_batch, body) == "bad-json"


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
