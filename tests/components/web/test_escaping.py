"""Abuse cases X01 and X03: what people are called appears as typed and runs nowhere, also in the chart's figures."""

from __future__ import annotations

import json

import pytest

from dashboard.services.models import Service
from tests.support.cast import AIGERIM, GULNAR
from tests.support.client import Answer, Cabinet
from users.hierarchy.models import User
from users.parties.models import Contract, Customer

TROUBLE = "=СУММ(A1) <b>Тест</b> ТОО"
NASTY = "\"><script hx-get=/evil>alert(1)</script><img src=x onerror=alert(1)>' hx-on:click=x {{7*7}} </template>&amp;"
PAGES = ("/", "/contracts", "/services", "/invoices", "/payments", "/profile")


def _inert(answer: Answer) -> None:
    """Nothing typed has become an element or an attribute."""
    allowed = {"/static/js/early.js", "/static/js/kabinet.js", "/static/js/chart.js", "/static/packages/htmx.min.js"}
    allowed |= {"/static/js/ending.js", "/static/js/users.js"}
    for each in answer.page.walk():
        if each.tag == "script":
            assert each["src"].partition("?")[0] in allowed | {"/static/packages/plotly.min.js"}
        assert each.tag != "img"
        assert each.tag != "b" or "Тест" not in each.text
        assert not [name for name in each.attributes if name.startswith(("on", "hx-on"))]
        assert not each.get("hx-get").startswith("/evil")


@pytest.mark.parametrize("path", [*PAGES, "/services/S000037", "/contracts/4545%2F10"])
async def test_a_name_that_is_formula_and_markup_reads_as_typed(cabinet: Cabinet, path: str) -> None:
    """Account 4545's customer is really called so in the sample."""
    answer = await (await cabinet.sign_in("4545")).get(path)
    assert answer.status == 200
    assert "<b>Тест" not in answer.text
    _inert(answer)
    if path in ("/", "/profile", "/payments"):
        assert TROUBLE in answer.page.text


async def test_quotes_and_an_ampersand_read_as_typed(cabinet: Cabinet) -> None:
    answer = await (await cabinet.sign_in("4535")).get("/")
    assert 'ТОО «Северный Хлеб, "Пекарня №3" & Ко»' in answer.main.text


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/services/S900001", "/contracts/4445%2F10"])
async def test_names_of_people_and_things_run_nowhere(own_cabinet: Cabinet, path: str) -> None:
    await User.filter(email="office1@customer1.example").update(first_name=NASTY[:60], last_name=NASTY[:100])
    await Customer.filter(accounts__number=AIGERIM).update(name=NASTY)
    await Service.filter(number="S900001").update(name=NASTY, tariff=NASTY, resource=NASTY, address=NASTY)
    await Contract.filter(number="4445/10").update(product=NASTY, subject=NASTY)
    answer = await (await own_cabinet.sign_in(AIGERIM)).get(path)
    _inert(answer)
    assert "<script hx-get" not in answer.text
    assert "49" not in answer.page.one("title").text
    if path == "/services/S900001":
        assert NASTY in answer.page.one("h1").text


async def test_the_charts_figures_cannot_end_their_element(own_cabinet: Cabinet) -> None:
    """The words of a language stand in the figure; so would a unit of the billing system's."""
    await Service.filter(number="S900001").update(unit="</template>&<b>")
    answer = await (await own_cabinet.sign_in(AIGERIM)).get("/services/S900001?from=2026-06-10&to=2026-06-11&step=hour")
    _inert(answer)
    assert answer.figure["layout"]["yaxis"]["title"]["text"] == "</template>&<b>"
    raw = answer.text.partition('<template id="usage-figure">')[2].partition("</template>")[0]
    assert json.loads(raw) == answer.figure
    assert not set(raw) & set("<>&")


async def test_what_is_searched_for_reads_as_typed(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    for path in ("/invoices", "/payments"):
        answer = await aigerim.get(f"{path}?q=%22%3E%3Cscript%20hx-get%3D/evil%3E&from=%22onfocus%3Dx")
        _inert(answer)
        assert answer.main.one("#f-q")["value"] == '"><script hx-get=/evil>'
        assert answer.main.one("#f-from")["value"] == '"onfocus=x'


async def test_a_refused_login_reads_as_typed(cabinet: Cabinet) -> None:
    answer = await cabinet.visitor().get("/sign-in?next=/%22%3E%3Cscript%3E")
    _inert(answer)


async def test_an_address_reads_as_sent(cabinet: Cabinet) -> None:
    answer = await (await cabinet.sign_in(GULNAR)).send(
        "GET", "/nowhere/%22%3E%3Cscript%3Ealert(1)?a=%22%3E%3Cb%3E\"'<b>"
    )
    assert answer.status == 404
    _inert(answer)
