"""The API does what its OpenAPI document says, whatever is sent: Schemathesis makes it up from the document."""

from __future__ import annotations

from contextvars import Context
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
    use_after_free,
)

from app.extensions import db
from app.kernel import utc_now
from app.web.api.operations import OPERATIONS, PREFIX
from tests.support.website import Place
from tests.support.world import Phone, add_phone

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
    use_after_free,
]
# `negative_data_rejection` is for whole shapes; a batch may hold any records at all, so it is asked elsewhere only.
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
STRICT = {"sign_in": [negative_data_rejection]}


@pytest.fixture
def phone(app: Flask, bramble: Place) -> Phone:
    """One carer's phone, whose tokens are good."""
    return add_phone(db.session(), bramble.add("Ngozi Obi"), now=utc_now())


def tokens(phone: Phone, security: str | None) -> list[dict[str, str]]:
    """Headers to try: none, the right token where there is one, and the wrong one."""
    tried: list[dict[str, str]] = [{}]
    if security in ("append", "read"):
        tried += [{"Authorization": f"Bearer {phone.append}"}, {"Authorization": f"Bearer {phone.read}"}]
    return tried


# Schemathesis's own client leaves a reply that is a file open.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", [operation.name for operation in OPERATIONS])
def test_whatever_is_sent_the_answer_is_a_described_one(app: Flask, phone: Phone, name: str) -> None:
    schema = schemathesis.openapi.from_wsgi(f"{PREFIX}/openapi.json", app)
    known = next(each for each in OPERATIONS if each.name == name)
    operation = schema[PREFIX + known.path][known.method]
    answered: set[int] = set()
    for mode in MODES if known.takes or known.query else MODES[:1]:
        cases = operation.as_strategy(generation_mode=mode)
        answered |= answers(cases, tokens(phone, known.security), CHECKS + STRICT.get(name, []))
    assert answered <= {known.status, 304, *known.errors}
    assert answered
    if known.takes is None and known.security is None:
        assert known.status in answered


def answers(cases: Any, tokens: list[dict[str, str]], checks: list[Any]) -> set[int]:
    """Ask one operation with all these cases, each with every token. Every reply is checked; returns the statuses.

    Making a case up takes five times as long as sending it.
    """
    answered: set[int] = set()

    @settings(
        max_examples=25,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def ask(case: Any) -> None:
        for headers in tokens:
            db.session.rollback()
            # In a context of its own, as a server does.
            reply = Context().run(lambda: case.call(headers=headers))  # noqa: B023 - used at once
            answered.add(reply.status_code)
            case.validate_response(reply, checks=checks)

    ask()
    return answered
