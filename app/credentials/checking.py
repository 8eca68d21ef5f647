"""Is a credential genuine, and does it hold today? One of six verdicts, with the reason in plain words.

Nothing is fetched: which issuers are known, with their keys and lists, comes in as a function. An issuer that is not
known is told as such before any work is put into what may be made to cost much.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from app.credentials.canonical import Busy, Refused, hash_of_stranger
from app.credentials.errors import TooBusy, Unreadable
from app.credentials.reading import Presented, read
from app.credentials.securing import ED25519_PREFIX, from_base58
from app.credentials.types import Checked, KnownIssuer, Verdict
from app.kernel import day_of

# Given a DID and the addresses of status lists it is asked about, returns the issuer, or None when nobody knows it.
Issuers = Callable[[str, Collection[str]], KnownIssuer | None]
# How long what was withdrawn may be judged by a list that was got before.
LIST_LASTS = timedelta(days=7)
# How far two clocks may be apart.
CLOCKS = timedelta(minutes=5)
WORDS: Mapping[Verdict, str] = {
    Verdict.VALID: "Valid now",
    Verdict.UNCHECKED: "Valid, withdrawal not checked",
    Verdict.OUT_OF_DATE: "Out of date",
    Verdict.WITHDRAWN: "Withdrawn",
    Verdict.UNKNOWN_ISSUER: "Not by an issuer we know",
    Verdict.ALTERED: "Altered",
}
TYPES = {"OpenBadgeCredential", "AchievementCredential"}
ENDORSEMENT = "EndorsementCredential"
TOKEN_TYPES = (None, "JWT", "vc+jwt", "vc+ld+jwt")
# Others may stand there and are not looked at; whatever else changes how a token is read (RFC 7515, 4; RFC 7797).
HEADERS = {"alg", "typ", "kid", "cty", "jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "claims"}
# dateTimeStamp of XML Schema, as the data model wants it, of years people live in. Phones read the same.
MOMENT = re.compile(
    r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)


class Stop(Exception):
    """A verdict that needs no further look."""

    def __init__(self, verdict: Verdict, reason: str) -> None:
        super().__init__(reason)
        self.verdict, self.reason = verdict, reason


def check(data: bytes, issuers: Issuers, *, now: datetime) -> Checked:
    """Say what there is to say about a file's bytes. Raises TooBusy, and nothing for what is in them."""
    try:
        shown = read(data)
        did = _issuer_of(shown.credential)
        entries = _entries(shown.credential)
        issuer = issuers(did, [entry["statusListCredential"] for entry in entries])
        if issuer is None:
            raise Stop(Verdict.UNKNOWN_ISSUER, f"It says it is from {_who(did)}. Nobody here knows that issuer.")
        check_signature(shown, issuer)
        said = _what_it_says(shown.credential, issuer)
    except Unreadable as error:
        return _checked(Verdict.ALTERED, str(error))
    except Stop as stop:
        return _checked(stop.verdict, stop.reason)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return _checked(Verdict.ALTERED, "It is not put together as a credential is.")
    verdict, reason, words = _does_it_hold(entries, issuer, said, now)
    return _checked(verdict, reason, words, **said)


def _checked(verdict: Verdict, reason: str, words: str = "", **said: Any) -> Checked:
    return Checked(verdict=verdict, words=words or WORDS[verdict], reason=reason, **said)


def _issuer_of(credential: Mapping[str, Any]) -> str:
    issuer = credential["issuer"]
    did = issuer["id"] if isinstance(issuer, dict) else issuer
    if not isinstance(did, str):
        raise TypeError
    return did


def _who(did: str) -> str:
    """Return how an issuer is told to people: by the name of its server, where it has one."""
    host = unquote(did.removeprefix("did:web:").partition(":")[0])
    return host[:100] if did.startswith("did:web:") else did[:100]


def _entries(credential: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return where it may have been withdrawn. One of a kind that is not known here is no reason to say it was not."""
    found = credential.get("credentialStatus")
    entries = [] if found is None else found if isinstance(found, list) else [found]
    for entry in entries:
        if entry["type"] != "BitstringStatusListEntry" or not isinstance(entry["statusListCredential"], str):
            raise Stop(Verdict.ALTERED, "Whether it was withdrawn is told in a way that is not known here.")
    if len(entries) > 4:
        raise Stop(Verdict.ALTERED, "It names more lists of withdrawals than a credential needs.")
    return [entry for entry in entries if entry["statusPurpose"] in ("revocation", "suspension")]


def check_signature(shown: Presented, issuer: KnownIssuer) -> None:
    """Return when a key of the issuer's signed it, as it is. Raises Stop with the verdict, and TooBusy."""
    altered = Stop(
        Verdict.ALTERED, "Its signature does not fit what it says: something was changed after it was signed."
    )
    if shown.token is not None and shown.header is not None:
        header, claims = shown.header, shown.header["claims"]
        if header.get("alg") != "ES256" or header.get("typ") not in TOKEN_TYPES or set(header) - HEADERS:
            raise Stop(Verdict.ALTERED, "It is signed in a way that is not accepted here.")
        key = _key(issuer, header.get("kid"), "JsonWebKey")["publicKeyJwk"]
        try:
            public = ECKey.import_key({name: key[name] for name in ("kty", "crv", "x", "y")})
            jws.deserialize_compact(shown.token, public, algorithms=["ES256"])
        except (JoseError, ValueError) as error:
            raise altered from error
        _check_claims(shown.credential, claims)
        return
    proof = dict(shown.proof or {})
    value = proof.pop("proofValue", "")
    if proof.get("type") != "DataIntegrityProof" or proof.get("cryptosuite") != "eddsa-rdfc-2022":
        raise Stop(Verdict.ALTERED, "It is signed in a way that is not accepted here.")
    if proof.get("proofPurpose") != "assertionMethod":
        raise Stop(Verdict.ALTERED, "Its signature was made for something else.")
    raw = from_base58(_key(issuer, proof.get("verificationMethod"), "Multikey")["publicKeyMultibase"].removeprefix("z"))
    if not raw.startswith(ED25519_PREFIX) or not isinstance(value, str) or not value.startswith("z"):
        raise altered
    try:
        signed = hash_of_stranger(shown.credential, proof)
        Ed25519PublicKey.from_public_bytes(raw.removeprefix(ED25519_PREFIX)).verify(from_base58(value[1:]), signed)
    except Busy as error:
        raise TooBusy("The server is busy, so this could not be checked. Try again in a minute.") from error
    except Refused as error:
        raise Stop(Verdict.ALTERED, f"It cannot be checked: {error}.") from error
    except (InvalidSignature, ValueError) as error:
        raise altered from error


def _key(issuer: KnownIssuer, name: object, kind: str) -> Mapping[str, Any]:
    """Return a key of the issuer's that may sign credentials. Another's, or one that was dropped, is not."""
    document = issuer.document
    if document.get("id") == issuer.did and name in document.get("assertionMethod", ()):
        for method in document["verificationMethod"]:
            if method["id"] == name and method["type"] == kind and method["controller"] == issuer.did:
                found: Mapping[str, Any] = method
                return found
    raise Stop(Verdict.ALTERED, "It is signed with a key that is not one of this issuer's, or is not any more.")


def _check_claims(credential: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
    """The token's own words must not say something else than the credential."""
    subject = credential["credentialSubject"]
    begins, ends = _moment(credential.get("validFrom")), _moment(credential.get("validUntil"))
    wanted = {
        "iss": _issuer_of(credential),
        "jti": credential.get("id"),
        "sub": subject.get("id"),
        "nbf": begins and int(begins.timestamp()),
        "exp": ends and int(ends.timestamp()),
    }
    if any(said is not None and said != wanted[name] for name, said in claims.items()):
        raise Stop(Verdict.ALTERED, "It contradicts itself.")


def _what_it_says(credential: Mapping[str, Any], issuer: KnownIssuer) -> dict[str, Any]:
    """Return what is shown of a credential whose signature holds."""
    kinds, subject = credential["type"], credential["credentialSubject"]
    if "VerifiableCredential" in kinds and ENDORSEMENT in kinds:
        return _what_is_endorsed(credential, issuer)
    if "VerifiableCredential" not in kinds or not TYPES.intersection(kinds):
        raise Stop(Verdict.ALTERED, "It is signed, but it is no badge.")
    achievement = subject["achievement"]
    names = [each["identityHash"] for each in _list(subject.get("identifier")) if each.get("identityType") == "name"]
    if _moment(credential["validFrom"]) is None:
        raise Stop(Verdict.ALTERED, "It does not say from when it holds.")
    return {
        "uuid": _word(credential.get("id", "")),
        "name": _word(achievement["name"]),
        "person": _word(names[0]) if names else "",
        "issuer": issuer.name,
        "issued_at": _moment(credential["validFrom"]),
        "valid_until": _moment(credential.get("validUntil")),
        "evidence": tuple(
            _word(each["narrative"]) for each in _list(credential.get("evidence")) if "narrative" in each
        ),
        "codes": tuple(
            _word(each["targetCode"]) for each in _list(achievement.get("alignment")) if "targetCode" in each
        ),
    }


def _what_is_endorsed(credential: Mapping[str, Any], issuer: KnownIssuer) -> dict[str, Any]:
    """Return what is shown of an endorsement: it is of a credential, and names nobody but who endorses."""
    said, issued_at = _word(credential["credentialSubject"]["endorsementComment"]), _moment(credential["validFrom"])
    if issued_at is None:
        raise ValueError("an endorsement of no day")
    return {
        "uuid": _word(credential.get("id", "")),
        "name": _word(credential["name"]),
        "issuer": issuer.name,
        "issued_at": issued_at,
        "valid_until": _moment(credential.get("validUntil")),
        "evidence": (f"{_word(credential['issuer']['name'])}, {_word(credential['issuer']['description'])}: {said}",),
    }


def _does_it_hold(
    entries: Collection[Mapping[str, Any]], issuer: KnownIssuer, said: Mapping[str, Any], now: datetime
) -> tuple[Verdict, str, str]:
    unchecked: datetime | None = None
    missing = False
    for entry in entries:
        found = issuer.lists.get(entry["statusListCredential"])
        if found is None:
            missing = True
            continue
        index = entry.get("statusListIndex")
        try:
            if not isinstance(index, str) or not (index.isascii() and index.isdecimal()):
                raise IndexError(index)
            withdrawn = found.withdrawn(int(index))
        except (IndexError, ValueError):
            return Verdict.ALTERED, "Its place on the list of withdrawals does not exist.", ""
        if withdrawn:
            return Verdict.WITHDRAWN, f"{issuer.name} took it back. It does not count any more.", ""
        if now - found.checked_at > LIST_LASTS:
            unchecked = min(found.checked_at, unchecked or found.checked_at)
    if said["issued_at"] > now + CLOCKS:
        return Verdict.OUT_OF_DATE, f"It holds only from {_day(said['issued_at'])}.", ""
    if said["valid_until"] is not None and said["valid_until"] < now:
        return Verdict.OUT_OF_DATE, f"It was valid until {_day(said['valid_until'])}.", ""
    signed = f"{issuer.name} signed it on {_day(said['issued_at'])}, and nothing in it was changed."
    if missing:
        reason = f"{signed} Whether it was withdrawn could not be looked up."
        return Verdict.UNCHECKED, reason, "Valid, withdrawal never checked"
    if unchecked is not None:
        day = _day(unchecked)
        reason = f"{signed} Whether it was withdrawn since {day} is not known."
        return Verdict.UNCHECKED, reason, f"Valid, withdrawal not checked since {day}"
    return Verdict.VALID, f"{signed} It was not withdrawn.", ""


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError
    if not MOMENT.fullmatch(value):
        raise ValueError("not a moment as credentials write it")
    return datetime.fromisoformat(value).astimezone(UTC)


def _day(at: datetime) -> str:
    day = day_of(at)
    return f"{day.day} {day:%B %Y}"


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _list(value: object) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]
