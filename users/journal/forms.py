"""The filters of the journal: what was typed → typed values or errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from components.data.period import Period
from components.ui.period_picker import Typed, read_period
from components.web.language import Language
from users.journal.words import ACTS


@dataclass(frozen=True, slots=True)
class Key:
    """The row before the first that is shown."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}|{self.id}"


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty text means any. ``wrong_act``: an act that the journal has no word for."""

    person: str
    act: str
    search: str
    days: Typed
    after: Key | None
    wrong_act: bool = False

    @property
    def period(self) -> Period | None:
        return self.days.period

    @property
    def wrong(self) -> bool:
        return self.days.wrong or self.wrong_act

    @property
    def any(self) -> bool:
        return bool(self.person or self.act or self.search or self.days.from_text or self.days.to_text)

    def query(self, **changes: str | None) -> dict[str, str | None]:
        """These filters as a query, some of them changed; paging starts over."""
        return {
            "from": self.days.from_text,
            "to": self.days.to_text,
            "person": self.person,
            "act": self.act,
            "q": self.search,
            **changes,
        }


def read_filters(params: Mapping[str, str], today: date, say: Language) -> Filters:
    act = _text(params, "act", 64)
    return Filters(
        person=_text(params, "person", 254),
        act=act,
        search=_text(params, "q", 100),
        days=read_period(params, today, say),
        after=_key(params.get("after", "")[:100]),
        wrong_act=bool(act) and act not in ACTS,
    )


def _text(params: Mapping[str, str], name: str, longest: int) -> str:
    """What was typed; a NUL, which would end a pattern too early, is a letter that nothing holds."""
    return params.get(name, "").replace("\x00", "\N{REPLACEMENT CHARACTER}").strip()[:longest]


def _key(text: str) -> Key | None:
    """A key that nobody gave out begins with the newest."""
    moment, _, number = text.partition("|")
    try:
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or not 0 < int(number) < 2**63:
            return None
        return Key(at.astimezone(UTC), int(number))
    except (ValueError, OverflowError):
        return None
