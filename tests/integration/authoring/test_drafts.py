"""Starting, saving and bringing back drafts, on both databases."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from app import authoring
from app.authoring import DraftMedia, DraftState, MediaUnfit, Moved, NoDraft, Saved
from app.authoring.media import LARGEST_PROVIDER
from tests.support.desk import PICTURE, a_desk, words
from tests.support.statements import statements
from tests.support.world import NOW


def test_a_new_draft_passes_the_check_and_can_be_written_on(session: Session) -> None:
    desk = a_desk(session)

    draft = authoring.start(session, desk.provider.id, desk.amina.person_id, 'The gate: "stuck"', "Visits", now=NOW)

    assert draft.title == 'The gate: "stuck"'
    assert draft.state is DraftState.DRAFT
    assert draft.changed_by == "Amina of Bramble Home Care"
    assert f"key: {draft.key}\n" in draft.text
    assert "licence: All rights reserved\n" in draft.text
    assert not authoring.check(session, desk.provider.id, draft.text, {}, now=NOW).stops


def test_two_providers_that_write_the_same_title_get_keys_that_tell_nothing(session: Session) -> None:
    here, there = a_desk(session), a_desk(session, "Thistle Care", core=False)

    keys = {here.start("Gates").key, there.start("Gates").key}

    assert len(keys) == 2
    assert all(key.startswith("gates-") and len(key) == len("gates-") + 4 for key in keys)


def test_saving_on_top_of_what_is_in_force_puts_the_words_in_force(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()

    saved = authoring.save(
        session, desk.provider.id, draft.uuid, "new\r\nwords", based_on=draft.revision, by=desk.ben.person_id, now=NOW
    )

    now = desk.open(draft)
    assert (saved, now.text, now.changed_by) == (
        Saved(revision=draft.revision + 1),
        "new\nwords",
        "Ben of Bramble Home Care",
    )


def test_saving_the_same_words_again_makes_no_revision(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()

    again = authoring.save(
        session, desk.provider.id, draft.uuid, draft.text, based_on=1, by=desk.ben.person_id, now=NOW
    )

    assert again == Saved(revision=draft.revision, changed=False)


def test_who_saves_too_late_is_told_and_both_texts_are_kept(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()
    desk.save(draft, "Ben's words", by=desk.ben, on=draft.revision)

    late = authoring.save(
        session,
        desk.provider.id,
        draft.uuid,
        "Amina's words",
        based_on=draft.revision,
        by=desk.amina.person_id,
        now=NOW,
    )

    assert isinstance(late, Moved)
    assert (late.text, late.by, late.at) == ("Ben's words", "Ben of Bramble Home Care", NOW)
    assert desk.open(draft).text == "Ben's words"
    assert authoring.revision_text(session, desk.provider.id, draft.uuid, late.aside) == "Amina's words"
    [beside] = [each for each in authoring.history(session, desk.provider.id, draft.uuid) if each.aside]
    assert (beside.revision, beside.on_top_of, beside.by) == (late.aside, draft.revision, "Amina of Bramble Home Care")


def test_an_editor_that_goes_on_saving_too_late_keeps_its_words_once(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()
    desk.save(draft, "Ben's words", by=desk.ben, on=draft.revision)
    late = [
        authoring.save(
            session, desk.provider.id, draft.uuid, "Amina's", based_on=draft.revision, by=desk.amina.person_id, now=NOW
        )
        for _ in range(3)
    ]
    assert len({each.aside for each in late if isinstance(each, Moved)}) == 1


def test_an_earlier_text_comes_back_as_a_new_revision_with_its_picture(session: Session) -> None:
    desk = a_desk(session)
    provider = desk.provider.id
    draft = desk.start(picture=True)
    authoring.add_media(session, provider, draft.uuid, "gate.svg", PICTURE, by=desk.amina.person_id, now=NOW)
    desk.save(draft, words(draft))
    authoring.remove_media(session, provider, draft.uuid, "gate.svg", by=desk.amina.person_id, now=NOW)
    assert desk.open(draft).media == ()

    restored = authoring.restore(session, provider, draft.uuid, draft.revision, by=desk.ben.person_id, now=NOW)

    now = desk.open(draft)
    assert now.text == draft.text
    # A picture that the text shows came, the words were saved without it, they came back.
    assert restored.revision == now.revision == draft.revision + 3
    assert [each.name for each in now.media] == ["gate.svg"]


def test_a_difference_names_the_lines_of_both_sides(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()
    lines = draft.text.split("\n")
    at = lines.index("## The gate")
    lines[at] = "## The green gate"
    after = desk.save(draft, "\n".join(lines))

    shown = authoring.difference(session, desk.provider.id, draft.uuid, draft.revision, after)

    changed = [(each.sign, each.text, each.before, each.after) for each in shown if each.sign in "+-"]
    assert changed == [("-", "## The gate", at + 1, None), ("+", "## The green gate", None, at + 1)]
    assert shown[0].sign == shown[-1].sign == "…"


def test_a_draft_put_away_leaves_the_list_and_comes_back_whole(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()

    authoring.put_away(session, desk.provider.id, draft.uuid, now=NOW)
    assert desk.open(draft).put_away_at == NOW

    authoring.bring_back(session, desk.provider.id, draft.uuid)
    assert desk.open(draft) == draft


def test_another_providers_draft_does_not_exist(session: Session) -> None:
    here, there = a_desk(session), a_desk(session, "Thistle Care", core=False)
    draft, provider, by = here.start(), there.provider.id, there.amina.person_id

    for ask in (
        lambda: authoring.open_draft(session, provider, draft.uuid),
        lambda: authoring.save(session, provider, draft.uuid, "x", based_on=draft.revision, by=by, now=NOW),
        lambda: authoring.check_draft(session, provider, draft.uuid, now=NOW),
        lambda: authoring.history(session, provider, draft.uuid),
        lambda: authoring.revision_text(session, provider, draft.uuid, 1),
        lambda: authoring.difference(session, provider, draft.uuid, 1, 2),
        lambda: authoring.restore(session, provider, draft.uuid, 1, by=by, now=NOW),
        lambda: authoring.comments(session, provider, draft.uuid),
        lambda: authoring.comment(session, provider, draft.uuid, 1, 1, "x", by=by, now=NOW),
        lambda: authoring.send_to_review(session, provider, draft.uuid),
        lambda: authoring.back_to_draft(session, provider, draft.uuid),
        lambda: authoring.checking(session, provider, draft.uuid, "A", "B"),
        lambda: authoring.effect(session, provider, draft.uuid, "major", now=NOW),
        lambda: authoring.publish(session, provider, draft.uuid, "major", revision=2, by=by, now=NOW),
        lambda: authoring.add_media(session, provider, draft.uuid, "gate.svg", PICTURE, by=by, now=NOW),
        lambda: authoring.remove_media(session, provider, draft.uuid, "gate.svg", by=by, now=NOW),
        lambda: authoring.put_away(session, provider, draft.uuid, now=NOW),
        lambda: authoring.bring_back(session, provider, draft.uuid),
    ):
        with pytest.raises(NoDraft):
            ask()
    assert authoring.list_drafts(session, provider) == ()
    assert here.open(draft) == draft


def test_a_text_no_database_can_hold_is_kept_as_far_as_it_can_be(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()

    desk.save(draft, "a\x00b\ud800c\rd")

    assert desk.open(draft).text == "ab?c\nd"


def test_many_comments_are_read_at_once(session: Session) -> None:
    desk = a_desk(session)
    provider, by = desk.provider.id, desk.ben.person_id
    draft = desk.start()
    for number in range(30):
        at = desk.save(draft, f"{number}\n{desk.open(draft).text}")
        authoring.comment(session, provider, draft.uuid, at, 1, f"Why {number}?", by=by, now=NOW)
    session.commit()

    engine = session.get_bind()
    assert isinstance(engine, Engine)
    with statements(engine) as sent:
        found = authoring.comments(session, provider, draft.uuid)

    assert [each.quote for each in found] == [str(each) for each in range(29, -1, -1)]
    assert [each.line for each in found] == list(range(1, 31))
    assert len(sent) < 10


def test_the_pictures_of_all_a_providers_drafts_have_a_limit(session: Session) -> None:
    here, there = a_desk(session), a_desk(session, "Thistle Care", core=False)
    full = here.start()
    for number in range(50):
        name, body = f"{number}.svg", PICTURE
        authoring.add_media(session, here.provider.id, full.uuid, name, body, by=here.ben.person_id, now=NOW)
    session.execute(update(DraftMedia).values(size=LARGEST_PROVIDER // 50))
    session.commit()

    for desk, refused in ((here, True), (there, False)):
        draft = desk.start("Another")
        provider, by = desk.provider.id, desk.ben.person_id
        with pytest.raises(MediaUnfit, match="all your drafts") if refused else nullcontext():
            authoring.add_media(session, provider, draft.uuid, "gate.svg", PICTURE, by=by, now=NOW)
