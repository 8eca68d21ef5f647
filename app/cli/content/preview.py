"""`flask content preview`: a module as a carer sees it, following the file while it is written."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext
from werkzeug.serving import WSGIRequestHandler, make_server

from app.cli.content.common import from_screens, library_here
from app.cli.content.watching import stamp
from app.cli.output import trouble
from app.content import Checked
from app.content.library import Folder
from app.content.service import check_folder
from app.kernel import utc_now

# Never another: what is being written is nobody else's to read.
LOOPBACK = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing of each page: the terminal is for what goes wrong."""


def folder_at(path: Path) -> Folder:
    """Return the one module at `path`, in the library or anywhere else. Raises click.UsageError."""
    place = path.parent if path.name == "module.md" else path
    found = library_here().under((place,))
    if len(found) > 1:
        raise click.UsageError(f"{path} holds {len(found)} modules. Name one of them, such as {found[0].path}")
    if found:
        return found[0]
    if not (place / "module.md").is_file():
        raise click.UsageError(f"There is no module.md at {path}.")
    whole = place.resolve()
    return Folder(
        path=whole,
        pack=whole.parent.parent.name,
        topic=whole.parent.name,
        name=whole.name,
        shown=str(place / "module.md"),
    )


@click.command("preview")
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=8020, show_default=True, help="0 takes a free one.")
@with_appcontext
def preview_command(folder: Path, port: int) -> None:
    """Show the module in FOLDER at an address of this machine, as a carer sees it, each time you save it.

    The quiz can be played; nothing is kept and nothing is published. Stop it with Ctrl-C.
    """
    one = folder_at(folder)

    def read() -> Checked:
        return check_folder(library_here(), one, now=utc_now())

    pages = from_screens("bv.preview")(read, lambda: stamp([one.path]))
    try:
        server = make_server(LOOPBACK, port, pages, threaded=True, request_handler=_Quiet)
    except (OSError, SystemExit):
        raise trouble(f"Port {port} is in use. Choose another: --port {port + 1}") from None
    click.echo(f"{one.shown}: http://{LOOPBACK}:{server.server_port}/  (Ctrl-C to stop)")
    server.serve_forever()  # Ctrl-C ends it, and it closes what it opened
    click.echo("Stopped.")
