"""Somebody's results, as a phone gets them: years of them, so they are written from their rows without being read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic_core import to_json

from app.learning import StoredResult, StudiedEdition


def written_results(results: Iterable[StoredResult], editions: Mapping[str, StudiedEdition]) -> bytes:
    """Return a list of `ResultSent` as JSON; `editions` by their hash, for what was withheld until now.

    Outcomes of questions go from their row to the phone as they are. With a model of each result and an object of each
    outcome, two hundred results took longer than all else of the reply.
    """
    # What results of one edition share, by module, edition and hash.
    shared: dict[tuple[str, int, str], tuple[str, str]] = {}
    written = []
    for each in results:
        about = each[1:4]
        if about not in shared:
            shared[about] = _shared(about, editions.get(each.sha))
        edition, feedback = shared[about]
        written.append(
            f'{{"record":"{each.record}",{edition},"at":"{each.at}","received":"{each.received_at}"'
            f',"seconds":{each.seconds},"score":{each.score},"passed":{"true" if each.passed else "false"}'
            f',"questions":{each.questions}{feedback}}}'
        )
    return f"[{','.join(written)}]".encode()


def _shared(about: tuple[str, int, str], edition: StudiedEdition | None) -> tuple[str, str]:
    """Return the members that name an edition, and the one with what it withheld, if it did."""
    named = to_json(dict(zip(("module", "edition", "sha"), about, strict=True))).decode()
    withheld = edition.withheld if edition else None
    return named[1:-1], f',"feedback":{to_json(withheld).decode()}' if withheld else ""
