"""Texts a database cannot hold are mended, and only those, however rarely they come."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from app.learning import storable

# Characters that matter come often: NUL, halves of a pair, what looks like an escape, and what lies beside them.
TEXTS = st.text(st.sampled_from(["\x00", "\ud800", "\udfff", "\ud7ff", "\ue000", "\\", "u", "0", "a", "é", "😀", '"']))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def mended(value: Any) -> Any:
    """The same, character by character."""
    if isinstance(value, str):
        return "".join("�" if each == "\x00" or "\ud800" <= each <= "\udfff" else each for each in value)
    if isinstance(value, list):
        return [mended(each) for each in value]
    if isinstance(value, dict):
        return {mended(key): mended(each) for key, each in value.items()}
    return value


@given(VALUES)
@example({"a": ["\x00"], "\ud800": 1})
@example("\\u0000")
def test_what_no_database_holds_is_replaced_and_nothing_else(value: Any) -> None:
    assert storable(value) == mended(value)
