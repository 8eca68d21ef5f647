"""A person's copy of their record has their links and who looked; one a provider makes has none of it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Collection

from sqlalchemy.orm import Session

from app import privacy
from app.credentials import passport
from app.credentials.passport import LookKind
from tests.support.credentials import Issuing
from tests.support.passport import TOKEN, new_link
from tests.support.world import NOW

DOCUMENTS = ("passport-links", "passport-shown", "passport-taken-back", "passport-looks")


def copy(place: Issuing, places: Collection[int] | None, *, own: bool) -> tuple[dict[str, list[dict[str, str]]], str]:
    out = io.BytesIO()
    privacy.export(place.session, place.ngozi.person_id, places, out, now=NOW, own=own)
    with zipfile.ZipFile(out) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".json", ".html"))}
    return {name: json.loads(texts[f"{name}.json"]) for name in DOCUMENTS}, "".join(texts.values())


def shared(session: Session) -> tuple[Issuing, Issuing]:
    """Ngozi at Bramble, whose elective a link of hers shows that she made as somebody of Thistle."""
    bramble, thistle = Issuing(session), Issuing(session, "Thistle Care")
    bramble.passes_elective()
    bramble.line()
    items = [view.uuid for view in bramble.all()]
    for place, token in ((bramble, TOKEN), (thistle, "t" * 22)):
        link = new_link(items, token, whom="Somewhere new")
        passport.share(session, bramble.ngozi.person_id, place.provider.id, link, now=NOW)
        passport.take_back(session, bramble.ngozi.person_id, place.provider.id, link.uuid, now=NOW)
    opened = passport.links_of(session, bramble.ngozi.person_id, bramble.provider.id)[0]
    passport.open_again(session, bramble.ngozi.person_id, bramble.provider.id, opened.uuid, now=NOW)
    found = passport.open_link(session, TOKEN, now=NOW)
    assert found
    passport.note_look(session, found.link_id, LookKind.SAID, now=NOW, by="Sam Fox")
    session.commit()
    return bramble, thistle


def test_the_person_reads_all_of_it_and_a_provider_nothing(session: Session) -> None:
    bramble, thistle = shared(session)
    both = (bramble.provider.id, thistle.provider.id)
    own, words = copy(bramble, both, own=True)
    assert [len(own[name]) for name in DOCUMENTS] == [2, 2, 2, 1]
    assert [link["whom"] for link in own["passport-links"]] == ["Somewhere new"] * 2
    assert own["passport-looks"][0]["by"] == "Sam Fox"
    assert TOKEN not in words
    for place in (bramble, thistle):
        theirs, words = copy(bramble, (place.provider.id,), own=False)
        assert [theirs[name] for name in DOCUMENTS] == [[], [], [], []]
        assert "Somewhere new" not in words
    operators, _ = copy(bramble, None, own=False)
    assert len(operators["passport-links"]) == 2


def test_the_copy_from_a_phone_at_one_place_tells_nothing_of_what_another_signed(session: Session) -> None:
    bramble, thistle = shared(session)
    there, words = copy(bramble, (thistle.provider.id,), own=True)
    assert [len(there[name]) for name in DOCUMENTS] == [1, 0, 1, 0]
    assert "Falls at home" not in words
