"""Every ratio the design promises, computed from the stylesheet itself: a colour changed by eye cannot slip through."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[3] / "app" / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
TEXT, CONTROL = 4.5, 3.0


def _themes() -> dict[str, dict[str, str]]:
    found = {}
    for selector, body in re.findall(r"(:root[^{}]*)\{([^{}]*)\}", TOKENS):
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6});", body))
        if colours:
            found[selector.strip()] = colours
    return found


THEMES = _themes()
LIGHT = THEMES[":root"]
DARK = LIGHT | THEMES[':root[data-theme="dark"]']


def _ratio(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


SURFACES = ("page", "card")
TEXTS = [(text, surface) for text in ("ink", "soft", "leaf", "done", "due", "late", "wait") for surface in SURFACES]
TEXTS += [("ink", tint) for tint in ("leaf-tint", "done-tint", "due-tint", "late-tint", "wait-tint")]
TEXTS += [(state, f"{state}-tint") for state in ("done", "due", "late", "wait")]
TEXTS += [("on-leaf", "leaf"), ("on-leaf", "leaf-press"), ("leaf", "leaf-tint")]
CONTROLS = [(edge, surface) for edge in ("line", "leaf", "late") for surface in SURFACES]
# The amber ring is never alone: ink stands between it and whatever is under it.
CONTROLS += [("ink", "focus"), ("line", "leaf-tint")]


@pytest.mark.parametrize("theme", [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")])
@pytest.mark.parametrize(("front", "back"), TEXTS)
def test_words_can_be_read(theme: dict[str, str], front: str, back: str) -> None:
    assert _ratio(theme[front], theme[back]) >= TEXT


@pytest.mark.parametrize(("front", "back"), CONTROLS)
def test_outlines_of_controls_can_be_seen(front: str, back: str) -> None:
    for theme in (LIGHT, DARK):
        # In the dark, ink and amber are both light; the ring is seen against the page, where amber alone is enough.
        if (front, back) == ("ink", "focus") and theme is DARK:
            assert _ratio(theme["focus"], theme["page"]) >= CONTROL
        else:
            assert _ratio(theme[front], theme[back]) >= CONTROL


@pytest.mark.parametrize(
    ("theme", "front", "back", "promised"),
    [
        (LIGHT, "ink", "page", 13.7),
        (LIGHT, "soft", "page", 7.0),
        (LIGHT, "line", "page", 3.7),
        (LIGHT, "on-leaf", "leaf", 7.8),
        (LIGHT, "late", "late-tint", 6.2),
        (DARK, "ink", "page", 15.5),
        (DARK, "on-leaf", "leaf", 8.9),
        (DARK, "due", "due-tint", 9.5),
    ],
)
def test_the_figures_of_the_design_are_those_of_the_stylesheet(
    theme: dict[str, str], front: str, back: str, promised: float
) -> None:
    assert _ratio(theme[front], theme[back]) == pytest.approx(promised, abs=0.1)


def test_dark_is_the_same_by_choice_and_by_the_phones_setting() -> None:
    assert THEMES[':root[data-theme="dark"]'] == THEMES[':root:not([data-theme="light"])']
