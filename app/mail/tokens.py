"""Marks that follow from the key outside the database: who may stop mails, which mail bounced, who asked for a link."""

import hmac
import re
from typing import Final
from uuid import UUID

MARK_LENGTH: Final = 32  # hexadecimal digits: 128 bits
_STOP = re.compile(r"([0-9a-f]{32})([0-9a-f]{32})")
# Those without a turn were sent before mails had one: they can still come back.
_MESSAGE = re.compile(r"<([a-z]+)\.(\d)\.([0-9a-f]{32})\.(?:([0-9a-f]{32})\.)?([0-9a-f]{32})@[^<>\s]+>")


def stop_token(link_key: bytes, person_id: UUID) -> str:
    """What the address to stop mails ends with. It opens nothing: mail providers fetch such addresses themselves."""
    return f"{person_id.hex}{_mark(link_key, f'stop|{person_id}')}"


def stopping(link_key: bytes, token: str) -> UUID | None:
    """The person whose mails a token stops; None for one that we did not make."""
    found = _STOP.fullmatch(token.strip().lower())
    if found is None:
        return None
    person_id = UUID(found[1])
    return person_id if hmac.compare_digest(found[2], _mark(link_key, f"stop|{person_id}")) else None


def message_id(link_key: bytes, *, person_id: UUID, kind: str, number: int, turn: UUID, domain: str) -> str:
    """The one Message-ID of a mail: the same in each attempt, stored nowhere.

    `turn` is the row by which somebody waits for this mail. Who asks for their link once more, or comes back onto the
    list, has another turn: mail programs show one Message-ID once, and that would hide the link that works.
    """
    mark = _mark(link_key, f"mail|{person_id}|{kind}|{number}|{turn}")
    return f"<{kind}.{number}.{person_id.hex}.{turn.hex}.{mark}@{domain}>"


def of_message(link_key: bytes, text: str) -> tuple[UUID, str] | None:
    """The person and the kind of the first of our Message-IDs in a text; None where there is none."""
    for kind, number, person, turn, mark in _MESSAGE.findall(text):
        person_id = UUID(person)
        told = f"mail|{person_id}|{kind}|{int(number)}" + (f"|{UUID(turn)}" if turn else "")
        if hmac.compare_digest(mark, _mark(link_key, told)):
            return person_id, str(kind)
    return None


def request_mark(link_key: bytes, mail: str) -> str:
    """What is kept of an address for an hour, so that its letter box cannot be filled."""
    return _mark(link_key, f"request|{mail}")


def _mark(link_key: bytes, told: str) -> str:
    return hmac.digest(link_key, told.encode(), "sha256").hex()[:MARK_LENGTH]
