"""SQL over the staged rows beside what is known: what a staged row says counts, else what is known already."""

from __future__ import annotations

ACCOUNT_CURRENCY = (
    "COALESCE((SELECT MIN(a.currency) FROM stage_accounts a WHERE a.account_number = s.account_number),"
    " (SELECT a.currency FROM account a WHERE a.number = s.account_number))"
)
# Of a row of usage ``u`` or ``s``: its staged service ``o``, its known service ``k``, and the unit of either.
UNIT = "CASE WHEN o.service_id IS NOT NULL THEN o.unit ELSE k.unit END"
UNIT_OF_USAGE = (
    "LEFT JOIN (SELECT service_id, MIN(unit) AS unit FROM stage_services GROUP BY service_id) o"
    " ON o.service_id = u.service_id LEFT JOIN service k ON k.number = u.service_id"
)
EFFECTIVE_LINES = (
    "CREATE TEMP TABLE effective_line AS "
    "SELECT s.line_no, s.invoice_number, s.net, s.vat, s.total FROM stage_invoice_lines s "
    "WHERE NOT EXISTS (SELECT 1 FROM stage_invoice_lines o WHERE o.invoice_number = s.invoice_number"
    " AND o.line = s.line AND o.line_no < s.line_no) UNION ALL "
    "SELECT NULL, i.number, l.net, l.vat, l.total FROM (SELECT invoice_number FROM stage_invoices"
    " UNION SELECT invoice_number FROM stage_invoice_lines) t "
    "JOIN invoice i ON i.number = t.invoice_number JOIN invoice_line l ON l.invoice_id = i.id "
    "WHERE NOT EXISTS (SELECT 1 FROM stage_invoice_lines s"
    " WHERE s.invoice_number = i.number AND s.line = l.line)"
)


def owner(value: str, file: str, table: str) -> str:
    """SQL for the number of the account to which the contract or document of that number belongs."""
    key = {"contracts": "contract_number", "invoices": "invoice_number"}[file]
    return (
        f"COALESCE((SELECT MIN(o.account_number) FROM stage_{file} o WHERE o.{key} = {value}),"
        f" (SELECT a.number FROM {table} k JOIN account a ON a.id = k.account_id WHERE k.number = {value}))"
    )
