"""People who keep looking at pages, and note every answer that is not the right page."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.bench.cabinets import SERVICE, TOKEN, Cabinet
from tests.bench.processes import ask


@dataclass
class Traffic:
    """``people`` threads ask for pages in turn until stopped. A broken connection is asked again, as a proxy does."""

    cabinet: Cabinet
    port: int
    people: int = 3
    right: int = 0
    away: int = 0  # 503 with Retry-After
    broken: int = 0  # connections that ended without an answer
    wrong: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    last_right: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Traffic:
        for _ in range(self.people):
            thread = threading.Thread(target=self._look)
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _look(self) -> None:
        pages = {"/invoices": "invoices", "/": "overview", f"/services/{SERVICE}": "service"}
        while not self._stop.is_set():
            for path, name in pages.items():
                self._ask(path, self.cabinet.marks[name])
                if self._stop.wait(0.01):
                    return

    def _ask(self, path: str, mark: str) -> None:
        try:
            status, text = ask(self.port, path, f"kabinet_session={TOKEN}")
        except (OSError, ValueError, UnicodeDecodeError):
            with self._lock:
                self.broken += 1
            time.sleep(0.05)
            return
        if _cut(text):  # killed in the middle of its answer: every client sees that from the length
            with self._lock:
                self.broken += 1
            return
        with self._lock:
            self.statuses[status] += 1
            if status == 200 and mark in text and text.rstrip().endswith("</html>"):
                self.right += 1
                self.last_right = time.monotonic()
            elif status == 503 and "retry-after:" in text.lower():
                self.away += 1
            else:
                self.wrong.append(f"{path}: {status}: {text[-300:]!r}")


def _cut(answer: str) -> bool:
    """Whether fewer bytes came than the answer's head promised."""
    head, _, body = answer.partition("\r\n\r\n")
    promised = next((line for line in head.lower().split("\r\n") if line.startswith("content-length:")), "")
    return not promised or len(body.encode()) < int(promised.partition(":")[2])
