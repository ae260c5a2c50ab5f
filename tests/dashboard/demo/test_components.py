"""The page of components: there in the demo alone, and with nothing left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from components.data.places import TEMPLATES
from components.data.settings import SettingsError, load_settings
from components.ui import parts
from components.web.language import language_of
from components.web.routes import PUBLIC
from dashboard.app import make_app
from dashboard.demo.components import samples
from dashboard.demo.pages import routes
from tests.support.client import BASE, Cabinet, Client, settings_for
from tests.support.databases import SAMPLES, Databases, operator_of

ADDRESS = "/demo/components"


@contextmanager
def _demo(databases: Databases) -> Iterator[Client]:
    settings = settings_for(databases.empty()).model_copy(update={"demo": True})
    yield Client(make_app(settings, operator_of("telecom")))


async def test_elsewhere_it_does_not_exist(cabinet: Cabinet) -> None:
    assert (await cabinet.visitor().get(ADDRESS)).status == 404
    assert [each.path for each in cabinet.app.routes if str(getattr(each, "path", "")).startswith("/demo")] == []


def test_the_demo_does_not_start_under_an_address_that_others_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DATABASE_URL": "sqlite:///x.db",
        "SECRET_KEY": "0123456789abcdef-only-for-the-tests",
        "BASE_URL": "https://my.operator.example",
        "OPERATOR_FILE": str(SAMPLES / "telecom" / "operator.toml"),
        "DEMO": "1",
    }.items():
        monkeypatch.setenv(f"KABINET_{name}", value)
    with pytest.raises(SettingsError, match="loopback"):
        load_settings()


async def test_it_needs_no_sign_in(sqlite_databases: Databases) -> None:
    assert {each.needs for each in routes} == {PUBLIC}
    with _demo(sqlite_databases) as visitor:
        answer = await visitor.get(ADDRESS)
    assert answer.status == 200
    assert answer.main.one("h1").text == "Components"
    assert BASE not in answer.text


async def test_both_themes_stand_side_by_side(sqlite_databases: Databases) -> None:
    with _demo(sqlite_databases) as visitor:
        main = (await visitor.get(ADDRESS)).main
    light, dark = main.all(".theme-sample")
    assert (light["data-theme"], dark["data-theme"]) == ("light", "dark")
    assert light.text.replace("Light", "", 1) == dark.text.replace("Dark", "", 1)
    ids = [each["id"] for each in main.walk() if each.get("id")]
    assert len(ids) == len(set(ids))


async def test_it_speaks_every_language(sqlite_databases: Databases) -> None:
    with _demo(sqlite_databases) as visitor:
        found = []
        for code in ("ru", "kk", "en", "hu"):
            visitor.language = code
            found.append((await visitor.get(ADDRESS)).main.one("h1").text)
    assert found == ["Компоненты", "Құрамдастар", "Components", "Elemek"]


def test_no_component_is_left_out() -> None:
    """A macro or a part that is added to ``templates/components`` is shown here too."""
    page = (TEMPLATES / "dashboard" / "demo" / "components.html").read_text(encoding="utf-8")
    for path in sorted((TEMPLATES / "components").glob("*.html")):
        if path.name.startswith("_"):
            assert f"'components/{path.name}'" in page, path.name
            continue
        for macro in re.findall(r"{% macro (\w+)\(", path.read_text(encoding="utf-8")):
            inside = macro in ("described", "said")  # parts of fields, shown with them
            assert inside or re.search(rf"{{{{ ?{macro}\(", page), f"{path.name}: {macro}"


async def test_every_shape_and_tone_is_shown() -> None:
    for each in samples(language_of("en")):
        assert {state.shape for state in each.states} == set(parts.Shape.__args__)  # type: ignore[attr-defined]
        assert {state.tone for state in each.states} == set(parts.Tone.__args__)  # type: ignore[attr-defined]
