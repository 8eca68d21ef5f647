"""Codes from an authenticator app (TOTP, RFC 6238: six digits, a new one every 30 seconds)."""

from __future__ import annotations

import hmac
from datetime import datetime
from uuid import UUID

import pyotp
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.identity.models import Person, TotpSecret
from app.identity.sealing import seal, unseal
from app.kernel import insert_if_new

STEP_SECONDS = 30
# A phone's clock may be a little wrong, and typing takes a while.
STEPS_AROUND = 1
_STORED, _OFFERED = "totp", "totp offered"


def new_totp(owner: UUID, *, secret: bytes) -> str:
    """Return a new app secret, sealed for the browser to carry until a code confirms it. Nothing is stored."""
    return seal(pyotp.random_base32(), _OFFERED, owner, secret=secret)


def offered_totp(sealed: str, owner: UUID, *, secret: bytes) -> str | None:
    """Return an offered secret in base32, as it is typed into an app; None when it is not this person's."""
    return unseal(sealed, _OFFERED, owner, secret=secret)


def totp_address(base32: str, *, account: str, issuer: str) -> str:
    """Return the otpauth address a QR code for authenticator apps holds."""
    return pyotp.TOTP(base32).provisioning_uri(name=account, issuer_name=issuer)


def keep_totp(session: Session, person_id: int, base32: str, code: str, *, secret: bytes, now: datetime) -> bool:
    """Store an app's secret in place of the one before, if `code` shows that the app has it. Flushes."""
    step = _step_of(base32, code, now)
    owner = session.scalars(select(Person.uuid).where(Person.id == person_id)).one_or_none()
    if step is None or owner is None:
        return False
    session.execute(delete(TotpSecret).where(TotpSecret.person_id == person_id))
    session.execute(
        insert_if_new(session, TotpSecret).values(
            person_id=person_id,
            sealed=seal(base32, _STORED, owner, secret=secret),
            added_at=now,
            # The code that confirmed it does not sign in as well.
            last_step=step,
        )
    )
    return True


def check_totp(session: Session, person_id: int, code: str, *, secret: bytes, now: datetime) -> bool:
    """Say whether this is the app's code now. Each code is taken once, whichever process is asked. Flushes.

    Count tries with `take_try`. Always False once the server's secret key was changed.
    """
    found = session.execute(
        select(TotpSecret.sealed, Person.uuid)
        .join(Person, Person.id == TotpSecret.person_id)
        .where(TotpSecret.person_id == person_id, Person.archived_at.is_(None))
    ).one_or_none()
    base32 = unseal(found.sealed, _STORED, found.uuid, secret=secret) if found else None
    step = _step_of(base32, code, now) if base32 else None
    if step is None:
        return False
    taken = session.scalars(
        update(TotpSecret)
        .where(TotpSecret.person_id == person_id, TotpSecret.last_step < step)
        .values(last_step=step)
        .returning(TotpSecret.id)
        .execution_options(synchronize_session=False)
    ).all()
    return bool(taken)


def clean_totp(typed: str) -> str | None:
    """Return the six digits somebody typed, or None when it is something else."""
    code = "".join(c for c in typed if not c.isspace() and c != "-")
    return code if len(code) == 6 and code.isascii() and code.isdigit() else None


def _step_of(base32: str, typed: str, now: datetime) -> int | None:
    code = clean_totp(typed)
    if code is None:
        return None
    totp = pyotp.TOTP(base32)
    present = int(now.timestamp()) // STEP_SECONDS
    steps = range(present - STEPS_AROUND, present + STEPS_AROUND + 1)
    # All are worked out, so that time tells nothing of which was near.
    fitting = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), code)]
    return fitting[-1] if fitting else None
