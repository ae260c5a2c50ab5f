"""Rules that look at more than one cell of a row, and what is worked out from a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.imports.cells import MICRO
from dashboard.imports.layout import SCALES
from dashboard.imports.tax_ids import tax_id_fault

Values = dict[str, Any]
# (column, reason): called for each fault of the row
Refuse = Callable[[str, str], None]
Finish = Callable[[Values, Refuse, ZoneInfo], None]


def _customer(values: Values, refuse: Refuse, zone: ZoneInfo) -> None:
    if values["tax_id"] is not None:
        reason = tax_id_fault(values["country"], values["kind"], values["tax_id"])
        if reason:
            refuse("tax_id", reason)


def _service(values: Values, refuse: Refuse, zone: ZoneInfo) -> None:
    if values["depends_on"] is not None and values["depends_on"] == values["service_id"]:
        refuse("depends_on", "a service can't depend on itself")
    for name in ("quota", "commitment"):
        if values[name] is not None:
            values[name] = _smallest(name, values[name], values["unit"], refuse)


def _smallest(name: str, amount: tuple[int, int | None], unit: str | None, refuse: Refuse) -> int | None:
    """The amount in the smallest parts of its unit."""
    if unit is None:
        refuse(name, "has no unit to count in")
        return None
    whole, part = amount
    if SCALES[unit] == 1:
        if part is not None:
            refuse(name, f"is not a whole number of {unit}")
        return whole
    if whole >= MICRO**2:
        refuse(name, "is too large")
        return None
    return whole * MICRO + (part or 0)


def _invoice(values: Values, refuse: Refuse, zone: ZoneInfo) -> None:
    correction = values["kind"] == "correction"
    if correction and values["corrects"] is None:
        refuse("corrects", "a correction names the document that it corrects")
    if values["kind"] is not None and not correction and values["corrects"] is not None:
        refuse("corrects", "only a correction corrects a document")
    if values["corrects"] is not None and values["corrects"] == values["invoice_number"]:
        refuse("corrects", "a document can't correct itself")
    start, end = values["period_start"], values["period_end"]
    if start is not None and end is not None and end < start:
        refuse("period_end", f"is before period_start, {start.isoformat()}")
    file = values["file"]
    if file is not None and not _inside(file):
        refuse("file", "is not a path inside the folder")
        values["file"] = None


def _inside(path: str) -> bool:
    parts = PurePosixPath(path)
    return not parts.is_absolute() and ".." not in parts.parts and "\\" not in path


def _payment(values: Values, refuse: Refuse, zone: ZoneInfo) -> None:
    at = values["paid_at"]
    values["paid_on"] = at.astimezone(zone).date() if isinstance(at, datetime) else None


def _usage(values: Values, refuse: Refuse, zone: ZoneInfo) -> None:
    values["incoming"], values["incoming_part"] = values["incoming"] or (None, None)
    values["outgoing"], values["outgoing_part"] = values["outgoing"] or (None, None)


FINISH: Mapping[str, Finish] = {
    "customers": _customer,
    "services": _service,
    "invoices": _invoice,
    "payments": _payment,
    "usage": _usage,
}
