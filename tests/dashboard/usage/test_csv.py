"""The figures as a file: they are the source's, to the byte."""

from __future__ import annotations

import csv
import io
from urllib.parse import unquote

import pytest

from tests.dashboard.usage.series import by, export_of, measured
from tests.support.cast import AIGERIM, DIAS
from tests.support.client import Answer, Cabinet

ALL = "from=2026-06-07&to=2026-07-31"


def rows(answer: Answer) -> list[dict[str, str]]:
    assert answer.status == 200
    assert answer.header("content-type") == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text)))


async def test_by_hour_it_is_the_source_to_the_byte(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    found = rows(await aigerim.get(f"/services/S900001/usage.csv?{ALL}&step=hour"))
    assert {each["started_at"]: int(each["incoming"]) for each in found} == {
        f"{hour:%Y-%m-%dT%H:%M:%SZ}": amount for hour, amount in measured().items()
    }
    assert len(found) == len(measured()) == 1231
    assert sum(int(each["incoming"]) for each in found) == sum(measured().values())
    assert {each["seconds"] for each in found} == {"3600"}


@pytest.mark.parametrize(
    ("step", "form", "tail"), [("day", "%Y-%m-%d", "T00:00:00+05:00"), ("month", "%Y-%m", "-01T00:00:00+05:00")]
)
async def test_days_and_months_are_the_operators(cabinet: Cabinet, step: str, form: str, tail: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    found = rows(await aigerim.get(f"/services/S900001/usage.csv?{ALL}&step={step}"))
    assert {each["started_at"]: int(each["incoming"]) for each in found} == {
        key + tail: amount for key, amount in by(form).items()
    }


async def test_the_columns_are_those_of_the_exports(cabinet: Cabinet) -> None:
    dias = await cabinet.sign_in(DIAS)
    answer = await dias.get(f"/services/S900001/usage.csv?{ALL}")
    assert answer.text.partition("\n")[0] == "started_at,seconds,incoming,outgoing"
    disposition = answer.header("content-disposition")
    assert disposition.startswith("attachment;")
    assert unquote(disposition).endswith("S900001-2026-06-07-2026-07-31-day.csv")


@pytest.mark.parametrize(("service", "account"), [("S000003", "4445"), ("S000006", "4455"), ("S000001", "4445")])
async def test_each_unit_comes_back_as_it_was_exported(cabinet: Cabinet, service: str, account: str) -> None:
    """Meters in decimals, calls in seconds, links in bytes, holes and all; more rows than one query brings."""
    owner = await cabinet.sign_in(account)
    found = rows(await owner.get(f"/services/{service}/usage.csv?from=2025-01-01&to=2026-12-31&step=hour"))
    assert [(each["started_at"], int(each["seconds"]), each["incoming"], each["outgoing"]) for each in found] == [
        (started, seconds, incoming.rstrip("0").rstrip(".") if "." in incoming else incoming, outgoing)
        for started, seconds, incoming, outgoing in sorted(export_of(service))
    ]


async def test_what_was_not_measured_has_no_row(cabinet: Cabinet) -> None:
    """S000001 was dark for 14 hours on 9 March."""
    aigerim = await cabinet.sign_in(AIGERIM)
    found = rows(await aigerim.get("/services/S000001/usage.csv?from=2026-03-09&to=2026-03-09&step=hour"))
    assert len(found) <= 24 - 14
    empty = rows(await aigerim.get("/services/S000001/usage.csv?from=2020-03-09&to=2020-03-09&step=hour"))
    assert empty == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("from=2026-07-31&to=2026-06-07", "The last day is before the first. Exchange the two.\n"),
        ("step=week", "There is no such step. Choose hour, day or month.\n"),
        ("from=June", "This is not a date. Write it as year-month-day, for example 2026-06-30.\n"),
    ],
)
async def test_what_does_not_fit_is_refused_in_words(cabinet: Cabinet, query: str, message: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.get(f"/services/S900001/usage.csv?{query}")
    assert (answer.status, answer.text) == (422, message)
    assert answer.header("content-type") == "text/plain; charset=utf-8"
