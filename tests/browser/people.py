"""Who tells the stories: each signs in by what is printed for them."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.demo import cast


@dataclass(frozen=True, slots=True)
class Person:
    login: str
    operator: str = "telecom"


AIGERIM = Person("4445")  # owner of 4445 and 4446
IN_DEBT = Person("4485")
CLOSED = Person("4505")
MARKUP = Person("4545")  # its customer's name is a formula with markup
GULNAR = Person(cast.GULNAR.email)
IRINA = Person(cast.IRINA.email)  # contract 4445/10 only, and no balance
TIMUR = Person(cast.TIMUR.email)  # documents of 2025 only
VIKTOR = Person(cast.VIKTOR.email)
SAULE = Person(cast.SAULE.email)  # no rights at all
