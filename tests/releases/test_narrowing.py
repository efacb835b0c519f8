"""What is left of a release that is cut to some departments: nothing that names others or tells of everybody."""

from dataclasses import replace

from app.releases.document.figures import Quality
from app.releases.document.notes import CORRECTED
from app.releases.document.release import Release, WorkflowHead, dump, load
from app.releases.narrowing import narrowed, rows_of
from app.reports.extent import MOST_PAGES, extent
from tests.reports import richer

OTHER = "3 answers of 88 were set aside because they were given too fast to be read."
QUALITY = (
    Quality(
        dimension="T1",
        n=60,
        alpha=80,
        interval=(75, 84),
        omega=81,
        item_rest={},
        reliable=True,
        refused="",
        groups=5,
        icc1=4,
        icc2=30,
        decision="differences_without_ranks",
    ),
)


def workflow(number: str, row: str) -> WorkflowHead:
    return WorkflowHead(id=number, name=f"Work of {row}", department=row, row=row, ratings=("DS",))


def told() -> Release:
    """A release that tells all it can, with corrected headcounts and workflows of two departments."""
    base = richer.rich()
    corrected = tuple(replace(row, headcount_corrected=row.id in ("legal", "operations")) for row in base.rows)
    return replace(
        base,
        rows=corrected,
        notes=(OTHER, str(CORRECTED.filled({"names": "Legal, Operations"}))),
        workflows=(workflow("1", "legal"), workflow("2", "operations")),
        quality=QUALITY,
    )


def test_a_cut_names_only_its_own_workflows_and_corrected_headcounts() -> None:
    release = told()
    part = load(dump(narrowed(release, rows_of(release, ("legal",)))))
    assert [one.row for one in part.workflows] == ["legal"]
    assert part.notes == (OTHER, CORRECTED.filled({"names": "Legal"}))
    none = narrowed(release, rows_of(release, ("it",)))
    assert (none.workflows, none.notes) == ((), (OTHER,))


def test_a_cut_tells_nothing_of_everybody_but_the_row_of_the_organisation() -> None:
    release = told()
    assert all((release.margins, release.gaps, release.drivers, release.quality))
    part = narrowed(release, rows_of(release, ("legal",)))
    assert (part.margins, part.gaps, part.drivers, part.quality) == ((), None, None, ())


def test_an_edition_of_a_department_carries_no_name_of_another() -> None:
    content = dump(extent(told(), "legal").printed)
    assert b"Operations" not in content
    assert b"Work of legal" in content


def test_an_edition_of_a_group_names_no_work_of_its_members() -> None:
    release = told()
    group = "pool:finance"
    known = replace(release, workflows=(*release.workflows, workflow("3", group)))
    assert b"Work of " not in dump(extent(known, group).printed)
    assert [one.row for one in extent(known, "finance").printed.workflows] == [group], "it lies below this lead"


def test_a_cut_report_for_the_board_keeps_what_is_told_of_everybody() -> None:
    rows = richer.many(2 * MOST_PAGES).rows
    release = replace(told(), rows=rows, small=())
    printed = extent(release, "").printed
    assert len(printed.rows) < len(rows)
    kept = ("margins", "gaps", "drivers", "quality", "notes", "workflows")
    assert all(getattr(printed, name) == getattr(release, name) for name in kept)
