"""Two managers decide in the same moment, each on a connection of their own: one decides, the other is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import assessment
from app.assessment import AssessmentError
from app.kernel import begin_write
from app.providers import Role
from tests.support.practice import appoint, confirms, publish_framework, saw
from tests.support.world import NOW, add_person, add_phone, add_provider


def test_one_of_many_signs_and_nobody_signs_what_was_taken_back(database: Engine) -> None:
    with Session(database) as session:
        publish_framework(session)
        provider = add_provider(session)
        dawn = add_person(session, provider, "Dawn Marsh", (Role.ASSESSOR,))
        managers = [add_person(session, provider, name, (Role.MANAGER,)).person_id for name in ("Priya", "Judy")]
        ngozi = add_person(session, provider)
        appoint(session, provider, dawn)
        hers, phone = add_phone(session, dawn), add_phone(session, ngozi)
        made = saw(hers, ngozi.person_uuid, {"12.1a": "yes"}, standard=12)
        hers.send(session, made)
        phone.send(session, confirms(phone, made["id"]))
        here, me = provider.id, ngozi.person_id
        (view,) = assessment.observations_of(session, here, [me])
    together = Barrier(4)

    def press(number: int) -> str:
        with Session(database) as session:
            together.wait(timeout=60)
            begin_write(session)
            by = managers[number % 2]
            try:
                if number == 3:
                    assessment.take_back(session, here, me, view.record, reason="Not that day", now=NOW, by=by)
                    done = "taken back"
                else:
                    done = "signed" if assessment.sign_off(session, here, me, 12, now=NOW, by=by) else "already"
            except AssessmentError as error:
                return error.code
            session.commit()
            return done

    with ThreadPoolExecutor(4) as pool:
        done = sorted(pool.map(press, range(4)))

    assert done in (
        ["already", "already", "signed", "taken back"],
        ["not-whole", "not-whole", "not-whole", "taken back"],
    )
    with Session(database) as session:
        signed = assessment.sign_offs_of(session, here, [me]).get(me, ())
        assert len(signed) == ("signed" in done)
