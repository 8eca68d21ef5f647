"""People, how they sign in, and their phones.

Owns persons, passwords, PINs, phones, tokens and the counting of failed sign-ins. Knows no provider, no role and no
learning: a person exists here even when nobody employs them.
"""

from app.identity.errors import (
    IdentityError,
    NameTaken,
    PasswordTooShort,
    PersonArchived,
    PersonUnknown,
    PinTooSimple,
    Throttled,
    TokenRefused,
)
from app.identity.models import Device, Person, SignInFailure, Token
from app.identity.phones import (
    bearer,
    enrol_phone,
    find_or_adopt_phone,
    phones_of,
    renew_tokens,
    revoke_phone,
    rotate_phone,
)
from app.identity.service import (
    add_person,
    archive_person,
    check_password,
    check_pin,
    clean_sign_in_name,
    find_person,
    find_person_by_sign_in_name,
    restore_person,
    set_password,
    set_pin,
    set_sign_in_name,
    sign_in_generation,
)
from app.identity.throttle import clear_tries, take_try, throttle
from app.identity.types import Bearer, Enrolment, PersonView, PhoneView, TokenKind

__all__ = [
    "Bearer",
    "Device",
    "Enrolment",
    "IdentityError",
    "NameTaken",
    "PasswordTooShort",
    "Person",
    "PersonArchived",
    "PersonUnknown",
    "PersonView",
    "PhoneView",
    "PinTooSimple",
    "SignInFailure",
    "Throttled",
    "Token",
    "TokenKind",
    "TokenRefused",
    "add_person",
    "archive_person",
    "bearer",
    "check_password",
    "check_pin",
    "clean_sign_in_name",
    "clear_tries",
    "enrol_phone",
    "find_or_adopt_phone",
    "find_person",
    "find_person_by_sign_in_name",
    "phones_of",
    "renew_tokens",
    "restore_person",
    "revoke_phone",
    "rotate_phone",
    "set_password",
    "set_pin",
    "set_sign_in_name",
    "sign_in_generation",
    "take_try",
    "throttle",
]
