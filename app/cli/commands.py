"""Groups of commands whose modules are read when one of them is given."""

from __future__ import annotations

from collections.abc import Mapping
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from flask.cli import AppGroup

if TYPE_CHECKING:
    import click


class Commands(AppGroup):
    """A group that knows where each command lies, as "module:name", and reads it when it is given."""

    def __init__(self, name: str, places: Mapping[str, str], **more: Any) -> None:
        super().__init__(name, **more)
        self.places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name them all, without reading one."""
        return sorted({*super().list_commands(ctx), *self.places})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Read the command `name`, or return None when there is none."""
        if name not in self.places:
            return super().get_command(ctx, name)
        command: click.Command = resolve_name(self.places[name])
        return command
