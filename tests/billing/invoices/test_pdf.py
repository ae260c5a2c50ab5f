"""A document's PDF: to whom, under what name, and kept for each version."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import anyio
import pytest

from billing.invoices import filing, typesetting
from components.data.database import connection, dialect, execute
from dashboard.imports.importing import import_folder
from tests.support import sample
from tests.support.cast import AIGERIM, IRINA, MARAT, SAULE
from tests.support.client import Answer, Cabinet, Client
from tests.support.contents import ask
from tests.support.databases import SAMPLES, operator_of
from tests.support.papers import Paper

KEPT = "SELECT i.number, f.revision, f.language, f.size FROM invoice_file f JOIN invoice i ON i.id = f.invoice_id"
OURS = f"{KEPT} WHERE f.language <> '' ORDER BY 1, 2, 3"


@pytest.mark.parametrize("number", ["СИ-2026-000173", "СФ-2026-000141", "СФР-2025-000005", "КСФ-2026-000006"])
@pytest.mark.parametrize("language", ["ru", "en"])
async def test_each_kind_says_what_the_billing_system_printed(cabinet: Cabinet, number: str, language: str) -> None:
    document = next(each for each in sample.rows("invoices") if each["invoice_number"] == number)
    owner = await cabinet.sign_in(document["account_number"], language)
    answer = await owner.get(f"/invoices/{number}.pdf")
    assert (answer.status, answer.header("content-type")) == (200, "application/pdf")
    paper = Paper(answer.body)
    assert (paper.standard, paper.tagged) == ("3A", True)
    for text in (number, document["contract_number"], "ТОО «Арқа Телеком»", "ТОО «Алтын Дала Логистик»"):
        assert paper.says(text), text
    lines = [each for each in sample.rows("invoice_lines") if each["invoice_number"] == number]
    for each in lines:
        assert paper.says(each["description"])
    digits = "".join(letter for letter in paper.unbroken if letter.isdigit())
    for column in ("net", "vat", "total"):
        assert document[column].lstrip("-").replace(".", "") in digits
    assert paper.says(document["corrects"])


async def test_a_number_as_it_is_printed_stands_in_section_e(cabinet: Cabinet) -> None:
    """K4: with its blanks and slashes, so that who registers finds it by the hint."""
    owner = await cabinet.sign_in("4455", "ru")
    number = next(
        each["invoice_number"]
        for each in sample.documents("4455")
        if each["contract_number"].startswith("КТС") and each["kind"] == "invoice"
    )
    paper = Paper((await owner.get(f"/invoices/{number}.pdf")).body)
    assert paper.says("27.3 Номер договора КТС-КТС-14 4455/2/ ДП-11")
    assert paper.says("«Көкжиек Құрылыс» ЖШС")


@pytest.mark.parametrize("number", ["СФ-2026-000157", "СФ-2026-000158"])
async def test_the_billing_systems_own_comes_byte_for_byte(cabinet: Cabinet, number: str) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.get(f"/invoices/{number}.pdf")
    assert answer.body == (SAMPLES / "telecom" / "documents" / f"{number}.pdf").read_bytes()


async def test_it_is_saved_and_never_shown_in_the_pages_place(cabinet: Cabinet) -> None:
    """Abuse case X09, and RFC 6266: the name in its own letters, and one for whoever has only ASCII."""
    aigerim = await cabinet.sign_in(AIGERIM)
    answer = await aigerim.get("/invoices/СФ-2026-000158.pdf")
    kind, plain, extended = answer.header("content-disposition").split("; ")
    assert (kind, plain) == ("attachment", 'filename="__-2026-000158.pdf"')
    assert unquote(extended) == "filename*=UTF-8''СФ-2026-000158.pdf"
    assert answer.header("x-content-type-options") == "nosniff"
    assert answer.header("content-security-policy").startswith("default-src 'none'")
    assert answer.header("cache-control") == "no-store"


async def test_the_page_leads_to_it(cabinet: Cabinet) -> None:
    aigerim = await cabinet.sign_in(AIGERIM)
    main = (await aigerim.get("/invoices/СФ-2026-000158")).main
    link = next(each for each in main.all("a.button") if each.text == "Download PDF")
    assert "download" in link.attributes
    assert (await aigerim.get(link["href"])).body.startswith(b"%PDF-")


async def test_a_stranger_does_not_get_what_is_kept_for_another(own_cabinet: Cabinet) -> None:
    """Abuse case A01: reach is asked of the database before anything else, kept or not."""
    number = "/invoices/СФ-2026-000141.pdf"
    aigerim, irina = await own_cabinet.sign_in(AIGERIM), await own_cabinet.sign_in(IRINA)
    assert (await aigerim.get(number)).status == 200
    marat, saule = await own_cabinet.sign_in(MARAT), await own_cabinet.sign_in(SAULE)
    assert (await marat.get(number)).status == 404
    assert (await saule.get(number)).status == 403
    assert (await own_cabinet.visitor().get(number)).status == 303
    assert (await irina.get("/invoices/СФ-2026-000158.pdf")).status == 404


@pytest.mark.parametrize(
    "address",
    [
        "/invoices/../../etc/passwd.pdf",
        "/invoices/%2e%2e/%2e%2e/etc/passwd.pdf",
        "/invoices//etc/passwd.pdf",
        "/invoices/documents/СФ-2026-000158.pdf",
        "/invoices/%00.pdf",
        "/invoices/СФ-2026-000158%00.pdf",
        "/invoices/.pdf",
        "/invoices/СФ-2026-000158.pdf.pdf",
        "/invoices/СФ-2026-000158.PDF",
        "/invoices/%ff%fe.pdf",
        "/invoices/" + "9" * 5000 + ".pdf",
    ],
)
async def test_an_address_is_a_number_and_never_a_path(cabinet: Cabinet, address: str) -> None:
    """Abuse case X07."""
    aigerim = await cabinet.sign_in(AIGERIM)
    assert (await aigerim.get(address)).status == 404


@pytest.mark.parametrize(
    "asked", ["bytes=0-0", "bytes=" + ",".join(f"{n}-{n + 1}" for n in range(5000)), "bytes=-1", "bytes=9-1", "x"]
)
async def test_parts_are_not_served(cabinet: Cabinet, asked: str) -> None:
    """Abuse case T01: five thousand ranges of a page cost what the page costs."""
    aigerim = await cabinet.sign_in(AIGERIM)
    whole = await aigerim.get("/invoices/СФ-2026-000158.pdf")
    answer = await aigerim.get("/invoices/СФ-2026-000158.pdf", headers={"range": asked})
    assert (answer.status, answer.body) == (200, whole.body)
    assert answer.header("accept-ranges") == "none"


async def test_a_number_may_end_like_a_file_or_hold_anything(own_cabinet: Cabinet) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    number = 'А/1 "x".pdf'
    await execute("UPDATE invoice SET number = :number WHERE number = 'СФ-2026-000141'", number=number)
    page = await aigerim.get("/invoices/%D0%90%2F1%20%22x%22.pdf")
    assert page.main.one("h1").text == f"Invoice {number}"
    link = next(each["href"] for each in page.main.all("a.button") if each["href"].endswith(".pdf.pdf"))
    answer = await aigerim.get(link)
    assert Paper(answer.body).says(number)
    assert unquote(answer.header("content-disposition")).endswith("filename*=UTF-8''А-1--x-.pdf.pdf")


# Kept for each version


async def _pdf(browser: Client, number: str = "СФ-2026-000141") -> Answer:
    answer = await browser.get(f"/invoices/{number}.pdf")
    assert answer.status == 200
    assert answer.body.startswith(b"%PDF-")
    return answer


async def test_it_is_made_once_for_a_version_and_a_language(
    own_cabinet: Cabinet, own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    first = await _pdf(aigerim)
    assert await ask(own_url, OURS) == [("СФ-2026-000141", 1, "en", len(first.body))]
    monkeypatch.setattr(filing, "typeset", None)  # whoever calls it now fails
    assert (await _pdf(aigerim)).body == first.body
    monkeypatch.undo()
    russian = await _pdf(await own_cabinet.sign_in(AIGERIM, "ru"))
    assert [row[:3] for row in await ask(own_url, OURS)] == [
        ("СФ-2026-000141", 1, "en"),
        ("СФ-2026-000141", 1, "ru"),
    ]
    assert russian.body != first.body


async def test_many_who_ask_at_once_get_the_one_that_is_kept(own_cabinet: Cabinet, own_url: str) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    bodies: list[bytes] = []

    async def get() -> None:
        bodies.append((await _pdf(aigerim)).body)

    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(get)
    assert len(set(bodies)) == 1
    assert len(await ask(own_url, OURS)) == 1


def _export(folder: Path, number: str, **changes: str) -> Path:
    """The next export: this document alone with other cells, and its lines with other words."""
    for file, cells in (("invoices", changes), ("invoice_lines", {"description": "Other words"})):
        rows = [{**each, **cells} for each in sample.rows(file) if each["invoice_number"] == number]
        target = io.StringIO()
        writer = csv.DictWriter(target, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        (folder / f"{file}.csv").write_text(target.getvalue())
    return folder


async def test_a_changed_document_is_printed_anew_and_the_old_print_stays(
    own_cabinet: Cabinet, own_url: str, tmp_path: Path
) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    before = await _pdf(aigerim)
    await import_folder(
        _export(tmp_path, "СФ-2026-000141", due_on="2026-12-24"), url=own_url, operator=operator_of("telecom")
    )
    after = await _pdf(aigerim)
    assert not Paper(before.body).says("Other words")
    assert Paper(after.body).says("Other words")
    assert Paper(after.body).says("24.12.2026")
    assert [row[1:] for row in await ask(own_url, OURS)] == [
        (1, "en", len(before.body)),
        (2, "en", len(after.body)),
    ]


async def test_the_billing_systems_print_of_an_older_version_no_longer_counts(
    own_cabinet: Cabinet, own_url: str, tmp_path: Path
) -> None:
    """Its sums are not the document's any more."""
    aigerim = await own_cabinet.sign_in(AIGERIM)
    await import_folder(
        _export(tmp_path, "СФ-2026-000158", due_on="2026-12-24"), url=own_url, operator=operator_of("telecom")
    )
    assert Paper((await _pdf(aigerim, "СФ-2026-000158")).body).says("24.12.2026")


async def test_an_import_while_it_is_being_printed_is_seen(
    own_cabinet: Cabinet, own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else one version's words would be kept as another's."""
    aigerim = await own_cabinet.sign_in(AIGERIM)
    printed: list[Any] = []

    async def slowly(document: Any) -> bytes:
        made = await typesetting.typeset(document)
        if not printed:
            await execute("UPDATE invoice SET revision = revision + 1 WHERE number = 'СФ-2026-000141'")
        printed.append(document)
        return made

    monkeypatch.setattr(filing, "typeset", slowly)
    await _pdf(aigerim)
    assert len(printed) == 2
    assert [row[1:3] for row in await ask(own_url, OURS)] == [(2, "en")]


@pytest.mark.parametrize("broken", ["raise SystemExit('no ink')", "import time; time.sleep(60)"])
async def test_a_typesetter_that_fails_is_said_and_nothing_is_kept(
    own_cabinet: Cabinet, own_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    (tmp_path / "broken.py").write_text(broken)
    with monkeypatch.context() as changed:
        changed.setattr(typesetting, "TYPESETTER", tmp_path / "broken.py")
        changed.setattr(typesetting, "LONGEST", 2.0)
        answer = await aigerim.get("/invoices/СФ-2026-000141.pdf")
    assert (answer.status, answer.header("content-type")) == (500, "text/html; charset=utf-8")
    assert "no ink" not in answer.text
    assert await ask(own_url, OURS) == []
    await _pdf(aigerim)


FULL = {
    "sqlite": ("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000"),
    "postgres": (
        "CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE 'could not extend file' USING ERRCODE = 'disk_full'; END $$;"
        "CREATE TRIGGER no_space BEFORE INSERT ON invoice_file FOR EACH ROW EXECUTE FUNCTION no_space()",
        "DROP TRIGGER no_space ON invoice_file",
    ),
}


async def test_without_space_to_keep_it_the_reader_gets_it_all_the_same(own_cabinet: Cabinet, own_url: str) -> None:
    aigerim = await own_cabinet.sign_in(AIGERIM)
    full, free = FULL[dialect()]
    await connection().execute_script(full)
    first = await _pdf(aigerim)
    assert await ask(own_url, OURS) == []
    assert (await aigerim.get("/invoices")).status == 200
    await connection().execute_script(free)
    assert (await _pdf(aigerim)).body == first.body
    assert len(await ask(own_url, OURS)) == 1
