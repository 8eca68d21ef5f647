"""The record log: takes in batches from phones, gives receipts, and can work everything out again.

Owns the log, its digests, and what is held for a person to see. Knows what an act means only through `app.learning`.
"""

from app.sync.copies import Copy, CopyRefused, Taken, read_copy, take_copy
from app.sync.errata import MarkedAgain, correct
from app.sync.errors import AnotherPerson, AnotherServer, BadBatch, SyncError, TooMuch
from app.sync.models import HeldRecord, PhoneDigest, Record, RecordVariant, Server
from app.sync.queries import ANY_OF_ONE, answers_of, any_held, count_held, digests_of, held_of, server_id
from app.sync.reading import parse_batch, parse_json
from app.sync.rebuild import judge_held, rebuild
from app.sync.service import MOST_RECORDS, accept, read_batch
from app.sync.thinning import Thinned, count_old, erase, erase_about, thin
from app.sync.types import Batch, Code, Digest, Rebuilt, Receipt, ReceiptWord, Reply, Sender

__all__ = [
    "ANY_OF_ONE",
    "MOST_RECORDS",
    "AnotherPerson",
    "AnotherServer",
    "BadBatch",
    "Batch",
    "Code",
    "Copy",
    "CopyRefused",
    "Digest",
    "HeldRecord",
    "MarkedAgain",
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
    "Taken",
    "Thinned",
    "TooMuch",
    "accept",
    "answers_of",
    "any_held",
    "correct",
    "count_held",
    "count_old",
    "digests_of",
    "erase",
    "erase_about",
    "held_of",
    "judge_held",
    "parse_batch",
    "parse_json",
    "read_batch",
    "read_copy",
    "rebuild",
    "server_id",
    "take_copy",
    "thin",
]
