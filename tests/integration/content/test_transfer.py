"""`flask content import` and `export`: what comes in is a draft, what goes out is what was published."""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskCliRunner
from PIL import ImageFile

from app.cli.content import content
from app.content import build
from app.content.build import whole
from app.content.exports import PdfMissing, answers_page, folder_zip, module_page, pdf, to_pdf, to_pdf_apart
from app.content.exports.pdf import APART
from app.content.imports import import_gift
from tests.support.content import checked, example, picture
from tests.support.library import Place
from tests.support.word import DRAWING, document, paragraph


@pytest.fixture
def place(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    made = Place(tmp_path / "content")
    app.extensions["bv.settings"] = replace(app.extensions["bv.settings"], content=made.root)
    return made


@pytest.fixture
def published(app: Flask, place: Place) -> FlaskCliRunner:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["content", "publish"]).exit_code == 0
    return runner


def run(*arguments: str) -> Result:
    return CliRunner().invoke(content, list(arguments))


def test_a_word_document_becomes_a_draft_with_its_pictures(place: Place, tmp_path: Path) -> None:
    shown = DRAWING.format(name="s", alt="Six stairs", rel="rId9")
    lost = DRAWING.format(name="p", alt="A photo", rel="rId8")
    (tmp_path / "stairs.docx").write_bytes(
        document(
            paragraph("Stairs", "Heading1"),
            paragraph("Hold the rail."),
            shown,
            lost,
            pictures={"rId9.svg": picture(), "rId8.png": b"x"},
        )
    )
    result = run("import", "stairs.docx", "core/stairs/on-paper", "--title", "On paper")
    assert result.exit_code == 0, result.output
    assert "Left behind, paragraph 4: Picture A photo. Pictures are .svg or .webp." in result.output
    assert "content/packs/core/stairs/on-paper/module.md is a draft, 1 thing left behind" in result.output
    made = place.root / "packs/core/stairs/on-paper"
    assert (made / "six-stairs.svg").read_bytes() == picture()
    assert "Hold the rail." in (made / "module.md").read_text(encoding="utf-8")
    assert "[field-missing]" in run("check", str(made)).output


def test_what_is_there_is_never_overwritten_and_refusals_are_words(place: Place, tmp_path: Path) -> None:
    (tmp_path / "q.txt").write_text("Is it? {=a ~b}", encoding="utf-8")
    (tmp_path / "q.pdf").write_bytes(b"%PDF-")
    assert "was left alone" in run("import", "q.txt", "core/stairs/on-the-stairs").output
    assert (place.module / "module.md").read_text(encoding="utf-8") == example()
    refused = run("import", "q.pdf", "core/stairs/x")
    assert (refused.exit_code, "We do not know what .pdf files hold" in refused.output) == (1, True)
    assert not (place.root / "packs/core/stairs/x").exists()
    assert run("import", "q.txt", "core/stair/x").exit_code == 2
    said = json.loads(run("import", "q.txt", "core/stairs/x", "--json").output)
    assert said == {"path": "content/packs/core/stairs/x/module.md", "media": [], "dropped": []}


def test_the_zip_holds_the_very_files_and_they_publish_as_before(published: FlaskCliRunner, place: Place) -> None:
    result = published.invoke(args=["content", "export", "on-the-stairs", "--json"])
    assert json.loads(result.output) == {
        "file": "on-the-stairs.zip", "module": "on-the-stairs", "edition": 1, "dropped": []
    }  # fmt: skip
    with zipfile.ZipFile("on-the-stairs.zip") as archive:
        assert archive.namelist() == ["on-the-stairs/module.md", "on-the-stairs/stairs.svg"]
        for name in archive.namelist():
            assert archive.read(name) == (place.module / name.split("/")[1]).read_bytes()
        archive.extractall(place.root / "packs/core/stairs")
    assert "0 published, 1 unchanged" in published.invoke(args=["content", "publish"]).output


def test_gift_says_what_it_leaves_behind(published: FlaskCliRunner, tmp_path: Path) -> None:
    result = published.invoke(args=["content", "export", "on-the-stairs", "--as", "gift", "--out", "out.gift"])
    assert result.exit_code == 0
    assert "Left behind, line 81: Put the stop in order.. GIFT has no questions of this kind." in result.output
    again = import_gift((tmp_path / "out.gift").read_bytes())
    before = checked(example()).module.questions
    asked = {question.id: question for question in checked(again.text).module.questions}
    assert list(asked) == ["stops-first", "safer-stairs", "stand-above", "match-signs", "felt-rushed"]
    for question in before:
        if question.id in asked:
            same = asked[question.id]
            assert [o.right for o in question.options] == [o.right for o in same.options]
            assert question.label("feedback") == same.label("feedback")


def test_a_module_and_its_answers_are_printed(published: FlaskCliRunner, tmp_path: Path) -> None:
    for form, name in (("pdf", "on-the-stairs.pdf"), ("answers", "on-the-stairs-answers.pdf")):
        result = published.invoke(args=["content", "export", "on-the-stairs", "--as", form])
        assert result.exit_code == 0, result.output
        body = (tmp_path / name).read_bytes()
        assert body.startswith(b"%PDF-")
        assert len(body) > 5000


def test_paper_holds_every_word_and_gives_no_answer_away() -> None:
    found = checked(example())
    edition = build(found.module, found.media)
    bodies = {file.sha: file.body for file in edition.media}
    page = module_page(edition.data, bodies)
    for part in edition.data["parts"]:
        assert (part["question"]["prompt"] if part["kind"] == "question" else part["html"].split("<img")[0]) in page
    assert "data:image/svg+xml;base64," in page
    assert 'src="/m/' not in page
    assert "Rushing is how people fall" not in page
    assert "Facts not checked yet." in page
    steps = page.split("Put the stop in order.")[1]
    assert steps.index("Ask") < steps.index("Rest") < steps.index("Stand below"), "by their words, not by their order"
    answers = answers_page(edition.data, list(whole(edition.data, edition.answer_key)))
    assert "Ask him how he feels: <strong>right</strong>" in answers
    assert "Grey face → He may be ill" in answers, "also what phones are not told"
    assert "<li>Stand below</li><li>Ask</li>" in answers
    assert "A pair of hands: Thank her and ask her to wait → He rests" in answers


def test_a_pdf_is_tagged_and_fetches_nothing() -> None:
    made = to_pdf(
        '<!doctype html><html lang="en"><title>T</title><h1>T</h1><img alt="x" src="https://127.0.0.1:9/x.png">'
    )
    packed = re.findall(rb"stream\n(.*?)\nendstream", made, re.DOTALL)
    inside = b"".join(zlib.decompressobj().decompress(each) for each in packed if each.startswith(b"\x78"))
    assert b"/StructTreeRoot" in inside + made
    assert b"/H1" in inside
    assert not ImageFile.LOAD_TRUNCATED_IMAGES, "a damaged picture of a trainer's would be taken"
    with pytest.MonkeyPatch.context() as without:
        without.setitem(sys.modules, "weasyprint", None)
        with pytest.raises(PdfMissing, match=r"install\.sh FOLDER WHEEL pdf"):
            to_pdf("<p>x")


def test_a_page_printed_apart_is_the_same_pdf_and_takes_nobody_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    page = '<!doctype html><html lang="en"><title>T</title><h1>T</h1><p>Grey face'
    apart = to_pdf_apart(page)
    assert apart.startswith(b"%PDF")
    assert abs(len(apart) - len(to_pdf(page))) < 100
    for begins, error in (
        ("import sys; sys.modules['weasyprint'] = None", PdfMissing),
        ("import os; os.kill(os.getpid(), 9)", MemoryError),
        ("raise MemoryError", MemoryError),
        ("raise ValueError('a broken page')", RuntimeError),
    ):
        monkeypatch.setattr(pdf, "APART", f"{begins}\n{APART}")
        with pytest.raises(error):
            to_pdf_apart(page)


def test_the_same_module_gives_the_same_zip() -> None:
    one = folder_zip("a", "text", {"b.svg": b"1", "a.svg": b"2"})
    assert one == folder_zip("a", "text", {"a.svg": b"2", "b.svg": b"1"})
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert archive.read("a/module.md") == b"text"


def test_an_edition_that_is_not_there_is_said_plainly(published: FlaskCliRunner) -> None:
    missing = published.invoke(args=["content", "export", "on-the-stairs", "--edition", "9"])
    assert (missing.exit_code, "It has 1." in missing.output) == (1, True)
    assert "No edition of that key" in published.invoke(args=["content", "export", "nothing"]).output
