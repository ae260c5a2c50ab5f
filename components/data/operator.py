"""The operator's file (TOML): brand, languages, time zone, currency, seller, contacts, rules.

What differs between operators stands here and nowhere in the code. ``load_operator`` names every fault of a
file at once, by its place in the file.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

Section = Literal["services", "contracts", "invoices", "payments"]
Language = Literal["en", "ru", "kk", "hu"]
LANGUAGE_NAMES: dict[str, str] = {"kk": "Қазақша", "ru": "Русский", "en": "English", "hu": "Magyar"}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Brand(_Part):
    name: Annotated[str, Field(min_length=1, max_length=80)]
    accent: str = "#0a5a6b"
    accent_dark: str | None = None  # for the dark theme; worked out from ``accent`` where it is not given

    @field_validator("accent", "accent_dark")
    @classmethod
    def _hex(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
            raise ValueError("write a colour as #rrggbb, for example #0a5a6b")
        return value


class Seller(_Part):
    """Who issues the documents."""

    name: str
    tax_id: str = ""
    address: str = ""
    bank: str = ""
    bank_account: str = ""
    bank_code: str = ""
    vat_certificate: str = ""


class Contact(_Part):
    """One line of help; ``city`` is empty for the number that serves everybody."""

    city: str = ""
    phone: str
    hours: str = ""


class SessionRules(_Part):
    """How long a sign-in lasts: idle, in all, and when the person asked to be remembered."""

    idle_minutes: Annotated[int, Field(ge=5, le=1440)] = 60
    longest_hours: Annotated[int, Field(ge=1, le=168)] = 12
    remember_days: Annotated[int, Field(ge=1, le=90)] = 30


class PasswordRules(_Part):
    """What a new password must be. By default length alone counts, with what is easy to guess refused.

    The standards (NIST SP 800-63B-4, OWASP ASVS 5.0) want no composition rules; an operator who has some all the same
    writes them here. ``classes`` must each occur; ``alphabet`` latin allows unaccented Latin letters, digits and, where
    ``symbol`` is among the classes, ``symbols``. An ``example`` that the operator prints anywhere is refused.
    """

    min_length: Annotated[int, Field(ge=6, le=64)] = 8  # 15 is advised while a password alone opens the cabinet
    classes: tuple[Literal["letter", "upper", "lower", "digit", "symbol"], ...] = ()
    symbols: Annotated[str, Field(pattern=r"^[!-/:-@\[-`{-~]+$")] = "!@$_-"
    alphabet: Literal["any", "latin"] = "any"
    forbid_email: bool = True
    example: Annotated[str, Field(max_length=128)] = ""


class Operator(_Part):
    brand: Brand
    languages: tuple[Language, ...] = ("en", "ru", "kk", "hu")
    time_zone: str
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    seller: Seller
    email: str = ""
    contacts: tuple[Contact, ...] = ()
    sessions: SessionRules = SessionRules()
    password: PasswordRules = PasswordRules()
    data_age_hours: Annotated[int, Field(ge=1, le=8784)] = 48  # an import longer ago than this is worth a notice
    # The operator's own terms, by language: a text of the catalogue and what stands in its place.
    words: dict[Language, dict[str, str | tuple[str, ...]]] = {}
    # Sections that this operator's customers have use for; an insurer has no services with usage.
    sections: tuple[Section, ...] = ("services", "contracts", "invoices", "payments")

    @field_validator("languages")
    @classmethod
    def _some(cls, value: tuple[Language, ...]) -> tuple[Language, ...]:
        if not value or len(set(value)) != len(value):
            raise ValueError("name each language once, the preferred one first")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("write a name of the IANA time zones, for example Asia/Almaty") from None
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class OperatorFileError(ValueError):
    """The operator's file can't be used; ``faults`` is one line each."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(f"{path}: " + "; ".join(faults))


def load_operator(path: Path) -> Operator:
    """Reads and checks the file. Raises OperatorFileError with every fault found."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OperatorFileError(path, ["there is no such file"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise OperatorFileError(path, [f"can't be read: {error}"]) from None
    try:
        return Operator.model_validate(raw)
    except ValidationError as error:
        faults = [
            ".".join(str(part) for part in fault["loc"]) + ": " + fault["msg"].removeprefix("Value error, ")
            for fault in error.errors()
        ]
        raise OperatorFileError(path, faults) from None
