"""A person's phones: which there are, and ending one that is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import abort, flash, redirect, session, url_for
from flask.typing import ResponseReturnValue

from app import identity
from app.extensions import db
from app.identity import PhoneView
from app.kernel import day_of, utc_now
from app.providers import MemberView, Role
from app.web import words
from app.web.access import allows, current_membership, current_person, sign_in_again
from app.web.manager.blueprint import bp, member_or_404, noted


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneRow:
    """One phone, whichever ids it has had. `uuid` is one of them; `ended` is empty while it may send."""

    uuid: UUID
    name: str
    added: str
    heard: str
    ended: str


def phone_rows(phones: Sequence[PhoneView], now: datetime) -> tuple[tuple[PhoneRow, ...], Mapping[int, str]]:
    """Return a row for each phone, the oldest first, and the name of the phone behind each internal id."""
    glasses: dict[UUID, list[PhoneView]] = {}
    for phone in sorted(phones, key=lambda phone: (phone.added_at, phone.id)):
        glasses.setdefault(phone.glass, []).append(phone)
    rows: list[PhoneRow] = []
    names: dict[int, str] = {}
    for number, ids in enumerate(glasses.values(), 1):
        name = f"Phone {number}"
        names |= {each.id: name for each in ids}
        heard = [each.last_seen_at for each in ids if each.last_seen_at is not None]
        ended = [each.revoked_at for each in ids if each.revoked_at is not None]
        rows.append(
            PhoneRow(
                uuid=ids[-1].uuid,
                name=name,
                added=_day(ids[0].added_at, now),
                heard=_day(max(heard), now) if heard else "",
                ended=_day(max(ended), now) if len(ended) == len(ids) else "",
            )
        )
    return tuple(rows), names


def phones_here(member: MemberView) -> tuple[PhoneView, ...]:
    """Return a person's phones at this provider: what they use at another one is not told here."""
    theirs = identity.phones_of(db.session(), member.person_id)
    return tuple(phone for phone in theirs if phone.provider_id == member.provider_id)


@bp.post("/<uuid:person>/phones/<uuid:phone>/lost")
@allows(Role.MANAGER)
def lost_phone(person: UUID, phone: UUID) -> ResponseReturnValue:
    """End a lost phone's sign-in. What it sent stays; what waits on it can be sent once its person is in again."""
    member = member_or_404(person)
    if phone not in {each.uuid for each in phones_here(member)}:
        abort(404)
    identity.end_phone(db.session(), member.person_id, phone, now=utc_now())
    noted("phone.lost", member, phone=str(phone))
    _commit_and_stay(member)
    flash(
        "That phone can no longer send or read. Found again? Signing in on it with the PIN, or a new code, is enough.",
        "done",
    )
    return redirect(url_for("manager.person", person=person))


@bp.post("/<uuid:person>/phones/end")
@allows(Role.MANAGER)
def end_phones(person: UUID) -> ResponseReturnValue:
    """Sign a person out on every phone they have here, and in every browser."""
    member = member_or_404(person)
    provider_id = current_membership().provider.id
    identity.end_phones(db.session(), member.person_id, provider_id=provider_id, now=utc_now())
    noted("phones.ended", member)
    _commit_and_stay(member)
    flash(f"{member.name} is signed out on every phone. What waits on them stays there until they sign in.", "done")
    return redirect(url_for("manager.person", person=person))


def _commit_and_stay(member: MemberView) -> None:
    """Commit. Browsers are signed out with the phone; a manager who lost their own goes on in this one."""
    db.session.commit()
    if member.person_id == current_person().id:
        sign_in_again(current_person(), provider=session.get("provider"))


def _day(moment: datetime, now: datetime) -> str:
    """Return a day: a phone is noted as heard of once a day, so a time would claim too much."""
    there, today = day_of(moment), day_of(now)
    return {0: "today", 1: "yesterday"}.get((today - there).days, words.day(there))
