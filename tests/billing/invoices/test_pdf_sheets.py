"""What stands on the paper: of each kind, for each operator, in each language, whatever people are called."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from billing.invoices.reading import Original
from tests.billing.invoices.papers import LINE, content, document, paper

KAZAKH = "Әлем Іңкәр Ғылым Үкі Ұлы Қала Өрік Һас «Көкжиек Құрылыс» ЖШС"
HUNGARIAN = "Őze Űrvári Bőségszarú Árvíztűrő Tükörfúrógép"
ORIGINAL = Original("СФ-0", date(2026, 9, 30), 5000000, 800000, 5800000, -100000, -16000, -116000)


def test_the_kazakh_vat_invoice_has_its_sections_and_items() -> None:
    found = paper(document())
    for part in (
        "A Общий раздел",
        "1.1 Номер учётной системы СФ-1",
        "2 Дата выписки 31.10.2026",
        "3 Дата совершения оборота 31.10.2026",
        "B Реквизиты поставщика",
        "6 ИИН/БИН 050140007654",
        "7 Поставщик ТОО «Арқа Телеком»",
        "9 Свидетельство плательщика НДС 60001 № 0004445 от 01.02.2012",
        "B1 Банковские реквизиты поставщика",
        "13 ИИК KZ546010000000000001",
        "14 БИК банка HSBKKZKX",
        "C Реквизиты получателя",
        "16 ИИН/БИН 030840771235",
        "17 Получатель ТОО «Айгүл»",
        "18.1 Код страны KZ",
        "E Договор (контракт)",
        "27.3 Номер договора 4445/10",
        "27.4 Дата договора 05.01.2022",
        "28 Условия оплаты по договору оплата до 20.11.2026",
        "G Данные по товарам, работам, услугам",
        "33.1 Код валюты KZT",
        "K Дополнительные сведения",
    ):
        assert found.says(part), part
    assert found.says("1 3 5 6 7 8 12 13 14")
    assert found.says("1 Интернет мес. 1 24 900,00 24 900,00 16 % 3 984,00 28 884,00")
    assert found.says("Итого 24 900,00 3 984,00 28 884,00")


def test_without_a_contract_it_says_so() -> None:
    found = paper(document(contract=None, contract_on=None))
    assert found.says("27.2 Без договора (контракта) да")
    assert "27.3" not in found.text


def test_the_tax_form_is_in_a_language_of_its_law_and_readable_to_others() -> None:
    """Kazakh for who reads Kazakh, else Russian; captions in the reader's language below."""
    kazakh, english, hungarian = (paper(document(), language=each) for each in ("kk", "en", "hu"))
    assert (kazakh.language, english.language, hungarian.language) == ("kk", "ru", "ru")
    assert kazakh.says("27.3 Шарттың нөмірі 4445/10")
    assert english.says("27.3 Номер договора Number of the contract 4445/10")
    assert hungarian.says("27.3 Номер договора A szerződés száma 4445/10")
    assert english.says("28 884,00")


def test_a_notice_says_how_to_pay() -> None:
    notice = document(kind="payment_notice", number="СИ-1")
    found = paper(notice, language="ru")
    for part in ("Счёт на оплату СИ-1", "Как оплатить", "KZ546010000000000001", "HSBKKZKX", "лицевой счёт 4445"):
        assert found.says(part), part
    assert found.says("К оплате до 20 ноября 2026 г.")
    english = paper(notice, language="en")
    assert english.language == "en"
    assert english.says("Payment notice СИ-1")
    assert english.says("To pay by 20 November 2026")
    assert english.says("28,884.00")
    assert "27.3" not in english.text


def test_a_correction_names_its_original_and_the_difference() -> None:
    correction = document(kind="correction", number="КСФ-1", corrects="СФ-0", net=-249000, vat=-39840, total=-288840)
    line = replace(LINE, quantity="-1", net=-249000, vat=-39840, total=-288840)
    found = paper(correction, [line], original=ORIGINAL)
    for part in (
        "Корректировка КСФ-1",
        "5.1 Дата основного счёта-фактуры 30.09.2026",
        "5.2 Номер основного счёта-фактуры СФ-0",
        "СФ-0 от 30 сентября 2026 г. 50 000,00 8 000,00 58 000,00",
        "Прежние корректировки −1 000,00 −160,00 −1 160,00",
        "Эта корректировка, разница −2 490,00 −398,40 −2 888,40",
        "После корректировки 46 510,00 7 441,60 53 951,60",
    ):
        assert found.says(part), part


@pytest.mark.parametrize(
    ("sample", "language", "currency", "words"),
    [
        ("insurer", "hu", "HUF", ("Tisza Biztosító Zrt.", "Számla", "Eladó", "Vevő", "Összesen")),
        ("housing", "ru", "RUB", ("ООО «Управляющая компания", "Поставщик", "Покупатель", "Итого")),
    ],
)
def test_other_operators_have_a_plain_sheet(sample: str, language: str, currency: str, words: tuple[str, ...]) -> None:
    shown = document(currency=currency, vat=0, net=1890000, total=1890000)
    line = replace(LINE, vat_rate="0", vat=0, net=1890000, total=1890000)
    found = paper(shown, [line], sample=sample, language=language)
    for word in words:
        assert found.says(word), word
    for word in ("27.3", "33.1", "НДС", "ÁFA"):
        assert word not in found.text, word


@pytest.mark.parametrize(("vat", "shown"), [(0, False), (202500, True)])
def test_a_correction_shows_vat_where_it_or_its_original_bears_some(vat: int, shown: bool) -> None:
    changed = document(kind="correction", currency="HUF", vat=0, net=-100000, total=-100000, corrects="S-1")
    original = Original(
        number="S-1",
        issued_on=date(2026, 9, 30),
        net=1890000,
        vat=vat,
        total=1890000 + vat,
        earlier_net=0,
        earlier_vat=0,
        earlier_total=0,
    )
    line = replace(LINE, vat_rate="0", vat=0, net=-100000, total=-100000)
    found = paper(changed, [line], sample="insurer", language="hu", original=original)
    assert found.says("ÁFA") is shown


def test_where_something_bears_vat_a_plain_sheet_shows_it() -> None:
    found = paper(document(currency="HUF"), sample="insurer", language="hu")
    assert found.says("ÁFA")
    assert found.says("16%")


@pytest.mark.parametrize("name", [KAZAKH, HUNGARIAN, "Ёлкин, Щукин и Ъ", "İzmir Żółć Škoda Ærø Ñandú"])
def test_letters_are_what_they_are(name: str) -> None:
    for language in ("ru", "en"):
        found = paper(document(buyer=name, street=name), [replace(LINE, description=name)], language=language)
        assert found.unbroken.count(name.replace(" ", "")) == 3
        assert found.standard == "3A"


# Abuse cases X01 and X03: what people call themselves is text, in a PDF too.
TROUBLESOME = (
    '=HYPERLINK("http://x.example","#")',
    '#import "sheet.typ": * #read("/etc/passwd")',
    "$ sum_(i=0)^n x $",
    "*bold* _thin_ `raw` ```rust x```",
    "= Heading",
    "<b>a</b><script>alert(1)</script> <label> @label",
    "// gone /* gone */ \\ \\u{1F600} ~ -- ---",
    "{{7*7}} {% raw %} ${7*7}",
    "\"double\" 'single' «angle» „low“ 8|pipe|",
    "[link](javascript:alert(1)) #[a] ]",
    "- item + item / term: none",
)


@pytest.mark.parametrize("name", TROUBLESOME)
@pytest.mark.parametrize("kind", ["invoice", "payment_notice"])
def test_a_name_is_printed_as_it_is_written(name: str, kind: str) -> None:
    shown = document(kind=kind, buyer=name, street=name, number=name, contract=name)
    found = paper(shown, [replace(LINE, description=name, unit=name)])
    written = name.replace(" ", "")
    assert found.unbroken.count(written) >= 5
    assert "root:" not in found.text
    assert found.standard == "3A"
    assert not [each for page in found.reader.pages for each in page.get("/Annots", ())]


@pytest.mark.parametrize("name", ["שלום חברה", "شركة", "\u202erab", "a\u200bb"])
def test_writing_from_right_to_left_stays_an_archive(name: str) -> None:
    found = paper(document(buyer=name))
    assert found.standard == "3A"
    assert found.says("28 884,00")


@pytest.mark.parametrize("name", ["株式会社", "😀 GmbH", "\ue000", "\U0010ffff"])
def test_letters_that_no_font_has_spoil_nothing_else(name: str) -> None:
    """PDF/A forbids what can't be shown: the document is then a plain PDF, tagged all the same."""
    found = paper(document(buyer=name))
    assert found.standard == ""
    assert found.tagged
    assert found.says("28 884,00")


@pytest.mark.parametrize("kind", ["invoice", "payment_notice"])
def test_a_name_without_a_blank_breaks_where_it_must(kind: str) -> None:
    """At the edge of its column, with no letter added or lost."""
    texts = {"buyer": "Щ" * 400, "number": "N" * 64, "contract": "К" * 128, "street": "Ы" * 200}
    line = replace(LINE, description="Ж" * 1000, unit="Ф" * 64)
    found = paper(document(kind=kind, **texts), [line])
    assert found.standard == "3A"
    for text in texts.values():
        assert found.says(text), text
    assert (found.text.count("Ж"), found.text.count("Ф")) == (1000, 64)
    runs = re.findall(r"(Щ+|N+|К+|Ы+|Ж+|Ф+)", "\n".join(page.extract_text() for page in found.reader.pages))
    # The foot has room for the number, and what to write on a payment's form is two thirds of a page wide.
    assert sorted({len(run) for run in runs if run[0] == "N"})[-2] <= 45
    assert max(len(run) for run in runs if run[0] != "N") <= 36


def test_a_bank_account_is_copied_without_a_break() -> None:
    for sample, account in (("telecom", "KZ546010000000000001"), ("insurer", "HU42117730161111101800000000")):
        for kind in ("invoice", "payment_notice"):
            found = paper(document(kind=kind), sample=sample)
            assert account in found.text


def test_sums_beyond_the_usual_keep_their_columns() -> None:
    line = replace(LINE, net=10**15, vat=10**14, total=11 * 10**14, unit_price="10000000000000.00")
    found = paper(document(net=10**15, vat=10**14, total=11 * 10**14), [line])
    assert found.says("10 000 000 000 000,00 10 000 000 000 000,00 16 % 1 000 000 000 000,00 11 000 000 000 000,00")


@pytest.mark.parametrize(("kind", "caption"), [("invoice", "Ставка НДС"), ("payment_notice", "Кол-во")])
def test_a_long_document_goes_on_with_its_head(kind: str, caption: str) -> None:
    lines = [replace(LINE, line=n, description=f"Услуга {n}") for n in range(1, 301)]
    found = paper(document(kind=kind), lines)
    assert len(found.pages) > 5
    for number, page in enumerate(found.pages, 1):
        assert f"Страница {number} из {len(found.pages)}" in page
    listed = [page for page in found.pages if "Услуга" in page]
    assert all(caption in page for page in listed)
    assert found.text.count("Услуга") == 300
    assert [number for number, page in enumerate(found.pages) if "Итого 24 900,00" in page] == [len(listed) - 1]


def test_it_is_an_archive_with_tags_a_language_and_a_title() -> None:
    found = paper(document())
    assert (found.standard, found.tagged, found.language) == ("3A", True, "ru")
    assert found.reader.metadata is not None
    assert found.reader.metadata.title == "Счёт-фактура СФ-1"
    assert found.reader.metadata.author == "Arqa Telecom"


def test_it_needs_no_fonts_of_the_machine() -> None:
    page: Any = paper(document()).reader.pages[0]
    names = [str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()]
    fonts = {name.partition("+")[2].removesuffix("-Identity-H") for name in names}
    assert fonts <= {"LibertinusSerif-Regular", "LibertinusSerif-Semibold", "LibertinusSerif-Bold"}


def test_the_same_document_is_the_same_to_the_last_byte() -> None:
    assert content(document()) == content(document())
