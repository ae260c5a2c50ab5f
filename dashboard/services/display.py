"""Services as their templates need them."""

from __future__ import annotations

from dataclasses import dataclass

from components.ui.parts import Amount, Empty, Sparkline, State


@dataclass(frozen=True, slots=True)
class ServiceRow:
    name: str
    href: str
    number: str
    tariff: str
    resource: str
    state: State
    sparkline: Sparkline | None
    sum: str
    fee: Amount | None


@dataclass(frozen=True, slots=True)
class ServiceGroup:
    """The services of one contract."""

    contract: str
    contract_href: str
    product: str
    rows: tuple[ServiceRow, ...]


@dataclass(frozen=True, slots=True)
class ServiceList:
    subtitle: str
    currency: str
    groups: tuple[ServiceGroup, ...]
    note: str  # "Usage of the last 30 days"
    empty: Empty | None


@dataclass(frozen=True, slots=True)
class ServiceHead:
    """The head of one service's page. ``notice`` says so when it is suspended or ended."""

    name: str
    number: str
    contract: str
    contract_href: str
    state: State
    facts: tuple[str, ...]
    notice: str
    fee: str
