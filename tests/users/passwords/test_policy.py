"""What a new password may be: long enough, kept whole, and not what is tried first."""

from __future__ import annotations

import pytest

from components.data.operator import Operator, PasswordRules
from components.web.language import language_of
from tests.support.databases import operator_of
from users.passwords import common, policy
from users.passwords.generate_words import packed
from users.passwords.generating import generate
from users.passwords.policy import check, hint
from users.sessions.passwords import fits, hash_password

OWN = ["gulnar.akhmetova@buh.example", "Гульнар", "Akhmetova", "4445", "ТОО «Жулдыз»", "+7 701 234 56 78"]


def operator(**rules: object) -> Operator:
    return operator_of("telecom").model_copy(update={"password": PasswordRules.model_validate(rules)})


def refused(password: str, **rules: object) -> str:
    return check(password, operator=operator(**rules), own_words=OWN) or ""


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "nothing but small letters",
        "только маленькие буквы",
        "құлыптың кілті терезеде",
        "  blanks at both ends  ",
        "Kabinet-demo-2026",
        "🐎🔋🧷🪟🌧️🪑🥕🚲",
        "x7!",  # filled up to 128 below
    ],
)
def test_no_mixture_of_letters_is_asked_for(password: str) -> None:
    """ASVS 6.2.5: length counts, any letter of any script may be used, blanks too."""
    whole = (
        password if len(password) >= 8 else ("".join(chr(97 + n * 7 % 26) + str(n) for n in range(60)) + password)[:128]
    )
    assert refused(whole) == ""


def test_too_short_says_how_long_and_how_to_get_there() -> None:
    fault = check("seven77", operator=operator(), own_words=OWN)
    assert fault == policy.SHORT
    assert fault is not None
    assert fault.said(language_of("en")).startswith("At least 8 characters, please.")


def test_an_operator_can_ask_for_fifteen() -> None:
    """What NIST SP 800-63B-4 asks of a password that is the only factor."""
    assert refused("fourteen chars", min_length=15) == policy.SHORT
    assert refused("fifteen letters", min_length=15) == ""


async def test_128_characters_are_kept_whole_and_the_129th_is_refused() -> None:
    """Nothing is cut (ASVS 6.2.8, 6.2.9): the last letter counts like the first."""
    long = "".join(chr(97 + n * 11 % 26) for n in range(127))
    assert refused(long + "a") == ""
    assert refused(long + "ab") == policy.LONG
    made = await hash_password(long + "a")
    assert await fits(long + "a", made)
    assert not await fits(long + "b", made)


async def test_the_same_letter_from_another_keyboard_is_the_same() -> None:
    """An é of one sign and of two; everything else counts as typed, blanks and case too."""
    made = await hash_password("café au lait")
    assert await fits("cafe\N{COMBINING ACUTE ACCENT} au lait", made)
    assert not await fits("Café au lait", made)
    assert not await fits("café au lait ", made)


@pytest.mark.parametrize(
    "password",
    [
        *(
            "password",
            "Password1",
            "P@ssw0rd",
            "passw0rd123",
            "PASSWORD!",
            "Password2026!",
            "2026password",
            "pass-word-123",
        ),
        *(
            "12345678",
            "87654321",
            "123456789",
            "1234567890",
            "11111111",
            "12121212",
            "abcabcabc",
            "00000000",
            "20262026",
        ),
        *(
            "qwertyuiop",
            "qwerty123",
            "1q2w3e4r",
            "1qaz2wsx",
            "zaq12wsx",
            "!QAZ2wsx",
            "1qaz@WSX",
            "asdfghjkl",
            "qwertz123",
        ),
        *("йцукенгш", "йцукен123", "1йфя2цыч", "фывапролд", "пароль123", "Пароль2026", "gfhjkm123", "parol12345"),
        *(
            "құпиясөз",
            "махаббат",
            "qazaqstan",
            "қазақстан1",
            "жұлдызым",
            "jelszó12",
            "szeretlek",
            "Budapest1",
            "balaton123",
        ),
        *(
            "iloveyou",
            "sunshine1",
            "football",
            "spartak1922",
            "zenit2026",
            "barcelona",
            "dimadima",
            "Summer2026!",
            "welcome1",
        ),
        *("abcdefgh", "zyxwvuts", "passwordpassword", "letmein123", "trustno1", "superman", "admin123", "qwerqwer1"),
    ],
)
def test_what_is_tried_first_is_refused_in_every_disguise(password: str) -> None:
    """ASVS 6.2.4 and 6.2.12, by a list of our own."""
    assert refused(password) == policy.COMMON


@pytest.mark.parametrize(
    "password",
    ["gulnar.akhmetova", "Akhmetova1985", "GulnarA4445", "Гульнар-12", "zhuldyz-2027-x", "4445-4445-4", "77012345678"],
)
def test_what_others_know_of_the_person_is_refused(password: str) -> None:
    assert refused(password) in (policy.OWN, policy.COMMON)


def test_the_own_e_mail_is_refused_in_any_case() -> None:
    assert refused("Gulnar.Akhmetova@Buh.Example") == policy.EMAIL


@pytest.mark.parametrize(
    "password", ["kabinet2026", "Кабинет-1", "ArqaTelecom1", "arqa.telecom", "АрқаТелеком!", "my-kabinet"]
)
def test_the_operators_and_the_products_name_are_refused(password: str) -> None:
    """ASVS 6.2.11: the words of the context (6.1.2 has the list)."""
    assert refused(password) in (policy.OURS, policy.COMMON)


def test_a_name_beside_enough_else_is_no_reason() -> None:
    assert refused("gulnar keeps seven geese") == ""


# Operators' own rules, as data

V8 = {
    "min_length": 8,
    "classes": ["upper", "lower", "digit", "symbol"],
    "symbols": "!@$_-",
    "example": "Ag-15!d44",
}
A6 = {"min_length": 6, "classes": ["lower", "upper", "digit"], "alphabet": "latin"}
H2 = {"min_length": 7, "classes": ["letter", "digit"], "alphabet": "latin"}


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("Tu-74!q", policy.SHORT),
        ("tu-74!qxw", policy.CLASSES["upper"][1]),
        ("TU-74!QXW", policy.CLASSES["lower"][1]),
        ("Tu-ab!qxw", policy.CLASSES["digit"][1]),
        ("Tu74qxwKz", policy.SYMBOL),
        ("Tu74q#wKz", policy.SYMBOL),
        ("Ag-15!d44", policy.EXAMPLE),
        ("ag-15!D44", policy.EXAMPLE),
        ("Tu-74!qxw", ""),
    ],
)
def test_the_rules_of_v8_and_their_example_is_refused_itself(password: str, fault: str) -> None:
    """Requirement V8: the example printed in the rules is itself refused."""
    assert refused(password, **V8) == fault


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("Ab12c", policy.SHORT),
        ("Kv7rtz", ""),
        ("Kv7rt-z", policy.ALPHABET),
        ("Kv7rtó", policy.ALPHABET),
        ("kv7rtz", policy.CLASSES["upper"][1]),
        ("KV7RTZ", policy.CLASSES["lower"][1]),
        ("Kvxrtz", policy.CLASSES["digit"][1]),
    ],
)
def test_the_rules_of_a6(password: str, fault: str) -> None:
    assert refused(password, **A6) == fault


def test_a6_not_the_e_mail() -> None:
    """Where any letters may be used; with ``alphabet`` an address can't be typed at all."""
    assert refused(OWN[0], **{**A6, "alphabet": "any", "classes": []}) == policy.EMAIL
    assert refused(OWN[0], **A6) == policy.ALPHABET


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("kv7rtz", policy.SHORT),
        ("kv7rtzq", ""),
        ("kvartzq", policy.CLASSES["digit"][1]),
        ("7412963", policy.CLASSES["letter"][1]),
        ("пароль7", policy.ALPHABET),
    ],
)
def test_the_rules_of_h2(password: str, fault: str) -> None:
    assert refused(password, **H2) == fault


@pytest.mark.parametrize("rules", [{}, V8, A6, H2], ids=["default", "V8", "A6", "H2"])
def test_what_we_make_ourselves_meets_every_rule(rules: dict[str, object]) -> None:
    made = {generate(operator(**rules).password) for _ in range(200)}
    assert len(made) == 200
    assert {refused(each, **rules) for each in made} == {""}
    assert all(len(each.replace("-", "")) == 15 and not set(each) & set("0Oo1Ili") for each in made)


@pytest.mark.parametrize("rules", [{}, V8, A6, H2], ids=["default", "V8", "A6", "H2"])
def test_the_rules_are_said_beforehand(rules: dict[str, object]) -> None:
    shown = hint(operator(**rules), language_of("en"))
    assert str(rules.get("min_length", 8)) in shown
    assert ("digits" in shown) == bool(rules)


# The list


def test_the_list_is_what_its_generator_makes() -> None:
    """It is ours: made out of words in the repository, byte for byte the same each time."""
    assert common.FILE.read_bytes() == packed()


def test_the_list_is_one_string_of_bytes() -> None:
    """Half a megabyte or two in memory, not tens: it is searched, not taken apart."""
    words = common._words()
    assert words.count(b"\n") > 50_000
    assert len(words) < 2_000_000
    assert common.FILE.stat().st_size < 250_000
