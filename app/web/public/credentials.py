"""What others check credentials against, for anybody: DID documents, status lists, single badges, and a page that says
in words what a credential is worth.

Everything is said by this server's own address from its settings, never by the name a request came to.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from app import credentials, providers
from app.credentials import Issuers, KeysSealed, Signed, Site
from app.credentials.baking import png, svg
from app.extensions import db
from app.interop import recognition
from app.kernel import utc_now
from app.providers import ProviderView
from app.web.access import allows_anyone
from app.web.public.check_page import CheckPage

bp = Blueprint("credentials", __name__, url_prefix="/credentials")

TYPES = {"jwt": "application/vc+jwt", "json": "application/vc", "png": "image/png", "svg": "image/svg+xml"}


def site() -> Site | None:
    """Return the address credentials are issued under; None where this server issues none."""
    key: str = current_app.config["SECRET_KEY"]
    return credentials.issuing_site(current_app.extensions["bv.settings"].origin, key.encode())


def issuers() -> Issuers:
    """Return the issuers by which a check for anybody goes: this server's own, and whoever somebody here trusts."""
    return recognition.issuers(db.session(), now=utc_now(), site=site())


@bp.get("/<uuid:provider>/did.json")
@allows_anyone
def did(provider: UUID) -> ResponseReturnValue:
    """Give a provider's public keys, as did:web asks for them."""
    known, here = _known(provider)
    document = credentials.did_document(db.session(), known.id, known.uuid, here)
    if document is None:
        abort(404)
    return for_all(cached(document, "application/json"))


@bp.get("/<uuid:provider>/status/<int:number>")
@allows_anyone
def status(provider: UUID, number: int) -> ResponseReturnValue:
    """Give a list of what a provider revoked, signed."""
    known, here = _known(provider)
    if number > 10_000 or credentials.did_document(db.session(), known.id, known.uuid, here) is None:
        abort(404)
    try:
        signer = credentials.signer(db.session(), known.id, known.uuid, here, now=utc_now())
    except KeysSealed:
        abort(503)
    address = credentials.address_of(here, known.uuid, number)
    document = credentials.list_credential(db.session(), known.id, address, number, signer)
    if document is None:
        abort(404)
    return for_all(cached(document, TYPES["json"]))


@bp.get("/<uuid:provider>/assessors/<uuid:endorser>/did.json")
@allows_anyone
def endorser_did(provider: UUID, endorser: UUID) -> ResponseReturnValue:
    """Give the keys that sign for somebody who endorses: their provider's, under a name of their own."""
    known, here = _known(provider)
    document = credentials.endorser_document(db.session(), known.id, known.uuid, endorser, here)
    if document is None:
        abort(404)
    return for_all(cached(document, "application/json"))


@bp.get("/<uuid:provider>/assessors/<uuid:endorser>/status/<int:number>")
@allows_anyone
def endorser_status(provider: UUID, endorser: UUID, number: int) -> ResponseReturnValue:
    """Give what was revoked of what they endorsed: their provider's list, signed as theirs."""
    known, here = _known(provider)
    args = db.session(), known.id, known.uuid
    if number > 10_000 or credentials.endorser_document(*args, endorser, here) is None:
        abort(404)
    try:
        signer = credentials.signer(*args, here, now=utc_now())
    except KeysSealed:
        abort(503)
    document = credentials.endorser_list(db.session(), known, endorser, number, here, signer)
    if document is None:
        abort(404)
    return for_all(cached(document, TYPES["json"]))


@bp.get("/<uuid:credential>/endorsements.json")
@allows_anyone
def endorsements(credential: UUID) -> ResponseReturnValue:
    """Give what assessors and managers signed beside a badge, as a presentation of endorsements."""
    _signed(credential)
    found = credentials.endorsed(db.session(), [credential]).get(credential, ())
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [json.loads(each.document) for each in found],
    }
    reply = current_app.response_class(json.dumps(document, ensure_ascii=False), mimetype="application/vp")
    reply.headers["Cache-Control"] = "private, no-cache"
    reply.headers["X-Robots-Tag"] = "noindex"
    return for_all(reply)


@bp.get("/<uuid:credential>")
@allows_anyone
def badge(credential: UUID) -> ResponseReturnValue:
    """Say in words what one badge of this server is worth today."""
    signed = _signed(credential)
    checked = credentials.check(signed.jwt.encode(), issuers(), now=utc_now())
    found = credentials.endorsed(db.session(), [credential]).get(credential, ())
    return render_template("public/credential.html", checked=CheckPage.of(checked, found), uuid=credential)


@bp.get("/<uuid:credential>.<any(jwt, json, png, svg):form>")
@allows_anyone
def badge_as(credential: UUID, form: str) -> ResponseReturnValue:
    """Give one badge to carry: as a token, as JSON-LD, or inside a picture."""
    signed = _signed(credential)
    if form == "jwt":
        body = signed.jwt.encode()
    elif form == "json":
        body = signed.document.encode()
    else:
        said = json.loads(signed.document)
        names = said["credentialSubject"]["identifier"]
        words = {"title": signed.view.name, "person": names[0]["identityHash"], "issuer": said["issuer"]["name"]}
        body = (png if form == "png" else svg)(signed.jwt, **words)
    reply = current_app.response_class(body, mimetype=TYPES[form])
    # It names somebody: whoever was given the address may keep it, what stands between may not.
    reply.headers["Cache-Control"] = "private, no-cache"
    reply.headers["X-Robots-Tag"] = "noindex"
    if form == "svg":
        reply.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return for_all(reply)


def _known(provider: UUID) -> tuple[ProviderView, Site]:
    here = site()
    found = providers.find_provider(db.session(), provider)
    if here is None or found is None:
        abort(404)
    return found, here


def _signed(credential: UUID) -> Signed:
    found = credentials.find_signed(db.session(), credential)
    if found is None:
        abort(404)
    return found


def cached(document: dict[str, Any], mimetype: str) -> Response:
    """Answer with a document that may be kept for some minutes, and is asked for anew by its tag."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    reply = current_app.response_class(body, mimetype=mimetype)
    reply.set_etag(hashlib.sha256(body).hexdigest()[:32])
    reply.headers["Cache-Control"] = f"public, max-age={credentials.KEEP}"
    reply.make_conditional(request)
    return reply


def for_all(reply: Response) -> Response:
    """Let pages of other sites read it: that is what it is for."""
    reply.headers["Access-Control-Allow-Origin"] = "*"
    reply.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return reply
