"""What versions of thresholds and of assumptions are called: English in records, said in the reader's language."""

from typing import Final

from app.sentences import recalled, say

CLIENTS: Final = say("client gates {number}")
NAMES: Final = (CLIENTS, say("gates {number}"), say("planning shares {number}"), say("legal caps {number}"))


def version_of_client(number: int) -> str:
    """The name of a client's own version, as records hold it."""
    return str(CLIENTS.filled({"number": number}))


def named(version: str) -> str:
    """A version in the reader's language; as it is where it has a name of its own."""
    return recalled(version, NAMES)
