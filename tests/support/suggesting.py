"""A server that publishes a module and offers it, and suggestions as other servers send them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from app.content import load, service
from app.content import queries as content
from app.content.sharing import editions_here
from app.extensions import db
from app.interop import sharing
from app.kernel import utc_now
from tests.support.sharing import Shelf
from tests.support.website import KEY, Browser

MODULE = "on-the-landing"
WAS, BETTER = "sixth stair", "fourth stair"
REASON = "Our stairs have only five steps."


@dataclass
class OwnServer:
    """This server, with a pack of its own of one module."""

    shelf: Shelf

    def publish(self, *changes: tuple[str, str], edition: int = 1, change: str = "minor") -> None:
        self.shelf.module(MODULE, *changes, edition=edition, change=change)
        self.publish_folder()

    def publish_folder(self) -> None:
        report = service.publish(db.session(), load(self.shelf.root), now=utc_now())
        assert report.refused == (), report.refused
        db.session.commit()

    def offer(self) -> None:
        sharing.offer(
            db.session(), self.shelf.pack, name="Thistle", default_name="?", secret=KEY.encode(), now=utc_now()
        )
        db.session.commit()

    @property
    def text(self) -> str:
        """The text of the newest edition."""
        found = content.text_of(db.session(), content.editions_of(db.session(), MODULE)[-1].sha)
        assert found is not None
        return found

    def suggestion(self, *, number: int = 1, text: str | None = None, **changes: Any) -> dict[str, Any]:
        """A suggestion as another server sends it, written on edition `number`."""
        sha = content.editions_of(db.session(), MODULE)[number - 1].sha
        own = content.text_of(db.session(), sha) or ""
        by = {"provider": "Bramble Home Care", "person": None, "credit": True, **changes.pop("by", {})}
        return {
            "format": 1,
            "kind": "suggestion",
            "id": str(uuid4()),
            "module": MODULE,
            "edition": number,
            "source": editions_here(db.session())[MODULE][number].source,
            "text": own.replace(WAS, BETTER) if text is None else text,
            "reason": REASON,
            "licence": "CC-BY-4.0",
            "by": by,
            "made_at": "2026-11-20T10:00:00Z",
            **changes,
        }


def own_server(folder: Path) -> OwnServer:
    """Publish a shelf's module; committed."""
    made = OwnServer(Shelf(folder / "shelf", "thistle"))
    made.publish()
    return made


def send(browser: Browser, suggestion: Any, **more: Any) -> Any:
    """Send a suggestion to the inbox, as another server does."""
    body = suggestion if isinstance(suggestion, bytes) else json.dumps(suggestion, ensure_ascii=False).encode()
    given = {"content_type": "application/json", **more}
    return browser.send("POST", "/catalogue/suggestions", data=body, **given)


def answer(browser: Browser, receipt: str) -> dict[str, Any]:
    """What became of a suggestion, as another server asks."""
    reply = browser.send("GET", f"/catalogue/suggestions/{receipt}.json")
    assert reply.status_code == 200
    found: dict[str, Any] = json.loads(reply.data)
    return found
