"""`flask content …`: everything there is to do with lessons at the command line, one file a command.

Leaves with 0 when all is well, 1 when something has to be mended, 2 when it was asked wrongly. `check`, `fix`,
`coverage`, `report`, `new` and `import` need no database.
"""

from __future__ import annotations

import click

from app.cli.content.check import check_command, fix_command
from app.cli.content.figures import coverage_command, report_command
from app.cli.content.new import new_command, schema_command
from app.cli.content.preview import preview_command
from app.cli.content.publish import publish_changes, publish_command, withdraw_command
from app.cli.content.transfer import export_command, import_command
from app.cli.correcting import correct_command

__all__ = ["command", "content", "publish_changes"]


@click.group("content")
def content() -> None:
    """Check, publish and look after the lessons."""


for each in (
    check_command,
    fix_command,
    publish_command,
    coverage_command,
    report_command,
    new_command,
    schema_command,
    import_command,
    export_command,
    preview_command,
    withdraw_command,
    correct_command,
):
    content.add_command(each)
command = content
