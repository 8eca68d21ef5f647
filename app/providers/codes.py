"""Invite codes: eight characters that survive handwriting and being read over the telephone. Pure but for chance."""

from __future__ import annotations

import hashlib
import hmac
import secrets

# No 0 O 1 I L U: they are mistaken for one another, or spell words.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
_IGNORED = str.maketrans("", "", " \t\r\n-\u00ad\u2010\u2011\u2012\u2013\u2014\u00a0")


def new_code() -> str:
    """Return a new code: about 39 bits, enough when tries are counted."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def clean_code(typed: str) -> str | None:
    """Return the code somebody meant, or None when it cannot be one. Spaces, hyphens and lower case are accepted."""
    code = typed.translate(_IGNORED).upper()
    return code if len(code) == CODE_LENGTH and all(c in CODE_ALPHABET for c in code) else None


def written_code(code: str) -> str:
    """Return the code as people are shown it, in two halves."""
    return f"{code[:4]} {code[4:]}"


def code_hmac(code: str, secret: bytes) -> str:
    """Return what the database keeps of a code: useless without the server's secret."""
    return hmac.new(secret, b"invite:" + code.encode(), hashlib.sha256).hexdigest()
