"""Publishing small editions into the database, without going through Markdown."""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import brotli
from sqlalchemy.orm import Session

from app.content.models import Document, Edition, Media
from tests.support.world import NOW

FIRST_DAY = NOW - timedelta(days=200)


def canonical(data: Any) -> bytes:
    """JSON as editions have it."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def publish(session: Session, body: dict[str, Any], **more: Any) -> str:
    """Publish an edition in the pack "core" and return its sha; commits. `more` is what `add_edition` takes."""
    sha = add_edition(session, body, **more)
    session.commit()
    return sha


def add_edition(
    session: Session,
    body: dict[str, Any],
    *,
    at: datetime = FIRST_DAY,
    topic: str = "13-health-and-safety",
    answer_key: dict[str, Any] | None = None,
) -> str:
    """Add an edition in the pack "core" and return its sha. Nobody commits."""
    data = canonical(body)
    sha = hashlib.sha256(data).hexdigest()
    names = (
        "summary",
        "minutes",
        "lang",
        "criteria",
        "pass",
        "valid_for_months",
        "pocket",
        "checked_by",
        "media",
        "asc_wds",
    )
    br = brotli.compress(data)
    session.add(
        Edition(
            sha=sha,
            module=body["key"],
            number=body["edition"],
            change=body["change"],
            title=body["title"],
            pack="core",
            topic=topic,
            source=body["source"],
            body=data,
            br=br,
            gz=gzip.compress(data),
            wire_bytes=len(br),
            listing=json.dumps({name: body[name] for name in names if name in body}),
            answer_key=json.dumps(answer_key or {}),
            published_at=at,
        )
    )
    session.flush()
    return sha


def publish_document(session: Session, kind: str, name: str, data: dict[str, Any]) -> str:
    """Publish a pack, framework or glossary and return its sha; commits."""
    body = canonical({"format": 1, "kind": kind, **data})
    sha = hashlib.sha256(body).hexdigest()
    br = brotli.compress(body)
    session.add(
        Document(
            sha=sha,
            kind=kind,
            name=name,
            body=body,
            br=br,
            gz=None,
            wire_bytes=len(br),
            published_at=FIRST_DAY,
            in_force=True,
        )
    )
    session.commit()
    return sha


def publish_core(session: Session) -> None:
    """Publish a pack "core" with two topics, a framework with two standards, and a glossary of one word."""
    topics = [
        {"key": "13-health-and-safety", "title": "Health and safety", "standard": 13},
        {"key": "06-communication", "title": "Communication", "standard": 6},
    ]
    pack = {
        "key": "core",
        "title": "Core",
        "publisher": "Us",
        "licence": "CC-BY-4.0",
        "framework": "care-certificate-2025",
    }
    publish_document(session, "pack", "core", {**pack, "topics": topics})
    criteria = [("13.1a", "knowledge"), ("13.1b", "knowledge"), ("13.2a", "practice")]
    outcome = {"code": "13.1", "text": "…", "criteria": [{"code": c, "kind": k, "text": "…"} for c, k in criteria]}
    standards = [{"number": 13, "title": "Health and safety", "outcomes": [outcome]}]
    framework = {"key": "care-certificate-2025", "title": "The Care Certificate", "standards": standards}
    publish_document(session, "framework", "care-certificate-2025", framework)
    publish_document(session, "glossary", "en", {"words": {"sepsis": "when the body fights an infection too hard"}})


def publish_picture(session: Session, body: bytes = b'<svg xmlns="http://www.w3.org/2000/svg"/>') -> str:
    """Publish a picture and return its sha; commits."""
    sha = hashlib.sha256(body).hexdigest()
    session.add(
        Media(
            sha=sha,
            type="image/svg+xml",
            kind="picture",
            body=body,
            br=brotli.compress(body),
            gz=None,
            published_at=FIRST_DAY,
        )
    )
    session.commit()
    return sha
