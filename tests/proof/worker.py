"""The product's worker with one more kind of job, which leaves a mark that can be counted."""

from __future__ import annotations

import sys

from components.data.database import execute
from components.jobs.handlers import register
from components.jobs.work import Work
from dashboard.cli import main

JOB = "proof.mark"
TABLE = "proof_mark"


@register(JOB)
async def mark(work: Work, *, number: int) -> None:
    """No unique key: a job that is done twice leaves two rows."""
    await execute(f"INSERT INTO {TABLE} (number) VALUES (:number)", number=number)


if __name__ == "__main__":
    sys.exit(main(["worker"]))
