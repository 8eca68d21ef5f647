"""What the program is held to: each figure's name, its must (a gate) and its aim (what others would find hard).

A figure is the median of its rounds. Its key is `<goal>.<what>`: one goal of the project can hold several.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One figure's limits in `unit`; None: it has no such limit. `at_least`: more is better."""

    what: str
    unit: str
    must: float | None = None
    aim: float | None = None
    at_least: bool = False

    def met(self, value: float, limit: float | None) -> bool | None:
        """Say whether a limit is kept, or None where there is none."""
        if limit is None:
            return None
        return value >= limit if self.at_least else value <= limit


GOALS: dict[str, Goal] = {
    "P1.seconds": Goal(what="First lesson readable, slow 3G, from a shared link", unit="s", must=4, aim=2.5),
    "P1.floor": Goal(what="… against the floor", unit="×", must=2.5),
    "P2.seconds": Goal(what="First lesson readable through joining with a code, slow 3G", unit="s", must=8, aim=5),
    "P3.bytes": Goal(what="Bytes until it can be read", unit="kB", must=30, aim=14),
    "P3.requests": Goal(what="Requests until it can be read", unit="", must=8, aim=4),
    "P4.seconds": Goal(what="40 lessons ready for no signal, slow 3G", unit="s", must=10, aim=6),
    "P4.floor": Goal(what="… against the floor", unit="×", must=3),
    "P5.bytes": Goal(what="Whole first visit, 40 lessons on the phone", unit="kB", must=120, aim=80),
    "P5.requests": Goal(what="… its requests", unit="", must=25, aim=15),
    "P6.bytes": Goal(what="Script of a learner's phone, Brotli", unit="kB", must=40, aim=20),
    "P6.hosts": Goal(what="Other hosts asked", unit="", must=0, aim=0),
    "P7.floor": Goal(what="Cold start with the network cut, against the floor", unit="×", must=2, aim=1.3),
    "P7.seconds": Goal(what="… in seconds", unit="s"),
    "P8.blocking": Goal(what="Blocking time on a lesson", unit="ms", must=150, aim=80),
    "P8.lighthouse": Goal(
        what="Lighthouse, mobile: the lowest of its scores", unit="", must=95, aim=100, at_least=True
    ),
    "P9.bytes": Goal(what="Return visit, nothing new", unit="kB", must=2, aim=1),
    "P9.requests": Goal(what="… its requests", unit="", must=2, aim=1),
    "P9.changed": Goal(
        what="Return visit, one module changed: what more, against that module", unit="×", must=1.5, aim=1.2
    ),
    "P10.tap": Goal(what="Tap to response", unit="ms", must=100, aim=50),
    "P10.saved": Goal(what="Answer to “Saved”", unit="ms", must=50, aim=20),
    "P10.search": Goal(what="150 modules searched without signal", unit="ms", must=100, aim=30),
    "S1.batch-1": Goal(what="Processor a record against the floor, one a request", unit="×", must=3, aim=1.8),
    "S1.batch-10": Goal(what="… ten a request", unit="×", must=2.5, aim=1.5),
    "S1.batch-100": Goal(what="… a hundred a request", unit="×", must=2, aim=1.3),
    "S3.share": Goal(
        what="Rate, 8 senders, ten a request: share of the floor", unit="%", must=40, aim=60, at_least=True
    ),
    "S4.p95": Goal(what="95th of 100 answers there, against the floor", unit="×", must=4, aim=2),
    "S5.wrong": Goal(what="10,000 phones in a minute: failed, lost or doubled", unit="", must=0, aim=0),
    "S5.p95": Goal(what="… 95th of 100 answers", unit="s", must=1, aim=0.2),
    "S6.million": Goal(what="A record's cost with 10⁶ stored, against 10⁴", unit="×", must=1.3, aim=1.1),
    "S6.ten-million": Goal(what="… with 10⁷ stored", unit="×", must=1.6, aim=1.3),
    "S7.record": Goal(what="One person's record, 10⁷ stored", unit="ms", must=20, aim=5),
    "S7.people": Goal(what="A manager's page of 50 people", unit="ms", must=100, aim=30),
    "S7.matrix": Goal(what="Matrix of 1,000 × 80", unit="ms", must=400, aim=150),
    "S7.grown": Goal(what="The worst of these at 10⁷ against 10⁴", unit="×", must=1.5, aim=1.1),
    "S8.hashes": Goal(what="Password hashes when a phone reconnects", unit="", must=0),
    "S8.commits": Goal(what="Commits a request", unit="", must=1),
    "S8.statements": Goal(what="Statements of a batch of 100 against a batch of 10", unit="×", must=1),
    "S9.rate": Goal(what="Edition read: share of the floor’s rate", unit="%", must=50, aim=80, at_least=True),
    "S9.unchanged": Goal(what="Edition asked for again, unchanged: 304 (1 is yes)", unit="", must=1, at_least=True),
    "S10.memory": Goal(what="Memory of two workers after load", unit="MiB", must=160, aim=130),
    "S10.install": Goal(what="What is installed", unit="MB", must=110, aim=80),
    "S10.extras": Goal(what="… with PDFs, PostgreSQL and messages on lock screens", unit="MB"),
    "S11.share": Goal(
        what="PostgreSQL, ten a request: share of its store’s own rate", unit="%", must=25, aim=40, at_least=True
    ),
    "A1.module": Goal(what="Build and check a module, against Python-Markdown and bleach", unit="×", must=2.5, aim=1.5),
    "A1.grown": Goal(what="… each of 5,000 against each of 100", unit="×", must=1.2),
    "A2.seconds": Goal(what="Publish again after one change among 5,000", unit="s", must=2, aim=0.5),
    "A3.seconds": Goal(what="Server start with 5,000 modules", unit="s", must=3, aim=1.5),
}
