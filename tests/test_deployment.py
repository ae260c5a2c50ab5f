"""What operators copy: the units, the container, the guide. They must name the same commands, and these must exist."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dashboard.cli import COMMANDS

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "operating.md").read_text()
CONTAINER = (ROOT / "Containerfile").read_text()
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))


def _command_names() -> set[str]:
    return {each.__name__.rpartition(".")[2].replace("imports", "import") for each in COMMANDS}


@pytest.mark.parametrize("path", [*UNITS, ROOT / "Containerfile", ROOT / "docs" / "operating.md"], ids=lambda p: p.name)
def test_every_command_that_is_named_exists(path: Path) -> None:
    text = path.read_text()
    named = set(re.findall(r"/opt/kabinet/bin/kabinet ([a-z-]+)", text))
    named |= set(re.findall(r'"kabinet", "([a-z-]+)"', text))
    named |= set(re.findall(r"^(?:KABINET_ENV_FILE=\S+ )?kabinet ([a-z-]+)", text, re.MULTILINE))
    assert named, "nothing is run here"
    assert named <= _command_names()


def test_the_container_is_built_by_the_guides_commands() -> None:
    """Otherwise one of the two ways to install is never tried."""
    installing = [line.strip(" \\&") for line in CONTAINER.splitlines() if "/opt/kabinet" in line]
    for part in ("python3 -m venv /opt/kabinet", "--no-deps --require-hashes -r"):
        assert any(part in line for line in installing)
        assert part in GUIDE
    assert "make wheel" in CONTAINER
    assert "make wheel" in GUIDE


def test_the_command_of_the_guide_runs_as_the_services_do() -> None:
    """Another user or another way to read the settings would make a backup of something else."""
    command = ROOT / "deploy" / "bin" / "kabinet"
    assert command.stat().st_mode & 0o111
    assert subprocess.run(["sh", "-n", str(command)], check=False).returncode == 0
    text, service = command.read_text(), (ROOT / "deploy" / "systemd" / "kabinet.service").read_text()
    for shared in ("/etc/kabinet/kabinet.env", "/opt/kabinet/bin/kabinet", "UMask=0077"):
        assert shared in text
        assert shared in service
    assert "--uid=kabinet" in text
    assert "User=kabinet" in service


@pytest.mark.parametrize("unit", UNITS, ids=lambda p: p.name)
def test_units_are_hardened(unit: Path) -> None:
    text = unit.read_text()
    for line in (
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateDevices=yes",
        "CapabilityBoundingSet=",
        "MemoryDenyWriteExecute=yes",
        "UMask=0077",
    ):
        assert line in text.splitlines()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here to ask")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """It knows the names of all directives; the program's own path is put in, for it must be there."""
    for unit in (ROOT / "deploy" / "systemd").iterdir():
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/kabinet/bin/kabinet", "/bin/true"))
    for unit in tmp_path.iterdir():
        answer = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
        assert unit.name not in answer.stderr, answer.stderr


def test_settings_of_the_guide_are_the_programs() -> None:
    from components.data.settings import PREFIX, Settings

    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert set(re.findall(r"^\| `(KABINET_[A-Z_]+)`", GUIDE, re.MULTILINE)) <= known
    example = (ROOT / "deploy" / "kabinet.env.example").read_text()
    assert set(re.findall(r"^#?(KABINET_[A-Z_]+)=", example, re.MULTILINE)) <= known
