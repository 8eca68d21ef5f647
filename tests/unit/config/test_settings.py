"""Settings are strict: nothing runs on a default that nobody chose."""

from __future__ import annotations

import re
import stat
import sys
from pathlib import Path

import pytest

from app.config import (
    DEVELOPMENT_MARK,
    SETTINGS,
    FilesSettings,
    MailSettings,
    Mode,
    OpenIdSettings,
    Settings,
    SettingsError,
)

KEY = "k" * 40


def production(tmp_path: Path, **more: str) -> dict[str, str]:
    return {
        "BV_MODE": "production",
        "BV_ORIGIN": "https://learn.example.org",
        "BV_SECRET_KEY": KEY,
        "BV_INSTANCE": str(tmp_path),
        **more,
    }


def refusal(environ: dict[str, str]) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(environ)
    return caught.value


def test_nothing_set_gives_a_server_for_this_machine_only(tmp_path: Path) -> None:
    settings = Settings.from_environment({"BV_INSTANCE": str(tmp_path)})
    assert settings.mode is Mode.DEVELOPMENT
    assert settings.host == "127.0.0.1"
    assert settings.origin == "http://localhost:8000"
    assert settings.database_url == f"sqlite:///{tmp_path}/between-visits.sqlite"


def test_a_mistyped_name_stops_the_start_and_says_the_right_one(tmp_path: Path) -> None:
    error = refusal({"BV_INSTANCE": str(tmp_path), "BV_DATABSE_URL": "sqlite:///x"})
    assert error.name == "BV_DATABSE_URL"
    assert "Did you mean BV_DATABASE_URL?" in str(error)


def test_a_name_like_none_of_ours_is_told_all_of_them(tmp_path: Path) -> None:
    error = refusal({"BV_INSTANCE": str(tmp_path), "BV_ZZZZZZZZZZ": "1"})
    assert all(setting.name in str(error) for setting in SETTINGS)


def test_other_programs_settings_are_none_of_our_business(tmp_path: Path) -> None:
    assert Settings.from_environment({"BV_INSTANCE": str(tmp_path), "PATH": "/bin", "XBV_MODE": "?"}).port == 8000


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("BV_MODE", "prodution", "Did you mean production?"),
        ("BV_PORT", "http", "a whole number from 1 to 65535"),
        ("BV_PORT", "0", "a whole number from 1 to 65535"),
        ("BV_FOLLOW", "all", "public, any"),
        ("BV_PORT", "٨٠", "a whole number from 1 to 65535"),
        ("BV_WORKERS", "-1", "a whole number from 1 to 64"),
        ("BV_THREADS", "65", "a whole number from 1 to 64"),
        ("BV_PROXIES", "6", "a whole number from 0 to 5"),
        ("BV_ORIGIN", "learn.example.org", "Allowed: https://name"),
        ("BV_ORIGIN", "https://a@b", "Allowed: https://name"),
        ("BV_ORIGIN", "https://x:port", "Allowed: https://name"),
        ("BV_ORIGIN", "https://x/path", "Leave away what follows the name"),
        ("BV_DATABASE_URL", "mysql://x", "postgresql://"),
        ("BV_SECRET_KEY", "short", "has 5 characters. Allowed: at least 32"),
        ("BV_BACKUP_KEY", "short", "has 5 characters. Allowed: at least 32"),
        ("BV_BACKUP_HOUR", "24", "a whole number from 0 to 23"),
        ("BV_BACKUPS_KEPT", "0", "a whole number from 1 to 400"),
    ],
)
def test_a_bad_value_names_the_setting_and_what_is_allowed(
    tmp_path: Path, name: str, value: str, expected: str
) -> None:
    error = refusal({"BV_INSTANCE": str(tmp_path), name: value})
    assert error.name == name
    assert expected in str(error)


def test_a_database_address_is_not_repeated_as_it_may_hold_a_password(tmp_path: Path) -> None:
    assert "hunter2" not in str(refusal({"BV_INSTANCE": str(tmp_path), "BV_DATABASE_URL": "mysql://a:hunter2@b/c"}))


def test_behind_a_pooler_both_addresses_are_postgresqls(tmp_path: Path) -> None:
    own = {"BV_INSTANCE": str(tmp_path)}
    both = {**own, "BV_DATABASE_URL": "postgresql://pool/d", "BV_DATABASE_DIRECT_URL": "postgres://u:hunter2@itself/d"}
    assert Settings.from_environment(both).database_direct_url == "postgresql+psycopg://u:hunter2@itself/d"
    for wrong in (
        {**both, "BV_DATABASE_URL": ""},
        {**both, "BV_DATABASE_URL": "sqlite:///x"},
        {**both, "BV_DATABASE_DIRECT_URL": "sqlite:///hunter2"},
    ):
        error = refusal(wrong)
        assert error.name == "BV_DATABASE_DIRECT_URL"
        assert "hunter2" not in str(error)


def test_postgresql_is_spoken_to_through_psycopg_whatever_the_spelling(tmp_path: Path) -> None:
    for spelling in ("postgres", "postgresql", "postgresql+psycopg"):
        settings = Settings.from_environment({"BV_INSTANCE": str(tmp_path), "BV_DATABASE_URL": f"{spelling}://h/d"})
        assert settings.database_url == "postgresql+psycopg://h/d"


def test_a_postgresql_without_what_speaks_to_it_names_the_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As Python itself marks a package that is not there.
    monkeypatch.setitem(sys.modules, "psycopg", None)
    error = refusal({"BV_INSTANCE": str(tmp_path), "BV_DATABASE_URL": "postgresql://a:hunter2@b/c"})
    assert error.name == "BV_DATABASE_URL"
    assert "requirements/postgres.txt" in str(error)
    assert "hunter2" not in str(error)


def test_the_development_key_is_made_once_and_is_for_its_owner_only(tmp_path: Path) -> None:
    first = Settings.from_environment({"BV_INSTANCE": str(tmp_path)})
    again = Settings.from_environment({"BV_INSTANCE": str(tmp_path)})
    elsewhere = Settings.from_environment({"BV_INSTANCE": str(tmp_path / "other")})
    assert first.secret_key == again.secret_key != elsewhere.secret_key
    assert first.secret_key.startswith(DEVELOPMENT_MARK)
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["secret-key"]


def test_a_damaged_development_key_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("x")
    assert "damaged" in str(refusal({"BV_INSTANCE": str(tmp_path)}))


def test_production_starts_with_its_own_key_and_an_https_origin(tmp_path: Path) -> None:
    settings = Settings.from_environment(production(tmp_path, BV_ORIGIN="https://Learn.Example.org:8443/"))
    assert settings.production
    assert settings.origin == "https://learn.example.org:8443"
    assert settings.hostname == "learn.example.org"


@pytest.mark.parametrize("missing", ["BV_SECRET_KEY", "BV_ORIGIN"])
def test_production_does_not_start_without(tmp_path: Path, missing: str) -> None:
    environ = production(tmp_path)
    del environ[missing]
    error = refusal(environ)
    assert error.name == missing
    assert "is missing" in str(error)
    assert not (tmp_path / "secret-key").exists()


def test_production_refuses_plain_http(tmp_path: Path) -> None:
    assert "https" in str(refusal(production(tmp_path, BV_ORIGIN="http://learn.example.org")))


def test_production_refuses_a_key_made_for_development(tmp_path: Path) -> None:
    key = Settings.from_environment({"BV_INSTANCE": str(tmp_path)}).secret_key
    assert "made for development" in str(refusal(production(tmp_path, BV_SECRET_KEY=key)))
    environ = production(tmp_path, BV_SECRET_KEY_FILE=str(tmp_path / "secret-key"))
    del environ["BV_SECRET_KEY"]
    assert refusal(environ).name == "BV_SECRET_KEY_FILE"


def test_a_key_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY + "\n")
    environ = production(tmp_path, BV_SECRET_KEY_FILE=str(tmp_path / "key"))
    assert "both set" in str(refusal(environ))
    del environ["BV_SECRET_KEY"]
    assert Settings.from_environment(environ).secret_key == KEY
    environ["BV_SECRET_KEY_FILE"] = str(tmp_path / "nowhere")
    assert "cannot read" in str(refusal(environ))
    (tmp_path / "key").write_text("\n")
    environ["BV_SECRET_KEY_FILE"] = str(tmp_path / "key")
    assert "empty file" in str(refusal(environ))


def test_backups_go_beside_the_database_unless_another_disk_is_named(tmp_path: Path) -> None:
    environ = {"BV_INSTANCE": str(tmp_path)}
    assert Settings.from_environment(environ).backups_folder == tmp_path / "backups"
    elsewhere = Settings.from_environment({**environ, "BV_BACKUPS": str(tmp_path / "other")})
    assert elsewhere.backups_folder == tmp_path / "other"


OPENID = {"BV_OIDC_ISSUER": "https://work.example/", "BV_OIDC_CLIENT_ID": "bv"}


@pytest.mark.parametrize(
    ("change", "name", "expected"),
    [
        ({"BV_OIDC_ISSUER": ""}, "BV_OIDC_CLIENT_ID", "is set without BV_OIDC_ISSUER"),
        ({"BV_OIDC_CLIENT_ID": ""}, "BV_OIDC_CLIENT_ID", "is missing"),
        ({"BV_OIDC_ISSUER": "work.example"}, "BV_OIDC_ISSUER", "Allowed: https://"),
        ({"BV_OIDC_ISSUER": "https://"}, "BV_OIDC_ISSUER", "Allowed: https://"),
        ({"BV_OIDC_ISSUER": "https://x:port"}, "BV_OIDC_ISSUER", "Allowed: https://"),
        ({"BV_OIDC_ISSUER": "https://me@x"}, "BV_OIDC_ISSUER", "Allowed: https://"),
        ({"BV_OIDC_ISSUER": "https://x/?y"}, "BV_OIDC_ISSUER", "Allowed: https://"),
        ({"BV_OIDC_ISSUER": f"https://{'x' * 300}"}, "BV_OIDC_ISSUER", "Allowed: https://"),
        ({"BV_OIDC_ISSUER": "http://work.example"}, "BV_OIDC_ISSUER", "Use https"),
        ({"BV_OIDC_NAME": "x" * 41}, "BV_OIDC_NAME", "at most 40 letters"),
        ({"BV_OIDC_CLIENT_SECRET": "a", "BV_OIDC_CLIENT_SECRET_FILE": "b"}, "BV_OIDC_CLIENT_SECRET", "both set"),
        ({"BV_OIDC_CLIENT_SECRET_FILE": "/nowhere"}, "BV_OIDC_CLIENT_SECRET_FILE", "cannot read"),
        ({"BV_OIDC_ISUER": "https://x"}, "BV_OIDC_ISUER", "Did you mean BV_OIDC_ISSUER?"),
    ],
)
def test_an_openid_provider_is_named_wholly_or_not_at_all(
    tmp_path: Path, change: dict[str, str], name: str, expected: str
) -> None:
    error = refusal({**production(tmp_path), **OPENID, **change})
    assert (error.name, expected in str(error)) == (name, True), error


def test_an_openid_provider(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("short\n")
    more = {"BV_OIDC_CLIENT_SECRET_FILE": str(secret), "BV_OIDC_STRONG": "mfa, urn:x ,"}
    found = Settings.from_environment({**production(tmp_path), **OPENID, **more}).openid
    assert found == OpenIdSettings(
        issuer="https://work.example/",
        client_id="bv",
        name="work.example",
        client_secret="short",
        strong=frozenset({"mfa", "urn:x"}),
    )
    assert Settings.from_environment(production(tmp_path)).openid is None


def test_an_empty_setting_counts_as_not_set(tmp_path: Path) -> None:
    assert Settings.from_environment({"BV_INSTANCE": str(tmp_path), "BV_PORT": " "}).port == 8000


def test_every_field_of_settings_has_a_setting_behind_it() -> None:
    names = {re.sub(r"^BV_", "", setting.name).lower() for setting in SETTINGS}
    mail = {name for name in names if name.startswith("smtp_")}
    openid = {name for name in names if name.startswith("oidc_")}
    keys = {"secret_key_file", "backup_key_file"}
    bucket = {name for name in names if name.startswith("files_")}
    assert set(Settings.__dataclass_fields__) - {"mail", "openid"} == names - keys - mail - openid - bucket
    assert len(MailSettings.__dataclass_fields__) == len(mail) == 6
    assert {f"oidc_{name}" for name in OpenIdSettings.__dataclass_fields__} == openid - {"oidc_client_secret_file"}
    found = {f"files_{name}" for name in FilesSettings.__dataclass_fields__}
    assert found - {"files_bucket", "files_prefix"} == bucket - {"files_secret_file"}, (
        "the two stand in BV_FILES itself"
    )


FILES = {
    "BV_FILES": "s3://care-files/bramble/live",
    "BV_FILES_ENDPOINT": "https://s3.example.org",
    "BV_FILES_KEY_ID": "AK1",
    "BV_FILES_SECRET": "short",
}


@pytest.mark.parametrize(
    ("change", "name", "expected"),
    [
        ({"BV_FILES": ""}, "BV_FILES_ENDPOINT", "Set BV_FILES to s3://"),
        ({"BV_FILES": "bucket"}, "BV_FILES", "database, or s3://bucket/prefix"),
        ({"BV_FILES": "s3://"}, "BV_FILES", "database, or s3://bucket/prefix"),
        ({"BV_FILES": "s3://Bucket/x"}, "BV_FILES", "database, or s3://bucket/prefix"),
        ({"BV_FILES": "s3://bucket/../x"}, "BV_FILES", "database, or s3://bucket/prefix"),
        ({"BV_FILES_ENDPOINT": ""}, "BV_FILES_ENDPOINT", "Allowed: https://"),
        ({"BV_FILES_ENDPOINT": "s3.example.org"}, "BV_FILES_ENDPOINT", "Allowed: https://"),
        ({"BV_FILES_ENDPOINT": "https://x:port"}, "BV_FILES_ENDPOINT", "Allowed: https://"),
        ({"BV_FILES_ENDPOINT": "https://x/bucket"}, "BV_FILES_ENDPOINT", "Allowed: https://"),
        ({"BV_FILES_ENDPOINT": "http://s3.example.org"}, "BV_FILES_ENDPOINT", "Use https"),
        ({"BV_FILES_KEY_ID": ""}, "BV_FILES_KEY_ID", "is missing"),
        ({"BV_FILES_SECRET": ""}, "BV_FILES_SECRET", "is missing"),
        ({"BV_FILES_SECRET_FILE": "/nowhere"}, "BV_FILES_SECRET", "both set"),
        ({"BV_FILES_REGON": "x"}, "BV_FILES_REGON", "Did you mean BV_FILES_REGION?"),
    ],
)
def test_a_bucket_is_named_wholly_or_not_at_all(
    tmp_path: Path, change: dict[str, str], name: str, expected: str
) -> None:
    error = refusal({**production(tmp_path), **FILES, **change})
    assert (error.name, expected in str(error)) == (name, True), error


def test_a_bucket(tmp_path: Path) -> None:
    expected = FilesSettings(
        bucket="care-files",
        prefix="bramble/live",
        endpoint="https://s3.example.org",
        region="us-east-1",
        key_id="AK1",
        secret="short",
    )
    assert Settings.from_environment({**production(tmp_path), **FILES}).files == expected
    here = {**FILES, "BV_FILES": "s3://care-files", "BV_FILES_ENDPOINT": "http://127.0.0.1:9000/"}
    found = Settings.from_environment({**production(tmp_path), **here}).files
    assert found is not None
    assert (found.prefix, found.endpoint) == ("", "http://127.0.0.1:9000")
    assert Settings.from_environment({**production(tmp_path), "BV_FILES": "database"}).files is None
