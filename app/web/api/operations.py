"""Every operation of the API in one table: its address, its view, and what goes in and out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from app.web.api import (
    catalogue,
    copies,
    devices,
    document,
    news,
    passkeys,
    passport,
    places,
    practice,
    push,
    records,
    state,
)
from app.web.api import passport_payloads as passport_wire
from app.web.api import payloads as wire
from app.web.api.practice_payloads import Practice

PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method at one address. `errors` are the statuses it may fail with, beside 500 and 503, which all may."""

    name: str
    method: str
    path: str
    view: Callable[..., ResponseReturnValue]
    summary: str
    status: int
    answer: type[BaseModel] | None
    answer_type: str = "application/json"
    takes: type[BaseModel] | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    query_needed: bool = True
    # A query that asks for another form of the answer: its name, its one value, and the model of that form.
    form: tuple[str, str, type[BaseModel]] | None = None
    errors: tuple[int, ...] = ()
    etag: bool = False
    # Headers it heeds, and those it answers with, also where nothing is new (204): each one's meaning by its name.
    headers: Mapping[str, str] = field(default_factory=dict)
    tells: Mapping[str, str] = field(default_factory=dict)

    @property
    def security(self) -> str | None:
        """Which token or cookie it wants, as its view's decorator says."""
        access: Any = getattr(self.view, "_access", None)
        if access is None or access.anyone:
            return None
        if access.feed:
            return "feed"
        return str(access.bearer.value) if access.bearer else "cookie"


OPERATIONS = (
    Operation(
        name="ping",
        method="GET",
        path="/ping",
        view=records.ping,
        summary="Prove that this is the server, and tell its time",
        status=200,
        answer=wire.Ping,
        query={"n": "1 to 100 plain characters, sent back as they came"},
        errors=(400,),
    ),
    Operation(
        name="enrol",
        method="POST",
        path="/devices",
        view=devices.enrol,
        summary="Give the signed-in person's phone its id and tokens (cookie, and header X-CSRFToken)",
        status=201,
        answer=wire.Enrolled,
        errors=(400, 401, 403),
    ),
    Operation(
        name="add_place",
        method="POST",
        path="/places",
        view=places.add_place,
        summary="Give this phone an id at the provider whose code it is, for somebody who is on it, by their PIN",
        status=201,
        answer=wire.Enrolled,
        takes=wire.AddPlace,
        errors=(400, 401, 403, 409, 413, 415, 429),
    ),
    Operation(
        name="rotate",
        method="POST",
        path="/devices/rotate",
        view=devices.rotate,
        summary="Give a phone that shares its id with another a new one",
        status=201,
        answer=wire.Rotated,
        query={"n": "1 to 100 plain characters, sent back as they came"},
        query_needed=False,
        errors=(400, 401),
    ),
    Operation(
        name="end_phone",
        method="POST",
        path="/devices/end",
        view=devices.end,
        summary="End this phone's tokens: its person took themselves off it",
        status=200,
        answer=wire.Ended,
        errors=(401,),
    ),
    Operation(
        name="sign_in",
        method="POST",
        path="/sign-in",
        view=devices.sign_in,
        summary="Give an enrolled phone new tokens for its person's PIN",
        status=200,
        answer=wire.SignedIn,
        takes=wire.SignIn,
        errors=(400, 401, 403, 413, 415, 429),
    ),
    Operation(
        name="offer_sign_in_by_passkey",
        method="POST",
        path="/sign-in/passkey/options",
        view=passkeys.offer_sign_in,
        summary="What a passkey has to answer to sign in: the same for everybody, good once and for five minutes",
        status=200,
        answer=wire.PasskeyChallenge,
        takes=wire.PasskeyAsked,
        errors=(400, 413, 415),
    ),
    Operation(
        name="sign_in_by_passkey",
        method="POST",
        path="/sign-in/passkey",
        view=passkeys.sign_in,
        summary="Give an enrolled phone new tokens for its person's passkey",
        status=200,
        answer=wire.SignedIn,
        takes=wire.PasskeySignIn,
        errors=(400, 401, 403, 413, 415, 429),
    ),
    Operation(
        name="offer_passkey",
        method="POST",
        path="/passkey/options",
        view=passkeys.offer_new,
        summary="What passkey this phone is to make, for its person's PIN",
        status=200,
        answer=wire.PasskeyChallenge,
        takes=wire.PinShown,
        errors=(400, 401, 403, 413, 415, 429),
    ),
    Operation(
        name="add_passkey",
        method="POST",
        path="/passkey",
        view=passkeys.add,
        summary="Keep the passkey this phone made, with the ticket its person's PIN was given for",
        status=201,
        answer=wire.PasskeyAdded,
        takes=wire.NewPasskey,
        errors=(400, 401, 403, 413, 415, 429),
    ),
    Operation(
        name="remove_passkey",
        method="POST",
        path="/passkey/remove",
        view=passkeys.remove,
        summary="Take this person's passkeys away on all their phones, for their PIN",
        status=200,
        answer=wire.PasskeyRemoved,
        takes=wire.PinShown,
        errors=(400, 401, 403, 413, 415, 429),
    ),
    Operation(
        name="send_records",
        method="POST",
        path="/records",
        view=records.send_records,
        summary="Take in a batch of records, at most 1,000 of at most 64 KB each (Content-Encoding: gzip allowed)",
        status=200,
        answer=wire.BatchReply,
        takes=wire.BatchSent,
        errors=(400, 401, 409, 413, 415),
    ),
    Operation(
        name="state",
        method="GET",
        path="/state",
        view=state.read_state,
        summary="Everything the server knows that this person's phone shows",
        status=200,
        answer=wire.State,
        errors=(401, 403),
        etag=True,
    ),
    Operation(
        name="news",
        method="GET",
        path="/news",
        view=news.read_news,
        summary="What is not as the phone has it: of the state, of the modules its person is asked for, of words",
        status=200,
        answer=wire.News,
        headers={
            news.HERE: "What the phone has: `here` of the last news, the figures of this person's modules, and one"
            " of the others, with dots between; left out by a phone that has nothing",
            news.HELD: "8 to 32 hexadecimal digits, and the phone ids to tell the figures of, with spaces between",
        },
        tells={news.HELD: "The same digits, the server's time in ms, and `n:x` for each phone id"},
        errors=(401, 403),
    ),
    Operation(
        name="library",
        method="GET",
        path="/library",
        view=news.read_library,
        summary="The modules this person is not asked for, in the parts that the phone does not have",
        status=200,
        answer=wire.Library,
        headers={news.HERE: "The figures of those of them the phone has; left out by a phone that has none"},
        errors=(401, 403),
    ),
    Operation(
        name="catalogue",
        method="GET",
        path="/catalogue",
        view=catalogue.read_catalogue,
        summary="The modules this person's provider offers",
        status=200,
        answer=wire.Catalogue,
        form=("form", "short", wire.ShortCatalogue),
        errors=(401, 403),
        etag=True,
    ),
    Operation(
        name="summaries",
        method="GET",
        path="/summaries",
        view=catalogue.read_summaries,
        summary="What each of these modules is about, for searching them with no signal",
        status=200,
        answer=wire.Summaries,
        errors=(401, 403),
        etag=True,
    ),
    Operation(
        name="push",
        method="POST",
        path="/push",
        view=push.subscribe,
        summary="Show this person's messages on this phone's lock screen: only from whom one waits, never its words",
        status=201,
        answer=wire.PushStands,
        takes=wire.PushAsked,
        errors=(400, 401, 413, 415),
    ),
    Operation(
        name="end_push",
        method="POST",
        path="/push/end",
        view=push.unsubscribe,
        summary="Show no messages on this phone's lock screen any more",
        status=200,
        answer=wire.PushStands,
        errors=(401,),
    ),
    Operation(
        name="practice",
        method="GET",
        path="/practice",
        view=practice.read_practice,
        summary="Practice observed: what this person may watch, has watched, is to confirm, and has shown",
        status=200,
        answer=Practice,
        errors=(401, 403),
        etag=True,
    ),
    Operation(
        name="passport",
        method="GET",
        path="/passport",
        view=passport.read_passport,
        summary="What this person can show of this phone's place, signed, and the links they made to show it",
        status=200,
        answer=passport_wire.Passport,
        errors=(401, 403),
        etag=True,
    ),
    Operation(
        name="learning_record",
        method="GET",
        path="/passport/record",
        view=passport.learning_record,
        summary="What holds of it today as a Comprehensive Learner Record 2.0, signed by this phone's provider",
        status=200,
        answer=None,
        answer_type="application/vc",
        errors=(400, 401, 403),
    ),
    Operation(
        name="share_passport",
        method="POST",
        path="/passport/links",
        view=passport.share,
        summary="Make a link that shows some of it until a day",
        status=201,
        answer=passport_wire.Links,
        takes=passport_wire.NewLinkSent,
        errors=(400, 401, 403, 413, 415),
    ),
    Operation(
        name="print_passport",
        method="POST",
        path="/passport/pdf",
        view=passport.share_printed,
        summary="Make such a link, and give what it shows as a PDF with the link in it",
        status=200,
        answer=None,
        answer_type="application/pdf",
        takes=passport_wire.NewLinkSent,
        errors=(400, 401, 403, 413, 415),
    ),
    Operation(
        name="take_link_back",
        method="POST",
        path="/passport/links/end",
        view=passport.take_back,
        summary="Let a link open nothing from now on",
        status=200,
        answer=passport_wire.Links,
        takes=passport_wire.WhichLink,
        errors=(400, 401, 403, 404, 413, 415),
    ),
    Operation(
        name="open_link_again",
        method="POST",
        path="/passport/links/again",
        view=passport.open_again,
        summary="Undo taking a link back",
        status=200,
        answer=passport_wire.Links,
        takes=passport_wire.WhichLink,
        errors=(400, 401, 403, 404, 413, 415),
    ),
    Operation(
        name="export",
        method="POST",
        path="/export",
        view=copies.export,
        summary="What this phone's provider and the person's present ones hold of them, as a ZIP, for their PIN",
        status=200,
        answer=None,
        answer_type="application/zip",
        takes=wire.CopyAsked,
        errors=(400, 401, 413, 415, 429),
    ),
    Operation(
        name="openapi",
        method="GET",
        path="/openapi.json",
        view=document.read_document,
        summary="This description",
        status=200,
        answer=None,
    ),
)
