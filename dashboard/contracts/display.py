"""Contracts as their templates need them."""

from __future__ import annotations

from dataclasses import dataclass

from components.ui.parts import Amount, Empty, Fact, Link, State


@dataclass(frozen=True, slots=True)
class ContractRow:
    number: str
    href: str
    product: str
    subject: str
    term: str  # "since 5 January 2022", "1 May 2019 – 30 April 2024"
    state: State


@dataclass(frozen=True, slots=True)
class ContractList:
    subtitle: str
    in_force: tuple[ContractRow, ...]
    past: tuple[ContractRow, ...]
    empty: Empty | None


@dataclass(frozen=True, slots=True)
class ContractService:
    name: str
    href: str
    detail: str
    state: State
    fee: Amount | None


@dataclass(frozen=True, slots=True)
class ContractView:
    number: str
    product: str
    state: State
    notice: str  # "This contract ended on ...; its documents stay here.", empty while in force
    facts: tuple[Fact, ...]
    services: tuple[ContractService, ...]
    services_empty: Empty | None
    show_services: bool
    documents: Link | None
    currency: str
