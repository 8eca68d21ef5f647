"""What each request of the program costs, in counts that are the same on any machine.

All of them are asked, of a provider with five of everything and again with fifty: people, modules, goes, lessons read,
meetings, drafts, messages, links and whatever else there is a table for.
"""

from __future__ import annotations

from flask import Flask

from tests.integration.cost.conftest import FEW, MANY, Walked
from tests.support.costs import COMMITS, growth
from tests.support.routes import METHODS

# What takes more statements where there is more of something, and why it may.
GROWS = {
    "POST /staff/people/<uuid:person>/profiles": "each job that is taken away is an entry of its own in the trail",
    "POST /staff/exports/statements.json": "one for each edition that was learned from: only a few lie in memory",
}
# Everything else hashes nothing: a hash takes longer than all the rest of a request together.
HASHES = {
    "api.add_place": 1,
    "api.sign_in": 1,
    "api.offer_passkey": 1,
    "api.remove_passkey": 1,
    "api.export": 1,
}
# What a phone asks by itself when it has a signal again.
RECONNECTING = (
    "api.ping",
    "api.send_records",
    "api.rotate",
    "api.state",
    "api.news",
    "api.library",
    "api.catalogue",
    "api.summaries",
    "api.practice",
    "api.passport",
    "files.edition",
)
# Pages that this world cannot open, and why; what is not here is seen as people see it.
NOT_OPENED = {
    "GET /catalogue/texts/<sha>.md": "of one edition, and these have no text",
    "GET /join/<code>/forgot": "leads on",
    "GET /staff/": "leads on",
    "GET /staff/people/<uuid:person>/erase": "of one person who has left",
    "GET /staff/people/<uuid:person>/invite.svg": "of one code that was just made",
    "GET /staff/people/ask/done": "of one moment of asking",
    "GET /staff/second-step": "leads on",
    "GET /staff/security/app.svg": "of one app that is just being added",
    "GET /staff/security/openid": "no OpenID provider is set up",
    "GET /staff/security/openid/go": "no OpenID provider is set up",
    "GET /staff/sign-in/openid": "no OpenID provider is set up",
    "GET /staff/sign-in/openid/back": "no OpenID provider is set up",
    "GET /staff/sign-in/openid/first": "no OpenID provider is set up",
    "GET /staff/suggestions/<int(max=99999999):number>": "of one suggestion to a module of this server's own",
}


def test_every_table_has_so_much_more(walked: Walked) -> None:
    """A table that did not grow proves nothing. A new one is copied by itself; else say in the crowd how it grows."""
    assert walked.not_grown == []


def test_every_route_is_asked(walked: Walked, sqlite_app: Flask) -> None:
    routes = {
        f"{method} {rule.rule}"
        for rule in sqlite_app.url_map.iter_rules()
        for method in (rule.methods or set()) & {*METHODS}
    }
    assert routes == walked.few.keys() == walked.many.keys()


def test_what_people_look_at_is_opened(walked: Walked) -> None:
    assert {name for name, each in walked.many.items() if each.method == "GET" and each.status != 200} == {*NOT_OPENED}


def test_nothing_fails(walked: Walked) -> None:
    failed = [(each.name, each.status) for each in walked.many.values() if each.status >= 500]
    assert failed == []


def test_no_request_takes_more_statements_for_fifty_of_everything_than_for_five(walked: Walked) -> None:
    assert {name: few.status for name, few in walked.few.items()} == {
        name: many.status for name, many in walked.many.items()
    }
    both = {name: (few.cost, walked.many[name].cost) for name, few in walked.few.items()}
    grown = {name: more for name, (few, many) in both.items() if (more := growth(few, many))}
    assert grown.keys() == GROWS.keys(), {name: more for name, more in grown.items() if name not in GROWS}


def test_what_may_grow_takes_no_more_than_a_few_statements_for_each(walked: Walked) -> None:
    for name in GROWS:
        more = len(walked.many[name].cost.statements) - len(walked.few[name].cost.statements)
        assert 0 < more <= 6 * (MANY - FEW), name


def test_a_request_makes_things_last_once(walked: Walked) -> None:
    """Every other test of pages and of the API holds this too: tests.support.costs.watched."""
    more = {each.endpoint: each.cost.commits for each in walked.many.values() if each.cost.commits > 1}
    assert more.keys() <= COMMITS.keys()
    assert [name for name, commits in more.items() if commits > COMMITS[name][0]] == []


def test_enough_of_them_write_for_that_to_mean_something(walked: Walked) -> None:
    assert sum(each.cost.commits > 0 for each in walked.many.values()) > 60


def test_passwords_are_hashed_where_somebody_types_one_and_nowhere_else(walked: Walked) -> None:
    hashed = {each.endpoint: each.cost.hashes for each in walked.many.values() if each.cost.hashes}
    assert {name: times for name, times in hashed.items() if name.startswith("api.")} == HASHES
    assert not [each.name for each in walked.many.values() if each.method == "GET" and each.cost.hashes]


def test_a_phone_that_reconnects_needs_no_password(walked: Walked) -> None:
    asked = [each for each in walked.many.values() if each.endpoint in RECONNECTING]
    assert {each.endpoint for each in asked} == set(RECONNECTING)
    assert [(each.status < 300, each.cost.hashes) for each in asked] == [(True, 0)] * len(asked)
