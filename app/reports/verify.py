"""Whether a report is what its release says: reads the PDF, makes it again, compares bytes, then words and drawings.

For the operator, who may read every release. Nothing of another client is told: only what the file itself names.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from sqlmodel import Session

from app.autonomy.sharing import Shown
from app.clients.brand import PLAIN
from app.errors import InvalidError, NotFoundError
from app.planned.sharing import Fixed
from app.releases import store
from app.releases.document.release import Release
from app.releases.store import StoredRelease
from app.releases.translated import translated, words_of
from app.reports import looks, queries
from app.reports.formats import ARCHIVE, PDF
from app.reports.named import TEMPLATE
from app.reports.onward import fixed_for
from app.reports.options import Options
from app.reports.pdf import make_pdf
from app.reports.reading import Read, read
from app.reports.recorded import recorded
from app.reports.work import Source

DIGEST: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
NAMED: Final = re.compile(rb"/[A-Za-z]+[0-9]+\b")
PLACE: Final = re.compile(r"[0-9]{1,6}")
PAGED: Final = (PDF.key, ARCHIVE.key)
MOST_PAGES: Final = 10
MOST_WORDS: Final = 3
NO_LOOK: Final = "The logo or colour of its cover is not kept here any more, so the drawing of page 1 was not compared."


@dataclass(frozen=True, slots=True)
class Verdict:
    """`genuine`: every printed word is that of the release; `lines` say what was found."""

    genuine: bool
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A file as it was found, and as it was made again; `same_look` where both have the client's look of the time."""

    found: Read
    made: Read
    same_look: bool

    @property
    def older(self) -> bool:
        """Whether the file was set with another template than this one."""
        return self.template != TEMPLATE

    @property
    def template(self) -> str:
        """The template of which the file speaks."""
        return self.found.about.get("plumblinetemplate", "?")


def verify(session: Session, content: bytes) -> Verdict:
    """What a file shows, and whether anything printed in it was changed."""
    found = read(content)
    if found is None:
        return Verdict(False, ("Not ours: this file cannot be read as a PDF.",))
    named = _digests(found)
    if not named:
        return Verdict(False, ("Not ours: no release is named in this file.",))
    known = store.by_digests(session, named)
    if not known:
        return Verdict(False, _unknown(found))
    # What the file says of itself comes before digests that it prints of something else.
    own = found.about.get("plumblinerelease", "")
    stored = next((one for one in known if one.sha256 == own), known[0])
    made_at = queries.made_at(session, hashlib.sha256(content).hexdigest())
    if made_at is not None:
        day = made_at.date().isoformat()
        return Verdict(True, (f"Genuine: byte for byte the file that was made here on {day}.", _shows(stored)))
    return _compared(session, stored, found, content)


def _compared(session: Session, stored: StoredRelease, found: Read, content: bytes) -> Verdict:
    release = translated(stored.document, words_of(session, stored))
    look = looks.found(session, stored.organisation_id, found.about.get("plumblinebrand", ""))
    try:
        options = _options(found, release)
        record, plan = _records(session, stored, found, release, options)
        made_from = Source(
            release=release,
            raw=stored.raw,
            sha256=stored.sha256,
            options=options,
            record=record,
            plan=plan,
            brand=look or PLAIN,
        )
        again = make_pdf(made_from, lambda step: None)
    except (InvalidError, NotFoundError):
        return Verdict(False, ("Not as it was made: the file names options that no report has.", _shows(stored)))
    if again == content:
        return Verdict(True, ("Genuine: byte for byte what this release gives.", _shows(stored)))
    made = read(again)
    assert made is not None
    return _told(Pair(found=found, made=made, same_look=look is not None), stored)


def _records(
    session: Session, stored: StoredRelease, found: Read, release: Release, options: Options
) -> tuple[Shown | None, Fixed | None]:
    """The decision record and the plan record that the file names; None where it names none of its release."""
    place = {"organisation_id": stored.organisation_id, "release_id": stored.id}
    record, plan = (DIGEST.fullmatch(found.about.get(name, "")) for name in ("plumblinerecord", "plumblineplan"))
    return (
        recorded(session, **place, release=release, options=options, sha256=record[0]) if record else None,
        fixed_for(session, **place, release=release, options=options, sha256=plan[0]) if plan else None,
    )


def _told(pair: Pair, stored: StoredRelease) -> Verdict:
    note = () if pair.same_look else (NO_LOOK,)
    lines = tuple(_differences(pair.found, pair.made))
    if lines:
        return Verdict(False, (_changed(pair), *lines, *note, _shows(stored)))
    for told in (_added(pair), _exchanged(pair), _drawn(pair)):
        if told:
            return Verdict(False, (told, *note, _shows(stored)))
    told = "Genuine in every word and drawing; the file itself was saved anew by another program."
    if not pair.same_look:
        told = "Genuine in every word."
    return Verdict(True, (told, *note, _shows(stored)))


def _changed(pair: Pair) -> str:
    if pair.older:
        return (
            f"Not to be told: it says it was set with template {pair.template}, and this service sets {TEMPLATE}. What "
            "differs may come from that; the version of Plumbline that made it can tell."
        )
    return "Changed: this is not what the release prints."


def _added(pair: Pair) -> str:
    if not pair.found.stamped:
        return ""
    return f"Changed: somebody put notes, fields or stamps on top of page {_numbers(pair.found.stamped)}."


def _exchanged(pair: Pair) -> str:
    """What is wrong with the data that are attached."""
    if pair.found.attached == pair.made.attached:
        return ""
    names = sorted(pair.found.attached.keys() | pair.made.attached.keys())
    wrong = [name for name in names if pair.found.attached.get(name) != pair.made.attached.get(name)]
    return f"Changed: every word is that of the release, but the attached data are not: {', '.join(wrong)}."


def _drawn(pair: Pair) -> str:
    """Which pages are drawn in another way, or with other typefaces and pictures."""
    both = list(zip(pair.found.drawn, pair.made.drawn, strict=True))
    first = 1
    if not pair.same_look:
        # A logo more or less on the cover gives all pictures of the file other names.
        both, first = [(NAMED.sub(b"/", one), NAMED.sub(b"/", two)) for one, two in both], 2
    other = [place for place, (one, two) in enumerate(both, 1) if one != two and place >= first]
    if other:
        told = f"Every word is that of the release, but the drawing differs on page {_numbers(other)}"
        return f"{told}: look at the figures there."
    if pair.same_look and not pair.found.used <= pair.made.used:
        return "Every word is that of the release, but it is drawn with other typefaces or pictures: look at all of it."
    return ""


def _numbers(pages: Sequence[int]) -> str:
    return ", ".join(map(str, pages[:MOST_PAGES]))


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
    if kind not in PAGED:
        raise NotFoundError
    rows = dict(enumerate(row.id for row in release.rows))
    return Options.read(
        paper=paper,
        language=language,
        kind=kind,
        edition=rows.get(int(edition), "?") if PLACE.fullmatch(edition) else edition,
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
