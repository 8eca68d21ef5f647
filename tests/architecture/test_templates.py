"""Templates: what they import they use, and nothing is written into a page that its headers forbid."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.web import factory

TEMPLATES = Path(factory.__file__).resolve().parents[1] / "templates"
FILES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
IMPORT = re.compile(r"{%-?\s*from\s+\"([^\"]+)\"\s+import\s+([^%]+?)\s*-?%}")


def text_of(name: str) -> str:
    return re.sub(r"{#.*?#}", "", (TEMPLATES / name).read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("name", FILES)
def test_a_template_uses_every_macro_it_imports(name: str) -> None:
    """An import left behind makes the next reader look for what is not there."""
    text = text_of(name)
    body = IMPORT.sub("", text)
    for source, names in IMPORT.findall(text):
        assert (TEMPLATES / source).is_file()
        for macro in (each.split()[-1] for each in names.split(",")):
            assert re.search(rf"\b{macro}\b", body), f"{name} imports {macro} from {source} and does not use it"


@pytest.mark.parametrize("name", FILES)
def test_a_template_uses_no_macro_it_did_not_import(name: str) -> None:
    """Jinja finds a missing macro only when the page is shown, perhaps only in a state nobody looked at."""
    text = text_of(name)
    # What a layout imports, its pages have too.
    chain = text
    while parent := re.search(r"{%-?\s*extends\s+\"([^\"]+)\"", chain):
        chain = text_of(parent[1])
        text += chain
    known = {macro for _, names in IMPORT.findall(text) for macro in re.findall(r"\w+", names)}
    known |= set(re.findall(r"{%-?\s*macro\s+(\w+)", text))
    known |= {each for names in re.findall(r"{%-?\s*set\s+([\w, ]+?)\s*=", text) for each in re.findall(r"\w+", names)}
    components = {path.stem.replace("-", "_") for path in (TEMPLATES / "components").glob("*.html")}
    called = set(re.findall(r"{[{%]-?\s*(?:call\s+)?(\w+)\(", text))
    assert not (called & components) - known


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_inline(name: str) -> None:
    """The content security policy would not run it, and the reader would see a page that half works."""
    text = text_of(name)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son\w+=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert "javascript:" not in text


@pytest.mark.parametrize("name", FILES)
def test_nothing_comes_from_another_site(name: str) -> None:
    """No third-party origin, ever: it would be told who learns what, and fail without signal."""
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text_of(name))


@pytest.mark.parametrize("name", FILES)
def test_autoescaping_is_not_switched_off_lightly(name: str) -> None:
    """`|safe` is for what the one sanitiser made; staff and public pages have nothing of the sort."""
    if not name.startswith(("learner/", "components/")):
        assert "|safe" not in text_of(name).replace(" ", "")
        assert "autoescape" not in text_of(name)


@pytest.mark.parametrize(
    "name", [name for name in FILES if name.startswith(("manager/", "public/", "staff/", "trainer/"))]
)
def test_a_form_that_changes_something_carries_its_token(name: str) -> None:
    for form in re.findall(r"<form\b.*?</form>", text_of(name), flags=re.DOTALL):
        assert ("csrf()" in form) is ('method="post"' in form), form[:120]


@pytest.mark.parametrize(
    "name", [name for name in FILES if name.startswith(("manager/", "public/", "staff/", "trainer/", "errors/"))]
)
def test_the_words_are_plain(name: str) -> None:
    """Words the design keeps off the screen, because carers told us what they make of them."""
    shown = re.sub(r"<[^>]*>|{[{%].*?[%}]}", " ", text_of(name), flags=re.DOTALL)
    assert not re.search(
        r"\b(?:please|oops|invalid|submit|sync|cache|session|user|click|failed to)\b", shown, re.IGNORECASE
    )
