"""The chart's figures are plotly's: built as a plain dict for speed, held against plotly here."""

from __future__ import annotations

import json

import pytest

from tests.support.client import Cabinet

FIGURES = {
    "an hour line, two ways": ("4445", "/services/S900001?from=2026-06-01&to=2026-06-30&step=hour"),
    "days with peaks": ("4445", "/services/S900001?from=2026-06-01&to=2026-06-30&step=day"),
    "months": ("4445", "/services/S900001?from=2026-01-01&to=2026-12-31&step=month"),
    "a line with holes": ("4445", "/services/S000001?from=2026-03-08&to=2026-03-10&step=hour"),
    "a meter by day": ("4445", "/services/S000003?from=2026-06-01&to=2026-06-30&step=day"),
    "a meter by month": ("4445", "/services/S000003?from=2026-01-01&to=2026-12-31&step=month"),
    "calls by hour": ("4455", "/services/S000006?from=2026-06-01&to=2026-06-07&step=hour"),
}


@pytest.mark.parametrize("name", FIGURES)
async def test_plotly_takes_it(cabinet: Cabinet, name: str) -> None:
    graph_objects = pytest.importorskip("plotly.graph_objects")
    login, address = FIGURES[name]
    answer = await (await cabinet.sign_in(login)).get(address)
    figure = answer.figure
    # Raises for any name or value outside of plotly's schema.
    made = graph_objects.Figure(figure)
    assert len(made.data) == len(figure["data"]) > 0
    assert json.loads(made.to_json())["layout"]["yaxis"]["title"]["text"]


@pytest.mark.parametrize("name", FIGURES)
async def test_every_trace_is_as_long_in_all_its_parts(cabinet: Cabinet, name: str) -> None:
    login, address = FIGURES[name]
    for trace in (await (await cabinet.sign_in(login)).get(address)).figure["data"]:
        assert len(trace["x"]) == len(trace["y"]) == len(trace["customdata"])
        assert trace["x"] == sorted(trace["x"])


async def test_a_wrong_figure_would_be_seen(cabinet: Cabinet) -> None:
    graph_objects = pytest.importorskip("plotly.graph_objects")
    login, address = FIGURES["months"]
    figure = (await (await cabinet.sign_in(login)).get(address)).figure
    figure["data"][0]["colour"] = "red"
    with pytest.raises(ValueError, match="colour"):
        graph_objects.Figure(figure)
