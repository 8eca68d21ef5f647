"""Who uses the nodes meanwhile: phones, as in the soak, and a manager at a desk; and when they were answered."""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from flask import session as cookie

from app import create_app, providers
from app.config import Settings
from app.extensions import db
from app.identity import find_person
from app.kernel import begin_write, utc_now
from app.providers import Role
from app.web.access import sign_in
from tests.soak.sender import Tally

ASKED = ("/staff/people", "/staff/sign-in", "/")
BUILT = re.compile(r"/static/build/[\w.-]+\.(?:css|js)")
# Requests the phones' own line broke say nothing of the server.
OWN_FAULTS = ("cut",)


@dataclass(frozen=True, slots=True)
class Answer:
    """One request: when it ended (monotonic), and whether it got what it asked for."""

    at: float
    word: str


@dataclass
class Timed(Tally):
    """Counts as the soak does, and remembers when."""

    answers: list[Answer] = field(default_factory=list)

    def note(self, word: str, fault: str, seconds: float | None) -> None:
        """Count one request that has just ended."""
        super().note(word, fault, seconds)
        if word not in OWN_FAULTS:
            # What was only read is no receipt.
            self.answers.append(Answer(time.monotonic(), "read" if (word, fault) == ("ok", "reading") else word))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen between two moments: the longest time without a good answer (s), good ones and failed ones."""

    longest: float
    good: int
    failed: Counter[str]


def seen(answers: list[Answer], since: float, until: float) -> Seen:
    """Look at what happened between two moments; the longest time is measured from the one and to the other too."""
    within = [each for each in list(answers) if since <= each.at <= until]
    good = [since, *sorted(each.at for each in within if each.word == "ok"), until]
    longest = max(later - earlier for earlier, later in pairwise(good))
    failed = Counter(each.word for each in within if each.word not in ("ok", "read"))
    return Seen(longest=longest, good=len(good) - 2, failed=failed)


class Desk(threading.Thread):
    """A manager who opens a page now and then, with all that it is made of; signed in once, with one cookie."""

    def __init__(self, port: int, cookies: str, tally: Timed) -> None:
        super().__init__(daemon=True)
        self.port, self.cookies, self.tally = port, cookies, tally
        self.luck = random.Random(2)
        self.finishing = threading.Event()
        self.missing: Counter[str] = Counter()

    def run(self) -> None:
        """Ask until told to finish."""
        while not self.finishing.wait(self.luck.random() * 0.4):
            status, body = self._get(self.luck.choice(ASKED))
            # A sign-in the other node does not know would lead to the sign-in page.
            self.tally.note("ok" if status == 200 else str(status) if status else "no answer", "none", None)
            for path in sorted(set(BUILT.findall(body)))[:3]:
                if (status := self._get(path)[0]) not in (200, 0, 503):
                    self.missing[f"{status} {path}"] += 1

    def _get(self, path: str) -> tuple[int, str]:
        line = http.client.HTTPConnection("localhost", self.port, timeout=20)
        try:
            line.request("GET", path, headers={"Cookie": self.cookies})
            reply = line.getresponse()
            return reply.status, reply.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            line.close()


def cookies_of_a_manager(environment: dict[str, str], provider_id: int) -> str:
    """Add a manager to a provider, and return the cookies of a browser they signed in with, by a node's settings."""
    settings = Settings.from_environment(environment)
    app = create_app(settings)
    with app.test_request_context("/", base_url=settings.origin):
        now = utc_now()
        begin_write(db.session())
        member = providers.add_person(
            db.session(), provider_id, "Priya Nair", (Role.MANAGER,), now=now, sign_in_name="priya"
        )
        person = find_person(db.session(), member.person_uuid)
        assert person is not None
        sign_in(person, second_step=True)
        db.session.commit()
        reply = app.make_response("")
        app.session_interface.save_session(app, cookie, reply)  # type: ignore[arg-type]
        db.session.remove()
        db.engine.dispose()
    return "; ".join(each.partition(";")[0] for each in reply.headers.getlist("Set-Cookie"))
