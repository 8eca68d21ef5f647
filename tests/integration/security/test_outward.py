"""The server asks nobody anything: what cannot fetch an address cannot be sent to one."""

from __future__ import annotations

import ast
import socket
from pathlib import Path

import pytest
from flask import Flask

from tests.support.routes import asked_for
from tests.support.website import Browser, Place

APP = Path(__file__).resolve().parents[3] / "app"
# Whatever opens a connection, in the standard library and in what is installed. `psycopg` is the database's own.
FETCHERS = {
    "app.interop.connecting",
    "urllib.request", "http.client", "ftplib", "smtplib", "imaplib", "poplib", "telnetlib", "xmlrpc", "socketserver",
    "requests", "httpx", "urllib3", "aiohttp", "pycurl", "paramiko", "boto3", "socket", "asyncio", "ssl",
}  # fmt: skip
# A file that may, and why. Only the worker and commands call them, as is tried below; but for the first, which the
# pages of signing in call where an operator has named a provider.
ALLOWED: dict[str, str] = {
    "alive.py": "asks the server on this very machine whether it is well, for a container's health check",
    "interop/openid/line.py": "asks the one OpenID provider that the settings name: no redirect, ten seconds",
    "interop/connecting.py": "is the line of those beside it: ends in time, and goes where it is told",
    "interop/posting.py": "tells other systems a manager named, by the line of interop/sharing/fetch.py",
    "interop/sharing/fetch.py": "asks the servers an operator follows: public addresses only, and no redirect",
    "messages/line.py": "asks the push services browsers named: public addresses only, and no redirect",
    "messages/mail.py": "hands e-mail to the one server the settings name",
}
DANGEROUS = {"eval", "exec", "compile", "__import__"}
SAX_PARSERS = {"xml.sax.parse", "xml.sax.parseString", "xml.sax.make_parser"}
UNSAFE_MODULES = {"pickle", "marshal", "shelve", "dill", "xml.dom.minidom", "xml.sax", "lxml"}


def imports(tree: ast.AST) -> set[str]:
    """Every module a file names in an import, with its parents."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names | {name.rpartition(".")[0] for name in names if "." in name} | {name.split(".")[0] for name in names}


def parses_sax(tree: ast.AST) -> bool:
    """Whether a file has more of xml.sax than its saxutils, which escape and parse nothing."""
    rest = ast.Module(
        body=[
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom) and getattr(node, "module", None) != "xml.sax.saxutils"
        ],
        type_ignores=[],
    )
    return "xml.sax" in imports(rest)


FILES = {path.relative_to(APP).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in APP.rglob("*.py")}


def test_no_module_of_the_server_fetches_anything() -> None:
    assert len(FILES) > 100
    assert imports(ast.parse("from urllib import request\nimport http.client as c")) >= {
        "urllib.request",
        "http.client",
    }
    guilty = {name: imports(tree) & FETCHERS for name, tree in FILES.items() if imports(tree) & FETCHERS}
    assert {name: found for name, found in guilty.items() if name not in ALLOWED} == {}
    assert set(ALLOWED) <= set(guilty), "what no longer fetches needs no leave"


def test_nothing_of_the_server_runs_or_unpacks_what_it_was_given() -> None:
    assert not parses_sax(ast.parse("from xml.sax.saxutils import escape"))
    assert parses_sax(ast.parse("from xml import sax"))
    assert parses_sax(ast.parse("import xml.sax.saxutils\nfrom xml.sax import parse"))
    for name, tree in FILES.items():
        called = {
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not called & DANGEROUS, name
        unsafe = imports(tree) & UNSAFE_MODULES
        if "defusedxml" in imports(tree) and not imports(tree) & SAX_PARSERS:
            # Its parser takes the handlers and raises the errors of the other.
            unsafe -= {"xml.sax"}
        if not parses_sax(tree):
            unsafe -= {"xml.sax"}
        assert not unsafe, name
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in ("Loader", "FullLoader", "UnsafeLoader"):
                raise AssertionError(f"{name} reads YAML that makes objects")
            if isinstance(node, ast.keyword) and node.arg == "shell":
                raise AssertionError(f"{name} runs a shell")
            if isinstance(node, ast.Attribute) and ast.unparse(node) in ("yaml.unsafe_load", "os.system", "os.popen"):
                raise AssertionError(f"{name} uses {ast.unparse(node)}")
            if isinstance(node, ast.Attribute) and node.attr == "render_template_string":
                raise AssertionError(f"{name} makes a template of a text")
            if isinstance(node, ast.Attribute) and node.attr in ("fromstring", "iterparse", "XMLParser"):
                assert "defusedxml" in imports(tree), f"{name} parses XML without defusedxml"


def test_no_statement_is_glued_together_from_text() -> None:
    """SQL goes through SQLAlchemy, whose values travel apart. `text(…)` takes a fixed text only."""
    for name, tree in FILES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("text", "exec_driver_sql"):
                if ast.unparse(node.func) in ("click.text",) or not node.args:
                    continue
                if isinstance(node.args[0], ast.JoinedStr) and name not in GLUED:
                    raise AssertionError(f"{name}: {ast.unparse(node)}")


# Names of tables and fixed pragmas out of our own code, never anything typed by anybody.
GLUED = {"kernel/database.py", "kernel/parts.py"}


def test_no_request_makes_the_server_call_out(
    app: Flask, bramble: Place, priya: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: called.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *where, **_how: called.append(where))
    for _, method, address in asked_for(app):
        priya.send(method, f"{address}?next=https://evil.example&url=https://evil.example&code=https://evil.example")
    assert called == []


def test_weak_hashes_are_used_nowhere() -> None:
    """SHA-256 and better; what fails here also fails at whoever audits us."""
    weak = {"md5", "sha1", "new", "crc32", "adler32"}
    for name, tree in FILES.items():
        for node in ast.walk(tree):
            if (name, getattr(node, "attr", "")) == ("credentials/reading.py", "crc32"):
                # The checksum that PNG itself has for each of its pieces; nothing is trusted for it.
                continue
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("hashlib", "zlib"):
                assert node.attr not in weak, f"{name}: {ast.unparse(node)}"
            # The made-up provider is made up anew the same way each time.
            if (
                isinstance(node, ast.Attribute)
                and ast.unparse(node.value) == "random"
                and not name.startswith("cli/seeding/")
            ):
                raise AssertionError(f"{name} uses luck that can be guessed: {ast.unparse(node)}")
