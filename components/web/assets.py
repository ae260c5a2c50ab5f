"""The front-end files: which there are, under what address, with what content.

Only files found under ``static`` at start are served, by exact name: never a path from outside. An address
carries the content's hash, so a browser may keep the answer for ever.
"""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from components.data.places import STATIC
from components.web.forms import query

_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# Source maps and compressed copies are not addresses of their own.
_HIDDEN = frozenset({".br", ".map", ".py"})


@dataclass(frozen=True, slots=True)
class Asset:
    path: Path
    digest: str
    content_type: str
    compressed: Path | None


@cache
def assets() -> dict[str, Asset]:
    """Every file that may be served, by its name below ``static``."""
    found = {}
    for path in sorted(STATIC.rglob("*")):
        if not path.is_file() or path.suffix in _HIDDEN or path.name.startswith("."):
            continue
        compressed = path.with_name(path.name + ".br")
        kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        found[path.relative_to(STATIC).as_posix()] = Asset(
            path=path,
            digest=hashlib.sha256(path.read_bytes()).hexdigest()[:16],
            content_type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
            compressed=compressed if compressed.is_file() else None,
        )
    return found


@cache
def asset(name: str) -> str:
    """The address of a front-end file; raises KeyError for one that is not there."""
    return f"/static/{name}?v={assets()[name].digest}"


async def serve_asset(request: Request) -> Response:
    """GET /static/{name}: the file, its compressed copy where the browser takes one; 404 for any other name."""
    name = request.path_params["name"]
    found = assets().get(name)
    if found is None:
        raise HTTPException(404)
    # Sent whole whatever part of it is asked for: a list of ranges costs what the file costs.
    request.scope["headers"] = [each for each in request.scope["headers"] if each[0] != b"range"]
    headers = {"vary": "Accept-Encoding", "cache-control": "public, max-age=300", "accept-ranges": "none"}
    if query(request).get("v") == found.digest:
        headers["cache-control"] = "public, max-age=31536000, immutable"
    path = found.path
    if found.compressed and "br" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "br"
        path = found.compressed
    return FileResponse(path, headers=headers, media_type=found.content_type)
