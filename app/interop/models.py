"""The rows of every format, gathered for what walks the packages: migrations, and tests that make all tables."""

from app.interop.asc_wds.models import Workplace
from app.interop.feed.models import FeedLook, FeedStanding, FeedToken
from app.interop.sharing.models import Holding, OfferedPack, SigningKey, Source, TakenErratum
from app.interop.webhooks.models import Webhook, WebhookEvent, WebhookTry
from app.interop.xapi.models import Forwarded, Store

__all__ = [
    "FeedLook",
    "FeedStanding",
    "FeedToken",
    "Forwarded",
    "Holding",
    "OfferedPack",
    "SigningKey",
    "Source",
    "Store",
    "TakenErratum",
    "Webhook",
    "WebhookEvent",
    "WebhookTry",
    "Workplace",
]
