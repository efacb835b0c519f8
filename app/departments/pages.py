"""Gathers the pages about changes of departments. Each runs a fixed number of statements."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.clients import changes
from app.clients import queries as clients
from app.clients.functions import FUNCTIONS
from app.clients.imports import SEPARATOR
from app.clients.queries import DepartmentNode
from app.departments import service
from app.departments.drawing import History, drawing
from app.departments.forms import KINDS, ROWS, ChangeForm, PartForm
from app.departments.views import ChangeLine, ChangesPage, Entry, KindLink, LineagePage
from app.lineage import queries as lineage
from app.lineage import words
from app.lineage.days import today
from app.lineage.descent import Tree, steps
from app.lineage.snapshots import Change, Kind
from app.sentences import say
from app.waves import queries as waves
from app.waves.queries import WaveView

MOST_DONE: Final = 50


def changes_page(
    session: Session,
    organisation_id: UUID,
    *,
    now: datetime,
    kind: Kind = "rename",
    typed: ChangeForm | None = None,
    errors: Mapping[str, str] | None = None,
) -> ChangesPage:
    """What is planned and what was done, with the form of a change, empty or as it was typed."""
    organisation = clients.organisation(session, organisation_id)
    tree = clients.departments(session, organisation_id)
    every = waves.waves(session, organisation_id)
    there = clients.every_department(session, organisation_id)
    done = [one for one in reversed(lineage.done(session, organisation_id)) if one.before or one.after]
    day = today(now, organisation.time_zone).isoformat()
    typed = typed or ChangeForm(kind=kind, day=day, parts=tuple(PartForm() for _ in range(ROWS)))
    return ChangesPage(
        organisation=organisation,
        planned=_planned(lineage.waiting(session, organisation_id), tree, there, every, organisation.time_zone),
        done=_done(done[:MOST_DONE], there, frozen_at=service.frozen_at(every)),
        kinds=tuple(KindLink(key, words.KINDS[key], key == typed.kind) for key in KINDS.values()),
        typed=typed,
        departments=tuple(_options(tree)),
        functions=tuple(FUNCTIONS.items()),
        errors=errors or {},
    )


def _planned(
    waiting: Sequence[Change], tree: Sequence[DepartmentNode], there: Tree, every: Sequence[WaveView], zone: str
) -> tuple[ChangeLine, ...]:
    problems = changes.why_not(tree, waiting)
    names = {id: one.name for id, one in there.items()}
    return tuple(
        ChangeLine(
            id=one.id,
            day=one.day,
            told=words.planned(one, names),
            remark=_remark(service.running_on(every, one.day, zone)),
            problem=problems.get(one.id, ""),
            is_held=one.state == "held",
        )
        for one in waiting
    )


def _done(done: Sequence[Change], there: Tree, *, frozen_at: datetime | None) -> tuple[ChangeLine, ...]:
    names = {id: one.name for id, one in there.items()}
    return tuple(
        ChangeLine(
            id=one.id,
            day=one.day,
            told=words.about(one, names),
            can_undo=changes.about_undoing(one, there, frozen_at=frozen_at) is None,
        )
        for one in done
    )


def lineage_page(session: Session, organisation_id: UUID, *, now: datetime) -> LineagePage:
    """Which department came from which."""
    organisation = clients.organisation(session, organisation_id)
    zone = organisation.time_zone
    there = clients.every_department(session, organisation_id)
    done, planned = lineage.done(session, organisation_id), lineage.waiting(session, organisation_id)
    opened = tuple(
        (one.label, today(one.opened_at, zone))
        for one in reversed(waves.waves(session, organisation_id))
        if one.opened_at is not None and one.state != "cancelled"
    )
    began = {id: today(moment, zone) for id, moment in clients.began(session, organisation_id).items()}
    drawn = drawing(History(departments=there, began=began, done=done, planned=planned, waves=opened,
                            today=today(now, zone)))  # fmt: skip
    names = {id: one.name for id, one in there.items()}
    entries = [Entry(day=one.day, told=words.about(one, names), is_planned=False) for one in done if steps(one)]
    entries += [Entry(day=one.day, told=words.planned(one, names), is_planned=True) for one in planned]
    lanes = 0 if drawn is None else sum(one.is_open for one in drawn.lanes) + drawn.left_out
    return LineagePage(
        organisation=organisation,
        drawing=drawn,
        entries=tuple(reversed(entries)),
        waves=opened,
        unchanged=max(0, sum(one.is_open for one in there.values()) - lanes),
    )


def _remark(label: str | None) -> str:
    if label is None:
        return ""
    return say("{label} runs then. It keeps the departments with which it opened.", label=label)


def _options(tree: Sequence[DepartmentNode]) -> Iterator[tuple[str, str]]:
    paths: dict[UUID, str] = {}
    for node in tree:
        above = paths[node.parent_id] + SEPARATOR if node.parent_id is not None else ""
        paths[node.id] = above + node.name
        yield str(node.id), paths[node.id]
