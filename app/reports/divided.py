"""Where people see it differently: leaders beside staff, and groups whose people are divided (3.6, 3.7, 3.12).

Nothing is said without the number of people it comes from, and a gap is told as one only where the release marks it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.figures.dots import Dots, leaders
from app.releases.document import words
from app.releases.document.figures import MOST_AGREEMENT
from app.releases.document.release import DimensionHead, MarginGroup, Release, Row, Scored
from app.reports.findings import shown, value
from app.reports.paper import BROAD
from app.reports.phrases import answered_by, row_name, within
from app.sentences import Hundredths, Passage, Sentence, say, say_count

_MORE = say("Leaders score {dimension} {points} points higher than staff do, {leaders} against {staff} ({basis}).")
_LESS = say("Leaders score {dimension} {points} points lower than staff do, {leaders} against {staff} ({basis}).")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreeing:
    """A dimension of the whole organisation: its score, whether people agree, and how many did not know."""

    name: str
    score: str
    agreement: str
    deviation: str
    camps: str
    unknown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitRow:
    """A row with the scores behind which two camps stand."""

    who: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided:
    """The chapter; `figure` is None where leaders may not be told apart, `agreeing` empty where nothing of it is."""

    headline: str
    figure: Dots | None
    sentences: tuple[str, ...]
    splits: tuple[SplitRow, ...]
    looked: str
    agreeing: tuple[Agreeing, ...]


def divided(release: Release) -> Divided | None:
    """The chapter on gaps and splits; None where the release tells neither."""
    figure, agreeing = leaders(release, BROAD), tuple(_agreeing(release))
    if figure is None and not agreeing:
        return None
    return Divided(
        headline=_headline(release),
        figure=figure,
        sentences=gap_sentences(release),
        splits=tuple(_splits(release)),
        looked=_looked(release),
        agreeing=agreeing,
    )


def gap_sentences(release: Release) -> tuple[Sentence, ...]:
    """A sentence for each marked gap of leaders and staff, the widest first."""
    names = {head.id: head.name for head in release.dimensions}
    cells = release.gaps.cells if release.gaps else ()
    told = sorted((one for one in cells if one.marked), key=lambda one: -abs(one.gap))
    basis = _sides(release)
    return tuple(
        (_MORE if one.gap > 0 else _LESS).filled(
            {
                "dimension": within(names[one.dimension]),
                "points": abs(one.gap),
                "leaders": one.leaders,
                "staff": one.staff,
                "basis": basis,
            }
        )
        for one in told
    )


def _sides(release: Release) -> Sentence:
    """How many leaders and how many others answered, where the release tells both; else how many in all."""
    gaps = release.gaps
    if gaps is not None:
        for margin in release.margins:
            sides = [_number(margin.groups, answers) for answers in (gaps.leaders, gaps.staff)]
            if all(sides):
                return say("{leaders} who lead, {staff} who do not", leaders=sides[0] or 0, staff=sides[1] or 0)
    return answered_by(release.organisation.n or 0)


def _number(groups: tuple[MarginGroup, ...], answers: tuple[int, ...]) -> int | None:
    """The people who gave these answers; None where the groups do not add up to just them."""
    inside = [group for group in groups if group.answers and set(group.answers) <= set(answers)]
    told = {answer for group in inside for answer in group.answers}
    return sum(group.n for group in inside) if inside and told == set(answers) else None


def split_cells(release: Release) -> list[tuple[Row, DimensionHead, Scored]]:
    """The cells behind which two camps stand."""
    return [
        (row, head, cell)
        for row, head, cell in shown(release, release.rows)
        if cell.camps is not None and cell.camps.split
    ]


def _splits(release: Release) -> Iterator[SplitRow]:
    found: dict[str, list[tuple[Row, DimensionHead, Scored]]] = {}
    for row, head, cell in split_cells(release):
        found.setdefault(row.id, []).append((row, head, cell))
    for group in found.values():
        who = say("The whole organisation") if group[0][0].kind == "organisation" else row_name(group[0][0])
        yield SplitRow(who=who, items=tuple(_item(row, head, cell) for row, head, cell in group))


def _item(row: Row, head: DimensionHead, cell: Scored) -> Sentence:
    return say("{dimension}, {value}", dimension=within(head.name), value=value(row, cell))


def _looked(release: Release) -> Sentence:
    """Of how many scores it is known whether people are divided."""
    told = sum(cell.camps is not None for _, _, cell in shown(release, release.rows))
    divided_cells = len(split_cells(release))
    if not told:
        return say("Whether people are divided is told from 10 answers on, and no score rests on that many.")
    if not divided_cells:
        return say(
            "Of {told} scores it is known whether people are divided, each from at least 10 answers. They are not "
            "divided in any of them.",
            told=told,
        )
    return say_count(
        "Of {told} scores it is known whether people are divided, each from at least 10 answers. In one of them they "
        "are: at least a quarter stand on each side, and few in the middle.",
        "Of {told} scores it is known whether people are divided, each from at least 10 answers. In {n} of them they "
        "are: at least a quarter stand on each side, and few in the middle.",
        divided_cells,
        told=told,
    )


def _headline(release: Release) -> Sentence:
    marked = len(gap_sentences(release))
    if marked:
        return say_count(
            "Leaders and staff see one dimension differently",
            "Leaders and staff see {n} dimensions differently",
            marked,
        )
    split = len(split_cells(release))
    if split:
        return say_count(
            "Behind one score stand two camps",
            "Behind {n} scores stand two camps",
            split,
        )
    if release.gaps is None:
        return say("No group is divided, as far as it can be told")
    return say("Leaders and staff do not lie clearly apart")


def _agreeing(release: Release) -> Iterator[Agreeing]:
    row = release.organisation
    for _, head, cell in shown(release, [row]):
        if cell.agreement is None and cell.unknown is None:
            continue
        yield Agreeing(
            name=head.name,
            score=words.marked_value(cell),
            agreement=_agreement(cell),
            deviation="–" if cell.agreement is None else Hundredths(cell.agreement.deviation),
            camps=_camps(cell),
            unknown="–" if cell.unknown is None else words.share_text(cell.unknown),
        )


def _agreement(cell: Scored) -> str:
    if cell.agreement is None:
        return "–"
    found = Hundredths(cell.agreement.r_wg)
    return Passage(("≥", found)) if cell.agreement.r_wg >= MOST_AGREEMENT else found


def _camps(cell: Scored) -> str:
    if cell.camps is None:
        return "–"
    return say("divided") if cell.camps.split else say("not divided")
