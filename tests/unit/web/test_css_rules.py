"""House rules of the stylesheets. Broken ones are what turns a calm stylesheet into one nobody dares to change."""

import json
import re
from pathlib import Path

import brotli
import pytest
import tinycss2

ROOT = Path(__file__).parents[3]
CSS = ROOT / "app" / "static" / "css"
FILES = sorted(CSS.rglob("*.css"))
ALL_BUT_TOKENS = [path for path in FILES if path.name != "tokens.css"]
NAME = re.compile(r"bv-[a-z]+(-[a-z]+)*(__[a-z]+(-[a-z]+)*)?(--[a-z]+(-[a-z]+)*)?")
SIZE_UNITS = {"px", "rem", "em", "pt", "vw", "vh", "ch", "dvh"}
PHYSICAL = re.compile(
    r"(?<![a-z-])((margin|padding|border)-(left|right|top|bottom)|left|right|top|bottom|width|height|"
    r"(min|max)-(width|height))\s*:"
)


def _plain(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def _rules(path: Path) -> list[tuple[str, str]]:
    """Pairs of selector and declarations, those inside @media and @supports too."""
    found = []

    def walk(nodes: list[object]) -> None:
        for node in nodes:
            kind = getattr(node, "type", "")
            if kind == "qualified-rule":
                found.append((tinycss2.serialize(node.prelude), tinycss2.serialize(node.content)))  # type: ignore[attr-defined]
            elif kind == "at-rule" and node.content is not None and node.at_keyword != "keyframes":  # type: ignore[attr-defined]
                walk(tinycss2.parse_rule_list(node.content))  # type: ignore[attr-defined]

    walk(tinycss2.parse_stylesheet(_plain(path), skip_whitespace=True))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_class_is_ours_and_named_block_element_modifier(path: Path) -> None:
    names = [name for selector, _ in _rules(path) for name in re.findall(r"\.([\w-]+)", selector)]

    assert [name for name in names if not NAME.fullmatch(name)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_ids_no_shouting_no_nesting(path: Path) -> None:
    text = _plain(path)
    selectors = [selector for selector, _ in _rules(path)]

    assert not any("#" in selector for selector in selectors)
    assert "!important" not in text
    assert not any("{" in body for _, body in _rules(path))


@pytest.mark.parametrize("path", ALL_BUT_TOKENS, ids=lambda path: path.name)
def test_colours_and_sizes_come_from_tokens(path: Path) -> None:
    loose = []
    for selector, body in _rules(path):
        for token in tinycss2.parse_component_value_list(body):
            for each in _flat(token):
                if each.type == "hash" or (each.type == "dimension" and each.lower_unit in SIZE_UNITS):
                    loose.append(f"{selector.strip()}: {each.serialize()}")

    assert [one for one in loose if not one.endswith(("100vh", "100dvh"))] == []


@pytest.mark.parametrize("path", ALL_BUT_TOKENS, ids=lambda path: path.name)
def test_pages_can_run_right_to_left(path: Path) -> None:
    assert [body for _, body in _rules(path) if PHYSICAL.search(body)] == []


def test_every_token_that_is_used_exists() -> None:
    tokens = [path for path in FILES if path.name == "tokens.css"]
    defined = {name for path in tokens for name in re.findall(r"(--[a-z0-9-]+):", _plain(path))}
    used = {name for path in FILES for name in re.findall(r"var\((--[a-z0-9-]+)", _plain(path))}

    assert used <= defined
    assert defined - used == set(), "a token nobody uses is a colour somebody will misuse"


def test_every_class_in_a_template_has_a_style() -> None:
    styled = {name for path in FILES for name in re.findall(r"\.(bv-[\w-]+)", _plain(path))}
    used = {
        name
        for path in (ROOT / "app" / "templates").rglob("*.html")
        for words in re.findall(r'class="([^"]*)"', path.read_text(encoding="utf-8"))
        for name in re.findall(r"bv-[a-z_-]+[a-z]", re.sub(r"{.*?}", " ", words))
    }

    assert used - styled - HOOKS == set()


# Blocks whose children alone are styled, and moods that look like their block.
HOOKS = {"bv-alert--note"}


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    names = set(json.loads((ROOT / "service_worker" / "icons.json").read_text(encoding="utf-8")))
    used = {
        name
        for path in (ROOT / "app" / "templates").rglob("*.html")
        for name in re.findall(r"(?:icon\(|sign=)\"([a-z-]+)\"", path.read_text(encoding="utf-8"))
    }

    assert used <= names


def test_all_styles_together_weigh_at_most_12_kb() -> None:
    """Those of the desk, where trainers write, are a file of their own that no phone loads."""
    whole = b"\n".join(path.read_bytes() for path in FILES if path.parent.name != "desk")

    assert len(brotli.compress(whole)) <= 12_000


def _flat(token: object) -> list:  # type: ignore[type-arg]
    inside = getattr(token, "content", None) or getattr(token, "arguments", None) or []
    return [token, *(each for child in inside for each in _flat(child))]
