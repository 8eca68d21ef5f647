"""What a manager decides about an observation, a standard, or the certificate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import assessment
from app.assessment import AssessmentError, State
from app.extensions import db
from app.kernel import utc_now
from app.providers import MemberView, Role
from app.web.access import allows, current_person
from app.web.forms import Problems
from app.web.manager.blueprint import member_or_404, noted
from app.web.manager.days import typed
from app.web.manager.practice.blueprint import bp
from app.web.manager.practice.learner import learner_page


@bp.post("/<uuid:person>/seen/<uuid:observation>/take-back")
@allows(Role.MANAGER)
def take_back(person: UUID, observation: UUID) -> ResponseReturnValue:
    """Withdraw an observation, with the reason. It can be brought back."""
    field = f"reason-{observation}"

    def act(member: MemberView) -> Done | None:
        view = assessment.take_back(
            *_of(member), observation, reason=typed(field), now=utc_now(), by=current_person().id
        )
        said = "Taken back. It stays in the record and does not count. You can bring it back below."
        return Done("observation.taken-back", said, {"standard": view.standard}) if view else None

    return _decided(person, act, field)


@bp.post("/<uuid:person>/seen/<uuid:observation>/bring-back")
@allows(Role.MANAGER)
def bring_back(person: UUID, observation: UUID) -> ResponseReturnValue:
    """Undo a manager's withdrawal."""

    def act(member: MemberView) -> Done | None:
        view = assessment.bring_back(*_of(member), observation, now=utc_now(), by=current_person().id)
        said = "Brought back. It stands as it did before."
        return Done("observation.brought-back", said, {"standard": view.standard}) if view else None

    return _decided(person, act, f"reason-{observation}")


@bp.post("/<uuid:person>/seen/<uuid:observation>/countersign")
@allows(Role.MANAGER)
def countersign(person: UUID, observation: UUID) -> ResponseReturnValue:
    """Let an observation count that waits for a manager, with the reason."""
    field = f"words-{observation}"

    def act(member: MemberView) -> Done | None:
        view = assessment.countersign(
            *_of(member), observation, words=typed(field), now=utc_now(), by=current_person().id
        )
        if view is None:
            return None
        late = view.state is State.OUT_OF_SCOPE
        return Done(
            "observation.countersigned",
            "Decided. It counts as soon as the carer agrees with it."
            if late
            else "Decided. It counts from now on, unless its assessor was outside their scope.",
            {"standard": view.standard, "own": view.own},
        )

    return _decided(person, act, field)


@bp.post("/<uuid:person>/standards/<int:standard>/sign-off")
@allows(Role.MANAGER)
def sign_off(person: UUID, standard: int) -> ResponseReturnValue:
    """Sign a standard off: both halves have to be there."""

    def act(member: MemberView) -> Done | None:
        signed = assessment.sign_off(*_of(member), standard, now=utc_now(), by=current_person().id)
        said = f"Standard {standard} is signed off for {member.name}."
        return Done("standard.signed-off", said, {"standard": standard}) if signed else None

    return _decided(person, act, f"standard-{standard}")


@bp.post("/<uuid:person>/standards/<int:standard>/take-back")
@allows(Role.MANAGER)
def take_back_sign_off(person: UUID, standard: int) -> ResponseReturnValue:
    """Take a standard's sign-off back, with the reason."""
    field = f"reason-{standard}"

    def act(member: MemberView) -> Done | None:
        withdrawn = assessment.withdraw_sign_off(
            *_of(member), standard, reason=typed(field), now=utc_now(), by=current_person().id
        )
        said = f"Standard {standard} is not signed off any more. That it was stays in the record."
        return Done("standard.sign-off-taken-back", said, {"standard": standard}) if withdrawn else None

    return _decided(person, act, field)


@bp.post("/<uuid:person>/certificate/sign-off")
@allows(Role.MANAGER)
def sign_certificate(person: UUID) -> ResponseReturnValue:
    """Sign the whole certificate off, as the registered manager."""

    def act(member: MemberView) -> Done | None:
        signed = assessment.sign_certificate(*_of(member), now=utc_now(), by=current_person().id)
        said = f"The Care Certificate is signed off for {member.name}."
        return Done("certificate.signed-off", said) if signed else None

    return _decided(person, act, "certificate")


@bp.post("/<uuid:person>/certificate/take-back")
@allows(Role.MANAGER)
def take_back_certificate(person: UUID) -> ResponseReturnValue:
    """Take the certificate's sign-off back, with the reason."""
    field = "reason-certificate"

    def act(member: MemberView) -> Done | None:
        withdrawn = assessment.withdraw_sign_off(
            *_of(member), None, reason=typed(field), now=utc_now(), by=current_person().id
        )
        said = "The certificate is not signed off any more. That it was stays in the record."
        return Done("certificate.sign-off-taken-back", said) if withdrawn else None

    return _decided(person, act, field)


class Done(NamedTuple):
    """What was decided: how the audit trail names it, what is said, and what more is noted."""

    action: str
    words: str
    details: Mapping[str, int | bool] = MappingProxyType({})


def _of(member: MemberView) -> tuple[Session, int, int]:
    """Return where a decision about somebody is kept: the session, their provider and their id."""
    return db.session(), member.provider_id, member.person_id


def _decided(person: UUID, act: Callable[[MemberView], Done | None], field: str) -> ResponseReturnValue:
    """Decide something about a person, note it, and go back to their page; None: it was decided already.

    What has to be mended stands there at `field`, with what was typed.
    """
    member = member_or_404(person)
    try:
        done = act(member)
    except AssessmentError as error:
        db.session.rollback()
        if error.code == "your-own" and not error.field:
            # The page has no field for who may not decide.
            flash(str(error), "note")
            return redirect(url_for("practice.learner", person=person))
        problems = Problems()
        problems.add(field, str(error))
        return learner_page(person, problems)
    if done is None:
        flash("That was decided already.", "note")
    else:
        noted(done.action, member, **done.details)
        db.session.commit()
        flash(done.words, "done")
    return redirect(url_for("practice.learner", person=person))
