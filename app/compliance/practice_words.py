"""The words of practice observed, as screens and evidence packs have them."""

from __future__ import annotations

from app.assessment import Decision, Method, ObservationView, State

STATES = {
    State.WAITING: "Waits for the carer's word",
    State.COUNTS: "Counts",
    State.DISAGREED: "The carer disagrees",
    State.OUT_OF_SCOPE: "Outside the assessor's scope",
    State.OWN_PRACTICE: "Seen by themselves",
    State.WITHDRAWN: "Taken back",
}
SOMETHING_ELSE = "The carer confirmed something else"
DECISIONS = {Decision.YES: "Yes", Decision.NOT_YET: "Not yet", Decision.NOT_SEEN: "Not seen"}
METHODS = {
    Method.OBSERVATION: "watched at work",
    Method.DISCUSSION: "talked through",
    Method.PRODUCT: "from a piece of work",
    Method.SIMULATION: "simulated",
}


def state_words(view: ObservationView) -> str:
    """Say where an observation stands."""
    return SOMETHING_ELSE if view.other and view.state is State.DISAGREED else STATES[view.state]
