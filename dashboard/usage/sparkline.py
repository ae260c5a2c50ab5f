"""A month of days as one small line."""

from __future__ import annotations

from components.ui.parts import Sparkline
from components.web.language import Language
from dashboard.usage.reading import DaySum

WIDTH, HEIGHT, EDGE = 96, 24, 3


def sparkline(days: list[DaySum], say: Language) -> Sparkline | None:
    """None where there are too few days for a line to mean anything."""
    if len(days) < 3:
        return None
    first, last = days[0].day, days[-1].day
    highest = max(each.total for each in days) or 1
    lowest = min(each.total for each in days)
    spread = (highest - lowest) or 1
    points = []
    for each in days:
        x = EDGE + (each.day - first) / max(1, last - first) * (WIDTH - 2 * EDGE)
        y = HEIGHT - EDGE - (each.total - lowest) / spread * (HEIGHT - 2 * EDGE)
        points.append((f"{x:.1f}", f"{y:.1f}"))
    return Sparkline(
        points=" ".join(f"{x},{y}" for x, y in points),
        end_x=points[-1][0],
        end_y=points[-1][1],
        label=say.gettext("Usage by day"),
    )
