"""The reply to a batch is written without its models, and is what they would have written."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.sync import Code, Receipt, ReceiptWord, Reply
from app.web.api.payloads import BatchReply, ReceiptSent
from app.web.api.records import batch_reply

SERVER = "01890000-0000-7000-8000-000000000001"
PLAIN = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
RECEIPTS = st.builds(
    Receipt,
    st.uuids().map(str) | st.text(PLAIN, max_size=100),
    st.sampled_from(ReceiptWord),
    st.none() | st.sampled_from(Code),
)
REPLIES = st.builds(
    Reply,
    receipts=st.lists(RECEIPTS, max_size=6).map(tuple),
    have=st.none() | st.lists(st.uuids().map(str), max_size=3).map(tuple),
    rotate=st.booleans(),
)
MOMENTS = st.datetimes(min_value=datetime(2020, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is beside it


@given(REPLIES, MOMENTS, st.text(PLAIN, min_size=1, max_size=100))
def test_a_reply_is_what_its_model_writes_to_the_byte(answer: Reply, now: datetime, batch: str) -> None:
    model = BatchReply(
        server=SERVER,
        batch=batch,
        now=now,
        receipts=[ReceiptSent(id=each.id, r=each.r.value, code=each.code) for each in answer.receipts],
        have=None if answer.have is None else list(answer.have),
        rotate=True if answer.rotate else None,
    )

    assert batch_reply(SERVER, batch, now, answer) == model.model_dump_json(by_alias=True).encode()


def test_the_time_is_told_in_milliseconds() -> None:
    now = datetime(2026, 6, 15, 12, tzinfo=UTC) + timedelta(microseconds=1999)

    said = json.loads(batch_reply(SERVER, "one", now, Reply(receipts=(), have=None, rotate=False)))

    assert said["now"] == "2026-06-15T12:00:00.001Z"
