"""What a container's health check asks is answered by the server that runs, under the name phones use."""

from __future__ import annotations

from pathlib import Path

from app.alive import alive
from tests.support.site import Site


def test_a_production_server_that_runs_is_alive_and_one_that_is_gone_is_not(tmp_path: Path) -> None:
    production = {"BV_MODE": "production", "BV_ORIGIN": "https://localhost:8443", "BV_WORKERS": "1"}
    site = Site(tmp_path, settings={**production, "BV_SECRET_KEY": "only of this test, and long enough"})
    site.prepare_tables()
    assert not alive(site.environment)
    site.start()
    try:
        assert alive(site.environment)
        assert not alive({**site.environment, "BV_ORIGIN": "https://another.example"}), "it answers to no other name"
    finally:
        site.stop()
    assert not alive(site.environment)
