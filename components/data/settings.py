"""Settings from the environment, prefix ``KABINET_``. Missing or wrong ones stop the start, a line each."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "KABINET_"
# Out of an example that says so itself; no random key does.
_PLACEHOLDER = re.compile(
    r"(change|replace|insert)[ _-]?(it|me|this)|your[ _-]?(own[ _-]?)?(secret|key)", re.IGNORECASE
)


class SettingsError(ValueError):
    """``faults`` is one line for each setting that is missing or wrong."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class Settings(BaseSettings):
    """What a process needs to know before it can start. Secrets print as stars."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    database_url: SecretStr
    secret_key: SecretStr
    base_url: str
    operator_file: Path
    demo: bool = False
    trusted_proxies: str = ""  # addresses or networks whose X-Forwarded-* headers count, by comma; empty: nobody's
    log_format: Annotated[str, Field(pattern="^(json|console)$")] = "json"
    migration_database_url: SecretStr | None = None  # the same database as the role that owns the tables
    smtp_url: SecretStr | None = None  # the mail server; without it letters wait
    sms_url: SecretStr | None = None  # the SMS provider; without it short messages wait
    mail_from: str = ""  # whom letters come from; empty: the operator's e-mail
    metrics_token: SecretStr | None = None  # without it there is no /metrics
    slow_query_ms: Annotated[int, Field(ge=0, le=600_000)] = 200  # a statement that takes longer is logged; 0: none

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value()
        if len(key) < 32 or len(set(key)) < 8 or _PLACEHOLDER.search(key):
            raise ValueError("must be 32 or more random characters; make one with: openssl rand -hex 32")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _not_guessed(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        if len(value.get_secret_value()) < 16:
            raise ValueError("must be 16 or more random characters; make one with: openssl rand -hex 32")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        wrong = "must be smtp://user:password@host:587 or smtps://user:password@host:465"
        parts = _parted(value, wrong)
        query = parse_qs(parts.query, keep_blank_values=True)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/"):
            raise ValueError(wrong)
        if set(query) - {"ca"} or not all(Path(each).is_file() for each in query.get("ca", [])):
            raise ValueError("may end in ?ca=FILE, certificates in PEM that sign the mail server's, and nothing else")
        return value

    @field_validator("sms_url")
    @classmethod
    def _sms_provider(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        wrong = "must be the provider's address, for example https://user:password@sms.example/messages"
        parts = _parted(value, wrong)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(wrong)
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise ValueError("must begin with https:// (http:// is for loopback addresses only)")
        return value

    @field_validator("mail_from")
    @classmethod
    def _bare_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+", value):
            raise ValueError("must be one e-mail address without a name, for example cabinet@operator.example")
        return value

    @field_validator("base_url")
    @classmethod
    def _origin(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
            raise ValueError("must be the address people type, for example https://my.operator.example")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise ValueError("must begin with https:// (http:// is for loopback addresses only)")
        return value.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        parts = [part.strip() for part in value.split(",") if part.strip()]
        for part in parts:
            try:
                ipaddress.ip_network(part, strict=False)
            except ValueError:
                raise ValueError(f"has {part!r}, which is no address and no network such as 10.0.0.0/8") from None
        return ",".join(parts)

    @property
    def migration_url(self) -> str:
        """Where migrations and a restore go: the same database, where need be as another role."""
        return (self.migration_database_url or self.database_url).get_secret_value()

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be reached from this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _parted(value: SecretStr, wrong: str) -> SplitResult:
    """The address in its parts; what is no address, or has no number for a port, is ``wrong``."""
    try:
        parts = urlsplit(value.get_secret_value())
        _ = parts.port
    except ValueError:
        raise ValueError(wrong) from None
    return parts


def load_settings() -> Settings:
    """Reads the environment. Raises SettingsError that names every fault by its variable."""
    try:
        settings = Settings()  # type: ignore[call-arg]  # the environment fills it
    except ValidationError as error:
        raise SettingsError([_fault(each["loc"], each["type"], each["msg"]) for each in error.errors()]) from None
    if settings.demo and not is_loopback(settings.host):
        raise SettingsError([f"{PREFIX}DEMO: the demo runs on a loopback address only, not on {settings.host}"])
    return settings


def _fault(place: tuple[int | str, ...], kind: str, message: str) -> str:
    name = PREFIX + str(place[0]).upper() if place else "settings"
    if kind == "missing":
        return f"{name} is not set"
    return f"{name} {message.removeprefix('Value error, ')}"
