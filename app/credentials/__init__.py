"""What people carry with them: signed statements that they met something, anybody can check, and the issuer can revoke.

Owns signing keys, what was issued, and the places on status lists. Knows no screen and fetches nothing: which issuers
are known comes in from its caller.
"""

from app.credentials.checking import WORDS, Issuers, check
from app.credentials.endorsing import endorsed, endorser_document, endorser_list
from app.credentials.erasing import erase
from app.credentials.errors import CredentialError, KeysSealed, TooBusy, Unreadable
from app.credentials.issuers import own, own_issuers
from app.credentials.keys import did_document, did_of, issuing_site, keys_open, rotate, signer
from app.credentials.lists import read_list
from app.credentials.models import Credential, CredentialEndorsement, CredentialKeys, CredentialStatus
from app.credentials.presenting import presented
from app.credentials.queries import credentials_of, find_signed
from app.credentials.service import bring_into_line, revoke
from app.credentials.status import KEEP, address_of, list_credential
from app.credentials.types import (
    Change,
    Checked,
    CredentialView,
    Endorsed,
    Kind,
    KnownIssuer,
    Signed,
    Site,
    StatusList,
    Verdict,
)

__all__ = [
    "KEEP",
    "WORDS",
    "Change",
    "Checked",
    "Credential",
    "CredentialEndorsement",
    "CredentialError",
    "CredentialKeys",
    "CredentialStatus",
    "CredentialView",
    "Endorsed",
    "Issuers",
    "KeysSealed",
    "Kind",
    "KnownIssuer",
    "Signed",
    "Site",
    "StatusList",
    "TooBusy",
    "Unreadable",
    "Verdict",
    "address_of",
    "bring_into_line",
    "check",
    "credentials_of",
    "did_document",
    "did_of",
    "endorsed",
    "endorser_document",
    "endorser_list",
    "erase",
    "find_signed",
    "issuing_site",
    "keys_open",
    "list_credential",
    "own",
    "own_issuers",
    "presented",
    "read_list",
    "revoke",
    "rotate",
    "signer",
]
