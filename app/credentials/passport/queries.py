"""Questions asked of passports: what somebody can show, the links they made, and what a link shows."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.credentials.facts import read_facts, standards
from app.credentials.models import Credential
from app.credentials.passport.models import PassportItem, PassportLink, PassportLook, PassportTakeback
from app.credentials.passport.rules import hash_of_token, is_token
from app.credentials.passport.types import Form, Item, LinkView, LookKind, LookView, Opened
from app.credentials.queries import signed_where
from app.credentials.rules import met
from app.credentials.types import Kind, Signed
from app.identity import Person
from app.kernel import start_of
from app.providers import ProviderView

# Of each link the latest looks are told; the number of all stands in the person's copy of their record.
LATEST_LOOKS = 50


def passport_of(session: Session, provider: ProviderView, person_id: int) -> tuple[Item, ...]:
    """Return what a person can show of one place: of each achievement the newest that holds, else the newest revoked.

    What is met and not signed (yet, or because this server signs nothing) comes too, without a uuid. A fixed number of
    statements.
    """
    query = select(Credential).where(Credential.provider_id == provider.id, Credential.person_id == person_id)
    rows = session.scalars(query.order_by(Credential.id)).all()
    newest: dict[str, Credential] = {}
    for row in rows:
        before = newest.get(row.achievement)
        if before is None or before.revoked_at is not None or row.revoked_at is None:
            newest[row.achievement] = row
    live = {(row.achievement, row.occasion) for row in rows if row.revoked_at is None}
    barred = {(row.achievement, frozenset(row.rests_on)) for row in rows if row.not_again}
    items = {
        row.achievement: Item(
            uuid=row.uuid,
            kind=Kind(row.kind),
            achievement=row.achievement,
            name=row.name,
            at=row.issued_at,
            valid_until=row.valid_until,
            withdrawn_at=row.revoked_at,
            withdrawn_reason=row.revoked_reason or "",
            jwt="" if row.revoked_at else row.jwt,
        )
        for row in newest.values()
    }
    for each in met(read_facts(session, provider, [person_id])[person_id], standards(session)):
        if (each.achievement, each.occasion) in live or (each.achievement, frozenset(each.rests_on)) in barred:
            continue
        items[each.achievement] = Item(
            uuid=None,
            kind=each.kind,
            achievement=each.achievement,
            name=each.name[:300],
            at=start_of(each.on),
            valid_until=each.valid_until,
        )
    return tuple(items.values())


def holding_of(session: Session, provider_id: int, person_id: int, *, now: datetime) -> tuple[Signed, ...]:
    """Return what one place signed for a person and what holds today, in both forms. One statement."""
    mine = (Credential.provider_id == provider_id) & (Credential.person_id == person_id)
    lasting = Credential.valid_until.is_(None) | (Credential.valid_until > now)
    return signed_where(session, mine & Credential.revoked_at.is_(None) & lasting)


def links_of(session: Session, person_id: int, provider_id: int) -> tuple[LinkView, ...]:
    """Return the links somebody made at one place, the newest first, with who looked. A fixed number of statements."""
    mine = PassportLink.person_id == person_id, PassportLink.provider_id == provider_id
    rows = session.scalars(select(PassportLink).where(*mine).order_by(PassportLink.id.desc())).all()
    ids = [row.id for row in rows]
    shown = defaultdict(list)
    others: dict[int, int] = defaultdict(int)
    for link_id, uuid, issuer in session.execute(
        select(PassportItem.link_id, Credential.uuid, Credential.provider_id)
        .join(Credential, Credential.id == PassportItem.credential_id)
        .where(PassportItem.link_id.in_(ids))
        .order_by(Credential.id)
    ):
        if issuer == provider_id:
            shown[link_id].append(uuid)
        else:
            others[link_id] += 1
    taken = {
        each.link_id: each.since
        for each in session.scalars(
            select(PassportTakeback).where(PassportTakeback.link_id.in_(ids), PassportTakeback.ended_at.is_(None))
        )
    }
    looks: dict[int, list[LookView]] = defaultdict(list)
    for look in session.scalars(
        select(PassportLook).where(PassportLook.link_id.in_(ids)).order_by(PassportLook.id.desc())
    ):
        if len(looks[look.link_id]) < LATEST_LOOKS:
            looks[look.link_id].append(LookView(kind=LookKind(look.kind), at=look.at, by=look.by))
    return tuple(
        LinkView(
            uuid=row.uuid,
            form=Form(row.form),
            whom=row.whom,
            since=row.since,
            until=row.until,
            taken_back_at=taken.get(row.id),
            items=tuple(shown[row.id]),
            others=others[row.id],
            looks=tuple(looks[row.id]),
        )
        for row in rows
    )


def open_link(session: Session, token: str, *, now: datetime) -> Opened | None:
    """Return what a link shows; None for one that never was, has ended or was taken back, all alike."""
    if not is_token(token):
        return None
    taken_back = exists().where(PassportTakeback.link_id == PassportLink.id, PassportTakeback.ended_at.is_(None))
    found = session.execute(
        select(PassportLink, Person.uuid)
        .join(Person, Person.id == PassportLink.person_id)
        .where(PassportLink.token_hash == hash_of_token(token), PassportLink.until >= now, ~taken_back)
    ).one_or_none()
    if found is None:
        return None
    link, person_uuid = found
    shown = Credential.id.in_(select(PassportItem.credential_id).where(PassportItem.link_id == link.id))
    return Opened(
        link_id=link.id,
        provider_id=link.provider_id,
        person_id=link.person_id,
        person_uuid=person_uuid,
        until=link.until,
        signed=signed_where(session, shown),
    )
