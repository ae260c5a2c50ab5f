"""Where a database is, out of its URL: each form that docs/operating.md and libpq know."""

import pytest

from components.data.database import database_config


def credentials(url: str) -> dict[str, object]:
    found: dict[str, object] = database_config(url, "kabinet", ["x"], "y")["connections"]["default"]["credentials"]
    return found


def test_a_sockets_folder_as_the_guide_writes_it() -> None:
    found = credentials("postgres://kabinet@%2Fvar%2Frun%2FPostgreSQL/kabinet")
    assert (found["host"], found["user"], found["database"]) == ("/var/run/PostgreSQL", "kabinet", "kabinet")


def test_a_sockets_folder_with_a_port_names_the_sockets_file() -> None:
    found = credentials("postgres://kabinet@%2Frun:5433/kabinet")
    assert (found["host"], found["port"]) == ("/run", 5433)


def test_a_sockets_folder_as_a_parameter() -> None:
    assert credentials("postgres://kabinet@/kabinet?host=/var/run/postgresql")["host"] == "/var/run/postgresql"


def test_a_host_a_port_and_what_needs_encoding() -> None:
    found = credentials("postgresql://ka%40binet:s%2Fcr%40t@db.example:5433/kabinet")
    assert [found[name] for name in ("host", "port", "user", "password", "database")] == [
        "db.example",
        5433,
        "ka@binet",
        "s/cr@t",
        "kabinet",
    ]


def test_another_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="sqlite:// or postgres://"):
        credentials("mysql://kabinet@localhost/kabinet")
