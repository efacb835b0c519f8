"""The pages of the survey for those who write a questionnaire: a visit of nobody, in which nothing can be saved."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.clients.brand import Badge
from app.clients.functions import FUNCTIONS
from app.clients.queries import OrganisationFacts
from app.invitations.queries import InvitationFacts
from app.respond import views
from app.respond.visit import Visit
from app.waves.languages import Offered
from app.waves.policy import Policy
from app.waves.queries import WaveDepartmentFacts, WaveView
from app.web.views import View
from surveys.model import Form, Instrument

NOBODY: Final = UUID(int=0)
NOBODYS: Final = "preview"
HEADCOUNT: Final = 25


def sample_visit(
    organisation: OrganisationFacts,
    instrument: Instrument,
    form: Form,
    function: str,
    *,
    offered: Offered,
    language: str,
    badge: Badge,
    now: datetime,
) -> Visit:
    """A visit of nobody, in a department of that function, under the privacy policy that is proposed first."""
    return Visit(
        token=NOBODYS,
        invitation=_invitation(organisation.id),
        wave=_wave(organisation, instrument, form, now),
        organisation=organisation,
        department=_department(function),
        source=instrument,
        offered=offered,
        language=language,
        badge=badge,
    )


def looked_at(visit: Visit, page: int) -> View:
    """A page of a visit: 0 is the welcome, then its pages from 1; the last one for a number beyond."""
    at = min(page, len(visit.pages))
    return views.welcome(visit, None) if at == 0 else views.question(visit, at - 1, None, shown="")


def _invitation(organisation_id: UUID) -> InvitationFacts:
    return InvitationFacts(organisation_id, NOBODY, NOBODY, NOBODY, "personal", 1, spent=False, revoked_at=None)


def _wave(organisation: OrganisationFacts, instrument: Instrument, form: Form, now: datetime) -> WaveView:
    return WaveView(
        organisation_id=organisation.id,
        id=NOBODY,
        assessment_id=NOBODY,
        assessment_name="",
        number=1,
        label="",
        form=form,
        state="open",
        instrument=instrument.key,
        instrument_version=instrument.version,
        instrument_sha256=instrument.sha256,
        policy=Policy(),
        planned_close=None,
        opened_at=now,
        closed_at=None,
        previous_wave_id=None,
    )


def _department(function: str) -> WaveDepartmentFacts:
    return WaveDepartmentFacts(
        department_id=NOBODY,
        parent_id=None,
        name=FUNCTIONS[function],
        function=function,
        planned_headcount=HEADCOUNT,
        headcount=HEADCOUNT,
        headcount_confirmed=False,
        position=0,
        layout_items=(),
        layout_sha256="",
    )
