"""Many people on the account that is measured, made inside the database by SQL over whole sets.

Person 1 is a manager under the root, 2 to 20 hang one under another below them. Of all others every second one belongs
to the manager, the rest to the root, sixty under each: levels as long as a page, with large branches under them. Lines
and standings are what ``users.hierarchy`` makes of such a tree (the doctor finds nothing).
"""

from __future__ import annotations

from components.data.bulk import Bulk
from tests.bench.cabinets import ACCOUNT
from tests.bench.crowd import FIRST, numbers
from users.permissions.permission import ALL, stored
from users.permissions.roles import VIEWER

MANAGER, DEEPEST = 1, 20  # by their number, and so by their depth
FAMILY = 60
RARE = "Rarissima"  # one person's position
SURNAMES = ("Akhmetov", "Bekova", "Chen", "Dubois", "Eriksen", "Fedorova", "García", "Horváth", "Ivanova", "Jumabayev",
            "Kovács", "Lindqvist", "Müller", "Nurlanov", "Omarova", "Petrov", "Quispe", "Rakhimova", "Sokolova",
            "Tanaka")  # fmt: skip
NAMES = ("Aigerim", "Bolat", "Clara", "Dana", "Emil", "Farida", "Gulnar", "Hanna", "Ilya", "Jana", "Kamila", "Leon",
         "Madina", "Nurlan", "Olga", "Pavel", "Ruslan", "Saule", "Timur", "Viktor")  # fmt: skip
POSITIONS = ("Accountant", "Technician", "Shift engineer", "Warehouse", "Sales", "Assistant", "Office manager", "")


def id_of(number: int) -> int:
    return FIRST + number


async def people(bulk: Bulk, size: int) -> None:
    """``size`` members of the account besides its owner."""
    await numbers(bulk, size)
    account = await bulk.number("SELECT id FROM account WHERE number = :number", number=ACCOUNT)
    moment = "'2026-11-16 00:00:00+00:00'"
    k = f"((c.n - {DEEPEST} + 1) / 2)"  # who one is within one's half
    side = f"((c.n - {DEEPEST}) % 2)"  # 1: under the root, 0: under the manager
    await bulk.execute(
        "CREATE TEMP TABLE staff AS SELECT c.id, c.n, CASE "
        f"WHEN c.n = {MANAGER} THEN NULL WHEN c.n <= {DEEPEST} THEN c.id - 1 "
        f"WHEN {k} <= {FAMILY} THEN CASE WHEN {side} = 1 THEN NULL ELSE {id_of(MANAGER)} END "
        f"ELSE {id_of(DEEPEST)} + 2 * (({k} - 1) / {FAMILY}) - {side} END AS parent_id, "
        f"CASE WHEN c.n <= {DEEPEST} THEN '{stored(ALL)}' ELSE '{stored(VIEWER)}' END AS permissions FROM crowd c"
    )
    await bulk.execute("CREATE INDEX staff_parent ON staff (parent_id)")
    await bulk.analyze("staff")
    email = "'p' || CAST(s.n AS TEXT) || '@staff.example'"
    name = _word("s.n / 2", NAMES)
    surname = f"{_word('s.n * 7', SURNAMES)} || '-' || CAST(s.n * 31 % 97 AS TEXT)"
    position = f"CASE WHEN s.n = {min(size, DEEPEST + 2)} THEN '{RARE}' ELSE {_word('s.n / 3', POSITIONS)} END"
    words = f"LOWER({surname} || ' ' || {name} || ' ' || {email} || ' ' || {position})"
    for sql in (
        "INSERT INTO person (id, email, first_name, last_name, active, created_at) "
        f"SELECT s.id, {email}, {name}, {surname}, 1 = 1, {moment} FROM staff s ORDER BY s.id",
        "INSERT INTO membership (id, user_id, account_id, parent_id, line, email, first_name, last_name, position,"
        " words, permissions, created_at) WITH RECURSIVE down AS ("
        "SELECT id, CAST(id AS TEXT) || '.' AS line FROM staff WHERE parent_id IS NULL UNION ALL "
        "SELECT s.id, d.line || CAST(s.id AS TEXT) || '.' FROM staff s JOIN down d ON s.parent_id = d.id) "
        f"SELECT s.id, s.id, {account}, s.parent_id, d.line, {email}, {name}, {surname}, {position}, {words},"
        f" s.permissions, {moment} FROM staff s JOIN down d ON d.id = s.id ORDER BY s.id",
        "INSERT INTO standing (membership_id, permissions) SELECT s.id, s.permissions FROM staff s ORDER BY s.id",
    ):
        await bulk.execute(sql)


def _word(number: str, words: tuple[str, ...]) -> str:
    cases = " ".join(f"WHEN {place} THEN '{word}'" for place, word in enumerate(words))
    return f"CASE ({number}) % {len(words)} {cases} END"
