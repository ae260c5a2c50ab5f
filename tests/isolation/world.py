"""Two accounts whose every string says whose it is, and people whose every string says of which branch they are.

A canary is a pair of made-up words, one in Latin letters and one in Cyrillic; every text of an account or a person has
both where it can hold both. Who finds one where it has no place has found a leak.

The first account's tree (``*`` may manage users; whoever has the journal's permission is marked ``j``)::

    owner*j
    ├─ above*j ─┬─ lead*j ─┬─ below* ── grandchild
    │           │          └─ waiting (has not accepted)
    │           └─ beside*j ─┬─ cousin
    │                        └─ cousin_waiting
    ├─ elsewhere*j ── stranger
    ├─ manager j, finance, technician, viewer, nobody, suspended
    ├─ narrow*j (one contract) ── narrowed (both contracts)
    └─ both*j (a member of the other account too, there by the same name *j)
"""

from __future__ import annotations

import html
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

from components.data import clock
from components.data.database import database, transaction
from dashboard.schema import config
from tests.support.databases import Databases
from tests.support.exports import Export, bring
from tests.support.papers import Paper
from tests.users.journal.rows import seal_all
from users.hierarchy.models import Membership, OwnershipOffer, Removal, User
from users.hierarchy.placing import enter
from users.hierarchy.tree import Member, member
from users.journal.models import JournalRow
from users.links import links
from users.parties.models import Account, Contract
from users.permissions.permission import ALL, Permission
from users.permissions.rights import Rights
from users.permissions.roles import ROLES
from users.sessions.models import Session
from users.sessions.passwords import hash_now
from users.sessions.tokens import hashed, new_token

P = Permission
PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Canary:
    latin: str
    cyrillic: str

    @property
    def text(self) -> str:
        return f"{self.latin} {self.cyrillic}"

    @property
    def words(self) -> tuple[str, str]:
        return self.latin.lower(), self.cyrillic.lower()


ONE, TWO = Canary("Kestrelo", "Пустельгин"), Canary("Wombatski", "Вомбатьев")
# Each person of the first account: the word of the branch they belong to, and one of their own.
OWNER = Canary("Cedarwen", "Кедрович")
ABOVE = Canary("Marigolda", "Ноготкова")
LEAD = Canary("Cloverly", "Клеверов")
BESIDE = Canary("Thistlebee", "Чертополохов")
ELSEWHERE = Canary("Bramblette", "Ежевикина")
ROLE = Canary("Quincefort", "Айвазов")
NARROW = Canary("Sorrelton", "Щавелева")
BOTH = Canary("Hazelmere", "Орешникова")  # the same person on both accounts

# What whoever is a member of both accounts may know of the other one: its number and its customer's name.
NAMED_ONE, NAMED_TWO = Canary("Ospreyton", "Скопинский"), Canary("Numbatski", "Намбатов")
# What a contract out of somebody's reach says of itself.
FAR = Canary("Lupinfar", "Люпинов")


@dataclass(frozen=True, slots=True)
class Place:
    """``under`` a name; ``rights`` None: an owner."""

    name: str
    canary: Canary
    rights: Rights | None
    under: str = ""
    accepted: bool = True


MANAGER = ROLES["manager"]
PLACES = (
    Place("owner", OWNER, None),
    Place("above", ABOVE, Rights(permissions=ALL)),
    Place("lead", LEAD, Rights(permissions=ALL), "above"),
    Place("below", LEAD, Rights(permissions=ROLES["viewer"] | {P.USERS_MANAGE}), "lead"),
    Place("grandchild", LEAD, Rights(permissions=ROLES["viewer"]), "below"),
    Place("waiting", LEAD, Rights(permissions=ROLES["viewer"]), "lead", accepted=False),
    Place("beside", BESIDE, Rights(permissions=ALL), "above"),
    Place("cousin", BESIDE, Rights(permissions=ROLES["finance"]), "beside"),
    Place("cousin_waiting", BESIDE, Rights(permissions=ROLES["finance"]), "beside", accepted=False),
    Place("elsewhere", ELSEWHERE, Rights(permissions=ALL)),
    Place("stranger", ELSEWHERE, Rights(permissions=ROLES["viewer"]), "elsewhere"),
    Place("manager", ROLE, Rights(permissions=MANAGER)),
    Place("finance", ROLE, Rights(permissions=ROLES["finance"])),
    Place("technician", ROLE, Rights(permissions=ROLES["technician"])),
    Place("viewer", ROLE, Rights(permissions=ROLES["viewer"])),
    Place("nobody", ROLE, Rights()),
    Place("suspended", ROLE, Rights(permissions=ALL, suspended=True)),
    # One contract, set below. Without the balance: who sees that sees the whole ledger, whatever their reach.
    Place("narrow", NARROW, Rights(permissions=ALL - {P.BALANCE_VIEW})),
    Place("narrowed", NARROW, Rights(permissions=ROLES["viewer"]), "narrow"),
    Place("both", BOTH, Rights(permissions=ALL)),
)
BELOW: Mapping[str, frozenset[str]] = {
    "above": frozenset({"lead", "below", "grandchild", "waiting", "beside", "cousin", "cousin_waiting"}),
    "lead": frozenset({"below", "grandchild", "waiting"}),
    "below": frozenset({"grandchild"}),
    "beside": frozenset({"cousin", "cousin_waiting"}),
    "elsewhere": frozenset({"stranger"}),
    "narrow": frozenset({"narrowed"}),
}


def email(name: str, account: Canary = ONE) -> str:
    """Every e-mail says its account's canary and its branch's."""
    if name == "both":
        return f"both.{BOTH.latin}@people.example".lower()
    branch = next((each.canary.latin for each in PLACES if each.name == name), "x") if account is ONE else "x"
    return f"{name.replace('_', '-')}.{branch}@{account.latin}.example".lower()


# What the billing system says


def _marked(export: Export) -> Export:
    """The small export of two customers, every text with its account's canary."""
    for number, canary, named in (("1", ONE, NAMED_ONE), ("2", TWO, NAMED_TWO)):
        own = {"A": f"A{number}", "S": ("S1",) if number == "1" else ("S2", "S3")}
        customer = export.rows["customers"][int(number) - 1]
        customer |= {
            "name": f"ТОО «{named.text}»" if number == "1" else named.text,
            "email": f"billing@{canary.latin}.example",
            "city": f"City {canary.text}",
            "street": f"Street {canary.text}",
            "house": f"{canary.latin} {number}",
            "document_number": f"DOC-{canary.latin}",
        }
        for each in export.rows["contracts"]:
            if each["account_number"] == own["A"]:
                each |= {"product": f"Product {canary.text}", "subject": f"Subject {canary.text}"}
        for each in export.rows["services"]:
            if each["service_id"] in own["S"]:
                each |= {
                    "name": f"Service {canary.text}",
                    "tariff": f"Tariff {canary.text}",
                    "address": f"Address {canary.text}",
                }
        for each in export.rows["payments"]:
            if each["account_number"] == own["A"]:
                each |= {"payer": f"Payer {canary.text}", "reference": f"Reference {canary.text}"}
    export.set("services", "S2", depends_on="")
    for each in export.rows["invoice_lines"]:
        canary = TWO if each["invoice_number"] == "I2" else ONE
        each["description"] = f"Line {canary.text}"
    return export


def _far(export: Export) -> Export:
    """A second contract of the first account, with a service and an invoice: beyond the narrow one's reach."""
    words = {"product": f"Product {FAR.text}", "subject": f"Subject {FAR.text}"}
    export.add("contracts", "A1/10", contract_number=f"A1/{FAR.latin}", **words)
    texts = {name: f"{name} {FAR.text}" for name in ("name", "tariff", "address")}
    export.add("services", "S1", service_id=f"S{FAR.latin}", contract_number=f"A1/{FAR.latin}", **texts)
    export.add("invoices", "I1", invoice_number=f"I{FAR.latin}", contract_number=f"A1/{FAR.latin}")
    export.add(
        "invoice_lines",
        "I1 1",
        invoice_number=f"I{FAR.latin}",
        service_id=f"S{FAR.latin}",
        description=f"Line {FAR.text}",
    )
    return export


def _renamed(export: Export) -> Export:
    """Numbers are texts too: each has its account's word."""
    columns = {
        "customer_id",
        "account_number",
        "contract_number",
        "service_id",
        "invoice_number",
        "payment_id",
        "corrects",
        "depends_on",
    }
    for _file, rows in export.rows.items():
        for row in rows:
            second = bool(_SECOND & set(" ".join(value for value in row.values() if value).split()))
            whose, named = (TWO, NAMED_TWO) if second else (ONE, NAMED_ONE)
            for name in columns & set(row):
                if row[name]:
                    row[name] = f"{named.latin if name == 'account_number' else whose.latin}-{row[name]}"
    return export


_SECOND = frozenset({"C2", "A2", "A2/10", "S2", "S3", "I2", "P2"})  # keys of the second account's rows


# The ids of each kind, own and the other account's


@dataclass(frozen=True, slots=True)
class World:
    """Ids by kind and account. ``members`` by name; the other account's are ``owner2``, ``other2``, ``both2``."""

    members: dict[str, int]
    ids: dict[str, dict[str, list[str]]]


_KNOWN: dict[tuple[str, str], World] = {}


def prepared(databases: Databases) -> tuple[str, World]:
    """A database of the test's own with the two accounts, and what stands in it."""
    url = databases.prepared("isolation", "empty", lambda made: _build(made, (databases.dialect, databases.place)))
    return url, _KNOWN[databases.dialect, databases.place]


async def _build(url: str, key: tuple[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        await bring(_renamed(_far(_marked(Export()))).write(Path(folder)), url)
    async with database(config(url)):
        _KNOWN[key] = await _people(hash_now(PASSWORD))


async def _people(password_hash: str) -> World:
    one = await Account.get(number=f"{NAMED_ONE.latin}-A1")
    two = await Account.get(number=f"{NAMED_TWO.latin}-A2")
    near = await Contract.get(number=f"{ONE.latin}-A1/10")
    seats: dict[str, Member] = {}
    # Those who look at nothing: their links and sign-ins stand for everybody's.
    async with transaction():
        for place in PLACES:
            rights = place.rights or Rights(permissions=ALL)
            if place.name == "narrow":
                rights = (
                    Rights(permissions=place.rights.permissions, contracts=frozenset({near.id}))
                    if place.rights
                    else rights
                )
            seats[place.name] = await _seat(one, place.name, place.canary, rights, seats, place, password_hash)
        own2 = Place("owner2", TWO, None)
        seats["owner2"] = await _seat(two, "owner2", TWO, Rights(), seats, own2, password_hash, TWO)
        quiet = Place("quiet2", TWO, Rights(permissions=ALL))
        seats["quiet2"] = await _seat(two, "quiet2", TWO, Rights(permissions=ALL), seats, quiet, password_hash, TWO)
        waits = Place("other_waiting", TWO, Rights(), accepted=False)
        other = Place("other2", TWO, Rights(permissions=ALL))
        seats["other2"] = await _seat(two, "other2", TWO, Rights(permissions=ALL), seats, other, password_hash, TWO)
        seats["waiting2"] = await _seat(two, "waiting2", TWO, Rights(), seats, waits, password_hash, TWO)
        both = Place("both2", BOTH, Rights(permissions=ALL))
        seats["both2"] = await _seat(two, "both", BOTH, Rights(permissions=ALL), seats, both, password_hash, TWO)
        for name, seat in seats.items():
            await _told(name, seat)
        ids = await _things(one, two, seats)
    await seal_all()
    return World({name: seat.id for name, seat in seats.items()}, ids)


async def _seat(
    account: Account,
    name: str,
    canary: Canary,
    rights: Rights,
    seats: Mapping[str, Member],
    place: Place,
    password_hash: str,
    whose: Canary = ONE,
) -> Member:
    address = email(name, whose)
    names = (f"{canary.latin} {name}", f"{canary.cyrillic} {whose.text}")
    user = None
    if place.accepted:
        user, _ = await User.get_or_create(
            email=address,
            defaults={
                "password_hash": password_hash,
                "first_name": names[0],
                "last_name": canary.cyrillic if name == "both" else names[1],
                "phone": "+77010001122",
                "created_at": clock.now(),
            },
        )
    parent = seats.get(place.under)
    by = parent or seats.get("owner" if whose is ONE else "owner2")
    return await enter(
        account.id,
        address,
        rights,
        user_id=user.id if user else None,
        parent=parent,
        owner=place.rights is None,
        names=names,
        position=f"Position {canary.text} {whose.text}",
        added_by_id=by.user_id if by else None,
    )


async def _told(name: str, seat: Member) -> None:
    """What each did, and what was done to each, stands in the journal; the acts name people and contracts."""
    account = await Account.get(id=seat.account_id)
    words = f"{seat.first_name} {seat.last_name}"
    common = {"at": clock.now(), "account_id": account.id, "address": "192.0.2.9"}
    if seat.user_id:
        await JournalRow.create(
            **common,
            user_id=seat.user_id,
            actor=seat.email,
            act="profile.changed",
            target=seat.email,
            before={"first_name": words},
            after={"first_name": f"was {words}", "position": seat.position},
        )
    top = await member(seat.parent_id) if seat.parent_id else None
    giver = top or await member((await Membership.get(account_id=account.id, owner=True)).id)
    assert giver
    facts = {"email": seat.email, "first_name": seat.first_name, "last_name": seat.last_name, "position": seat.position}
    contracts = [each.number for each in await Contract.filter(account_id=account.id)]
    for act, before, after in (
        ("user.added", None, {**facts, "contracts": contracts}),
        ("user.moved", {"under": giver.email}, {"under": giver.email}),
    ):
        await JournalRow.create(
            **common, user_id=giver.user_id, actor=giver.email, act=act, target=seat.email, before=before, after=after
        )


async def _things(one: Account, two: Account, seats: Mapping[str, Member]) -> dict[str, dict[str, list[str]]]:
    """Removals, offers, links and sign-ins of both accounts, and the numbers of what was imported."""
    now = clock.now()
    ids: dict[str, dict[str, list[str]]] = {}
    for account, whose, owner, other, quiet, waits in (
        (one, "own", seats["owner"], seats["manager"], seats["stranger"], seats["cousin_waiting"]),
        (two, "other", seats["owner2"], seats["other2"], seats["quiet2"], seats["waiting2"]),
    ):
        removal = await Removal.create(
            account_id=account.id, removed_by_id=owner.user_id, name=f"{quiet.name} gone", way="branch",
            rows=[{"id": 10**9, "email": f"gone.{quiet.email}", "parent_id": None, "line": "9.", "user_id": None}],
            rights=[], removed_at=now, until=now + timedelta(days=3650),
        )  # fmt: skip
        offer = await OwnershipOffer.create(
            account_id=account.id, giver_id=owner.id, receiver_id=other.id, kind="second", created_at=now,
            expires_at=now + timedelta(days=3650),
        )  # fmt: skip
        session = await Session.create(
            token_hash=hashed(new_token()), user_id=quiet.user_id, membership_id=quiet.id, created_at=now, seen_at=now,
            expires_at=now + timedelta(days=3650), remember=True, address=quiet.first_name,
        )  # fmt: skip
        lasts = timedelta(days=3650)
        invitation = await links.issue("invitation", waits.email, lasts, membership_id=waits.id, data={"inviter": 1})
        letters = await links.issue("letters", f"letters.{quiet.email}", lasts, user_id=quiet.user_id)
        reset = await links.issue("password", quiet.email, lasts, user_id=quiet.user_id)
        found = {
            "removal": removal.id, "offer": offer.id, "sign_in": session.id, "invitation": invitation,
            "letters": letters, "reset": reset,
        }  # fmt: skip
        for kind, id in found.items():
            ids.setdefault(kind, {})[whose] = [str(id)]
    for kind, own, other_ in (
        ("contract", ["A1/10", f"A1/{FAR.latin}"], ["A2/10"]),
        ("service", ["S1", f"S{FAR.latin}"], ["S2"]),
        ("invoice", ["I1", f"I{FAR.latin}"], ["I2"]),
    ):
        ids[kind] = {
            "own": [f"{ONE.latin}-{each}" for each in own],
            "other": [f"{TWO.latin}-{each}" for each in other_],
        }
    return ids


# Looking for a canary


_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def plain(text: str) -> str:
    """The text as a person, a script or a spreadsheet would read it: every way of writing letters undone."""
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return html.unescape(unquote(unquote(html.unescape(text)))).replace("\u00ad", "").replace("<wbr>", "").lower()


def said(body: bytes, kind: str) -> str:
    """All that a body says: of a PDF its words too."""
    text = plain(body.decode("utf-8", "replace"))
    if kind.startswith("application/pdf"):
        words = Paper(body).text.lower()
        return f"{text} {words} {words.replace(' ', '')}"
    return text


def found_in(text: str, canaries: tuple[Canary, ...], without: tuple[str, ...] = ()) -> list[str]:
    """The words of these canaries that the text has; ``without``: what the asker had typed themself."""
    for each in sorted(without, key=len, reverse=True):
        text = text.replace(plain(each), "")
    return [word for canary in canaries for word in canary.words if word in text]
