"""How gunicorn serves the app: everything comes from the BV_… settings, so there is one place to look."""

import gc
from pathlib import Path
from typing import Any

from app.config import Settings

_settings = Settings.from_environment()

bind = f"{_settings.host}:{_settings.port}"
workers = _settings.workers
threads = _settings.threads
worker_class = "gthread"
# A phone on one bar of signal sends slowly; it is given time, while threads keep others from waiting behind it.
timeout = 60
graceful_timeout = 30
keepalive = 5
# A worker begins anew now and then, not all of them at once.
max_requests = 10_000
max_requests_jitter = 1_000
# Addresses hold invite codes and people's ids, so requests are not logged; errors are, on stderr.
accesslog = None
errorlog = "-"
# What a broken request held and what an error says stay out of the log where real people are served (app/web/logs.py).
if _settings.production:
    logger_class = "app.web.logs.Log"
control_socket_disable = True
# The app is read once and then shared by all processes: each has for itself only what it changes
# (docs/decisions/0012-processes-share-what-they-read.md).
preload_app = True
# gunicorn touches a file to show that a worker lives; on a disk that is busy this alone can look like death.
_memory = Path("/", "dev", "shm")
worker_tmp_dir = str(_memory) if _memory.is_dir() else None


def on_starting(server: Any) -> None:
    """Keep this release's built files, for tabs that are still open after the next upgrade (app/built.py)."""
    from app import built
    from app.kernel import utc_now

    try:
        built.keep(_settings.instance, now=utc_now())
    except OSError as error:
        # A full disk or a folder we may only read must not keep the server from starting.
        server.log.warning("The built files were not kept: %s", type(error).__name__)


def pre_fork(server: Any, _worker: Any) -> None:
    """Keep the collector's hands off what is shared: looking at an object for cycles writes to it, and so copies it."""
    from sqlalchemy.orm import configure_mappers

    # The first request would make these, 20 MiB in each process for itself.
    configure_mappers()
    server.app.wsgi().url_map.update()
    gc.collect()
    gc.freeze()


def post_fork(server: Any, _worker: Any) -> None:
    """Let go of whatever connection the master has: two processes must never talk on one."""
    from app.extensions import db

    with server.app.wsgi().app_context():
        db.engine.dispose(close=False)
