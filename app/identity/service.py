"""Adding people and checking that they are who they say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.identity.aliases import is_person
from app.identity.errors import IdentityError, NameTaken, PersonUnknown
from app.identity.models import Device, Passkey, Person, Token
from app.identity.rules import check_password_is_good, check_pin_is_good
from app.identity.secrets import hash_secret, matches
from app.identity.types import PersonView
from app.kernel import new_uuid7

NAME_LONGEST = 120


def add_person(session: Session, name: str, *, now: datetime, sign_in_name: str | None = None) -> PersonView:
    """Add a person who cannot sign in yet: a PIN or a password comes later.

    Raises IdentityError(code="name-empty") or NameTaken.
    """
    row = Person(uuid=new_uuid7(), name=_clean_name(name), added_at=now)
    session.add(row)
    session.flush()
    if sign_in_name is not None:
        set_sign_in_name(session, row.id, sign_in_name)
    return _view(row)


def add_people(session: Session, names: Sequence[str], *, now: datetime) -> tuple[PersonView, ...]:
    """Add people who cannot sign in yet, in the order of their names. Raises IdentityError as `add_person`."""
    rows = [Person(uuid=new_uuid7(), name=_clean_name(name), added_at=now) for name in names]
    session.add_all(rows)
    session.flush()
    return tuple(_view(row) for row in rows)


def find_person(session: Session, person: int | UUID) -> PersonView | None:
    """Return a person by internal id or by any uuid they ever had, archived or not."""
    row = session.scalars(select(Person).where(is_person(person))).one_or_none()
    return None if row is None else _view(row)


def find_person_by_sign_in_name(session: Session, sign_in_name: str) -> PersonView | None:
    """Return the person who signs in with this name (upper and lower case are the same)."""
    row = session.scalars(select(Person).where(Person.sign_in_name == clean_sign_in_name(sign_in_name))).one_or_none()
    return None if row is None else _view(row)


def set_name(session: Session, person_id: int, name: str) -> bool:
    """Put a person's name right; says whether it is another. Raises IdentityError for the name."""
    row, clean = _row(session, person_id), _clean_name(name)
    changed = row.name != clean
    row.name = clean
    session.flush()
    return changed


def set_sign_in_name(session: Session, person_id: int, sign_in_name: str) -> None:
    """Set the name or e-mail address somebody with a password signs in with. Raises NameTaken."""
    clean = clean_sign_in_name(sign_in_name)
    if not clean:
        raise IdentityError("Type a name to sign in with.", code="name-empty", field="sign_in_name")
    taken = session.scalars(select(Person.id).where(Person.sign_in_name == clean, Person.id != person_id)).first()
    if taken is not None:
        raise NameTaken("Somebody else signs in with this name. Pick another.", field="sign_in_name")
    _row(session, person_id).sign_in_name = clean
    session.flush()


def set_password(
    session: Session, person_id: int, password: str, *, temporary: bool = False, names: Iterable[str] = ()
) -> None:
    """Set a password; every browser signed in before is signed out. Raises PasswordTooShort or PasswordTooSimple.

    A temporary one was chosen by somebody else; staff pages ask for another right after it is used. `names` are those
    of the person's providers: like the person's own they make a poor password. A first password ends the passkeys a PIN
    let in: they must not open staff pages.
    """
    row = _row(session, person_id)
    check_password_is_good(password, (row.name, row.sign_in_name or "", *names))
    forget_passkeys_of_pin(session, person_id)
    row.password_hash = hash_secret(password)
    row.password_is_temporary = temporary
    row.sign_in_generation += 1
    session.flush()


def check_password(session: Session, person_id: int | None, password: str) -> bool:
    """Say whether this is the person's password. As slow for nobody as for somebody; count tries with `take_try`."""
    row = None if person_id is None else session.get(Person, person_id)
    good = matches(row.password_hash if row else None, password)
    return good and row is not None and row.archived_at is None


def set_pin(session: Session, person_id: int, pin: str) -> None:
    """Set a six-digit PIN; the passkeys that the one before let in end. Raises PinTooSimple with words for people."""
    check_pin_is_good(pin)
    row = _row(session, person_id)
    forget_passkeys_of_pin(session, person_id)
    row.pin_hash = hash_secret(pin)
    row.sign_in_generation += 1
    session.flush()


def check_pin(session: Session, person_id: int | None, pin: str) -> bool:
    """Say whether this is the person's PIN. As slow for nobody as for somebody; count tries with `take_try`."""
    row = None if person_id is None else session.get(Person, person_id)
    good = matches(row.pin_hash if row else None, pin)
    return good and row is not None and row.archived_at is None


def sign_in_generation(session: Session, person_id: int) -> int:
    """Return the number a browser's sign-in must carry to be still good."""
    return _row(session, person_id).sign_in_generation


def end_sign_ins(session: Session, person_id: int) -> None:
    """Sign every browser of this person out. Phones keep their tokens: see `end_phones`."""
    _row(session, person_id).sign_in_generation += 1
    session.flush()


def forget_passkeys_of_pin(session: Session, person_id: int) -> bool:
    """Take away the passkeys a PIN let in: those of somebody without a password. Says whether there were any."""
    # The person first, as everywhere: two that wait for each other would both fail.
    this = select(Person.password_hash).where(Person.id == person_id).with_for_update()
    if session.scalars(this).one_or_none() is not None:
        return False
    theirs = delete(Passkey).where(Passkey.person_id == person_id).returning(Passkey.id)
    return bool(session.scalars(theirs.execution_options(synchronize_session="fetch")).all())


def archive_person(session: Session, person_id: int, *, now: datetime) -> None:
    """End a person's sign-in. Their phones may still send what they kept; nothing is deleted. Safe to repeat."""
    row = _row(session, person_id)
    if row.archived_at is None:
        row.archived_at = now
        row.sign_in_generation += 1
    theirs = select(Device.id).where(Device.person_id == person_id)
    session.execute(
        update(Token)
        .where(Token.device_id.in_(theirs), Token.kind == "read", Token.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session="fetch")
    )
    session.flush()


def restore_person(session: Session, person_id: int) -> None:
    """Let an archived person sign in again; their phones ask for the PIN once. Safe to repeat."""
    _row(session, person_id).archived_at = None
    session.flush()


def _row(session: Session, person_id: int) -> Person:
    row = session.get(Person, person_id)
    if row is None:
        raise PersonUnknown("We do not know this person. Look at the list of people and try again.")
    return row


def _view(row: Person) -> PersonView:
    return PersonView(
        id=row.id,
        uuid=row.uuid,
        name=row.name,
        sign_in_name=row.sign_in_name,
        has_pin=row.pin_hash is not None,
        has_password=row.password_hash is not None,
        password_is_temporary=row.password_is_temporary,
        archived_at=row.archived_at,
    )


def _clean_name(name: str) -> str:
    clean = " ".join("".join(c for c in name if c.isprintable() or c.isspace()).split())
    if not clean:
        raise IdentityError("Type a name.", code="name-empty", field="name")
    if len(clean) > NAME_LONGEST:
        raise IdentityError(f"Use at most {NAME_LONGEST} letters.", code="name-too-long", field="name")
    return clean


def clean_sign_in_name(sign_in_name: str) -> str:
    """Return the one spelling of a sign-in name: tries are counted for it, however it was typed."""
    return "".join(c for c in sign_in_name if c.isprintable()).strip().casefold()[:254]
