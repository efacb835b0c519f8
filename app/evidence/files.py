"""Files that show something: which are taken, and why one is not. Pure.

A file is kept as it is and handed out as a download only; it is never opened here for anybody, and nothing in it runs.
"""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from app.errors import InvalidError
from app.sentences import Sentence, say

LARGEST: Final = 10 * 1024 * 1024
LONGEST_NAME: Final = 120
_UNPACKED: Final = 64 * 1024 * 1024
_ACTIVE_PDF: Final = re.compile(rb"/(JavaScript|JS|Launch|RichMedia)\b")
_ACTIVE_TEXT: Final = re.compile(r"<\s*(script|html|svg|iframe|!doctype)\b|javascript:", re.IGNORECASE)
_SIGNATURES: Final = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
_OFFICE: Final = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
_TEXTS: Final = ("txt", "csv", "log")

KINDS: Final = say("PDF, PNG, JPEG, Word, Excel, PowerPoint without macros, or plain text (txt, csv, log)")
TOO_LARGE: Final = say("The file is larger than {most} MB. Send a smaller one, or give a link to where it lies.")
OTHER_KIND: Final = say("“{name}” is not taken. Send {kinds}; for anything else give a link to where it lies.")
ACTIVE: Final = say(
    "“{name}” holds a script or a macro, so it is not kept. Save it without, for example as a plain PDF, or give a "
    "link."
)
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
    return ACTIVE.filled({"name": name}) if _is_active(kind, content) else None


def _kind(content: bytes) -> str | None:
    """What the bytes say they are."""
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if content.startswith(b"PK\x03\x04"):
        members = _members(content)
        return next((kind for part, kind in _OFFICE.items() if any(one.startswith(part) for one in members)), None)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "text" if content and "\x00" not in text else None


def _is_active(kind: str, content: bytes) -> bool:
    if kind == "pdf":
        return any(_ACTIVE_PDF.search(part) for part in _parts_of_pdf(content))
    if kind in _OFFICE.values():
        return any("vbaproject" in one or "/activex/" in one or "/embeddings/" in one for one in _members(content))
    return kind in _TEXTS and _ACTIVE_TEXT.search(content.decode("utf-8")) is not None


def _members(content: bytes) -> tuple[str, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            return tuple(one.lower() for one in file.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return ()


def _parts_of_pdf(content: bytes) -> Iterator[bytes]:
    """A PDF outside its streams and what is packed inside them, up to a limit; names may be written with #-codes."""
    left, streams = _UNPACKED, list(_streams(content))
    edges = [0, *(edge for stream in streams for edge in stream), len(content)]
    yield _plain(b" ".join(content[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)))
    for start, end in streams:
        if left <= 0:
            return
        try:
            unpacked = zlib.decompressobj().decompress(content[start:end], left)
        except zlib.error:
            continue
        left -= len(unpacked)
        # Only objects packed together can hold an action; what a page draws is a stream as well, and no object.
        if b"<<" in unpacked:
            yield _plain(unpacked)


def _streams(content: bytes) -> Iterator[tuple[int, int]]:
    """Where the streams of a PDF begin and end. Each byte is looked at once, whatever the file says."""
    at, end = 0, 0
    while (word := content.find(b"stream", at)) >= 0 and end >= 0:
        at = word + len(b"stream")
        line = next((one for one in (b"\r\n", b"\n") if content.startswith(one, at)), None)
        if line is None:
            continue
        start = at + len(line)
        end = content.find(b"endstream", start)
        if end >= 0:
            yield start, end
            at = end + len(b"endstream")


def _plain(part: bytes) -> bytes:
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda one: bytes([int(one[1], 16)]), part)


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
