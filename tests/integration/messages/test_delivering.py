"""What waits is sent once, by whichever worker, and again after one that was killed. It says only from whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

import http_ece
import pytest
from py_vapid import Vapid
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import identity, messages, providers
from app.kernel import begin_write
from app.messages import Channel, MailServer, Outcome, Outlets, Parcel, PushKey
from app.messages.push import new_key
from app.messages.subscriptions import plain
from app.providers import MemberView, ProviderView, Role
from tests.support.messaged import ENDPOINT, SECRET, answer, nudged, states, subscribed
from tests.support.world import NOW, Phone, add_person, add_phone, add_provider

NIGHT = NOW.replace(hour=21)


@dataclass
class Service:
    """A push service at the network's edge."""

    status: int = 201
    asked: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        self.asked.append((address, body, headers))
        return self.status

    def outlets(self) -> Outlets:
        return Outlets(post=self.post, key=PushKey.from_pem(new_key(), "https://learn.example.org"))


def work(session: Session, service: Service, now: datetime = NOW) -> int:
    """Do what a worker does; how many it took."""
    begin_write(session)
    taken = messages.claim(session, now=now)
    session.commit()
    for each in taken:
        found = messages.prepare(session, each)
        session.rollback()
        outcome = found if isinstance(found, Outcome) else messages.carry(found, service.outlets(), now=now)
        begin_write(session)
        messages.settle(session, each, outcome, now=now)
        session.commit()
    return len(taken)


def people(session: Session) -> tuple[ProviderView, MemberView, MemberView, Phone]:
    """A provider, Priya its manager, Ngozi, and Ngozi's phone."""
    provider = add_provider(session)
    priya = add_person(session, provider, "Priya Nair", (Role.MANAGER,))
    ngozi = add_person(session, provider)
    return provider, priya, ngozi, add_phone(session, ngozi)


def test_a_lock_screen_reads_only_from_whom_and_only_that_phone_can(session: Session) -> None:
    provider, priya, ngozi, phone = people(session)
    private = subscribed(session, phone, now=NOW)
    done = nudged(session, provider, ngozi, now=NOW, by=priya.person_id)
    service = Service()
    assert work(session, service) == 1
    [(address, body, headers)] = service.asked
    assert address == ENDPOINT
    assert http_ece.decrypt(body, private_key=private, auth_secret=plain(SECRET)) == b"A message from Priya"
    assert headers["Content-Encoding"] == "aes128gcm"
    assert len(headers["Topic"]) <= 32
    assert Vapid.verify(headers["Authorization"])
    assert states(session) == [("push", "sent", 1)]
    assert work(session, service) == 0
    assert done.sent.keys() == {ngozi.person_id}


def test_two_workers_never_take_the_same(session: Session, database: Engine) -> None:
    provider, _, ngozi, phone = people(session)
    subscribed(session, phone, now=NOW)
    nudged(session, provider, ngozi, now=NOW)
    begin_write(session)
    first = messages.claim(session, now=NOW)
    session.commit()
    with Session(database) as other:
        begin_write(other)
        assert messages.claim(other, now=NOW) == ()
        other.commit()
    assert len(first) == 1


def test_what_a_killed_worker_had_is_sent_by_another_and_the_first_settles_nothing(session: Session) -> None:
    provider, _, ngozi, phone = people(session)
    subscribed(session, phone, now=NOW)
    nudged(session, provider, ngozi, now=NOW)
    begin_write(session)
    [lost] = messages.claim(session, now=NOW)
    session.commit()
    service = Service()
    assert work(session, service, NOW + timedelta(minutes=9)) == 0
    assert work(session, service, NOW + timedelta(minutes=11)) == 1
    assert len({headers["Topic"] for _, _, headers in service.asked}) == 1
    assert not messages.settle(session, lost, Outcome(state=messages.State.FAILED), now=NOW)
    session.commit()
    assert states(session) == [("push", "sent", 2)]


def test_trouble_is_tried_again_five_times_and_then_told(session: Session) -> None:
    provider, _, ngozi, phone = people(session)
    subscribed(session, phone, now=NOW)
    nudged(session, provider, ngozi, now=NOW)
    service, now = Service(status=503), NOW
    for _ in range(12):
        work(session, service, now)
        now += timedelta(hours=13)
    assert len(service.asked) == 5
    assert states(session) == [("push", "failed", 5)]
    [line] = messages.log(session, provider.id)
    assert line.sent[0].note == "The push service answered 503."


def test_lines_come_as_they_were_sent_and_none_is_left_out_where_a_clock_was_put_back(session: Session) -> None:
    provider, *_ = people(session)
    for minutes in (0, 5, 2, -3):
        nudged(session, provider, add_person(session, provider), now=NOW + timedelta(minutes=minutes))
    seen: list[datetime] = []
    before = None
    while lines := messages.log(session, provider.id, before=before, limit=1):
        seen.append(lines[0].made_at)
        before = lines[0].id
    assert [(each - NOW) // timedelta(minutes=1) for each in seen] == [-3, 2, 5, 0]


def test_a_browser_that_is_gone_is_asked_no_more(session: Session) -> None:
    provider, _, ngozi, phone = people(session)
    subscribed(session, phone, now=NOW)
    nudged(session, provider, ngozi, now=NOW)
    work(session, Service(status=410))
    assert messages.with_push(session, provider.id) == frozenset()


def test_nothing_goes_at_night_to_who_left_read_it_put_it_off_or_lost_the_phone(session: Session) -> None:
    provider, _, ngozi, phone = people(session)
    subscribed(session, phone, now=NOW)
    first = nudged(session, provider, ngozi, now=NIGHT)
    service = Service()
    assert messages.for_phone(session, provider.id, ngozi.person_id, now=NIGHT) == ()
    assert work(session, service, NIGHT) == 0
    morning = first.at
    assert [each.text for each in messages.for_phone(session, provider.id, ngozi.person_id, now=morning)] != []
    answer(session, phone, first.sent[ngozi.person_id], "nudge.put-off", now=morning)
    assert work(session, service, morning) == 1
    assert nudged(session, provider, ngozi, now=morning + timedelta(hours=1)).held.keys() == {ngozi.person_id}
    assert messages.for_phone(session, provider.id, ngozi.person_id, now=morning) == ()
    later = morning + timedelta(days=8)
    nudged(session, provider, ngozi, now=later)
    identity.end_phone(session, ngozi.person_id, phone.dev, now=later)
    session.commit()
    assert work(session, service, later) == 1
    providers.end_membership(session, provider.id, ngozi.person_id, now=later)
    session.commit()
    assert nudged(session, provider, ngozi, now=later).sent == {}
    assert service.asked == []
    assert [state for _, state, _ in states(session)] == ["not-needed", "not-needed"]


def test_another_persons_mark_counts_for_nothing(session: Session) -> None:
    provider, _, ngozi, _ = people(session)
    other = add_phone(session, add_person(session, provider, "Ben Okri"))
    done = nudged(session, provider, ngozi, now=NOW)
    answer(session, other, done.sent[ngozi.person_id], "notice.read", now=NOW)
    assert len(messages.for_phone(session, provider.id, ngozi.person_id, now=NOW)) == 1


def test_an_e_mail_waits_for_an_address(session: Session) -> None:
    provider, _, ngozi, _ = people(session)
    nudged(session, provider, ngozi, now=NOW, channels={Channel.EMAIL})
    work(session, Service())
    assert states(session) == [("email", "failed", 1)]


def test_a_phone_is_reached_at_its_newest_address_only(session: Session) -> None:
    provider, _, ngozi, phone = people(session)
    for number in range(5):
        subscribed(session, phone, now=NOW, endpoint=f"{ENDPOINT}-{number}")
    subscribed(session, phone, now=NOW, endpoint=f"{ENDPOINT}-2")
    nudged(session, provider, ngozi, now=NOW)
    service = Service()
    work(session, service)
    assert [address for address, _, _ in service.asked] == [f"{ENDPOINT}-2"]


@pytest.mark.parametrize("address", ["ana@[home.org", "ana:b@example.org", "(ana)@example.org", "@", ""])
def test_an_address_nobody_can_write_to_fails_alone_and_stands_in_no_log(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It may have been kept under an older rule of what an address is."""
    server = MailServer(host="127.0.0.1", port=9, sender="care@example.org", origin="https://learn.example.org")
    parcel = Parcel(channel=Channel.EMAIL, message=uuid4(), by="Priya", provider="Bramble", email=address)
    outcome = messages.carry(parcel, Outlets(mail=server), now=NOW)
    assert (outcome.state, outcome.again) == (messages.State.FAILED, False)
    assert outcome.note
    for told in (outcome.note, caplog.text):
        assert "ana" not in told


def test_a_server_whose_name_has_no_dot_fails_to_push_and_no_more(
    session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    provider, _, ngozi, phone = people(session)
    subscribed(session, phone, now=NOW)
    nudged(session, provider, ngozi, now=NOW)
    [claimed] = messages.claim(session, now=NOW)
    parcel = messages.prepare(session, claimed)
    assert isinstance(parcel, Parcel)
    outlets = Outlets(post=Service().post, key=PushKey.from_pem(new_key(), "https://carebox"))
    outcome = messages.carry(parcel, outlets, now=NOW)
    assert outcome == Outcome(state=messages.State.FAILED, note="It could not be sent (VapidException).")
    assert "could not be sent (VapidException)" in caplog.text
    assert ENDPOINT not in caplog.text
