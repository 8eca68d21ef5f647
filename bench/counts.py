"""What a phone's return costs in statements, lasting commits and password hashes, counted inside the application.

Counts do not flake, so one round is enough; tests/integration/cost holds them for every route.
"""

from __future__ import annotations

from pathlib import Path

from flask.testing import FlaskClient

from app import create_app
from app.config import Settings
from app.extensions import db
from bench.phones import Sender, enrol
from bench.servers import ours, published
from tests.support.costs import costs


def measure(folder: Path) -> dict[str, list[float]]:
    """S8: hashes of a phone that comes back, commits of a request, statements of 100 records against 10."""
    with ours(folder / "ours") as site:
        edition, [sender] = published(site), enrol(site, 1)
    app = create_app(Settings.from_environment({n: v for n, v in site.environment.items() if n.startswith("BV_")}))
    with app.app_context():
        engine = db.engine
    client = app.test_client(use_cookies=False)
    _send(client, sender, sender.batch(edition, 1))
    found = {}
    for size in (10, 100):
        body = sender.batch(edition, size)
        with costs(engine) as found[size]:
            _send(client, sender, body)
    with costs(engine) as reading:
        for path in ("state", "catalogue"):
            reply = client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {sender.read}"})
            assert reply.status_code == 200, reply.status
    with app.app_context():
        db.session.remove()
        engine.dispose()
    statements = {size: len(cost.statements) for size, cost in found.items()}
    commits = max(cost.commits for cost in found.values())
    hashes = sum(cost.hashes for cost in (*found.values(), reading))
    print(f"  statements of 10 and of 100 records: {statements}; commits {commits}; hashes {hashes}")
    return {"S8.hashes": [hashes], "S8.commits": [commits], "S8.statements": [statements[100] / statements[10]]}


def _send(client: FlaskClient, sender: Sender, body: bytes) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {sender.append}"}
    reply = client.post("/api/v1/records", data=body, headers=headers)
    assert reply.status_code == 200, (reply.status, reply.data[:300])
