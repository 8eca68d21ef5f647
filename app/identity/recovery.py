"""Recovery codes: ten on paper, each good once, for when phone and key are lost."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.identity.models import Person, RecoveryCode
from app.identity.sealing import fingerprint

HOW_MANY = 10
LENGTH = 10
# No 0 O 1 I L U: they are mistaken for one another, or spell words.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_PURPOSE = "recovery code"


def make_recovery_codes(session: Session, person_id: int, *, secret: bytes, now: datetime) -> tuple[str, ...]:
    """Return ten new codes of 49 bits each, to be shown once; those made before stop working. Flushes."""
    owner = session.scalars(select(Person.uuid).where(Person.id == person_id)).one()
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes: set[str] = set()
    while len(codes) < HOW_MANY:
        codes.add("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))
    made = tuple(codes)
    session.add_all(
        RecoveryCode(person_id=person_id, hash=fingerprint(code, _PURPOSE, owner, secret=secret), made_at=now)
        for code in made
    )
    session.flush()
    return tuple(f"{code[:5]}-{code[5:]}" for code in made)


def use_recovery_code(session: Session, person_id: int, typed: str, *, secret: bytes, now: datetime) -> bool:
    """Use a code up: of two who send it at the same moment, one gets in. Count tries with `take_try`. Flushes."""
    code = clean_recovery_code(typed)
    owner = session.scalars(
        select(Person.uuid).where(Person.id == person_id, Person.archived_at.is_(None))
    ).one_or_none()
    if code is None or owner is None:
        return False
    used = session.scalars(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.hash == fingerprint(code, _PURPOSE, owner, secret=secret),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    ).all()
    return bool(used)


def recovery_codes_left(session: Session, person_id: int) -> int:
    """Return how many codes are still good."""
    return session.scalars(
        select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    ).one()


def clean_recovery_code(typed: str) -> str | None:
    """Return the code somebody meant, or None when it cannot be one. Blanks, dashes and lower case are accepted."""
    code = "".join(c for c in typed if c.isalnum()).upper()
    return code if len(code) == LENGTH and all(c in ALPHABET for c in code) else None
