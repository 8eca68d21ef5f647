"""The page that says what a credential is worth, for anybody, and what a phone keeps to say it without signal.

With scripts the phone checks what it can by itself (service_worker/check/) and shows it on this same page; without, and
for what a phone cannot check, the form comes here. Nothing of it is kept.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
import re
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore
from time import monotonic
from urllib.parse import urlsplit
from uuid import UUID

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import credentials
from app.credentials import Checked, KnownIssuer, TooBusy, Unreadable, Verdict
from app.extensions import db
from app.interop import recognition
from app.kernel import utc_now
from app.web import assets, shell, theme
from app.web.access import allows_anyone
from app.web.forms import Problems
from app.web.learner.phone import SWITCH
from app.web.learner.replies import public
from app.web.public.check_page import CheckPage
from app.web.public.credentials import bp, cached, issuers, site

# A check of a stranger's file may take a second and a half of a processor: so many at once in this process.
AT_ONCE = BoundedSemaphore(2)
# Seconds after which no further credential of a file is begun. What one file can cost stays under two seconds.
TOGETHER = 0.4
NOT_LOOKED_AT = CheckPage(
    words="Not looked at",
    reason="There is no time for more at once. Choose this one alone.",
    good=False,
    facts=(),
    evidence=(),
)
ANOTHER_LINK = "That link is not one of this server. Open it, save the file, and choose the file here."
# What was pasted is shown again up to here.
LONGEST_PASTE = 100_000
# Issuers that a phone keeps.
MOST_ISSUERS = 200
WORKER = "check-worker.js"
# What the page is made of, by its built names: kept on the phone by the page's own worker.
FILES = ("app.css", "check.js", "icon.svg", "icons.svg")
PAGE = "public/check-credential.html"
# A link to one credential, or to what somebody shares.
LINK = re.compile(r"/credentials/([0-9a-f-]{36})(?:\.(?:jwt|json|png|svg))?|/p/([A-Za-z0-9_-]{22})(?:\.[a-z.]+)?")


@bp.route("/check", methods=["GET", "POST"])
@allows_anyone
def check() -> ResponseReturnValue:
    """Say what a file or a pasted text is worth; a link of this server leads to its own page."""
    problems, found, pasted = Problems(), list[CheckPage](), ""
    if request.method == "POST":
        sent = request.files.get("file")
        pasted = request.form.get("text", "").strip()
        chosen = sent is not None and bool(sent.filename)
        data = sent.stream.read() if sent is not None and chosen else pasted.encode()
        if not data:
            problems.add("file", "Choose the file you were given, or paste its text.")
        elif not chosen and pasted.startswith(("https://", "http://")):
            there = _page_of(pasted)
            if there is not None:
                return redirect(there, 303)
            problems.add(
                "text", "That link is not one of this server. Open it, save the file, and choose the file here."
            )
        elif not AT_ONCE.acquire(blocking=False):
            abort(503)
        else:
            try:
                found = _checked(data)
            except TooBusy:
                abort(503)
            finally:
                AT_ONCE.release()
    html = render_template(PAGE, problems=problems, found=found, pasted=pasted[:LONGEST_PASTE])
    return html, 400 if problems else 200


@bp.get("/known.json")
@allows_anyone
def known() -> ResponseReturnValue:
    """Give everything a phone needs to check by itself: known issuers, their keys, and what they withdrew."""
    here = site()
    # What is read now is said to be of this hour, so that the bytes stay the same while nothing changes.
    at = utc_now().replace(minute=0, second=0, microsecond=0)
    own = credentials.own_issuers(db.session(), here, now=at, most=MOST_ISSUERS + 1) if here else ()
    found = (*own, *recognition.known(db.session(), most=MOST_ISSUERS + 1))
    document = {
        "complete": len(found) <= MOST_ISSUERS,
        "issuers": [_told(each) for each in found[:MOST_ISSUERS]],
    }
    return cached(document, "application/json")


@bp.get(f"/{WORKER}")
@allows_anyone
def worker() -> ResponseReturnValue:
    """Send the worker of the check page with the list of its files; the one that goes away where workers are off."""
    if Path(current_app.instance_path, SWITCH).exists():
        return public(shell.switched_off(), "text/javascript")
    built = assets.Assets()
    files = [built(name) for name in FILES]
    source, _, _ = current_app.jinja_env.loader.get_source(current_app.jinja_env, PAGE)  # type: ignore[union-attr]
    build = sha256("\n".join([*files, theme.TEXT, source]).encode()).hexdigest()[:12]
    listed = json.dumps({"build": build, "page": url_for("credentials.check"), "files": files}, separators=(",", ":"))
    text = (assets.BUILD / WORKER).read_text(encoding="utf-8")
    return public(f"const CHECK={listed};\n{text}", "text/javascript")


def _checked(data: bytes) -> list[CheckPage]:
    """Check everything in a file. Raises TooBusy."""
    try:
        inside = credentials.presented(data)
    except Unreadable as error:
        words = credentials.WORDS[Verdict.ALTERED]
        return [CheckPage(words=words, reason=str(error), good=False, facts=(), evidence=())]
    begun, by, now = monotonic(), _asked_once(issuers()), utc_now()
    found = list[CheckPage]()
    for each in inside:
        late = bool(found) and monotonic() - begun > TOGETHER
        found.append(NOT_LOOKED_AT if late else _told_of(each, credentials.check(each, by, now=now)))
    return found


def _told_of(data: bytes, checked: Checked) -> CheckPage:
    """Put what was found in words, and beside a credential this server issued who endorsed it."""
    here, uuid = site(), None
    if here is not None and checked.uuid.startswith(f"{here.origin}/credentials/"):
        with contextlib.suppress(ValueError):
            uuid = UUID(checked.uuid.rpartition("/")[2])
    signed = None if uuid is None else credentials.find_signed(db.session(), uuid)
    text = data.decode().strip()
    # Anybody may sign something with the address of another's: it is this one only if it says the very same.
    if uuid is None or signed is None or not (text == signed.jwt or _same(text, signed.document)):
        return CheckPage.of(checked)
    return CheckPage.of(checked, credentials.endorsed(db.session(), [uuid]).get(uuid, ()))


def _same(text: str, document: str) -> bool:
    return text.startswith("{") and bool(json.loads(text) == json.loads(document))


def _asked_once(by: credentials.Issuers) -> credentials.Issuers:
    """Two hundred credentials of one issuer are one question."""
    answers: dict[tuple[str, tuple[str, ...]], KnownIssuer | None] = {}

    def find(did: str, lists: Collection[str]) -> KnownIssuer | None:
        asked = did, tuple(lists)
        if asked not in answers:
            answers[asked] = by(did, lists)
        return answers[asked]

    return find


def _page_of(link: str) -> str | None:
    """Return the page a link of this server leads to; None for another server's, and for anything else."""
    parts, here = urlsplit(link), site()
    own = {request.host, urlsplit(here.origin).netloc if here else request.host}
    found = LINK.fullmatch(parts.path)
    if parts.netloc not in own or found is None:
        return None
    credential, token = found.groups()
    if token:
        return url_for("passport.page", token=token)
    try:
        return url_for("credentials.badge", credential=UUID(credential))
    except ValueError:
        return None


def _told(issuer: KnownIssuer) -> dict[str, object]:
    return {
        "did": issuer.did,
        "name": issuer.name,
        "document": issuer.document,
        "lists": [
            {
                "url": each.url,
                "checked_at": each.checked_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "bits": base64.urlsafe_b64encode(gzip.compress(each.bits, mtime=0)).rstrip(b"=").decode(),
            }
            for each in issuer.lists.values()
        ],
    }
