"""Decisions that were read a moment ago: a record never changes, so what was read once is good for ever."""

from typing import Final

from app.autonomy.decision import Decision, Outline, load, outline
from app.releases.kept import Newest

ROOM: Final = 6_000_000
"""How many bytes of documents are kept as they were read: a record of 500 departments takes 2.7 MB, and a page may
need two."""
OUTLINED: Final = 500
"""Of how many records the outline is kept: about 50 kB for 500 departments."""
_DECISIONS: Final = Newest[Decision](ROOM)
_OUTLINES: Final = Newest[Outline](OUTLINED)


def found_decision(sha256: str) -> Decision | None:
    """The decision whose document has this digest, if it is kept."""
    return _DECISIONS.find(sha256)


def read_decision(sha256: str, document: bytes) -> Decision:
    """The decision of a document with this digest."""
    return _DECISIONS.find(sha256) or _DECISIONS.keep(sha256, load(document), len(document))


def found_outline(sha256: str) -> Outline | None:
    """The outline of the document with this digest, if it is kept."""
    return _OUTLINES.find(sha256)


def read_outline(sha256: str, document: bytes) -> Outline:
    """The outline of a document with this digest."""
    return _OUTLINES.find(sha256) or _OUTLINES.keep(sha256, outline(document))
