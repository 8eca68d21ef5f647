"""Records as statements of xAPI 1.0.3 (github.com/adlnet/xAPI-Spec), for a learning record store.

We are a source of statements, not a store. A statement names nobody: its actor is an account with the person's uuid.
Owns the stores that statements are forwarded to, and what each of them has.
"""

from app.interop.xapi.activities import Place
from app.interop.xapi.forwarding import Held, claim, forward, issued_since, mark_due, waiting_stores
from app.interop.xapi.gather import statements
from app.interop.xapi.stores import StoreError, StoreView, add_store, end_store, go_on, stores
from app.interop.xapi.writing import VERSION, as_array

__all__ = [
    "VERSION",
    "Held",
    "Place",
    "StoreError",
    "StoreView",
    "add_store",
    "as_array",
    "claim",
    "end_store",
    "forward",
    "go_on",
    "issued_since",
    "mark_due",
    "statements",
    "stores",
    "waiting_stores",
]
