"""The filters of the invoice list: what was typed → typed values or errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from components.data.money import parse_minor
from components.data.period import Period
from components.ui.period_picker import Typed, read_period
from components.web.language import Language

KINDS = ("payment_notice", "invoice", "one_off", "correction")
STATES = ("open", "part_paid", "overdue", "paid")
# Parameter → column and direction; the number settles equals, in the same direction.
SORTS: dict[str, tuple[str, bool]] = {
    "-issued": ("issued_on", True),
    "issued": ("issued_on", False),
    "-total": ("total", True),
    "total": ("total", False),
    "due": ("due_on", False),
    "-due": ("due_on", True),
}
DEFAULT_SORT = "-issued"
ALL = "all"  # every contract, where the top bar has narrowed to one


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty text means any. ``chosen`` is the top bar's contract; ``unknown`` names choices that do not exist."""

    kind: str
    state: str
    contract: str
    chosen: str
    search: str
    sort: str
    days: Typed
    after: tuple[str, str] | None
    unknown: frozenset[str]

    @property
    def period(self) -> Period | None:
        return self.days.period

    @property
    def wrong(self) -> bool:
        return self.days.wrong or bool(self.unknown)

    @property
    def any(self) -> bool:
        return bool(self.kind or self.state or self.contract or self.search or self.days.from_text or self.days.to_text)

    def query(self, **changes: str | None) -> dict[str, str | None]:
        """These filters as a query, some of them changed; paging starts over."""
        values: dict[str, str | None] = {
            "kind": self.kind,
            "from": self.days.from_text,
            "to": self.days.to_text,
            "state": self.state,
            "contract": self.contract_value,
            "q": self.search,
            "sort": self.sort if self.sort != DEFAULT_SORT else "",
        }
        return {**values, **changes}

    @property
    def contract_value(self) -> str:
        """The parameter's value: empty where it says what the top bar says anyway."""
        return "" if self.contract == self.chosen else self.contract or ALL


def read_filters(params: Mapping[str, str], today: date, say: Language, chosen_contract: str) -> Filters:
    """``chosen_contract`` (the top bar's) counts where the query names none."""
    sort = params.get("sort", "")
    value, separator, number = params.get("after", "")[:200].partition("|")
    contract = params.get("contract", "").strip()
    kind, state = params.get("kind", ""), params.get("state", "")
    unknown = {
        name
        for name, text, known in (("kind", kind, KINDS), ("state", state, STATES), ("sort", sort, SORTS))
        if text and text not in known
    }
    return Filters(
        kind=kind,
        state=state,
        contract="" if contract == ALL else contract[:128] or chosen_contract,
        chosen=chosen_contract,
        search=params.get("q", "").strip()[:100],
        sort=sort if sort in SORTS else DEFAULT_SORT,
        days=read_period(params, today, say),
        after=(value, number) if separator else None,
        unknown=frozenset(unknown),
    )


_GROUPING = re.compile(r"[\s\u00a0\u202f]")


def searched_amount(text: str) -> int | None:
    """A sum as people type it (``248 124,00``, ``248,124.00``, ``248124``) in minor units, else None."""
    plain = _GROUPING.sub("", text).replace("\N{MINUS SIGN}", "-")
    if re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{1,2})?", plain):
        plain = plain.replace(",", "")
    try:
        return parse_minor(plain.replace(",", "."))
    except ValueError:
        return None
