"""`flask content …`: everything there is to do with lessons at the command line, one file a command.

Leaves with 0 when all is well, 1 when something has to be mended, 2 when it was asked wrongly. `check`, `fix`,
`coverage`, `report`, `new` and `import` need no database.
"""

from __future__ import annotations

from app.cli.commands import Commands

__all__ = ["content"]

content = Commands(
    "content",
    {
        "check": "app.cli.content.check:check_command",
        "correct": "app.cli.correcting:correct_command",
        "coverage": "app.cli.content.figures:coverage_command",
        "export": "app.cli.content.transfer:export_command",
        "fix": "app.cli.content.check:fix_command",
        "import": "app.cli.content.transfer:import_command",
        "new": "app.cli.content.new:new_command",
        "preview": "app.cli.content.preview:preview_command",
        "publish": "app.cli.content.publish:publish_command",
        "report": "app.cli.content.figures:report_command",
        "schema": "app.cli.content.new:schema_command",
        "withdraw": "app.cli.content.publish:withdraw_command",
    },
    help="Check, publish and look after the lessons.",
)
