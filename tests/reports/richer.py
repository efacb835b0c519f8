"""Releases that tell all a report can print beside scores: gaps, drivers, shares of questions, role levels, sites."""

from dataclasses import replace

from app.releases.document.figures import (
    Agreement,
    Camps,
    Driver,
    Drivers,
    Gaps,
    Gate,
    ItemHead,
    LeaderGap,
    LeftOut,
    Share,
    Shares,
)
from app.releases.document.release import (
    SITE,
    Cell,
    Hidden,
    Index,
    Margin,
    MarginGroup,
    NoChange,
    Release,
    Row,
    Scored,
)
from tests.reports import builder

LEADERS, STAFF = (3, 4), (0, 1, 2)
QUESTIONS = tuple(
    ItemHead(id=f"{dimension}{letter}", column=dimension, text=f"In {name.lower()}, statement {letter} is true of us.")
    for dimension, name, _, _ in builder.DIMENSIONS
    for letter in "abcd"
)


def rich() -> Release:
    """The client of `builder` with all that a full form tells."""
    base = builder.release()
    rows = tuple(_told(row) for row in base.rows)
    return replace(
        base,
        wave=replace(base.wave, form="full"),
        rows=rows,
        items=QUESTIONS,
        margins=(_levels(base), _sites(base)),
        gaps=_gaps(),
        drivers=_drivers(),
        left_out=LeftOut(number=0),
    )


def _told(row: Row) -> Row:
    cells = {name: _beside(cell, place) for place, (name, cell) in enumerate(row.cells.items())}
    large = row.n is not None and row.n >= 10
    return replace(
        row,
        cells=cells,
        items={head.id: _shares(place) for place, head in enumerate(QUESTIONS)} if large else {},
        unknown={head.id: Share(percent=12) for head in QUESTIONS} if large else {},
    )


def _beside(cell: Cell, place: int) -> Cell:
    if not isinstance(cell, Scored) or cell.n is None:
        return cell
    return replace(
        cell,
        shares=_shares(place),
        unknown=Share(percent=10 + place),
        agreement=Agreement(r_wg=48 + 3 * place, deviation=90 - place),
        camps=Camps(polarisation=30 + 2 * place, split=place == 4),
        gate=Gate(lower=max(0, cell.score - 4), upper=min(100, cell.score + 4), own=True),
    )


def _shares(place: int) -> Shares:
    yes = 30 + 7 * place % 45
    no = (60 - yes // 2) % 40
    return Shares(
        favourable=Share(percent=yes),
        neutral=Share(percent=100 - yes - no),
        unfavourable=Share(percent=no),
        interval=(max(0, yes - 12), min(100, yes + 12)),
    )


def _levels(base: Release) -> Margin:
    cells = {name: cell for name, cell in base.organisation.cells.items() if name in builder.IDS}
    return Margin(
        id="E2",
        question="What is your role?",
        groups=(
            MarginGroup(name="No answer, or I lead nobody", n=62, cells=cells, answers=STAFF),
            MarginGroup(name="I lead a team or more", n=23, cells=cells, answers=LEADERS),
        ),
    )


def _sites(base: Release) -> Margin:
    cells: dict[str, Cell] = {name: base.organisation.cells[name] for name in builder.IDS}
    cells["R4"] = Hidden(reason="not_separately")
    return Margin(
        id=SITE,
        question="Site",
        groups=(
            MarginGroup(name="Harbour Street", n=50, cells=cells, departments=("finance",), headcount=60),
            MarginGroup(name="Hill Works", n=35, cells=cells, departments=("operations",), headcount=45),
        ),
    )


def _gaps() -> Gaps:
    pairs = (
        (71, 64),
        (55, 44),
        (66, 59),
        (60, 57),
        (58, 50),
        (61, 52),
        (54, 47),
        (60, 38),
        (56, 49),
        (70, 52),
        (66, 61),
    )
    cells = tuple(
        LeaderGap(
            dimension=name,
            leaders=leaders,
            staff=staff,
            gap=leaders - staff,
            interval=(leaders - staff - 9, leaders - staff + 9),
            p=2 if leaders - staff >= 18 else 40,
            g=40,
            marked=leaders - staff >= 18,
        )
        for name, (leaders, staff) in zip(builder.IDS, pairs, strict=False)
    )
    return Gaps(leaders=LEADERS, staff=STAFF, cells=cells)


def _drivers() -> Drivers:
    shares = (22, 8, 6, 7, 9, 8, 7, 18, 5, 6, 4)
    return Drivers(
        outcome="W",
        n=112,
        explained=46,
        cells=tuple(
            Driver(dimension=name, share=share, interval=(max(0, share - 5), share + 6), lmg=share)
            for name, share in zip(builder.IDS, shares, strict=False)
        ),
        draws=2000,
        seed=1,
        refused="",
    )


def first_wave() -> Release:
    """A full form with nothing to compare with."""
    base, none = rich(), NoChange(reason="first_wave")
    rows = tuple(
        replace(
            row,
            cells={
                name: replace(cell, change=none) if isinstance(cell, Scored) else cell
                for name, cell in row.cells.items()
            },
        )
        for row in base.rows
    )
    return replace(base, wave=replace(base.wave, previous_label=None), rows=rows, comparable=())


def alone() -> Release:
    """A client whose one department is not shown apart."""
    base = builder.first_wave()
    return replace(base, rows=base.rows[:1], small=())


def suppressed() -> Release:
    """A client of which no score may be shown."""
    base = builder.release()
    none = Index(score=None, band=None)
    rows = tuple(
        replace(row, cells=builder.hidden_cells(), n=None, rate=None, trust=none, readiness=none) for row in base.rows
    )
    return replace(base, rows=rows)


def many(departments: int) -> Release:
    """A client with that many departments, three levels deep, ten of them right below the organisation."""
    base = rich()
    operations = base.row("operations")
    assert operations is not None
    rows = tuple(
        replace(
            operations,
            id=f"unit-{number}",
            name=f"Region {number:03}",
            parent="organisation" if number % 10 == 0 else f"unit-{number - number % 10}",
            depth=1 if number % 10 == 0 else 2,
            departments=(f"unit-{number}",),
            headcount=30 + number % 7,
        )
        for number in range(departments)
    )
    return replace(base, rows=(base.organisation, *rows), small=())


def long_names() -> Release:
    """Names of 200 characters, one of them a single word."""
    base = rich()
    names = ("Operations " * 20, "W" * 200, "مجلس إدارة العمليات " * 10)
    rows = tuple(
        replace(row, name=names[place % 3].strip()[:200]) if place else row for place, row in enumerate(base.rows)
    )
    wave = replace(base.wave, organisation=("Fernhill Instruments " * 10)[:200].strip())
    return replace(base, rows=(replace(rows[0], name=wave.organisation), *rows[1:]), wave=wave, small=())
