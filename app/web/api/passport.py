"""A person's passport on their phone: what they can show, and the links by which they show it.

Of one place: what another provider of theirs signed comes with the phone id they have there. Leaving a place takes
neither away. None of it is in the provider's audit trail: whom somebody shows what they can do is their own business.
"""

from __future__ import annotations

import base64
import json
from uuid import UUID

from flask import Response, abort, current_app
from flask.typing import ResponseReturnValue

from app import credentials, providers
from app.content.exports.pdf import PdfMissing
from app.credentials import KeysSealed, passport
from app.credentials.passport import Form, Item, LinkView, NewLink, PassportError
from app.credentials.passport.rules import standard_of
from app.extensions import db
from app.identity import Bearer
from app.kernel import begin_write, utc_now
from app.providers import ProviderView
from app.web.access import allows_bearer, current_bearer
from app.web.api import passport_payloads as wire
from app.web.api.place import PlaceEnded
from app.web.api.reading import read
from app.web.api.replies import reply, reply_unless_known, server_id
from app.web.public.credentials import site
from app.web.public.passport import pdf_of
from app.web.public.passport_paper import room

NO_PDF = "This server cannot make PDFs. Make a link instead."


@allows_bearer("read")
def read_passport() -> Response:
    """Send what this person can show, whole, with the links they made."""
    who, provider = _place()
    return reply_unless_known(
        wire.Passport(
            server=server_id(),
            signs=site() is not None,
            items=[_item(each) for each in passport.passport_of(db.session(), provider, who.person_id)],
            links=_links(who, provider),
        )
    )


@allows_bearer("read")
def learning_record() -> ResponseReturnValue:
    """Give what this place signed and what holds today, as one record that the provider signs."""
    (who, provider), here, now = _place(), site(), utc_now()
    holding = passport.holding_of(db.session(), provider.id, who.person_id, now=now)
    if here is None:
        raise PassportError("This server does not sign yet, so it can make no learning record.", code="not-signing")
    if not holding:
        raise PassportError("Nothing that is signed holds today.", code="nothing-signed")
    member = providers.find_member(db.session(), provider.id, who.person_id)
    try:
        signer = credentials.signer(db.session(), provider.id, provider.uuid, here, now=now)
    except KeysSealed:
        abort(503)
    with room() as free:
        if not free:
            abort(503)
        made = passport.clr(
            holding,
            signer=signer,
            issuer=provider.name,
            person=who.person_uuid,
            name=member.name if member else who.person_name,
            now=now,
        )
    body = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    return current_app.response_class(body, mimetype="application/vc")


@allows_bearer("read")
def share() -> Response:
    """Make a link. Safe to repeat."""
    (who, provider), sent = _place(), read(wire.NewLinkSent)
    _make(who, provider, sent, Form.LINK)
    return _told(who, provider, 201)


@allows_bearer("read")
def share_printed() -> ResponseReturnValue:
    """Make a link, and give it as a PDF with what it shows."""
    (who, provider), sent = _place(), read(wire.NewLinkSent)
    with room() as free:
        if not free:
            abort(503)
        _make(who, provider, sent, Form.PDF)
        try:
            opened = passport.open_link(db.session(), sent.token, now=utc_now())
            if opened is None:
                raise PassportError("This link was taken back. Make another one.", code="passport-taken")
            body = pdf_of(sent.token, opened)
        except PdfMissing:
            begin_write(db.session())
            passport.take_back(db.session(), who.person_id, provider.id, UUID(sent.id), now=utc_now())
            db.session.commit()
            raise PassportError(NO_PDF, code="pdf-missing") from None
    return current_app.response_class(body, mimetype="application/pdf")


@allows_bearer("read")
def take_back() -> Response:
    """Let a link open nothing from now on. Safe to repeat."""
    (who, provider), sent = _place(), read(wire.WhichLink)
    passport.take_back(db.session(), who.person_id, provider.id, UUID(sent.id), now=utc_now())
    db.session.commit()
    return _told(who, provider)


@allows_bearer("read")
def open_again() -> Response:
    """Undo taking a link back. Safe to repeat."""
    (who, provider), sent = _place(), read(wire.WhichLink)
    passport.open_again(db.session(), who.person_id, provider.id, UUID(sent.id), now=utc_now())
    db.session.commit()
    return _told(who, provider)


def _place() -> tuple[Bearer, ProviderView]:
    """Return who asks, and the provider their phone id is of: also when they have left it. Raises PlaceEnded."""
    who = current_bearer()
    provider = None if who.provider_id is None else providers.find_provider(db.session(), who.provider_id)
    if provider is None:
        raise PlaceEnded("Join with a code first: your passport is of where you work.")
    return who, provider


def _make(who: Bearer, provider: ProviderView, sent: wire.NewLinkSent, form: Form) -> None:
    new = NewLink(
        uuid=UUID(sent.id),
        token=sent.token,
        items=tuple(UUID(each) for each in sent.items),
        whom=sent.for_,
        days=sent.days,
        form=form,
    )
    passport.share(db.session(), who.person_id, provider.id, new, now=utc_now())
    db.session.commit()


def _told(who: Bearer, provider: ProviderView, status: int = 200) -> Response:
    return reply(wire.Links(server=server_id(), links=_links(who, provider)), status)


def _item(item: Item) -> wire.PassportItemSent:
    return wire.PassportItemSent(
        id=str(item.uuid) if item.uuid else None,
        kind=item.kind.value,
        standard=standard_of(item.achievement),
        name=item.name,
        at=item.at,
        until=item.valid_until,
        withdrawn=item.withdrawn_at,
        why=item.withdrawn_reason or None,
        signed=_apart(item.jwt) if item.jwt else None,
    )


def _apart(jwt: str) -> wire.SignedSent:
    head, body, signature = jwt.split(".")
    return wire.SignedSent(head=_text(head), body=_text(body), signature=signature)


def _text(part: str) -> str:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()


def _links(who: Bearer, provider: ProviderView) -> list[wire.LinkSent]:
    return [_link(each) for each in passport.links_of(db.session(), who.person_id, provider.id)]


def _link(link: LinkView) -> wire.LinkSent:
    return wire.LinkSent(
        id=str(link.uuid),
        form=link.form.value,
        for_=link.whom,
        since=link.since,
        until=link.until,
        taken_back=link.taken_back_at,
        items=[str(each) for each in link.items],
        others=link.others,
        looks=[wire.LookSent(kind=each.kind.value, at=each.at, by=each.by or None) for each in link.looks],
    )
