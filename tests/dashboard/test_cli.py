"""The program: 0 done, 1 refused with a reason on stderr, 2 wrong usage."""

from __future__ import annotations

import io
import sys

import pytest

from dashboard.cli import main
from tests.support.databases import SAMPLES


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, database_url: str) -> pytest.MonkeyPatch:
    monkeypatch.setenv("KABINET_DATABASE_URL", database_url)
    monkeypatch.setenv("KABINET_SECRET_KEY", "0123456789abcdef0123456789abcdef")
    monkeypatch.setenv("KABINET_BASE_URL", "http://127.0.0.1:8000")
    monkeypatch.setenv("KABINET_OPERATOR_FILE", str(SAMPLES / "telecom" / "operator.toml"))
    return monkeypatch


@pytest.mark.parametrize("arguments", [[], ["juggle"], ["import"], ["user"], ["serve", "--port", "x"]])
def test_wrong_usage_is_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "usage: kabinet" in capsys.readouterr().err


@pytest.mark.parametrize("command", [[], ["serve"], ["migrate"], ["import"], ["user"], ["demo"]])
def test_every_command_explains_itself(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([*command, "--help"])
    assert left.value.code == 0
    assert "usage: kabinet" in capsys.readouterr().out


def test_without_settings_it_says_which(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Abuse case L15."""
    for name in ("DATABASE_URL", "SECRET_KEY", "BASE_URL", "OPERATOR_FILE"):
        monkeypatch.delenv(f"KABINET_{name}", raising=False)
    assert main(["migrate"]) == 1
    assert "KABINET_SECRET_KEY is not set" in capsys.readouterr().err


def test_an_operators_file_that_is_not_there_is_named(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("KABINET_OPERATOR_FILE", "/nowhere/operator.toml")
    assert main(["migrate"]) == 1
    assert "/nowhere/operator.toml: there is no such file" in capsys.readouterr().err


def test_migrating_twice_has_nothing_to_do(environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    assert capsys.readouterr().out == "nothing to do\n"


def test_a_folder_that_is_not_there_is_refused(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "/nowhere"]) == 1
    assert capsys.readouterr().err.strip()


def test_import_then_open_a_cabinet(environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The first steps of an operator, on a small sample."""
    environment.setenv("KABINET_OPERATOR_FILE", str(SAMPLES / "housing" / "operator.toml"))
    assert main(["import", str(SAMPLES / "housing")]) == 0
    capsys.readouterr()
    environment.setattr(sys, "stdin", io.StringIO("a long enough one\n"))
    assert main(["user", "123456789", "--email", "Boss@Home.Example"]) == 0
    assert "boss@home.example signs in with account number 123456789" in capsys.readouterr().out
    environment.setattr(sys, "stdin", io.StringIO("a long enough one\n"))
    assert main(["user", "123456789"]) == 1
    assert "has its owner already" in capsys.readouterr().err
    environment.setattr(sys, "stdin", io.StringIO("short\n"))
    assert main(["user", "123456793"]) == 1
    assert "8 characters" in capsys.readouterr().err
