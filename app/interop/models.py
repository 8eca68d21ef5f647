"""The rows of every format, gathered for what walks the packages: migrations, and tests that make all tables."""

from app.interop.asc_wds.models import Workplace
from app.interop.feed.models import FeedLook, FeedStanding, FeedToken
from app.interop.recognition.models import IssuerList, TrustedIssuer
from app.interop.sharing.models import Holding, OfferedPack, SigningKey, Source, TakenErratum
from app.interop.suggesting.models import Decision, Received, Suggestion
from app.interop.webhooks.models import Webhook, WebhookEvent, WebhookTry
from app.interop.xapi.models import Forwarded, Store

__all__ = [
    "Decision",
    "FeedLook",
    "FeedStanding",
    "FeedToken",
    "Forwarded",
    "Holding",
    "IssuerList",
    "OfferedPack",
    "Received",
    "SigningKey",
    "Source",
    "Store",
    "Suggestion",
    "TakenErratum",
    "TrustedIssuer",
    "Webhook",
    "WebhookEvent",
    "WebhookTry",
    "Workplace",
]
