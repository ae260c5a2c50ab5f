"""A page shows a link only where its reader may go."""

from __future__ import annotations

import pytest

from tests.support.cast import AIGERIM, DIAS, GULNAR, IRINA, MARAT, SAULE, TIMUR, VIKTOR
from tests.support.client import Cabinet
from tests.support.grants import grant
from users.permissions.permission import read

PAGES = (
    "/",
    "/contracts",
    "/contracts/4445%2F10",
    "/services",
    "/services/S900001",
    "/invoices",
    "/invoices/СФ-2025-000001",
    "/invoices/КСФ-2026-000006",
    "/payments",
    "/profile",
    "/nowhere",
)


async def _dead_links(cabinet: Cabinet, login: str) -> dict[str, int]:
    """Every link of every page that opens, followed once."""
    browser = await cabinet.sign_in(login)
    addresses = {}
    for path in PAGES:
        page = (await browser.get(path)).page
        for link in page.all("a"):
            address = link["href"]
            if link.get("data-part") == "anew":  # hidden; shown by a script once the sign-in is over
                continue
            if address == "" or not address.startswith(("#", "tel:", "mailto:")):
                addresses[address] = path
    answers = {address: (await browser.get(address)).status if address else 0 for address in addresses}
    assert answers
    return {f"{address} on {addresses[address]}": status for address, status in answers.items() if status != 200}


@pytest.mark.parametrize("login", [AIGERIM, GULNAR, IRINA, TIMUR, VIKTOR, DIAS, SAULE, MARAT, "4505"])
async def test_no_link_leads_nowhere(cabinet: Cabinet, login: str) -> None:
    assert await _dead_links(cabinet, login) == {}


@pytest.mark.parametrize(
    "permissions",
    ["payments.view", "payments.view balance.view", "balance.view", "invoices.view", "services.view", "contracts.view"],
)
async def test_no_link_leads_nowhere_whatever_right_one_has(own_cabinet: Cabinet, permissions: str) -> None:
    await grant(SAULE, permissions=read(permissions))
    assert await _dead_links(own_cabinet, SAULE) == {}
