"""What the desk's pages say of suggestions: how far one is, where a module comes from, and what waits here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app import providers
from app.content import queries as content
from app.content.types import EditionInfo
from app.extensions import db
from app.interop import sharing, suggesting
from app.interop.sharing import Licence
from app.interop.suggesting import State, SuggestionLine
from app.kernel import utc_now
from app.web import words

# Words, sign and colour of how far a suggestion is.
FAR = {
    State.WRITING: ("Being written", "dash", "soft"),
    State.SENDING: ("Waiting to be sent", "clock", "wait"),
    State.SENT: ("Sent", "tick", "soft"),
    State.TAKEN: ("Taken", "tick", "done"),
    State.NOT_TAKEN: ("Not taken", "eye", "due"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLine:
    """One suggestion as the list and its page show it. `state` is words, sign and colour; `told` says more of it."""

    uuid: UUID
    title: str
    number: int
    publisher: str
    state: tuple[str, str, str]
    told: str
    trouble: str
    away: bool

    @classmethod
    def of(cls, line: SuggestionLine, now: datetime) -> SentLine:
        """Make the line of a suggestion."""
        return cls(
            uuid=line.uuid,
            title=line.title,
            number=line.number,
            publisher=line.publisher,
            state=FAR[line.state],
            told=_told(line, now),
            trouble=line.trouble,
            away=line.away,
        )


def sent_lines(provider_id: int, module: str) -> list[SentLine]:
    """Return what a provider suggests for a module, the newest first."""
    found = suggesting.list_own(db.session(), provider_id, module)
    return [SentLine.of(each, utc_now()) for each in found if not each.away]


def desk_looks_after() -> bool:
    """Say whether the signed-in person's desk looks after what comes: only where theirs is the one provider here."""
    return len(providers.list_providers(db.session())) == 1


def waiting_words() -> str:
    """Return how many suggestions wait for the signed-in person's desk, empty where none does."""
    count = suggesting.waiting(db.session()) if desk_looks_after() else 0
    return words.count(count, "suggestion waits", "suggestions wait") if count else ""


def where_from(edition: EditionInfo) -> tuple[str, str]:
    """Return who publishes a module that is everybody's, and that with its licence in words; empty for others."""
    session = db.session()
    pack = next((each for each in content.documents(session, "pack") if each.name == edition.pack), None)
    if edition.audience is not None or pack is None:
        return "", ""
    quiz, came = content.quiz(session, edition.sha), sharing.holder(session, edition.key)
    licence = str(quiz.edition["licence"]) if quiz else str(pack.data["licence"])
    known = sharing.LICENCES.get(licence)
    said = [f"Published by {pack.data['publisher']}"]
    said += [f"with words by {words.listed(quiz.edition['credits'])}"] if quiz and quiz.edition.get("credits") else []
    said += [f"from the catalogue of {came.source.name}"] if came else []
    name = came.source.name if came else str(pack.data["publisher"])
    return name, f"{', '.join(said)}. Licence: {f'{known.name}. {known.words}' if known else f'{licence}.'}"


def licence_words(licence: str) -> Licence | str:
    """Return what a licence asks, or its name where we do not know it."""
    return sharing.LICENCES.get(licence, licence)


def _told(line: SuggestionLine, now: datetime) -> str:
    match line.state:
        case State.TAKEN:
            return f"Taken into edition {line.answer_edition}."
        case State.NOT_TAKEN:
            return f"Not taken, because: {line.answer_words}"
        case State.SENT if line.sent_at is not None:
            looked = (
                f", looked for an answer {words.moment(line.looked_at, now)}" if line.looked_at and line.address else ""
            )
            return f"{line.publisher} has it since {words.moment(line.sent_at, now)}{looked}."
        case State.SENDING:
            return "It goes within a minute while the server's worker runs. Until then you can take it back."
        case _:
            return f"Changed {words.moment(line.changed_at, now)}."
