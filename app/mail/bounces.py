"""Reading a delivery status notification (RFC 3464), as mail servers send it when an address turns out not to work."""

from email import message_from_bytes
from email.message import Message
from typing import Final

from sqlmodel import Session

from app.mail import tokens
from app.mail.words import INVITATION
from app.rosters import queries as rosters

LONGEST: Final = 2_000_000  # bytes: such a notification quotes the headers of our mail, or all of it
NOT_OURS: Final = "This message quotes no mail of ours, so nothing was noted."
NOT_FINAL: Final = "The message does not say that the address does not work, so nothing was noted."
NOT_KEPT: Final = "The message is about another mail than an invitation. Nothing is noted of those."
NOTED: Final = "Noted: this address does not work."


def note(session: Session, *, link_key: bytes, content: bytes) -> str:
    """Marks the address of an invitation that came back, and says in one sentence what was done.

    The Message-ID that the notification quotes says whose it was; it can't be made up without the key.
    """
    found = message_from_bytes(content[:LONGEST])
    ours = tokens.of_message(link_key, content[:LONGEST].decode("utf-8", "replace"))
    if ours is None:
        return NOT_OURS
    person_id, kind = ours
    if kind != INVITATION:
        return NOT_KEPT
    person = rosters.person(session, person_id=person_id)
    addresses = _failed(found)
    if person is None or not person.mail or person.mail not in addresses:
        return NOT_FINAL
    rosters.note_bounce(session, organisation_id=person.organisation_id, person_id=person_id)
    return NOTED


def _failed(found: Message) -> set[str]:
    """The addresses that the notification calls undeliverable for good."""
    failed: set[str] = set()
    for part in found.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else ():
            if not isinstance(block, Message) or block.get("Action", "").strip().lower() != "failed":
                continue
            if block.get("Status", "5").strip().startswith("4"):
                continue
            for name in ("Original-Recipient", "Final-Recipient"):
                failed.add(str(block.get(name, "")).rpartition(";")[2].strip().strip("<>").lower())
    return failed - {""}
