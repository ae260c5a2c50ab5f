"""What no link of ours would ask for: it finds nothing or is refused, and never is it our mistake (500).

One name sent twice, or as an array, is abuse case M05.
"""

from __future__ import annotations

import pytest

from tests.support.cast import AIGERIM
from tests.support.client import Cabinet

ODD = {
    "a NUL in a number": ("/contracts/%00", 404),
    "a NUL behind a number": ("/contracts/4445%2F10%00", 404),
    "a NUL in a document": ("/invoices/%00", 404),
    "a NUL in a service": ("/services/a%00", 404),
    "a NUL in a service's file": ("/services/%00/usage.csv", 404),
    "a NUL in a search": ("/invoices?q=%00", 200),
    "a NUL in a filter": ("/invoices?contract=%00", 200),
    "a NUL in a key": ("/invoices?after=2026-01-01|%00", 200),
    "a NUL in a search of payments": ("/payments?q=%00a", 200),
    "a NUL in a way to pay": ("/payments?method=%00", 200),
    "a NUL in a key of payments": ("/payments?after=2026-01-01T00:00:00%2B00:00|%00", 200),
    "a NUL in a date": ("/services/S900001?from=%00", 422),
    "bytes that are no text": ("/contracts/%ff%fe", 404),
    "bytes that are no text, searched": ("/invoices?q=%ff", 200),
    "a moment before time": ("/payments?after=0001-01-01T00:00:00%2B20:00|a", 200),
    "a moment after time": ("/payments?after=9999-12-31T23:00:00-20:00|a", 200),
    "the first day there is": ("/invoices?from=1970-01-01&to=1970-01-01", 200),
    "up to the first day there is": ("/services/S900001?to=1970-01-01", 200),
    "the last month there is": ("/payments?from=2199-12-01&to=2199-12-31", 200),
    "the last year there is": ("/services/S900001?from=2199-01-01&to=2199-12-31&step=month", 200),
    "a sum beyond all money": ("/invoices?q=999999999999999.99", 200),
    "a number longer than any": ("/invoices?q=" + "9" * 5000, 200),
    "a page of hours": ("/services/S900001?from=2017-01-01&to=2026-12-31&step=hour", 200),
    "nothing after the slash": ("/invoices/", 404),
    "a path upwards": ("/invoices/../../etc/passwd", 404),
    "one name, a right value and a wrong one": ("/services/S900001?step=hour&step=minute", 200),
    "one name, a wrong value and a right one": ("/services/S900001?step=minute&step=hour", 422),
    "a wrong filter first": ("/invoices?kind=nothing&kind=invoice", 422),
    "a wrong filter after": ("/invoices?kind=invoice&kind=nothing", 200),
    "an empty filter first": ("/invoices?kind=&kind=nothing", 200),
    "parameters as arrays": ("/invoices?kind[]=invoice&q[0]=1", 200),
}


@pytest.mark.parametrize("name", ODD)
async def test_it_finds_nothing_and_breaks_nothing(cabinet: Cabinet, name: str) -> None:
    address, expected = ODD[name]
    aigerim = await cabinet.sign_in(AIGERIM)
    for fragment in (False, True):
        answer = await aigerim.get(address, fragment=fragment)
        assert answer.status == expected
