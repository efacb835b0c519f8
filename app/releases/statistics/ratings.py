"""What staff rate of the workflows that they do: a column for each rating, told of the department that was asked (2.2).

Each is a question by itself and part of no dimension, so that its mean gives nobody away (measurement design, P1).
"""

from collections.abc import Iterator, Mapping
from typing import Final

from app.releases.document.release import WorkflowHead
from app.releases.plan.coarsening import Node, nodes
from app.releases.plan.tallies import only_merges
from app.releases.statistics.columns import Column, column
from app.releases.statistics.estimate import Told
from surveys.model import BETWEEN, Instrument, Workflow

RATING: Final = "rating:"


def rating_columns(instrument: Instrument) -> dict[str, Column]:
    """The columns of ratings by their ids, such as `rating:invoice-check:DS`, in the order of the layouts."""
    return {
        f"{RATING}{item.id}": column(instrument, f"{RATING}{item.id}", (item,))
        for _, workflows in instrument.rated_here
        for workflow in workflows
        for item in instrument.rated(workflow)
    }


def rating_rows(instrument: Instrument, rows: Node) -> dict[str, Node]:
    """The row in which each column of ratings stands: the finest that holds the department, by the column's id."""
    finest = _finest(rows)
    return {
        f"{RATING}{item.id}": finest[department]
        for department, workflows in instrument.rated_here
        if department in finest
        for workflow in workflows
        for item in instrument.rated(workflow)
    }


def asked_on(row: Node | None, told: Told, responses: Mapping[str, int]) -> list[Node]:
    """The row on which a column is planned, unless an earlier release told otherwise of it.

    It is that of the department that was asked and of nobody else: in a group the ratings of one member would stand
    beside the number of all who answered, and would tell how many of the others did.
    """
    alone = row is not None and row.kind != "pool" and len(row.departments) == 1
    return [row] if row is not None and alone and all(only_merges(row, sets, responses) for sets in told) else []


def _finest(rows: Node) -> dict[str, Node]:
    return {department: one for one in nodes(rows) if not one.children for department in one.departments}


def workflow_heads(instrument: Instrument, rows: Node) -> Iterator[WorkflowHead]:
    """The workflows that were rated, each with the row that tells of it."""
    finest = _finest(rows)
    for department, workflows in instrument.rated_here:
        for one in workflows:
            if department in finest:
                yield WorkflowHead(
                    id=one.id,
                    name=one.name,
                    department=department,
                    row=finest[department].id,
                    ratings=_ratings(one, instrument),
                )


def _ratings(workflow: Workflow, instrument: Instrument) -> tuple[str, ...]:
    return tuple(item.id.removeprefix(f"{workflow.id}{BETWEEN}") for item in instrument.rated(workflow))
