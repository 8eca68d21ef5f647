"""What stands around the nodes of the app: etcd, two PostgreSQL that Patroni runs, HAProxy, a PgBouncer a node.

Their configuration is that of deploy/several, filled in with ports of this machine: what the run shows, it shows of the
files an operator takes.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import secrets
import signal
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.nodes.programs import Program, give, kill_all, wait_for
from tests.support.postgres import programs
from tests.support.several import fill_in_tool

HOST = "127.0.0.1"
DATABASES = ("db1", "db2")
NODES = ("node1", "node2")


def _ports(number: int) -> list[int]:
    """Ports nobody listens on, no two the same."""
    probes = [socket.socket() for _ in range(number)]
    try:
        for probe in probes:
            probe.bind((HOST, 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


@dataclass
class Cluster:
    """Everything but the app. `folder` is empty, and holds all they keep."""

    folder: Path
    password: str = field(default_factory=lambda: secrets.token_hex(16))
    superuser: str = field(default_factory=lambda: secrets.token_hex(16))

    def __post_init__(self) -> None:
        give(self.folder)
        self.public, self.postgres, etcd, peer, *rest = _ports(12)
        self.port = dict(zip((*NODES, *DATABASES), rest[:4], strict=True))
        self.rest = dict(zip(DATABASES, rest[4:6], strict=True))
        self.pooler = dict(zip(NODES, rest[6:8], strict=True))
        self.admin = self.folder / "haproxy.sock"
        self._common = {
            "SITE": "localhost",
            "PUBLIC_BIND": f"{HOST}:{self.public}",
            "HAPROXY_SOCKET": str(self.admin),
            "NODE1": f"{HOST}:{self.port['node1']}",
            "NODE2": f"{HOST}:{self.port['node2']}",
            "NODE_ADDRESS": HOST,
            "POSTGRES_ADDRESS": HOST,
            "POSTGRES_PORT": str(self.postgres),
            "DB1_ADDRESS": HOST,
            "DB1_PORT": str(self.port["db1"]),
            "DB1_REST": str(self.rest["db1"]),
            "DB2_ADDRESS": HOST,
            "DB2_PORT": str(self.port["db2"]),
            "DB2_REST": str(self.rest["db2"]),
            "DB_ADDRESS": HOST,
            "DB_PROGRAMS": str(programs()),
            "DB_NETWORK": f"{HOST}/32",
            "APP_PASSWORD": self.password,
            "SUPERUSER_PASSWORD": self.superuser,
            "REPLICATION_PASSWORD": secrets.token_hex(16),
            "ETCD_HOSTS": f"{HOST}:{etcd}",
            "ETCD_CLUSTER": f"etcd0=http://{HOST}:{peer}",
            "ETCD_NAME": "etcd0",
            "ETCD_ADDRESS": HOST,
            "ETCD_PORT": str(etcd),
            "ETCD_PEER_PORT": str(peer),
            "ETCD_FOLDER": str(self.folder / "etcd-data"),
        }
        self.etcd = Program("etcd", ["/usr/bin/etcd", "--config-file", str(self._file("etcd.yml"))], self.folder)
        self.haproxy = Program(
            "haproxy", ["/usr/sbin/haproxy", "-db", "-f", str(self._file("haproxy.cfg"))], self.folder
        )
        self.database = {name: self._database(name) for name in DATABASES}
        self.pgbouncer = {name: self._pooler(name) for name in NODES}

    def _file(self, file: str, place: str = "", **own: str) -> Path:
        """Fill one file in, give it to who reads it, and return where it lies."""
        folder = self.folder / "etc" / place
        fill_in_tool().fill_in({**self._common, **own}, folder, [file])
        for each in (self.folder / "etc", folder, folder / file):
            give(each)
        return folder / file

    def _database(self, name: str) -> Program:
        own = {"DB_NAME": name, "DB_PORT": str(self.port[name]), "DB_REST": str(self.rest[name])}
        config = self._file("patroni.yml", name, DB_FOLDER=str(self._data(name)), **own)
        # Passwords for pg_rewind and pg_basebackup are written beside the home of whoever runs it.
        return Program(name, ["/usr/bin/patroni", str(config)], self.folder, {"PGPASSFILE": f"{self.folder}/{name}.pw"})

    def _pooler(self, node: str) -> Program:
        users = self._file("userlist.txt", node)
        own = {"PGBOUNCER_PORT": str(self.pooler[node]), "PGBOUNCER_USERS": str(users)}
        own |= {f"PGBOUNCER_{what}": f"{self.folder}/pgbouncer-{node}.{what.lower()}" for what in ("LOG", "PID")}
        config = self._file("pgbouncer.ini", node, **own)
        return Program(f"pgbouncer-{node}-out", ["/usr/sbin/pgbouncer", str(config)], self.folder)

    def _data(self, name: str) -> Path:
        return self.folder / f"{name}-data"

    def environment(self, node: str, folder: Path, **own: str) -> dict[str, str]:
        """Return a node's settings, those of deploy/several and `own`."""
        files = {}
        for name in ("SECRET_KEY_FILE", "BACKUP_KEY_FILE"):
            path = self.folder / name.lower()
            if not path.exists():
                path.touch(mode=0o600)
                path.write_text(secrets.token_urlsafe(48))
            files[name] = str(path)
        values = {
            **files,
            "PUSH_KEY_FILE": str(self.folder / "push-key.pem"),
            "NODE_PORT": str(self.port[node]),
            "NODE_FOLDER": str(folder),
            "PGBOUNCER_PORT": str(self.pooler[node]),
        }
        lines = self._file("node.env", node, **values).read_text(encoding="utf-8")
        return {**fill_in_tool().read(lines), **own}

    @property
    def direct(self) -> str:
        """The address of the primary, whichever it is, without a pooler."""
        return f"postgresql+psycopg://between_visits:{self.password}@{HOST}:{self.postgres}/between_visits"

    def start(self) -> None:
        """Start everything, make the database, and wait until the replica has all that the primary has."""
        self.etcd.start()
        self.database["db1"].start()
        wait_for("db1 is the primary", lambda: self.primary() == "db1", seconds=120)
        self.database["db2"].start()
        self.haproxy.start()
        with psycopg.connect(self._as_superuser("db1"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE between_visits OWNER between_visits")
        for pooler in self.pgbouncer.values():
            pooler.start()
        self.wait_until_both()

    def _as_superuser(self, name: str) -> str:
        return f"host={HOST} port={self.port[name]} user=postgres password={self.superuser} dbname=postgres"

    def asks(self, name: str, what: str) -> int:
        """Ask Patroni on a machine whether it is the primary, a replica, a synchronous one; 200 says yes, 0 nothing."""
        line = http.client.HTTPConnection(HOST, self.rest[name], timeout=3)
        try:
            line.request("GET", f"/{what}")
            return line.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()

    def primary(self) -> str | None:
        """The machine whose PostgreSQL takes what is written, if there is one."""
        return next((name for name in DATABASES if self.asks(name, "primary") == 200), None)

    def other(self, name: str) -> str:
        """The other machine of the database."""
        return DATABASES[1 - DATABASES.index(name)]

    def wait_until_both(self) -> None:
        """Wait until there is a primary, and a replica that each commit waits for."""
        wait_for(
            "a synchronous replica", lambda: any(self.asks(n, "synchronous") == 200 for n in DATABASES), seconds=120
        )
        wait_for("a primary", self.primary)

    def kill_database(self, name: str) -> None:
        """End Patroni and PostgreSQL of a machine at once, as a power cut does."""
        self.database[name].kill()
        kill_all(self._postmaster(name))
        wait_for(f"{name} is gone", lambda: not Path(f"/proc/{self._postmaster(name)}").exists())

    def _postmaster(self, name: str) -> int:
        return int((self._data(name) / "postmaster.pid").read_text().split()[0])

    def switch_over(self) -> None:
        """Let the replica take over, as before work on the primary's machine."""
        leader = self.primary()
        assert leader is not None
        line = http.client.HTTPConnection(HOST, self.rest[leader], timeout=60)
        body = json.dumps({"leader": leader, "candidate": self.other(leader)})
        line.request("POST", "/switchover", body, {"Content-Type": "application/json"})
        reply = line.getresponse()
        words = reply.read().decode(errors="replace")
        line.close()
        assert reply.status == 200, f"{reply.status} {words}"

    def balancer(self, words: str) -> str:
        """Tell HAProxy something on its own socket, and return its answer."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(str(self.admin))
            line.sendall(f"{words}\n".encode())
            answer = b""
            while part := line.recv(65536):
                answer += part
        return answer.decode(errors="replace")

    def state(self, node: str) -> str:
        """What HAProxy thinks of a node: UP, DOWN, DRAIN, or on its way from one to another."""
        lines = (line.split(",") for line in self.balancer("show stat").splitlines())
        return next(fields[17] for fields in lines if fields[:2] == ["app", node])

    def stop(self) -> None:
        """End everything; what does not end by itself is ended."""
        for program in (self.haproxy, *self.pgbouncer.values()):
            program.stop()
        for name, program in self.database.items():
            program.stop()
            with contextlib.suppress(OSError, IndexError, ValueError):
                kill_all(self._postmaster(name))
        self.etcd.stop(signal.SIGTERM)


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder that the programs, which are somebody else, may walk into; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bv-nodes-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "around").mkdir()
        yield folder
