"""What a browser complains about while a story is told."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError


class Complaints:
    """Errors and warnings of the console (the policy's refusals among them), errors of scripts, failed requests.

    A story that means to provoke one says so; any other fails it, and so does one that was announced and not heard.
    """

    def __init__(self) -> None:
        self._heard: list[str] = []
        self._expected: list[str] = []

    def listen(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("requestfailed", self._failed)

    def leave(self, context: BrowserContext) -> None:
        context.remove_listener("console", self._console)
        context.remove_listener("weberror", self._error)
        context.remove_listener("requestfailed", self._failed)

    def expect(self, *parts: str) -> None:
        """Announces complaints by a part of their text."""
        self._expected += parts

    def verdict(self) -> list[str]:
        """What was heard unannounced, and what was announced and not heard."""
        missing = [f"not heard: {part}" for part in self._expected if not any(part in each for each in self._heard)]
        return [each for each in self._heard if not any(part in each for part in self._expected)] + missing

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._heard.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _error(self, error: WebError) -> None:
        self._heard.append(f"script: {error.error}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page went elsewhere meanwhile, or it was a file to keep
            self._heard.append(f"request: {request.failure} {request.method} {request.url}")
