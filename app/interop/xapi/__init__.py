"""Records as statements of xAPI 1.0.3 (github.com/adlnet/xAPI-Spec), for a learning record store.

We are a source of statements, not a store. A statement names nobody: its actor is an account with the person's uuid.
"""

from app.interop.xapi.activities import Place
from app.interop.xapi.gather import statements
from app.interop.xapi.writing import VERSION, as_array

__all__ = ["VERSION", "Place", "as_array", "statements"]
