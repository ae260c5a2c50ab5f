"""Faults of the environment and of the operator's file are named, all of them, each by its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from components.data.operator import OperatorFileError, load_operator
from components.data.settings import Settings, SettingsError, load_settings

ROOT = Path(__file__).parents[3]
GOOD = {
    "KABINET_DATABASE_URL": "sqlite:///tmp/kabinet.db",
    "KABINET_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "KABINET_BASE_URL": "https://my.operator.example",
    "KABINET_OPERATOR_FILE": "/etc/kabinet/operator.toml",
}
OPERATOR = """
time_zone = "Asia/Almaty"
currency = "KZT"
[brand]
name = "Arqa"
[seller]
name = "Arqa LLP"
"""


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    import os

    for name in [each for each in os.environ if each.startswith("KABINET_")]:
        monkeypatch.delenv(name)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def _faults() -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load_settings()
    return refused.value.faults


def test_a_whole_environment_is_read(environment: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    assert (settings.host, settings.https, settings.demo) == ("my.operator.example", True, False)


def test_secrets_print_as_stars(environment: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    shown = f"{settings!r} {settings}"
    assert GOOD["KABINET_SECRET_KEY"] not in shown
    assert GOOD["KABINET_DATABASE_URL"] not in shown


def test_everything_missing_is_named_at_once(environment: pytest.MonkeyPatch) -> None:
    """Abuse case L15."""
    for name in GOOD:
        environment.delenv(name)
    assert sorted(_faults()) == sorted(f"{name} is not set" for name in GOOD)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("KABINET_SECRET_KEY", "short", "must be 32 or more random characters"),
        ("KABINET_SECRET_KEY", "3f1c9a7e5b2d8046a1c3e5f7092b4d6", "must be 32 or more random characters"),
        ("KABINET_SECRET_KEY", "a" * 64, "must be 32 or more random characters"),
        ("KABINET_BASE_URL", "http://my.operator.example", "must begin with https://"),
        ("KABINET_BASE_URL", "my.operator.example", "must be the address people type"),
        ("KABINET_BASE_URL", "https://my.operator.example/cabinet", "must be the address people type"),
        ("KABINET_BASE_URL", "ftp://my.operator.example", "must be the address people type"),
        ("KABINET_LOG_FORMAT", "xml", "KABINET_LOG_FORMAT"),
        ("KABINET_DEMO", "1", "the demo runs on a loopback address only, not on my.operator.example"),
    ],
)
def test_what_is_wrong_is_named_by_its_variable(
    environment: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    """Abuse case L15."""
    environment.setenv(name, value)
    (fault,) = _faults()
    assert fault.startswith(name)
    assert says in fault
    if name == "KABINET_SECRET_KEY":
        assert value not in fault, "a secret is not repeated"


@pytest.mark.parametrize(
    "key",
    [
        "change-me-change-me-change-me-change-me",
        "change_this_to_something_unique_0123456789",
        "CHANGEME0123456789abcdefghijklmnopqrstuv",
        "please replace this with 32 random characters",
        "your-secret-key-goes-here-0123456789abcdef",
        "secretsecretsecretsecretsecretsecret",
    ],
)
def test_a_key_out_of_an_example_is_none(environment: pytest.MonkeyPatch, key: str) -> None:
    """Abuse case L15."""
    environment.setenv("KABINET_SECRET_KEY", key)
    (fault,) = _faults()
    assert fault.startswith("KABINET_SECRET_KEY must be 32 or more random characters")
    assert key not in fault


def test_there_is_no_key_but_ones_own(environment: pytest.MonkeyPatch) -> None:
    """Abuse case L15: none stands in the program, and those in what operators copy are empty or refused."""
    assert Settings.model_fields["secret_key"].is_required()
    written = re.compile(r"KABINET_SECRET_KEY[=:]\s*([^\s$#\"'`]*)")
    found = []
    for path in (*ROOT.glob("*.md"), ROOT / "Containerfile", *ROOT.glob("docs/*.md"), *ROOT.glob("deploy/**/*")):
        if path.is_file():
            found += [(path, each) for each in written.findall(path.read_text(encoding="utf-8"))]
    assert {path.name for path, _ in found} >= {"README.md", "kabinet.env.example"}
    for path, key in found:
        environment.setenv("KABINET_SECRET_KEY", key)
        assert any(fault.startswith("KABINET_SECRET_KEY") for fault in _faults()), (path, key)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000", "https://a.example/"]
)
def test_addresses_that_will_do(environment: pytest.MonkeyPatch, address: str) -> None:
    environment.setenv("KABINET_BASE_URL", address)
    assert load_settings().base_url == address.rstrip("/")


def test_settings_do_not_change_under_way(environment: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().demo = True  # type: ignore[misc]
    assert isinstance(load_settings(), Settings)


# The operator's file


def _operator_faults(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "operator.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OperatorFileError) as refused:
        load_operator(path)
    return refused.value.faults


def test_a_short_file_will_do(tmp_path: Path) -> None:
    path = tmp_path / "operator.toml"
    path.write_text(OPERATOR, encoding="utf-8")
    operator = load_operator(path)
    assert operator.languages == ("en", "ru", "kk", "hu")
    assert operator.sessions.idle_minutes == 60
    assert str(operator.zone) == "Asia/Almaty"


@pytest.mark.parametrize(
    ("line", "other", "place", "says"),
    [
        ('"Asia/Almaty"', '"Almaty"', "time_zone", "write a name of the IANA time zones"),
        ('"Asia/Almaty"', '"../../etc/passwd"', "time_zone", "write a name of the IANA time zones"),
        ('currency = "KZT"', 'currency = "tenge"', "currency", "pattern"),
        ('name = "Arqa"', 'name = ""', "brand.name", "at least 1 character"),
        ('name = "Arqa"', 'name = "Arqa"\naccent = "teal"', "brand.accent", "write a colour as #rrggbb"),
        ('name = "Arqa"', 'name = "Arqa"\naccent_dark = "#12345"', "brand.accent_dark", "write a colour as #rrggbb"),
        ('name = "Arqa"', 'name = "Arqa"\ncolour = "#123456"', "brand.colour", "not permitted"),
        ('currency = "KZT"', 'currency = "KZT"\nlanguages = []', "languages", "name each language once"),
        ('currency = "KZT"', 'currency = "KZT"\nlanguages = ["ru", "ru"]', "languages", "name each language once"),
        ('currency = "KZT"', 'currency = "KZT"\nlanguages = ["de"]', "languages.0", "'en', 'ru', 'kk' or 'hu'"),
        ("[brand]", "[sessions]\nidle_minutes = 1\n[brand]", "sessions.idle_minutes", "greater than or equal to 5"),
        ("[brand]", '[[contacts]]\ncity = "Almaty"\n[brand]', "contacts.0.phone", "Field required"),
    ],
)
def test_a_fault_is_named_by_its_place(tmp_path: Path, line: str, other: str, place: str, says: str) -> None:
    assert line in OPERATOR
    (fault,) = _operator_faults(tmp_path, OPERATOR.replace(line, other, 1))
    assert fault.startswith(f"{place}: ")
    assert says in fault


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    faults = _operator_faults(tmp_path, 'currency = "x"\n[brand]\naccent = "red"\n')
    assert {fault.partition(":")[0] for fault in faults} == {
        "brand.name",
        "brand.accent",
        "time_zone",
        "currency",
        "seller",
    }


@pytest.mark.parametrize("text", ["= no toml", "a = [", "\ufeff\x00"])
def test_what_is_no_toml_says_so(tmp_path: Path, text: str) -> None:
    (fault,) = _operator_faults(tmp_path, text)
    assert fault.startswith("can't be read")


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(OperatorFileError, match="there is no such file"):
        load_operator(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "mail.operator.example"),
        ("SMTP_URL", "https://user:hunter2@mail.operator.example"),
        ("SMTP_URL", "smtp://user:hunter2@"),
        ("SMTP_URL", "smtp://user:hunter2@mail.operator.example:mail"),
        ("SMTP_URL", "smtp://user:hunter2@mail.operator.example:70000"),
        ("SMTP_URL", "smtp://user:hunter2@mail.operator.example?ca=/nowhere.pem"),
        ("SMTP_URL", "smtp://user:hunter2@mail.operator.example?verify=no"),
        ("SMTP_URL", "smtp://user:hunter2@[mail"),
        ("SMS_URL", "sms.operator.example"),
        ("SMS_URL", "http://user:hunter2@sms.operator.example"),
        ("SMS_URL", "smpp://user:hunter2@sms.operator.example"),
        ("MAIL_FROM", "Kabinet <cabinet@operator.example>"),
        ("MAIL_FROM", "cabinet@operator.example\r\nBcc: x@x.example"),
        ("MAIL_FROM", "cabinet"),
    ],
)
def test_a_server_for_messages_that_is_none_is_told_without_its_password(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(f"KABINET_{name}", value)
    [told] = _faults()
    assert told.startswith(f"KABINET_{name} must") or told.startswith(f"KABINET_{name} may")
    assert "hunter2" not in told


@pytest.mark.parametrize("value", ["smtp://mail.operator.example", "smtps://u:p%40ss@10.0.0.5:465", "smtp://[::1]:25"])
def test_servers_for_messages_are_read_and_empty_ones_are_none(environment: pytest.MonkeyPatch, value: str) -> None:
    environment.setenv("KABINET_SMTP_URL", value)
    environment.setenv("KABINET_SMS_URL", "")
    settings = load_settings()
    assert settings.smtp_url is not None
    assert settings.smtp_url.get_secret_value() == value
    assert settings.sms_url is None
    assert "p%40ss" not in repr(settings)
