"""What goes over the wire, in both directions. The OpenAPI document is made from these models."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal, NotRequired

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    with_config,
)
from typing_extensions import TypedDict  # pydantic reads typing's own from Python 3.12 on

from app.kernel import moment_text

Proto = Literal[1]
PROTO: Proto = 1

Uuid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,100}$")]

Moment = Annotated[
    datetime,
    PlainSerializer(moment_text, return_type=str),
    Field(json_schema_extra={"format": "date-time"}),
]


Change = Literal["minor", "major"]


def change_of(word: str) -> Change:
    """Return the word for a change, of the two there are."""
    return "major" if word == "major" else "minor"


class Wire(BaseModel):
    """What the server sends: nothing unknown slips out, and optional fields that say nothing are left out."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_serializer(mode="wrap")
    def _leave_out_the_unsaid(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        sent: dict[str, Any] = serialise(self)
        for name in _optional(type(self)):
            if sent.get(name, 0) is None:
                del sent[name]
        return sent


@cache
def _optional(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the fields of a model that may be left out, as they are called on the wire."""
    return tuple(field.alias or name for name, field in model.model_fields.items() if not field.is_required())


class FromPhone(BaseModel):
    """What a phone sends: fields we do not know are a newer phone's, and no reason to refuse."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class Ours(Wire):
    """Every reply says which protocol and which server it speaks for."""

    proto: Proto = PROTO
    server: Uuid


class ErrorBody(Wire):
    """What went wrong: `code` for programs, `message` for people, `field` when one is to blame."""

    code: str
    message: str
    field: str | None = None


class Error(Wire):
    """The one shape of every failure. `server` is null only before the server has a database."""

    proto: Proto = PROTO
    server: Uuid | None
    error: ErrorBody


class Ping(Ours):
    """Proof that this is the server, and its clock."""

    n: str
    now: Moment


class PersonRef(Wire):
    """A person as their own phone shows them."""

    id: Uuid
    name: str


class ProviderRef(Wire):
    """A provider by name."""

    id: Uuid
    name: str


class ProviderWithContact(ProviderRef):
    """A provider and the first name its people are told to ask."""

    contact: str


class Enrolled(Ours):
    """A phone's id and its two tokens, shown once. `passkey`: when the person's newest was added, if they have one."""

    dev: Uuid
    append: str
    read: str
    person: PersonRef
    provider: ProviderRef
    passkey: Moment | None = None


class Rotated(Ours):
    """A new id and append token for a phone that shared its id."""

    dev: Uuid
    append: str
    n: str | None = None


class Ended(Ours):
    """The phone whose tokens have ended."""

    dev: Uuid


class SignIn(FromPhone):
    """A person's PIN, on a phone that was enrolled before. `provider`: the one it was enrolled at, as it knows."""

    dev: Uuid
    person: Uuid
    provider: Uuid | None = None
    pin: Annotated[str, StringConstraints(max_length=64)]


class AddPlace(FromPhone):
    """A provider's code, and the PIN of somebody whose record is on this phone: it is to be theirs there too."""

    proto: Literal[1]
    code: Annotated[str, StringConstraints(max_length=40)]
    person: Uuid
    pin: Annotated[str, StringConstraints(max_length=64)]


class PasskeyAsked(FromPhone):
    """A person's wish to sign in with a passkey, on a phone that was enrolled before."""

    dev: Uuid
    person: Uuid


class PasskeyChallenge(Ours):
    """What the browser's `navigator.credentials` is asked for, and the ticket to send back with its answer, once.

    `passkey`, to whoever has typed the PIN: when their newest was added, if they have one.
    """

    ticket: str
    options: dict[str, Any]
    passkey: Moment | None = None


class PasskeySignIn(FromPhone):
    """The passkey's answer in place of the PIN, as WebAuthn writes it in JSON."""

    dev: Uuid
    person: Uuid
    provider: Uuid | None = None
    ticket: Annotated[str, StringConstraints(max_length=1000)]
    credential: dict[str, Any]


class PinShown(FromPhone):
    """The PIN of the person whose token it is: a token alone adds no passkey and takes none away."""

    pin: Annotated[str, StringConstraints(max_length=64)]


class NewPasskey(FromPhone):
    """The passkey a phone has just made, as WebAuthn writes it in JSON."""

    ticket: Annotated[str, StringConstraints(max_length=1000)]
    credential: dict[str, Any]


class PasskeyAdded(Ours):
    """When it was added."""

    passkey: Moment


class PasskeyRemoved(Ours):
    """Who has no passkey of a phone any more."""

    person: Uuid


class CopyAsked(FromPhone):
    """The PIN of the person whose copy it is: a token that was found or stolen is not enough."""

    pin: Annotated[str, StringConstraints(max_length=64)]


class SignedIn(Ours):
    """New tokens, whose, and the phone's id they are for: a new one when the person works somewhere else by now.

    `passkey`: when the person's newest was added (of a passkey that signs in: when it was), if they have one.
    """

    person: str
    dev: str
    append: str
    read: str
    passkey: Moment | None = None


class Held(FromPhone):
    """Count, and XOR of the first 8 bytes of SHA-256(id), over what a phone believes the server holds for it."""

    n: Annotated[int, Field(ge=0, le=2**53)]
    x: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


class BatchSent(FromPhone):
    """Records of one phone. Each record is judged on its own, whatever its shape; see the offline contract."""

    proto: Literal[1]
    server: Uuid
    dev: Uuid
    person: Uuid
    batch: Name
    app: str
    now: str
    held: Held
    records: list[Any]


class ReceiptSent(Wire):
    """What became of one record. `code` is null unless it was held or refused."""

    id: str
    r: Literal["stored", "duplicate", "held", "refused"]
    code: str | None = None


class BatchReply(Ours):
    """Sent only once everything in it is on the disk. `have`: every id held for this phone, when the figures differ."""

    batch: str
    now: Moment
    receipts: list[ReceiptSent]
    have: list[Uuid] | None = None
    rotate: Literal[True] | None = None


class Media(Wire):
    """A picture or sound of a module."""

    sha: Sha
    bytes: int
    type: str
    kind: Literal["picture", "sound"]


class Step(Wire):
    """One published edition of a module."""

    number: int
    change: Change
    published: date


class CatalogueModule(Wire):
    """The newest edition of a module. `bytes` is its compressed size; `chain` every edition, oldest first.

    `private`: it is this provider's own, and its files are sent only with the read token.
    """

    key: str
    edition: int
    sha: Sha
    bytes: int
    title: str
    summary: str
    minutes: int
    topic: str
    pack: str
    media: list[Media]
    assigned: bool
    due: date | None
    supersedes: list[Sha]
    change: Change
    chain: list[Step]
    private: Literal[True] | None = None


@with_config(extra="forbid")
class ListedModule(TypedDict):
    """The newest edition of a module, in as few words as a phone needs before it fetches it.

    `summary` is sent for what this person is asked for; the others' come with the summaries. `media_bytes` is the size
    of all its pictures and sounds, which the edition itself lists. `private` as in the whole catalogue.

    A dictionary, as a list has hundreds.
    """

    key: str
    edition: int
    sha: Sha
    bytes: int
    title: str
    minutes: int
    topic: str
    pack: str
    media_bytes: NotRequired[int]
    summary: NotRequired[str]
    assigned: NotRequired[Literal[True]]
    due: NotRequired[date]
    private: NotRequired[Literal[True]]


class Topic(Wire):
    """A standard of the core, or an elective subject. `standard` is the standard's number."""

    pack: str
    key: str
    title: str
    standard: int | None


class Withdrawn(Wire):
    """An edition no longer to be learnt from."""

    key: str
    sha: Sha
    reason: str
    safety: bool


class GlossaryRef(Wire):
    """Where the words and their meanings lie."""

    sha: Sha
    bytes: int


class Catalogue(Ours):
    """What this person's provider offers. `catalogue` is the SHA-256 of all the rest."""

    catalogue: Sha
    glossary: GlossaryRef | None
    topics: list[Topic]
    modules: list[CatalogueModule]
    withdrawn: list[Withdrawn]


class LocalPages(Wire):
    """What a provider adds to modules in its own words: its name, and sanitised HTML by module."""

    from_: str = Field(alias="from")
    pages: dict[str, str]


class ShortCatalogue(Ours):
    """The same for a phone that counts its bytes. `catalogue` is the SHA-256 of all the rest."""

    catalogue: Sha
    glossary: GlossaryRef | None
    topics: list[Topic]
    modules: list[ListedModule]
    withdrawn: list[Withdrawn]
    local: LocalPages | None = None


class About(Wire):
    """What there is to know of what a provider offers, beside its modules."""

    glossary: GlossaryRef | None
    topics: list[Topic]
    withdrawn: list[Withdrawn]
    local: LocalPages | None = None


class Library(Ours):
    """The modules this person is not asked for: the parts that differ from those the phone named, each as a whole."""

    parts: dict[int, list[ListedModule]]


class Summaries(Ours):
    """What each module on offer is about, by its key: what a phone searches besides the titles."""

    summaries: dict[str, str]


@with_config(extra="forbid")
class AssignmentSent(TypedDict):
    """What the person is asked for. A dictionary, as what follows: an object of each takes longer than writing it."""

    module: str
    due: date | None
    assigned_at: Moment


@with_config(extra="forbid")
class QuestionResult(TypedDict):
    """Outcomes 0 to 100 of the first and last try; null when the key is not there yet."""

    id: str
    first: int | None
    last: int | None
    tries: int


class ResultSent(Wire):
    """A confirmed result, and the seconds it took. `feedback`: what the edition withheld, for feedback after sync."""

    record: Uuid
    module: str
    edition: int
    sha: Sha
    at: Moment
    received: Moment
    seconds: int
    score: int
    passed: bool
    questions: list[QuestionResult]
    feedback: dict[str, Any] | None = None


@with_config(extra="forbid")
class ModuleState(TypedDict):
    """Where the person stands with a module."""

    status: Literal["not-started", "under-way", "in-date", "due-soon", "overdue", "needs-watching", "not-needed"]
    completed_at: Moment | None
    valid_until: date | None
    due: date | None
    edition: int | None


class MessageSent(Wire):
    """Words from a manager, or a safety notice."""

    id: str
    at: Moment
    from_: str = Field(alias="from")
    text: str
    pinned: bool
    nudge: bool


class PushKeys(FromPhone):
    """The keys only this browser can read with, in base64url."""

    p256dh: Annotated[str, StringConstraints(max_length=100)]
    auth: Annotated[str, StringConstraints(max_length=40)]


class PushAsked(FromPhone):
    """Where this phone's browser can be reached, as the browser writes it."""

    endpoint: Annotated[str, StringConstraints(max_length=1000)]
    keys: PushKeys


class PushStands(Ours):
    """Whether messages are shown on this phone's lock screen now."""

    on: bool


@with_config(extra="forbid")
class HalfSent(TypedDict):
    """Criteria met, of all."""

    done: int
    of: int


@with_config(extra="forbid")
class StandardSent(TypedDict):
    """A standard's two halves."""

    number: int
    title: str
    know: HalfSent
    shown: HalfSent


class PracticeCount(Wire):
    """Whether a phone has to ask about practice: observations that wait for a word, and standards in scope."""

    to_confirm: int
    scope: int


class GoalSent(Wire):
    """A goal of a development plan. `from`: who put it there; `comment` the latest of a manager."""

    id: Uuid
    text: str
    by: date | None
    done: bool
    from_: Literal["me", "manager"] = Field(alias="from")
    comment: str | None


class AgreedSent(Wire):
    """Something agreed at a meeting, by a day or without one."""

    text: str
    by: date | None
    done: bool


class TalkSent(Wire):
    """One kind of meeting with one's manager: when it comes next, when it was last, what was shared and agreed then."""

    kind: Literal["supervision", "appraisal", "spot-check", "team-meeting"]
    next_on: date | None
    held_on: date | None
    notes: str | None
    actions: list[AgreedSent]


class DelegatedSent(Wire):
    """One task a clinician found this person competent to do. `for`: the alias of the person receiving care.

    `until`: the last day; `by`: the clinician and their profession; `withdrawn`: why it may not be done any more.
    """

    id: Uuid
    task: str
    for_: str = Field(alias="for")
    limits: str
    until: date
    by: str
    withdrawn: str | None


class State(Ours):
    """Everything the server knows that this person's phone shows. `holding`: the records it still holds, by id.

    `catalogue`: that of the catalogue's short form, so that a phone which has it need not ask for it. News do without.
    `push`: the key a browser subscribes with, where this server can show messages on lock screens.
    """

    now: Moment
    catalogue: Sha | None = None
    person: PersonRef
    provider: ProviderWithContact
    assignments: list[AssignmentSent]
    results: list[ResultSent]
    modules: dict[str, ModuleState]
    resets: dict[str, Moment]
    held: int
    holding: list[str]
    messages: list[MessageSent]
    push: str | None = None
    goals: list[GoalSent]
    meetings: list[TalkSent]
    delegated: list[DelegatedSent]
    standards: list[StandardSent]
    practice: PracticeCount | None


class News(Ours):
    """What is not as the phone said it knows it; what is left out is as it was.

    `here`: what to say next time of state, about and words. `library`: one figure for the modules this person is not
    asked for. `own`: of the others the parts that differ, each as a whole. `words`: the meanings their lessons need.
    """

    here: str
    library: str
    state: State | None = None
    about: About | None = None
    words: dict[str, str] | None = None
    own: dict[int, list[ListedModule]] | None = None
