"""Plain CSV (RFC 4180), its columns named for good: what people showed, a line each; and people, out and in again."""

from app.interop.plain.matrix import COLUMNS as MATRIX_COLUMNS
from app.interop.plain.matrix import matrix
from app.interop.plain.people import COLUMNS as PEOPLE_COLUMNS
from app.interop.plain.people import people
from app.interop.plain.writing import to_csv

__all__ = ["MATRIX_COLUMNS", "PEOPLE_COLUMNS", "matrix", "people", "to_csv"]
