"""Publishing: what changed becomes an edition, what did not is left alone, and nothing is ever lost."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest
from sqlalchemy.orm import Session

from app.content import load, queries, service
from app.content import prepare as preparing
from app.content.errors import UnknownEdition
from app.content.render import Renderer
from app.content.service import Report
from tests.support.library import PACK, Place

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RIGHT = ("- [x] Ask him", "- [ ] Ask him"), ("- [ ] Hurry", "- [x] Hurry")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "content")


def publish(session: Session, place: Place, now: datetime = NOW) -> Report:
    return service.publish(session, load(place.root), now=now)


def test_a_module_is_published_with_its_pictures_and_found_again(session: Session, place: Place) -> None:
    [new] = publish(session, place).published
    assert (new.module, new.number) == ("on-the-stairs", 1)
    stored = queries.edition_by_sha(session, new.sha)
    assert stored is not None
    assert stored.br is not None
    assert hashlib.sha256(stored.body).hexdigest() == new.sha
    assert brotli.decompress(stored.br) == stored.body
    [info] = queries.current_editions(session)
    assert (info.pack, info.topic, info.bytes, info.published_at) == ("core", "stairs", len(stored.br), NOW)
    picture = queries.media_by_sha(session, info.media[0]["sha"])
    assert picture is not None
    assert picture.type == "image/svg+xml"
    assert picture.body == (place.module / "stairs.svg").read_bytes()


def test_marking_gets_the_answers_that_phones_do_not(session: Session, place: Place) -> None:
    [new] = publish(session, place).published
    quiz = queries.quiz(session, new.sha)
    assert quiz is not None
    assert quiz.answer_key["match-signs"]["pairs"] == {"a": "q", "b": "r"}
    assert quiz.edition["pass"] == 80
    assert queries.quiz(session, "0" * 64) is None


def test_publishing_again_renders_nothing(session: Session, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(session, place)

    def never(*_: object) -> str:
        raise AssertionError("rendered an unchanged module")

    monkeypatch.setattr(Renderer, "block", never)
    report = publish(session, place, NOW + timedelta(days=400))
    assert (report.published, report.unchanged, report.refused) == ((), ("on-the-stairs",), ())
    assert queries.current_editions(session)[0].published_at == NOW


def test_another_text_under_the_same_number_is_refused_with_the_mend(session: Session, place: Place) -> None:
    publish(session, place)
    place.edit(("sixth stair", "fifth stair"))
    [refused] = publish(session, place).refused
    assert refused.code == "edition-taken"
    assert "edition: 2" in refused.message
    assert len(queries.editions_of(session, "on-the-stairs")) == 1


def test_another_picture_under_the_same_number_is_refused(session: Session, place: Place) -> None:
    publish(session, place)
    picture = place.module / "stairs.svg"
    picture.write_bytes(picture.read_bytes().replace(b"Stairs", b"Steps"))
    assert [refused.code for refused in publish(session, place).refused] == ["edition-taken"]


def test_a_minor_edition_may_mend_words(session: Session, place: Place) -> None:
    first = publish(session, place).published[0]
    place.edit(("sixth stair", "fifth stair"), ("edition: 1", "edition: 2\nchange: minor"))
    [second] = publish(session, place).published
    assert [info.sha for info in queries.editions_of(session, "on-the-stairs")] == [first.sha, second.sha]
    assert [info.sha for info in queries.current_editions(session)] == [second.sha]
    assert queries.edition_by_sha(session, first.sha) is not None


@pytest.mark.parametrize("edits", [RIGHT, (("pass: 80", "pass: 90"),), (("Must get right: yes\n", ""),)])
def test_a_minor_edition_may_not_change_the_marking(
    session: Session, place: Place, edits: tuple[tuple[str, str], ...]
) -> None:
    publish(session, place)
    place.edit(("edition: 1", "edition: 2\nchange: minor"), *edits)
    [refused] = publish(session, place).refused
    assert refused.code == "minor-marking"
    assert "change: major" in refused.message
    place.edit(("change: minor", "change: major"))
    assert [new.number for new in publish(session, place).published] == [2]


def test_a_withheld_answer_may_not_change_in_a_minor_edition_either(session: Session, place: Place) -> None:
    publish(session, place)
    place.edit(("He may be ill |", "TEMP |"), ("Report it |", "He may be ill |"), ("TEMP |", "Report it |"))
    place.edit(("edition: 1", "edition: 2\nchange: minor"))
    assert [refused.code for refused in publish(session, place).refused] == ["minor-marking"]


def test_an_older_number_is_refused(session: Session, place: Place) -> None:
    place.edit(("edition: 1", "edition: 5\nchange: major"))
    publish(session, place)
    place.edit(("edition: 5", "edition: 4"))
    [refused] = publish(session, place).refused
    assert refused.code == "edition-older"
    assert "edition: 6" in refused.message


def test_a_module_with_errors_does_not_hold_up_the_others(session: Session, place: Place) -> None:
    other = place.root / "packs/core/stairs/other"
    other.mkdir()
    (other / "module.md").write_text("no fields", encoding="utf-8")
    report = publish(session, place)
    assert [new.module for new in report.published] == ["on-the-stairs"]
    assert [(refused.module, refused.code) for refused in report.refused] == [("other", "errors")]
    assert any(problem.code == "front-missing" for problem in report.refused[0].problems)


def test_a_module_of_no_known_topic_is_refused(session: Session, place: Place) -> None:
    place.write("packs/core/pack.yml", PACK.replace("key: stairs", "key: steps"))
    assert [refused.code for refused in publish(session, place).refused] == ["misplaced"]


def test_a_module_that_left_the_folder_stays_published_and_is_named(session: Session, place: Place) -> None:
    publish(session, place)
    (place.module / "module.md").unlink()
    assert publish(session, place).absent == ("on-the-stairs",)
    assert len(queries.current_editions(session)) == 1


def test_withdrawing_takes_an_edition_out_and_keeps_its_bytes(session: Session, place: Place) -> None:
    first = publish(session, place).published[0]
    place.edit(("sixth stair", "fifth stair"), ("edition: 1", "edition: 2\nchange: minor"))
    second = publish(session, place).published[0]
    service.withdraw(session, "on-the-stairs", 2, reason="The step is wrong.", safety=True, now=NOW)
    assert [info.sha for info in queries.current_editions(session)] == [first.sha]
    [gone] = queries.withdrawn_editions(session)
    assert (gone.sha, gone.safety, gone.withdrawn_reason) == (second.sha, True, "The step is wrong.")
    assert queries.edition_by_sha(session, second.sha) is not None
    service.withdraw(session, "on-the-stairs", 2, reason="Still wrong.", safety=True, now=NOW + timedelta(days=1))
    assert queries.withdrawn_editions(session)[0].withdrawn_at == NOW
    assert publish(session, place).unchanged == ("on-the-stairs",), "publishing does not undo a withdrawal"


def test_withdrawing_what_is_not_there_says_what_is(session: Session, place: Place) -> None:
    publish(session, place)
    with pytest.raises(UnknownEdition, match="It has 1"):
        service.withdraw(session, "on-the-stairs", 7, reason="x", safety=False, now=NOW)
    with pytest.raises(UnknownEdition, match="was ever published"):
        service.withdraw(session, "nothing", 1, reason="x", safety=False, now=NOW)


def test_glossary_frameworks_and_packs_are_documents_in_force(session: Session, place: Place) -> None:
    publish(session, place)
    first = queries.document(session, "glossary", "en")
    assert first is not None
    assert first.data == {
        "format": 1,
        "kind": "glossary",
        "words": {"sepsis": "A body's dangerous answer to an infection."},
    }
    assert queries.document(session, "pack", "core").data["topics"] == [
        {"key": "stairs", "title": "Stairs", "standard": 13}
    ]
    assert queries.document(session, "framework", "care").data["standards"][0]["number"] == 13
    place.write("glossary/en.yml", "hoist: A lifting machine.\n")
    publish(session, place)
    assert queries.document(session, "glossary", "en").data["words"] == {"hoist": "A lifting machine."}
    old = queries.edition_by_sha(session, first.sha)
    assert old is not None
    assert json.loads(old.body) == first.data
    place.write("glossary/en.yml", "sepsis: A body's dangerous answer to an infection.\n")
    publish(session, place)
    assert queries.document(session, "glossary", "en").sha == first.sha


def test_what_did_not_change_is_known_by_its_bytes_however_they_are_stored(
    session: Session, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(session, place)
    read: list[str] = []
    monkeypatch.setattr(preparing, "check", lambda *given: read.append(given[1]))
    assert publish(session, place).unchanged == ("on-the-stairs",)
    text = (place.module / "module.md").read_text(encoding="utf-8")
    (place.module / "module.md").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert publish(session, place).unchanged == ("on-the-stairs",)
    assert read == []


def test_a_module_moved_to_another_topic_stays_the_edition_it_is(session: Session, place: Place) -> None:
    publish(session, place)
    place.write("packs/core/pack.yml", PACK + "  - {key: doors, title: Doors}\n")
    (place.root / "packs/core/doors").mkdir()
    place.module.rename(place.root / "packs/core/doors/on-the-stairs")
    assert publish(session, place).unchanged == ("on-the-stairs",)
    assert [info.topic for info in queries.editions_of(session, "on-the-stairs")] == ["doors"]


def test_how_others_file_a_module_changes_without_a_new_edition(session: Session, place: Place) -> None:
    first = publish(session, place).published[0]
    for line, codes in (
        ("asc_wds: [20]\n", (20,)),
        ("asc_wds: [20, 26]\n", (20, 26)),
        ("asc_wds: [2]\n", (2,)),
        ("", ()),
    ):
        place.edit(("pass: 80\n", f"{line}pass: 80\n"))
        report = publish(session, place, NOW + timedelta(days=1))
        assert (report.published, report.unchanged, report.refused) == ((), ("on-the-stairs",), ())
        session.expire_all()
        [info] = queries.current_editions(session)
        assert (info.sha, info.asc_wds, info.summary != "") == (first.sha, codes, True)
        if line:
            place.edit((line, ""))
