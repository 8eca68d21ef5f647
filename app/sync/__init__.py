"""The record log: takes in batches from phones, gives receipts, and can work everything out again.

Owns the log, its digests, and what is held for a person to see. Knows what an act means only through `app.learning`.
"""

from app.sync.errors import AnotherPerson, AnotherServer, BadBatch, SyncError, TooMuch
from app.sync.models import HeldRecord, PhoneDigest, Record, RecordVariant, Server
from app.sync.queries import count_held, server_id
from app.sync.reading import parse_json
from app.sync.rebuild import judge_held, rebuild
from app.sync.service import MOST_RECORDS, accept
from app.sync.types import Batch, Code, Digest, Rebuilt, Receipt, ReceiptWord, Reply, Sender

__all__ = [
    "MOST_RECORDS",
    "AnotherPerson",
    "AnotherServer",
    "BadBatch",
    "Batch",
    "Code",
    "Digest",
    "HeldRecord",
    "PhoneDigest",
    "Rebuilt",
    "Receipt",
    "ReceiptWord",
    "Record",
    "RecordVariant",
    "Reply",
    "Sender",
    "Server",
    "SyncError",
    "TooMuch",
    "accept",
    "count_held",
    "judge_held",
    "parse_json",
    "rebuild",
    "server_id",
]
