"""A wheel runs without its checkout: templates, static files, catalogues, migrations and samples are inside."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def _wheel(folder: Path) -> Path:
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*build, "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(ROOT)], check=True)
    return next(folder.glob("kabinet-*.whl"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_wheel_alone_serves_the_demo(tmp_path: Path) -> None:
    """In an empty environment; only the libraries are borrowed, by a path that knows no editable install."""
    wheel = _wheel(tmp_path)
    names = zipfile.ZipFile(wheel).namelist()
    assert not [name for name in names if "django" in name.lower() and not name.endswith(".md")]
    home = tmp_path / "home"
    venv.create(home, with_pip=False)
    target = home / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    zipfile.ZipFile(wheel).extractall(target)
    port = _free_port()
    command = [str(home / "bin" / "python"), "-m", "dashboard.cli", "demo", "--port", str(port), "--data", "data"]
    borrowed = {"PYTHONPATH": sysconfig.get_path("purelib"), "PATH": os.environ["PATH"]}
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=tmp_path, env=borrowed, stdout=log, stderr=log)
        try:
            page = _page(f"http://127.0.0.1:{port}/sign-in", server)
            assert "Arqa Telecom" in page
            assert "/static/packages/htmx.min.js" in page
            where = _run(home, borrowed, tmp_path, "import dashboard; print(dashboard.__file__)")
            assert str(tmp_path) in where
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=20)


def _run(home: Path, env: dict[str, str], folder: Path, code: str) -> str:
    python = str(home / "bin" / "python")
    return subprocess.run([python, "-c", code], cwd=folder, env=env, capture_output=True, text=True, check=True).stdout


def _page(address: str, server: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, "the demo stopped"
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310  # our own loopback address
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the demo did not answer within a minute")
