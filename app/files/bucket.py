"""An S3-compatible bucket: objects under a prefix, each by a uuid that says nothing of what it is."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from app.config import FilesSettings, SettingsError, install_again
from app.files.errors import FileLost, FilesAway

AWAY = (
    "Our store of files does not answer. Nothing was changed, and nothing is lost. Go back and try again in a minute."
)
LOST = "This file is not in our store of files as it was put there. Whoever runs this server can find out why."
# A request that waits holds one of few threads, and on SQLite everybody who writes.
OPTIONS = {"connect_timeout": "3s", "timeout": "20s", "allow_http": True}
# What stands here says which server the prefix belongs to, and how far its audit trail went when it was last swept.
OWNER = "owner"
# What S3 answers where the bucket is there and the object is not.
NONE_SUCH = "NoSuchKey"
_log = logging.getLogger(__name__)


class Bucket:
    """Puts, gets, deletes and lists objects. Raises FilesAway where the bucket does not do as it is told.

    Raises SettingsError when the library for it is not installed.
    """

    def __init__(self, settings: FilesSettings) -> None:
        try:
            from obstore.store import S3Store
        except ImportError:
            raise SettingsError("BV_FILES", f"needs obstore, and it is not here. {install_again('s3')}") from None
        # It makes no connection and no thread yet. By the path, not by the host name: every server knows that.
        self._store = S3Store(
            settings.bucket,
            prefix=settings.prefix or None,
            endpoint=settings.endpoint,
            region=settings.region,
            access_key_id=settings.key_id,
            secret_access_key=settings.secret,
            virtual_hosted_style_request=False,
            client_options=OPTIONS,  # type: ignore[arg-type]  # its names are a TypedDict that wants literals
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
        )
        self._process: int | None = None

    def put(self, key: UUID, body: bytes) -> None:
        """Store an object; it is there when this returns."""
        with self._asked():
            # In one piece: a piece of many that is left behind is seen by nobody, and paid for.
            self._store.put(str(key), body, use_multipart=False)

    def get(self, key: UUID) -> bytes:
        """Return an object's bytes. Raises FileLost when there is none."""
        with self._asked():
            try:
                return bytes(self._store.get(str(key)).bytes())
            except FileNotFoundError as error:
                if NONE_SUCH not in str(error):
                    raise
                _log.error("Object %s is not in the bucket.", key)
                raise FileLost(LOST) from error

    def delete(self, keys: Iterable[UUID]) -> None:
        """Remove objects. One that is not there is no trouble."""
        with self._asked():
            self._store.delete([str(key) for key in keys])

    def listed(self) -> Iterator[tuple[UUID, datetime]]:
        """Yield each object and when it was put there."""
        with self._asked():
            for some in self._store.list():
                for each in some:
                    try:
                        yield UUID(each["path"]), each["last_modified"]
                    except ValueError:
                        # Not ours to judge: the owner's mark, or what somebody else put there.
                        continue

    def belongs_to(self, server: str) -> bool:
        """Say whether the prefix is this server's; the first that asks makes it its own."""
        owner, _ = self.mark()
        if not owner:
            self.set_mark(server)
        return owner in ("", server)

    def mark(self) -> tuple[str, str]:
        """Return whose the prefix is, and how far their audit trail went when they last swept; empty where unknown."""
        with self._asked():
            try:
                owner, _, trail = bytes(self._store.get(OWNER).bytes()).decode().partition(" ")
            except FileNotFoundError as error:
                if NONE_SUCH not in str(error):
                    raise
                return "", ""
        return owner, trail

    def set_mark(self, server: str, trail: str = "") -> None:
        """Make the prefix this server's, swept when its audit trail went as far as this."""
        with self._asked():
            self._store.put(OWNER, f"{server} {trail}".strip().encode(), use_multipart=False)

    def try_out(self) -> None:
        """Write, read and delete an object. Raises FilesAway or FileLost where one of these fails."""
        key, body = uuid4(), b"Between Visits was here."
        self.put(key, body)
        found = self.get(key)
        self.delete([key])
        if found != body:
            raise FileLost(LOST)

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Turn the library's trouble into ours. What it says names no secret, and goes to the log, not to people."""
        from obstore.exceptions import BaseError

        # Its threads do not survive a fork: a child that asked would wait for ever.
        self._process = self._process or os.getpid()
        if self._process != os.getpid():
            _log.error("The bucket was asked before this process was forked.")
            raise FilesAway(AWAY)
        try:
            yield
        except (BaseError, OSError) as error:
            _log.error("The bucket would not: %s", _first(error))
            raise FilesAway(AWAY) from error


def _first(error: Exception) -> str:
    return str(error).split("\n\n", 1)[0][:400]
