"""Links to evidence that lies elsewhere. Pure."""

from typing import Final
from urllib.parse import urlsplit

from app.sentences import Sentence, say

LONGEST: Final = 500
WHOLE_ADDRESS: Final[Sentence] = say(
    "Give a whole address that begins with https:// or http://, in at most 500 characters."
)


def is_link(text: str) -> bool:
    """Whether a text is a whole address of the web."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.hostname) and len(text) <= LONGEST and " " not in text
