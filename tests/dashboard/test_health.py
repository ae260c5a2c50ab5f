"""What machines ask."""

from __future__ import annotations

import pytest

from components.ui.brand import brand_css, brand_href
from tests.support.client import Cabinet, open_cabinet
from tests.support.databases import Databases


async def test_running_and_ready(cabinet: Cabinet) -> None:
    visitor = cabinet.visitor()
    assert (await visitor.get("/healthz")).text == "ok\n"
    assert (await visitor.get("/readyz")).text == "ready\n"


async def test_a_database_without_its_migrations_is_not_ready(databases: Databases) -> None:
    databases.empty()
    name = "bare"
    databases._create(name, None)
    async with open_cabinet(databases.url(name)) as cabinet:
        answer = await cabinet.visitor().get("/readyz")
        assert answer.status == 503
        assert "kabinet migrate" in answer.text
        assert answer.header("retry-after") == "10"


async def test_the_brands_style_sheet_is_kept_under_its_hash(cabinet: Cabinet) -> None:
    answer = await cabinet.visitor().get(brand_href(cabinet.operator.brand))
    assert answer.text == brand_css(cabinet.operator.brand)
    assert answer.header("content-type") == "text/css; charset=utf-8"
    assert "immutable" in answer.header("cache-control")


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/.git/config", "/metrics", "/admin", "/debug", "/static/"])
async def test_nothing_else_is_open(cabinet: Cabinet, path: str) -> None:
    assert (await cabinet.visitor().get(path)).status == 404
