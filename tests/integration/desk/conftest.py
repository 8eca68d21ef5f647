"""The whole application, for the editor, the preview and the pictures of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from app import authoring
from app.authoring import DraftView
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from tests.support.content import example
from tests.support.content import picture as drawing
from tests.support.website import Browser, Place, app, bramble, browser, empty_tables, priya

__all__ = ["app", "bramble", "browser", "empty_tables", "priya"]


@dataclass
class AtTheDesk:
    """Priya at the desk with one draft, the example module that holds everything there is; Tom writes there too."""

    place: Place
    browser: Browser
    uuid: Any
    tom: int

    @property
    def address(self) -> str:
        return f"/staff/drafts/{self.uuid}"

    @property
    def draft(self) -> DraftView:
        """The draft as it is now."""
        return authoring.open_draft(db.session(), self.place.provider.id, self.uuid)

    def write(self, text: str, *, by: int | None = None) -> int:
        """Put a text in force, as Tom unless `by` says otherwise; returns its revision."""
        authoring.save(
            db.session(),
            self.place.provider.id,
            self.uuid,
            text,
            based_on=self.draft.revision,
            by=by or self.tom,
            now=utc_now(),
        )
        db.session.commit()
        return self.draft.revision

    def json(self, where: str, body: Any, *, token: str | None = None) -> Any:
        """Send JSON as the desk's script does, with the token of the page unless another is given."""
        fields = self.browser.get(self.address)
        own = fields.form(self.address)["csrf_token"]
        headers = {"Accept": "application/json", "X-CSRFToken": own if token is None else token}
        return self.browser.send("POST", f"{self.address}/{where}", json=body, headers=headers)


@pytest.fixture
def desk(bramble: Place, priya: Browser) -> AtTheDesk:
    """A draft that Priya began."""
    tom = bramble.add("Tom Price", Role.TRAINER).person_id
    now, mine = utc_now(), bramble.manager.person_id
    draft = authoring.start(db.session(), bramble.provider.id, mine, "On the stairs", "Safety", now=now)
    authoring.add_media(db.session(), bramble.provider.id, draft.uuid, "stairs.svg", drawing(), by=mine, now=now)
    text = example().replace("key: on-the-stairs", f"key: {draft.key}")
    authoring.save(db.session(), bramble.provider.id, draft.uuid, text, based_on=1, by=mine, now=now)
    db.session.commit()
    return AtTheDesk(place=bramble, browser=priya, uuid=draft.uuid, tom=tom)
