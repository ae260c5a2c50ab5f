"""Why a message did not leave. What may pass is ``components.jobs.errors.Failed``, and tried again."""

from __future__ import annotations

import re


class NoWayOut(Exception):
    """This kind of message has no server yet; it waits for one."""


class Refused(Exception):
    """The other side will not take this message, however often it is asked."""


def told(text: str) -> str:
    """What the other side said, on one line, without anybody's address or number."""
    line = " ".join(text.split())[:200]
    return re.sub(r"\S*@\S*|\+?\d{5,}", "…", line)
