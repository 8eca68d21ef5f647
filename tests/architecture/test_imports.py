"""Import direction. A rule about training that imports the web cannot be used, or tested, without it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOMAINS = ("kernel", "identity", "providers", "content", "catalogue", "learning", "compliance", "sync", "backup")


def test_the_layers_hold() -> None:
    """Runs the contracts of pyproject.toml. When one fails, move the code, not the contract."""
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_domain_comes_without_flask(domain: str) -> None:
    """Also what it imports inside functions of other packages counts: the interpreter itself is asked."""
    program = f"import sys, app.{domain}; print(*sorted({{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"flask", "werkzeug", "flask_sqlalchemy", "flask_login", "jinja2"}


def test_settings_need_nothing_but_the_standard_library() -> None:
    """A broken installation must still be able to say what is wrong with its settings."""
    program = "import sys, app.config; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    ours = {"app", "__main__", "__mp_main__"}
    outside = {name for name in done.stdout.split() if name not in sys.stdlib_module_names | ours}
    # What the interpreter loads at its start for this environment is not of our doing.
    bare = subprocess.run(
        [sys.executable, "-c", "import sys; print(*{m.split('.')[0] for m in sys.modules})"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert outside <= set(bare.stdout.split())


def test_a_server_reads_late_what_few_requests_need(tmp_path: Path) -> None:
    """Memory of each process (docs/decisions/0015-what-is-rarely-needed-is-read-late.md)."""
    program = "import sys, wsgi; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    told = {name: value for name, value in os.environ.items() if not name.startswith("BV_")}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT, capture_output=True, text=True, check=True, env={**told, "BV_INSTANCE": str(tmp_path)},
    )  # fmt: skip
    loaded = set(done.stdout.split())
    assert "flask" in loaded
    assert not loaded & {"PIL", "webauthn", "zxcvbn", "openpyxl", "lxml", "alembic", "authlib", "psycopg", "weasyprint"}
