"""How a command says no."""

from __future__ import annotations


class Refused(Exception):
    """A command that did not do what it was asked; the text says why and what to do."""
