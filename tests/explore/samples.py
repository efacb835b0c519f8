"""Small releases to draw: every kind of cell and row once."""

from dataclasses import replace

from app.releases.document.release import (
    Certificate,
    Change,
    DimensionHead,
    Hidden,
    Index,
    NoChange,
    Policy,
    Release,
    Row,
    Scored,
    WaveFacts,
)

FIRST = NoChange(reason="first_wave")
DIMENSIONS = (
    DimensionHead(id="T1", name="Competence", short="Does the work", definition="It works.", block="trust", items=4),
    DimensionHead(id="R1", name="Skills", short="We know how", definition="We can.", block="readiness", items=4),
    DimensionHead(id="W", name="Willingness", short="Would let it", definition="We would.", block="criterion", items=3),
)
PLAIN = Scored(score=62, band="developing", grade="B", change=FIRST, n=14, interval=(55, 69), border="strong")
SMALL = Scored(score=45, band="emerging", grade="D", change=FIRST)
CLIPPED = Scored(score=90, band="leading", grade="C", change=FIRST, bound=">=")
UP = Change(before=50, now=62, delta=12, p=2, direction="up", confirmation="confirmed")
SEEMS_DOWN = Change(before=51, now=45, delta=-6, p=9, direction="down", confirmation="seems")
UNCLEAR = Change(before=60, now=62, delta=2, p=70, direction="none", confirmation="none")
HIDDEN = Hidden(reason="small_group")


def row(name: str, *, n: int | None = 14, headcount: int = 20, depth: int = 1, **cells: Scored | Hidden) -> Row:
    """A department with a cell for each dimension; those not given score 62."""
    filled = {head.id: cells.get(head.id, PLAIN) for head in DIMENSIONS}
    return Row(
        id=name.lower(),
        kind="unit",
        name=name,
        parent="organisation",
        depth=depth,
        headcount=headcount,
        n=n,
        rate=70,
        departments=(name.lower(),),
        members=(),
        function=None,
        headcount_corrected=False,
        trust=Index(score=62, band="developing"),
        readiness=Index(score=62, band="developing"),
        cells=dict(filled),
    )


def release(*rows: Row, previous: str | None = "2026-Q3", not_comparable: dict[str, str] | None = None) -> Release:
    """A release of these rows below an organisation of the same name and 40 people."""
    whole = replace(row("Harbour", n=40, headcount=60), id="organisation", kind="organisation", depth=0, parent=None)
    return Release(
        schema=1,
        number=1,
        method="1",
        wave=WaveFacts(
            organisation="Harbour",
            assessment="Readiness",
            label="2026-Q4",
            form="full",
            opened_on="2026-10-05",
            closed_on="2026-10-23",
            instrument="atr",
            instrument_version="1.0.0",
            instrument_sha256="0" * 64,
            roster_sha256="1" * 64,
            previous_label=previous,
        ),
        policy=Policy(),
        dimensions=DIMENSIONS,
        modules=(),
        rows=(whole, *rows),
        small=(),
        comparable=(),
        not_comparable=not_comparable or {},
        certificate=Certificate(
            statement="Nothing about fewer than 5 people can be worked out.",
            k_means=5,
            k_intervals=10,
            means_published=6,
            means_hidden=0,
            intervals_published=6,
            smallest_support=14,
        ),
        notes=(),
    )
