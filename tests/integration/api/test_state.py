"""What a phone is told of its person: the snapshot and the catalogue."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app import authoring, catalogue, learning, providers
from app.content.service import withdraw
from app.kernel import utc_now
from app.providers import Role
from tests.support.api import Caller
from tests.support.editions import edition, pick_one
from tests.support.publishing import publish, publish_core
from tests.support.world import add_person, add_phone, add_provider


@pytest.fixture
def sha(inside: Session) -> str:
    publish_core(inside)
    return publish(inside, edition())


def state(caller: Caller) -> dict[str, Any]:
    found: dict[str, Any] = caller.get("/state", caller.phone.read).json  # type: ignore[assignment]
    return found


def listed(caller: Caller) -> dict[str, Any]:
    found: dict[str, Any] = caller.get("/catalogue", caller.phone.read).json  # type: ignore[assignment]
    return found


def now_text() -> str:
    return utc_now().isoformat()


def test_a_new_person_has_an_empty_snapshot(caller: Caller, sha: str) -> None:
    found = state(caller)

    assert found["person"]["name"] == "Ngozi Obi"
    assert found["provider"]["contact"] == "Priya"
    assert (found["assignments"], found["results"], found["modules"], found["held"]) == ([], [], {}, 0)
    assert found["standards"] == [
        {"number": 13, "title": "Health and safety", "know": {"done": 0, "of": 2}, "shown": {"done": 0, "of": 1}}
    ]


def test_a_passed_attempt_comes_back_confirmed(caller: Caller, sha: str) -> None:
    record = caller.phone.answered(sha, {"first-thing": ["b"]}, at=now_text())
    caller.send(record)

    found = state(caller)

    assert found["results"][0] | {"at": "", "received": ""} == {
        "record": record["id"],
        "module": "a-module",
        "edition": 1,
        "sha": sha,
        "at": "",
        "received": "",
        "seconds": 240,
        "score": 100,
        "passed": True,
        "questions": [{"id": "first-thing", "first": 100, "last": 100, "tries": 1}],
    }
    assert found["modules"]["a-module"]["status"] == "in-date"
    assert found["standards"][0]["know"] == {"done": 1, "of": 2}
    assert found["standards"][0]["shown"]["done"] == 0


def test_reading_alone_is_under_way_and_proves_nothing(caller: Caller, sha: str) -> None:
    caller.send(caller.phone.read_lesson(sha, at=now_text()))

    found = state(caller)

    assert found["modules"]["a-module"]["status"] == "under-way"
    assert found["standards"][0]["know"]["done"] == 0


def test_what_is_asked_for_and_soon_due_is_not_yet_known(caller: Caller, inside: Session, sha: str) -> None:
    due = utc_now().date() + timedelta(days=10)
    learning.assign(inside, caller.phone.provider_id, caller.phone.person_id, "a-module", due=due, now=utc_now())
    inside.commit()

    found = state(caller)

    assert found["assignments"][0]["due"] == found["modules"]["a-module"]["due"] == due.isoformat()
    assert found["modules"]["a-module"]["status"] == "due-soon"
    assert found["standards"][0]["know"]["done"] == 0
    module = listed(caller)["modules"][0]
    assert (module["assigned"], module["due"]) == (True, due.isoformat())


def test_a_managers_reset_reaches_the_phone(caller: Caller, inside: Session, sha: str) -> None:
    learning.reset_attempts(inside, caller.phone.provider_id, caller.phone.person_id, "a-module", now=utc_now())
    inside.commit()

    assert list(state(caller)["resets"]) == ["a-module"]


def test_held_records_are_counted(caller: Caller, sha: str) -> None:
    caller.send(caller.phone.record("unheard.of"))

    assert state(caller)["held"] == 1


def test_withheld_answers_come_with_the_result_and_are_marked_here(caller: Caller, inside: Session) -> None:
    publish_core(inside)
    question = pick_one() | {"feedback": "after-sync"}
    key = {"first-thing": {"options": question["options"], "explain": None}}
    question["options"] = [{"key": each["key"], "html": each["html"]} for each in question["options"]]
    question.pop("explain")
    sha = publish(inside, edition(key="kept-back", questions=[question]), answer_key=key)
    caller.send(caller.phone.answered(sha, {"first-thing": ["b"]}, at=now_text()))

    result = state(caller)["results"][0]

    assert (result["score"], result["passed"], result["feedback"]) == (100, True, key)


def test_the_state_says_which_catalogue_is_the_present_one(caller: Caller, inside: Session, sha: str) -> None:
    def both() -> tuple[str, str]:
        listed = caller.get("/catalogue?form=short", caller.phone.read).json
        assert listed
        return state(caller)["catalogue"], listed["catalogue"]

    before, listed = both()
    assert before == listed
    publish(inside, edition(key="one-more"))
    after, listed = both()
    assert before != after == listed


@pytest.mark.parametrize("form", ["", "?form=short"])
def test_a_catalogue_is_called_by_the_hash_of_all_the_rest(
    caller: Caller, inside: Session, sha: str, form: str
) -> None:
    here, me, now = caller.phone.provider_id, caller.phone.person_id, utc_now()
    publish(inside, edition(key="asked-for"))
    learning.assign(inside, here, me, "asked-for", due=date(2030, 1, 31), now=now)
    authoring.write_local_page(inside, here, "a-module", "Ring the office.", based_on=0, by=me, now=now)
    inside.commit()

    found: dict[str, Any] = caller.get(f"/catalogue{form}", caller.phone.read).json  # type: ignore[assignment]

    rest = {name: said for name, said in found.items() if name not in ("proto", "server", "catalogue")}
    written = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    assert [each["due"] for each in rest["modules"] if each.get("due")] == ["2030-01-31"]
    assert found["catalogue"] == hashlib.sha256(written.encode()).hexdigest()


def test_nothing_changed_is_answered_without_a_body(caller: Caller, sha: str) -> None:
    for path in ("/state", "/catalogue"):
        first = caller.get(path, caller.phone.read)
        again = caller.get(path, caller.phone.read, If_None_Match=first.headers["ETag"])
        assert (first.status_code, again.status_code) == (200, 304)

    caller.send(caller.phone.answered(sha, {}, at=now_text()))

    tag = first.headers["ETag"]
    assert caller.get("/catalogue", caller.phone.read, If_None_Match=tag).status_code == 304
    assert caller.get("/state", caller.phone.read, If_None_Match=tag).status_code == 200


def test_the_catalogue_lists_the_newest_edition_and_what_it_supersedes(
    caller: Caller, inside: Session, sha: str
) -> None:
    newer = publish(inside, edition(number=2, change="major"), at=utc_now())

    found = listed(caller)

    assert [(each["edition"], each["sha"], each["supersedes"]) for each in found["modules"]] == [(2, newer, [sha])]
    assert [(each["number"], each["change"]) for each in found["modules"][0]["chain"]] == [(1, "minor"), (2, "major")]
    assert [each["key"] for each in found["topics"]] == ["13-health-and-safety", "06-communication"]
    assert found["glossary"]["bytes"] > 0


def short(caller: Caller) -> dict[str, Any]:
    found: dict[str, Any] = caller.get("/catalogue?form=short", caller.phone.read).json  # type: ignore[assignment]
    return found


def test_the_short_catalogue_leaves_out_what_the_edition_or_the_summaries_say(
    caller: Caller, inside: Session, sha: str
) -> None:
    picture = {"sha": "a" * 64, "name": "stairs.svg", "type": "image/svg+xml", "kind": "picture", "bytes": 2000}
    sound = {"sha": "b" * 64, "name": "bell.mp3", "type": "audio/mpeg", "kind": "sound", "bytes": 500}
    asked = publish(inside, edition(key="asked-for", title="Asked for", media=[picture, sound]))
    learning.assign(
        inside, caller.phone.provider_id, caller.phone.person_id, "asked-for", due=date(2027, 1, 1), now=utc_now()
    )
    inside.commit()
    whole = listed(caller)

    found = short(caller)

    known = {each["key"]: each for each in whole["modules"]}
    same = ("key", "edition", "sha", "bytes", "title", "minutes", "topic", "pack")
    assert found["modules"] == [
        {name: known["a-module"][name] for name in same},
        {name: known["asked-for"][name] for name in same}
        | {"media_bytes": 2500, "summary": known["asked-for"]["summary"], "assigned": True, "due": "2027-01-01"},
    ]
    assert known["asked-for"]["sha"] == asked
    assert {name: found[name] for name in ("topics", "glossary", "withdrawn")} == {
        name: whole[name] for name in ("topics", "glossary", "withdrawn")
    }


def test_the_short_catalogue_has_a_tag_of_its_own(caller: Caller, sha: str) -> None:
    whole, brief = (caller.get(path, caller.phone.read) for path in ("/catalogue", "/catalogue?form=short"))

    def again(path: str, known: str) -> int:
        return caller.get(path, caller.phone.read, If_None_Match=known).status_code

    assert again("/catalogue?form=short", brief.headers["ETag"]) == 304
    # A phone that was updated, or put back to an earlier release, gets the form it understands.
    assert again("/catalogue?form=short", whole.headers["ETag"]) == 200
    assert again("/catalogue", brief.headers["ETag"]) == 200


def test_a_form_nobody_knows_is_the_whole_catalogue(caller: Caller, sha: str) -> None:
    assert caller.get("/catalogue?form=tiny", caller.phone.read).json == listed(caller)


def test_the_summaries_are_of_what_is_on_offer_to_this_provider(caller: Caller, inside: Session, sha: str) -> None:
    first = caller.get("/summaries", caller.phone.read)
    assert first.json["summaries"] == {  # type: ignore[index]
        each["key"]: each["summary"] for each in listed(caller)["modules"]
    }
    assert caller.get("/summaries", caller.phone.read, If_None_Match=first.headers["ETag"]).status_code == 304

    catalogue.let_go(inside, caller.phone.provider_id, "core", now=utc_now())
    inside.commit()

    assert caller.get("/summaries", caller.phone.read).json["summaries"] == {}  # type: ignore[index]
    assert caller.get("/summaries", caller.phone.append).status_code == 401


def test_a_withdrawn_edition_is_named_with_its_reason(caller: Caller, inside: Session, sha: str) -> None:
    withdraw(inside, "a-module", 1, reason="The number has changed.", safety=True, now=utc_now())
    inside.commit()

    found = listed(caller)

    assert found["modules"] == []
    assert found["withdrawn"] == [{"key": "a-module", "sha": sha, "reason": "The number has changed.", "safety": True}]


def test_a_pack_that_was_let_go_is_not_offered(caller: Caller, inside: Session, sha: str) -> None:
    before = listed(caller)["catalogue"]
    assert catalogue.let_go(inside, caller.phone.provider_id, "core", now=utc_now())
    inside.commit()
    assert (listed(caller)["modules"], listed(caller)["topics"]) == ([], [])

    assert catalogue.adopt(inside, caller.phone.provider_id, "core", now=utc_now())
    assert not catalogue.adopt(inside, caller.phone.provider_id, "core", now=utc_now())
    inside.commit()

    assert listed(caller)["catalogue"] == before


def test_nobody_sees_anything_of_another_person(caller: Caller, inside: Session, sha: str) -> None:
    other = add_provider(inside, "Thistle Care")
    theirs = add_phone(inside, add_person(inside, other, "Tom Reed"), now=utc_now())
    learning.assign(inside, other.id, theirs.person_id, "a-module", due=date(2026, 1, 1), now=utc_now())
    inside.commit()
    Caller(caller.app, theirs).send(theirs.answered(sha, {"first-thing": ["b"]}, at=now_text()))

    mine = caller.get("/state", caller.phone.read)

    assert "Tom" not in mine.text
    assert "Thistle" not in mine.text
    assert (mine.json["results"], mine.json["assignments"]) == ([], [])  # type: ignore[index]
    assert listed(caller)["modules"][0]["assigned"] is False


def test_what_the_provider_adds_to_a_module_comes_with_its_name(caller: Caller, inside: Session, sha: str) -> None:
    tag = caller.get("/catalogue?form=short", caller.phone.read).headers["ETag"]
    assert "local" not in short(caller)
    manager = add_person(inside, add_provider(inside, "Thistle Care"), "Tom Reed")
    where = caller.phone.provider_id
    for provider_id, text in ((manager.provider_id, "Ring Thistle"), (where, "Ring the **office**")):
        authoring.write_local_page(
            inside, provider_id, "a-module", text, based_on=0, by=manager.person_id, now=utc_now()
        )
    inside.commit()

    answer = caller.get("/catalogue?form=short", caller.phone.read, If_None_Match=tag)

    assert answer.status_code == 200
    assert answer.json["local"] == {  # type: ignore[index]
        "from": "Bramble Home Care",
        "pages": {"a-module": "<p>Ring the <strong>office</strong></p>"},
    }
    assert "Ring" not in caller.get("/catalogue", caller.phone.read).text
    authoring.write_local_page(inside, where, "a-module", "", based_on=1, by=manager.person_id, now=utc_now())
    inside.commit()
    assert "local" not in short(caller)


def test_a_page_beside_a_module_that_is_not_offered_any_more_waits(caller: Caller, inside: Session, sha: str) -> None:
    where, by = caller.phone.provider_id, caller.phone.person_id
    authoring.write_local_page(inside, where, "a-module", "Ring", based_on=0, by=by, now=utc_now())
    withdraw(inside, "a-module", 1, reason="It is wrong.", safety=False, now=utc_now())
    inside.commit()
    assert "local" not in short(caller)

    publish(inside, edition(number=2, change="minor"), at=utc_now())

    assert short(caller)["local"]["pages"] == {"a-module": "<p>Ring</p>"}


def test_somebody_with_two_providers_reads_on_each_phone_what_that_phones_provider_adds(
    caller: Caller, inside: Session, sha: str
) -> None:
    there = add_provider(inside, "Thistle Care")
    person = caller.phone.person_id
    providers.add_membership(inside, there.id, person, [Role.LEARNER], now=utc_now())
    place = providers.find_member(inside, there.id, person)
    assert place is not None
    other = Caller(caller.app, add_phone(inside, place, now=utc_now()))
    for provider_id, text in ((there.id, "Ring Thistle"), (caller.phone.provider_id, "Ring Bramble")):
        authoring.write_local_page(inside, provider_id, "a-module", text, based_on=0, by=person, now=utc_now())
    inside.commit()

    assert [short(each)["local"] for each in (caller, other)] == [
        {"from": "Bramble Home Care", "pages": {"a-module": "<p>Ring Bramble</p>"}},
        {"from": "Thistle Care", "pages": {"a-module": "<p>Ring Thistle</p>"}},
    ]
