"""A private PostgreSQL for the tests: made from the machine's own programs in a temporary folder, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.site import free_port

# It refuses to run as root. Whoever else is at hand will do; the folder is given to them.
STAND_INS = ("postgres", "nobody")


def programs() -> Path:
    """Where the server's programs lie: on the path, else in Debian's folder of the newest version."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    return sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]


# For tests, which need no more of it than that it answers.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB")


@contextmanager
def private_postgres(settings: Sequence[str] = FORGETFUL) -> Iterator[str]:
    """Run a server that listens on loopback only; give the address of its database. By itself it forgets to flush."""
    folder = Path(tempfile.mkdtemp(prefix="bv-postgres-"))
    drop: dict[str, int] = {}
    if os.geteuid() == 0:
        known = [pwd.getpwnam(name) for name in STAND_INS if name in {entry.pw_name for entry in pwd.getpwall()}]
        drop = {"user": known[0].pw_uid, "group": known[0].pw_gid}
        os.chown(folder, known[0].pw_uid, known[0].pw_gid)
    port = free_port()
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "env": {**os.environ, "LC_ALL": "C"}, **drop}
    data = folder / "data"
    try:
        subprocess.run(
            [programs() / "initdb", "-D", data, "-U", "bv", "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True,
            stderr=subprocess.DEVNULL,
            **quiet,
        )
        log = (folder / "log").open("wb")
        server = subprocess.Popen(
            [programs() / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", folder]
            + [word for setting in settings for word in ("-c", setting)],
            stderr=log,
            **quiet,
        )
        try:
            _wait(port, server, folder / "log")
            yield f"postgresql+psycopg://bv@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)
            log.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        ready = subprocess.run([programs() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)], check=False)
        if ready.returncode == 0:
            return
        assert server.poll() is None, log.read_text(errors="replace")
        time.sleep(0.1)
    raise AssertionError("PostgreSQL did not start within 30 s")
