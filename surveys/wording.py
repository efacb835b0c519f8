"""What a text that people read may hold: one line of plain words, no markup, no characters that nobody sees."""

import re
from collections.abc import Iterable
from typing import Final

from surveys.sentences import Told, tell

MAX_CHARACTERS: Final = 1000

# A left angle bracket before a letter, and what HTML calls a character reference.
_MARKUP = re.compile(r"<[A-Za-z/!?][^>]{0,30}|&(#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# Control characters but tab and line ends, the space and the joiner of no width, separators of lines, embeddings and
# overrides of direction, the mark of a byte order, halves of pairs, characters for private use, the sign for what could
# not be read, and no characters.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2060\ufeff\ud800-\udfff"
    "\ue000-\uf8ff\ufffd-\uffff\U000e0000-\U0010ffff]"
)
_NAME = re.compile(r"\{([a-z]+)\}")
_MARK = r"['\"‘’‚“”„«»‹›]"
_OPENING = "\u2066\u2067\u2068"
_ISOLATES = re.compile("[\u2066-\u2069]")


def unprintable(text: str) -> re.Match[str] | None:
    """The first character that may stand nowhere in a file of texts; tabs and line ends may."""
    return _UNPRINTABLE.search(text)


def wrong_text(text: str) -> Told | None:
    """What is wrong with a text that people read, None when nothing is."""
    if len(text) > MAX_CHARACTERS:
        return tell("the text has {count} characters; {most} is the most", count=len(text), most=MAX_CHARACTERS)
    if (found := unprintable(text)) is not None:
        return tell("the character U+{code} can't stand in a text", code=f"{ord(found[0]):04X}")
    if re.search(r"[\t\r\n]", text):
        return tell("a text is one line, without tabs")
    if (found := _MARKUP.search(text)) is not None:
        return tell("'{markup}' is markup; a text is plain words", markup=found[0])
    if not _closed(text):
        return tell("the isolates of direction (U+2066 to U+2069) are not closed")
    return None


def names_in(text: str) -> frozenset[str]:
    """The names in braces, for which the service puts something: `{workflow}`."""
    return frozenset(_NAME.findall(text))


def wrong_names(text: str, names: Iterable[str]) -> Told | None:
    """What is wrong with the braces of a text in which only these names may stand in them, None when nothing is."""
    beyond = names_in(text) - set(names)
    if beyond:
        return tell("{name} is nothing that can be put here", name=f"{{{sorted(beyond)[0]}}}")
    return tell("a brace stands alone") if re.search(r"[{}]", _NAME.sub("", text)) else None


def wrong_attention(text: str, label: str) -> Told | None:
    """What is wrong with the item that shows whether people read: it quotes the label of the answer it asks for.

    In quotation marks of any of our languages; None when it does.
    """
    if re.search(rf"{_MARK}\s*{re.escape(label)}\s*{_MARK}", text):
        return None
    return tell("it has to ask for its answer by the label, in quotation marks: '{label}'", label=label)


def short(value: str) -> str:
    """What somebody wrote, short enough for a sentence."""
    plain = _UNPRINTABLE.sub("\ufffd", " ".join(value[:200].split()))
    return plain if len(value) <= 60 else f"{plain[:60]}…"


def _closed(text: str) -> bool:
    depth = 0
    for sign in _ISOLATES.findall(text):
        depth += 1 if sign in _OPENING else -1
        if depth < 0:
            return False
    return depth == 0
