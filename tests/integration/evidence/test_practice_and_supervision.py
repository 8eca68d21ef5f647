"""Practice, sign-offs, meetings, plans and induction in a pack: as they stood on its day, and none of their words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import assessment, supervision
from app.content.models import Document
from app.providers import MemberView
from app.supervision import MeetingKind, NewAction, NewMeeting
from tests.support.evidence_place import Bramble, bramble, opened, rows, scope, without_uuids
from tests.support.practice import appoint, confirms, publish_framework, saw, withdraws
from tests.support.world import NOW, Phone, add_phone

GOLDEN = Path(__file__).with_name("golden-practice")
KEPT = ("observations", "assessors", "sign-offs", "meetings", "plans", "first-visits", "induction")
PARTS = ("standards", "observations", "supervision")
LATER = NOW + timedelta(days=60)
SECRETS = ("private-canary", "shared-canary", "agreed-canary", "goal-canary", "comment-canary", "saw-canary")


def moment(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=UTC)


def text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def meets(made: Bramble, who: MemberView, kind: MeetingKind, on: date, *, now: datetime, **more: Any) -> None:
    new = NewMeeting(
        kind=kind,
        held_on=on,
        led_by=made.priya.person_id,
        led_by_other="",
        shared="shared-canary",
        private="private-canary",
        next_on=more.get("next_on"),
        actions=(NewAction(text="agreed-canary", due=None),),
    )
    by = made.priya.person_id
    supervision.record_meeting(made.session, made.provider.id, [who.person_id], new, now=now, today=now.date(), by=by)
    made.session.commit()


def ticks(made: Bramble, who: MemberView, on: date, *, now: datetime) -> None:
    supervision.tick(
        made.session,
        made.provider.id,
        who.person_id,
        supervision.first_visit_of(made.provider),
        on=on,
        now=now,
        today=now.date(),
        by=made.priya.person_id,
        with_id=made.marta.person_id,
    )
    made.session.commit()


def wants(made: Bramble, phone: Phone, goal: str, at: datetime, *, done: bool = False) -> None:
    data = {"goal": goal, "text": "goal-canary", "by": "2026-09-01", "done": done}
    phone.send(made.session, phone.record("goal.saved", data, at=text(at)), now=at)


class Day:
    """Marta saw Ngozi at work, Priya signed and met her; all of it before the tenth of June."""

    GOAL = "0197a000-0000-7000-8000-000000000001"

    def __init__(self, session: Session) -> None:
        self.made = made = bramble(session)
        # The small framework of the place has one standard; this one has three.
        session.execute(update(Document).where(Document.kind == "framework").values(in_force=False))
        publish_framework(session)
        appoint(session, made.provider, made.marta, [1], now=moment(1, 2))
        self.marta = add_phone(session, made.marta, now=moment(1, 3))
        self.first = self.sees({"1.1c": "yes", "1.2a": "not-yet"}, on=moment(5, 4))
        self.sees({"12.1a": "yes"}, on=moment(5, 5), standard=12)
        by, here = made.priya.person_id, made.provider.id
        session.add(
            assessment.SignOff(
                uuid=made.ngozi.person_uuid,
                provider_id=here,
                person_id=made.ngozi.person_id,
                framework=assessment.FRAMEWORK,
                standard=1,
                at=moment(5, 20),
                by=by,
            )
        )
        meets(made, made.ngozi, MeetingKind.SUPERVISION, date(2026, 5, 6), now=moment(5, 7), next_on=date(2026, 8, 1))
        ticks(made, made.ngozi, date(2026, 3, 10), now=moment(3, 11))
        wants(made, made.phone, self.GOAL, moment(5, 6))
        goal = supervision.add_goal(session, here, made.ngozi.person_id, "goal-canary", None, now=moment(5, 7), by=by)
        supervision.comment(session, here, made.ngozi.person_id, goal, "comment-canary", now=moment(5, 8), by=by)
        session.commit()

    def sees(self, criteria: dict[str, str], *, on: datetime, **more: Any) -> str:
        made = self.made
        record = saw(
            self.marta,
            made.ngozi.person_uuid,
            criteria,
            seen_on=on.date().isoformat(),
            decisions=[{"code": code, "decision": each, "saw": "saw-canary"} for code, each in criteria.items()],
            sent={"at": text(on)},
            **more,
        )
        self.marta.send(made.session, record, now=on)
        at = on + timedelta(hours=1)
        made.phone.send(made.session, confirms(made.phone, record["id"], sent={"at": text(at)}), now=at)
        return str(record["id"])

    def change_everything(self) -> None:
        """What may happen in the two months after."""
        made, by = self.made, self.made.priya.person_id
        here, ngozi = made.provider.id, made.ngozi.person_id
        self.marta.send(made.session, withdraws(self.marta, self.first, at=text(LATER)), now=LATER)
        self.sees({"1.2a": "yes"}, on=LATER)
        [named] = assessment.appointments(made.session, here)
        assessment.end_appointment(made.session, here, named.uuid, now=LATER, by=by)
        appoint(made.session, made.provider, made.marta, None, now=LATER)
        [signed] = assessment.sign_offs_of(made.session, here, [ngozi])[ngozi]
        assessment.withdraw_sign_off(made.session, here, ngozi, signed.standard, reason="A mistake", now=LATER, by=by)
        [met] = supervision.meetings_of(made.session, here, [ngozi])
        supervision.take_out_meeting(made.session, here, ngozi, met.uuid, "Somebody else", now=LATER, by=by)
        meets(made, made.marta, MeetingKind.APPRAISAL, date(2026, 6, 2), now=LATER)
        supervision.untick(made.session, here, ngozi, supervision.first_visit_of(made.provider), now=LATER, by=by)
        wants(made, made.phone, self.GOAL, LATER, done=True)
        made.session.commit()


def tables(files: dict[str, bytes]) -> dict[str, list[dict[str, Any]]]:
    return {key: rows(files, key) for key in (*KEPT, "standards")}


def test_each_decision_stands_with_its_assessors_scope_and_basis(session: Session) -> None:
    day = Day(session)
    files = opened(day.made.pack(scope(parts=PARTS)))
    told = [
        (each["person"], each["criterion"], each["decision"], each["counts"], each["assessor"], each["basis"])
        for each in rows(files, "observations")
    ]
    basis = "Level 3 and eight years of visits"
    assert told == [
        ("Ngozi Obi", "1.1c", "Yes", True, "Marta Kowalska", basis),
        ("Ngozi Obi", "1.2a", "Not yet", True, "Marta Kowalska", basis),
        # Nobody named her for standard 12.
        ("Ngozi Obi", "12.1a", "Yes", False, "Marta Kowalska", ""),
    ]
    assert [(each["scope"], each["basis"]) for each in rows(files, "assessors")] == [("1", basis)]
    assert [(each["standard"], each["by"]) for each in rows(files, "sign-offs")] == [(1, "Priya Nair")]


def test_meetings_plans_and_induction_are_told_by_their_days(session: Session) -> None:
    files = opened(Day(session).made.pack(scope(parts=PARTS)))
    [met] = rows(files, "meetings")
    assert [met[key] for key in ("person", "kind", "held", "led_by", "agreed", "done", "next")] == [
        "Ngozi Obi",
        "Supervision",
        "2026-05-06",
        "Priya Nair",
        1,
        0,
        "2026-08-01",
    ]
    plans = [(each["from"], each["by"], each["done"]) for each in rows(files, "plans")]
    assert plans == [("The carer", "2026-09-01", False), ("A manager", None, False)]
    [visit] = rows(files, "first-visits")
    started = date.fromisoformat(visit["started"])
    assert (visit["visit"], visit["days"]) == ("2026-03-10", (date(2026, 3, 10) - started).days)


def test_what_was_written_in_confidence_is_in_no_file(session: Session) -> None:
    for name, body in opened(Day(session).made.pack()).items():
        for words in SECRETS:
            assert words.encode() not in body, (name, words)


def test_as_at_an_earlier_day_nothing_that_came_after_is_in_it(session: Session) -> None:
    day = Day(session)
    before = tables(opened(day.made.pack(scope(parts=PARTS))))
    day.change_everything()
    now = LATER + timedelta(days=1)

    after = tables(opened(day.made.pack(scope(parts=PARTS), now=now)))
    today = tables(opened(day.made.pack(scope(parts=PARTS, until=now.date(), as_at=now.date()), now=now)))

    for key, value in before.items():
        assert value, key
        assert after[key] == value, key
        # Were it blind to what was changed, the lines above could not fail.
        assert today[key] != value, key


def test_the_files_are_as_they_were_last_agreed(session: Session) -> None:
    """To agree to a change, delete the folder, run this twice, and read the difference."""
    day = Day(session)
    files = opened(day.made.pack(scope(parts=PARTS)))
    fresh = not GOLDEN.exists()
    GOLDEN.mkdir(exist_ok=True)
    for name in [f"tables/{key}.{form}" for key in KEPT for form in ("csv", "json")]:
        body = without_uuids(day.made, files[name])
        for record in {each["record"] for each in rows(files, "observations")}:
            body = body.replace(record.encode(), b"<record>")
        path = GOLDEN / name.replace("/", "-")
        if fresh:
            path.write_bytes(body)
        assert path.read_bytes() == body, name
    assert not fresh, "there was nothing to compare with; it is written down now"
