"""One row of a release: its scores as dots and intervals on a line from 0 to 100, its change, its parts, its limits."""

from dataclasses import dataclass

from app.explore.heatmap import BLOCKS, blocks
from app.figures.marks import Mark, mark_of
from app.releases.document import words
from app.releases.document.release import LOW_COVERAGE, Cell, Change, Hidden, NoChange, Release, Row, Scored
from app.sentences import Listing, Passage, Sentence, say, say_count


@dataclass(frozen=True, slots=True)
class Panel:
    """The scores of one block under a heading."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A row below this one: its name, its address, and how many answered."""

    id: str
    name: str
    pooled: bool
    answered: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Everything a row's page says, apart from its heading."""

    name: str
    panels: tuple[Panel, ...]
    module: Mark | None
    module_about: str
    has_change: bool
    has_whole: bool
    parts: tuple[Part, ...]
    above: Part | None
    small: tuple[str, ...]
    not_shown: tuple[str, ...]
    notes: tuple[str, ...]


def strip(release: Release, row: Row) -> Strip:
    """The page of a row of the release."""
    panels = tuple(
        Panel(BLOCKS[block], tuple(mark_of(release, row, head.id, head.name, head.definition) for head in heads))
        for block, heads in blocks(release)
    )
    marks = [mark for panel in panels for mark in panel.marks]
    module = next((head for head in release.modules if head.id == row.module and head.id in row.cells), None)
    return Strip(
        name=words.row_name(row),
        panels=panels,
        module=mark_of(release, row, module.id, module.name, "") if module else None,
        module_about=_module_about(module.items) if module else "",
        has_change=release.wave.previous_label is not None,
        has_whole=row.kind != "organisation" and any(mark.whole is not None for mark in marks),
        parts=tuple(_part(other) for other in release.rows if other.parent == row.id),
        above=next((_part(other) for other in release.rows if other.id == row.parent), None),
        small=tuple(small.name for small in release.small if small.row == row.id and small.name not in row.members),
        not_shown=_not_shown(release, row),
        notes=tuple(_notes(release, row)),
    )


def _module_about(questions: int) -> Sentence:
    return say_count("{n} question asked only of this function", "{n} questions asked only of this function", questions)


def _part(row: Row) -> Part:
    told = say("{n} of {headcount} answered", n=row.n, headcount=row.headcount) if row.n is not None else ""
    return Part(row.id, words.row_name(row), row.kind == "pool", told)


def _not_shown(release: Release, row: Row) -> tuple[str, ...]:
    """One sentence for each reason, with the columns that it concerns."""
    found: dict[str, list[str]] = {}
    for head in release.dimensions:
        cell = row.cells[head.id]
        if isinstance(cell, Hidden):
            found.setdefault(words.hidden_text(cell), []).append(head.name)
    everything = len(release.dimensions)
    return tuple(
        say(
            "{reason}: {names}.",
            reason=reason,
            names=say("all questions") if len(names) == everything else Listing(names),
        )
        for reason, names in found.items()
    )


def _notes(release: Release, row: Row) -> list[str]:
    """What a reader must know to read the numbers; only what occurs on this page."""
    columns = {one.id for one in release.dimensions} | {one.id for one in release.modules}
    cells: list[Cell] = [cell for name, cell in row.cells.items() if name in columns]
    scored = [cell for cell in cells if isinstance(cell, Scored)]
    least = release.policy.k_intervals
    notes: list[str] = []
    if any(cell.interval is not None for cell in scored):
        notes.append(say("The thin line is the 95 % interval: where the score of all staff is likely to lie."))
    if any(cell.n is None for cell in scored):
        notes.append(
            say(
                "Where fewer than {least} people answered, the score is printed to the nearest 5 points. The number of "
                "answers and the interval are left out there, and wherever they would give those of a small group "
                "away.",
                least=least,
            )
        )
    if any(cell.bound for cell in scored):
        notes.append(say("Very high and very low scores are not told exactly, to protect the people in the group."))
    if any(cell.grade == "D" for cell in scored):
        notes.append(say("A score with ~ is rough: it could be more than 15 points off."))
    if row.headcount_corrected:
        notes.append(say("The headcount was corrected when the wave closed."))
    return notes + _coverage_notes(release, row) + _change_notes(release, scored)


def _coverage_notes(release: Release, row: Row) -> list[str]:
    notes: list[str] = []
    for coverage in LOW_COVERAGE:
        cells = ((head.name, row.cells[head.id]) for head in release.dimensions)
        found = [name for name, cell in cells if isinstance(cell, Scored) and cell.coverage == coverage]
        if found:
            notes.append(words.covers(row, coverage, found))
    return notes


def _change_notes(release: Release, scored: list[Scored]) -> list[str]:
    if release.wave.previous_label is None or not scored:
        return []
    notes: list[str] = []
    if any(isinstance(cell.change, Change) for cell in scored):
        notes.append(
            say(
                "Change is measured on the questions that both waves asked, so it can differ from the scores shown "
                "here. “Seems” means likely; “no clear change” means that we can't tell."
            )
        )
    if any(isinstance(cell.change, NoChange) for cell in scored):
        notes += [Passage(one, ": ") for one in _uncompared(release)]
    return notes


def _uncompared(release: Release) -> list[tuple[str, str]]:
    names = {head.id: head.name for head in release.dimensions}
    return [(names.get(key, key), sentence) for key, sentence in release.not_comparable.items()]
