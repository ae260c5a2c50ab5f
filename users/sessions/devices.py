"""What a browser says it is, in a few words."""

from __future__ import annotations

from ua_parser import parse

_LONGEST = 300


def device(agent: str) -> tuple[str, str]:
    """Browser and system, such as ("Firefox 128", "Windows"); empty where the browser does not tell."""
    told = parse(agent[:_LONGEST])
    browser = (
        " ".join(part for part in (told.user_agent.family, told.user_agent.major) if part) if told.user_agent else ""
    )
    return browser, told.os.family if told.os else ""
