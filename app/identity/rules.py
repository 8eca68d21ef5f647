"""Which PINs and passwords are good enough. Pure."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from itertools import pairwise

from app.identity.errors import PasswordTooShort, PasswordTooSimple, PinTooSimple

PIN_LENGTH = 6
PASSWORD_SHORTEST = 10
# argon2 hashes anything; the limit only stops somebody from making the server hash a novel.
PASSWORD_LONGEST = 200
# Of 0 to 4: what takes a hundred million tries or more, which sign-in never allows.
PASSWORD_SCORE = 3
# zxcvbn looks at no more, and nobody guesses further.
_LOOKED_AT = 72
# It keeps the words of the person asked about in one place for the whole process.
_one_at_a_time = threading.Lock()


def check_pin_is_good(pin: str) -> None:
    """Refuse a PIN that is not six digits, or that somebody looking over a shoulder would try first.

    Raises PinTooSimple, with words for the person, when it has to be another one.
    """
    if len(pin) != PIN_LENGTH or not (pin.isascii() and pin.isdigit()):
        raise PinTooSimple("Use 6 digits.", code="pin-not-six-digits", field="pin")
    if len(set(pin)) == 1:
        raise PinTooSimple("All the same digit is easy to guess. Pick another PIN.", field="pin")
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    if steps in ({1}, {9}):
        raise PinTooSimple("Digits in a row are easy to guess. Pick another PIN.", field="pin")
    if pin[:3] == pin[3:] or pin[:2] * 3 == pin:
        raise PinTooSimple("The same digits again are easy to guess. Pick another PIN.", field="pin")
    if pin[:3] == pin[3:][::-1] or sorted(pin[i] == pin[i + 1] for i in (0, 2, 4)) == [True, True, True]:
        raise PinTooSimple("A pattern is easy to guess. Pick another PIN.", field="pin")


def check_password_is_good(password: str, names: Iterable[str] = ()) -> None:
    """Refuse a password that is too short, or that a stranger would try early. `names`: the person's, the provider's.

    Raises PasswordTooShort or PasswordTooSimple, with words for the person.
    """
    if len(password) < PASSWORD_SHORTEST:
        raise PasswordTooShort(
            f"Use at least {PASSWORD_SHORTEST} characters. Three words are easy to keep.", field="password"
        )
    if len(password) > PASSWORD_LONGEST:
        raise PasswordTooShort(
            f"Use at most {PASSWORD_LONGEST} characters.", code="password-too-long", field="password"
        )
    parts = [re.split(r"[\W_]+", name) for name in names]
    known = {word for words in parts for word in ("".join(words), *words) if len(word) > 2}
    # Its lists of words are 12 MB, which only a server where somebody picks a password has to hold.
    from zxcvbn import zxcvbn

    with _one_at_a_time:
        found = zxcvbn(password[:_LOOKED_AT], user_inputs=sorted(known))
    if found["score"] < PASSWORD_SCORE:
        raise PasswordTooSimple(
            "This password is easy to guess. Pick three words that have nothing to do with you.", field="password"
        )
