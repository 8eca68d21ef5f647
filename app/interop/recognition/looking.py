"""Looking at an issuer: its keys, and what it withdrew. Fetching and noting are apart, so that nothing waits locked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.credentials import KnownIssuer, StatusList, TooBusy, Unreadable, read_list
from app.interop.recognition.did import host_of, keys_of, place_of, read_document
from app.interop.recognition.errors import PassportError
from app.interop.recognition.models import LONGEST_WORDS, IssuerList, TrustedIssuer
from app.interop.sharing import NotReached, SharingError, Web, checked_address
from app.kernel import insert_if_new

LARGEST_DOCUMENT = 64 * 1024
# Of one issuer, at one look; of more, the next ones on the next day.
MOST_LISTS = 8
SECONDS = 10
LONGEST_LINK = 500
# An address, and how many bytes at most → what lies there. Raises NotReached and SharingError.
Fetch = Callable[[str, int], bytes]
UNREACHED = "could not be reached"
GONE = (
    "There is nothing at this link any more: it was taken back, it ended, or it is not whole. "
    "Ask the person for a new one."
)
OTHER_KEYS = (
    "They sign with other keys now, and an earlier one is gone. Until somebody compares the new ones and confirms "
    "them, nothing new of theirs is taken, and withdrawals cannot be looked up."
)


def fetching(*, anywhere: bool) -> Fetch:
    """Return how other servers are asked: by https and public addresses alone unless `anywhere` (see sharing.fetch)."""

    def fetch(address: str, most: int) -> bytes:
        try:
            parts = urlsplit(address)
        except ValueError:
            raise NotReached(f"{address[:100]} is no address.") from None
        origin = checked_address(f"{parts.scheme}://{parts.netloc}", anywhere=anywhere)
        path = parts.path.removeprefix("/") + (f"?{parts.query}" if parts.query else "")
        try:
            return Web(address=origin, anywhere=anywhere, seconds=SECONDS).fetch(path, most)
        except NotReached as error:
            # A server of one's own network may have no certificate: a DID says nothing of that.
            if not anywhere or parts.scheme != "https" or UNREACHED not in str(error):
                raise
            plain = f"http://{origin.removeprefix('https://')}"
            return Web(address=plain, anywhere=anywhere, seconds=SECONDS).fetch(path, most)

    return fetch


def fetch_document(did: str, fetch: Fetch) -> dict[str, Any]:
    """Get an issuer's DID document as it is now. Raises PassportError."""
    host, path = place_of(did)
    try:
        return read_document(fetch(f"https://{host}/{path}", LARGEST_DOCUMENT), did)
    except SharingError as error:
        raise PassportError(_plain(error, f"{host} tells nothing of its keys."), code="not-reached") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look at an issuer found. `document` None: its keys could not be got, or fit nobody's; `trouble` says why.

    `lists`: those of its lists that hold, by address.
    """

    did: str
    document: Mapping[str, Any] | None
    lists: Mapping[str, StatusList] = field(default_factory=dict)
    trouble: str = ""


def look(did: str, pinned: Collection[Mapping[str, Any]], urls: Collection[str], fetch: Fetch, now: datetime) -> Looked:
    """Ask an issuer for its keys and for lists of what it withdrew. Raises nothing: what went wrong is in `trouble`.

    `pinned`: the documents that are trusted here. A list holds when a key signed it that is trusted, or that the
    issuer has now beside all of those.
    """
    try:
        document = fetch_document(did, fetch)
    except PassportError as error:
        return Looked(did=did, document=None, trouble=str(error)[:LONGEST_WORDS])
    fits = not pinned or any(keys_of(each) <= keys_of(document) for each in pinned)
    if not fits:
        return Looked(did=did, document=document, trouble=OTHER_KEYS)
    issuer = KnownIssuer(did=did, name=host_of(did), document=document, lists={})
    lists, trouble = {}, ""
    ordered = sorted(urls)
    first = now.toordinal() * MOST_LISTS % max(len(ordered), 1)
    for url in [*ordered[first:], *ordered[:first]][:MOST_LISTS]:
        try:
            lists[url] = read_list(fetch(url, LARGEST_DOCUMENT), url, issuer, now=now)
        except (SharingError, Unreadable, TooBusy) as error:
            trouble = _plain(error, f"{host_of(did)} has no list of what it withdrew any more.")[:LONGEST_WORDS]
    return Looked(did=did, document=document, lists=lists, trouble=trouble)


def note(session: Session, looked: Looked, *, now: datetime) -> None:
    """Note what a look found, for everybody here who trusts the issuer. Keys that were added are trusted too."""
    rows = session.scalars(
        select(TrustedIssuer).where(TrustedIssuer.did == looked.did, TrustedIssuer.ended_at.is_(None))
    ).all()
    for row in rows:
        row.looked_at, row.trouble = now, looked.trouble
        if looked.document is None:
            continue
        if keys_of(row.document) <= keys_of(looked.document):
            if keys_of(row.document) != keys_of(looked.document):
                row.document = dict(looked.document)
            row.offered = None
        else:
            row.offered, row.trouble = dict(looked.document), OTHER_KEYS
    for url, found in looked.lists.items():
        kept = session.scalars(
            select(IssuerList).where(IssuerList.did == looked.did, IssuerList.url == url)
        ).one_or_none()
        if kept is None:
            # Another look may find it missing at the same moment.
            made = {"did": looked.did, "url": url, "bits": found.bits, "checked_at": found.checked_at}
            session.execute(insert_if_new(session, IssuerList).values(made))
        elif kept.checked_at <= found.checked_at:
            kept.bits, kept.checked_at = found.bits, found.checked_at
    session.flush()


def passport_at(link: str, fetch: Fetch, most: int) -> bytes:
    """Get what a link leads to: a shared passport, or a single statement. Raises PassportError at the field "link"."""
    given = link.strip()
    trouble = PassportError(
        "Paste the whole link as you got it. It begins with https:// and has the name of a server.", field="link"
    )
    try:
        parts = urlsplit(given)
    except ValueError:
        raise trouble from None
    if len(given) > LONGEST_LINK or not given.isascii() or " " in given or not parts.netloc or "@" in parts.netloc:
        raise trouble
    path = parts.path
    if path.startswith("/p/") and "." not in path.rpartition("/")[2]:
        path = f"{path.rstrip('/')}.json"
    query = f"?{parts.query}" if parts.query else ""
    try:
        return fetch(f"{parts.scheme}://{parts.netloc}{path}{query}", most)
    except SharingError as error:
        if error.code == "address":
            raise trouble from error
        raise PassportError(_plain(error, GONE), code="not-reached", field="link") from error


def _plain(error: Exception, gone: str) -> str:
    """Return an error of fetching in words for a manager, who neither follows catalogues nor sets settings.

    `gone`: what is said where nothing is there.
    """
    words = str(error)
    if "nothing at" in words:
        return gone
    if "sends us elsewhere" in words:
        return "That server sends us to another address, where we do not go. Ask for a link that leads there itself."
    if "private network" in words:
        return "This leads into a private network, which is not asked. Ask the person for the file instead."
    return words
