"""What `deploy/install.sh` puts on a server is small, and is all that runs there (decision 19)."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
# All that others wrote, in bytes on the disk; what is ours grows with what it does (`make bench SUITES=memory`).
MOST_OF_OTHERS = 94_000_000

# The program as gunicorn starts it, and what is read late: a passkey, a spreadsheet, a signature, a picture, a sound.
RUNS = """
import importlib.util, io, os, sys
for name in ("jwt", "lxml", "pip", "png", "psycopg", "setuptools", "weasyprint"):
    if importlib.util.find_spec(name):
        print("installed:", name)
import gunicorn.app.wsgiapp, gunicorn.workers.gthread
from wsgi import app
assert app.test_client().get("/healthz").status_code in (200, 503)
import openpyxl
book = openpyxl.Workbook()
book.active.append(["Priya", 3])
kept = io.BytesIO()
book.save(kept)
assert openpyxl.load_workbook(kept).active["A1"].value == "Priya"
from app.credentials import baking, canonical
canonical.hash_of({"@context": canonical.CREDENTIALS, "type": "VerifiableCredential"}, {"type": "DataIntegrityProof"})
from PIL import Image
from app.web.trainer import smaller
picture = smaller.fit("photo.png", baking.png("x", title="Moving", person="Priya", issuer="Bramble"), ())
assert Image.open(io.BytesIO(picture.body)).format == "WEBP"
from app.identity import passkeys
passkeys.options_to_sign_in(None, None, passkeys.PasskeySite(name="n", host="h", origin="https://h"), b"x" * 64)
import alembic.command, lameenc, mammoth, miniaudio, zxcvbn
for name, module in sorted(sys.modules.items()):
    cached = getattr(getattr(module, "__spec__", None), "cached", None)
    if cached and "site-packages" in cached and "_bundled" not in cached and not os.path.exists(cached):
        print("no bytecode:", name)
"""


def on_disk(folder: Path) -> int:
    """Bytes a folder takes, as the one who runs out of them counts."""
    said = subprocess.run(["du", "-s", "-B1", str(folder)], capture_output=True, text=True, check=True).stdout
    return int(said.split()[0])


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """A folder as the documentation makes it on a server, without extras."""
    folder = tmp_path_factory.mktemp("installed")
    shutil.copy(wheel, folder)
    subprocess.run(["sh", str(ROOT / "deploy/install.sh"), "server", wheel.name], check=True, cwd=folder)
    return folder / "server"


def test_all_that_runs_is_there_with_its_bytecode_and_nothing_beside(installed: Path, tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("BV_", "PYTHON"))}
    done = subprocess.run(
        [installed / "bin/python", "-c", RUNS],
        cwd=tmp_path,
        env={**clean, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_a_postgresql_is_asked_for_with_its_extra(installed: Path, tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("BV_", "PYTHON"))}
    done = subprocess.run(
        [installed / "bin/flask", "--app", "wsgi", "doctor"],
        cwd=tmp_path,
        env={**clean, "BV_DATABASE_URL": "postgresql://somebody:hunter2@127.0.0.1/nothing"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "requirements/postgres.txt" in done.stderr
    assert "hunter2" not in done.stderr + done.stdout


def test_installing_again_changes_no_file_that_a_running_server_has_open(installed: Path) -> None:
    compiled = sorted(installed.glob("lib/python3*/site-packages/pydantic_core/*.so"))
    before = [path.stat() for path in compiled]
    with compiled[0].open("rb") as held:
        (wheel,) = installed.parent.glob("*.whl")
        install = ["sh", str(ROOT / "deploy/install.sh"), "server", wheel.name]
        subprocess.run(install, check=True, cwd=installed.parent)
        assert os.fstat(held.fileno()).st_size == before[0].st_size
    after = [path.stat() for path in compiled]
    assert all(
        now.st_ino != then.st_ino and now.st_mode == then.st_mode for now, then in zip(after, before, strict=True)
    )
    assert not list(installed.rglob("*.new"))


def test_what_others_wrote_stays_small(installed: Path) -> None:
    [ours] = installed.glob("lib/python3*/site-packages/app")
    assert on_disk(installed) - on_disk(ours) < MOST_OF_OTHERS
