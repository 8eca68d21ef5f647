"""The preview beside the text: one part of a draft in a frame, as a carer would meet it."""

from __future__ import annotations

import re
from uuid import UUID

from flask import Response, abort, current_app, request, url_for

from app import authoring
from app.content import build
from app.content.published import published_library
from app.extensions import db
from app.kernel import utc_now
from app.web.access import allows, current_membership
from app.web.trainer import framed
from app.web.trainer.blueprint import WRITERS, bp, draft_or_404

# Parts count from 1; what is longer is no part of a module that may be published.
PART = re.compile(r"[1-9][0-9]{0,4}")


@bp.get("/drafts/<uuid:draft>/preview/<part>")
@allows(*WRITERS)
def preview(draft: UUID, part: str) -> Response:
    """Show a part of the text as it was saved last. Only our own pages may frame it."""
    view = draft_or_404(draft)
    checked = authoring.check_draft(db.session(), current_membership().provider.id, draft, now=utc_now()).content
    built = build(checked.module, checked.media)
    # Whatever its fields say while they are being written, its addresses are those of this draft.
    edition = {**built.data, "key": view.key, "edition": max(1, built.data["edition"])}
    glossary = framed.words_in(view.text, published_library(db.session()).glossary)
    base = url_for("trainer.preview", draft=draft, part="").rstrip("/")
    asset = current_app.jinja_env.globals["asset"]
    assert callable(asset)
    if PART.fullmatch(part) and int(part) > len(edition["parts"]):
        # The part that was shown is gone: begin again.
        part = framed.START
    try:
        text = framed.page(edition, built.sha, built.media, glossary, at=part, base=base, asset=asset)
    except framed.NoSuchPart:
        abort(404)
    reply = Response(text, mimetype="text/html")
    reply.headers["Content-Security-Policy"] = framed.policy(request.host_url.rstrip("/"))
    return reply
