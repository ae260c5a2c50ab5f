"""A service and its usage: the measured link S900001, where weekends are quieter."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenAs
from tests.browser.figures import amount
from tests.browser.people import AIGERIM
from tests.browser.watching import Complaints

LINK = "/services/S900001"
JUNE = f"{LINK}?from=2026-06-01&to=2026-06-30"
SOURCE = Path(__file__).parents[2] / "dashboard/imports/samples/sources/isp-link-2005-hourly.csv"


def bars(page: Page) -> Locator:
    return page.locator("#usage-chart .barlayer .point path")


def figures(page: Page, column: int) -> list[str]:
    """One column of the table below the chart, its total last."""
    return page.locator(f".readings :is(tr.reading, tr.total) > :nth-child({column})").all_inner_texts()


def test_it_opens_with_the_last_days_that_have_data(open_as: OpenAs) -> None:
    page = open_as(AIGERIM)
    page.goto("/services")
    page.get_by_role("link", name="Магистральный канал").click()
    expect(page.locator(".usage-note")).to_contain_text("1–30 Jul 2026")
    expect(page.locator("tr.reading")).to_have_count(30)
    expect(page.locator("#usage-chart svg.main-svg").first).to_be_visible()


def test_the_chart_the_figures_and_the_table_say_the_same(open_as: OpenAs) -> None:
    page = open_as(AIGERIM)
    page.goto(JUNE + "&step=day")
    expect(bars(page).first).to_be_attached()
    days = page.locator("tr.reading").count()
    assert days == 22  # measured from the 9th
    assert bars(page).count() >= 4 * days  # in, out, and the busiest hour of each
    total = figures(page, 4)[-1]
    assert total == page.locator(".key", has_text="Total").locator(".key-value").inner_text()
    assert sum(map(amount, figures(page, 4)[:-1])) == pytest.approx(amount(total), abs=days * 0.05)
    weekend = [amount(text) for text in page.locator("tr.weekend > :nth-child(4)").all_inner_texts()]
    week = [amount(text) for text in page.locator("tr.reading:not(.weekend) > :nth-child(4)").all_inner_texts()]
    assert weekend
    assert sum(weekend) / len(weekend) < 0.75 * sum(week) / len(week)


def test_pointing_at_a_bar_reads_it_out_and_lights_its_row(open_as: OpenAs) -> None:
    page = open_as(AIGERIM)
    page.goto(JUNE + "&step=day")
    expect(bars(page).first).to_be_attached()
    expect(page.locator("#usage-readout b")).to_have_count(0)
    page.locator("#usage-chart .nsewdrag").hover()
    lit = page.locator("tr.reading.lit")
    expect(lit).to_have_count(1)
    readout = page.locator("#usage-readout")
    day = " ".join(lit.locator("th").inner_text().split())
    expect(readout.locator("b")).to_contain_text(day.split(" ", 1)[1])
    expect(readout).to_contain_text(lit.locator("td").nth(3).inner_text())  # the average, in Mbit/s
    page.get_by_role("heading", level=1).hover()
    expect(lit).to_have_count(0)


def test_steps_of_an_hour_a_day_and_a_month(open_as: OpenAs) -> None:
    page = open_as(AIGERIM)
    page.goto(JUNE)
    page.evaluate("window.__same = 1")
    for step, rows in (("Hour", 24 * 21 + 12), ("Month", 1), ("Day", 22)):
        page.get_by_role("group", name="Step").get_by_role("link", name=step).click()
        expect(page.locator(".segment[aria-current]")).to_have_text(step)
        expect(page.locator("tr.reading")).to_have_count(rows)
        expect(page).to_have_url(re.compile(rf"step={step.lower()}"))
        expect(page.locator("#usage-chart svg.main-svg").first).to_be_visible()
    assert page.evaluate("window.__same") == 1, "the whole page was loaded again"


def test_the_period_before_and_after_and_the_browser_s_own_buttons(open_as: OpenAs) -> None:
    page = open_as(AIGERIM)
    page.goto(JUNE)
    title = page.locator(".period-title")
    page.get_by_role("link", name="Period after").click()
    expect(title).to_contain_text("July")
    expect(page.locator("tr.reading")).to_have_count(30)
    shown = page.url
    page.reload()
    assert page.url == shown
    expect(title).to_contain_text("July")
    page.get_by_role("link", name="Period before").click()
    expect(title).to_contain_text("June")
    page.go_back()
    expect(title).to_contain_text("July")
    expect(page.locator("tr.reading")).to_have_count(30)
    expect(page.locator("#usage-chart svg.main-svg").first).to_be_visible()
    page.go_forward()
    expect(title).to_contain_text("June")
    expect(page.locator("tr.reading")).to_have_count(22)


def test_dates_of_one_s_own(open_as: OpenAs) -> None:
    page = open_as(AIGERIM)
    page.goto(LINK)
    page.locator(".period-title").click()
    page.get_by_label("From").fill("2026-06-15")
    page.get_by_label("To", exact=True).fill("2026-06-21")
    page.locator(".period-panel").get_by_role("button", name="Show").click()
    expect(page.locator(".period-title")).to_contain_text("15–21 Jun 2026")
    expect(page).to_have_url(re.compile(r"from=2026-06-15&to=2026-06-21"))
    assert figures(page, 1)[0].endswith("15 Jun")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_reversed_dates_are_kept_with_the_reason_beside_them(
    open_as: OpenAs, complaints: Complaints, script: bool
) -> None:
    complaints.expect("status of 422")
    page = open_as(AIGERIM, java_script_enabled=script)
    page.goto(JUNE)
    page.locator(".period-title").click()
    page.get_by_label("From").fill("2026-06-30")
    page.get_by_label("To", exact=True).fill("2026-06-01")
    page.locator(".period-panel").get_by_role("button", name="Show").click()
    message = page.locator(".period-panel .field-error")
    expect(message).to_be_visible()
    expect(page.get_by_label("From")).to_have_value("2026-06-30")
    expect(page.get_by_label("To", exact=True)).to_have_value("2026-06-01")
    wrong = page.locator("[aria-invalid]").first
    assert wrong.get_attribute("aria-describedby") == message.first.get_attribute("id")
    if script:
        expect(wrong).to_be_focused()
        page.get_by_label("From").fill("2026-06-01")
        page.get_by_label("To", exact=True).fill("2026-06-30")
        page.keyboard.press("Enter")
        expect(page.locator("tr.reading")).to_have_count(22)
        expect(page.locator("#usage-chart svg.main-svg").first).to_be_visible()


def test_the_table_as_a_file_sums_to_the_source(open_as: OpenAs) -> None:
    page = open_as(AIGERIM)
    page.goto(f"{LINK}?from=2026-06-07&to=2026-07-31&step=hour")
    with page.expect_download() as download:
        page.get_by_role("link", name="Table, CSV").click()
    with Path(download.value.path()).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["started_at", "seconds", "incoming", "outgoing"]
    with SOURCE.open(encoding="utf-8", newline="") as file:
        source = list(csv.reader(file))[1:]
    assert sum(int(row["incoming"]) for row in rows) == sum(int(bits) // 8 for _, bits in source)
