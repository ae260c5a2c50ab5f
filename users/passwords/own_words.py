"""What others know of a person: no password is made of it."""

from __future__ import annotations

from dataclasses import dataclass

from components.data.database import rows

_SQL = """
SELECT u.email, u.letters_email, u.first_name, u.last_name, u.phone,
  m.first_name AS called_first, m.last_name AS called_last, a.number AS account, p.name AS customer
FROM person u
LEFT JOIN membership m ON m.user_id = u.id
LEFT JOIN account a ON a.id = m.account_id
LEFT JOIN customer p ON p.id = a.customer_id
WHERE u.id = :user_id
"""


@dataclass(frozen=True, slots=True)
class _Known:
    email: str
    letters_email: str | None
    first_name: str
    last_name: str
    phone: str | None
    called_first: str | None
    called_last: str | None
    account: str | None
    customer: str | None


async def own_words(user_id: int) -> tuple[str, ...]:
    """E-mails, names and phone of this person; numbers and customers of their accounts."""
    found = await rows(_Known, _SQL, user_id=user_id)
    words = {getattr(each, name) for each in found for name in _Known.__slots__}
    return tuple(sorted(word for word in words if word))
