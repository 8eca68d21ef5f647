"""A provider with so many of everything: people, and of each other thing there can be several of as many.

People have something of their own in every table that names one. What is left is copied row by row, so that a new
table grows as well without being named here. `not_grown` says what did not grow: nothing about it is proved.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select

from app import credentials, supervision
from app.authoring.models import LocalPage
from app.content import queries as content
from app.content.models import Document
from app.credentials import Site, passport
from app.extensions import db
from app.identity.models import EndedSignIn, SignInFailure, SpentChallenge
from app.interop import sharing
from app.interop.recognition.models import IssuerList
from app.interop.sharing.models import Holding, Source, TakenErratum
from app.interop.sharing.wire import read
from app.interop.suggesting.models import Decision, Received
from app.kernel import Base, new_uuid7, utc_now
from app.supervision.models import InductionItem
from tests.support.copied import copy_row, tables
from tests.support.credentials import PACK
from tests.support.editions import edition
from tests.support.learning_place import RIGHT, ask_for
from tests.support.passport import new_link
from tests.support.publishing import publish, publish_document
from tests.support.trainings import LONG_AGO, add_profile, add_training
from tests.support.two_providers import World
from tests.support.website import KEY
from tests.support.whole_person import whole_person

ORIGIN = "https://care.example"
SITE = Site(origin=ORIGIN, secret=KEY.encode())
LINK = "L" * 22
# There is one of each at a provider or on a server, whatever else grows.
ONE = frozenset(
    {
        "adoptions",
        "asc_wds_workplaces",
        "audit_head",
        "catalogue_keys",
        "automatic_nudges",
        "credential_keys",
        "documents",
        "evidence_labels",
        "feed_looks",
        "own_packs",
        "providers",
        "server",
    }
)
# A copy would be a second one of what there is one of at a time.
TOGETHER = frozenset({"team_members", "membership_roles", "memberships", "totp_secrets"})


class Crowd:
    """The provider that must not be seen in `World`, where everything has a name; grown from here."""

    def __init__(self, world: World) -> None:
        self.world, self.place = world, world.hidden
        self.people = 0
        # Who endorsed a credential, as their signatures name them.
        self.endorser: UUID | None = None
        self._of_nothing()

    def grow(self, people: int) -> None:
        """Until there are so many people, and about as many of all else."""
        session, place = db.session(), self.place.provider.id
        numbers = range(self.people, people)
        before = counts()
        for number in numbers:
            name, by = f"Carer {number:03}", self.place.manager.person_id
            member, _ = whole_person(session, self.place.provider, name, decided_by=by)
            self.endorser = self.endorser or UUID(int=member.person_id)
            training = add_training(session, place, f"Training {number}", "falls", since=utc_now() - LONG_AGO)
            add_profile(session, place, f"Job {number}", [training], [self.world.victim.member], since=utc_now())
            self._of_the_first(number)
        session.commit()
        self._copy(numbers, before)
        self.people = people

    def _of_the_first(self, number: int) -> None:
        """More of the person whose page is asked for: modules, goes, lessons read, words kept and sent."""
        session, who, now = db.session(), self.world.victim, utc_now()
        key = f"more-{number}"
        sha = publish(session, edition(key, title=f"More {number}"))
        ask_for(self.place, who.member, key, in_days=number)
        words = {"module": key, "edition_no": 1, "question": "q", "shared_with": "assessor", "text": "Words"}
        stamp = now.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        made = who.phone.answered(sha, RIGHT, at=stamp)
        made["data"]["module"] = key
        goal = {"goal": str(new_uuid7()), "text": f"Goal {number}", "by": None, "done": False}
        who.phone.send(
            session,
            made,
            who.phone.read_lesson(sha, at=stamp),
            who.phone.record("reflection.saved", words, edition=sha, at=stamp),
            who.phone.record("goal.saved", goal, at=stamp),
            now=now,
        )

    def _of_nothing(self) -> None:
        """One row, to be copied, of what neither a person nor `World` has anything in."""
        session, now, here = db.session(), utc_now(), self.place.provider
        me, falls = self.place.manager.person_id, content.current_editions(session)[0]
        self._issued()
        sharing.offer(session, "core", name="Quetzalcoatl", default_name="?", secret=KEY.encode(), now=now)
        raw = sharing.manifest(session, origin="https://care.example", secret=KEY.encode())
        source = Source(
            uuid=new_uuid7(), name="Oak", address="https://oak.example", key=read(raw, key=None).key, since=now
        )
        source.manifest, source.made_at, source.looked_at = raw.decode(), now, now
        session.add(source)
        session.flush()
        came = Received(
            uuid=new_uuid7(),
            receipt="A" * 22,
            came="web",
            module="falls",
            sha=falls.sha,
            text="Words",
            reason="A reason",
            provider="Oak",
            credit=True,
            licence="CC-BY-4.0",
            received_at=now,
        )
        session.add(came)
        session.flush()
        session.add_all(
            (
                Holding(kind="module", key="elsewhere", source_id=source.id, since=now),
                TakenErratum(source_id=source.id, mark="0" * 64, at=now, done=True),
                Decision(suggestion_id=came.id, what="again", at=now),
                IssuerList(did="did:web:oak.example", url="https://oak.example/1", bits=b"0", checked_at=now),
                InductionItem(uuid=new_uuid7(), provider_id=here.id, position=1, title="Keys", since=now),
                SignInFailure(key="key", at=now),
                EndedSignIn(hash="ended", at=now),
                SpentChallenge(hash="spent", at=now),
                LocalPage(provider_id=here.id, module="falls", number=1, text="### Who to ring\n\nUs.", changed_at=now),
            )
        )
        period = supervision.Period(every=2, unit=supervision.Unit.MONTHS)
        supervision.set_period(session, here.id, supervision.MeetingKind.SUPERVISION, period, now=now, by=me)
        session.commit()

    def _issued(self) -> None:
        """Something signed for the person whose page is asked for: an elective topic, and a link that shows it."""
        session, now, who = db.session(), utc_now(), self.world.victim
        for row in session.scalars(select(Document).where(Document.kind == "pack", Document.name == "core")):
            row.in_force = False
        publish_document(session, "pack", "core", PACK)
        sha = publish(session, edition("falls-at-home", criteria=[]), topic="falls")
        who.answers(sha, RIGHT, at=now)
        credentials.bring_into_line(session, self.place.provider.id, now, site=SITE)
        [issued] = credentials.credentials_of(session, self.place.provider.id, [who.member.person_id])
        self.credential = issued.uuid
        link = new_link([issued.uuid], LINK, days=7)
        passport.share(session, who.member.person_id, self.place.provider.id, link, now=now)
        session.commit()

    def _copy(self, numbers: range, before: Mapping[str, int]) -> None:
        """Copy the newest row of whatever has not grown yet."""
        with db.engine.begin() as connection:
            small = not_grown(before, len(numbers))
            for table in Base.metadata.sorted_tables:
                if table.name in small and before[table.name] and table.name not in TOGETHER:
                    copy_row(connection, table, numbers)


def counts() -> dict[str, int]:
    """How many rows each table has."""
    with db.engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in tables().items()
        }


def not_grown(before: Mapping[str, int], by: int) -> list[str]:
    """The tables that have not gained so many rows since, but for those there is one row of."""
    now = counts()
    return sorted(name for name in now if name not in ONE and now[name] - before[name] < by)
