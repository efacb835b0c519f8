"""What a file would do by itself when somebody opens it: run something, fetch something, or carry other files. Pure.

Nothing is opened here for that. Each kind of danger has a sentence of its own, with what to do about it.
"""

import csv
import io
import re
import threading
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from app.sentences import Sentence, say

SCRIPT: Final = say(
    "“{name}” holds a script or a macro, so it is not kept. Save it without, for example as a plain PDF, or give a "
    "link."
)
ATTACHED: Final = say(
    "“{name}” has other files inside it, and nobody sees what they do. Send those that show something one by one, or "
    "save it without them, for example by printing it into a PDF."
)
STARTS: Final = say(
    "“{name}” starts a program, sends a form or opens another file when it is opened, so it is not kept. Print it into "
    "a PDF and send that."
)
FETCHES: Final = say(
    "“{name}” fetches something from elsewhere when it is opened: a template, a picture, a table or a query. Save it "
    "without such links, for example by printing it into a PDF."
)
LOCKED: Final = say(
    "“{name}” is protected with a password, so nobody can see what it shows. Save it without, or give a link."
)
UNSEEN: Final = say(
    "“{name}” is packed in a way that cannot be looked into here. Print it into a PDF and send that, or give a link."
)
FORMULA: Final = say(
    "Line {line} of “{name}” begins a cell with “{cell}”: a spreadsheet might take it for a formula. Put an apostrophe "
    "in front of it, or send the list as plain text (txt)."
)

_MOST: Final = 64 * 1024 * 1024
"""So many bytes of what is packed in a file are looked at."""
_LARGEST: Final = 8 * 1024 * 1024
"""So many bytes of one part of a document."""
_OPENED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What an office program writes; anything else would be unpacked whole, however large it is."""
_SAYS: Final = re.compile(r"\.rels$|^word/.*\.xml$", re.IGNORECASE)
"""The parts of a document that can say that something is fetched: relations, and whatever Word shows."""
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
"""Marks of UTF-16, in which no word would be found."""
_REST: Final = rb"(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+>"
"""What follows the name of a tag. It ends before the next tag begins, so each byte is looked at once."""
_PDF: Final[tuple[tuple[re.Pattern[bytes], Sentence], ...]] = (
    (re.compile(rb"/(JavaScript|JS|RichMedia|XFA)\b"), SCRIPT),
    (re.compile(rb"/(Launch|SubmitForm|ImportData|GoToR|GoToE)\b"), STARTS),
    (re.compile(rb"/(EmbeddedFiles?|FileAttachment)\b"), ATTACHED),
    (re.compile(rb"/Encrypt\b"), LOCKED),
)
_OBJECTS: Final = re.compile(rb"/ObjStm\b")
_FLATE: Final = re.compile(rb"/(?:FlateDecode|Fl)\b")
_OTHERWISE: Final = re.compile(
    rb"/(?:(?:LZW|ASCIIHex|ASCII85|RunLength|CCITTFax|JBIG2|DCT|JPX)Decode|LZW|AHx|A85|RL|CCF|DCT|Crypt)\b"
    rb"|/Predictor\b(?!\s*+1\b)|/(?:Filter|DecodeParms|DP)\s*+\[?\s*+\d"
)
"""Ways to pack objects together that are not undone here, or that are told elsewhere in the file."""
_TEXT: Final = re.compile(r"<\s*(script|html|svg|iframe|!doctype)\b|javascript:", re.IGNORECASE)
_RUNS: Final = ("vbaproject", "/activex/", "/macrosheets/", "/dialogsheets/")
_CARRIES: Final = ("/embeddings/",)
_QUERIES: Final = ("xl/connections.xml", "xl/externallinks/", "xl/querytables/")
_RELATION: Final = re.compile(rb"<(?:\w++:)?Relationship\b" + _REST)
_OUTSIDE: Final = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']", re.IGNORECASE)
_LINK: Final = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']", re.IGNORECASE)
_INSTRUCTION: Final = re.compile(rb"<w:instrText\b" + _REST + rb"([^<]*+)|w:instr\s*+=\s*+[\"']([^\"']*+)")
_EXCHANGE: Final = re.compile(rb"\bDDE(AUTO)?\b|\bINCLUDE(TEXT|PICTURE)\b")
_BEGINS: Final = ("=", "@", "+", "-")
_CALLS: Final = re.compile(r"[!|]|(?<![\w.])[^\W\d][\w.]*+\s*+\(")
_READING: Final = threading.Lock()
"""How long a cell may be is said for the whole process."""


def found(kind: str, content: bytes, *, name: str) -> Sentence | None:
    """What a file of this kind would do by itself, in a sentence; None for one that only shows something."""
    if kind == "pdf":
        told = _in_pdf(content)
    elif kind in ("docx", "xlsx", "pptx"):
        told = _in_office(content)
    elif kind in ("txt", "csv", "log"):
        text = content.decode("utf-8-sig")
        if _TEXT.search(text):
            told = SCRIPT
        else:
            try:
                return _formula(text, name) if kind == "csv" else None
            except csv.Error:
                told = UNSEEN
    else:
        told = None
    return None if told is None else told.filled({"name": name})


def members(content: bytes) -> tuple[str, ...]:
    """The names of what a zip file holds, in lower case; nothing for one that is broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            return tuple(one.lower() for one in file.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return ()


def _in_office(content: bytes) -> Sentence | None:
    names = members(content)
    for parts, told in ((_RUNS, SCRIPT), (_CARRIES, ATTACHED), (_QUERIES, FETCHES)):
        if any(part in name for part in parts for name in names):
            return told
    left = _MOST
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            for one in file.infolist():
                if _SAYS.search(one.filename):
                    most = min(left, _LARGEST)
                    part = _part(file, one, most)
                    left -= len(part)
                    if len(part) > most or b"\x00" in part or part.startswith(_WIDE):
                        return UNSEEN
                    if _reaches(part):
                        return FETCHES
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, zlib.error):
        return UNSEEN
    return None


def _part(file: zipfile.ZipFile, one: zipfile.ZipInfo, most: int) -> bytes:
    """What one part holds, a byte more than `most` where it is larger."""
    if one.compress_type not in _OPENED:
        raise NotImplementedError(one.compress_type)
    with file.open(one) as stream:
        return stream.read(most + 1)


def _reaches(part: bytes) -> bool:
    """Whether a part of a document fetches anything: a relation to elsewhere that is no link to click, or a field."""
    if any(_OUTSIDE.search(one) and not _LINK.search(one) for one in _RELATION.findall(part)):
        return True
    # Word may cut an instruction into pieces anywhere.
    return bool(_EXCHANGE.search(b"".join(one or other for one, other in _INSTRUCTION.findall(part)).upper()))


def _in_pdf(content: bytes) -> Sentence | None:
    for part in _parts_of_pdf(content):
        if part is None:
            return UNSEEN
        for pattern, told in _PDF:
            if pattern.search(part):
                return told
    return None


def _parts_of_pdf(content: bytes) -> Iterator[bytes | None]:
    """A PDF outside its streams and what is packed inside them; None for objects that cannot be unpacked.

    Only objects packed together can hold an action. What a page draws is a stream as well, and is looked at as far as
    there is room.
    """
    streams = list(_streams(content))
    edges = [0, *(edge for stream in streams for edge in stream), len(content)]
    yield _plain(b" ".join(content[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)))
    left = _MOST
    before = 0
    for start, end in streams:
        told = _plain(content[before:start])
        before = end
        if _OBJECTS.search(told):
            part = _objects(told, content[start:end], left)
            if part is None:
                yield None
                continue
        else:
            part = _unpacked(content[start:end], left) or b""
        left -= len(part)
        if b"<<" in part:
            yield _plain(part)


def _objects(told: bytes, packed: bytes, most: int) -> bytes | None:
    """Objects that are packed together, by what is told before them; None for what cannot be looked into whole."""
    ways = len(_FLATE.findall(told))
    if _OTHERWISE.search(told) or ways > 1 or (not ways and b"/Filter" in told):
        return None
    part = _unpacked(packed, most) if ways else packed
    return None if part is None or len(part) >= most else part


def _unpacked(packed: bytes, most: int) -> bytes | None:
    if most <= 0:
        return b""
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return None


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
    """Names of a PDF may be written with #-codes."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda one: bytes([int(one[1], 16)]), part)


def _formula(text: str, name: str) -> Sentence | None:
    """The first cell that a spreadsheet might take for a formula, whichever sign it separates cells by."""
    usual = max(",;\t", key=text.count)
    with _READING:
        most = csv.field_size_limit(len(text) + 1)
        try:
            for sign in ",;\t":
                found = next(_calls(text, sign, any_formula=sign == usual), None)
                if found is not None:
                    return FORMULA.filled({"name": name, "line": found[0], "cell": found[1][:40]})
        finally:
            csv.field_size_limit(most)
    return None


def _calls(text: str, sign: str, *, any_formula: bool) -> Iterator[tuple[int, str]]:
    """Cells that call something, with the line on which their row begins; those with = in any case, if so asked."""
    rows = csv.reader(io.StringIO(text, newline=None), delimiter=sign)
    line = 1
    for row in rows:
        for cell in row:
            plain = cell.strip()
            if plain.startswith(_BEGINS) and ((any_formula and plain[0] == "=") or _CALLS.search(plain)):
                yield line, plain
        line = rows.line_num + 1
