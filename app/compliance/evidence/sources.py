"""What the parts of a pack are made from, read once: people as they stood, what was asked, done and published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from app import audit, identity, learning, providers, recognised, requirements
from app.catalogue import PastCatalogue, Step, catalogue_by
from app.compliance.evidence.types import Scope, SentOut, Staff
from app.content.types import EditionInfo
from app.kernel import day_of, end_of, start_of
from app.learning import Standing, history
from app.learning.history import PastAssignment, PastAttempt
from app.providers import MemberView, ProviderView, Role
from app.recognised import RecognitionView
from app.requirements import Board, ExceptionView, OutsideView, ProfileView

# Provider's id, first and last moment → what was sent, the oldest first.
Messages = Callable[[Session, int, datetime, datetime], tuple[SentOut, ...]]
ROLES = {Role.LEARNER: "carer", Role.ASSESSOR: "assessor", Role.TRAINER: "trainer", Role.MANAGER: "manager"}
# More than any provider's trail will hold of changes to its people.
ALL = 10_000_000


def no_messages(_session: Session, _provider_id: int, _since: datetime, _until: datetime) -> tuple[SentOut, ...]:
    """Where nobody hands messages in, there are none."""
    return ()


def roles_in_words(roles: frozenset[Role]) -> str:
    """Return "carer, trainer", in an order that never changes."""
    return ", ".join(words for role, words in ROLES.items() if role in roles)


@dataclass
class Sources:
    """Everything the parts ask. Each question is put to the database once, whichever part asks first.

    `now` is the moment the pack is made. Nothing after `moment`, the end of the scope's `as_at`, is looked at.
    """

    session: Session
    provider: ProviderView
    scope: Scope
    now: datetime
    messages: Messages = no_messages

    @property
    def moment(self) -> datetime:
        """The last moment that counts."""
        return min(self.now, end_of(self.scope.as_at))

    @property
    def since(self) -> datetime:
        """The first moment of the time the pack is about."""
        return start_of(self.scope.since)

    @property
    def until(self) -> datetime:
        """The last moment of the time the pack is about."""
        return min(self.moment, end_of(self.scope.until))

    def within(self, moment: datetime | None) -> bool:
        """Say whether something happened in the time the pack is about."""
        return moment is not None and self.since <= moment <= self.until

    @cached_property
    def sent(self) -> tuple[SentOut, ...]:
        """What people were sent in the time the pack is about, the oldest first."""
        return self.messages(self.session, self.provider.id, self.since, self.until)

    @cached_property
    def members(self) -> tuple[MemberView, ...]:
        """Every place anybody has or had at the provider."""
        return providers.list_members(self.session, self.provider.id, with_ended=True)

    @cached_property
    def _earlier(self) -> Mapping[UUID, UUID]:
        uuids = {member.person_id: member.person_uuid for member in self.members}
        return {before: uuids[who] for before, who in identity.aliases_of(self.session, uuids).items()}

    def now_known_as(self, person: UUID) -> UUID:
        """Return the uuid a person has now, of whom an earlier one may be told."""
        return self._earlier.get(person, person)

    @cached_property
    def names(self) -> Mapping[int, str]:
        """The names of all who have or had a place, by id."""
        return {member.person_id: member.name for member in self.members}

    def name(self, person_id: int | None) -> str:
        """Return who did something: a name, or empty where nobody did or who did was erased."""
        return "" if person_id is None else self.names.get(person_id, "")

    @cached_property
    def staff(self) -> tuple[Staff, ...]:
        """The people the pack is about, by name: all who had a place in its time, or those chosen of them."""
        chosen = None if self.scope.people is None else {self.now_known_as(each) for each in self.scope.people}
        newest: dict[int, MemberView] = {}
        for member in sorted(self.members, key=lambda each: (each.started, each.membership_id)):
            gone = member.ended is not None and member.ended < self.since
            if member.started <= self.moment and not gone and (chosen is None or member.person_uuid in chosen):
                newest[member.person_id] = member
        roles = self._roles
        return tuple(
            Staff(
                person_id=member.person_id,
                uuid=member.person_uuid,
                name=member.name,
                reference=member.reference or "",
                roles=roles.get(member.person_uuid, roles_in_words(member.roles)),
                started=day_of(member.started),
                ended=day_of(member.ended) if member.ended and member.ended <= self.moment else None,
            )
            for member in sorted(newest.values(), key=lambda each: (each.name.casefold(), str(each.person_uuid)))
        )

    @cached_property
    def people(self) -> tuple[int, ...]:
        """The ids of the people the pack is about."""
        return tuple(each.person_id for each in self.staff)

    @cached_property
    def by_id(self) -> Mapping[int, Staff]:
        """The people the pack is about, by id."""
        return {each.person_id: each for each in self.staff}

    @cached_property
    def _roles(self) -> Mapping[UUID, str | None]:
        """Roles as the audit trail tells them, for those whose roles it tells: only it knows what they were before.

        None: they were changed later, and what they were before was never noted.
        """
        found: dict[UUID, str | None] = {}
        entries = audit.entries(self.session, provider=self.provider.uuid, kind=audit.Kind.PEOPLE, limit=ALL)
        for entry in reversed(entries):
            if entry.subject is None or "roles" not in entry.details:
                continue
            who = self.now_known_as(entry.subject)
            if entry.at <= self.moment:
                roles = frozenset(Role(each) for each in str(entry.details["roles"]).split(","))
                found[who] = roles_in_words(roles)
            elif entry.action != "person.added":
                found.setdefault(who, None)
        return found

    @cached_property
    def catalogue(self) -> PastCatalogue:
        """What there was to learn by then."""
        return catalogue_by(self.session, self.provider.uuid, self.moment)

    @property
    def editions(self) -> Mapping[str, EditionInfo]:
        """Every edition there was by then that the provider's people may have had, by sha."""
        return self.catalogue.editions

    @property
    def newest(self) -> Mapping[str, EditionInfo]:
        """The newest edition of each module by then that was not withdrawn, or else the newest of all, by key."""
        return self.catalogue.newest

    def withdrawn(self, edition: EditionInfo) -> bool:
        """Say whether an edition had been withdrawn by then."""
        return self.catalogue.withdrawn(edition)

    @property
    def chains(self) -> Mapping[str, tuple[Step, ...]]:
        """The editions of each module by then, oldest first, up to the newest that counts."""
        return self.catalogue.chains

    def title(self, module: str) -> str:
        """Return a module's title as it was by then, or its key."""
        return self.newest[module].title if module in self.newest else module

    @cached_property
    def assignments(self) -> tuple[PastAssignment, ...]:
        """Everything these people had been asked for, the oldest first."""
        return history.assignments_until(self.session, self.provider.id, self.people, self.moment)

    @cached_property
    def asked(self) -> Mapping[tuple[int, str], PastAssignment]:
        """What they were still asked for, by person and module."""
        return {(each.person_id, each.module): each for each in self.assignments if each.ended_at is None}

    @cached_property
    def attempts(self) -> tuple[PastAttempt, ...]:
        """Every attempt of these people, the oldest first."""
        return history.attempts_until(self.session, self.provider.id, self.people, self.moment)

    @cached_property
    def board(self) -> Board:
        """What was needed of these people, and where each stood with it."""
        return requirements.board(
            self.session,
            self.provider.id,
            now=self.now,
            as_at=self.scope.as_at,
            people=self.people,
            chains=self.chains,
        )

    @cached_property
    def profiles(self) -> Mapping[int, tuple[ProfileView, ...]]:
        """The jobs these people had, by id."""
        held = requirements.profiles_of(self.session, self.provider.id, moment=self.moment)
        return {person_id: mine for person_id, mine in held.items() if person_id in self.by_id}

    @cached_property
    def exceptions(self) -> tuple[ExceptionView, ...]:
        """Every exception made for these people by then, the oldest first."""
        return requirements.exceptions(self.session, self.provider.id, moment=self.moment, people=self.people)

    @cached_property
    def outside(self) -> tuple[OutsideView, ...]:
        """Every training from elsewhere noted for these people by then, the newest first."""
        return requirements.outside(self.session, self.provider.id, moment=self.moment, people=self.people)

    @cached_property
    def recognitions(self) -> tuple[RecognitionView, ...]:
        """Every statement from elsewhere that was decided on by then, the oldest first."""
        return recognised.recognitions(self.session, self.provider.id, self.people, moment=self.moment)

    @cached_property
    def standings(self) -> Mapping[tuple[int, str], Standing]:
        """Where each person stood with each module they were asked for, had begun or had done."""
        months = {sha: each.valid_for_months for sha, each in self.editions.items()}
        done = history.completions_of_attempts(self.attempts, months)
        acts = learning.last_acts_of(self.session, self.provider.id, self.people, until=self.moment)
        there = recognised.modules_of(self.recognitions)
        found = {}
        for pair in sorted(self.asked.keys() | done.keys() | acts.keys() | there.keys()):
            passes, asked, acted = done.get(pair, []), self.asked.get(pair), acts.get(pair)
            last = max((each.at for each in passes), default=None)
            found[pair] = learning.standing(
                now=self.moment,
                assignment=asked.asked if asked else None,
                completions=passes,
                chain=self.chains.get(pair[1], ()),
                started=acted is not None and (last is None or acted > last),
                recognised=there.get(pair, ()),
            )
        return found
