"""Who does which job. A slice's ``jobs.py`` registers its handlers; ``dashboard/working.py`` imports those files.

@register("balance.changed")
async def remind(work: Work, *, account_id: int) -> None: ...
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Call = Callable[..., Awaitable[None]]
Named = TypeVar("Named", bound=Call)

TRIES = 12  # with the back-off of ``settling`` about two and a half hours


@dataclass(frozen=True, slots=True)
class Handler:
    name: str
    call: Call
    tries: int = TRIES
    seconds: float = 20  # longer than this a try has failed
    outside: bool = False
    every: int | None = None  # seconds


@dataclass
class Handlers:
    """Handlers by the name of their job; each name has one."""

    by_name: dict[str, Handler] = field(default_factory=dict)

    def register(self, name: str, *, tries: int = TRIES, seconds: float = 20) -> Callable[[Named], Named]:
        """A handler whose effects are in the database: it runs in one transaction with the job's end.

        Whatever happens to the worker, the effects are there once or (yet) not at all. It must be quick: on SQLite
        it holds the write lock. It must not ask the world outside: that can't be rolled back.
        """
        return self._add(name, tries=tries, seconds=seconds)

    def outside(self, name: str, *, tries: int = TRIES, seconds: float = 60) -> Callable[[Named], Named]:
        """A handler that asks the world outside (mail, a gateway); no transaction is open around it.

        It may run again after it had its effect, if the worker was killed in between: give the other side
        ``work.token``, by which it knows the second time. ``work.ending()`` is a transaction with the job's end in it.
        """
        return self._add(name, tries=tries, seconds=seconds, outside=True)

    def every(self, period: int, name: str, *, tries: int = TRIES, seconds: float = 20) -> Callable[[Named], Named]:
        """Like ``register``, and the job is enqueued every ``period`` seconds by whichever worker is first."""
        return self._add(name, tries=tries, seconds=seconds, every=period)

    def _add(self, name: str, **rest: Any) -> Callable[[Named], Named]:
        def keep(call: Named) -> Named:
            if name in self.by_name:
                raise ValueError(f"two handlers for {name}")
            self.by_name[name] = Handler(name, call, **rest)
            return call

        return keep


HANDLERS = Handlers()
register, outside, every = HANDLERS.register, HANDLERS.outside, HANDLERS.every
