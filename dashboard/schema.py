"""The one list of table modules and the one app label; migrations live in ``dashboard.migrations``."""

from typing import Any

from components.data.database import database_config

APP = "kabinet"
MODELS = (
    "components.data.models",
    "components.jobs.models",
    "components.messages.models",
    "users.parties.models",
    "users.hierarchy.models",
    "users.links.models",
    "users.sessions.models",
    "users.journal.models",
    "billing.ledger.models",
    "billing.invoices.models",
    "billing.payments.models",
    "billing.allocation.models",
    "dashboard.services.models",
    "dashboard.products.models",
    "dashboard.imports.models",
)
MIGRATIONS = "dashboard.migrations"


def config(url: str) -> dict[str, Any]:
    """The database configuration of this application for a URL."""
    return database_config(url, APP, MODELS, MIGRATIONS)


# For ``make migrations`` only: comparing models with migrations needs a configuration, and no data.
TORTOISE = config("sqlite://:memory:")
