"""Files that show something: which are taken, and why one is not. Pure.

A file is kept as it is and handed out as a download only; it is never opened here for anybody, and nothing in it runs.
"""

import hashlib
import re
from typing import Final
from urllib.parse import quote

from app.errors import InvalidError
from app.evidence import active
from app.sentences import Sentence, say

LARGEST: Final = 10 * 1024 * 1024
LONGEST_NAME: Final = 120
_SIGNATURES: Final = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
_OFFICE: Final = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
_TEXTS: Final = ("txt", "csv", "log")

KINDS: Final = say("PDF, PNG, JPEG, Word, Excel, PowerPoint without macros, or plain text (txt, csv, log)")
TOO_LARGE: Final = say("The file is larger than {most} MB. Send a smaller one, or give a link to where it lies.")
OTHER_KIND: Final = say("“{name}” is not taken. Send {kinds}; for anything else give a link to where it lies.")
BROKEN: Final = say("“{name}” could not be read: it is broken, or it is not what its name says.")


def checked_name(name: str) -> str:
    """The name of a file as it may be kept: the last part of its path, without signs that mean something elsewhere."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"|?*;%\u202e')
    stem, dot, ending = plain.strip(" .").rpartition(".")
    return f"{stem[: LONGEST_NAME - 10]}{dot}{ending[:8]}" or "evidence"


def check(name: str, content: bytes) -> None:
    """InvalidError, field `file`, with a sentence for a file that is not taken."""
    wrong = _wrong(name, content)
    if wrong is not None:
        raise InvalidError(wrong, fields={"file": wrong})


def _wrong(name: str, content: bytes) -> Sentence | None:
    if len(content) > LARGEST:
        return TOO_LARGE.filled({"most": LARGEST // (1024 * 1024)})
    kind, ending = _kind(content), name.rpartition(".")[2].lower().replace("jpeg", "jpg")
    if kind == "text":
        kind = ending if ending in _TEXTS else None
    if kind is None:
        return OTHER_KIND.filled({"name": name, "kinds": KINDS})
    if kind != ending:
        return BROKEN.filled({"name": name})
    return active.found(kind, content, name=name)


def _kind(content: bytes) -> str | None:
    """What the bytes say they are."""
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if content.startswith(b"PK\x03\x04"):
        names = active.members(content)
        return next((kind for part, kind in _OFFICE.items() if any(one.startswith(part) for one in names)), None)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "text" if content and "\x00" not in text else None


def fingerprint(content: bytes) -> str:
    """The SHA-256 by which a file is named in a record."""
    return hashlib.sha256(content).hexdigest()


def download_headers(name: str) -> dict[str, str]:
    """So that a browser keeps the file and shows nothing of it, whatever is in it."""
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name or 'evidence')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
    }
