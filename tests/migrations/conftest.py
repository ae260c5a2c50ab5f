"""What the tests of migrations may ask for."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _forget_the_next_migrations() -> Iterator[None]:
    yield
    for name in [name for name in sys.modules if name.startswith("next_migrations")]:
        del sys.modules[name]
