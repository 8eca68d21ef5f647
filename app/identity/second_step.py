"""Which second steps a person has, and taking them away."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from app.identity.errors import LastFactor
from app.identity.models import Passkey, Person, RecoveryCode, TotpSecret
from app.identity.passkeys import view
from app.identity.recovery import recovery_codes_left
from app.identity.service import end_sign_ins
from app.identity.types import SecondSteps

KEEP_ONE = "Your role needs a second step. Add another one first, then take this one away."


def second_steps(session: Session, person_id: int) -> SecondSteps:
    """Return what a person can show besides their password."""
    rows = session.scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id))
    return SecondSteps(
        app_added_at=session.scalars(
            select(TotpSecret.added_at).where(TotpSecret.person_id == person_id)
        ).one_or_none(),
        passkeys=tuple(view(row) for row in rows),
        codes_left=recovery_codes_left(session, person_id),
    )


def has_second_step(session: Session, person_id: int) -> bool:
    """Say whether a password alone does not sign this person in. A carer's passkey stands for a PIN and is none."""
    app = exists().where(TotpSecret.person_id == person_id)
    has_password = Person.password_hash.is_not(None)
    passkey = exists().where(Passkey.person_id == person_id, Person.id == Passkey.person_id, has_password)
    return bool(session.scalar(select(or_(app, passkey))))


def remove_app(session: Session, person_id: int, *, needs_one: bool) -> bool:
    """Take the authenticator app away. Says whether there was one. Raises LastFactor when `needs_one` and it is all."""
    return _remove(session, person_id, TotpSecret, TotpSecret.person_id == person_id, needs_one=needs_one)


def remove_passkey(session: Session, person_id: int, uuid: UUID, *, needs_one: bool) -> bool:
    """Take one of a person's passkeys away. Says whether they had it. Raises LastFactor as `remove_app` does."""
    mine = (Passkey.person_id == person_id) & (Passkey.uuid == uuid)
    return _remove(session, person_id, Passkey, mine, needs_one=needs_one)


def reset_second_step(session: Session, person_id: int) -> bool:
    """Take every second step and recovery code away and end every browser's sign-in. Says whether there were any."""
    had = has_second_step(session, person_id)
    for table in (TotpSecret, Passkey, RecoveryCode):
        session.execute(delete(table).where(table.person_id == person_id))
    end_sign_ins(session, person_id)
    return had


def _remove(
    session: Session, person_id: int, table: type[TotpSecret] | type[Passkey], which: object, *, needs_one: bool
) -> bool:
    # Two pages open at once must not each take away what the other leaves.
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    gone = session.scalars(
        delete(table).where(which).returning(table.id).execution_options(synchronize_session=False)  # type: ignore[arg-type]
    ).all()
    if not gone:
        return False
    if not has_second_step(session, person_id):
        if needs_one:
            raise LastFactor(KEEP_ONE)
        session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    return True
