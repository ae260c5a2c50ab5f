"""Figures as a page in English writes them."""


def amount(text: str) -> float:
    """ "−1,234.50" as a number."""
    return float(text.replace(",", "").replace("−", "-"))
