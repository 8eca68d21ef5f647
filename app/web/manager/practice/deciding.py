"""What a manager decides about an observation, a standard, or the certificate."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app import assessment
from app.assessment import AssessmentError, State
from app.extensions import db
from app.kernel import utc_now
from app.providers import Role
from app.web.access import allows, current_person
from app.web.forms import Problems
from app.web.manager.blueprint import member_or_404, noted
from app.web.manager.practice.blueprint import bp, typed
from app.web.manager.practice.learner import learner_page


@bp.post("/<uuid:person>/seen/<uuid:observation>/take-back")
@allows(Role.MANAGER)
def take_back(person: UUID, observation: UUID) -> ResponseReturnValue:
    """Withdraw an observation, with the reason. It can be brought back."""
    member = member_or_404(person)

    def act() -> str:
        view = assessment.take_back(
            db.session(),
            member.provider_id,
            member.person_id,
            observation,
            reason=typed(f"reason-{observation}"),
            now=utc_now(),
            by=current_person().id,
        )
        if view is None:
            return ""
        noted("observation.taken-back", member, standard=view.standard)
        return "Taken back. It stays in the record and does not count. You can bring it back below."

    return _done(person, act, f"reason-{observation}")


@bp.post("/<uuid:person>/seen/<uuid:observation>/bring-back")
@allows(Role.MANAGER)
def bring_back(person: UUID, observation: UUID) -> ResponseReturnValue:
    """Undo a manager's withdrawal."""
    member = member_or_404(person)

    def act() -> str:
        view = assessment.bring_back(
            db.session(), member.provider_id, member.person_id, observation, now=utc_now(), by=current_person().id
        )
        if view is None:
            return ""
        noted("observation.brought-back", member, standard=view.standard)
        return "Brought back. It stands as it did before."

    return _done(person, act, f"reason-{observation}")


@bp.post("/<uuid:person>/seen/<uuid:observation>/countersign")
@allows(Role.MANAGER)
def countersign(person: UUID, observation: UUID) -> ResponseReturnValue:
    """Let an observation count that waits for a manager, with the reason."""
    member = member_or_404(person)

    def act() -> str:
        view = assessment.countersign(
            db.session(),
            member.provider_id,
            member.person_id,
            observation,
            words=typed(f"words-{observation}"),
            now=utc_now(),
            by=current_person().id,
        )
        if view is None:
            return ""
        noted("observation.countersigned", member, standard=view.standard, own=view.own)
        if view.state is State.OUT_OF_SCOPE:
            return "Decided. It counts as soon as the carer agrees with it."
        return "Decided. It counts from now on, unless its assessor was outside their scope."

    return _done(person, act, f"words-{observation}")


@bp.post("/<uuid:person>/standards/<int:standard>/sign-off")
@allows(Role.MANAGER)
def sign_off(person: UUID, standard: int) -> ResponseReturnValue:
    """Sign a standard off: both halves have to be there."""
    member = member_or_404(person)

    def act() -> str:
        signed = assessment.sign_off(
            db.session(), member.provider_id, member.person_id, standard, now=utc_now(), by=current_person().id
        )
        if not signed:
            return ""
        noted("standard.signed-off", member, standard=standard)
        return f"Standard {standard} is signed off for {member.name}."

    return _done(person, act, f"standard-{standard}")


@bp.post("/<uuid:person>/standards/<int:standard>/take-back")
@allows(Role.MANAGER)
def take_back_sign_off(person: UUID, standard: int) -> ResponseReturnValue:
    """Take a standard's sign-off back, with the reason."""
    member = member_or_404(person)

    def act() -> str:
        withdrawn = assessment.withdraw_sign_off(
            db.session(),
            member.provider_id,
            member.person_id,
            standard,
            reason=typed(f"reason-{standard}"),
            now=utc_now(),
            by=current_person().id,
        )
        if not withdrawn:
            return ""
        noted("standard.sign-off-taken-back", member, standard=standard)
        return f"Standard {standard} is not signed off any more. That it was stays in the record."

    return _done(person, act, f"reason-{standard}")


@bp.post("/<uuid:person>/certificate/sign-off")
@allows(Role.MANAGER)
def sign_certificate(person: UUID) -> ResponseReturnValue:
    """Sign the whole certificate off, as the registered manager."""
    member = member_or_404(person)

    def act() -> str:
        signed = assessment.sign_certificate(
            db.session(), member.provider_id, member.person_id, now=utc_now(), by=current_person().id
        )
        if not signed:
            return ""
        noted("certificate.signed-off", member)
        return f"The Care Certificate is signed off for {member.name}."

    return _done(person, act, "certificate")


@bp.post("/<uuid:person>/certificate/take-back")
@allows(Role.MANAGER)
def take_back_certificate(person: UUID) -> ResponseReturnValue:
    """Take the certificate's sign-off back, with the reason."""
    member = member_or_404(person)

    def act() -> str:
        withdrawn = assessment.withdraw_sign_off(
            db.session(),
            member.provider_id,
            member.person_id,
            None,
            reason=typed("reason-certificate"),
            now=utc_now(),
            by=current_person().id,
        )
        if not withdrawn:
            return ""
        noted("certificate.sign-off-taken-back", member)
        return "The certificate is not signed off any more. That it was stays in the record."

    return _done(person, act, "reason-certificate")


def _done(person: UUID, act: Callable[[], str], field: str) -> ResponseReturnValue:
    """Do something and go back to the page; what has to be mended stands there at `field`, with what was typed."""
    try:
        words = act()
    except AssessmentError as error:
        db.session.rollback()
        if error.code == "your-own" and not error.field:
            # The page has no field for who may not decide.
            flash(str(error), "note")
            return redirect(url_for("practice.learner", person=person))
        problems = Problems()
        problems.add(field, str(error))
        return learner_page(person, problems)
    db.session.commit()
    flash(words or "That was decided already.", "done" if words else "note")
    return redirect(url_for("practice.learner", person=person))
