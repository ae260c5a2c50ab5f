"""The catalogues against the sources, and each language at work."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from components.web import messages
from components.web.language import language_of
from components.web.templates import environment

NUMBERS = (0, 1, 2, 5, 11, 21, 22, 101)


@pytest.fixture(scope="module")
def found() -> Catalog:
    return messages.collect()


def wrong(found: Catalog, code: str, text: str, **made: object) -> list[str]:
    """The reasons once one message of a catalogue is made otherwise."""
    known = messages.read(code)
    message = known.get(text)
    assert message is not None, text
    for name, value in made.items():
        if name == "flags":
            message.flags.update(value)  # type: ignore[arg-type]
        else:
            setattr(message, name, value)
    return [fault.reason for fault in messages.compare(code, known, found, 0) if fault.message == text]


def test_nothing_is_missing_or_wrong() -> None:
    assert [str(fault) for fault in messages.check()] == []


def test_catalogues_are_as_extract_writes_them(found: Catalog) -> None:
    for code in messages.CODES:
        assert messages.catalogue_path(code).read_bytes() == messages.written(code, messages.read(code), found), code


def test_texts_of_python_and_of_templates_are_found(found: Catalog) -> None:
    places = {text: {name for name, _ in found[text].locations} for text in ("Invoices", "Kind", "Overdue")}
    assert "dashboard/navigation.py" in places["Invoices"]
    assert "templates/billing/invoices/_list.html" in places["Kind"]
    assert "billing/invoices/words.py" in places["Overdue"]
    assert found["%(n)s payment"].pluralizable


def test_what_is_wrong_is_named(found: Catalog) -> None:
    assert wrong(found, "ru", "Overdue", string="") == ["not translated"]
    assert wrong(found, "en", "Overdue", string="Late") == ["differs from its source; change it there and run extract"]
    assert wrong(found, "ru", "Overdue", flags={"fuzzy"}) == ["fuzzy: translate it and take the mark away"]
    assert wrong(found, "hu", "since %(day)s", string="%(date)s óta") == ["other placeholders in '%(date)s óta'"]
    assert wrong(found, "hu", "since %(day)s", string="100% %(day)s") == ["a bare % in '100% %(day)s': write %%"]
    assert wrong(found, "kk", "Kind", string="Түрі %") == ["a bare % in 'Түрі %': write %%"]
    two = ("%(n)s платёж", "%(n)s платежа")
    assert wrong(found, "ru", "%(n)s payment", string=two) == ["has 2 plural forms; the language has 3"]
    one = ("Один платёж", "%(n)s платежа", "%(n)s платежей")  # the first form also stands for 21
    assert wrong(found, "ru", "%(n)s payment", string=one) == ["other placeholders in 'Один платёж'"]


def test_other_languages_may_lag_but_not_fall_back(found: Catalog) -> None:
    known = messages.read("kk")
    full = sum(messages.translated(each) for each in messages.messages(known))
    known["Overdue"].string = ""
    assert list(messages.compare("kk", known, found, full - 1)) == []
    (fault,) = messages.compare("kk", known, found, full)
    assert fault.reason == f"{full - 1} texts are translated; there were {full}"


def test_missing_and_obsolete_texts_are_named(found: Catalog) -> None:
    known = messages.read("ru")
    known.delete("Overdue")
    known.add("Gone by now", "Уже нет")
    faults = {(fault.message, fault.reason) for fault in messages.compare("ru", known, found, 0)}
    assert faults >= {("Overdue", "missing; run extract"), ("Gone by now", "obsolete; run extract")}


def test_a_wrong_plural_rule_is_named(found: Catalog) -> None:
    known = messages.read("hu")
    known.mime_headers = [("Plural-Forms", "nplurals=1; plural=0;")]
    assert "its Plural-Forms header is not the language's" in [
        fault.reason for fault in messages.compare("hu", known, found, 0)
    ]


def test_extract_keeps_translations_and_guesses_nothing(tmp_path: Path) -> None:
    source = tmp_path / "page.py"
    source.write_text(
        'say.gettext("Overdue")\nsay.gettext("Overdue now")\nsay.ngettext("%(n)s day", "%(n)s days", n)\n'
    )
    text = messages.written("ru", messages.read("ru"), messages.collect(iter([source]))).decode()
    assert 'msgid "Overdue"\nmsgstr "Просрочено"\n' in text
    assert 'msgid "Overdue now"\nmsgstr ""\n' in text
    assert 'msgstr[2] "%(n)s дней"\n' in text
    assert "fuzzy" not in text
    assert "#~" not in text


def test_a_text_may_be_said_otherwise_in_a_certain_place(tmp_path: Path, found: Catalog) -> None:
    source = tmp_path / "page.py"
    source.write_text('N_("Overdue")\nNC_("column", "Overdue")\nsay.pgettext("row", "Overdue")\n')
    known = messages.read("ru")
    known.add("Overdue", "Проср.", context="column")
    text = messages.written("ru", known, messages.collect(iter([source]))).decode()
    assert 'msgid "Overdue"\nmsgstr "Просрочено"\n' in text
    assert 'msgctxt "column"\nmsgid "Overdue"\nmsgstr "Проср."\n' in text
    assert 'msgctxt "row"\nmsgid "Overdue"\nmsgstr ""\n' in text
    faults = {fault.message for fault in messages.compare("ru", known, found, 0)}
    assert faults == {"column: Overdue"}, "what no source says is obsolete"
    say = language_of("ru")
    assert (say.gettext("Disconnect"), say.pgettext("column", "Disconnect")) == ("Отключение", "Откл.")


@pytest.mark.parametrize("code", messages.CODES)
def test_every_plural_form_can_be_said(code: str, found: Catalog) -> None:
    say = language_of(code)
    for message in messages.messages(found):
        if not message.pluralizable:
            continue
        one, many = message.id
        names = messages.placeholders(one) | messages.placeholders(many)
        for n in NUMBERS:
            text = say.ngettext(one, many, n) % {**dict.fromkeys(names, "x"), "n": n}
            assert str(n) in text, (message.id, n, text)
            assert "%" not in text


def test_plural_forms_follow_the_language() -> None:
    def counted(code: str) -> list[str]:
        say = language_of(code)
        return [say.ngettext("%(n)s payment", "%(n)s payments", n) % {"n": n} for n in (1, 2, 5, 11, 21)]

    assert counted("en") == ["1 payment", "2 payments", "5 payments", "11 payments", "21 payments"]
    assert counted("ru") == ["1 платёж", "2 платежа", "5 платежей", "11 платежей", "21 платёж"]
    assert counted("kk") == ["1 төлем", "2 төлем", "5 төлем", "11 төлем", "21 төлем"]
    assert counted("hu") == ["1 befizetés", "2 befizetés", "5 befizetés", "11 befizetés", "21 befizetés"]


@pytest.mark.parametrize("code", messages.CODES)
def test_every_text_survives_a_template(code: str, found: Catalog) -> None:
    """Templates put % to work in every text they say, so a bare one would break the page."""
    made = environment(code)
    for message in messages.messages(found):
        if isinstance(message.id, str) and any(name.endswith(".html") for name, _ in message.locations):
            names = dict.fromkeys(messages.placeholders(message.id), "x")
            template = made.from_string(
                "{{ _(text" + "".join(f", {name}={name}" for name in names) + ") }}",
            )
            assert template.render(text=message.id, **names)


@pytest.mark.parametrize("code", messages.CODES)
def test_texts_are_clean(code: str) -> None:
    for message in messages.messages(messages.read(code)):
        for form in messages.forms(message):
            assert form == form.strip(), form
            assert "  " not in form, form
            assert not set('<>&"') & set(form), f"markup or straight quotes: {form}"


def test_the_program_says_usage() -> None:
    assert messages.main([]) == 2
    assert messages.main(["check"]) == 0
