"""Exports made for measuring: heavy in usage, or heavy in invoices; in good order, so that every check is run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

SERVICES = 20
DOCUMENTS = 20  # an account
ROWS_A_DOCUMENT = 5  # itself, three lines, a payment
ZONE = "+05:00"

_HEADERS = {
    "customers": "customer_id,kind,name,tax_id,language,email,phone,mother_name,birth_date,document_type,"
    "document_number,card_number,country,postcode,city,street,house",
    "accounts": "account_number,customer_id,currency,opened_on,closed_on,opening_balance",
    "contracts": "contract_number,account_number,product_class,product,signed_on,starts_on,ends_on,status,channel,"
    "subject,notice_days",
    "services": "service_id,contract_number,kind,name,tariff,monthly_fee,unit,status,status_since,activated_on,"
    "ended_on,address,resource,quota,commitment,depends_on",
    "invoices": "invoice_number,account_number,contract_number,kind,issued_on,period_start,period_end,due_on,"
    "net,vat,total,currency,corrects,file",
    "invoice_lines": "invoice_number,line,service_id,description,quantity,unit,unit_price,net,vat_rate,vat,total",
    "payments": "payment_id,account_number,paid_at,amount,currency,method,payer,reference,invoice_number",
    "usage": "service_id,started_at,seconds,incoming,outgoing",
}


def _write(folder: Path, name: str, lines: Iterator[str]) -> int:
    count = 0
    with (folder / f"{name}.csv").open("w", encoding="utf-8") as file:
        file.write(_HEADERS[name] + "\n")
        for line in lines:
            file.write(line + "\n")
            count += 1
    return count


def _parties(folder: Path, accounts: int, start: int = 0) -> int:
    """Customers, accounts and contracts, one of each a number."""
    numbers = range(start + 1, start + accounts + 1)
    rows = _write(
        folder,
        "customers",
        (
            f"B{n:07},person,Customer {n},,en,b{n}@bench.example,+7{7000000000 + n},,,,,,KZ,050000,Almaty,Abay,{n % 99}"
            for n in numbers
        ),
    )
    rows += _write(folder, "accounts", (f"B{n:07},B{n:07},KZT,2020-01-01,,0.00" for n in numbers))
    return rows + _write(
        folder,
        "contracts",
        (f"B{n:07}/1,B{n:07},telecom,Internet,2020-01-01,2020-01-01,,active,office,,30" for n in numbers),
    )


def usage_heavy(folder: Path, rows: int, first_hour: datetime = datetime(2020, 1, 1, tzinfo=UTC)) -> int:
    """An account with 20 services and ``rows`` hours of usage among them; how many rows all files have."""
    folder.mkdir()
    count = _parties(folder, 1)
    count += _write(
        folder,
        "services",
        (
            f"BS{n:03},B0000001/1,internet,Internet {n},Business,1000.00,bytes,active,2020-01-01,2020-01-01,,Almaty,,,,"
            for n in range(SERVICES)
        ),
    )

    def usage() -> Iterator[str]:
        for n in range(rows):
            at = first_hour + timedelta(hours=n // SERVICES)
            incoming, outgoing = (n * 7_919) % 10**10, (n * 104_729) % 10**9
            yield f"BS{n % SERVICES:03},{at:%Y-%m-%dT%H:%M:%SZ},3600,{incoming},{outgoing}"

    return count + _write(folder, "usage", usage())


def invoice_heavy(folder: Path, rows: int, start: int = 0) -> int:
    """About ``rows`` rows of documents, lines and payments, 20 documents an account; how many rows all files have."""
    folder.mkdir()
    documents = max(1, rows // ROWS_A_DOCUMENT)
    count = _parties(folder, -(-documents // DOCUMENTS), start)

    def of(n: int) -> tuple[str, date]:
        month = n % DOCUMENTS
        return f"B{start + n // DOCUMENTS + 1:07}", date(2024 + month // 12, month % 12 + 1, 1)

    def invoices() -> Iterator[str]:
        for n in range(documents):
            account, first = of(n)
            last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
            yield (
                f"BF-{start * 100 + n:09},{account},{account}/1,invoice,{last},{first},{last},"
                f"{last + timedelta(days=20)},6000.00,720.00,6720.00,KZT,,"
            )

    def lines() -> Iterator[str]:
        for n in range(documents):
            for line, (net, vat) in enumerate((("1000.00", "120.00"), ("2000.00", "240.00"), ("3000.00", "360.00"))):
                total = f"{float(net) + float(vat):.2f}"
                yield f"BF-{start * 100 + n:09},{line + 1},,Internet,1,month,{net},{net},0.12,{vat},{total}"

    def payments() -> Iterator[str]:
        for n in range(documents):
            account, first = of(n)
            paid = first + timedelta(days=40)
            yield (
                f"BP{start * 100 + n:09},{account},{paid}T12:00:00{ZONE},6720.00,KZT,card,Customer,,"
                f"BF-{start * 100 + n:09}"
            )

    count += _write(folder, "invoices", invoices())
    count += _write(folder, "invoice_lines", lines())
    return count + _write(folder, "payments", payments())
