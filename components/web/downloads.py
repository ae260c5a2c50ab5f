"""Answers that are files: saved under a name, never shown in the page's place."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

LONGEST = 120


def download(content: bytes, media_type: str, name: str) -> Response:
    """``content`` as a file called ``name``.

    It is sent whole whatever part of it is asked for: a list of a thousand ranges costs what one page costs.
    """
    return Response(
        content, media_type=media_type, headers={"content-disposition": attachment(name), "accept-ranges": "none"}
    )


def attachment(name: str) -> str:
    """The header of RFC 6266: the name itself in UTF-8, and one in ASCII for whoever can't read that."""
    safe = safe_name(name)
    plain = "".join(letter if letter.isascii() else "_" for letter in safe)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"


def safe_name(name: str) -> str:
    """A file name of letters, digits, dots and dashes: what was printed with slashes or quotes gets dashes."""
    kept = "".join(letter if letter.isalnum() or letter in "._-" else "-" for letter in name)
    stem, dot, suffix = kept.rpartition(".")
    return (stem.lstrip(".-")[:LONGEST] or "document") + dot + suffix
