"""Whatever the network, the server and the phones suffer, what was kept is stored exactly once or is waiting."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule
from sqlalchemy.orm import Session

from app import sync
from app.sync import AnotherPerson, Reply
from tests.support.model import ModelPhone, Server
from tests.support.tables import worked_out

# Every sort of record the server answers differently: judged, held, and refused.
SORTS = {
    "good": ("look-back.answered", {"items": []}),
    "unknown kind": ("unheard.of", {}),
    "unknown edition": ("quiz.answered", {"answers": {}}),
    "odd letters": ("look-back.answered", {"items": [{"\x00": "\ud800"}]}),
    "too big": ("look-back.answered", {"items": [], "long": "x" * 70_000}),
}
# Phones and servers that never stop quarrelling would never settle.
MOST_ROUNDS = 12


class Protocol(RuleBasedStateMachine):
    """Phones of two people, a server that is sometimes put back to an earlier day, and a network that drops things."""

    phones = Bundle("phones")
    late = Bundle("late")

    server: Server

    @initialize()
    def a_fresh_server(self) -> None:
        self.server.restore(self.server.empty)
        self.made: dict[str, tuple[int, dict[str, object]]] = {}
        self.all_phones: list[ModelPhone] = []
        self.backups = [self.server.backup()]
        self.safe: list[set[str]] = [set()]

    @rule(target=phones, person=st.integers(0, 1))
    def somebody_gets_a_phone(self, person: int) -> ModelPhone:
        sender = self.server.people[person]
        phone = ModelPhone(sender=sender, dev=self.server.enrol(sender))
        self.all_phones.append(phone)
        return phone

    @rule(phone=phones, sort=st.sampled_from(sorted(SORTS)), times=st.integers(1, 4))
    def keep(self, phone: ModelPhone, sort: str, times: int) -> None:
        for _ in range(times):
            record = phone.make(*SORTS[sort])
            self.made[record["id"]] = (phone.sender.person_id, record)

    @rule(phone=phones, most=st.integers(0, 6), which=st.integers(0, 3))
    def send(self, phone: ModelPhone, most: int, which: int) -> None:
        dev = phone.devs()[which % len(phone.devs())]
        phone.hear(dev, self.server.take(phone.sender, phone.batch(dev, most)), self.server)

    @rule(phone=phones, most=st.integers(1, 6))
    def the_reply_is_lost(self, phone: ModelPhone, most: int) -> None:
        self.server.take(phone.sender, phone.batch(phone.dev, most))

    @rule(target=late, phone=phones, most=st.integers(1, 6))
    def the_reply_is_late(self, phone: ModelPhone, most: int) -> tuple[ModelPhone, object, Reply]:
        dev = phone.dev
        return phone, dev, self.server.take(phone.sender, phone.batch(dev, most))

    @rule(reply=consumes(late))
    def a_late_reply_comes(self, reply: tuple[ModelPhone, object, Reply]) -> None:
        phone, dev, words = reply
        phone.hear(dev, words, self.server)  # type: ignore[arg-type]

    @rule(phone=phones, most=st.integers(1, 6))
    def the_request_arrives_twice(self, phone: ModelPhone, most: int) -> None:
        batch = phone.batch(phone.dev, most)
        dev = phone.dev
        first, second = self.server.take(phone.sender, batch), self.server.take(phone.sender, batch)
        phone.hear(dev, second, self.server)
        phone.hear(dev, first, self.server)

    @rule()
    def back_up(self) -> None:
        self.backups.append(self.server.backup())
        self.safe.append(set(self.server.log()))

    @rule(which=st.integers(0, 5))
    def put_the_server_back(self, which: int) -> None:
        self.server.restore(self.backups[which % len(self.backups)])

    @rule(target=phones, phone=phones)
    def a_phone_is_cloned(self, phone: ModelPhone) -> object:
        if len(self.all_phones) > 6:
            return multiple()
        clone = copy.deepcopy(phone)
        self.all_phones.append(clone)
        return clone

    @rule(phone=phones)
    def make_room(self, phone: ModelPhone) -> None:
        # A year on, every backup there is holds it.
        phone.prune(set.intersection(*self.safe) & phone.records.keys())

    @rule(phone=phones, most=st.integers(1, 3))
    def send_with_the_wrong_persons_token(self, phone: ModelPhone, most: int) -> None:
        other = next(each for each in self.server.people if each != phone.sender)
        before = self.server.log()
        with pytest.raises(AnotherPerson):
            self.server.take(other, phone.batch(phone.dev, most))
        assert self.server.log() == before

    @invariant()
    def nothing_is_lost(self) -> None:
        on_the_server = self.server.log()
        on_a_phone = {known for phone in self.all_phones for known in phone.records}
        assert on_the_server.keys() <= self.made.keys()
        assert self.made.keys() <= on_the_server.keys() | on_a_phone
        for known, (person_id, body) in on_the_server.items():
            assert (person_id, json.loads(body)) == self.made[known]

    def teardown(self) -> None:
        """With a good network for a while, everything arrives, and everybody knows it."""
        if not hasattr(self, "made"):
            return
        for _ in range(MOST_ROUNDS):
            for phone in self.all_phones:
                for dev in phone.devs():
                    phone.hear(dev, self.server.take(phone.sender, phone.batch(dev, 1000)), self.server)
        refused = {known for phone in self.all_phones for known, word in phone.state.items() if word == "refused"}
        assert all("long" in self.made[known][1]["data"] for known in refused)  # type: ignore[operator]
        assert self.server.log().keys() == self.made.keys() - refused
        for phone in self.all_phones:
            assert "kept" not in phone.state.values()
            for dev in phone.devs():
                assert self.server.take(phone.sender, phone.batch(dev, 0)).have is None
        with Session(self.server.engine) as session:
            before = worked_out(session)
            sync.rebuild(session)
            assert worked_out(session) == before


Protocol.server = Server()
TestProtocol = Protocol.TestCase
TestProtocol.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
