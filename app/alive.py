"""`python -m app.alive`: ask the server on this machine whether it is well. Leaves with 0 when it is, else 1.

For a container's health check, which runs again and again beside the server: so it is the standard library alone, and
takes no memory worth counting.
"""

from __future__ import annotations

import http.client
import os
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

SECONDS = 5


def alive(environment: Mapping[str, str]) -> bool:
    """Ask under the name phones use, as the server answers to no other; settings are those the server has."""
    name = urlsplit(environment.get("BV_ORIGIN") or "http://localhost").hostname or "localhost"
    line = http.client.HTTPConnection("127.0.0.1", int(environment.get("BV_PORT") or 8000), timeout=SECONDS)
    try:
        line.request("GET", "/healthz", headers={"Host": name, "X-Forwarded-Proto": "https"})
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


if __name__ == "__main__":
    sys.exit(0 if alive(os.environ) else 1)
