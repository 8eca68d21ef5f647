"""The desk and the command line publish through one door, each leaving the other's modules alone."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app import authoring
from app.config import ROOT
from app.content import Library, load
from app.content import queries as content
from app.content import service as content_service
from app.content.models import Edition
from app.content.published import published_library
from tests.support.content import example, picture
from tests.support.desk import a_desk
from tests.support.library import Place as Folder
from tests.support.world import NOW

# What a trainer notices while typing is more; a slow runner is given room.
FAST_ENOUGH = 0.3


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = Folder(tmp_path / "content")
    folder.write("glossary/terms.yml", "- key safe\n")
    return load(folder.root)


def test_what_is_published_is_what_the_folder_says(session: Session, library: Library) -> None:
    content_service.publish(session, library, now=NOW)

    read = published_library(session)

    assert replace(read, root=library.root, folders=library.folders) == library
    assert published_library(session) is read


def test_a_library_that_was_published_anew_is_read_anew(session: Session, library: Library) -> None:
    content_service.publish(session, library, now=NOW)
    before = published_library(session)
    content_service.publish(session, replace(library, glossary={"sepsis": "Something else."}), now=NOW)
    assert (before.glossary, published_library(session).glossary) != (before.glossary, before.glossary)


def test_the_desk_says_of_a_text_what_the_command_line_says(session: Session, library: Library) -> None:
    content_service.publish(session, library, now=NOW)
    desk = a_desk(session, core=False)
    text = (
        example().replace("Id: stops-first", "Outcome: 13.1a").replace("Grey face | Ill", "Grey face, a key safe | Ill")
    )
    (library.root / "packs/core/stairs/on-the-stairs/module.md").write_text(text, encoding="utf-8")

    folder = content_service.check_folder(library, library.folders[0], now=NOW)
    at_the_desk = authoring.check(session, desk.provider.id, text, {"stairs.svg": picture()}, now=NOW)

    def said(problems: object) -> list[tuple[int, str]]:
        return [(each.line, each.code) for each in problems]  # type: ignore[attr-defined]

    assert {"label-unknown", "id-missing", "term-unexplained"} <= {code for _, code in said(at_the_desk.problems)}
    assert said(at_the_desk.problems) == said(folder.problems)


def test_publishing_the_folder_leaves_own_modules_alone(session: Session, library: Library) -> None:
    desk = a_desk(session, core=False)
    content_service.publish(session, library, now=NOW)
    draft = desk.start()
    desk.publish(draft)

    report = content_service.publish(session, library, now=NOW)

    assert (report.published, report.refused, report.absent) == ((), (), ())
    assert len(content.editions_of(session, draft.key, desk.provider.uuid)) == 1


def test_a_folder_cannot_take_the_key_of_an_own_module(session: Session, tmp_path: Path) -> None:
    desk = a_desk(session, core=False)
    folder = Folder(tmp_path / "content")
    content_service.publish(session, load(folder.root), now=NOW)
    draft = desk.start()
    desk.publish(draft)
    folder.module.rename(folder.module.parent / draft.key)
    path = folder.module.parent / draft.key / "module.md"
    path.write_text(
        path.read_text(encoding="utf-8").replace("key: on-the-stairs", f"key: {draft.key}"), encoding="utf-8"
    )

    report = content_service.publish(session, load(folder.root), now=NOW)

    assert [each.code for each in report.refused] == ["key-taken"]
    [kept] = content.editions_of(session, draft.key, desk.provider.uuid)
    assert kept.audience == desk.provider.uuid


def test_a_picture_of_everybodys_is_no_secret_after_a_provider_used_it(session: Session, library: Library) -> None:
    desk = a_desk(session, core=False)
    content_service.publish(session, library, now=NOW)
    draft = authoring.copy_of(session, desk.provider.id, desk.amina.person_id, "on-the-stairs", now=NOW)
    desk.publish(draft)
    stored = content.media_by_sha(session, draft.media[0].sha)
    assert stored is not None
    assert stored.only_for is None


def test_a_picture_a_provider_had_first_opens_when_everybody_gets_it(session: Session, library: Library) -> None:
    desk = a_desk(session)
    draft = desk.start(picture=True)
    authoring.add_media(session, desk.provider.id, draft.uuid, "gate.svg", picture(), by=desk.ben.person_id, now=NOW)
    sha = desk.open(draft).media[0].sha
    desk.publish(draft)
    content_service.publish(session, library, now=NOW)
    stored = content.media_by_sha(session, sha)
    assert stored is not None
    assert stored.only_for is None


def test_the_text_of_an_edition_from_before_it_was_kept_comes_with_the_next_publishing(
    session: Session, library: Library
) -> None:
    desk = a_desk(session, core=False)
    content_service.publish(session, library, now=NOW)
    session.execute(update(Edition).values(text=None))
    with pytest.raises(authoring.NoModule) as refused:
        authoring.copy_of(session, desk.provider.id, desk.amina.person_id, "on-the-stairs", now=NOW)
    assert refused.value.code == "no-text"

    content_service.publish(session, library, now=NOW)

    assert authoring.copy_of(session, desk.provider.id, desk.amina.person_id, "on-the-stairs", now=NOW).text


def test_a_long_module_is_checked_while_one_types(session: Session) -> None:
    library = load(ROOT / "content")
    documents = content_service.prepare(library, content_service.known_to(session), now=NOW, sources=[])
    content_service.store(session, documents, now=NOW)
    desk = a_desk(session, core=False)
    longest = max(library.folders, key=lambda folder: len(folder.text()))
    whole = longest.text().decode()
    # As long as the desk lets a module be: its lessons again and again.
    text = whole + whole.split("\n---\n", 1)[1] * (58_000 // len(whole) - 1)
    files = {name: longest.media(name) for name in longest.media_sizes()}
    authoring.check(session, desk.provider.id, text, files, now=NOW)

    took = []
    for _ in range(3):
        began = time.perf_counter()
        authoring.check(session, desk.provider.id, text, files, now=NOW)
        took.append(time.perf_counter() - began)

    assert len(text) > 45_000
    assert min(took) < FAST_ENOUGH, f"{min(took) * 1000:.0f} ms for {len(text)} characters"
