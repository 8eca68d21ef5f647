"""A bucket of the test's own on a real server; and a certificate to put there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import files, requirements
from app.config import FilesSettings
from app.files import Bucket, Swept
from app.kernel import day_of
from app.providers import MemberView, ProviderView
from app.requirements import Had, checked_file
from app.requirements import models as m
from tests.support.bucket import S3Server, s3_server
from tests.support.world import NOW, add_person, add_provider

PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    with s3_server() as server:
        yield server


def sweep(session: Session, *, now: datetime, server: str = "us", many: bool = False) -> Swept:
    """Sweep as a server whose database is no older one than at the last sweep."""
    return files.sweep(session, server=server, trail="4:abc", goes_on=lambda _trail: True, now=now, many=many)


@pytest.fixture
def where(s3: S3Server) -> FilesSettings:
    return s3.settings()


@pytest.fixture
def bucket(where: FilesSettings) -> Bucket:
    return Bucket(where)


@dataclass
class Office:
    """A provider with one person, whose certificates are kept."""

    session: Session
    provider: ProviderView
    ngozi: MemberView

    def hand_in(self, body: bytes = PDF, *, person: MemberView | None = None) -> UUID:
        """Note a certificate with its file; not committed."""
        had = Had(
            training=None,
            title="Fire safety",
            taught_by="Thistle Training",
            taken_on=day_of(NOW - timedelta(days=9)),
            file=checked_file("Ngozi Obi.pdf", body),
        )
        person_id = (person or self.ngozi).person_id
        return requirements.note_outside(self.session, self.provider.id, person_id, had, now=NOW)

    def file(self, uuid: UUID) -> bytes | None:
        found = requirements.outside_file(self.session, self.provider.id, self.ngozi.person_id, uuid)
        return None if found is None else found[1]

    def rows(self) -> list[m.OutsideFile]:
        self.session.rollback()
        return list(self.session.scalars(select(m.OutsideFile).order_by(m.OutsideFile.outside_id)))


@pytest.fixture
def office(session: Session) -> Office:
    provider = add_provider(session)
    ngozi = add_person(session, provider)
    session.commit()
    return Office(session=session, provider=provider, ngozi=ngozi)


@pytest.fixture
def kept(office: Office, bucket: Bucket) -> Office:
    """The office, once its files lie in the bucket."""
    files.keep_in(office.session.get_bind().engine, bucket)
    return office
