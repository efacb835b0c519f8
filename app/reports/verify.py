"""Whether a report is what its release says: reads the PDF, makes it again, compares bytes, then words and drawings.

For the operator, who may read every release. Nothing of another client is told: only what the file itself names.
"""

import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from sqlmodel import Session

from app.autonomy.sharing import Shown
from app.errors import InvalidError, NotFoundError
from app.releases import store
from app.releases.document.release import Release
from app.releases.store import StoredRelease
from app.releases.translated import translated, words_of
from app.reports import queries
from app.reports.chapters import TEMPLATE
from app.reports.options import Options
from app.reports.pdf import make_pdf
from app.reports.recorded import recorded
from app.reports.work import Source

DIGEST: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
MOST_PAGES: Final = 10
MOST_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """`genuine`: every printed word is that of the release; `lines` say what was found."""

    genuine: bool
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A PDF as it was read: what it says of itself, and each page as its words and as drawing instructions."""

    about: dict[str, str]
    pages: tuple[tuple[str, ...], ...]
    drawn: tuple[bytes, ...]


def verify(session: Session, content: bytes) -> Verdict:
    """What a file shows, and whether anything printed in it was changed."""
    try:
        found = _read(content)
    except (PyPdfError, ValueError, OSError, RecursionError):
        return Verdict(False, ("Not ours: this file cannot be read as a PDF.",))
    named = _digests(found)
    if not named:
        return Verdict(False, ("Not ours: no release is named in this file.",))
    known = store.by_digests(session, named)
    if not known:
        return Verdict(False, _unknown(found))
    stored = known[0]
    made_at = queries.made_at(session, hashlib.sha256(content).hexdigest())
    if made_at is not None:
        day = made_at.date().isoformat()
        return Verdict(True, (f"Genuine: byte for byte the file that was made here on {day}.", _shows(stored)))
    return _compared(session, stored, found, content)


def _compared(session: Session, stored: StoredRelease, found: Read, content: bytes) -> Verdict:
    release = translated(stored.document, words_of(session, stored))
    try:
        options = _options(found, release)
        record = _record(session, stored, found, release, options)
        made_from = Source(release=release, raw=stored.raw, sha256=stored.sha256, options=options, record=record)
        again = make_pdf(made_from, lambda step: None)
    except (InvalidError, NotFoundError):
        return Verdict(False, ("Not as it was made: the file names options that no report has.", _shows(stored)))
    if again == content:
        return Verdict(True, ("Genuine: byte for byte what this release gives.", _shows(stored)))
    other = found.about.get("plumblinetemplate", "?")
    note = () if other == TEMPLATE else (f"It says it was set with template {other}; this service sets {TEMPLATE}.",)
    return _told(found, _read(again), stored, note)


def _record(session: Session, stored: StoredRelease, found: Read, release: Release, options: Options) -> Shown | None:
    """The decision record that the file names, None where it names none, or none that was issued on its release."""
    named = DIGEST.fullmatch(found.about.get("plumblinerecord", ""))
    if named is None:
        return None
    place = {"organisation_id": stored.organisation_id, "release_id": stored.id}
    return recorded(session, **place, release=release, options=options, sha256=named[0])


def _told(found: Read, made: Read, stored: StoredRelease, note: Sequence[str]) -> Verdict:
    lines = list(_differences(found, made))
    if lines:
        head = "Changed: this is not what the release prints."
        return Verdict(False, (head, *lines, *note, _shows(stored)))
    drawn = [str(place) for place, (one, two) in enumerate(zip(found.drawn, made.drawn, strict=True), 1) if one != two]
    if drawn:
        pages = ", ".join(drawn[:MOST_PAGES])
        told = f"Every word is that of the release, but the drawing differs on page {pages}: look at the figures there."
        return Verdict(False, (told, *note, _shows(stored)))
    told = "Genuine in every word and drawing; the file itself was saved anew by another program."
    return Verdict(True, (told, *note, _shows(stored)))


def _differences(found: Read, made: Read) -> Iterator[str]:
    """One sentence for each page whose words differ, the first few of them."""
    if len(found.pages) != len(made.pages):
        yield f"It has {len(found.pages)} pages; the report of this release has {len(made.pages)}."
    pages = [
        (place, one, two)
        for place, (one, two) in enumerate(zip(found.pages, made.pages, strict=False), 1)
        if one != two
    ]
    for place, one, two in pages[:MOST_PAGES]:
        yield f"Page {place}: {'; '.join(_words(one, two))}."
    if len(pages) > MOST_PAGES:
        yield f"And {len(pages) - MOST_PAGES} more pages."


def _words(found: Sequence[str], made: Sequence[str]) -> list[str]:
    """What a page prints, and what it should, for the first few places."""
    changes = [one for one in SequenceMatcher(None, found, made, autojunk=False).get_opcodes() if one[0] != "equal"]
    told = []
    for _, start, end, first, last in changes[:MOST_WORDS]:
        here, there = " ".join(found[start:end]) or "nothing", " ".join(made[first:last]) or "nothing"
        told.append(f"prints “{here[:60]}” where the release gives “{there[:60]}”")
    if len(changes) > MOST_WORDS:
        told.append(f"and {len(changes) - MOST_WORDS} more places")
    return told


def _read(content: bytes) -> Read:
    reader = PdfReader(io.BytesIO(content))
    about = {str(key).lstrip("/"): str(value) for key, value in (reader.metadata or {}).items()}
    drawings = [page.get_contents() for page in reader.pages]
    return Read(
        about=about,
        pages=tuple(tuple(page.extract_text().split()) for page in reader.pages),
        drawn=tuple(b"" if one is None else one.get_data() for one in drawings),
    )


def _digests(found: Read) -> set[str]:
    """Every SHA-256 that the file names: in what it says of itself, and on its last pages."""
    printed = " ".join(" ".join(page) for page in found.pages)
    joined = "".join("".join(page) for page in found.pages)
    return {
        digest for text in (found.about.get("plumblinerelease", ""), printed, joined) for digest in DIGEST.findall(text)
    }


def _options(found: Read, release: Release) -> Options:
    """With what the file says it was made; the usual report where it does not say."""
    paper, language, kind, edition = (*found.about.get("plumblineoptions", "").split(), "", "", "", "")[:4]
    if not paper:
        return Options()
    rows = dict(enumerate(row.id for row in release.rows))
    return Options.read(
        paper=paper,
        language=language,
        kind=kind,
        edition=rows.get(int(edition), "?") if edition.isdigit() else edition,
    )


def _unknown(found: Read) -> tuple[str, ...]:
    named = found.about.get("plumblinerelease", "")
    if not named:
        return ("Not ours: this file names digests, but no release of this service.",)
    return (
        "Release unknown here: the file says it shows the release with the SHA-256",
        f"  {named}",
        "and this service has none with that digest. Ask on the service that made it.",
    )


def _shows(stored: StoredRelease) -> str:
    wave = stored.document.wave
    return f"It shows release {stored.number} of wave {wave.label}, {wave.organisation} (SHA-256 {stored.sha256})."
