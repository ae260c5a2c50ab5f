"""The worker's part of a forgotten password."""

from __future__ import annotations

from components.jobs.handlers import register
from components.jobs.work import Work
from users.passwords.resetting import ASKED, send_link


@register(ASKED)
async def send_reset_link(work: Work, *, login: str, language: str, address: str) -> None:
    await send_link(work.house, login, language, address, work.claim.request)
