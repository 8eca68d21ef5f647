"""Settings: read once from the environment, strict, and explained when wrong.

A typing slip in a setting must not become a server that runs with a default nobody chose. So every `BV_…` name is known
here, every value is checked, and a wrong one stops the start with its name, what is allowed, and the mend.
Imports the standard library only, so that a broken installation can still say what is wrong with its settings.
"""

from __future__ import annotations

import contextlib
import difflib
import importlib.util
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
SHORTEST_SECRET = 32
LONGEST_ISSUER = 250
# What we call it, then what others do.
POSTGRES = ("postgresql+psycopg://", "postgres://", "postgresql://")
# Names that need no escape in an address, whoever reads it.
BUCKET = re.compile(
    r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[\w-]+(?:/[\w-]+)*)?)?/?", re.ASCII
)


def shipped(name: str) -> Path:
    """Return where a part of the project outside `app` lies: inside an installed wheel, else beside `app`."""
    inside = ROOT / "app" / "_bundled" / name
    return inside if inside.exists() else ROOT / name


# An installed wheel lies among other people's packages: what a server keeps belongs where it is started.
HOME = Path.cwd() if (ROOT / "app" / "_bundled").exists() else ROOT
# Written into every key made for development, so that one copied to a real server is recognised and refused.
DEVELOPMENT_MARK = "development-only-"
MAKE_A_KEY = "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"


class SettingsError(Exception):
    """A setting is unknown, missing, malformed or unsafe. `name` is the setting; `str()` says the mend."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")
        self.name = name


def install_again(extra: str) -> str:
    """Return what brings a missing extra: what is installed has no pip of its own, in production."""
    return f"Install again with its extra: `sh deploy/install.sh FOLDER WHEEL {extra}` (requirements/{extra}.txt)."


class Mode(StrEnum):
    """What this server is for."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting as the documentation and the error messages know it."""

    name: str
    allowed: str
    default: str
    meaning: str


SETTINGS: tuple[Setting, ...] = (
    Setting(
        name="BV_MODE",
        allowed="development, production",
        default="development",
        meaning="What this server is for. Production refuses settings that are only safe on your own machine.",
    ),
    Setting(
        name="BV_ORIGIN",
        allowed="https://name or https://name:port (http only in development)",
        default="http://localhost:<BV_PORT> in development; required in production",
        meaning="The address people type. Invite links start with it; other names are refused.",
    ),
    Setting(
        name="BV_SECRET_KEY",
        allowed=f"at least {SHORTEST_SECRET} characters",
        default="made once and kept in <BV_INSTANCE>/secret-key in development; required in production",
        meaning="Signs the sign-in cookie. Changing it signs everybody out; nothing on a phone is lost.",
    ),
    Setting(
        name="BV_SECRET_KEY_FILE",
        allowed="path of a file holding the key",
        default="none",
        meaning="Instead of BV_SECRET_KEY, for servers that hand secrets over as files.",
    ),
    Setting(
        name="BV_DATABASE_URL",
        allowed="sqlite:///path or postgresql://…",
        default="sqlite:///<BV_INSTANCE>/between-visits.sqlite",
        meaning="Where the records are kept. For a PostgreSQL, install the extra `postgres`.",
    ),
    Setting(
        name="BV_DATABASE_DIRECT_URL",
        allowed="postgresql://…",
        default="none: BV_DATABASE_URL leads to the database itself",
        meaning="The database itself, where BV_DATABASE_URL leads to a pooler such as PgBouncer in transaction mode. "
        "Backups go there, and no statement is prepared on the pooler's connections.",
    ),
    Setting(
        name="BV_FILES",
        allowed="database, or s3://bucket/prefix",
        default="database",
        meaning="Where certificates from elsewhere, pictures of drafts and evidence packs lie: in the database, or in "
        "an S3-compatible bucket, under a prefix of this server's own.",
    ),
    Setting(
        name="BV_FILES_ENDPOINT",
        allowed="https://… (http only in development, or on this machine)",
        default="none; required with BV_FILES=s3://…",
        meaning="The server the bucket is on.",
    ),
    Setting(
        name="BV_FILES_REGION",
        allowed="a name, such as eu-west-2",
        default="us-east-1",
        meaning="The bucket's region, as its server calls it.",
    ),
    Setting(
        name="BV_FILES_KEY_ID",
        allowed="a name",
        default="none; required with BV_FILES=s3://…",
        meaning="The access key that may read, write, delete and list under the prefix.",
    ),
    Setting(
        name="BV_FILES_SECRET",
        allowed="a secret",
        default="none; required with BV_FILES=s3://…",
        meaning="The secret that goes with BV_FILES_KEY_ID.",
    ),
    Setting(
        name="BV_FILES_SECRET_FILE",
        allowed="path of a file holding the secret",
        default="none",
        meaning="Instead of BV_FILES_SECRET, for servers that hand secrets over as files.",
    ),
    Setting(
        name="BV_INSTANCE",
        allowed="path of a folder this server may write to",
        default="instance, beside the app folder; from an installed wheel, in the folder you start it from",
        meaning="What belongs to this one server: its database, its development key.",
    ),
    Setting(
        name="BV_CONTENT",
        allowed="path of a folder",
        default="content, beside the app folder or inside the wheel",
        meaning="Where the learning is read from when it is checked and published.",
    ),
    Setting(
        name="BV_HOST",
        allowed="an address to listen on",
        default="127.0.0.1",
        meaning="127.0.0.1 is this machine only; 0.0.0.0 is every network it is on.",
    ),
    Setting(name="BV_PORT", allowed="1 to 65535", default="8000", meaning="The port to listen on."),
    Setting(name="BV_WORKERS", allowed="1 to 64", default="2", meaning="How many server processes."),
    Setting(
        name="BV_THREADS", allowed="1 to 64", default="4", meaning="How many requests each process serves at once."
    ),
    Setting(
        name="BV_PROXIES",
        allowed="0 to 5",
        default="0",
        meaning="How many proxies of yours stand in front and add X-Forwarded-For, -Proto and -Host. "
        "Too high a number lets visitors lie about their address.",
    ),
    Setting(
        name="BV_BACKUPS",
        allowed="path of a folder this server may write to",
        default="<BV_INSTANCE>/backups",
        meaning="Where backups are put. Another disk is better.",
    ),
    Setting(
        name="BV_BACKUPS_KEPT",
        allowed="1 to 400",
        default="14",
        meaning="How many verified backups stay; older ones are deleted once a new one is verified.",
    ),
    Setting(
        name="BV_BACKUP_HOUR",
        allowed="0 to 23",
        default="2",
        meaning="The hour of the day, in UTC, from which the worker makes the day's backup.",
    ),
    Setting(
        name="BV_BACKUP_KEY",
        allowed=f"at least {SHORTEST_SECRET} characters",
        default="none: backups are not encrypted",
        meaning="Encrypts backups. Keep it somewhere else too: without it they cannot be opened by anybody.",
    ),
    Setting(
        name="BV_BACKUP_KEY_FILE",
        allowed="path of a file holding the key",
        default="none",
        meaning="Instead of BV_BACKUP_KEY, for servers that hand secrets over as files.",
    ),
    Setting(
        name="BV_PUSH_KEY_FILE",
        allowed="path of a file that `flask push keys` made",
        default="<BV_INSTANCE>/push-key.pem",
        meaning="The key by which phones know this server, so that they show its messages on their lock screens. "
        "Without the file none are shown there.",
    ),
    Setting(
        name="BV_SMTP_HOST",
        allowed="name of a mail server",
        default="none: no e-mail is sent",
        meaning="Where e-mail is handed over. An e-mail only says that a message waits.",
    ),
    Setting(name="BV_SMTP_PORT", allowed="1 to 65535", default="587", meaning="The mail server's port."),
    Setting(
        name="BV_SMTP_TLS",
        allowed="starttls, tls, none",
        default="starttls",
        meaning="How the way to the mail server is made private. In production `none` is for one on this machine only.",
    ),
    Setting(
        name="BV_SMTP_USER",
        allowed="a name",
        default="none: no sign-in",
        meaning="Whom the mail server knows this server as.",
    ),
    Setting(
        name="BV_SMTP_PASSWORD_FILE",
        allowed="path of a file holding the password",
        default="none",
        meaning="The password that goes with BV_SMTP_USER.",
    ),
    Setting(
        name="BV_SMTP_FROM",
        allowed="an e-mail address",
        default="none; required with BV_SMTP_HOST",
        meaning="Whom e-mails are from.",
    ),
    Setting(
        name="BV_KEEP_RESULTS_YEARS",
        allowed="1 to 50",
        default="6",
        meaning="How many years after somebody left their records and results are kept. Then they are erased.",
    ),
    Setting(
        name="BV_KEEP_ANSWERS_MONTHS",
        allowed="1 to 600",
        default="12",
        meaning="How many months single answers, the words of reflections and messages are kept. Results stay.",
    ),
    Setting(
        name="BV_KEEP_AUDIT_MONTHS",
        allowed="12 to 600",
        default="72",
        meaning="How many months the audit trail is kept.",
    ),
    Setting(
        name="BV_KEEP_EVIDENCE_DAYS",
        allowed="1 to 3650",
        default="90",
        meaning="How many days the file of an evidence pack is kept. It can be made again.",
    ),
    Setting(
        name="BV_FOLLOW",
        allowed="public, any",
        default="public",
        meaning="Which servers' catalogues may be followed, which servers are asked for passports and keys, and "
        "which other systems are told: those with https and a public address, or also http and addresses of your own "
        "network.",
    ),
    Setting(
        name="BV_OIDC_ISSUER",
        allowed="https://… as your identity provider writes it (http only in development)",
        default="none: staff sign in with a password or passkey",
        meaning="The OpenID provider that staff may sign in with too.",
    ),
    Setting(
        name="BV_OIDC_CLIENT_ID",
        allowed="the name it gave this server",
        default="none; required with BV_OIDC_ISSUER",
        meaning="What the OpenID provider knows this server as.",
    ),
    Setting(
        name="BV_OIDC_CLIENT_SECRET",
        allowed="the secret it gave this server",
        default="none: proof by PKCE alone",
        meaning="How this server shows the OpenID provider that it is the one.",
    ),
    Setting(
        name="BV_OIDC_CLIENT_SECRET_FILE",
        allowed="path of a file holding the secret",
        default="none",
        meaning="Instead of BV_OIDC_CLIENT_SECRET, for servers that hand secrets over as files.",
    ),
    Setting(
        name="BV_OIDC_NAME",
        allowed="at most 40 letters",
        default="the host name of BV_OIDC_ISSUER",
        meaning="What the button says after “Sign in with”.",
    ),
    Setting(
        name="BV_OIDC_STRONG",
        allowed="values of acr or amr, with commas between them, such as mfa",
        default="none: our own second step is asked for",
        meaning="What the OpenID provider has to say of a sign-in for it to count as the second step too.",
    ),
)
KNOWN = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """The mail server, who e-mails are from, and how to sign in there. `tls`: starttls, tls or none."""

    host: str
    port: int
    tls: str
    sender: str
    user: str | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdSettings:
    """The OpenID provider staff may sign in with. `strong`: values of acr or amr that count as a second step."""

    issuer: str
    client_id: str
    name: str
    client_secret: str | None = None
    strong: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesSettings:
    """The bucket that files lie in. `prefix` has no slash at either end, and may be empty."""

    bucket: str
    prefix: str
    endpoint: str
    region: str
    key_id: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every choice an operator makes, checked. Paths are absolute; `origin` has no trailing slash."""

    mode: Mode
    origin: str
    secret_key: str
    database_url: str
    instance: Path
    content: Path
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4
    proxies: int = 0
    database_direct_url: str | None = None
    backups: Path | None = None
    backups_kept: int = 14
    backup_hour: int = 2
    backup_key: str | None = None
    keep_results_years: int = 6
    keep_answers_months: int = 12
    keep_audit_months: int = 72
    keep_evidence_days: int = 90
    push_key_file: Path | None = None
    mail: MailSettings | None = None
    follow: str = "public"
    openid: OpenIdSettings | None = None
    files: FilesSettings | None = None

    @property
    def backups_folder(self) -> Path:
        """Where backups are put."""
        return self.backups or self.instance / "backups"

    @property
    def production(self) -> bool:
        """Whether real people's records are kept here."""
        return self.mode is Mode.PRODUCTION

    @property
    def hostname(self) -> str:
        """The name in `origin`, without a port: the only one this server answers to in production."""
        return urlsplit(self.origin).hostname or ""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read and check the settings in `environ` (the process's own when none is given).

        In development the first call makes `<instance>/secret-key`. Raises SettingsError.
        """
        values = {k: v.strip() for k, v in (os.environ if environ is None else environ).items() if k.startswith("BV_")}
        _refuse_unknown(values)
        values = {name: value for name, value in values.items() if value}
        mode = _mode(values.get("BV_MODE", Mode.DEVELOPMENT))
        instance = _folder(values.get("BV_INSTANCE"), HOME / "instance")
        port = _number(values, "BV_PORT", 8000, 1, 65535)
        return cls(
            mode=mode,
            origin=_origin(values.get("BV_ORIGIN"), mode, port),
            secret_key=_secret(values, mode, instance),
            database_url=_database(values.get("BV_DATABASE_URL"), instance),
            database_direct_url=_direct(values),
            instance=instance,
            content=_folder(values.get("BV_CONTENT"), shipped("content")),
            host=values.get("BV_HOST", "127.0.0.1"),
            port=port,
            workers=_number(values, "BV_WORKERS", 2, 1, 64),
            threads=_number(values, "BV_THREADS", 4, 1, 64),
            proxies=_number(values, "BV_PROXIES", 0, 0, 5),
            backups=_folder(values.get("BV_BACKUPS"), instance / "backups"),
            backups_kept=_number(values, "BV_BACKUPS_KEPT", 14, 1, 400),
            backup_hour=_number(values, "BV_BACKUP_HOUR", 2, 0, 23),
            backup_key=_key(values, "BV_BACKUP_KEY")[1],
            keep_results_years=_number(values, "BV_KEEP_RESULTS_YEARS", 6, 1, 50),
            keep_answers_months=_number(values, "BV_KEEP_ANSWERS_MONTHS", 12, 1, 600),
            keep_audit_months=_number(values, "BV_KEEP_AUDIT_MONTHS", 72, 12, 600),
            keep_evidence_days=_number(values, "BV_KEEP_EVIDENCE_DAYS", 90, 1, 3650),
            push_key_file=_folder(values.get("BV_PUSH_KEY_FILE"), instance / "push-key.pem"),
            mail=_mail(values, mode),
            follow=_follow(values),
            openid=_openid(values, mode),
            files=_files(values, mode),
        )


def _refuse_unknown(values: Mapping[str, str]) -> None:
    for name in sorted(values):
        if name not in KNOWN:
            close = difflib.get_close_matches(name, KNOWN, n=1, cutoff=0.6)
            hint = f"Did you mean {close[0]}?" if close else f"We know {', '.join(sorted(KNOWN))}."
            raise SettingsError(name, f"is not a setting we know. {hint} Correct the name, or take it away.")


def _mode(value: str) -> Mode:
    try:
        return Mode(value)
    except ValueError:
        close = difflib.get_close_matches(value.lower(), list(Mode), n=1, cutoff=0.3)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise SettingsError("BV_MODE", f'is "{value}". Allowed: {KNOWN["BV_MODE"].allowed}.{hint}') from None


def _number(values: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = values.get(name)
    if value is None:
        return default
    # str.isdecimal alone admits digits of other scripts; a setting is typed in plain ones.
    if not (value.isascii() and value.isdecimal() and low <= int(value) <= high):
        raise SettingsError(name, f'is "{value}". Allowed: a whole number from {low} to {high}.')
    return int(value)


def _folder(value: str | None, default: Path) -> Path:
    return Path(value).expanduser().resolve() if value else default


def _mail(values: Mapping[str, str], mode: Mode) -> MailSettings | None:
    host = values.get("BV_SMTP_HOST")
    if host is None:
        for name in sorted(values):
            if name.startswith("BV_SMTP_"):
                raise SettingsError(name, "is set without BV_SMTP_HOST. Name the mail server, or take this one away.")
        return None
    tls = values.get("BV_SMTP_TLS", "starttls")
    if tls not in ("starttls", "tls", "none"):
        raise SettingsError("BV_SMTP_TLS", f'is "{tls}". Allowed: {KNOWN["BV_SMTP_TLS"].allowed}.')
    if tls == "none" and mode is Mode.PRODUCTION and host not in ("localhost", "127.0.0.1", "::1"):
        raise SettingsError("BV_SMTP_TLS", "is none, so anybody on the way could read along. Allowed: starttls, tls.")
    sender, user, path = (values.get(f"BV_SMTP_{name}") for name in ("FROM", "USER", "PASSWORD_FILE"))
    if sender is None or not sender.isascii() or not 0 < sender.find("@") < len(sender) - 1 or " " in sender:
        raise SettingsError("BV_SMTP_FROM", "is no e-mail address. Set whom e-mails are from, as in care@example.org.")
    if (user is None) != (path is None):
        raise SettingsError("BV_SMTP_USER", "and BV_SMTP_PASSWORD_FILE belong together. Set both, or neither.")
    password = None
    if path is not None:
        try:
            password = Path(path).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                "BV_SMTP_PASSWORD_FILE", f"names a file we cannot read ({type(error).__name__}). Check the path."
            ) from error
    port = _number(values, "BV_SMTP_PORT", 587, 1, 65535)
    return MailSettings(host=host, port=port, tls=tls, sender=sender, user=user, password=password)


def _follow(values: Mapping[str, str]) -> str:
    value = values.get("BV_FOLLOW", "public")
    if value not in ("public", "any"):
        raise SettingsError("BV_FOLLOW", f'is "{value}". Allowed: {KNOWN["BV_FOLLOW"].allowed}.')
    return value


def _openid(values: Mapping[str, str], mode: Mode) -> OpenIdSettings | None:
    issuer = values.get("BV_OIDC_ISSUER")
    if issuer is None:
        for name in sorted(values):
            if name.startswith("BV_OIDC_"):
                raise SettingsError(name, "is set without BV_OIDC_ISSUER. Name the provider, or take this one away.")
        return None
    try:
        parts = urlsplit(issuer)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    odd = not host or not issuer.isascii() or "@" in parts.netloc or "?" in issuer or "#" in issuer
    if odd or len(issuer) > LONGEST_ISSUER or parts.scheme not in ("https", "http"):
        raise SettingsError("BV_OIDC_ISSUER", f'is "{issuer}". Allowed: {KNOWN["BV_OIDC_ISSUER"].allowed}.')
    if parts.scheme == "http" and mode is Mode.PRODUCTION:
        raise SettingsError("BV_OIDC_ISSUER", "is http, so anybody on the way could sign in as anybody. Use https.")
    client_id = values.get("BV_OIDC_CLIENT_ID")
    if client_id is None:
        raise SettingsError("BV_OIDC_CLIENT_ID", "is missing. Set the name the OpenID provider gave this server.")
    name = values.get("BV_OIDC_NAME", host or "")
    if len(name) > 40 or not name.isprintable():
        raise SettingsError("BV_OIDC_NAME", f'is "{name}". Allowed: {KNOWN["BV_OIDC_NAME"].allowed}.')
    strong = frozenset(each.strip() for each in values.get("BV_OIDC_STRONG", "").split(",") if each.strip())
    return OpenIdSettings(
        issuer=issuer,
        client_id=client_id,
        name=name,
        client_secret=_from_file(values, "BV_OIDC_CLIENT_SECRET")[1],
        strong=strong,
    )


def _files(values: Mapping[str, str], mode: Mode) -> FilesSettings | None:
    where = values.get("BV_FILES", "database")
    if where == "database":
        for name in sorted(values):
            if name.startswith("BV_FILES_"):
                raise SettingsError(name, "is set without a bucket. Set BV_FILES to s3://…, or take this one away.")
        return None
    found = BUCKET.fullmatch(where)
    if found is None:
        raise SettingsError("BV_FILES", f'is "{where}". Allowed: {KNOWN["BV_FILES"].allowed}.')
    endpoint = values.get("BV_FILES_ENDPOINT", "")
    try:
        parts = urlsplit(endpoint)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    odd = not host or not endpoint.isascii() or "@" in parts.netloc or parts.path not in ("", "/")
    if odd or parts.query or parts.fragment or parts.scheme not in ("https", "http"):
        raise SettingsError("BV_FILES_ENDPOINT", f'is "{endpoint}". Allowed: {KNOWN["BV_FILES_ENDPOINT"].allowed}.')
    if parts.scheme == "http" and mode is Mode.PRODUCTION and host not in ("localhost", "127.0.0.1", "::1"):
        raise SettingsError("BV_FILES_ENDPOINT", "is http, so anybody on the way could read along. Use https.")
    key_id, (_, secret) = values.get("BV_FILES_KEY_ID"), _from_file(values, "BV_FILES_SECRET")
    for name, value in (("BV_FILES_KEY_ID", key_id), ("BV_FILES_SECRET", secret)):
        if not value:
            raise SettingsError(name, "is missing. Set the key that may read and write in the bucket, and its secret.")
    return FilesSettings(
        bucket=found["bucket"],
        prefix=found["prefix"] or "",
        endpoint=f"{parts.scheme}://{parts.netloc}",
        region=values.get("BV_FILES_REGION", "us-east-1"),
        key_id=key_id or "",
        secret=secret or "",
    )


def _origin(value: str | None, mode: Mode, port: int) -> str:
    if value is None:
        if mode is Mode.PRODUCTION:
            raise SettingsError(
                "BV_ORIGIN", "is missing. Set the address people type, such as https://learn.example.org."
            )
        return f"http://localhost:{port}"
    parts = urlsplit(value)
    allowed = KNOWN["BV_ORIGIN"].allowed
    try:
        spelled_right = bool(parts.hostname) and (parts.port is None or parts.port > 0) and "@" not in parts.netloc
    except ValueError:
        spelled_right = False
    if parts.scheme not in ("http", "https") or not spelled_right:
        raise SettingsError("BV_ORIGIN", f'is "{value}". Allowed: {allowed}.')
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise SettingsError("BV_ORIGIN", f'is "{value}". Leave away what follows the name. Allowed: {allowed}.')
    if mode is Mode.PRODUCTION and parts.scheme != "https":
        raise SettingsError(
            "BV_ORIGIN",
            f'is "{value}". Production needs https: without it a phone cannot keep lessons. '
            f"Use https://{parts.netloc} and a certificate.",
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _database(value: str | None, instance: Path) -> str:
    if value is None:
        return f"sqlite:///{instance / 'between-visits.sqlite'}"
    for spelling in POSTGRES:
        if value.startswith(spelling):
            if importlib.util.find_spec("psycopg") is None:
                raise SettingsError(
                    "BV_DATABASE_URL",
                    f"leads to a PostgreSQL, and psycopg, which speaks to it, is not here. {install_again('postgres')}",
                )
            return POSTGRES[0] + value.removeprefix(spelling)
    if value.startswith("sqlite:///"):
        return value
    # The address may hold a password, so it is not repeated.
    raise SettingsError(
        "BV_DATABASE_URL", f"is not an address we can use. Allowed: {KNOWN['BV_DATABASE_URL'].allowed}."
    )


def _direct(values: Mapping[str, str]) -> str | None:
    name, value = "BV_DATABASE_DIRECT_URL", values.get("BV_DATABASE_DIRECT_URL")
    if value is None:
        return None
    spelling = next((each for each in POSTGRES if value.startswith(each)), None)
    if spelling is None:
        raise SettingsError(name, f"is not an address we can use. Allowed: {KNOWN[name].allowed}.")
    if not values.get("BV_DATABASE_URL", "").startswith(POSTGRES):
        raise SettingsError(name, "is set, but BV_DATABASE_URL leads to no PostgreSQL. Set both, or neither.")
    return f"{POSTGRES[0]}{value.removeprefix(spelling)}"


def _key(values: Mapping[str, str], name: str) -> tuple[str, str | None]:
    """Return a key that is long enough (None when there is none) and the setting it came from, as `_from_file`."""
    name, key = _from_file(values, name)
    if key and len(key) < SHORTEST_SECRET:
        raise SettingsError(name, f"has {len(key)} characters. Allowed: at least {SHORTEST_SECRET}. {MAKE_A_KEY}")
    return name, key


def _from_file(values: Mapping[str, str], name: str) -> tuple[str, str | None]:
    """Return a secret (None when there is none) and the setting it came from: `name`, or `name`_FILE for a file."""
    key, path = values.get(name), values.get(f"{name}_FILE")
    if key and path:
        raise SettingsError(name, f"and {name}_FILE are both set. Keep one of them.")
    if path:
        name = f"{name}_FILE"
        try:
            key = Path(path).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                name, f"names a file we cannot read ({type(error).__name__}). Check the path."
            ) from error
        if not key:
            raise SettingsError(name, "names an empty file. Check the path.")
    return name, key


def _secret(values: Mapping[str, str], mode: Mode, instance: Path) -> str:
    name, key = _key(values, "BV_SECRET_KEY")
    if not key:
        if mode is Mode.PRODUCTION:
            raise SettingsError(name, f"is missing. Production needs a key of its own. {MAKE_A_KEY}")
        return _development_key(instance)
    if mode is Mode.PRODUCTION and key.startswith(DEVELOPMENT_MARK):
        raise SettingsError(name, f"holds a key made for development. Production needs a key of its own. {MAKE_A_KEY}")
    return key


def _development_key(instance: Path) -> str:
    """Return the key of this checkout, made at random the first time: none stands in the source."""
    path = instance / "secret-key"
    instance.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        own = path.with_name(f"{path.name}.{os.getpid()}")
        own.touch(mode=0o600)
        own.write_text(f"{DEVELOPMENT_MARK}{secrets.token_urlsafe(48)}\n", encoding="utf-8")
        # A link appears whole or not at all: of two processes starting together, both end with the same key.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(own)
        own.unlink()
    key = path.read_text(encoding="utf-8").strip()
    if len(key) < SHORTEST_SECRET:
        raise SettingsError("BV_INSTANCE", f"holds a damaged {path.name}. Delete that file and start again.")
    return key
