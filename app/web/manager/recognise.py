"""Taking in a passport: what somebody shows of another provider, looked at item by item before anything is kept."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import BoundedSemaphore
from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import messages, requirements
from app.credentials import TooBusy, Unreadable
from app.credentials.presenting import MOST_FILE
from app.extensions import db
from app.interop import recognition
from app.interop.recognition import Fetch, Item, PassportError, Preview
from app.kernel import DomainError, begin_write, utc_now
from app.providers import MemberView, Role
from app.web import words
from app.web.access import allows, current_membership, current_person
from app.web.forms import Problems
from app.web.manager import concerns
from app.web.manager.blueprint import bp, member_or_404, noted
from app.web.manager.recognise_page import ItemCard, Offered, StrangerCard
from app.web.public.credentials import site

# Checking strangers' files takes a processor, and asking others takes time: so many at once in this process.
AT_ONCE = BoundedSemaphore(2)
MOST_CARRIED = 460_000
RECOGNISE, DECLINE = "recognise", "decline"


def fetch() -> Fetch:
    """Return how other servers are asked here."""
    return recognition.fetching(anywhere=current_app.extensions["bv.settings"].follow == "any")


@bp.route("/<uuid:person>/passport", methods=["GET", "POST"])
@allows(Role.MANAGER)
def take_in_passport(person: UUID) -> ResponseReturnValue:
    """Look at a passport by link, file or text; trust who signed it; recognise or decline each of its parts."""
    member, problems = member_or_404(person), Problems()
    link = request.values.get("link", "")
    if request.method == "POST":
        step = request.form.get("step", "look")
        try:
            with one_of_few():
                data = _carried() if "carried" in request.form else _given(link)
                if step == "trust":
                    _trust(problems)
                if step == "decide":
                    return _decide(member, data)
                return _preview(member, data, problems, request.form.to_dict())
        except (PassportError, Unreadable) as error:
            db.session.rollback()
            problems.add_error(error, "file")
    page = render_template("manager/passport.html", member=member, link=link, problems=problems)
    return page, 400 if problems else 200


@contextmanager
def one_of_few() -> Iterator[None]:
    """Let a few at once go on; others are told that the server is busy."""
    if not AT_ONCE.acquire(blocking=False):
        abort(503)
    try:
        yield
    except TooBusy:
        abort(503)
    finally:
        AT_ONCE.release()


def _given(link: str) -> bytes:
    """Return what was uploaded, pasted or lies at the link. Raises PassportError with the field to mend."""
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        with sent.stream as stream:
            return stream.read(MOST_FILE + 1)
    pasted = request.form.get("text", "").strip()
    if pasted:
        return pasted.encode()
    if not link.strip():
        raise PassportError("Paste the link, pick the file, or paste its text.", field="link")
    db.session.rollback()  # nothing is held while another server is asked
    return recognition.passport_at(link, fetch(), MOST_FILE)


def _carried() -> bytes:
    """Return the passport that the page before carried here. It is read as strictly as the first time."""
    unpack = zlib.decompressobj()
    try:
        raw = unpack.decompress(base64.urlsafe_b64decode(request.form["carried"]), MOST_FILE + 1)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise PassportError("The passport did not come through whole. Take it in anew.", field="link") from error
    if not unpack.eof and len(raw) <= MOST_FILE:
        raise PassportError("The passport did not come through whole. Take it in anew.", field="link")
    return raw


def _look(member: MemberView, data: bytes) -> Preview:
    """Ask those who are trusted what they withdrew, and return what the passport holds."""
    session, now, here = db.session(), utc_now(), site()
    looked = recognition.ask(session, recognition.signed_by(data), fetch(), now=now)
    if looked:
        begin_write(session)
        recognition.take_in(session, looked, site=here, now=now)
        session.commit()
    return recognition.preview(session, member_or_404(member.person_uuid), data, fetch=fetch(), site=here, now=now)


def _preview(member: MemberView, data: bytes, problems: Problems, given: Mapping[str, str]) -> ResponseReturnValue:
    carried = base64.urlsafe_b64encode(zlib.compress(data, 9)).decode("ascii")
    if len(carried) > MOST_CARRIED:
        raise PassportError("There is too much in it to look through at once. Ask for it in parts.", field="file")
    found = _look(member, data)
    page = render_template(
        "manager/passport-preview.html",
        member=member,
        found=words.count(len(found.items), "part", "parts"),
        items=[ItemCard.of(each, given) for each in found.items],
        strangers=[StrangerCard.of(each, given) for each in found.strangers],
        unheard=found.unheard,
        offered=Offered.of(found.targets, requirements.trainings(db.session(), member.provider_id)),
        any_open=any(each.statement is not None for each in found.items),
        carried=carried,
        problems=problems,
    )
    return page, 400 if problems else 200


def _trust(problems: Problems) -> None:
    """Trust an issuer with the keys that were shown, or say in `problems` what is missing."""
    session, now = db.session(), utc_now()
    did, shown = request.form.get("did", ""), request.form.get("fingerprint", "")
    session.rollback()
    try:
        document = recognition.fetch_document(did, fetch())
        if recognition.fingerprint(document) != shown:
            raise PassportError("Its keys changed while you looked. Compare them again.", field="reason")
        provider = current_membership().provider
        begin_write(session)
        recognition.trust(
            session,
            provider.id,
            document,
            request.form.get("name", ""),
            request.form.get("reason", ""),
            now=now,
        )
        recognition.settle(session, did, site=site(), now=now)
        noted("issuer.trusted", issuer=recognition.host_of(did))
        session.commit()
    except PassportError as error:
        session.rollback()
        problems.add(f"reason-{recognition.mark_of(did)}", str(error))


def _decide(member: MemberView, data: bytes) -> ResponseReturnValue:
    """Carry out what was chosen for each part: all of it, or nothing with what is to be mended."""
    session, now, typed = db.session(), utc_now(), request.form.to_dict()
    found = _look(member, data)
    problems = Problems()
    begin_write(session)
    recognised: list[str] = []
    declined = 0
    for item in found.items:
        choice = typed.get(f"choice-{item.mark}", "")
        if choice not in (RECOGNISE, DECLINE) or item.statement is None:
            continue
        reason = typed.get(f"reason-{item.mark}", "")
        args = session, member.provider_id, member.person_id, item
        try:
            if choice == DECLINE:
                untouched = reason.strip() == recognition.ACCEPT_REASON
                reason = recognition.DECLINE_REASON if untouched else reason
                uuid = recognition.decline(*args, reason, now=now, by=current_person().id)
                noted("recognition.declined", member, training=str(uuid))
                declined += 1
            else:
                target, training = _stands_for(found, item, typed, member)
                uuid = recognition.recognise(
                    *args,
                    reason,
                    target=target,
                    training=training,
                    same_person=typed.get(f"same-{item.mark}") == "yes",
                    now=now,
                    by=current_person().id,
                )
                noted("recognition.accepted", member, training=str(uuid))
                recognised.append(item.title)
        except DomainError as error:
            field = error.field if error.field in ("reason", "choice", "same", "maps") else "choice"
            problems.add(f"{field}-{item.mark}", str(error))
    if not problems and not recognised and not declined:
        problems.add(f"choice-{found.items[0].mark}", "Choose what to do with at least one of them.")
    if problems:
        session.rollback()
        return _preview(member, data, problems, typed)
    concerns.carry_out([member.person_id])
    if recognised:
        _tell(member, recognised, found)
    session.commit()
    told = [words.count(len(recognised), "part is recognised", "parts are recognised")] if recognised else []
    told += [words.count(declined, "part is declined", "parts are declined")] if declined else []
    flash(f"{words.listed(told)}. A mistake? Decide again below: the latest counts.", "done")
    return redirect(url_for("manager.recognised_page", person=member.person_uuid))


def _stands_for(
    found: Preview, item: Item, typed: Mapping[str, str], member: MemberView
) -> tuple[recognition.Target | None, UUID | None]:
    """Return what a part shall stand in for: something of ours, or a training of the list. Raises PassportError."""
    chosen = typed.get(f"maps-{item.mark}", "")
    if chosen == "nothing":
        return None, None
    if chosen in found.targets.by_key:
        return found.targets.by_key[chosen], None
    for each in requirements.trainings(db.session(), member.provider_id):
        if chosen == recognition.training_key(each.uuid):
            return None, each.uuid
    raise PassportError("Pick what it stands in for here.", code="no-target", field="maps")


def _tell(member: MemberView, recognised: list[str], found: Preview) -> None:
    """Let the person know on their phone: what counts from elsewhere is not among what they finished here."""
    first = next((each for each in found.items if each.title == recognised[0]), found.items[0])
    more = f" and {len(recognised) - 1} more" if len(recognised) > 1 else ""
    messages.send(
        db.session(),
        member.provider_id,
        member.person_id,
        text=f"Recognised from {first.checked.issuer[:80]}: {recognised[0][:120]}{more}. You need not take that again "
        "here. My record counts it in the standards.",
        kind=messages.Kind.MESSAGE,
        by=current_person().id,
        now=utc_now(),
    )
