"""The program serves while the program imports: pages and sign-ins go on, and figures change all at once."""

from __future__ import annotations

import csv
import http.client
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.cabinets import ACCOUNT, PASSWORD, TOKEN, seat
from tests.bench.exports import invoice_heavy
from tests.bench.processes import ask, importing, serving
from tests.support.databases import SAMPLES, Databases
from tests.support.pages import parse

ROWS = 20_000  # rows of others, so that the import takes its time
PAGES = ("/", "/invoices")
Shown = tuple[str, str]  # the balance in the bar, and all that stands on the page below


def _export(folder: Path) -> Path:
    """Every payment of the sample is 1.00 less than it was; and much that has to do with other accounts."""
    invoice_heavy(folder, ROWS)
    with (SAMPLES / "telecom" / "payments.csv").open(encoding="utf-8", newline="") as known:
        rows = list(csv.DictReader(known))
    with (folder / "payments.csv").open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        for row in rows:
            whole, _, rest = row["amount"].partition(".")
            writer.writerow({**row, "amount": f"{int(whole) - 1}.{rest}"})
    return folder


def _shown(port: int, path: str) -> Shown:
    status, text = ask(port, path, f"kabinet_session={TOKEN}")
    assert status == 200, f"{path}: {text[:2000]}"
    page = parse(text.partition("\r\n\r\n")[2])
    return page.one(".bar-balance").text, page.one("main").text


def _sign_in(port: int) -> int:
    """The whole way: the form, then the form sent. The status of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/sign-in", headers={"Accept-Language": "en"})
        form = connection.getresponse()
        cookie = str(form.getheader("set-cookie")).partition(";")[0]
        token = re.search(r'name="csrf_token" value="([^"]+)"', form.read().decode())
        assert (form.status, bool(token)) == (200, True)
        body = urlencode({"csrf_token": token[1] if token else "", "login": ACCOUNT, "password": PASSWORD})
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/sign-in", body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


@contextmanager
def _again_and_again(*acts: Callable[[], object]) -> Iterator[list[BaseException]]:
    """Each act in a thread of its own, as often as it goes; what went wrong is in the list."""
    over, wrong = threading.Event(), list[BaseException]()

    def repeat(act: Callable[[], object]) -> None:
        try:
            while not over.is_set():
                act()
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=repeat, args=(act,)) for act in acts]
    for each in threads:
        each.start()
    try:
        yield wrong
    finally:
        over.set()
        for each in threads:
            each.join()


def test_pages_and_sign_ins_go_on_and_figures_change_at_once(databases: Databases, tmp_path: Path) -> None:
    cabinet = seat(databases.dialect, databases.filled("telecom"))
    seen: dict[str, list[Shown]] = {path: [] for path in PAGES}
    signed_in: list[int] = []

    def look() -> None:
        for path in PAGES:
            seen[path].append(_shown(server.port, path))

    with serving(cabinet, tmp_path, product=True) as server:
        before = {path: _shown(server.port, path) for path in PAGES}
        with (
            importing(cabinet, _export(tmp_path / "export")) as process,
            _again_and_again(look, lambda: signed_in.append(_sign_in(server.port))) as wrong,
        ):
            said, _ = process.communicate(timeout=60)
        after = {path: _shown(server.port, path) for path in PAGES}
    assert process.returncode == 0, said
    assert wrong == []
    assert set(signed_in) == {303}
    for path in PAGES:
        assert before[path][0] != after[path][0]
        assert before[path][1] != after[path][1]
        assert len(seen[path]) > 10
        old, new = seen[path].count(before[path]), seen[path].count(after[path])
        # A page is several statements: the one put together just as the import commits may have some of each.
        assert old + new >= len(seen[path]) - 1, "figures neither old nor new, or some of each"
        assert seen[path][:old] == [before[path]] * old, "new figures, then old ones"
        assert seen[path][len(seen[path]) - new :] == [after[path]] * new, "old figures after new ones"
