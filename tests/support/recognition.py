"""What was shown at one provider, and is looked at by another."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app import recognised
from app.providers import MemberView, ProviderView
from app.recognised import Decision, Stands, Statement
from tests.support.world import NOW


def statement(**changes: object) -> Statement:
    """A statement as it is kept, whose signature held."""
    values: dict[str, object] = {
        "issuer": "did:web:heather.example",
        "issuer_name": "Heather Homes",
        "credential": "https://heather.example/credentials/1",
        "title": "Standard 13, Health and safety: knowledge",
        "named": "Ngozi Obi",
        "on": NOW.date(),
        "expires": None,
        "places": (("https://heather.example/status/1", 7),),
        "key": "did:web:heather.example#p256-1",
        "body": "a.statement.signed",
    }
    return Statement(**{**values, **changes})  # type: ignore[arg-type]


def recognised_something(session: Session, provider: ProviderView, member: MemberView) -> None:
    """A statement about a person, handed in and decided on by themselves; committed."""
    here, me = provider.id, member.person_id
    kept = recognised.keep(session, here, me, statement(title="recognised-canary", named=member.name), now=NOW, by=me)
    recognised.decide(
        session, here, me, kept, Decision.ACCEPTED, "decided-canary", stands=Stands(codes=("13.1a",)), now=NOW, by=me
    )
    session.commit()
