"""The rows of every format, gathered for what walks the packages: migrations, and tests that make all tables."""

from app.interop.asc_wds.models import Workplace

__all__ = ["Workplace"]
