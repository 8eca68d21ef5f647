"""A provider that issues: a carer who passes, is seen at work and is signed off, and readers of what she then has."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import assessment, credentials, sync
from app.credentials import (
    Change,
    Checked,
    Credential,
    CredentialEndorsement,
    CredentialKeys,
    CredentialStatus,
    CredentialView,
    Kind,
    Signed,
    Site,
    Verdict,
)
from app.providers import MemberView, ProviderView, Role
from tests.support.editions import edition
from tests.support.practice import FRAMEWORK, appoint, confirms, publish_framework, saw, withdraws
from tests.support.publishing import publish, publish_document
from tests.support.world import NOW, Phone, add_person, add_phone, add_provider

ORIGIN = "https://care.example"
SITE = Site(origin=ORIGIN, secret=b"a secret for tests, and for nothing else")
TOPICS = [
    {"key": "13-health-and-safety", "title": "Health and safety", "standard": 13},
    {"key": "falls", "title": "Falls", "standard": None},
]
PACK = {
    "key": "core",
    "title": "Core",
    "publisher": "Us",
    "licence": "CC-BY-4.0",
    "framework": FRAMEWORK,
    "topics": TOPICS,
}


def issued_something(session: Session, provider: ProviderView, member: MemberView) -> None:
    """A credential of a person, revoked by themselves, as the tables have it; committed."""
    here, me = provider.id, member.person_id
    keys = session.scalars(select(CredentialKeys).where(CredentialKeys.provider_id == here)).first()
    keys = keys or CredentialKeys(
        uuid=UUID(int=me), provider_id=here, number=1, ed25519="z", p256={}, sealed="sealed-secret", since=NOW
    )
    place = CredentialStatus(provider_id=here, list=1, number=me)
    session.add_all((keys, place))
    session.flush()
    session.add(
        row := Credential(
            uuid=UUID(int=me),
            provider_id=here,
            person_id=me,
            kind=Kind.ELECTIVE,
            achievement="achievement-canary",
            occasion="",
            name="credential-canary",
            rests_on=["completion:canary"],
            status_id=place.id,
            key_id=keys.id,
            jwt="jwt-canary",
            document="document-canary",
            issued_at=NOW,
            revoked_at=NOW,
            revoked_reason="revoked-canary",
            revoked_by=me,
            not_again=True,
        )
    )
    session.flush()
    session.add(
        CredentialEndorsement(
            uuid=UUID(int=me),
            provider_id=here,
            credential_id=row.id,
            endorser=UUID(int=me),
            by=me,
            document="endorsement-canary",
            issued_at=NOW,
        )
    )
    session.commit()


class Issuing:
    """Bramble Home Care with Priya, Dawn who may assess, and Ngozi; two modules, one of them an elective."""

    def __init__(self, session: Session, name: str = "Bramble Home Care") -> None:
        self.session = session
        if not assessment.practice_standards(session):
            publish_framework(session)
            publish_document(session, "pack", "core", PACK)
        self.provider: ProviderView = add_provider(session, name)
        self.dawn = add_person(session, self.provider, "Dawn Marsh", (Role.ASSESSOR, Role.LEARNER))
        self.priya = add_person(session, self.provider, "Priya Nair", (Role.MANAGER,))
        self.ngozi = add_person(session, self.provider, "Ngozi Obi")
        self.phones = {each.person_id: add_phone(session, each) for each in (self.dawn, self.ngozi)}
        appoint(session, self.provider, self.dawn)

    def phone(self, member: MemberView) -> Phone:
        return self.phones[member.person_id]

    def passes(self, key: str = "safe-at-work", *, topic: str = "13-health-and-safety", **changes: Any) -> UUID:
        """Ngozi passes a module, which is published first if need be; the record's uuid."""
        sha = publish(self.session, edition(key, **changes), topic=topic)
        made = self.phone(self.ngozi).answered(sha, {"first-thing": ["b"]})
        self.phone(self.ngozi).send(self.session, made)
        return UUID(made["id"])

    def passes_elective(self, **changes: Any) -> UUID:
        return self.passes("falls-at-home", topic="falls", criteria=[], title="Falls at home", **changes)

    def is_seen(self, *codes: str, standard: int = 13) -> UUID:
        """Dawn sees Ngozi do it, and Ngozi agrees."""
        dawn, ngozi = self.phone(self.dawn), self.phone(self.ngozi)
        made = saw(dawn, self.ngozi.person_uuid, dict.fromkeys(codes or ("13.2a",), "yes"), standard=standard)
        made["data"]["short"] = f"ABCD234{dawn.seq + 1}"
        dawn.send(self.session, made)
        ngozi.send(self.session, confirms(ngozi, made["id"]))
        return UUID(made["id"])

    def takes_back(self, observation: UUID) -> None:
        self.phone(self.dawn).send(self.session, withdraws(self.phone(self.dawn), str(observation)))

    def signs(self, standard: int = 13) -> None:
        args = self.session, self.provider.id, self.ngozi.person_id, standard
        assert assessment.sign_off(*args, now=NOW, by=self.priya.person_id)
        self.session.commit()

    def signs_certificate(self) -> None:
        """As the registered manager does, without going through every standard first."""
        self.session.add(
            assessment.SignOff(
                uuid=UUID(int=99),
                provider_id=self.provider.id,
                person_id=self.ngozi.person_id,
                framework=FRAMEWORK,
                standard=0,
                at=NOW,
                by=self.priya.person_id,
            )
        )
        self.session.commit()

    def line(self, now: Any = NOW, **more: Any) -> tuple[Change, ...]:
        done = credentials.bring_into_line(self.session, self.provider.id, now, site=SITE, **more)
        self.session.commit()
        return done

    def all(self) -> tuple[CredentialView, ...]:
        return credentials.credentials_of(self.session, self.provider.id, [self.ngozi.person_id])

    def live(self) -> dict[Kind, CredentialView]:
        return {view.kind: view for view in self.all() if view.revoked_at is None}

    def signed(self, kind: Kind) -> Signed:
        found = credentials.find_signed(self.session, self.live()[kind].uuid)
        assert found is not None
        return found

    def document(self, kind: Kind) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.signed(kind).document)
        return found

    def check(self, data: str | bytes, now: Any = NOW) -> Checked:
        raw = data.encode() if isinstance(data, str) else data
        return credentials.check(raw, credentials.own(self.session, SITE, now=now), now=now)

    def verdict(self, data: str | bytes, now: Any = NOW) -> Verdict:
        return self.check(data, now).verdict

    def rebuild(self) -> None:
        sync.rebuild(self.session)
        self.session.commit()
