"""A suggestion as it goes from one server to another, or as a file; and the answer. The shapes may only grow."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from app.content.build import canonical
from app.content.checks import LARGEST_TEXT
from app.interop.sharing.errors import BadManifest
from app.interop.sharing.wire import ModuleKey, Number, Sha, parsed_object
from app.interop.suggesting.errors import NotASuggestion
from app.interop.suggesting.models import LONGEST_NAME, LONGEST_WORDS
from app.interop.suggesting.types import Answer

# Letters of a text that has its full length, as JSON may write them, and the rest.
LARGEST_SUGGESTION = 200_000
LARGEST_ANSWER = 4_000
SHORTEST_REASON, LONGEST_REASON = 3, 1_000
RECEIPT = r"^[A-Za-z0-9_-]{22}$"
# Nothing that cannot be seen, but for new lines.
_PLAIN = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"

Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\x00-\x1f\x7f]*$")]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


Model = TypeVar("Model", bound=_Wire)


class By(_Wire):
    """Who suggests: a provider, and a person's name where that person wants it. `credit`: the provider may be named."""

    provider: Name
    person: Name | None
    credit: bool


class SuggestionFile(_Wire):
    """A suggested text for a module, and the edition it was written on: its number and `source` of the catalogue.

    `text` is the whole text, in Markdown; its fields key, edition, change, licence, checked_by, credits and asc_wds
    are not looked at. `licence` is the module's, under which the words are given.
    """

    format: Literal[1]
    kind: Literal["suggestion"]
    id: UUID
    module: ModuleKey
    edition: Number
    source: Sha
    text: Annotated[str, Field(min_length=1, max_length=LARGEST_TEXT)]
    reason: Annotated[str, Field(min_length=SHORTEST_REASON, max_length=LONGEST_REASON, pattern=_PLAIN)]
    licence: Annotated[str, Field(min_length=1, max_length=80)]
    by: By
    made_at: AwareDatetime


class ReceiptFile(_Wire):
    """What the inbox answers: `receipt` is what the answer is asked for by."""

    format: Literal[1]
    kind: Literal["suggestion-receipt"]
    receipt: Annotated[str, Field(pattern=RECEIPT)]


class AnswerFile(_Wire):
    """What became of a suggestion. `edition` is the one it came out in, `words` why it was not taken."""

    format: Literal[1]
    kind: Literal["suggestion-answer"]
    state: Literal["waiting", "taken", "not-taken"]
    edition: Number | None
    words: Annotated[str, Field(max_length=LONGEST_WORDS, pattern=r"^[^\x00-\x1f\x7f]*$")] | None


class Refusal(_Wire):
    """Why the inbox did not take something in, in words for whoever sent it."""

    words: Annotated[str, Field(max_length=LONGEST_WORDS, pattern=r"^[^\x00-\x1f\x7f]*$")]


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a suggestion, for programs that are not ours."""
    told = SuggestionFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **told}


def read(raw: bytes) -> SuggestionFile:
    """Return the suggestion in a body or a file. Raises NotASuggestion, saying where it is not one."""
    if len(raw) > LARGEST_SUGGESTION:
        raise NotASuggestion(f"This is larger than a suggestion may be ({LARGEST_SUGGESTION // 1000} kB).")
    made = _read(SuggestionFile, raw)
    if len(made.text.encode()) > LARGEST_TEXT:
        raise NotASuggestion(f"The suggested text is longer than a module may be ({LARGEST_TEXT // 1000} kB).")
    return made


def read_receipt(raw: bytes) -> str:
    """Return what the inbox of another server gave. Raises NotASuggestion."""
    return _read(ReceiptFile, raw).receipt


def read_answer(raw: bytes) -> Answer:
    """Return what another server says of a suggestion. Raises NotASuggestion."""
    made = _read(AnswerFile, raw)
    return Answer(state=made.state, edition=made.edition, words=made.words or "")


def read_refusal(raw: bytes) -> str:
    """Return why another server took nothing in, empty where it says nothing that can be read."""
    try:
        return _read(Refusal, raw).words
    except NotASuggestion:
        return ""


def answer_file(answer: Answer) -> bytes:
    """Return an answer as it is sent."""
    told = {"state": answer.state, "edition": answer.edition, "words": answer.words or None}
    return canonical({"format": 1, "kind": "suggestion-answer", **told})


def _read(model: type[Model], raw: bytes) -> Model:
    try:
        return model.model_validate_json(canonical(parsed_object(raw)))
    except BadManifest:
        raise NotASuggestion("This is not a suggestion: it is not the JSON we know.") from None
    except (ValidationError, ValueError) as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) if isinstance(error, ValidationError) else ""
        raise NotASuggestion(
            f"This is not a suggestion we can read{f' (at {where[:100]})' if where else ''}."
        ) from None
