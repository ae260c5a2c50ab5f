"""How well a time tells which of two it was: the area under the curve, 0.5 for not at all."""

from __future__ import annotations

from collections.abc import Sequence


def area(ones: Sequence[float], others: Sequence[float]) -> float:
    """The chance that one of ``others`` took longer than one of ``ones``; ties count half."""
    ranked = sorted([(value, 0) for value in ones] + [(value, 1) for value in others])
    total, place = 0.0, 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][0] == ranked[place][0]:
            end += 1
        middle = (place + end + 1) / 2
        total += middle * sum(which for _, which in ranked[place:end])
        place = end
    return (total - len(others) * (len(others) + 1) / 2) / (len(ones) * len(others))
