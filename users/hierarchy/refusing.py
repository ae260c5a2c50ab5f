"""The two ways in which the tree says no."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.exceptions import HTTPException

from components.web.language import Language


class Refused(ValueError):
    """What was typed can't be: 422 with ``text`` beside ``field`` (empty: beside the form). Nothing was changed.

    ``text`` is a text of the catalogues; ``values`` fill its places: days, numbers, names.
    """

    def __init__(self, field: str, text: str, **values: Any) -> None:
        self.field, self.text, self.values = field, text, values
        super().__init__(text % values if values else text)

    def said(self, say: Language) -> str:
        """As the reader reads it."""
        if not self.values:
            return say.gettext(self.text)
        return say.sentence(say.gettext(self.text) % {name: _shown(value, say) for name, value in self.values.items()})


class NotThere(HTTPException, LookupError):
    """There is no such thing for who asks: unknown, another account's, beside or above them. The same 404 for all."""

    def __init__(self) -> None:
        HTTPException.__init__(self, 404)


def _shown(value: Any, say: Language) -> Any:
    if isinstance(value, date):
        return say.day(value)
    return say.integer(value) if isinstance(value, int) else value
