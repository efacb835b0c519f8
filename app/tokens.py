"""Links that nobody stores: their token follows from a key outside the database, which holds its SHA-256 (DESIGN 4.2).

Survey links (`invitations`) and the links of readers (`readers`) are both made here.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

TOKEN_LENGTH = 26  # base32 letters of 5 bits: 130 bits

_TOKEN = re.compile(rf"[a-z2-7]{{{TOKEN_LENGTH}}}")
Found = TypeVar("Found")


def make(link_key: bytes, *, wave_id: UUID, id: UUID, generation: int) -> str:
    """The token of an invitation or a reader's link: the first 130 bits of HMAC-SHA256 in base32, lower case."""
    digest = hmac.digest(link_key, f"{wave_id}|{id}|{generation}".encode(), "sha256")
    return base64.b32encode(digest)[:TOKEN_LENGTH].decode().lower()


def fingerprint(token: str) -> str:
    """What the database stores in the token's place: its SHA-256 in hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def tidy(token: str) -> str | None:
    """The token as it was made, whatever the case in which somebody typed it; None when it can't be one."""
    lower = token.strip().lower()
    return lower if _TOKEN.fullmatch(lower) else None


def found(token: str, find: Callable[[str], Found | None]) -> Found | None:
    """What `find` has under the fingerprint of a token; None, without looking, where it can't be one."""
    tidied = tidy(token)
    return None if tidied is None else find(fingerprint(tidied))
