"""What a reader of a file has to know: what it was made from, how to read it, what is hidden, how it was checked."""

from collections.abc import Iterator
from datetime import date

from babel import Locale

from app.exports.tables import hidden
from app.releases.document import words
from app.releases.document.attested import approvals, checked, languages
from app.releases.document.release import Release, Scored
from app.reports import summary
from app.reports.chapters import FORMS
from app.reports.extent import part_note
from app.reports.work import Source
from app.sentences import Passage, Sentence, say
from surveys.languages import LANGUAGES

Note = tuple[str, str]
"""What a note is about, and what it says."""


def notes(source: Source) -> tuple[Note, ...]:
    """All notes of a file, in the order in which they matter."""
    release = source.release
    return (
        *_made_from(release, source.sha256),
        *_cut(source),
        *_reading(release),
        *_protected(release),
        *_checked(source),
    )


def period(release: Release) -> Sentence:
    """From when to when people answered."""
    first, last = (date.fromisoformat(day) for day in (release.wave.opened_on, release.wave.closed_on))
    return say("{first} to {last}", first=first, last=last)


def _made_from(release: Release, sha256: str) -> Iterator[Note]:
    wave = release.wave
    yield say("Client"), wave.organisation
    yield say("Assessment and wave"), say("{assessment}, {wave}", assessment=wave.assessment, wave=wave.label)
    yield say("Answered"), Passage((FORMS[wave.form], period(release)), ", ")
    yield say("Compared with"), wave.previous_label or say("nothing: this is the first wave")
    yield say("Release"), str(release.number)
    yield say("SHA-256 of the release"), sha256
    yield say("Made"), words.OCCASION_WORDS[release.occasion]


def _cut(source: Source) -> Iterator[Note]:
    """What an edition for one department holds."""
    row = source.release.row(source.options.row)
    if row is not None:
        yield say("This edition"), part_note(source.release, row)


def _reading(release: Release) -> Iterator[Note]:
    bands = (
        say("{band} {limits}", band=words.BAND_WORDS[band], limits=limits) for band, limits in words.BAND_LIMITS.items()
    )
    yield say("Scores"), say("0 to 100; the higher, the more people say that it is true today.")
    yield say("Bands"), Passage(bands, ", ")
    cells = [cell for row in release.rows for cell in row.cells.values() if isinstance(cell, Scored)]
    if any(cell.bound for cell in cells):
        yield "≥ ≤", say("The score lies there or beyond; how far is not told.")
    if any(cell.grade == "D" and not cell.bound for cell in cells):
        yield "~", say("The interval reaches more than 15 points to each side: a rough value.")
    if any(words.is_clear(cell.change) for cell in cells):
        yield "▲ ▼", say("A change since the wave before that is confirmed; △ and ▽ mark one that is likely.")
    yield say("Intervals"), say("95 %; where two of them overlap, the distance may be chance.")
    yield (
        say("Not shown separately"),
        say("A question that few of a group answered; they count in the group above it."),
    )


def _protected(release: Release) -> Iterator[Note]:
    policy = release.policy
    yield (
        say("Smallest group"),
        say(
            "{k_means} answers for a score, {k_intervals} for numbers of answers, intervals and shares.",
            k_means=policy.k_means,
            k_intervals=policy.k_intervals,
        ),
    )
    yield say("Scores that are not shown"), str(hidden(release))
    for limit in summary.limits(release):
        yield say("What can’t be told"), limit
    for note in release.notes:
        yield say("Note"), note
    names = {head.id: head.name for head in release.dimensions}
    for key, reason in release.not_comparable.items():
        yield say("Not compared"), say("{dimension}: {reason}", dimension=names.get(key, key), reason=reason)


def _checked(source: Source) -> Iterator[Note]:
    release = source.release
    wave = release.wave
    yield say("Certificate"), release.certificate.statement
    for told in checked(release):
        yield say("Checked"), told
    for told in approvals(release):
        yield say("Approval"), told
    spoken = {
        tag: Locale.parse(tag).get_display_name(source.options.language) or one.name for tag, one in LANGUAGES.items()
    }
    if (asked := languages(release, names=spoken)) is not None:
        yield say("Languages"), asked
    yield say("Scoring method"), release.method
    yield say("Privacy policy"), release.policy.version
    yield say("Questionnaire"), f"{wave.instrument} {wave.instrument_version}"
    yield say("SHA-256 of the questionnaire"), wave.instrument_sha256
    yield say("SHA-256 of the list of departments"), wave.roster_sha256
