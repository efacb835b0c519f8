"""A release as a heatmap: the rows, tiles and legend that the template prints, as text made from the document alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from app.explore import legend
from app.explore.legend import Sign
from app.explore.looking import ARRANGED, AT_ONCE, FIRST, INDICES, REORDERED, Look, Looking
from app.explore.ordering import Placed, placed
from app.explore.tiles import Tile, tile
from app.releases.document import words
from app.releases.document.release import SITE, Block, Cell, DimensionHead, Margin, MarginGroup, Release, Row
from app.releases.kept import Newest
from app.sentences import Sentence, say
from app.web.templating import DRAWN_ROWS

BLOCKS: dict[Block, Sentence] = {"trust": say("Trust"), "readiness": say("Readiness"), "criterion": say("Willingness")}
WITH_MARGINS: frozenset[Look] = frozenset({"scores", "compared", "uncertainty", "table"})


@dataclass(frozen=True, slots=True)
class Stretch:
    """The tiles of a line under one heading, with the index of the block before them; empty where there is none."""

    name: str
    index: str
    has_index: bool
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """What folds or unfolds the rows below: the query that does, and whether they are shown now."""

    query: str
    unfolded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the heatmap. `depth` is 1 for the uppermost departments, 0 for the organisation.

    `asked` is None for people who are no set of departments: how many there are of them nobody counted.
    """

    id: str
    kind: str
    name: str
    members: str
    within: str
    depth: int
    answered: str
    asked: int | None
    corrected: bool
    fold: Fold | None
    stretches: tuple[Stretch, ...]

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """The tiles of all blocks."""
        return tuple(one for stretch in self.stretches for one in stretch.tiles)


@dataclass(frozen=True, slots=True)
class Sorting:
    """What sorts by a column: the query that does, and how it is sorted now, in the words of aria-sort."""

    query: str
    sorted: str


@dataclass(frozen=True, slots=True)
class Group:
    """Columns under one heading; `index` sorts by the mean of its scores, where it has one."""

    name: str
    heads: tuple[DimensionHead, ...]
    index: Sorting | None
    sortings: tuple[Sorting, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of the whole organisation under a heading: by role level, or by site."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class More:
    """The rows that are not drawn yet: how many, how many of them come next, the query for these, and how many are
    drawn. `all` is the query for all of them, for paper.
    """

    left: int
    next: int
    query: str
    drawn: int
    all: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heatmap:
    """The whole table: groups of columns, the departments and pools, the organisation below them, and the legend.

    `more` is None where all rows are drawn.
    `margins` are lines of the whole organisation by role level and by site, as far as there are any.
    """

    caption: str
    groups: tuple[Group, ...]
    lines: tuple[Line, ...]
    more: More | None
    organisation: Line
    margins: tuple[Part, ...]
    scale: tuple[Sign, ...]
    signs: tuple[Sign, ...]
    remarks: tuple[str, ...]


def heatmap(release: Release, looking: Looking, first: Release | None = None, *, of: str = "") -> Heatmap:
    """The heatmap of a release, looked at in this way; `first` is the release of the assessment's first wave.

    `of` is the digest of what is drawn, under which its cells are kept as they are drawn; empty for what is drawn once.
    """
    every = placed(release, looking, first)
    rows = every[: looking.rows]
    whole = Placed(release.organisation, 0)
    margins = release.margins if looking.look in WITH_MARGINS else ()
    sites = tuple(group for margin in margins if margin.id == SITE for group in margin.groups)
    cells = [
        *((one.row, head.id, one.row.cells[head.id]) for one in (whole, *rows) for head in release.dimensions),
        *((_people(release, group), head.id, group.cells[head.id]) for group in sites for head in release.dimensions),
    ]
    return Heatmap(
        caption=_caption(release, looking.look),
        groups=_groups(release, looking),
        lines=tuple(_line(one, release, looking, of) for one in rows),
        more=_more(len(every), looking),
        organisation=_line(whole, release, looking, of),
        margins=tuple(_margins(margins, release, looking)),
        scale=legend.scale(release, cells, looking.look),
        signs=tuple(legend.signs(release, cells, looking)),
        remarks=tuple(legend.remarks(release, looking, sites=sites, first=first.wave.label if first else "")),
    )


_DRAWN: Final[Newest[tuple[Stretch, ...]]] = Newest(DRAWN_ROWS)


def blocks(release: Release) -> tuple[tuple[Block, tuple[DimensionHead, ...]], ...]:
    """The columns in their fixed order, by block; no block without columns."""
    found = ((block, tuple(head for head in release.dimensions if head.block == block)) for block in BLOCKS)
    return tuple((block, heads) for block, heads in found if heads)


def _groups(release: Release, looking: Looking) -> tuple[Group, ...]:
    return tuple(
        Group(
            name=BLOCKS[block],
            heads=heads,
            index=_sorting(block, looking) if block in INDICES else None,
            sortings=tuple(_sorting(head.id, looking) for head in heads),
        )
        for block, heads in blocks(release)
    )


def _sorting(column: str, looking: Looking) -> Sorting:
    now = "" if looking.column != column else "ascending" if looking.rising else "descending"
    return Sorting(looking.turned(column).query, now)


def _caption(release: Release, look: Look) -> Sentence:
    captions: Mapping[Look, Sentence] = {
        "scores": say("Scores from 0 to 100, the mean of the people who answered. Higher is more trust, or readier."),
        "change": say("Change since {before} in points, on the questions that both waves asked."),
        "compared": say(
            "Points above or below the whole organisation, with the score below them. Coloured where both 95 % "
            "intervals lie apart."
        ),
        "favourable": say("How many answers lean to yes, averaged over the questions of a dimension."),
        "uncertainty": say("How far the score of all staff may lie from the one shown, in points, in 95 of 100 cases."),
        "agreement": say("How far people agree: r*wg from 0, as if answered by chance, towards 1."),
        "table": say("Scores from 0 to 100 with their 95 % intervals."),
    }
    return captions[look].filled({"before": release.wave.previous_label or ""}) if look == "change" else captions[look]


def _more(every: int, looking: Looking) -> More | None:
    left = every - looking.rows
    if left <= 0:
        return None
    return More(left, min(left, AT_ONCE), looking.longer, looking.rows, looking.with_rows(every))


def _line(one: Placed, release: Release, looking: Looking, of: str) -> Line:
    row = one.row
    foldable = row.id in looking.foldable and looking.column != REORDERED
    return Line(
        id=row.id,
        kind=row.kind,
        name=words.row_name(row),
        members=", ".join(row.members),
        within=one.within,
        depth=one.depth,
        answered="–" if row.n is None else str(row.n),
        asked=row.headcount,
        corrected=row.headcount_corrected,
        fold=Fold(looking.toggled(row.id).query, row.id in looking.unfolded) if foldable else None,
        stretches=_kept(release, row, looking.look, of),
    )


def _kept(release: Release, row: Row, look: Look, of: str) -> tuple[Stretch, ...]:
    """The tiles of a row; a release never changes, and neither do they."""
    if not of:
        return _stretches(release, row, row.cells, look)
    known = _DRAWN.find((of, look, row.id))
    return known or _DRAWN.keep((of, look, row.id), _stretches(release, row, row.cells, look))


def _stretches(
    release: Release, row: Row, cells: Mapping[str, Cell], look: Look, *, indexed: bool = True
) -> tuple[Stretch, ...]:
    whole = release.organisation.cells
    indices = {"trust": row.trust.score, "readiness": row.readiness.score} if indexed else {}
    return tuple(
        Stretch(
            name=BLOCKS[block],
            index=("–" if (score := indices[block]) is None else str(score)) if block in indices else "",
            has_index=block in INDICES,
            tiles=tuple(
                tile(cells[head.id], head, row, look, whole=whole[head.id], first=head == heads[0]) for head in heads
            ),
        )
        for block, heads in blocks(release)
    )


def _margins(margins: tuple[Margin, ...], release: Release, looking: Looking) -> Iterator[Part]:
    """The organisation by role level and by site."""
    by_site, by_level = say("By site, all departments together"), say("By role level, all departments together")
    for margin in margins:
        if margin.groups:
            lines = tuple(_group(group, release, looking) for group in margin.groups)
            yield Part(by_site if margin.id == SITE else by_level, lines)


def _people(release: Release, group: MarginGroup) -> Row:
    """The people of a margin as a row to draw; it has no id, for it has no page."""
    return replace(release.organisation, id="", kind="unit", n=group.n)


def _group(group: MarginGroup, release: Release, looking: Looking) -> Line:
    people = _people(release, group)
    return Line(
        id="",
        kind="margin",
        name=group.name,
        members="",
        within="",
        depth=1,
        answered=str(group.n),
        asked=group.headcount,
        corrected=False,
        fold=None,
        stretches=_stretches(release, people, group.cells, looking.look, indexed=False),
    )


def orders(release: Release, first: str) -> tuple[tuple[str, Sentence], ...]:
    """The orders to choose from, by their name in the address; `first` is the first wave's label, empty for itself."""
    found = [(ARRANGED, say("As arranged")), *((key, say("By {column}", column=name)) for key, name in INDICES.items())]
    if first:
        found.insert(1, (FIRST, say("As in {first}", first=first)))
    found += [(head.id, say("By {column}", column=head.name)) for head in release.dimensions]
    return (*found, (REORDERED, say("Reordered by likeness")))
