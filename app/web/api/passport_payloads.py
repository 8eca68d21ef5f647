"""What goes over the wire about a passport. The OpenAPI document is made from these models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.web.api.payloads import FromPhone, Moment, Ours, Uuid, Wire

PassportKind = Literal["knowledge", "practice", "standard", "certificate", "elective"]
LookWord = Literal["page", "json", "clr", "pdf", "said"]


class SignedSent(Wire):
    """A VC-JWT taken apart, as so it packs to a third: the token is `head` and `body` in base64url, and `signature`.

    The bytes of `head` and `body` are signed: they are UTF-8 and encoded as they came.
    """

    head: str
    body: str
    signature: str


class PassportItemSent(Wire):
    """One thing this person can show. `id` and `signed` are left out while it is met and not signed.

    `standard`: the number of the standard it is about, null for none. `withdrawn`: it was taken back, and `why`.
    """

    id: Uuid | None = None
    kind: PassportKind
    standard: int | None
    name: str
    at: Moment
    until: Moment | None = None
    withdrawn: Moment | None = None
    why: str | None = None
    signed: SignedSent | None = None


class LookSent(Wire):
    """One look at a link: what was had of it, and who it was if they said so."""

    kind: LookWord
    at: Moment
    by: str | None = None


class LinkSent(Wire):
    """A link, without its token: that is on the phone that made it alone. `others`: things of another place in it."""

    id: Uuid
    form: Literal["link", "pdf"]
    for_: str = Field(alias="for")
    since: Moment
    until: Moment
    taken_back: Moment | None = None
    items: list[Uuid]
    others: int
    looks: list[LookSent]


class Links(Ours):
    """The links this person made with this phone's place, the newest first."""

    links: list[LinkSent]


class Passport(Links):
    """What this person can show of this phone's place. `signs`: this server signs what is met."""

    signs: bool
    items: list[PassportItemSent]


class NewLinkSent(FromPhone):
    """A link to be made. The phone makes `id` and `token`, so that sending it twice makes one."""

    id: Uuid
    token: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}$")]
    items: list[Uuid]
    for_: str = Field(alias="for", default="")
    days: int


class WhichLink(FromPhone):
    """A link to take back or to open again."""

    id: Uuid
