"""The rows of every format, gathered for what walks the packages: migrations, and tests that make all tables."""

from app.interop.asc_wds.models import Workplace
from app.interop.sharing.models import Holding, OfferedPack, SigningKey, Source, TakenErratum

__all__ = ["Holding", "OfferedPack", "SigningKey", "Source", "TakenErratum", "Workplace"]
