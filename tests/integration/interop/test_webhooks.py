"""Another system is told when a training lapses: signed, in order, at least once, and for days if need be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from standardwebhooks import Webhook as Checker

from app import privacy, providers
from app.audit import OPERATOR
from app.content import queries as content
from app.extensions import db
from app.interop import feed, posting, telling, webhooks
from app.interop.webhooks import delivering
from app.interop.webhooks.models import WebhookEvent, WebhookTry
from app.interop.webhooks.rules import WAITS, stamp
from app.kernel import begin_write, utc_now
from tests.support.learning_place import RIGHT, Learner, joined, publish_modules
from tests.support.receiver import Receiver
from tests.support.rota import needs
from tests.support.website import KEY, Place

NOW = utc_now()
EVERY = [each.value for each in webhooks.TO_PICK]


def sha_of(module: str) -> str:
    """The newest edition of a module."""
    return content.editions_of(db.session(), module)[-1].sha


class Clock:
    """Stands still until it is moved on."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


def hooked(
    place: Place, address: str, events: list[str] | None = None, tells: tuple[str, ...] = ()
) -> tuple[UUID, str]:
    found = webhooks.add(
        db.session(),
        place.provider.id,
        name="Rota",
        address=address,
        events=EVERY if events is None else events,
        tells=tells,
        anywhere=True,
        key=KEY.encode(),
        now=NOW,
    )
    db.session.commit()
    return found


def look(place: Place, at: datetime) -> int:
    """What the worker does each time it looks: what is new is to be told."""
    seen = feed.see(db.session(), place.provider, now=at)
    assert seen is not None
    begin_write(db.session())
    found = telling.keep(db.session(), seen)
    db.session.commit()
    return found


def tell_all(clock: Clock, *, most: int = 50) -> list[bool]:
    done: list[bool] = []
    while len(done) < most:
        taken = webhooks.tell_next(db.session(), anywhere=True, key=KEY.encode(), clock=clock)
        if taken is None:
            break
        done.append(taken)
    return done


def try_out(place: Place, uuid: UUID, count: int) -> None:
    """Ask for some events that are about nobody."""
    for _ in range(count):
        assert webhooks.try_it(db.session(), place.provider.id, uuid, now=NOW)
    db.session.commit()


@pytest.fixture
def ngozi(bramble: Place) -> Learner:
    """A carer who has two days for a training."""
    publish_modules("Fire")
    learner = joined(bramble, "Ngozi Obi")
    needs(bramble, learner.member, first_due_days=2)
    return learner


def test_a_lapse_and_what_puts_it_right_are_told_in_order(bramble: Place, ngozi: Learner, receiver: Receiver) -> None:
    providers.set_details(db.session(), bramble.provider.id, ngozi.member.person_id, reference="W-7", email="")
    look(bramble, utc_now())
    hooked(bramble, f"{receiver.address}/hook?from=bv", tells=("reference",))
    late = NOW + timedelta(days=6)
    assert look(bramble, late) == 1
    ngozi.answers(sha_of("fire"), RIGHT, at=NOW, received=late)
    db.session.commit()
    assert look(bramble, late + timedelta(minutes=5)) == 1
    assert tell_all(Clock(late)) == [True, True]
    lapsed, right = (each.json for each in receiver.got)
    assert (lapsed["type"], lapsed["data"]["status"]) == ("training.lapsed", "overdue")
    assert (right["type"], right["data"]["was"]) == ("training.in_date", "overdue")
    assert lapsed["data"]["person"] == {"id": str(ngozi.member.person_uuid), "reference": "W-7"}
    assert lapsed["data"]["training"]["title"] == "Fire safety"
    first = receiver.got[0]
    assert (first.method, first.path, first.headers["content-type"]) == ("POST", "/hook?from=bv", "application/json")


def test_the_signature_is_the_one_of_the_standard_webhooks(bramble: Place, receiver: Receiver) -> None:
    uuid, secret = hooked(bramble, receiver.address)
    try_out(bramble, uuid, 1)
    # The checker refuses what is older than five minutes by the machine's clock.
    assert tell_all(Clock(utc_now())) == [True]
    [got] = receiver.got
    Checker(secret).verify(got.body.decode(), got.headers)
    with pytest.raises(Exception, match="No matching signature"):
        Checker(secret).verify(got.body.decode() + " ", got.headers)


def test_a_later_event_waits_for_an_earlier_one_and_the_id_stays(bramble: Place, receiver: Receiver) -> None:
    uuid, _ = hooked(bramble, receiver.address)
    try_out(bramble, uuid, 3)
    receiver.answers = [500, 503]
    clock = Clock(NOW)
    assert tell_all(clock) == [False]
    assert tell_all(clock) == []
    clock.now += WAITS[0]
    assert tell_all(clock) == [False]
    clock.now += WAITS[0]
    assert tell_all(clock) == [], "the second wait is longer"
    clock.now += WAITS[1]
    assert tell_all(clock) == [True, True, True]
    sent = [each.headers["webhook-id"] for each in receiver.got]
    assert sent[0] == sent[1] == sent[2]
    assert len(set(sent)) == 3
    assert sent[2:] == [
        f"msg_{each}" for each in db.session.scalars(select(WebhookEvent.uuid).order_by(WebhookEvent.id))
    ]
    assert receiver.got[0].body == receiver.got[2].body


def test_one_that_does_not_answer_holds_up_no_other(bramble: Place, receiver: Receiver) -> None:
    with Receiver(usual=500) as broken:
        bad, _ = hooked(bramble, broken.address)
        good, _ = hooked(bramble, receiver.address)
        try_out(bramble, bad, 1)
        try_out(bramble, good, 2)
        assert tell_all(Clock(NOW)) == [False, True, True]


def test_after_days_it_stops_and_goes_on_when_it_is_told_to(bramble: Place, receiver: Receiver) -> None:
    uuid, _ = hooked(bramble, receiver.address)
    try_out(bramble, uuid, 2)
    receiver.usual = 500
    clock = Clock(NOW)
    for wait in WAITS:
        assert tell_all(clock) == [False]
        clock.now += wait
    assert sum(WAITS, timedelta()) > timedelta(days=4)
    assert tell_all(clock) == [False]
    assert telling.stopped(db.session(), bramble.provider.id) == ("Rota",)
    clock.now += timedelta(days=30)
    assert tell_all(clock) == []
    receiver.usual = 204
    assert webhooks.send_again(db.session(), bramble.provider.id, uuid)
    db.session.commit()
    assert tell_all(clock) == [True, True]
    assert telling.stopped(db.session(), bramble.provider.id) == ()


def test_one_that_is_gone_for_good_is_not_asked_again(bramble: Place, receiver: Receiver) -> None:
    uuid, _ = hooked(bramble, receiver.address)
    try_out(bramble, uuid, 1)
    receiver.usual = 410
    assert tell_all(Clock(NOW)) == [False]
    assert telling.stopped(db.session(), bramble.provider.id) == ("Rota",)


def test_a_worker_that_is_killed_in_between_tells_again_and_skips_nothing(bramble: Place, receiver: Receiver) -> None:
    uuid, _ = hooked(bramble, receiver.address)
    try_out(bramble, uuid, 2)
    session, clock = db.session(), Clock(NOW)
    begin_write(session)
    held = webhooks.claim(session, now=NOW)
    session.commit()
    assert held is not None
    webhooks.tell(held, anywhere=True, key=KEY.encode(), now=NOW)
    # Killed here: it was told, and nobody wrote that down. Another worker leaves it alone as long as it may still live.
    assert tell_all(clock) == []
    clock.now += delivering.SILENT + timedelta(seconds=1)
    assert tell_all(clock) == [True, True]
    sent = [each.headers["webhook-id"] for each in receiver.got]
    assert sent[0] == sent[1] != sent[2]
    # The one that was thought dead comes back: what it says is not written down any more.
    begin_write(session)
    webhooks.settle(session, held, webhooks.Outcome(taken=False, code=500, words=""), now=clock())
    session.commit()
    assert [each.tries for each in webhooks.webhooks(session, bramble.provider.id)] == [0]


def test_what_is_kept_is_told_and_nothing_else(bramble: Place, ngozi: Learner, receiver: Receiver) -> None:
    look(bramble, utc_now())
    hooked(bramble, receiver.address)
    late = NOW + timedelta(days=6)
    seen = feed.see(db.session(), bramble.provider, now=late)
    assert seen is not None
    begin_write(db.session())
    assert telling.keep(db.session(), seen) == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(WebhookEvent)) == 0
    assert look(bramble, late) == 1


def test_what_was_late_before_it_was_made_is_not_told(bramble: Place, ngozi: Learner, receiver: Receiver) -> None:
    late = NOW + timedelta(days=6)
    look(bramble, late)
    hooked(bramble, receiver.address)
    assert look(bramble, late + timedelta(days=2)) == 0


def test_only_what_was_picked_is_told(bramble: Place, ngozi: Learner, receiver: Receiver) -> None:
    look(bramble, utc_now())
    hooked(bramble, receiver.address, ["training.in_date"])
    assert look(bramble, NOW + timedelta(days=6)) == 0


def test_a_redirect_is_not_followed(bramble: Place, receiver: Receiver) -> None:
    uuid, _ = hooked(bramble, receiver.address)
    try_out(bramble, uuid, 1)
    receiver.usual = 302
    assert tell_all(Clock(NOW)) == [False]
    assert len(receiver.got) == 1
    [view] = webhooks.webhooks(db.session(), bramble.provider.id)
    assert [(each.code, each.words) for each in view.last] == [(302, "It sends us elsewhere, where we do not go.")]


def test_an_address_of_the_own_network_is_not_told_unless_the_setting_allows(
    bramble: Place, receiver: Receiver
) -> None:
    uuid, _ = hooked(bramble, receiver.address)
    try_out(bramble, uuid, 1)
    assert webhooks.tell_next(db.session(), anywhere=False, key=KEY.encode(), clock=Clock(NOW)) is False
    assert receiver.got == []
    for bad in (
        "http://rota.example/",
        "https://a:b@rota.example/",
        "ftp://rota.example",
        "https://",
        "",
        "https://x/#a",
    ):
        with pytest.raises(posting.BadAddress):
            posting.checked(bad, anywhere=False)


def test_an_ended_one_is_told_nothing_more(bramble: Place, receiver: Receiver) -> None:
    uuid, _ = hooked(bramble, receiver.address)
    try_out(bramble, uuid, 1)
    assert webhooks.end(db.session(), bramble.provider.id, uuid, now=NOW)
    db.session.commit()
    assert tell_all(Clock(NOW)) == []
    assert not webhooks.try_it(db.session(), bramble.provider.id, uuid, now=NOW)


def test_a_person_who_is_erased_is_not_told_of_any_more(bramble: Place, ngozi: Learner, receiver: Receiver) -> None:
    look(bramble, utc_now())
    uuid, _ = hooked(bramble, receiver.address)
    assert look(bramble, NOW + timedelta(days=6)) == 1
    try_out(bramble, uuid, 1)
    privacy.erase(db.session(), bramble.provider, ngozi.member, actor=OPERATOR, now=NOW)
    db.session.commit()
    assert tell_all(Clock(NOW)) == [True]
    assert [each.json["type"] for each in receiver.got] == ["test"]


def test_a_changed_server_key_stops_it_with_words(bramble: Place, receiver: Receiver) -> None:
    uuid, _ = hooked(bramble, receiver.address)
    try_out(bramble, uuid, 1)
    assert webhooks.tell_next(db.session(), anywhere=True, key=b"another", clock=Clock(NOW)) is False
    [view] = webhooks.webhooks(db.session(), bramble.provider.id)
    assert view.stopped_at is not None
    assert "add it anew" in view.last[0].words


def test_what_was_told_long_ago_is_forgotten_and_what_waits_is_not(bramble: Place, receiver: Receiver) -> None:
    uuid, _ = hooked(bramble, receiver.address)
    try_out(bramble, uuid, 1)
    assert tell_all(Clock(NOW)) == [True]
    try_out(bramble, uuid, 1)
    webhooks.forget_old(db.session(), now=NOW + timedelta(days=91))
    db.session.commit()
    left = db.session.scalars(select(WebhookEvent)).all()
    assert [each.sent_at for each in left] == [None]
    assert db.session.scalar(select(func.count()).select_from(WebhookTry)) == 0


def test_the_page_asks_as_often_for_many_tries_as_for_few(app: Flask, bramble: Place, receiver: Receiver) -> None:
    uuid, _ = hooked(bramble, receiver.address)
    try_out(bramble, uuid, 14)
    assert tell_all(Clock(NOW)) == [True] * 14
    [view] = webhooks.webhooks(db.session(), bramble.provider.id)
    assert (len(view.last), view.waiting) == (10, 0)
    assert [each.taken for each in view.last] == [True] * 10


def test_days_are_told_as_days_and_moments_in_utc() -> None:
    assert stamp(datetime(2026, 6, 1, 12, 0, 5, tzinfo=UTC)) == "2026-06-01T12:00:05Z"
