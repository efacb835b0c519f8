"""Whole numbers as people type them: the one way in which forms, lists and addresses are read."""

from typing import Final

LARGEST_NUMBER: Final = 2**31 - 1
"""What a column of whole numbers holds in both databases."""
MOST_DIGITS: Final = 15


def whole(typed: str, *, most: int = LARGEST_NUMBER) -> int | None:
    """What was typed as a whole number from 0 to `most`, None for anything else.

    Digits of our own script alone, and never so many that reading them takes time.
    """
    is_short = typed.isascii() and typed.isdecimal() and len(typed) <= MOST_DIGITS
    return int(typed) if is_short and int(typed) <= most else None
