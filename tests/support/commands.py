"""`flask …` commands for tests, each in a process of its own that finds everything imported already.

What a command imports takes longer than nearly any command, and the browser tests give hundreds. So one process imports
it once and forks for each command: environment, folder and output are the command's own, as if it had been typed.
Run as `python -m tests.support.commands` it is that process: a request a line on stdin, an answer a line on stdout.
"""

from __future__ import annotations

import atexit
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).resolve().parents[2]
_one_at_a_time = Lock()


def run(words: tuple[str, ...], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run `flask --app wsgi …` in the project's folder, and return what it printed."""
    with tempfile.TemporaryDirectory() as folder:
        out, error = Path(folder, "out"), Path(folder, "error")
        asked = {"words": words, "environment": dict(environment), "out": str(out), "error": str(error)}
        with _one_at_a_time:
            keeper = _keeper()
            assert keeper.stdin is not None
            assert keeper.stdout is not None
            keeper.stdin.write(json.dumps(asked) + "\n")
            keeper.stdin.flush()
            code = int(keeper.stdout.readline())
        return subprocess.CompletedProcess(words, code, out.read_text("utf-8"), error.read_text("utf-8"))


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
    """Import what every command needs, then fork for each line until there is no more."""
    from flask import Flask
    from flask.cli import main

    from app import cli
    from app.web.factory import build_app

    assert build_app
    cli.init_app(Flask("imported"))
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            os.environ.clear()
            os.environ.update(asked["environment"])
            for number, name in ((1, "out"), (2, "error")):
                os.dup2(os.open(asked[name], os.O_WRONLY | os.O_CREAT, 0o600), number)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            sys.argv = ["flask", "--app", "wsgi", *asked["words"]]
            random.seed()
            code: object = 0
            try:
                main()
            except SystemExit as left:
                code = left.code
            except BaseException:
                sys.excepthook(*sys.exc_info())
                code = 1
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code if isinstance(code, int) else 1 if code else 0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _keep()
