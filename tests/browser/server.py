"""The demo on a day of our own: ``python -m tests.browser.server OPERATOR PORT DATA``, serves until stopped."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import time_machine

from dashboard.demo.running import run_demo

# After the last export of the sample; from here on "overdue" and "the last days" mean the same for ever.
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Almaty"))


def main() -> None:
    operator, port, data = sys.argv[1:]
    with time_machine.travel(NOON, tick=True):
        run_demo(operator, int(port), Path(data), fresh=False)


if __name__ == "__main__":
    main()
