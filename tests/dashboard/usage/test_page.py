"""One service's usage: chart and table say the same, and both say what was measured."""

from __future__ import annotations

import re
from datetime import date, datetime
from statistics import mean

import pytest

from tests.dashboard.usage.series import ALMATY, measured
from tests.support.cast import AIGERIM, DIAS, VIKTOR
from tests.support.client import Answer, Cabinet
from tests.support.pages import Element, error_beside

JUNE = "/services/S900001?from=2026-06-01&to=2026-06-30"


def trace(answer: Answer, role: str) -> dict[str, list[object]]:
    found = [each for each in answer.figure["data"] if each["meta"]["role"] == role]
    assert len(found) == 1
    points: dict[str, list[object]] = found[0]
    return points


def readings(main: Element) -> list[Element]:
    return main.all("tr.reading")


async def test_june_by_hour_is_the_real_series(cabinet: Cabinet) -> None:
    """What the chart draws, in Mbit/s, is what the source says was carried each hour."""
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.get(f"{JUNE}&step=hour")
    unit = answer.figure["layout"]["yaxis"]["title"]["text"]
    scale = {"Mbit/s": 10**6, "Gbit/s": 10**9, "kbit/s": 10**3}[unit]
    june = {
        hour.astimezone(ALMATY).strftime("%Y-%m-%dT%H:%M"): round(amount * 8 / 3600 / scale, 3)
        for hour, amount in measured().items()
        if hour.astimezone(ALMATY).month == 6
    }
    drawn = trace(answer, "in")
    points = {x: y for x, y in zip(drawn["x"], drawn["y"], strict=True) if y is not None}
    assert points == june
    assert len(readings(answer.main)) == len(june)


async def test_weekends_are_quieter(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    drawn = trace(await aigerim.get(f"{JUNE}&step=hour"), "in")
    levels: dict[bool, list[float]] = {True: [], False: []}
    for x, y in zip(drawn["x"], drawn["y"], strict=True):
        if isinstance(y, float):
            levels[datetime.fromisoformat(str(x)).weekday() >= 5].append(y)
    assert mean(levels[True]) < 0.8 * mean(levels[False])


async def test_it_opens_with_the_last_days_that_have_data_and_says_so(cabinet: Cabinet) -> None:
    """November is empty for this link; nobody wants to look at nothing."""
    aigerim = await cabinet.sign_in(AIGERIM)
    main = (await aigerim.get("/services/S900001")).main
    assert main.one(".usage-note").text == "The last 30 days that have data: 1–30 Jul 2026."
    assert (main.one("#f-from")["value"], main.one("#f-to")["value"]) == ("2026-07-01", "2026-07-30")
    assert main.one(".segment[aria-current=true]").text == "Day"
    assert len(readings(main)) == 30


@pytest.mark.parametrize(
    ("query", "step"),
    [
        ("from=2026-06-10&to=2026-06-11", "hour"),
        ("from=2026-06-01&to=2026-06-30", "day"),
        ("from=2026-01-01&to=2026-12-31", "month"),
    ],
)
async def test_a_period_opens_at_the_step_at_which_it_reads_well(cabinet: Cabinet, query: str, step: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    main = (await aigerim.get(f"/services/S900001?{query}")).main
    assert main.one(".segment[aria-current=true]").text.lower() == step
    assert main.one("input[name=step]")["value"] == step


@pytest.mark.parametrize("step", ["hour", "day", "month"])
async def test_the_table_has_a_row_for_each_point_of_the_chart(cabinet: Cabinet, step: str) -> None:
    viktor = await cabinet.sign_in(VIKTOR)
    answer = await viktor.get(f"/services/S900001?from=2026-06-10&to=2026-06-12&step={step}")
    for role in ("in", "out"):
        points = [y for y in trace(answer, role)["y"] if y is not None]
        assert len(points) == len(readings(answer.main)) == {"hour": 72, "day": 3, "month": 1}[step]
    assert all(y <= 0 for y in trace(answer, "out")["y"] if isinstance(y, float)), "what goes out hangs below zero"


async def test_in_out_total_peak_and_percentile_stand_above(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    main = (await aigerim.get(f"{JUNE}&step=day")).main
    keys = {each.one("dt").text: each.one(".key-value").text for each in main.all(".key")}
    june = [amount for hour, amount in measured().items() if hour.astimezone(ALMATY).month == 6]
    assert keys["In"] == f"{sum(june) / 10**9:,.1f}"
    assert keys["Peak hour, in"] == f"{max(june) * 8 / 3600 / 10**6:,.1f}"
    top = sorted(june, reverse=True)[len(june) // 20]
    assert keys["95th percentile, in"] == f"{top * 8 / 3600 / 10**6:,.1f}"
    assert list(keys) == ["In", "Out", "Total", "Peak hour, in", "95th percentile, in"]


async def test_what_was_not_measured_is_no_zero(cabinet: Cabinet) -> None:
    """S000001 was dark for 14 hours on 9 March: the line breaks, the table says so."""
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.get("/services/S000001?from=2026-03-09&to=2026-03-09&step=hour")
    gaps = answer.main.all("tr.gap")
    assert gaps
    assert {row.one("td").text for row in gaps} == {"Not measured"}
    drawn = trace(answer, "in")["y"]
    assert None in drawn
    assert 0 not in drawn
    assert [each for each in answer.figure["layout"]["shapes"] if each["name"] == "gap"]


async def test_hours_without_calls_are_said_to_be_so(cabinet: Cabinet) -> None:
    owner = await cabinet.sign_in("4455")
    answer = await owner.get("/services/S000006?from=2026-06-05&to=2026-06-08&step=hour")
    assert {row.one("td").text for row in answer.main.all("tr.gap")} == {"No calls"}


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("from=2026-06-30&to=2026-06-01", "to", "The last day is before the first. Exchange the two."),
        ("from=soon", "from", "This is not a date. Write it as year-month-day, for example 2026-06-30."),
        ("to=2026-6-1", "to", "This is not a date. Write it as year-month-day, for example 2026-06-30."),
        (
            "from=2000-01-01&to=2026-01-01",
            "to",
            "That is longer than 3,660 days, about ten years. Choose a shorter period.",
        ),
    ],
)
@pytest.mark.parametrize("fragment", [False, True], ids=["page", "fragment"])
async def test_days_that_do_not_fit_are_said_beside_their_field_and_kept(
    cabinet: Cabinet, query: str, field: str, message: str, fragment: bool
) -> None:
    dias = await cabinet.sign_in(DIAS)
    answer = await dias.get(f"/services/S900001?{query}&step=hour", fragment=fragment)
    assert answer.status == 422
    assert error_beside(answer.page, field) == message
    typed = dict(pair.split("=") for pair in query.split("&"))
    assert {name: answer.page.one(f"#f-{name}")["value"] for name in typed} == typed
    assert answer.page.one("input[name=step]")["value"] == "hour"
    assert not answer.page.has("#usage-figure")
    assert not answer.page.has("table")
    assert not [link for link in answer.page.all("a") if ".csv" in link["href"]], "nothing to save either"
    assert answer.page.has(".period-menu[open]"), "the fields are not hidden while they are wrong"


async def test_an_unknown_step_is_said(cabinet: Cabinet) -> None:
    dias = await cabinet.sign_in(DIAS)
    answer = await dias.get(f"{JUNE}&step=week")
    assert answer.status == 422
    assert answer.main.one("[role=alert]").text == "There is no such step. Choose hour, day or month."
    assert not [link for link in answer.main.all("a") if ".csv" in link["href"]]
    assert (answer.main.one("#f-from")["value"], answer.main.one("#f-to")["value"]) == ("2026-06-01", "2026-06-30")


async def test_a_period_without_measurements_says_what_there_is(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    empty = (await aigerim.get("/services/S900001?from=2025-01-01&to=2025-01-31")).main.one(".empty")
    assert empty.one(".empty-title").text == "Nothing was measured in this period."
    assert empty.one(".empty-fact").text == "There are measurements from 9 Jun 2026 to 30 Jul 2026."
    assert empty.one("a")["href"] == "/services/S900001"


async def test_presets_end_where_the_data_does(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    main = (await aigerim.get("/services/S900001")).main
    presets = {link.text: re.findall(r"\d{4}-\d\d-\d\d", link["href"]) for link in main.all(".period-presets a")}
    assert presets["Month"] == ["2026-07-01", "2026-07-31"]
    assert presets["Day"] == ["2026-07-30", "2026-07-30"]
    assert presets["Last 30 days"] == ["2026-07-01", "2026-07-30"]
    for link in main.all("#usage a"):
        if not link["href"].startswith("#"):
            assert (await aigerim.get(link["href"])).status == 200, link["href"]


async def test_stepping_back_and_on_keeps_the_kind_of_period(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    main = (await aigerim.get(f"{JUNE}&step=day")).main
    assert main.one("#period-title").text.endswith("June 2026")
    assert "from=2026-05-01&to=2026-05-31" in main.one("#period-back")["href"]
    assert "from=2026-07-01&to=2026-07-31" in main.one("#period-on")["href"]


async def test_more_rows_than_a_page_shows_are_in_the_file(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    main = (await aigerim.get("/services/S000001?from=2025-10-01&to=2026-10-31&step=hour")).main
    assert "Shown are the first 1,500 rows; the CSV has them all." in main.one(".usage-note").text
    assert len(readings(main)) == 1500
    assert "from=2025-10-01&to=2026-10-31&step=hour" in main.one("a[download]")["href"]


async def test_weekends_are_marked_in_chart_and_table(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.get(f"{JUNE}&step=day")
    days = {each["x0"] for each in answer.figure["layout"]["shapes"] if each["name"] == "weekend"}
    assert days == {f"2026-06-{day:02d}" for day in range(1, 31) if date(2026, 6, day).weekday() >= 5}
    marked = [row for row in readings(answer.main) if row.fits(".weekend")]
    assert {row.one(".weekday").text for row in marked} == {"Sat", "Sun"}
