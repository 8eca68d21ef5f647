"""What each test's own application would compile anew, compiled once in a process: templates, routes and statements.

Nearly every test makes an application. Compiling takes longer than what most tests ask of it, and ends the same.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, ClassVar

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import LRUCache
from werkzeug.routing import Map, Rule, RuleFactory


class _Templates(BytecodeCache):
    """Templates as the first application of this process compiled them."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def _builders(compile_builder: Callable[..., Any]) -> Callable[..., Any]:
    """Make the function that writes a rule's addresses once for all rules that say the same."""
    made: dict[tuple[Any, ...], Any] = {}

    def builder(rule: Rule, append_unknown: bool = True) -> Any:
        if rule.defaults:  # they go through the rule's own converters
            return compile_builder(rule, append_unknown)
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in made:
            made[key] = compile_builder(rule, append_unknown)
        return made[key]

    return builder


_SAID = attrgetter(
    *("rule", "endpoint", "subdomain", "host", "strict_slashes", "merge_slashes", "build_only", "alias"),
    *("redirect_to", "websocket", "provide_automatic_options"),
)


class _Routes(Map):
    """The routes of an application, bound by the first that has the same ones: its rules serve all others."""

    # What was bound, by all that its rules say, in their order.
    _bound: ClassVar[dict[tuple[Any, ...], Map]] = {}

    def __init__(self, *more: Any, **named: Any) -> None:
        self._waiting: list[Rule] | None = []
        super().__init__(*more, **named)

    def add(self, rulefactory: RuleFactory) -> None:
        assert self._waiting is not None, "a route is added after routes were asked for"
        self._waiting += rulefactory.get_rules(self)

    def update(self) -> None:
        if self._waiting is None:
            return
        said = [
            (_SAID(rule), frozenset(rule.methods or ()), tuple((rule.defaults or {}).items())) for rule in self._waiting
        ]
        key = (*said, *self.converters.items(), self.host_matching)
        if key not in self._bound:
            own = self._bound[key] = Map(converters=self.converters, host_matching=self.host_matching)
            for rule in self._waiting:
                own.add(rule)
            own.update()
        self._matcher = self._bound[key]._matcher
        self._rules_by_endpoint = self._bound[key]._rules_by_endpoint
        self._waiting = None


_STATEMENTS: LRUCache[Any, Any] = LRUCache(3000)


def _with_statements(connection: Connection) -> None:
    """Let engines of the same sort of database share the statements they compiled."""
    engine, sort = connection.engine, type(connection.dialect)
    engine._compiled_cache = _STATEMENTS
    # A statement is found by its dialect, which each engine has one of.
    sort.__hash__ = _hash_of_sort  # type: ignore[method-assign]
    sort.__eq__ = _same_sort  # type: ignore[method-assign]


def _hash_of_sort(dialect: object) -> int:
    return hash(type(dialect))


def _same_sort(dialect: object, other: object) -> bool:
    return type(dialect) is type(other)


def share() -> None:
    """From here on applications of this process share what they compile."""
    Flask.jinja_options = {"bytecode_cache": _Templates()}
    Flask.url_map_class = _Routes
    Rule._compile_builder = _builders(Rule._compile_builder)  # type: ignore[method-assign]
    event.listen(Engine, "engine_connect", _with_statements)
