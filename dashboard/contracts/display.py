"""Contracts as their templates need them."""

from __future__ import annotations

from dataclasses import dataclass

from components.ui.parts import Amount, Empty, Fact, Link, State
from components.web.addresses import segment, with_query
from components.web.language import Language
from dashboard.contracts.reading import Contract
from dashboard.contracts.words import CHANNEL_WORDS, CLASS_WORDS, contract_state, term
from dashboard.services.reading import Service
from dashboard.services.words import service_state
from users.permissions.permission import Permission
from users.permissions.viewer import Viewer


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


def contract_href(number: str) -> str:
    return f"/contracts/{segment(number)}"


def contract_list(contracts: list[Contract], viewer: Viewer, say: Language) -> ContractList:
    in_force = tuple(_row(each, say) for each in contracts if each.status != "ended")
    past = tuple(_row(each, say) for each in contracts if each.status == "ended")
    empty = Empty(say.gettext("No contracts within your reach.")) if not contracts else None
    return ContractList(
        subtitle=say.gettext("Everything agreed on account %(number)s") % {"number": viewer.account},
        in_force=in_force,
        past=past,
        empty=empty,
    )


def _row(contract: Contract, say: Language) -> ContractRow:
    return ContractRow(
        number=contract.number,
        href=contract_href(contract.number),
        product=contract.product or "",
        subject=contract.subject or "",
        term=term(contract, say),
        state=contract_state(contract, say),
    )


def contract_view(contract: Contract, services: list[Service], viewer: Viewer, say: Language) -> ContractView:
    """One contract, in force or past: an ended one keeps its documents."""
    notice = ""
    if contract.status == "ended":
        day = say.day_long(contract.ends_on) if contract.ends_on else ""
        notice = (
            say.sentence(say.gettext("This contract ended on %(day)s. Its documents stay here.") % {"day": day})
            if day
            else say.gettext("This contract has ended. Its documents stay here.")
        )
    documents = None
    if viewer.may(Permission.INVOICES_VIEW):
        documents = Link(
            say.gettext("Documents of this contract"), with_query("/invoices", {"contract": contract.number})
        )
    return ContractView(
        number=contract.number,
        product=contract.product or "",
        state=contract_state(contract, say),
        notice=notice,
        facts=tuple(_facts(contract, viewer, say)),
        services=tuple(
            ContractService(
                each.name,
                f"/services/{segment(each.number)}",
                ", ".join(part for part in (each.number, each.tariff) if part),
                service_state(each.status, each.status_since, say),
                say.amount(each.monthly_fee, viewer.currency) if each.monthly_fee else None,
            )
            for each in services
        ),
        services_empty=None if services else Empty(say.gettext("No services under this contract.")),
        show_services=viewer.may(Permission.SERVICES_VIEW),
        documents=documents,
        currency=viewer.currency,
    )


def _facts(contract: Contract, viewer: Viewer, say: Language) -> list[Fact]:
    channel = say.gettext(CHANNEL_WORDS.get(contract.channel or "", contract.channel or ""))
    signed = say.day_long(contract.signed_on) if contract.signed_on else ""
    notice = ""
    if contract.notice_days is not None:
        notice = say.ngettext("%(n)s day", "%(n)s days", contract.notice_days) % {"n": contract.notice_days}
    pairs = (
        (say.gettext("Account"), viewer.account),
        (
            say.gettext("Class"),
            say.gettext(CLASS_WORDS.get(contract.product_class or "", contract.product_class or "")),
        ),
        (say.gettext("Subject"), contract.subject or ""),
        (say.gettext("Signed"), ", ".join(each for each in (signed, channel) if each)),
        (say.gettext("Term"), term(contract, say)),
        (say.gettext("Notice"), notice),
    )
    return [Fact(name, value) for name, value in pairs if value]
