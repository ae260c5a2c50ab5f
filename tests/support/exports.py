"""Small exports made for a test: a cast of two customers, ready to be spoilt in one place."""

from __future__ import annotations

import copy
import csv
import gzip
import io
from pathlib import Path
from typing import Any

from components.data.operator import Brand, Operator, Seller
from dashboard.imports.importing import import_folder
from dashboard.imports.report import Fault, ImportRefused, ImportReport

OPERATOR = Operator(brand=Brand(name="Arqa"), time_zone="Asia/Almaty", currency="KZT", seller=Seller(name="ТОО «Арқа»"))
Row = dict[str, str]

_CUSTOMERS = (
    "customer_id,kind,name,tax_id,language,email,phone,mother_name,birth_date,document_type,"
    "document_number,card_number,country,postcode,city,street,house"
)
_INVOICES = (
    "invoice_number,account_number,contract_number,kind,issued_on,period_start,period_end,due_on,"
    "net,vat,total,currency,corrects,file"
)
_SERVICES = (
    "service_id,contract_number,kind,name,tariff,monthly_fee,unit,status,status_since,activated_on,"
    "ended_on,address,resource,quota,commitment,depends_on"
)
_LINES = "invoice_number,line,service_id,description,quantity,unit,unit_price,net,vat_rate,vat,total"
_CONTRACTS = (
    "contract_number,account_number,product_class,product,signed_on,starts_on,ends_on,status,channel,"
    "subject,notice_days"
)
_PAYMENTS = "payment_id,account_number,paid_at,amount,currency,method,payer,reference,invoice_number"
_PRODUCTS = "product_code,kind,name,option_group,option,monthly_fee,setup_fee,currency"

# Aigul and Bolat: an account each, in good order, with one debt between them.
CAST = {
    "customers": f"""{_CUSTOMERS}
C1,organisation,ТОО «Айгүл»,030840771235,ru,aigul@example.com,+77010001000,,,,,,KZ,050000,Алматы,Абая,1
C2,person,Bolat,640324456790,kk,bolat@example.com,+77010001001,,1964-03-24,,,,KZ,050001,Алматы,Абая,2
""",
    "accounts": """account_number,customer_id,currency,opened_on,closed_on,opening_balance
A1,C1,KZT,2026-01-01,,100.00
A2,C2,KZT,2026-01-01,,0.00
""",
    "contracts": f"""{_CONTRACTS}
A1/10,A1,telecom,Связь,2026-01-01,2026-01-01,,active,office,,30
A2/10,A2,telecom,Связь,2026-01-01,2026-01-01,,active,office,,30
""",
    "services": f"""{_SERVICES}
S1,A1/10,internet,Интернет,Бизнес,1000.00,bytes,active,2026-01-01,2026-01-01,,Алматы,203.0.113.1/32,1000,,
S2,A2/10,colocation,Место,Стойка,500.00,kWh,active,2026-01-01,2026-01-01,,Алматы,,,,S1
S3,A2/10,telephony,Голос,Голос,500.00,seconds,active,2026-01-01,2026-01-01,,Алматы,,,,
""",
    "products": f"""{_PRODUCTS}
INT,internet,Интернет,скорость,100,1000.00,0.00,KZT
""",
    "invoices": f"""{_INVOICES}
N1,A1,A1/10,payment_notice,2026-01-01,2026-01-01,2026-01-31,2026-01-20,1000.00,120.00,1120.00,KZT,,
I1,A1,A1/10,invoice,2026-01-31,2026-01-01,2026-01-31,2026-02-20,1000.00,120.00,1120.00,KZT,,
I2,A2,A2/10,invoice,2026-01-31,2026-01-01,2026-01-31,2026-02-20,500.00,60.00,560.00,KZT,,
K1,A1,A1/10,correction,2026-02-10,2026-01-01,2026-01-31,2026-03-02,-100.00,-12.00,-112.00,KZT,I1,
""",
    "invoice_lines": f"""{_LINES}
N1,1,S1,Интернет,1,мес.,1000.00,1000.00,0.12,120.00,1120.00
I1,1,S1,Интернет,1,мес.,1000.00,1000.00,0.12,120.00,1120.00
I2,1,S2,Место,1,мес.,300.00,300.00,0.12,36.00,336.00
I2,2,S3,Голос,1,мес.,200.00,200.00,0.12,24.00,224.00
K1,1,S1,Корректировка,-1,мес.,100.00,-100.00,0.12,-12.00,-112.00
""",
    "payments": f"""{_PAYMENTS}
P1,A1,2026-02-05T12:00:00+05:00,1008.00,KZT,card,Айгүл,ПП 1,I1
P2,A2,2026-02-06T23:30:00+05:00,60.00,KZT,card,Bolat,ПП 2,
""",
    "usage": """service_id,started_at,seconds,incoming,outgoing
S1,2026-01-31T18:00:00Z,3600,100,10
S1,2026-01-31T19:00:00Z,3600,300,30
S2,2026-01-31T19:00:00Z,86400,7.72,0
S3,2026-01-31T19:00:00Z,86400,600,60
""",
}


class Export:
    """The cast's export; change cells, add rows, drop files, then write it."""

    def __init__(self) -> None:
        self.headers: dict[str, list[str]] = {}
        self.rows: dict[str, list[Row]] = {}
        for name, text in CAST.items():
            reader = csv.DictReader(io.StringIO(text))
            self.rows[name] = list(reader)
            self.headers[name] = list(reader.fieldnames or ())

    def set(self, file: str, key: str, /, **cells: str) -> Export:
        """Changes cells of the row whose first cell (or first two, joined by a space) is ``key``."""
        found = [row for row in self.rows[file] if key in (self._first(row), self._first_two(row))]
        assert found, key
        found[0].update(cells)
        return self

    def add(self, file: str, like: str, /, **cells: str) -> Export:
        """Adds a copy of the row ``like`` with other cells."""
        row = next(row for row in self.rows[file] if key_of(row, like))
        self.rows[file].append({**copy.deepcopy(row), **cells})
        return self

    def drop(self, file: str, *keys: str) -> Export:
        self.rows[file] = [row for row in self.rows[file] if not any(key_of(row, key) for key in keys)]
        return self

    def only(self, *files: str) -> Export:
        self.rows = {name: rows for name, rows in self.rows.items() if name in files}
        return self

    def column(self, file: str, name: str, value: str) -> Export:
        """Adds a column with the same value in every row."""
        self.headers[file].append(name)
        for row in self.rows[file]:
            row[name] = value
        return self

    def text(self, file: str) -> str:
        target = io.StringIO()
        writer = csv.DictWriter(target, self.headers[file], lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows[file])
        return target.getvalue()

    def write(self, folder: Path, packed: tuple[str, ...] = ()) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.csv*"):
            old.unlink()
        for name in self.rows:
            content = self.text(name).encode()
            if name in packed:
                (folder / f"{name}.csv.gz").write_bytes(gzip.compress(content))
            else:
                (folder / f"{name}.csv").write_bytes(content)
        return folder

    @staticmethod
    def _first(row: Row) -> str:
        return next(iter(row.values()))

    @staticmethod
    def _first_two(row: Row) -> str:
        return " ".join(list(row.values())[:2])


def key_of(row: Row, key: str) -> bool:
    """Whether ``key`` names this row by its first cell or its first two."""
    values: list[Any] = list(row.values())
    return key in (values[0], " ".join(values[:2]))


async def bring(folder: Path, url: str) -> ImportReport:
    """Imports as Arqa."""
    return await import_folder(folder, url=url, operator=OPERATOR)


async def refusal(folder: Path, url: str) -> list[Fault]:
    """The faults for which this import is refused."""
    try:
        await bring(folder, url)
    except ImportRefused as refused:
        return refused.report.faults.stored
    raise AssertionError("the import was not refused")
