"""The words and signs of practice observed, as the carers' and assessors' phones have them."""

from __future__ import annotations

from collections.abc import Collection

from app import compliance
from app.assessment import AppointmentView, ObservationView, State, Why

# State → sign, look.
SIGNS = {
    State.WAITING: ("clock", "wait"),
    State.COUNTS: ("tick", "done"),
    State.DISAGREED: ("warning", "late"),
    State.OUT_OF_SCOPE: ("warning", "late"),
    State.OWN_PRACTICE: ("eye", "wait"),
    State.WITHDRAWN: ("dash", "soft"),
}
WHYS = {
    Why.NOT_APPOINTED: "{assessor} was not named for this standard on that day.",
    Why.NO_PLACE: "{assessor} had no place here on that day.",
    Why.FUTURE: "The day it was seen had not come yet when it was noted.",
    Why.OTHER_STANDARD: "What was decided is not among this standard's criteria.",
    Why.SIMULATION: "Simulation does not count here: it has to be seen with a person.",
    Why.LATE: "It reached us more than 30 days after {assessor}'s time as an assessor was over. "
    "Another manager decides whether it counts.",
}


def state_of(view: ObservationView) -> tuple[str, str, str]:
    """Return the word, sign and look of where an observation stands."""
    return (compliance.state_words(view), *SIGNS[view.state])


def why_of(view: ObservationView) -> str:
    """Say why an observation is outside its assessor's scope; empty when it is not."""
    return WHYS[view.why].format(assessor=view.assessor_name) if view.why and view.state is State.OUT_OF_SCOPE else ""


def scope_of(appointment: AppointmentView) -> str:
    """Say what an assessor may decide about: "All standards", "Standard 1", "Standards 1, 3 and 12"."""
    return standards_of(appointment.standards)


def standards_of(numbers: Collection[int] | None) -> str:
    """Return numbers of standards in words; None: all."""
    if numbers is None:
        return "All standards"
    named = [str(number) for number in sorted(numbers)]
    if len(named) == 1:
        return f"Standard {named[0]}"
    return f"Standards {', '.join(named[:-1])} and {named[-1]}" if named else "No standard"
