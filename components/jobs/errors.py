"""What a job's row says of its failure: enough to act on, and nothing that a person typed or that opens a door."""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from typing import Any

LONGEST = 500
_ROOMS = re.compile(r"(?:^|/)((?:tests/)?(?:components|users|billing|dashboard)/.+)$")
_SECRETS = (
    re.compile(r"(?<=//)[^/\s@]+(?=@)"),  # user:password@ in an address
    re.compile(r"(?<=\?)\S+"),  # a query
    re.compile(r"(?i)(?:password|secret|token)\w*\s*[=:]\s*\S+|bearer\s+\S+"),
    re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.\w+"),  # an e-mail address
    re.compile(r"(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/=-]{20,}"),  # a token
)


class Failed(Exception):
    """A try that failed for a reason we know; the text is for the operator and may be shown."""


def describe(error: BaseException, payload: Mapping[str, Any]) -> str:
    """The kind of error, its first line with secrets and the payload's texts left out, and where it happened."""
    if isinstance(error, Failed):
        return str(error)[:LONGEST]
    text = (str(error).strip().splitlines() or [""])[0]
    for value in sorted(_texts(payload), key=len, reverse=True):
        text = text.replace(value, "…")
    for secret in _SECRETS:
        text = secret.sub("…", text)
    said = ": ".join(part for part in (type(error).__name__, text[: LONGEST - 200]) if part)
    return f"{said}{_place(error)}"[:LONGEST]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if len(value) >= 3 else []
    if isinstance(value, Mapping):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list | tuple):
        return [text for each in value for text in _texts(each)]
    return []


def _place(error: BaseException) -> str:
    """The innermost line of ours."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        ours = _ROOMS.search(frame.filename)
        if ours and not ours[1].startswith("components/jobs/") and "site-packages" not in frame.filename:
            return f" ({ours[1]}:{frame.lineno})"
    return ""
