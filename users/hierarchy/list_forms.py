"""What of the people is wanted: the address's query → typed values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from users.hierarchy.reading import Sort, Sought

SORTS: tuple[Sort, ...] = get_args(Sort)
MOST_OPENED = 50


@dataclass(frozen=True, slots=True)
class Wish:
    """``view`` is empty where nothing was chosen. ``under`` and ``after``: how a long level of the tree goes on."""

    view: Literal["tree", "table", ""]
    sought: Sought
    opened: tuple[int, ...]
    under: int | None

    def query(self, **changes: str | None) -> dict[str, str | None]:
        """This wish as a query, some of it changed; paging starts over."""
        sort = ("-" if self.sought.descending else "") + self.sought.sort
        return {
            "view": self.view,
            "q": self.sought.search,
            "sort": "" if sort == "last_name" else sort,
            **changes,
        }


def read_wish(params: Mapping[str, str], opened: Sequence[str]) -> Wish:
    """What makes no sense counts as not asked for."""
    sort, view = params.get("sort", "")[:20], params.get("view", "")
    name = sort.removeprefix("-")
    under = params.get("under", "")
    return Wish(
        view="tree" if view == "tree" else "table" if view == "table" else "",
        sought=Sought(
            search=params.get("q", "").strip()[:100],
            sort=next((each for each in SORTS if each == name), "last_name"),
            descending=sort.startswith("-") and name in SORTS,
            after=params.get("after", "")[:600],
        ),
        opened=tuple(dict.fromkeys(_number(each) for each in opened if _number(each)))[:MOST_OPENED],
        under=_number(under) if under else None,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
