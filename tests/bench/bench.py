"""What all parts share: where data lies, how much is measured, who sends the load, who is told."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.figures import Report
from tests.bench.load import Load
from tests.bench.rounds import Sizes
from tests.support.databases import Databases, Dialect
from tests.support.postgres import own_postgres, postgres_in


@dataclass(frozen=True, slots=True)
class Bench:
    """``folder`` is gone afterwards; ``data`` is kept between runs. Servers of databases start when they are first
    asked for and stop with ``stack``."""

    report: Report
    sizes: Sizes
    load: Load
    folder: Path
    data: Path
    stack: ExitStack
    dialects: tuple[Dialect, ...] = ("sqlite", "postgres")
    _open: dict[tuple[Dialect, bool], Databases] = field(default_factory=dict)

    def databases(self, dialect: Dialect) -> Databases:
        """Room for databases of one kind that are gone afterwards."""
        return self._room(dialect, False)

    def kept(self, dialect: Dialect) -> Databases:
        """Room for those that stay."""
        return self._room(dialect, True)

    def _room(self, dialect: Dialect, kept: bool) -> Databases:
        if (dialect, kept) not in self._open:
            root = (self.data if kept else self.folder) / dialect
            root.mkdir(parents=True, exist_ok=True)
            place = str(root)
            if dialect == "postgres":
                place = self.stack.enter_context(postgres_in(root) if kept else own_postgres())
            self._open[dialect, kept] = Databases(dialect, place)
        return self._open[dialect, kept]
