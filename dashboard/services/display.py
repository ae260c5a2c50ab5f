"""Services as their templates need them."""

from __future__ import annotations

from dataclasses import dataclass

from components.ui.parts import Amount, Empty, Sparkline, State
from components.web.addresses import segment
from components.web.language import Language
from dashboard.services.reading import Service
from dashboard.services.words import service_state
from dashboard.usage.sparkline import sparkline
from dashboard.usage.units import amount_of
from users.permissions.permission import Permission
from users.permissions.viewer import Viewer


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


def service_href(number: str) -> str:
    return f"/services/{segment(number)}"


def service_list(services: list[Service], viewer: Viewer, say: Language) -> ServiceList:
    """Services by contract, with the last 30 days that each was measured on."""
    groups: dict[str, list[Service]] = {}
    for each in services:
        groups.setdefault(each.contract, []).append(each)
    may_see = viewer.may(Permission.CONTRACTS_VIEW)
    return ServiceList(
        subtitle=_subtitle(services, viewer, say),
        currency=viewer.currency,
        groups=tuple(
            ServiceGroup(
                contract,
                f"/contracts/{segment(contract)}" if may_see else "",
                members[0].contract_product or "",
                tuple(_row(each, viewer, say) for each in members),
            )
            for contract, members in groups.items()
        ),
        note=say.gettext("Usage of the last 30 days with data") if any(each.days for each in services) else "",
        empty=None if services else _empty(viewer, say),
    )


def _subtitle(services: list[Service], viewer: Viewer, say: Language) -> str:
    if viewer.contract:
        return say.gettext("Under contract %(number)s") % {"number": viewer.contract.number}
    return say.gettext("Under all contracts of account %(number)s") % {"number": viewer.account}


def _empty(viewer: Viewer, say: Language) -> Empty:
    if viewer.contract:
        return Empty(say.gettext("No services under contract %(number)s.") % {"number": viewer.contract.number})
    return Empty(say.gettext("No services on this account."))


def _row(service: Service, viewer: Viewer, say: Language) -> ServiceRow:
    days = service.last_days
    return ServiceRow(
        name=service.name,
        href=service_href(service.number),
        number=service.number,
        tariff=service.tariff or "",
        resource=first_resource(service, say),
        state=service_state(service.status, service.status_since, say),
        sparkline=sparkline(days, say),
        sum=amount_of(service.unit, sum(each.total for each in days), say) if days else "",
        fee=say.amount(service.monthly_fee, viewer.currency) if service.monthly_fee else None,
    )


def first_resource(service: Service, say: Language) -> str:
    """The first address block or number, and how many more there are. A meter's name is kept whole."""
    blocks = (service.resource or "").split()
    if len(blocks) < 2 or service.unit not in ("bytes",):
        return service.resource or ""
    more = say.ngettext("%(n)s more", "%(n)s more", len(blocks) - 1) % {"n": len(blocks) - 1}
    return f"{blocks[0]}, {more}"


def service_head(service: Service, viewer: Viewer, say: Language) -> ServiceHead:
    notice = ""
    day = say.day_long(service.status_since) if service.status_since else ""
    if service.status == "suspended":
        notice = (
            say.sentence(say.gettext("This service has been suspended since %(day)s.") % {"day": day})
            if day
            else say.gettext("This service is suspended.")
        )
    elif service.status == "ended":
        ended = say.day_long(service.ended_on) if service.ended_on else day
        notice = (
            say.sentence(say.gettext("This service ended on %(day)s. Its figures stay here.") % {"day": ended})
            if ended
            else say.gettext("This service has ended. Its figures stay here.")
        )
    since = ""
    if service.activated_on:
        since = say.gettext("since %(day)s") % {"day": say.day(service.activated_on)}
    facts = (service.tariff, service.resource, service.address, since)
    fee = ""
    if service.monthly_fee:
        amount = say.amount(service.monthly_fee, viewer.currency)
        fee = say.gettext("%(fee)s %(currency)s a month before tax") % {
            "fee": amount,
            "currency": viewer.currency,
        }
    return ServiceHead(
        name=service.name,
        number=service.number,
        contract=service.contract,
        contract_href=f"/contracts/{segment(service.contract)}" if viewer.may(Permission.CONTRACTS_VIEW) else "",
        state=service_state(service.status, service.status_since, say),
        facts=tuple(each for each in facts if each),
        notice=notice,
        fee=fee,
    )
