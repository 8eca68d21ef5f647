"""Something of a person in each table that other systems are told from."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.interop.feed.models import FeedStanding
from app.interop.webhooks.models import Webhook, WebhookEvent, WebhookTry
from app.interop.xapi.models import Forwarded, Store
from app.kernel import day_of, new_uuid7
from app.providers import MemberView, ProviderView


def told_others(session: Session, provider: ProviderView, member: MemberView, now: datetime) -> None:
    """Put a row of a person into each of them. The webhook and the store are made once."""
    webhook = session.scalars(select(Webhook).where(Webhook.provider_id == provider.id)).first()
    store = session.scalars(select(Store).where(Store.provider_id == provider.id)).first()
    if webhook is None or store is None:
        here = {"provider_id": provider.id, "sealed": "sealed-secret", "since": now}
        webhook = Webhook(
            uuid=new_uuid7(),
            name="Rota",
            address="https://rota.example/hook",
            events=["training.lapsed"],
            fields=[],
            tries=0,
            **here,
        )
        store = Store(
            uuid=new_uuid7(), name="Store", address="https://lrs.example/xapi", from_day=day_of(now), tries=0, **here
        )
        session.add_all((webhook, store))
        session.flush()
    mine = {"provider_id": provider.id, "person_id": member.person_id}
    event = WebhookEvent(
        uuid=new_uuid7(),
        webhook_id=webhook.id,
        kind="training.lapsed",
        body=json.dumps({"person": str(member.person_uuid), "training": "told-canary"}),
        at=now,
        sent_at=now,
        **mine,
    )
    session.add_all(
        (
            event,
            FeedStanding(here=True, about={"name": member.name}, cells={}, changed_at=now, **mine),
            Forwarded(store_id=store.id, told=b"", due=True, **mine),
        )
    )
    session.flush()
    session.add(WebhookTry(event_id=event.id, at=now, code=204, words=""))
    session.flush()
