"""A decision on a comment as a person sends it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ruling:
    """What is to become of a comment: `decision` is publish, themes or withhold.

    `text` is None where the words were not sent; `seen` is when the decision that the reviewer had before them was
    made, empty for none.
    """

    decision: str
    text: str | None
    theme: str
    seen: str
