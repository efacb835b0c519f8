"""Builds release documents for the tests of reports: a client with sub-departments, pools, hidden cells and changes."""

from dataclasses import replace

from app.releases.document.figures import Bound
from app.releases.document.release import (
    Band,
    Block,
    Cell,
    Certificate,
    Change,
    Confirmation,
    Coverage,
    DimensionHead,
    Direction,
    Grade,
    Hidden,
    Index,
    ModuleHead,
    NoChange,
    NoChangeReason,
    Policy,
    Release,
    Row,
    RowKind,
    Scored,
    Small,
    WaveFacts,
)

DIMENSIONS: tuple[tuple[str, str, str, Block], ...] = (
    ("T1", "Competence", "Does the work well", "trust"),
    ("T2", "Transparency and predictability", "I can see why", "trust"),
    ("T3", "Purpose and integrity", "On our side, by our rules", "trust"),
    ("T4", "Control and recoverability", "I can stop it and undo it", "trust"),
    ("T5", "Fair treatment and safe challenge", "Safe and fair for me", "trust"),
    ("R1", "Skills and AI literacy", "We know how", "readiness"),
    ("R2", "Process and data readiness", "Our work is in shape for it", "readiness"),
    ("R3", "Guardrails and governance", "We know the rules", "readiness"),
    ("R4", "Roles and work design", "Clear who does what", "readiness"),
    ("R5", "Leadership and resources", "Leaders back it", "readiness"),
    ("R6", "Change commitment and efficacy", "We want to and can", "readiness"),
    ("W", "Willingness to delegate", "Would let it act", "criterion"),
)
IDS = tuple(dimension[0] for dimension in DIMENSIONS)
BANDS: tuple[tuple[int, Band], ...] = (
    (85, "leading"),
    (70, "strong"),
    (55, "developing"),
    (40, "emerging"),
    (0, "low"),
)


def band(score: int) -> Band:
    """The band of a printed score."""
    return next(name for start, name in BANDS if score >= start)


def change(before: int, now: int, *, confirmation: Confirmation = "none", p: int = 40) -> Change:
    """A change between two printed anchor scores."""
    direction: Direction = "none" if confirmation == "none" else "up" if now > before else "down"
    return Change(before=before, now=now, delta=now - before, p=p, direction=direction, confirmation=confirmation)


def no_change(reason: NoChangeReason) -> NoChange:
    """Why there is no change."""
    return NoChange(reason=reason)


def scored(
    score: int,
    *,
    n: int | None = None,
    half: int | None = None,
    bound: Bound = "",
    changed: Change | NoChange | None = None,
    coverage: Coverage | None = None,
) -> Scored:
    """A shown cell; `half` is the half-width of its interval."""
    width = half if half is not None else 17
    grade: Grade = "A" if width <= 5 else "B" if width <= 10 else "C" if width <= 15 else "D"
    interval = (max(0, score - half), min(100, score + half)) if half is not None and not bound else None
    border = band(interval[1]) if interval and band(interval[1]) != band(score) else None
    return Scored(
        score=score,
        band=band(score),
        grade=grade,
        change=changed or change(score - 1, score),
        bound=bound,
        border=border,
        n=n,
        interval=interval,
        coverage=coverage,
    )


def small_cells(scores: tuple[int, ...], reason: NoChangeReason = "hidden") -> dict[str, Cell]:
    """Cells of a department in which fewer than ten answered: no n, no interval, to the nearest five."""
    cells: dict[str, Cell] = {}
    for name, score in zip(IDS, scores, strict=True):
        bound: Bound = ">=" if score > 90 else "<=" if score <= 10 else ""
        cells[name] = scored(min(90, score), bound=bound, changed=no_change(reason))
    return cells


def large_cells(scores: tuple[int, ...], *, n: int, half: int, coverage: Coverage | None = None) -> dict[str, Cell]:
    """Cells of a department or a roll-up with intervals; the last question was left out by one person."""
    cells: dict[str, Cell] = {
        name: scored(score, n=n, half=half, coverage=coverage) for name, score in zip(IDS, scores, strict=True)
    }
    cells["W"] = scored(scores[-1], n=n - 1, half=half, coverage=coverage)
    return cells


def hidden_cells(reason: str = "small_group") -> dict[str, Cell]:
    """A row that must not show anything."""
    return {name: Hidden(reason=reason) for name in IDS}  # type: ignore[arg-type]  # a reason of the document


def index(cells: dict[str, Cell], letter: str) -> Index:
    """The mean of the printed cells of a block, where enough are shown."""
    shown = [c.score for name, c in cells.items() if name[0] == letter and isinstance(c, Scored)]
    if len(shown) < (4 if letter == "T" else 5):
        return Index(score=None, band=None)
    score = (2 * sum(shown) + len(shown)) // (2 * len(shown))
    return Index(score=score, band=band(score))


def row(
    name: str,
    cells: dict[str, Cell],
    *,
    headcount: int,
    n: int | None,
    kind: RowKind = "unit",
    parent: str = "organisation",
    depth: int = 1,
    members: tuple[str, ...] = (),
    function: str | None = None,
    module: str | None = None,
) -> Row:
    """One row; its id is its name in lower case, a pool's is "pool:" and its parent."""
    key = name.lower().replace(" ", "-")
    return Row(
        id=f"pool:{parent}" if kind == "pool" else key,
        kind=kind,
        name=name,
        parent=parent,
        depth=depth,
        headcount=headcount,
        n=n,
        rate=None if n is None else round(100 * n / headcount),
        departments=members or (key,),
        members=members,
        function=function,
        headcount_corrected=False,
        trust=index(cells, "T"),
        readiness=index(cells, "R"),
        cells=cells,
        module=module,
    )


def release(*, number: int = 1, previous: str | None = "2026-Q2") -> Release:
    """Release 1 of the third wave of a client with ten rows."""
    rows = (_organisation(), *_finance(), *_others())
    return Release(
        schema=1,
        number=number,
        method="1",
        wave=_wave(previous),
        policy=Policy(),
        dimensions=tuple(
            DimensionHead(id=i, name=name, short=short, definition=f"{name}, in short: {short}.", block=block, items=2)
            for i, name, short, block in DIMENSIONS
        ),
        modules=(ModuleHead(id="module:finance", function="finance", name="Finance", items=6),),
        rows=rows,
        small=(
            Small(id="hr", name="HR", row="pool:organisation"),
            Small(id="ethics", name="Ethics", row="pool:organisation"),
            Small(id="planning", name="Planning", row="pool:finance"),
            Small(id="tax", name="Tax", row="pool:finance"),
        ),
        comparable=IDS,
        not_comparable={},
        certificate=Certificate(
            statement="No combination of fewer than 5 people can be recovered from the means of this release.",
            k_means=5,
            k_intervals=10,
            means_published=83,
            means_hidden=13,
            intervals_published=59,
            smallest_support=5,
        ),
        notes=("3 answers of 88 were set aside because they were given too fast to be read.",),
    )


def _wave(previous: str | None) -> WaveFacts:
    return WaveFacts(
        organisation="Fernhill Instruments (fictional)",
        assessment="AI agents at work",
        label="2026-Q3",
        form="pulse",
        opened_on="2026-09-07",
        closed_on="2026-09-28",
        instrument="atr",
        instrument_version="1.0.0",
        instrument_sha256="a1" * 32,
        roster_sha256="b2" * 32,
        previous_label=previous,
    )


def first_wave() -> Release:
    """The same client with nothing to compare with."""
    base = release(previous=None)
    none = NoChange(reason="first_wave")
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
    return replace(base, rows=rows, comparable=())


def little() -> Release:
    """Three rows that have everything the report can print: changes, a module, a page without scores."""
    return little_of(release())


def little_of(base: Release) -> Release:
    """The organisation and two departments of a release."""
    kept = tuple(row for row in base.rows if row.id in (base.organisation.id, "finance", "procurement"))
    return replace(base, rows=kept, small=())


def large(departments: int = 12) -> Release:
    """A client with that many departments of its own, each with a page."""
    base = release()
    operations = base.row("operations")
    assert operations is not None
    more = tuple(
        replace(operations, id=f"unit-{number}", name=f"Region {number:02}", departments=(f"unit-{number}",))
        for number in range(departments)
    )
    return replace(base, rows=(base.organisation, *more))


def _organisation() -> Row:
    cells = large_cells((66, 47, 61, 58, 52, 55, 49, 44, 51, 57, 63, 60), n=85, half=4, coverage=">= 95 %")
    cells["T1"] = scored(66, n=85, half=4, changed=change(58, 66, confirmation="confirmed", p=1), coverage=">= 95 %")
    cells["R3"] = scored(44, n=84, half=5, changed=change(39, 45, confirmation="seems", p=8), coverage="80-95 %")
    made = row("Fernhill Instruments (fictional)", cells, headcount=105, n=85, kind="organisation")
    return replace(made, id="organisation", parent=None, depth=0, departments=("all",))


def _finance() -> tuple[Row, ...]:
    top = large_cells((72, 55, 66, 60, 50, 62, 58, 52, 57, 61, 68, 66), n=17, half=9, coverage=">= 95 %")
    top["T1"] = scored(72, n=17, half=9, changed=change(57, 72, confirmation="confirmed", p=2), coverage=">= 95 %")
    top["R2"] = scored(58, n=17, half=11, changed=change(47, 58, confirmation="seems", p=9), coverage=">= 95 %")
    top["module:finance"] = scored(59, n=16, half=12)
    payable = small_cells((75, 55, 70, 60, 50, 65, 60, 55, 60, 65, 70, 95), "new")
    pooled = small_cells((65, 55, 60, 60, 50, 60, 55, 50, 55, 55, 65, 60), "other_members")
    pooled["R4"] = Hidden(reason="not_separately")
    payable["R4"] = Hidden(reason="not_separately")
    return (
        row("Finance", top, headcount=21, n=17, function="finance", module="module:finance"),
        row("Accounts payable", payable, headcount=9, n=8, parent="finance", depth=2, function="finance"),
        row(
            "Finance, central and small teams: Planning, Tax",
            pooled,
            headcount=12,
            n=9,
            kind="pool",
            parent="finance",
            depth=2,
            members=("Planning", "Tax"),
        ),
    )


def _others() -> tuple[Row, ...]:
    legal = small_cells((45, 10, 40, 35, 40, 45, 50, 60, 55, 40, 30, 25))
    operations = large_cells((61, 41, 58, 55, 47, 49, 44, 37, 46, 52, 60, 58), n=26, half=8, coverage=None)
    operations["T5"] = scored(47, n=26, half=8, changed=change(59, 47, confirmation="confirmed", p=3))
    operations["R6"] = scored(60, n=26, half=8, changed=change(67, 60, confirmation="seems", p=10))
    it = large_cells((81, 72, 70, 86, 61, 78, 66, 55, 58, 62, 71, 74), n=11, half=10, coverage=None)
    it["R3"] = scored(55, n=10, half=16, changed=change(43, 55, confirmation="seems", p=6))
    service = large_cells((64, 45, 60, 59, 57, 52, 46, 43, 50, 60, 66, 62), n=12, half=13, coverage=None)
    small = small_cells((55, 45, 55, 50, 60, 50, 45, 45, 50, 60, 55, 50))
    small["R2"] = Hidden(reason="small_group")
    return (
        row("Legal", legal, headcount=8, n=7, function="legal"),
        row("Operations", operations, headcount=30, n=26, function="operations"),
        row("IT", it, headcount=12, n=11, function="it"),
        row("Customer service", service, headcount=25, n=12, function="customer_service"),
        row("Procurement", hidden_cells("no_answers"), headcount=6, n=None, function="procurement"),
        row(
            "Fernhill Instruments (fictional), central and small teams: Ethics, HR",
            small,
            headcount=9,
            n=8,
            kind="pool",
            members=("Ethics", "HR"),
        ),
    )
