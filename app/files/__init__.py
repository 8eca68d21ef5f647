"""Where the bytes of uploads and made files lie: in their row, or in an S3-compatible bucket, by setting.

Owns how bytes are put, read, checked, moved and removed, and that none is lost on the way. Does not know whose they
are: who may have a file is asked of its row, before anything is read here (docs/decisions/0020).
"""

from app.files.bucket import Bucket
from app.files.comparing import Compared, Swept, compare, sweep
from app.files.errors import FileLost, FilesAway
from app.files.moving import count, move
from app.files.rows import HasFile
from app.files.service import keep, keep_in, kept_in, let_go, read, read_all, take_back

__all__ = [
    "Bucket",
    "Compared",
    "FileLost",
    "FilesAway",
    "HasFile",
    "Swept",
    "compare",
    "count",
    "keep",
    "keep_in",
    "kept_in",
    "let_go",
    "move",
    "read",
    "read_all",
    "sweep",
    "take_back",
]
