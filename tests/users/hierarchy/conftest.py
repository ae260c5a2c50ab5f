"""The acts of the tree on a cabinet of the test's own; hashing costs next to nothing, on the same path."""

from __future__ import annotations

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from tests.support.client import Cabinet
from tests.users.hierarchy.acts import Acts
from users.sessions import passwords


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))


@pytest.fixture
def acts(own_cabinet: Cabinet, cheap: None) -> Acts:
    return Acts(own_cabinet)
