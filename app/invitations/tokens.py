"""Survey links. A link's token follows from the key outside the database, so no link is ever stored (DESIGN.md 4.2)."""

import hashlib
import hmac
import secrets
from uuid import UUID

from app import tokens
from app.sentences import say
from app.tokens import fingerprint, found

__all__ = ["batch_id", "fingerprint", "found", "is_our_nonce", "make_nonce", "make_token", "resume_id", "shared_id"]

WRONG_FORM = say("This form does not belong to this link. Open the link again and send the page from there.")
NOT_MADE = say("Your own link could not be made. Open the shared link again.")
NONCE_BYTES = 16
NONCE_MARK = 16


def make_token(link_key: bytes, *, wave_id: UUID, invitation_id: UUID, generation: int) -> str:
    """The token of an invitation."""
    return tokens.make(link_key, wave_id=wave_id, id=invitation_id, generation=generation)


def make_nonce(link_key: bytes, *, shared_id: UUID) -> str:
    """A number for one filling-in of the form behind a shared link: 128 random bits and a mark that we gave it out."""
    number = secrets.token_hex(NONCE_BYTES)
    return f"{number}-{_mark(link_key, shared_id, number)}"


def is_our_nonce(link_key: bytes, *, shared_id: UUID, nonce: str) -> bool:
    """True for a nonce that was given out for this shared link."""
    number, _, mark = nonce.partition("-")
    return hmac.compare_digest(mark.encode(), _mark(link_key, shared_id, number).encode())


def resume_id(link_key: bytes, *, shared_id: UUID, nonce: str) -> UUID:
    """The id of the invitation that a nonce makes: the same each time, and not to be guessed."""
    return UUID(bytes=hmac.digest(link_key, f"resume|{shared_id}|{nonce}".encode(), "sha256")[:16], version=4)


def shared_id(wave_id: UUID, department_id: UUID) -> UUID:
    """The id of a department's one shared invitation in a wave, so that making it twice is making it once."""
    return _settled(f"shared|{wave_id}|{department_id}")


def kiosk_id(wave_id: UUID, department_id: UUID) -> UUID:
    """The id of a department's one invitation for shared devices in a wave."""
    return _settled(f"kiosk|{wave_id}|{department_id}")


def batch_id(batch: str, department_id: UUID, number: int) -> UUID:
    """The id of one of several invitations that one click makes, so that a double click makes them once."""
    return _settled(f"batch|{batch}|{department_id}|{number}")


def _settled(told: str) -> UUID:
    return UUID(bytes=hashlib.sha256(told.encode()).digest()[:16], version=4)


def _mark(link_key: bytes, shared: UUID, number: str) -> str:
    return hmac.digest(link_key, f"nonce|{shared}|{number}".encode(), "sha256").hex()[:NONCE_MARK]
