"""Where the project's own files lie: beside the packages in a checkout, inside ``dashboard`` in a wheel."""

from __future__ import annotations

from pathlib import Path

_ROOMS = Path(__file__).resolve().parents[2]
_SHIPPED = _ROOMS / "dashboard" / "shipped"


def _place(name: str) -> Path:
    shipped = _SHIPPED / name
    return shipped if shipped.is_dir() else _ROOMS / name


TEMPLATES = _place("templates")
STATIC = _place("static")
LOCALE = _ROOMS / "components" / "web" / "locale"
