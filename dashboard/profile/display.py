"""One's own profile as its template needs it."""

from __future__ import annotations

from dataclasses import dataclass

from components.ui.parts import Fact, Field, Option


@dataclass(frozen=True, slots=True)
class ProfileView:
    first_name: Field
    last_name: Field
    language: tuple[Option, ...]
    theme: tuple[Option, ...]
    facts: tuple[Fact, ...]  # e-mail, account, role
    saved: bool
