"""What follows a removal once it can't be undone any more."""

from __future__ import annotations

from components.jobs.handlers import register
from components.jobs.queue import enqueue
from components.jobs.work import Work
from users.hierarchy.mail import removed
from users.hierarchy.models import Removal
from users.hierarchy.undoing import forget
from users.parties.models import Account

AT_ONCE = 200  # letters a transaction


@register("removal.over")
async def removal_over(work: Work, *, removal_id: int, by: str, start: int = 0) -> None:
    """Tells those who lost their place, some at a time, and forgets what was kept for the undoing."""
    removal = await Removal.get_or_none(id=removal_id)
    if removal is None:  # undone
        return
    account = await Account.get(id=removal.account_id).select_related("customer")  # type: ignore[attr-defined]
    people = [each["user_id"] for each in removal.rows if each["user_id"] is not None]
    for user_id in people[start : start + AT_ONCE]:
        await removed(work.house, str(removal_id), user_id, by, account.number, account.customer.name)
    if start + AT_ONCE < len(people):
        await enqueue("removal.over", removal_id=removal_id, by=by, start=start + AT_ONCE)
    else:
        await forget(removal_id)
