"""A release that tells of workflows, and the decision record on it: what the chapter on automating is printed from."""

from dataclasses import replace
from datetime import date
from typing import Final

from app.autonomy.deciding import decide
from app.autonomy.decision import Facts, Place
from app.autonomy.sharing import Shown, part_of
from app.autonomy.workflow import Work, work_of
from app.releases.document.release import Release, Row, Scored, WorkflowHead
from app.workflows.facts import FLAGS
from app.workflows.facts import Facts as Known
from scoring.gating import GATES
from tests.autonomy.stage import attestation
from tests.reports import builder, richer

DAY: Final = date(2026, 10, 1)
WISHES: Final = (80, 30, 72, 55)
"""What staff say of handing over the first, second, ... workflow of a department, again and again."""
NAMES: Final = (
    "Check a supplier’s invoice",
    "Adjust the settings of a line",
    "Answer a question about leave",
    "Prepare the plan of a shift for the week after next",
)


def with_workflows(each: int = 4) -> Release:
    """The rich client, of which each department with enough answers rates so many workflows."""
    base = richer.rich()
    rows = [row for row in base.rows[1:] if row.kind == "unit" and row.n is not None and row.n >= 10]
    heads = tuple(
        WorkflowHead(
            id=code(row, place), name=name(row, place), department=row.id, row=row.id, ratings=("RB", "EC", "DS", "HA")
        )
        for row in rows
        for place in range(each)
    )
    rated = {row.id: _rated(row, each) for row in rows}
    return replace(base, rows=tuple(rated.get(row.id, row) for row in base.rows), workflows=heads)


def code(row: Row, place: int) -> str:
    return f"{row.id}.{place}"


def name(row: Row, place: int) -> str:
    return f"{NAMES[place % len(NAMES)]} ({row.name})"


def _rated(row: Row, each: int) -> Row:
    more = {
        f"rating:{code(row, place)}:{kind}": _rating(score)
        for place in range(each)
        for kind, score in (("RB", 85), ("EC", 30), ("DS", WISHES[place % len(WISHES)]), ("HA", 50))
    }
    return replace(row, cells={**row.cells, **more})


def _rating(score: int) -> Scored:
    return replace(builder.scored(score, n=20, half=6), change=builder.no_change("first_wave"))


def record(release: Release) -> Shown:
    """What is shown of the record that follows from it, with some controls and two experts for every other workflow."""
    rows = [row for row in release.rows[1:] if row.kind == "unit"]
    found = decide(release, sha256="ab" * 32, facts=facts(release, rows), policy=GATES, number=1)
    told = part_of(found, release, own=None, sha256="cd" * 32, mapped=True)
    assert told is not None
    return told


def facts(release: Release, rows: list[Row]) -> Facts:
    return Facts(
        as_of=DAY,
        places=tuple(
            Place(id=row.id, name=row.name, parent=None, depth=row.depth - 1, function=row.function or "other")
            for row in rows
        ),
        attested=tuple(attestation(f"C{number:02}") for number in range(1, 7)),
        works=tuple(_work(head, place) for place, head in enumerate(release.workflows)),
    )


def _work(head: WorkflowHead, place: int) -> Work:
    known = Known(times=100, minutes=30, data_ready=5, undo=5, consequence=2, legal=dict.fromkeys(FLAGS, False))
    experts = (4, 5) if place % 2 else ()
    return work_of(known, id=f"w{place}", code=head.id, name=head.name, department=head.department, experts=experts)
