"""Taking in what people carry: whose signatures a provider trusts, and what a signed statement stands in for here.

Owns the issuers a provider trusts with their keys as they were got, and what was got of their lists of withdrawals.
What is recognised of a person is kept by `app.recognised`, so that what lies beneath can count it. Fetches by a
function that is handed in.
"""

from app.interop.recognition.deciding import (
    ACCEPT_REASON,
    DECLINE_REASON,
    decide_again,
    decline,
    recognise,
)
from app.interop.recognition.did import fingerprint, host_of, mark_of
from app.interop.recognition.errors import PassportError
from app.interop.recognition.looking import Fetch, Looked, fetch_document, fetching, passport_at
from app.interop.recognition.mapping import Target, Targets, targets, training_key
from app.interop.recognition.previewing import Item, Preview, Stranger, preview, signed_by
from app.interop.recognition.settling import Settled, ask, known_of, look_at_due, settle, take_in
from app.interop.recognition.trusting import IssuerView, confirm, end, is_own, issuers, issuers_of, known, trust
from app.interop.recognition.worth import Standing, Worth, still_worth, worth

__all__ = [
    "ACCEPT_REASON",
    "DECLINE_REASON",
    "Fetch",
    "IssuerView",
    "Item",
    "Looked",
    "PassportError",
    "Preview",
    "Settled",
    "Standing",
    "Stranger",
    "Target",
    "Targets",
    "Worth",
    "ask",
    "confirm",
    "decide_again",
    "decline",
    "end",
    "fetch_document",
    "fetching",
    "fingerprint",
    "host_of",
    "is_own",
    "issuers",
    "issuers_of",
    "known",
    "known_of",
    "look_at_due",
    "mark_of",
    "passport_at",
    "preview",
    "recognise",
    "settle",
    "signed_by",
    "still_worth",
    "take_in",
    "targets",
    "training_key",
    "trust",
    "worth",
]
