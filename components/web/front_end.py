"""Takes the front-end files out of installed packages into ``static/packages``, with a compressed copy each.

Run by ``make setup`` and before a wheel is built; the folder is not committed. The packages are found, never
imported: django-htmx is used for its files alone and Django is not installed.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from components.data.places import STATIC

FILES = {
    "htmx.min.js": ("django_htmx", "static/django_htmx/htmx-2.min.js"),
    "plotly.min.js": ("plotly", "package_data/plotly.min.js"),
}


def _source(package: str, inside: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"the package {package} is not installed; run: make setup")
    return Path(spec.submodule_search_locations[0]) / inside


def gather(target: Path) -> list[str]:
    """Copies what has changed; the names of the files written."""
    import brotli

    target.mkdir(parents=True, exist_ok=True)
    written = []
    for name, (package, inside) in FILES.items():
        content = _source(package, inside).read_bytes()
        file = target / name
        compressed = target / f"{name}.br"
        if file.is_file() and compressed.is_file() and file.read_bytes() == content:
            continue
        file.write_bytes(content)
        compressed.write_bytes(brotli.compress(content, quality=9))
        written.append(name)
    return written


if __name__ == "__main__":
    sys.stdout.write("".join(f"static/packages/{name}\n" for name in gather(STATIC / "packages")))
