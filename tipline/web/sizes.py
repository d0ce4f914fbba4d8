"""Numbers of bytes as people read them."""

from typing import Final

KIBIBYTE: Final = 1024
UNITS: Final = ("KB", "MB")


def size(number: int) -> str:
    """Show a number of bytes in the largest unit that keeps it above 1; a whole number of units shows no fraction."""
    if number < KIBIBYTE:
        return f"{number} B"
    amount = number / KIBIBYTE
    for unit in UNITS:
        if amount < KIBIBYTE:
            return f"{amount:.1f} {unit}".replace(".0 ", " ")
        amount /= KIBIBYTE
    return f"{amount:.1f} GB".replace(".0 ", " ")
