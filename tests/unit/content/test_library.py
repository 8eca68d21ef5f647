"""What lies around the modules is checked too, each mistake in the file it stands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.content import load
from app.content.balance import balance
from app.content.coverage import coverage
from app.content.errors import LibraryMissing
from tests.support.library import FRAMEWORK, PACK, Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "content")


def found(place: Place) -> list[tuple[str, str, str]]:
    return [(Path(p.path).name, p.code, f"{p.message} {p.suggestion}") for p in load(place.root).problems]


def test_a_folder_in_order_has_no_problems(place: Place) -> None:
    library = load(place.root)
    assert library.problems == ()
    assert [folder.name for folder in library.folders] == ["on-the-stairs"]
    assert library.criteria_for("core") == {"13.1a", "13.1b", "13.1c", "13.1d"}
    assert library.packs["core"].topics[0].standard == 13


def test_a_missing_folder_says_which_setting_to_look_at(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing, match="BV_CONTENT"):
        load(tmp_path / "nowhere")


def test_a_pack_without_its_file_is_named(place: Place) -> None:
    (place.root / "packs/core/pack.yml").unlink()
    assert [problem[:2] for problem in found(place)] == [("pack.yml", "pack-missing")]


def test_a_topic_the_pack_does_not_list_is_named_with_a_guess(place: Place) -> None:
    place.write("packs/core/pack.yml", PACK.replace("key: stairs", "key: stair"))
    [(file, code, words)] = found(place)
    assert (file, code) == ("pack.yml", "topic-unknown")
    assert 'Did you mean "stair"?' in words


def test_the_same_key_twice_is_named(place: Place) -> None:
    place.write("packs/core/pack.yml", PACK + "  - {key: steps, title: Steps}\n")
    place.write("packs/core/steps/on-the-stairs/module.md", "x")
    [(file, code, words)] = found(place)
    assert (file, code) == ("module.md", "key-twice")
    assert "stairs/on-the-stairs/module.md" in words


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("packs/core/pack.yml", PACK.replace("framework: care", "framework: car"), 'Did you mean "care"?'),
        ("packs/core/pack.yml", PACK.replace("key: core", "key: other"), 'the folder is "core"'),
        ("packs/core/pack.yml", "topics: []", 'no "key"'),
        ("packs/core/pack.yml", "[", "cannot be read"),
        ("frameworks/care.yml", FRAMEWORK.replace("kind: practice", "kind: skill"), '"knowledge" or "practice"'),
        ("frameworks/care.yml", FRAMEWORK.replace('"13.1b"', '"13.1a"'), "stands there twice"),
        ("frameworks/care.yml", "just words", 'no list "standards"'),
        ("frameworks/care.yml", FRAMEWORK.replace("number: 13", "number: x"), "whole number"),
        ("glossary/en.yml", "- a\n- b\n", "not a list of words"),
        ("glossary/en.yml", "sepsis: [a]\n", "no meaning that is words"),
        ("glossary/en-more.yml", "sepsis: Something else.\n", "another meaning"),
        ("glossary/terms.yml", "a: b\n", "not a list of words"),
        ("glossary/en.yml", "a: !!python/object/apply:os.system [ls]\n", "cannot be read"),
    ],
)
def test_a_data_file_with_a_mistake_is_named(place: Place, name: str, text: str, words: str) -> None:
    place.write(name, text)
    assert any(
        file == Path(name).name and code in ("data-wrong", "pack-missing") and words in said
        for file, code, said in found(place)
    )


def test_glossary_files_of_subjects_are_joined(place: Place) -> None:
    place.write("glossary/en-falls.yml", "Hip  Protector: Padded pants.\n")
    place.write("glossary/terms.yml", "- hip protector\n")
    library = load(place.root)
    assert library.glossary["hip protector"] == "Padded pants."
    assert library.terms == ("hip protector",)


def test_coverage_names_modules_questions_and_gaps(place: Place) -> None:
    rows = {row.code: row for row in coverage(load(place.root))}
    assert rows["13.1a"].modules == ("on-the-stairs",)
    assert rows["13.1a"].questions == ("on-the-stairs#stops-first", "on-the-stairs#stop-in-order")
    assert [rows[code].gap for code in ("13.1a", "13.1c")] == ["", "not taught"]
    assert rows["13.1a"].kinds == ("single", "ordering")
    assert (rows["13.1d"].kind, rows["13.1d"].gap) == ("practice", "not explained")


def test_a_criterion_that_one_question_checks_is_a_gap(place: Place) -> None:
    place.edit(("Id: stop-in-order\nCriteria: 13.1a\n", "Id: stop-in-order\n"))
    assert next(row for row in coverage(load(place.root)) if row.code == "13.1a").gap == "checked once"


def test_the_figures_of_a_catalogue_show_where_right_answers_stand(place: Place) -> None:
    figures = balance(load(place.root))
    assert (figures.modules, figures.lessons, figures.kinds["branching"]) == (1, 2, 1)
    assert figures.right_place == {"place 2 of 3": 1}
    assert figures.true_or_false == {"false": 1}
    assert figures.rights_of_pick_all == {"2 of 3": 1}
    assert figures.must_get_right == 1
    assert figures.with_picture == 1


@pytest.mark.parametrize(
    ("right", "placed"), [("Ask", "shortest"), ("Ask him with care how he feels just now", "longest")]
)
def test_a_right_answer_that_sticks_out_by_its_length_shows_in_the_figures(
    place: Place, right: str, placed: str
) -> None:
    place.edit(("- [x] Ask him how he feels", f"- [x] {right}"))
    assert balance(load(place.root)).right_length == {placed: 1}


def test_a_criterion_taught_but_not_asked_is_a_gap(place: Place) -> None:
    place.edit(('criteria: ["13.1a"', 'criteria: ["13.1c", "13.1a"'))
    assert next(row for row in coverage(load(place.root)) if row.code == "13.1c").gap == "not checked"


def test_the_modules_under_a_path_are_found(place: Place) -> None:
    library = load(place.root)
    for path in (place.root, place.module, place.module / "module.md", place.root / "packs/core"):
        assert [folder.name for folder in library.under([path])] == ["on-the-stairs"]
    assert library.under([place.root / "frameworks"]) == ()
