"""Invitations: a link in a letter that lasts seven days, works once, and belongs to one e-mail.

Whether the e-mail has a login already is known to nobody but who reads its letters: adding does the same work, says
the same and takes as long either way. A new person's password (its hash) waits in the link; who has a login keeps
their own, and what was chosen or generated for them is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.requests import Request

from components.data import clock, throttle
from components.data.database import execute, row, transaction
from components.messages.outbox import house_of
from components.web.language import N_
from components.web.pages import language
from users.hierarchy.acting import acting, below
from users.hierarchy.mail import Invitation, invite_known, invite_new
from users.hierarchy.refusing import NotThere, Refused
from users.hierarchy.tree import Member
from users.journal.writing import note
from users.links import links
from users.links.models import Link
from users.passwords.generating import generate
from users.passwords.policy import check
from users.permissions.viewer import Viewer
from users.sessions.passwords import hash_password

LASTS = timedelta(days=7)
AGAIN = throttle.Limit("invitation:again", tries=5, seconds=3600)
TOO_OFTEN = N_("This invitation was sent several times within an hour. Please wait a little.")


@dataclass(frozen=True, slots=True)
class Secret:
    """A new person's first password. ``told`` is the generated one, for the letter; None: the creator passes it on."""

    hash: str
    told: str | None

    @property
    def data(self) -> dict[str, Any]:
        return {"password_hash": self.hash, "temporary": self.told is not None}


@dataclass(frozen=True, slots=True)
class _Login:
    n: int
    language: str | None
    address: str | None


async def secret(
    request: Request, viewer: Viewer, password: str | None = None, own_words: tuple[str, ...] = ()
) -> Secret:
    """The chosen password if the operator's rules take it (else Refused), or a new one; hashed either way."""
    operator = request.app.state.operator
    if password is None:
        made = generate(operator.password)
        return Secret(await hash_password(made), made)
    fault = check(password, operator=operator, own_words=[*own_words, viewer.account, viewer.customer])
    if fault:
        raise Refused("password", str(fault), **getattr(fault, "values", {}))
    return Secret(await hash_password(password), None)


async def invite(request: Request, viewer: Viewer, one: Member, given: Secret) -> None:
    """Issues the link and writes the letter, in the caller's transaction; a link from before is dead."""
    login = await row(
        _Login,
        "SELECT count(*) AS n, max(language) AS language, max(COALESCE(letters_email, email)) AS address "
        "FROM person WHERE email = :email",
        email=one.email,
    )
    known = login is not None and login.n > 0
    kept = {} if known else given.data
    await cancel([one.id])
    until = clock.now() + LASTS
    token = await links.issue(
        "invitation", one.email, LASTS, membership_id=one.id, data={"inviter": viewer.user_id, **kept}
    )
    letter = Invitation(
        membership_id=one.id,
        token=token,
        to=(login.address if login and known else None) or one.email,
        language=(login.language if login and known else None) or language(request).code,
        inviter=viewer.name,
        customer=viewer.customer,
        account=viewer.account,
        until=until,
    )
    if known:
        await invite_known(house_of(request), letter)
    else:
        await invite_new(house_of(request), letter, given.told)


async def cancel(ids: Iterable[int]) -> None:
    """Live invitations of these members die; a letter that has not left yet does not leave any more."""
    listed = ", ".join(str(each) for each in ids)
    if not listed:
        return
    live = f"purpose = 'invitation' AND used_at IS NULL AND membership_id IN ({listed})"
    await execute(
        "UPDATE message SET expires_at = :now WHERE state = 'waiting' AND key IN (SELECT 'invitation:' || "
        f"CAST(membership_id AS TEXT) || ':' || SUBSTR(token_hash, 1, 16) FROM link WHERE {live})",
        now=clock.now(),
    )
    await execute(f"DELETE FROM link WHERE {live}")


async def send_again(request: Request, viewer: Viewer, membership_id: int) -> Member:
    """Another letter to somebody who has not accepted yet; the link before is dead. Too often: Refused."""
    made = await secret(request, viewer)
    async with transaction():
        actor = await acting(request, viewer)
        one = await below(actor, membership_id)
        if one.user_id is not None:
            raise NotThere
        await renew(request, viewer, one, made)
        await note(request, "invitation.sent_again", viewer=viewer, target=one.email)
    return one


async def renew(request: Request, viewer: Viewer, one: Member, made: Secret) -> None:
    """Invites somebody once more: the password once chosen for them counts on, a generated one is replaced."""
    limit = (AGAIN, str(one.id))
    if await throttle.wait(limit):
        raise Refused("", TOO_OFTEN)
    await throttle.count(limit)
    before = await Link.filter(purpose="invitation", membership_id=one.id, used_at=None).first()
    data = (before.data if before else None) or {}
    if data.get("password_hash") and not data.get("temporary"):
        made = Secret(data["password_hash"], None)
    await invite(request, viewer, one, made)
