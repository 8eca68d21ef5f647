"""`flask …` commands and servers for tests, each in a process of its own that finds everything imported already.

What a command imports takes longer than nearly any command, and the browser tests give hundreds. So one process imports
it once and forks for each: environment, folder and output are the command's own, as if it had been typed.
Run as `python -m tests.support.commands` it is that process: a request a line on stdin, an answer a line on stdout.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any, NoReturn

import click

ROOT = Path(__file__).resolve().parents[2]
GUNICORN = ("gunicorn", "-c", "gunicorn.conf.py", "wsgi:app")
_one_at_a_time = Lock()


def run(words: tuple[str, ...], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run `flask --app wsgi …` in the project's folder, and return what it printed."""
    with tempfile.TemporaryDirectory() as folder:
        out, error = Path(folder, "out"), Path(folder, "error")
        code = _ask(words=words, environment=dict(environment), out=str(out), error=str(error))
        return subprocess.CompletedProcess(words, code, out.read_text("utf-8"), error.read_text("utf-8"))


def named(group: click.Group) -> Iterator[tuple[str, click.Command]]:
    """Give each command of a group by its name, also where they are read only when they are given."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        yield name, command


class Server:
    """A gunicorn of the program in `root`, in a session of its own; what it says goes to the end of `log`.

    `forked`: it finds everything imported; otherwise it starts as an operator's does.
    """

    def __init__(self, environment: Mapping[str, str], log: Path, root: Path, *, forked: bool) -> None:
        self._other: subprocess.Popen[bytes] | None = None
        if forked:
            self.pid = _ask(words=None, environment=dict(environment), out=str(log), error=str(log))
        else:
            with log.open("ab") as out:
                self._other = subprocess.Popen(
                    [sys.executable, "-m", *GUNICORN],
                    cwd=root,
                    env=environment,
                    stdout=out,
                    stderr=out,
                    start_new_session=True,
                )
            self.pid = self._other.pid
        try:
            self._ended: int | None = os.pidfd_open(self.pid)
        except ProcessLookupError:  # it is over already
            self._ended = None

    def running(self, *, seconds: float = 0) -> bool:
        """Say whether it still runs after so long, as soon as it does not."""
        if self._ended is not None and select.select([self._ended], [], [], seconds)[0]:
            os.close(self._ended)
            self._ended = None
            if self._other is not None:
                self._other.wait()
        return self._ended is not None

    def end(self, how: signal.Signals, *, group: bool) -> None:
        """Send it a signal, or its whole session, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if group else os.kill)(self.pid, how)
        assert not self.running(seconds=20), "gunicorn lives on"


def _ask(**asked: object) -> int:
    """Have the process that keeps everything do one thing, and return the number it answers."""
    with _one_at_a_time:
        keeper = _keeper()
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        keeper.stdin.write(json.dumps(asked) + "\n")
        keeper.stdin.flush()
        return int(keeper.stdout.readline())


@cache
def _keeper() -> subprocess.Popen[str]:
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.support.commands"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(_end, keeper)
    return keeper


def _end(keeper: subprocess.Popen[str]) -> None:
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    keeper.stdin.close()
    keeper.wait(20)
    keeper.stdout.close()


def _keep() -> None:
    """Import what everything needs, then fork for each line until there is no more."""
    from sqlalchemy.orm import configure_mappers

    from app.cli import PLACES
    from app.web.screens import add_screens

    assert add_screens
    for place in PLACES.values():
        import_module(place.partition(":")[0])
    configure_mappers()
    servers: set[int] = set()

    def reap(*_: object) -> None:
        for pid in tuple(servers):
            try:
                lives = os.waitpid(pid, os.WNOHANG) == (0, 0)
            except ChildProcessError:  # the next signal came here meanwhile, and took it
                lives = False
            if not lives:
                servers.discard(pid)

    signal.signal(signal.SIGCHLD, reap)
    for line in sys.stdin:
        asked = json.loads(line)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            _become(asked)
        if asked["words"] is None:
            servers.add(child)
            answer = child
        else:
            answer = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def _become(asked: dict[str, Any]) -> NoReturn:
    """Be the command, or the server where there are no words, until it ends."""
    from flask.cli import main
    from gunicorn.app.wsgiapp import run as serve

    os.environ.clear()
    os.environ.update(asked["environment"])
    for number, name in ((1, "out"), (2, "error")):
        os.dup2(os.open(asked[name], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    random.seed()
    code: object = 0
    try:
        if asked["words"] is None:
            os.setsid()
            sys.argv = list(GUNICORN)
            serve()
        else:
            sys.argv = ["flask", "--app", "wsgi", *asked["words"]]
            main()
    except SystemExit as left:
        code = left.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 1 if code else 0)


if __name__ == "__main__":
    _keep()
