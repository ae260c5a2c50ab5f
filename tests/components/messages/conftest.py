"""A house with letters of the tests' own, and hands that send them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import jinja2
import pytest
from pydantic import SecretStr

from components.data.database import database
from components.jobs.work import House
from components.messages import rendering
from components.web.templates import environment
from dashboard.schema import config
from tests.support.client import settings_for
from tests.support.databases import operator_of

OWN = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def own_templates() -> Iterator[None]:
    """``tests/letter`` beside the product's templates."""
    found = [environment(code) for code in ("en", "ru", "kk", "hu")]
    before = [each.loader for each in found]
    for each in found:
        assert each.loader is not None
        each.loader = jinja2.ChoiceLoader([jinja2.FileSystemLoader(OWN), each.loader])
    rendering._plain.cache_clear()
    yield
    for each, loader in zip(found, before, strict=True):
        each.loader = loader
    rendering._plain.cache_clear()


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """An open database without a row, and no server to send by."""
    async with database(config(database_url)):
        yield House(settings_for(database_url), operator_of("telecom"))


def sending_by(house: House, *, mail: str = "", sms: str = "") -> House:
    """The same house with servers."""
    servers = {"smtp_url": SecretStr(mail) if mail else None, "sms_url": SecretStr(sms) if sms else None}
    return House(house.settings.model_copy(update=servers), house.operator)
