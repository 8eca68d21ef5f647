"""Bringing what counts into line with what issuers say, and looking at them: daily, and when somebody asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import audit, providers, recognised, requirements
from app.credentials import KnownIssuer, Site
from app.interop.recognition import looking, trusting
from app.interop.recognition.deciding import decide_again
from app.interop.recognition.looking import Fetch, Looked
from app.interop.recognition.models import TrustedIssuer
from app.interop.recognition.worth import Standing, worth
from app.kernel import begin_write
from app.recognised import Decision, RecognitionView

LOOK_EVERY = timedelta(hours=24)
# A server that was not reached is asked again sooner.
AGAIN_AFTER = timedelta(hours=3)
TRUSTED_AGAIN = "Who signed it is trusted again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How many statements count no more, and how many count again."""

    ended: int
    again: int


def settle(session: Session, did: str, *, site: Site | None, now: datetime) -> Settled:
    """Let what an issuer withdrew, or nobody trusts any more, count no more; and ask for what is missing then.

    What only trust was lacking for counts again once there is trust. Each is noted in the audit trail. Safe to repeat.
    """
    changed: dict[int, set[int]] = defaultdict(set)
    ended = again = 0
    uuids = {each.id: each.uuid for each in providers.list_providers(session)}
    for provider_id, view in recognised.decided(session, did):
        known = trusting.issuers(session, now=now, site=site, provider_id=provider_id)
        found = worth(view, known(did, [url for url, _ in view.places]), now)
        decision, why = _follows(view, found.standing, found.why)
        if decision is None:
            continue
        decide_again(session, provider_id, view, decision, why, now=now, by=None)
        back = decision is Decision.ACCEPTED
        ended, again = ended + (not back), again + back
        changed[provider_id].add(view.person_id)
        member = providers.find_member(session, provider_id, view.person_id)
        audit.note(
            session,
            "recognition.counts-again" if back else "recognition.ended",
            actor=audit.WORKER,
            now=now,
            provider=uuids[provider_id],
            subject=member.person_uuid if member is not None else None,
            details={"training": str(view.uuid)},
        )
    for provider_id, people in changed.items():
        requirements.carry_out(session, provider_id, now, people=people)
    session.flush()
    return Settled(ended=ended, again=again)


def _follows(view: RecognitionView, standing: Standing, why: str) -> tuple[Decision | None, str]:
    if view.state is Decision.UNTRUSTED:
        held = standing in (Standing.VALID, Standing.UNCHECKED, Standing.OUT_OF_DATE)
        return (Decision.ACCEPTED, TRUSTED_AGAIN) if held else (None, "")
    if standing is Standing.WITHDRAWN:
        return Decision.WITHDRAWN, why
    return (Decision.UNTRUSTED, why) if standing is Standing.UNTRUSTED else (None, "")


def ask(session: Session, wanted: Mapping[str, Collection[str]], fetch: Fetch, *, now: datetime) -> tuple[Looked, ...]:
    """Ask issuers for their keys and lists, nothing being locked. `wanted`: DIDs, each with lists to get besides."""
    pinned: dict[str, list[dict[str, object]]] = defaultdict(list)
    rows = select(TrustedIssuer).where(TrustedIssuer.did.in_(wanted), TrustedIssuer.ended_at.is_(None))
    for row in session.scalars(rows):
        pinned[row.did].append(dict(row.document))
    urls = {
        did: {*more, *(url for _, view in recognised.decided(session, did) for url, _ in view.places)}
        for did, more in wanted.items()
    }
    session.rollback()
    return tuple(looking.look(did, pinned[did], urls[did], fetch, now) for did in pinned)


def take_in(session: Session, looked: Iterable[Looked], *, site: Site | None, now: datetime) -> Settled:
    """Note what looks found, and settle what follows from it."""
    ended = again = 0
    for each in looked:
        looking.note(session, each, now=now)
        done = settle(session, each.did, site=site, now=now)
        ended, again = ended + done.ended, again + done.again
    return Settled(ended=ended, again=again)


def look_at_due(session: Session, fetch: Fetch, *, site: Site | None, now: datetime) -> tuple[Looked, ...]:
    """Look at each trusted issuer that was not looked at for a day, one after the other; commits after each.

    Providers of this server itself are not asked: what they revoked is settled by their own records. Nor is whom nobody
    trusts any more: what was being recognised while trust ended is settled here.
    """
    query = select(TrustedIssuer.did, TrustedIssuer.looked_at, TrustedIssuer.trouble).where(
        TrustedIssuer.ended_at.is_(None)
    )
    due = {
        row.did for row in session.execute(query) if now - row.looked_at >= (AGAIN_AFTER if row.trouble else LOOK_EVERY)
    }
    done: list[Looked] = []
    for did in sorted(due):
        found = ask(session, {did: ()}, fetch, now=now)
        begin_write(session)
        take_in(session, found, site=site, now=now)
        session.commit()
        done += found
    for did in (*_own(session, site), *_ended(session)):
        begin_write(session)
        settle(session, did, site=site, now=now)
        session.commit()
    return tuple(done)


def _own(session: Session, site: Site | None) -> tuple[str, ...]:
    """Return those of this server's own providers who signed something that is kept at another of them."""
    return tuple(did for did in recognised.reaching(session) if trusting.is_own(session, site, did))


def _ended(session: Session) -> tuple[str, ...]:
    """Return those who signed something that is kept here, and whom somebody trusted, and nobody does now."""
    here = TrustedIssuer.did.in_(recognised.reaching(session))
    now_nobody = func.count() == func.count(TrustedIssuer.ended_at)
    return tuple(session.scalars(select(TrustedIssuer.did).where(here).group_by(TrustedIssuer.did).having(now_nobody)))


def known_of(
    session: Session, provider_id: int, views: Iterable[RecognitionView], *, site: Site | None, now: datetime
) -> Mapping[str, KnownIssuer | None]:
    """Return what is known of those who signed these statements, by DID. As many statements as there are issuers."""
    find = trusting.issuers(session, now=now, site=site, provider_id=provider_id)
    urls: dict[str, set[str]] = defaultdict(set)
    for view in views:
        urls[view.issuer].update(url for url, _ in view.places)
    return {did: find(did, lists) for did, lists in urls.items()}
