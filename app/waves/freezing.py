"""What opening a wave freezes of each department, and what it deletes."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlmodel import Session

from app.clients.queries import DepartmentNode
from app.clients.tree import effective_sites
from app.jobs import service as jobs
from app.trials import service as trials
from app.waves.models import Wave, WaveDepartment
from app.workflows.queries import Workflows
from surveys.arrange import layout
from surveys.model import Form, Instrument

WIPE: Final = "wipe"


def departments(
    wave: Wave, nodes: Sequence[DepartmentNode], instrument: Instrument, workflows: Workflows
) -> Iterator[WaveDepartment]:
    """Each department as the wave keeps it, with the layout of its answer sheets: module and workflows are its own."""
    sites = effective_sites(nodes)
    form: Form = "full" if wave.form == "full" else "pulse"
    for position, node in enumerate(nodes):
        rated = workflows.get(node.id, ()) if instrument.workflow else ()
        columns = layout(instrument, form=form, function=node.function, workflows=[one.id for one in rated])
        yield WaveDepartment(
            organisation_id=wave.organisation_id,
            wave_id=wave.id,
            department_id=node.id,
            parent_id=node.parent_id,
            name=node.name,
            function=node.function,
            planned_headcount=node.headcount,
            headcount=node.headcount,
            position=position,
            pool=node.pool,
            site=sites[node.id],
            workflows=[[one.id, one.name] for one in rated],
            layout_items=list(columns.item_ids),
            layout_sha256=columns.sha256,
        )


def forget_trials(session: Session, wave: Wave, now: datetime) -> None:
    """Deletes what was answered on trial, and has the worker write the files anew that held it.

    Not under the wave's own id: that job marks a wave whose answers were shuffled.
    """
    if trials.forget(session, organisation_id=wave.organisation_id, wave_id=wave.id):
        jobs.enqueue(session, organisation_id=wave.organisation_id, kind=WIPE, subject_id=uuid4(), now=now)
