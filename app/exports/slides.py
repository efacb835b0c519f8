"""What slides say: a title that is a message, one figure or list each, and notes with numbers of people and intervals.

Pure functions of a release; `pptx.py` draws them.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from app.exports import automated, differences, onward
from app.exports.kinds import Bars, Opening, Points, Series, Slide, Statements, gathered, lines_of, span
from app.exports.notes import period
from app.exports.tables import Table, heat
from app.figures import squares
from app.releases.document import words
from app.releases.document.release import Release, Row, Scored
from app.releases.indices import interval
from app.reports import findings, summary
from app.reports.chapters import FORMS
from app.reports.summary import Statement
from app.reports.work import Source
from app.sentences import Listing, Passage, Sentence, say, say_count

MOST_ROWS: Final = 14
MOST_PAGES: Final = 2
MOST_BARS: Final = 12
MOST_LINES: Final = 8


def slides(source: Source) -> tuple[Slide, ...]:
    """The slides of a release, 12 to 16 of them, and up to three of the decision record and two of the plan record."""
    release = source.release
    statements = summary.summary(release)
    differing = gathered(
        (
            differences.leaders(release),
            differences.splits(release),
            differences.drivers(release),
            differences.beside(release),
        )
    )
    return (
        _opening(release),
        Slide(
            title=say("What people answered, in five sentences"),
            shows=Statements(statements),
            notes=tuple(Passage((one.sentence, one.detail)) for one in statements),
        ),
        _reading(release),
        *_heat(release),
        _dimensions(release, statements[1].sentence),
        _departments(release, statements[3]),
        _square(release),
        *differences.moved(release, short=len(differing) > 1),
        *differing,
        *automated.slides(source.record),
        *onward.slides(source.plan),
        Slide(title=say("What this result cannot tell"), shows=Points(summary.limits(release))),
        _method(source),
    )


def _opening(release: Release) -> Slide:
    wave = release.wave
    told = Passage((wave.label, wave.assessment, FORMS[wave.form], period(release)), " · ")
    return Slide(
        title=wave.organisation,
        shows=Opening(
            wave=told,
            result=findings.result(release.organisation),
            kept=say("Confidential. Results of groups only; groups that are too small are not shown."),
        ),
        notes=(findings.answered(release.organisation),),
    )


def _reading(release: Release) -> Slide:
    bands = Listing(
        say("{band} {limits}", band=words.BAND_WORDS[band], limits=limits) for band, limits in words.BAND_LIMITS.items()
    )
    policy = release.policy
    return Slide(
        title=say("How to read the numbers"),
        shows=Points(
            (
                say("Scores run from 0 to 100; the higher, the more people say that it is true today."),
                say("Five bands: {bands}.", bands=bands),
                say("Trust: whether people rely on agents in their work. Readiness: whether the department is set up."),
                say(
                    "A score needs {k_means} answers; numbers of answers and intervals need {k_intervals}.",
                    k_means=policy.k_means,
                    k_intervals=policy.k_intervals,
                ),
                say("“Not shown” protects a small group. It says nothing about its answers."),
                say("A 95 % interval says how far a score may be off. Where two overlap, the distance may be chance."),
                say("▲ ▼ mark changes that are confirmed; “~” marks a rough value."),
            )
        ),
    )


def _heat(release: Release) -> Iterator[Slide]:
    """The heatmap on one slide or two; of very many departments the uppermost."""
    table = narrow(heat(release))
    lines = list(range(len(table.lines) - 1))
    if len(lines) > MOST_ROWS * MOST_PAGES:
        lines = [place for place in lines if table.depths[place] == 0]
    shown = lines[: MOST_ROWS * MOST_PAGES]
    left_out = len(table.lines) - 1 - len(shown)
    pages = [shown[start : start + MOST_ROWS] for start in range(0, len(shown), MOST_ROWS)] or [[]]
    below = (
        say_count("{n} more department is in the workbook.", "{n} more departments are in the workbook.", left_out)
        if left_out
        else say("Numbers are scores from 0 to 100; grey cells are not shown, to protect small groups.")
    )
    rows = (*release.rows[1:], release.organisation)
    for number, page in enumerate(pages, start=1):
        kept = (*page, len(table.lines) - 1)
        title: str = findings.heat_headline(release, release.organisation)
        if len(pages) > 1:
            title = say("{title} ({number} of {count})", title=title, number=number, count=len(pages))
        part = replace(
            table,
            lines=tuple(table.lines[place] for place in kept),
            depths=tuple(table.depths[place] for place in kept),
        )
        notes = tuple(Passage((words.row_name(rows[place]), findings.answered(rows[place])), ": ") for place in kept)
        yield Slide(title=title, shows=part, below=below, notes=notes)


def narrow(table: Table) -> Table:
    """The heatmap without headcounts and rates, which the notes have: a slide has no room for them."""
    kept = [place for place in range(len(table.heads)) if place not in (1, 3)]
    first, last = table.bands or (0, 0)
    return replace(
        table,
        heads=tuple(table.heads[place] for place in kept),
        lines=tuple(tuple(line[place] for place in kept) for line in table.lines),
        bands=(first - 2, last - 2),
        groups=(),
    )


def _dimensions(release: Release, title: str) -> Slide:
    cells = [
        (head.name, cell)
        for head in release.dimensions
        if isinstance(cell := release.organisation.cells.get(head.id), Scored)
    ]
    if not cells:
        return Slide(title=title, shows=Points((say("No score of the organisation can be shown."),)))
    return Slide(
        title=title,
        shows=Bars(
            categories=tuple(name for name, _ in cells),
            series=(
                Series(
                    name=say("Score"),
                    values=tuple(cell.score for _, cell in cells),
                    intervals=tuple(cell.interval for _, cell in cells),
                    steps=tuple(cell.band for _, cell in cells),
                ),
            ),
        ),
        below=say("The whole organisation. Thin lines are 95 % intervals."),
        notes=tuple(_with_interval(name, cell) for name, cell in cells),
    )


def _with_interval(name: str, cell: Scored) -> Sentence:
    told = say("{name}: {value}", name=name, value=words.spoken_cell(cell))
    if cell.interval is None:
        return told
    return say("{score}, interval {interval}", score=told, interval=words.interval_text(cell))


def _departments(release: Release, spread: Statement) -> Slide:
    rows = [row for row in release.rows[1:] if row.trust.score is not None or row.readiness.score is not None]
    if len(rows) > MOST_BARS:
        rows = [row for row in rows if row.depth <= 1]
    shown = rows[:MOST_BARS]
    if not shown:
        return Slide(title=spread.sentence, shows=Points((say("No index of a department can be shown."),)))
    return Slide(
        title=spread.sentence,
        shows=Bars(
            categories=tuple(words.row_name(row) for row in shown),
            series=(
                Series(name=say("Trust"), values=tuple(row.trust.score for row in shown)),
                Series(name=say("Readiness"), values=tuple(row.readiness.score for row in shown)),
            ),
        ),
        below=Passage(
            (
                say("Means of the printed scores of each department."),
                say_count("{n} more is in the workbook.", "{n} more are in the workbook.", len(rows) - len(shown))
                if len(rows) > len(shown)
                else "",
                spread.detail,
            )
        ),
        notes=tuple(_indices(release, row) for row in shown),
    )


def _indices(release: Release, row: Row) -> Passage:
    told: list[str] = [say("{name}: {value}", name=words.row_name(row), value=findings.answered(row))]
    for name, score, block in (
        (say("Trust"), row.trust.score, "trust"),
        (say("Readiness"), row.readiness.score, "readiness"),
    ):
        if score is None:
            continue
        ends = interval(release, row, "trust" if block == "trust" else "readiness")
        told.append(
            say("{name} {score}.", name=name, score=score)
            if ends is None
            else say("{name} {score}, interval {first} to {last}.", name=name, score=score, first=ends[0], last=ends[1])
        )
    return Passage(told)


def _square(release: Release) -> Slide:
    field = squares.quadrants(release)
    if len(field.points) < 2:
        return Slide(title=field.title, shows=Points(field.notes))
    low, high = span(field)
    below = say(
        "Trust across, readiness upwards, from {low} to {high}; the lines stand at {cut}.",
        low=low,
        high=high,
        cut=field.cut or 0,
    )
    return Slide(title=field.title, shows=field, below=below, notes=tuple(lines_of(field)))


def _method(source: Source) -> Slide:
    release = source.release
    return Slide(
        title=say("How this was measured and protected"),
        shows=Points(
            (
                say(
                    "Questionnaire {instrument}, {form}; scoring method {method}, privacy policy {policy}.",
                    instrument=f"{release.wave.instrument} {release.wave.instrument_version}",
                    form=FORMS[release.wave.form],
                    method=release.method,
                    policy=release.policy.version,
                ),
                release.certificate.statement,
                say("Slides show release {number}; its SHA-256 is in the notes.", number=release.number),
                say("Numbers that move together are not cause and effect."),
            )
        ),
        notes=(say("SHA-256 of the release: {sha256}", sha256=source.sha256), *release.notes),
    )
