"""The filters of the payment history: what was typed → typed values or errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from components.data.period import Period
from components.ui.period_picker import Typed, read_period
from components.web.language import NO_BREAK, Language


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty text means any. ``contract`` is the top bar's choice."""

    method: str
    search: str
    contract: str
    days: Typed
    after: tuple[str, str] | None

    @property
    def period(self) -> Period | None:
        return self.days.period

    @property
    def any(self) -> bool:
        return bool(self.method or self.search or self.contract or self.days.from_text or self.days.to_text)

    def query(self, **changes: str | None) -> dict[str, str | None]:
        """These filters as a query, some of them changed; paging starts over."""
        return {
            "from": self.days.from_text,
            "to": self.days.to_text,
            "method": self.method,
            "q": self.search,
            **changes,
        }


def read_filters(params: Mapping[str, str], today: date, say: Language, contract: str) -> Filters:
    moment, separator, number = params.get("after", "")[:200].partition("|")
    return Filters(
        method=params.get("method", "").strip()[:32],
        search=params.get("q", "").replace(NO_BREAK, " ").strip()[:100],  # as copied from the page
        contract=contract,
        days=read_period(params, today, say),
        after=(moment, number) if separator else None,
    )
