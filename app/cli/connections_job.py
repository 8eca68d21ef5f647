"""The worker's part for other systems: sees where people stand, and tells webhooks and stores what is new.

Nothing is locked while another system takes its time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app import providers
from app.cli.person import settings
from app.compliance import Mark
from app.extensions import db
from app.interop import feed, telling, webhooks, xapi
from app.interop.xapi import Place
from app.kernel import begin_write, utc_now
from app.sync.news import ProviderNews

# After a look the next one is this much later: each takes all of a provider's people.
LOOK_EVERY = timedelta(minutes=2)
# What is told at one go, so that the nightly backup never waits for a slow system.
A_LOOK = 50
FOR = timedelta(minutes=1)


class Looking:
    """Sees where the people of providers stand that another system reads of or is told of."""

    def __init__(self) -> None:
        self._looked: dict[int, datetime] = {}
        self._forgot: datetime | None = None

    def __call__(self, now: datetime) -> str | None:
        """Look where it is time; once a day, forget what was told long ago."""
        session, told = db.session(), 0
        for provider_id in telling.watched(session):
            last = self._looked.get(provider_id)
            provider = providers.find_provider(session, provider_id)
            if provider is None or (last is not None and now - last < LOOK_EVERY):
                continue
            seen = feed.see(session, provider, now=now)
            if seen is not None:
                begin_write(session)
                told += telling.keep(session, seen)
                session.commit()
            self._looked[provider_id] = now
        if self._forgot is None or now - self._forgot >= timedelta(days=1):
            begin_write(session)
            webhooks.forget_old(session, now=now)
            session.commit()
            self._forgot = now
        return f"{told} changes to tell." if told else None


def tell_webhooks(now: datetime) -> str | None:
    """Tell what waits, some of it at a time."""
    session, known = db.session(), settings()
    if not webhooks.any_due(session, now=now):
        return None
    anywhere, key = known.follow == "any", known.secret_key.encode()
    tries, taken = 0, 0
    while tries < A_LOOK and utc_now() - now < FOR:
        done = webhooks.tell_next(session, anywhere=anywhere, key=key, clock=utc_now)
        if done is None:
            break
        tries, taken = tries + 1, taken + done
    return f"{taken} of {tries} told." if tries else None


class Forwarding:
    """Forwards statements to learning record stores: of whom something happened, and of everybody once a day."""

    EVERY = timedelta(minutes=2)

    def __init__(self) -> None:
        self._marks: dict[int, Mark] = {}
        self._looked: dict[int, datetime] = {}
        self._again: set[int] = set()

    def __call__(self, now: datetime) -> str | None:
        """Forward what is new. A worker that starts looks at everybody, and finds what each store has."""
        session, known, taken = db.session(), settings(), 0
        for store_id, provider_id in xapi.waiting_stores(session, now=now):
            last, provider = self._looked.get(store_id), providers.find_provider(session, provider_id)
            rests = last is not None and now - last < self.EVERY and store_id not in self._again
            if provider is None or rests:
                continue
            self._again.discard(store_id)
            news = ProviderNews(session, provider)
            mark = news.mark()
            before = self._marks.get(store_id)
            begin_write(session)
            held = xapi.claim(session, store_id, now=now)
            if held is None:
                session.rollback()
                continue
            people = None if before is None or last is None else news.since(before)
            if people is not None and last is not None:
                people |= xapi.issued_since(session, provider_id, last)
            if people is None or people:
                xapi.mark_due(session, held, people)
            session.commit()
            self._marks[store_id], self._looked[store_id], begun = mark, now, utc_now()
            taken += xapi.forward(
                session,
                held,
                Place(origin=known.origin),
                anywhere=known.follow == "any",
                key=known.secret_key.encode(),
                clock=utc_now,
                until=begun + FOR,
            )
            if utc_now() - begun >= FOR:
                # There may be more to forward: at the next look it goes on.
                self._again.add(store_id)
        return f"{taken} statements forwarded." if taken else None
