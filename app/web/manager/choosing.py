"""Choosing people for something: everybody who learns, a role, a team, a job, or those ticked one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from werkzeug.datastructures import MultiDict

from app import identity, providers, requirements
from app.extensions import db
from app.providers import MemberView, Role
from app.web import words

EVERYBODY, TICKED = "everybody", "ticked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People who can be chosen together: the word the form sends, what they are called, and who they are."""

    key: str
    label: str
    people: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What may be chosen and what was: `group` is a key of `groups`, `ticked` the uuids of people."""

    members: tuple[MemberView, ...]
    groups: tuple[Group, ...]
    group: str
    ticked: frozenset[UUID]

    @property
    def chosen(self) -> tuple[MemberView, ...]:
        """The people chosen, by name."""
        if self.group == TICKED:
            return tuple(member for member in self.members if member.person_uuid in self.ticked)
        found = next((group for group in self.groups if group.key == self.group), None)
        return tuple(member for member in self.members if found and member.person_id in found.people)

    def with_ticked(self, people: Collection[int]) -> Choice:
        """Return the same choice with these people ticked, by internal id, and nobody else."""
        ticked = frozenset(member.person_uuid for member in self.members if member.person_id in people)
        return replace(self, group=TICKED, ticked=ticked)


def choice_of(provider_id: int, typed: MultiDict[str, str], *, usual: Iterable[UUID] = ()) -> Choice:
    """Return the choice a form or an address names. Before anybody chose, `usual` are ticked."""
    session = db.session()
    members = providers.list_members(session, provider_id)
    teams = _by_uuid((team.uuid, team.name, person) for person, each in _teams(provider_id) for team in each)
    jobs = requirements.profiles_of(session, provider_id)
    profiles = _by_uuid((job.uuid, job.title, person) for person, each in jobs.items() for job in each)
    groups = [
        Group(
            key=EVERYBODY,
            label="Everybody who learns",
            people=frozenset(m.person_id for m in members if Role.LEARNER in m.roles),
        ),
        *(
            Group(
                key=f"role-{role.value}",
                label=f"Everybody who is here as {words.ROLES[role].lower()}",
                people=frozenset(m.person_id for m in members if role in m.roles),
            )
            for role in Role
            if role is not Role.LEARNER
        ),
        *(Group(key=f"team-{uuid}", label=f"Team: {name}", people=people) for uuid, (name, people) in teams.items()),
        *(Group(key=f"job-{uuid}", label=f"Job: {name}", people=people) for uuid, (name, people) in profiles.items()),
    ]
    given = frozenset(_uuids(typed.getlist("people")))
    # Somebody's record may have become that of a person known before while the page stood open.
    known_as = identity.present_uuids(session, given)
    ticked = frozenset(known_as.get(each, each) for each in given)
    group = typed.get("who", "")
    if group not in {each.key for each in groups}:
        group = TICKED
    return Choice(
        members=members,
        groups=tuple(each for each in groups if each.people),
        group=group,
        ticked=ticked if ticked or "who" in typed else frozenset(usual),
    )


def _teams(provider_id: int) -> Iterable[tuple[int, tuple[providers.TeamView, ...]]]:
    return providers.teams_of(db.session(), provider_id).items()


def _by_uuid(found: Iterable[tuple[UUID, str, int]]) -> Mapping[UUID, tuple[str, frozenset[int]]]:
    names: dict[UUID, str] = {}
    people: dict[UUID, set[int]] = {}
    for uuid, name, person in found:
        names[uuid] = name
        people.setdefault(uuid, set()).add(person)
    in_order = sorted(names, key=lambda uuid: names[uuid].casefold())
    return {uuid: (names[uuid], frozenset(people[uuid])) for uuid in in_order}


def _uuids(given: Iterable[str]) -> Iterable[UUID]:
    for each in given:
        try:
            yield UUID(each)
        except ValueError:
            continue
