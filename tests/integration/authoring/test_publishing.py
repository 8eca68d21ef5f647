"""From draft to edition and back, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app import authoring, catalogue, learning
from app.authoring import DraftState, NoModule, NotNow, PublishRefused
from app.content import queries as content
from tests.support.desk import PICTURE, a_desk, words
from tests.support.editions import edition
from tests.support.publishing import publish
from tests.support.world import NOW, add_person, add_phone


def test_an_own_module_is_offered_to_its_providers_people_and_to_nobody_else(session: Session) -> None:
    here, there = a_desk(session), a_desk(session, "Thistle Care", core=False)
    draft = here.start(picture=True)
    authoring.add_media(session, here.provider.id, draft.uuid, "gate.svg", PICTURE, by=here.ben.person_id, now=NOW)

    done = here.publish(draft)

    mine, theirs = (catalogue.listing(session, each.provider.id) for each in (here, there))
    [offer] = [each for each in mine.offers if each.edition.key == done.key]
    assert (offer.edition.sha, offer.edition.number, offer.edition.audience) == (done.sha, 1, here.provider.uuid)
    assert offer.edition.checked_by == "Dr Lee Park, pharmacist"
    assert [topic.title for topic in mine.topics if topic.pack == draft.pack] == ["Our visits"]
    assert done.key not in str(theirs)
    assert draft.pack not in str(theirs) + str(catalogue.adopted_packs(session, there.provider.id))
    assert content.current_edition(session, done.key) is None
    stored = content.edition_by_sha(session, done.sha)
    assert stored is not None
    assert stored.only_for == {here.provider.uuid}
    picture = content.media_by_sha(session, offer.edition.media[0]["sha"])
    assert picture is not None
    assert picture.only_for == {here.provider.uuid}


def test_a_picture_two_providers_use_is_for_both(session: Session) -> None:
    here, there = a_desk(session), a_desk(session, "Thistle Care", core=False)
    for desk in (here, there):
        draft = desk.start(picture=True)
        authoring.add_media(session, desk.provider.id, draft.uuid, "gate.svg", PICTURE, by=desk.ben.person_id, now=NOW)
        sha = authoring.open_draft(session, desk.provider.id, draft.uuid).media[0].sha
        desk.publish(draft)
    picture = content.media_by_sha(session, sha)
    assert picture is not None
    assert picture.only_for == {here.provider.uuid, there.provider.uuid}


def test_nothing_is_published_before_a_named_person_checked_the_facts(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()

    said = authoring.effect(session, desk.provider.id, draft.uuid, "major", now=NOW)
    assert [each for each in said.refusals if "named person" in each]
    with pytest.raises(PublishRefused, match="named person"):
        authoring.publish(
            session, desk.provider.id, draft.uuid, "major", revision=draft.revision, by=desk.ben.person_id, now=NOW
        )
    assert content.editions_of(session, draft.key, desk.provider.uuid) == ()


def test_words_that_change_after_the_check_are_not_checked(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()
    desk.make_ready(draft)
    assert desk.open(draft).state is DraftState.READY

    desk.save(draft, desk.open(draft).text + "\n", by=desk.amina)

    now = desk.open(draft)
    assert (now.state, now.checked_by, now.checked_at) == (DraftState.IN_REVIEW, None, None)


def test_who_wrote_alone_may_check_only_when_the_edition_says_so(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()
    provider, name = desk.provider.id, "amina of bramble home care"
    authoring.send_to_review(session, provider, draft.uuid)
    ask = {"revision": draft.revision, "by": desk.amina.person_id, "now": NOW}

    with pytest.raises(NotNow, match="Nobody else wrote") as refused:
        authoring.checked(session, provider, draft.uuid, name, "trainer", **ask)
    assert refused.value.code == "wrote-alone"
    said = authoring.checked(session, provider, draft.uuid, name, "trainer", knows_alone=True, **ask)

    assert said.as_shown == "amina of bramble home care, trainer, who also wrote it"
    done = authoring.publish(session, provider, draft.uuid, "major", **ask)
    assert content.editions_of(session, done.key, desk.provider.uuid)[0].checked_by == said.as_shown


def test_who_wrote_with_another_may_check(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()
    desk.save(draft, draft.text + "\n", by=desk.ben)
    authoring.send_to_review(session, desk.provider.id, draft.uuid)

    said = authoring.checking(session, desk.provider.id, draft.uuid, "Amina of Bramble Home Care", "trainer")

    assert not said.alone


def test_a_check_of_words_that_moved_on_is_not_taken(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()
    authoring.send_to_review(session, desk.provider.id, draft.uuid)
    desk.save(draft, draft.text + "\n")
    with pytest.raises(NotNow, match="changed"):
        authoring.checked(
            session, desk.provider.id, draft.uuid, "Dr Lee", "nurse", revision=draft.revision, by=1, now=NOW
        )


def test_another_answer_cannot_be_a_minor_change(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()
    desk.publish(draft)
    desk.save(draft, words(draft, right="first"))
    desk.make_ready(draft)

    said = authoring.effect(session, desk.provider.id, draft.uuid, "minor", now=NOW)

    assert said.marking == ('of the question "gate-stuck" the right answer changed',)
    with pytest.raises(PublishRefused, match="major"):
        desk.publish(draft, "minor")
    assert desk.publish(draft, "major").number == 2


def test_the_effect_counts_who_did_the_last_edition_and_who_must_take_it_again(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()
    first = desk.publish(draft, now=NOW - timedelta(days=3))
    did, asked, neither = (add_person(session, desk.provider, name) for name in ("Ngozi", "Ola", "Pat"))
    for member in (did, asked):
        learning.assign(session, desk.provider.id, member.person_id, draft.key, due=None, now=NOW)
    session.commit()
    phone = add_phone(session, did)
    phone.send(session, phone.answered(first.sha, {"gate-stuck": ["b"]}))
    text = desk.open(draft).text
    desk.save(draft, text.replace("Do not climb.", "Do not climb over it."))

    major, minor = (
        authoring.effect(session, desk.provider.id, draft.uuid, change, now=NOW) for change in ("major", "minor")
    )

    assert (major.number, major.first, major.asked, major.did_last, major.take_again) == (2, False, 2, 1, 1)
    assert (minor.take_again, minor.marking) == (0, ())
    assert major.words_changed == 4, "one word out, three in"
    assert neither.person_id not in (did.person_id, asked.person_id)


def test_a_draft_that_changed_since_its_effect_was_shown_is_not_published(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()
    desk.make_ready(draft)
    with pytest.raises(PublishRefused, match="changed since") as refused:
        authoring.publish(session, desk.provider.id, draft.uuid, "major", revision=1, by=desk.ben.person_id, now=NOW)
    assert refused.value.code == "moved"


def test_a_text_with_mistakes_is_not_published_and_they_are_named(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start(more="\n<b>no</b>\n")
    desk.make_ready(draft)

    said = authoring.effect(session, desk.provider.id, draft.uuid, "major", now=NOW)

    assert said.number == 1
    assert "mended first" in " ".join(said.refusals)
    assert {each.code for each in said.problems} == {"raw-html", "stray-text"}


def test_what_is_to_be_mended_is_named_by_the_line_its_author_sees(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()
    desk.publish(draft)
    text = words(draft, more="\n<b>no</b>\n").replace("edition: 1\n", "").replace(f"key: {draft.key}\n", "")
    desk.save(draft, text)
    desk.make_ready(draft)

    live = authoring.check_draft(session, desk.provider.id, draft.uuid, now=NOW)
    said = authoring.effect(session, desk.provider.id, draft.uuid, "major", now=NOW)

    assert [each.code for each in live.problems if "missing" in each.code] == []
    wrong = text.split("\n").index("<b>no</b>") + 1
    assert {each.line for each in said.problems} == {wrong}
    desk.save(draft, text.replace("<b>no</b>\n", ""))
    assert desk.publish(draft).number == 2


def test_a_name_carries_nothing_that_cannot_be_seen(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start("The \u202egate\u2066")
    said = authoring.checking(session, desk.provider.id, draft.uuid, "Dr\u202e  Lee", " nurse ")
    assert (said.as_shown, draft.key[:9]) == ("Dr Lee, nurse", "the-gate-")


def test_the_same_words_are_not_published_twice(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()
    desk.publish(draft)
    said = authoring.effect(session, desk.provider.id, draft.uuid, "minor", now=NOW)
    assert desk.open(draft).unchanged
    assert said.refusals == ("It reads as the edition that is published already.",)


def test_a_withdrawn_module_leaves_the_catalogue_says_why_and_can_come_back(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()
    desk.publish(draft)
    desk.save(draft, words(draft, more="\n"))
    desk.publish(draft, "minor")

    gone = authoring.withdraw(session, desk.provider.id, draft.key, reason="The gate is new.", safety=True, now=NOW)

    listing = catalogue.listing(session, desk.provider.id)
    assert gone == (1, 2)
    assert draft.key not in {offer.edition.key for offer in listing.offers}
    mine = [each for each in listing.withdrawn if each.key == draft.key]
    assert [(each.number, each.safety, each.withdrawn_reason) for each in mine] == [
        (1, True, "The gate is new."),
        (2, True, "The gate is new."),
    ]
    assert desk.publish(draft, "major").number == 3
    assert draft.key in {offer.edition.key for offer in catalogue.listing(session, desk.provider.id).offers}


def test_nobody_withdraws_what_is_not_theirs(session: Session) -> None:
    here, there = a_desk(session), a_desk(session, "Thistle Care", core=False)
    draft = here.start()
    here.publish(draft)
    publish(session, edition("everybodys"))
    for key in (draft.key, "everybodys"):
        with pytest.raises(NoModule):
            authoring.withdraw(session, there.provider.id, key, reason="I say so.", safety=True, now=NOW)
    assert content.withdrawn_editions(session, here.provider.uuid) == ()


def test_facts_due_within_sixty_days_are_listed_the_earliest_first(session: Session) -> None:
    desk = a_desk(session)
    draft = desk.start()
    desk.publish(draft)

    for today, expected in ((date(2027, 3, 1), []), (date(2027, 4, 2), [False]), (date(2027, 6, 2), [True])):
        found = authoring.check_again(session, desk.provider.id, today)
        assert [each.overdue for each in found] == expected
    assert (found[0].own, found[0].draft, found[0].day) == (True, draft.uuid, date(2027, 6, 1))


@pytest.mark.parametrize(
    "forged",
    [
        "---\n{key: KEY, title: Gate, edition: 1, summary: How to get in., minutes: 3, criteria: [], pass: 80, "
        'licence: x, checked_by: "Professor Nobody"}\n---\n',
        '---\nkey: KEY\ntitle: Gate\nsummary: How to get in.\u2028checked_by: "Professor Nobody"\nedition: 1\n'
        "minutes: 3\ncriteria: []\npass: 80\nlicence: x\n---\n",
    ],
    ids=["in-braces", "another-newline"],
)
def test_nobody_can_write_into_the_fields_who_checked_the_facts(session: Session, forged: str) -> None:
    desk = a_desk(session)
    draft = desk.start()
    desk.save(draft, forged.replace("KEY", draft.key) + draft.text.split("---\n", 2)[2])
    desk.make_ready(draft)

    with pytest.raises(PublishRefused):
        desk.publish(draft)
    assert content.editions_of(session, draft.key, desk.provider.uuid) == ()


OTHER = PICTURE.replace(b"A gate", b"A wall")


def test_another_picture_under_the_name_that_was_checked_is_not_checked(session: Session) -> None:
    desk = a_desk(session)
    provider, by = desk.provider.id, desk.amina.person_id
    draft = desk.start(picture=True)
    authoring.add_media(session, provider, draft.uuid, "gate.svg", PICTURE, by=by, now=NOW)
    desk.make_ready(draft)
    shown = desk.open(draft).revision

    authoring.remove_media(session, provider, draft.uuid, "gate.svg", by=by, now=NOW)
    authoring.add_media(session, provider, draft.uuid, "gate.svg", OTHER, by=by, now=NOW)

    assert (desk.open(draft).state, desk.open(draft).checked_by) == (DraftState.IN_REVIEW, None)
    with pytest.raises(NotNow, match="changed"):
        authoring.checked(session, provider, draft.uuid, "Dr Lee", "nurse", revision=shown, by=by, now=NOW)
    with pytest.raises(PublishRefused, match="changed"):
        authoring.publish(session, provider, draft.uuid, "major", revision=shown, by=by, now=NOW)


def test_a_new_picture_alone_can_be_published_and_who_types_meanwhile_is_not_held_up(session: Session) -> None:
    desk = a_desk(session)
    provider, by = desk.provider.id, desk.amina.person_id
    draft = desk.start(picture=True)
    authoring.add_media(session, provider, draft.uuid, "gate.svg", PICTURE, by=by, now=NOW)
    desk.publish(draft)
    typed_on = desk.open(draft)

    authoring.add_media(session, provider, draft.uuid, "gate.svg", OTHER, by=by, now=NOW)

    assert not desk.open(draft).unchanged
    assert desk.publish(draft, "minor").number == 2
    authoring.add_media(session, provider, draft.uuid, "gate.svg", PICTURE, by=by, now=NOW)
    desk.save(draft, desk.open(draft).text + "\n", on=desk.open(draft).revision - 1)
    assert typed_on.revision < desk.open(draft).revision


def test_a_picture_brought_back_is_checked_anew(session: Session) -> None:
    desk = a_desk(session)
    provider, by = desk.provider.id, desk.amina.person_id
    draft = desk.start(picture=True)
    authoring.add_media(session, provider, draft.uuid, "gate.svg", PICTURE, by=by, now=NOW)
    authoring.remove_media(session, provider, draft.uuid, "gate.svg", by=by, now=NOW)
    desk.make_ready(draft)

    assert authoring.restore(session, provider, draft.uuid, draft.revision, by=by, now=NOW).changed

    assert desk.open(draft).state is DraftState.IN_REVIEW
