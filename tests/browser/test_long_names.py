"""Names as long as they come and sums of nine digits stay in their places."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
import time_machine

from components.data.database import database
from dashboard.demo.cast import seat_the_cast
from dashboard.imports.importing import import_folder
from dashboard.schema import config
from tests.browser.cabinets import Cabinet
from tests.browser.conftest import Visit
from tests.browser.looking import sticking_out
from tests.browser.pages import Place
from tests.browser.people import Person
from tests.browser.server import NOON
from tests.support.databases import SAMPLES, elsewhere, operator_of

OWNER = Person("longest@customer.example")
CONTRACT = "КТС-КТС-14 9999/2/ ДП-11 (приложение № 7) 2026"
SERVICE = "Выделенный канал связи «Алматы — Астана» 10 Гбит/с с резервированием по двум независимым трассам"
ROWS: Mapping[str, Mapping[str, str]] = {
    "customers": {
        "customer_id": "C99999",
        "kind": "organisation",
        "name": "ТОО «Казахстанско-Венгерское предприятие Достопримечательности»",
        "tax_id": "030840771235",
        "language": "ru",
        "email": OWNER.login,
        "country": "KZ",
        "city": "Усть-Каменогорск",
        "street": "проспект имени Каныша Имантаевича Сатпаева",
        "house": "118, корпус 4, офис 1204",
    },
    "accounts": {
        "account_number": "9999-0000-0001",
        "customer_id": "C99999",
        "currency": "KZT",
        "opened_on": "2026-01-01",
        "opening_balance": "-555555555.98",
    },
    "contracts": {
        "contract_number": CONTRACT,
        "account_number": "9999-0000-0001",
        "product_class": "telecom",
        "product": "Услуги магистральной связи и размещения оборудования",
        "signed_on": "2026-01-01",
        "starts_on": "2026-01-01",
        "status": "active",
        "channel": "office",
    },
    "services": {
        "service_id": "S999999",
        "contract_number": CONTRACT,
        "kind": "internet",
        "name": SERVICE,
        "tariff": "Индивидуальный тарифный план крупного заказчика",
        "monthly_fee": "123456789.00",
        "unit": "bytes",
        "status": "active",
        "status_since": "2026-01-01",
        "activated_on": "2026-01-01",
        "address": "Усть-Каменогорск, проспект имени Каныша Имантаевича Сатпаева, 118",
        "resource": "2001:0db8:4445:ffff:ffff:ffff:ffff:ffff/128 203.0.113.255/32",
    },
    "invoices": {
        "invoice_number": "СФ-2026-000000000999",
        "account_number": "9999-0000-0001",
        "contract_number": CONTRACT,
        "kind": "invoice",
        "issued_on": "2026-10-31",
        "period_start": "2026-10-01",
        "period_end": "2026-10-31",
        "due_on": "2026-11-19",
        "net": "123456789.00",
        "vat": "19753086.24",
        "total": "143209875.24",
        "currency": "KZT",
    },
    "invoice_lines": {
        "invoice_number": "СФ-2026-000000000999",
        "line": "1",
        "service_id": "S999999",
        "description": SERVICE,
        "quantity": "1",
        "unit": "мес.",
        "unit_price": "123456789.00",
        "net": "123456789.00",
        "vat_rate": "0.16",
        "vat": "19753086.24",
        "total": "143209875.24",
    },
    "payments": {
        "payment_id": "P9999999",
        "account_number": "9999-0000-0001",
        "paid_at": "2026-11-13T11:49:00+05:00",
        "amount": "100000000.01",
        "currency": "KZT",
        "method": "bank_transfer",
        "payer": "ТОО «Казахстанско-Венгерское предприятие Достопримечательности»",
        "reference": "Платёжное поручение № 000000621543 от 13.11.2026",
        "invoice_number": "СФ-2026-000000000999",
    },
    "usage": {
        "service_id": "S999999",
        "started_at": "2026-11-12T07:00:00Z",
        "seconds": "3600",
        "incoming": "4499999999999",
        "outgoing": "4499999999999",
    },
}


@pytest.fixture(scope="module")
def longest(cabinet: Cabinet, tmp_path_factory: pytest.TempPathFactory) -> Person:
    """The owner of an account on which everything is long, added to the running cabinet by an import."""
    folder = tmp_path_factory.mktemp("longest")
    for name, row in ROWS.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, _columns(name) or list(row), restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerow(row)
    with time_machine.travel(NOON, tick=True):
        elsewhere(_add(folder, cabinet))
    return OWNER


def _columns(name: str) -> list[str]:
    """The columns of an export's file, as the sample has them ; of usage, which is packed there, none."""
    sample = SAMPLES / "telecom" / f"{name}.csv"
    return sample.read_text(encoding="utf-8").split("\n", 1)[0].split(",") if sample.exists() else []


async def _add(folder: Path, cabinet: Cabinet) -> None:
    await import_folder(folder, url=cabinet.database_url, operator=operator_of("telecom"))
    async with database(config(cabinet.database_url)):
        await seat_the_cast("telecom", cabinet.password)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/contracts",
        f"/contracts/{CONTRACT}",
        "/services",
        "/services/S999999?from=2026-11-01&to=2026-11-30",
        "/invoices",
        "/invoices/СФ-2026-000000000999",
        "/payments",
        "/profile",
    ],
)
def test_everything_stays_in_its_place(visit: Visit, longest: Person, address: str, language: str) -> None:
    page = visit(Place(address, longest), locale=language)
    assert page.locator(".bar-balance").inner_text()
    for width in (2560, 1440, 1280, 1180, 1024, 760, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert sticking_out(page) == [], width
