"""Answers as fixed-width codes, one printable byte an item (DESIGN.md 5)."""

from collections.abc import Mapping
from typing import Final

from surveys.arrange import Layout
from surveys.model import Instrument, Item

DK: Final = b"K"
NX: Final = b"X"
SKIP: Final = b"S"
NOT_ASKED: Final = b"-"

_BYTES: Final[Mapping[str, bytes]] = {
    **{str(value): str(value).encode() for value in range(1, 10)},
    "dk": DK,
    "nx": NX,
    "skip": SKIP,
    "not_asked": NOT_ASKED,
}
CODES: Final = b"".join(_BYTES.values())
"""All bytes that a sheet may hold."""
_WORDS: Final[Mapping[int, str]] = {byte[0]: word for word, byte in _BYTES.items()}
# A person may leave out any item, and a sheet may say that an item was not put to them; neither is an answer.
_ALWAYS: Final = frozenset({"skip", "not_asked"})


class AnswerError(ValueError):
    """An answer that the questionnaire does not have.

    The message names the item and never the answer, because a message may end in a log.
    """


def allowed(instrument: Instrument, item: Item) -> frozenset[str]:
    """What a form may send for the item: "1".."P", "dk", "nx". To skip is to send nothing."""
    return instrument.answers_to(item)


def encode(layout: Layout, answers: Mapping[str, str]) -> bytes:
    """One byte for each column of the layout: b"1".."9", `DK`, `NX`, `SKIP`, `NOT_ASKED`.

    `answers` maps item ids to "1".."9", "dk", "nx", "skip" or "not_asked"; an item that is missing is skipped.
    AnswerError names an item that the layout lacks, or whose answer it does not offer.
    """
    unknown = sorted(answers.keys() - set(layout.item_ids))
    if unknown:
        raise AnswerError(f"item {unknown[0]} is not asked here")
    permitted = layout.answers or (_BYTES.keys(),) * len(layout.item_ids)
    sheet = bytearray()
    for item_id, offered in zip(layout.item_ids, permitted, strict=True):
        word = answers.get(item_id, "skip")
        if word not in offered and word not in _ALWAYS:
            raise AnswerError(f"item {item_id}: this is not one of its answers")
        sheet += _BYTES[word]
    return bytes(sheet)


def decode(layout: Layout, codes: bytes) -> dict[str, str]:
    """The words of a sheet by item id, "skip" and "not_asked" included; `encode` turns them into the same bytes again.

    AnswerError when the sheet does not fit the layout or has a byte that is no code.
    """
    if len(codes) != len(layout.item_ids):
        raise AnswerError(f"the sheet has {len(codes)} codes, its layout has {len(layout.item_ids)} items")
    decoded: dict[str, str] = {}
    for item_id, code in zip(layout.item_ids, codes, strict=True):
        if code not in _WORDS:
            raise AnswerError(f"item {item_id}: a byte is no code")
        decoded[item_id] = _WORDS[code]
    return decoded
