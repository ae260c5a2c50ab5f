"""What a handler is given besides its payload."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from components.data.database import transaction
from components.data.operator import Operator
from components.data.settings import Settings
from components.jobs.claiming import Claim
from components.jobs.settling import done


@dataclass(frozen=True, slots=True)
class House:
    """Where the work is done: what a request finds in ``app.state``."""

    settings: Settings
    operator: Operator


@dataclass(slots=True)
class Work:
    claim: Claim
    given: House | None = None
    ended: bool = False

    @property
    def house(self) -> House:
        if self.given is None:
            raise RuntimeError("this worker was given no house")
        return self.given

    @property
    def token(self) -> str:
        """The same at every try of this job: by it another system knows that it has done this already."""
        return f"job-{self.claim.id}"

    @asynccontextmanager
    async def ending(self) -> AsyncIterator[None]:
        """For handlers of what is outside: a transaction with the job's end in it, for what is to be kept of it."""
        self.ended = True
        try:
            async with transaction():
                await done(self.claim)
                yield
        except BaseException:
            self.ended = False
            raise
