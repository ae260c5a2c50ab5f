"""How many statements a page costs, and that none costs more because there is more to show."""

from __future__ import annotations

from typing import Any

import pytest

from components.data.database import counting, execute
from tests.support.cast import AIGERIM, DIAS, GULNAR, IRINA, SAULE, TIMUR, VIKTOR
from tests.support.client import Cabinet, Client

MOST = {
    "/": 8,
    "/contracts": 3,
    "/services": 3,
    "/invoices": 3,
    "/invoices?kind=invoice&state=paid&contract=4445/10&from=2026-01-01&to=2026-12-31&q=сф&sort=total": 3,
    "/payments": 3,
    "/payments?from=2026-01-01&to=2026-12-31&method=card&q=ПП": 3,
    "/journal": 3,
    "/journal?from=2026-01-01&to=2026-12-31&person=irina&act=user.changed&q=4445": 4,
    "/journal/verification": 5,
    "/profile": 3,
    "/profile/sessions": 3,
    "/profile/security": 3,
    "/users": 6,
    "/users?view=table&q=a": 5,
    "/users/new": 3,
    "/services/S900001": 6,
    "/services/S900001?from=2026-06-01&to=2026-06-30&step=hour": 6,
    "/services/S900001?from=2026-01-05&to=2026-12-20&step=month": 6,
    "/services/S900001/usage.csv?from=2026-06-01&to=2026-06-30&step=hour": 5,
    "/contracts/4445%2F10": 4,
    "/invoices/СФ-2026-000157": 5,
    "/nowhere": 2,
    "/healthz": 0,
    "/static/css/tokens.css": 0,
    "/brand.css": 0,
}


async def _statements(browser: Client, path: str, *, fragment: bool = False) -> list[str]:
    async with counting() as counted:
        await browser.get(path, fragment=fragment)
    return counted.statements


@pytest.mark.parametrize("path", MOST)
@pytest.mark.parametrize("login", [AIGERIM, GULNAR, IRINA, TIMUR, VIKTOR, DIAS, SAULE])
async def test_a_page_costs_few_statements_whoever_asks(cabinet: Cabinet, path: str, login: str) -> None:
    browser = await cabinet.sign_in(login)
    statements = await _statements(browser, path)
    assert len(statements) <= MOST[path], statements


@pytest.mark.parametrize("path", ["/invoices", "/payments", "/services/S900001"])
async def test_a_fragment_costs_less_than_its_page(cabinet: Cabinet, path: str) -> None:
    browser = await cabinet.sign_in(AIGERIM)
    assert len(await _statements(browser, path, fragment=True)) < len(await _statements(browser, path))


async def test_tortoise_sends_none_behind_the_counters_back(cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch) -> None:
    """The count is of ``fetch`` and ``execute``; this one is of what reaches the database's client."""
    from components.data.database import connection

    aigerim = await cabinet.sign_in(AIGERIM)
    client = type(connection())
    sent: list[str] = []
    real = client.execute_query

    async def count(self: Any, query: str, values: Any = None) -> Any:
        sent.append(query)
        return await real(self, query, values)

    monkeypatch.setattr(client, "execute_query", count)
    for path in MOST:
        sent.clear()
        counted = await _statements(aigerim, path)
        assert len(sent) == len(counted), path


MORE = """
INSERT INTO contract (number, account_id, product, status) SELECT number || '/x' || n.i, account_id, product, status
FROM contract, numbers n WHERE number LIKE '4445/%';
INSERT INTO service (number, contract_id, kind, name, unit, status, monthly_fee)
SELECT s.number || '-' || n.i, s.contract_id, s.kind, s.name, s.unit, s.status, s.monthly_fee
FROM service s JOIN contract c ON c.id = s.contract_id, numbers n WHERE c.number IN ('4445/10', '4445/11');
INSERT INTO invoice (number, account_id, contract_id, kind, issued_on, due_on, net, vat, total, currency, open,
 corrected, revision)
 SELECT i.number || '-' || n.i, i.account_id, i.contract_id, i.kind, i.issued_on, i.due_on, i.net, i.vat,
 i.total, i.currency, i.total, i.corrected, 1 FROM invoice i JOIN account a ON a.id = i.account_id, numbers n
WHERE a.number = '4445' AND i.kind = 'invoice';
INSERT INTO invoice_line (invoice_id, line, description, net, vat, total)
SELECT l.invoice_id, l.line + 100 * n.i, l.description, l.net, l.vat, l.total FROM invoice_line l
JOIN invoice i ON i.id = l.invoice_id, numbers n WHERE i.number = 'СФ-2026-000157';
INSERT INTO payment (number, account_id, paid_at, paid_on, amount, currency, method, invoice_id, revision)
SELECT p.number || '-' || n.i, p.account_id, p.paid_at, p.paid_on, p.amount, p.currency, p.method, p.invoice_id, 1
FROM payment p JOIN account a ON a.id = p.account_id, numbers n WHERE a.number = '4445';
"""


@pytest.mark.parametrize("path", [path for path in MOST if "/static" not in path])
async def test_ten_times_the_rows_cost_the_same_statements(own_cabinet: Cabinet, path: str) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    before = await aigerim.get(path)
    statements = await _statements(aigerim, path)
    await _multiply()
    after = await aigerim.get(path)
    assert (before.status, after.status) in {(200, 200), (404, 404)}
    assert len(await _statements(aigerim, path)) == len(statements)


async def test_there_really_were_more_rows(own_cabinet: Cabinet) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    rows = {path: len((await aigerim.get(path)).main.all("tbody tr")) for path in ("/contracts", "/services")}
    tab = (await aigerim.get("/invoices")).main.all(".tab")[0].text
    await _multiply()
    for path, count in rows.items():
        assert len((await aigerim.get(path)).main.all("tbody tr")) >= 9 * count
    assert tab != (await aigerim.get("/invoices")).main.all(".tab")[0].text


async def _multiply() -> None:
    numbers = "(VALUES " + ", ".join(f"({n})" for n in range(1, 10)) + ")"
    for statement in MORE.split(";\n"):
        if statement.strip():
            await execute(statement.replace("numbers n", f"(SELECT column1 AS i FROM {numbers} AS v) n"))
