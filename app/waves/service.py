"""Planning, opening and closing waves.

Every change compares the wave's state under its lock, so that two clicks, two tabs or two people at once do a thing
once.
"""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid4, uuid5

from sqlmodel import Session

from app.clients import changes, profile
from app.clients import queries as clients
from app.errors import CLOSED_MEANWHILE, ConflictError, GoneError, InvalidError
from app.jobs import service as jobs
from app.rosters import queries as rosters
from app.sentences import Passage, say
from app.waves import (
    approvals,
    checks,
    freezing,
    headcounts,
    instruments,
    labels,
    languages,
    policy,
    queries,
    refusals,
    timers,
    wording,
)
from app.waves.approvals import ObjectionError
from app.waves.models import Assessment, HeadcountCorrection, Wave, WaveDepartment
from app.waves.planning import check_form, plan_faults, wrong_field
from app.waves.policy import Policy, stored
from app.waves.queries import FINISHED, WaveView
from app.workflows import queries as workflows
from surveys.model import Form

RELEASE = "release"
DEFAULT_POLICY = Policy()
WAVES_FROM_FULL_TO_FULL = 4


def plan_assessment(
    session: Session,
    *,
    organisation_id: UUID,
    name: str,
    instrument: str,
    label: str,
    form: str,
    planned_close: date | None,
    now: datetime,
    policy: Policy = DEFAULT_POLICY,
) -> UUID:
    """Makes an assessment with its first wave, a draft, and gives the wave's id.

    Asked again for the same, it gives the same wave. InvalidError has a sentence for each field that is wrong.
    """
    wrong = plan_faults(
        session, organisation_id, name=name, instrument=instrument, label=label, form=form, close=planned_close, now=now
    )
    if wrong:
        raise InvalidError(" ".join(wrong.values()), fields=wrong)
    checked_name, checked_label = " ".join(name.split()), labels.checked(label)
    # The id follows from the name, so that two clicks at the same moment can't make two assessments.
    assessment = Assessment(
        organisation_id=organisation_id,
        id=uuid5(organisation_id, checked_name.casefold()),
        name=checked_name,
        instrument=instrument,
        created_at=now,
    )
    if queries.add_assessment(session, assessment):
        return _add_wave(
            session, assessment, number=1, label=checked_label, form=form, close=planned_close, policy=policy, now=now
        )
    there = [w for w in queries.waves(session, organisation_id) if w.assessment_id == assessment.id]
    wanted = (instrument, checked_label, form, planned_close, policy, "draft")
    if len(there) == 1 and wanted == _plan_of(there[0]):
        return there[0].id
    raise wrong_field("name", refusals.NAME_TAKEN.filled({"name": checked_name}))


def open_wave(
    session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime, despite_objections: bool = False
) -> None:
    """Opens a draft and freezes what it asks and promises: departments, questionnaire, layouts, policy and its words.

    Nothing when it is open already, or paused. ConflictError: something is missing; ObjectionError: the objections to
    its papers, unless somebody has read them and wants to go on.
    """
    wave = queries.locked_wave(session, organisation_id, wave_id)
    if wave.state in ("open", "paused"):
        return
    if wave.state != "draft":
        raise ConflictError(refusals.OPENED_ONCE[wave.state == "cancelled"].filled({"label": wave.label}))
    queries.locked_assessment(session, organisation_id, wave.assessment_id)
    view = queries.wave(session, organisation_id, wave_id)
    instrument = instruments.asked(session, view)
    # Also what a worker that was away has not done yet: the wave freezes the departments of the day on which it opens.
    changes.do_due(session, organisation_id, now=now)
    departments = clients.departments(session, organisation_id)
    today = labels.today(now, clients.organisation(session, organisation_id).time_zone)
    others = checks.about_waves(view, queries.waves(session, organisation_id), now=now, today=today)
    rated = workflows.workflows(session, organisation_id)
    if missing := (*others, *checks.blockers(departments, instrument, rated)):
        refusal = say("{label} cannot open yet.", label=wave.label)
        raise ConflictError(Passage([refusal, *(blocker.sentence for blocker in missing)]))
    papers = approvals.papers(session, organisation_id, wave_id)
    if not despite_objections and (against := approvals.objections(session, papers)):
        raise ObjectionError(wave.label, against)
    freezing.forget_trials(session, wave, now)
    session.add_all(freezing.departments(wave, departments, instrument, rated))
    rosters.follow(session, organisation_id, wave_id, heirs=changes.heirs(session, organisation_id))
    wave.state, wave.opened_at, wave.policy = "open", now, stored(policy.read(wave.policy))
    wave.languages, wave.held_at = languages.frozen(session, view, instrument), None
    wave.papers_sha256, wave.promise = papers.sha256, wording.written_down()
    wave.instrument, wave.instrument_sha256 = instrument.key, instrument.sha256
    wave.instrument_version = instrument.version
    session.flush()
    if wave.ends_at is not None:
        timers.at(session, wave, timers.CLOSE, due=wave.ends_at, now=now)


def start_closing(session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> None:
    """Takes no more answers and has the release made, unless a headcount must be settled first.

    Does nothing when the wave has been closed already. ConflictError for a draft.
    """
    wave = queries.locked_wave(session, organisation_id, wave_id)
    if wave.state == "draft":
        raise ConflictError(say("{label} has not been opened yet, so there is nothing to close.", label=wave.label))
    if wave.state not in ("open", "paused"):
        return
    wave.state, wave.closed_at = "closing", now
    session.flush()
    _make_release_when_settled(session, wave, now)


def correct_headcount(
    session: Session,
    *,
    organisation_id: UUID,
    wave_id: UUID,
    department_id: UUID,
    headcount: int,
    user_id: UUID,
    now: datetime,
) -> None:
    """Sets the headcount in force of a department (its own people, its children's not) and records who did it.

    While the wave is closing, one correction settles a department that is named as too full; see `_require_named`.
    After the close a correction changes nothing by itself: it is there for the next release, if somebody asks for one.
    InvalidError for a number that can't be; ConflictError for a draft, for a wave whose answers were deleted, and while
    it is closing for a department that is not named.
    """
    wave = _correctable(session, organisation_id, wave_id)
    row = queries.locked_department(session, organisation_id, wave_id, department_id)
    closing = wave.state == "closing"
    if closing:
        _require_named(session, row)
    headcounts.check(session, row, headcount)
    if closing and headcount <= row.headcount:
        raise wrong_field(
            "headcount",
            say(
                "More people answered in {name} than {headcount}. Give a larger number.",
                name=row.name,
                headcount=row.headcount,
            ),
        )
    if row.headcount == headcount:
        return
    if wave.state in FINISHED:
        headcounts.require_close_to_planned(row, headcount)
    session.add(_correction(row, headcount, user_id, now))
    row.headcount, row.headcount_confirmed = headcount, closing
    session.flush()
    _make_release_when_settled(session, wave, now)


def _correction(row: WaveDepartment, headcount: int, user_id: UUID, now: datetime) -> HeadcountCorrection:
    return HeadcountCorrection(
        organisation_id=row.organisation_id,
        wave_id=row.wave_id,
        department_id=row.department_id,
        before=row.headcount,
        after=headcount,
        user_id=user_id,
        at=now,
    )


def confirm_headcount(
    session: Session, *, organisation_id: UUID, wave_id: UUID, department_id: UUID, now: datetime
) -> None:
    """Says that a headcount is right although more people answered; said twice it is said once.

    ConflictError unless the wave is closing and the department is or was named as too full.
    """
    wave = _correctable(session, organisation_id, wave_id)
    row = queries.locked_department(session, organisation_id, wave_id, department_id)
    if wave.state != "closing":
        raise ConflictError(
            say("{label} is open. Headcounts are confirmed when it closes, where that is needed.", label=wave.label)
        )
    if row.headcount_confirmed:
        return
    _require_named(session, row)
    row.headcount_confirmed = True
    session.flush()
    _make_release_when_settled(session, wave, now)


def finish_closing(
    session: Session, *, organisation_id: UUID, wave_id: UUID, now: datetime, alert: str | None = None
) -> None:
    """The release is made: the wave is closed, with what its consultant is alerted to. Called by the worker; does
    nothing the second time."""
    wave = queries.locked_wave(session, organisation_id, wave_id)
    if wave.state in FINISHED:
        return
    if wave.state != "closing":
        raise ConflictError(say("{label} is not being closed.", label=wave.label))
    wave.state, wave.closed_at, wave.alert = "closed", wave.closed_at or now, alert
    session.flush()


def prepare_next(
    session: Session, *, organisation_id: UUID, wave_id: UUID, form: str, label: str, now: datetime
) -> UUID:
    """Makes the draft that follows a closed wave and gives its id; asked again, it gives the draft that is there.

    ConflictError when the wave is not closed, or has been followed by another one; InvalidError for a wrong label or
    form.
    """
    wave = queries.locked_wave(session, organisation_id, wave_id)
    if wave.state not in FINISHED:
        raise ConflictError(refusals.NOT_CLOSED.filled({"label": wave.label}))
    checked = labels.checked(label)
    later = [
        other
        for other in queries.waves(session, organisation_id)
        if other.assessment_id == wave.assessment_id and other.number > wave.number and other.state != "cancelled"
    ]
    for other in later:
        if other.state == "draft" and other.label == checked:
            return other.id
    if later:
        newest = max(later, key=lambda other: other.number).label
        raise ConflictError(refusals.FOLLOWED.filled({"newest": newest, "wave": wave.label, "checked": checked}))
    return follow(session, organisation_id, wave.assessment_id, form=form, label=label, now=now)


def follow(
    session: Session, organisation_id: UUID, assessment_id: UUID, *, form: str, label: str, now: datetime
) -> UUID:
    """Adds a draft to an assessment, with what its newest wave asks and promises, and gives its id.

    InvalidError, fields `label` and `form`, for a label that is wrong or taken, and for no form of the questionnaire.
    """
    assessment = queries.locked_assessment(session, organisation_id, assessment_id)
    others = [w for w in queries.waves(session, organisation_id) if w.assessment_id == assessment_id]
    checked = labels.checked(label)
    check_form(form)
    if checked in {other.label for other in others}:
        raise wrong_field("label", refusals.LABEL_TAKEN.filled({"label": checked}))
    newest = max(others, key=lambda other: (other.state != "cancelled", other.number))
    months = newest.policy.retention_months or DEFAULT_POLICY.retention_months
    return _add_wave(
        session,
        assessment,
        number=max(other.number for other in others) + 1,
        label=checked,
        form=form,
        close=None,
        policy=replace(newest.policy, version=policy.VERSION, retention_months=months),
        now=now,
        instrument=newest.instrument,
        asked_in=None if newest.languages is None else dict.fromkeys(newest.languages, ""),
    )


def set_policy(session: Session, *, organisation_id: UUID, wave_id: UUID, policy: Policy) -> None:
    """Chooses the privacy policy of a draft. ConflictError once the wave has opened: what was promised stays.

    With an anonymous link there is no list of people: one that was imported before is deleted.
    """
    wave = queries.locked_wave(session, organisation_id, wave_id)
    if wave.state != "draft":
        raise ConflictError(
            say("{label} has opened, so its privacy policy can no longer be changed.", label=wave.label)
        )
    wave.policy = stored(policy)
    if policy.mode == "anonymous":
        rosters.delete_of_wave(session, organisation_id=organisation_id, wave_id=wave_id)
    session.flush()


def count_response(session: Session, *, organisation_id: UUID, wave_id: UUID, department_id: UUID, day: date) -> None:
    """Counts one response, in the transaction that stores it. `day` is the day in the client's time zone.

    GoneError when the wave takes no answers any more; the transaction must then be rolled back.
    """
    if not queries.is_open(session, organisation_id, wave_id):
        raise GoneError(CLOSED_MEANWHILE)
    queries.add_response(session, organisation_id, wave_id, department_id, day)


def next_form(waves_of_assessment: tuple[WaveView, ...]) -> Form:
    """The form to propose for the next wave: full when there was none or four waves ago, else pulse (1.6)."""
    newest = max((wave.number for wave in waves_of_assessment), default=0)
    last_full = max((wave.number for wave in waves_of_assessment if wave.form == "full"), default=None)
    return "full" if last_full is None or newest + 1 - last_full >= WAVES_FROM_FULL_TO_FULL else "pulse"


def _plan_of(wave: WaveView) -> tuple[str, str, str, date | None, Policy, str]:
    return wave.instrument, wave.label, wave.form, wave.planned_close, wave.policy, wave.state


def _add_wave(
    session: Session,
    assessment: Assessment,
    *,
    number: int,
    label: str,
    form: str,
    close: date | None,
    policy: Policy,
    now: datetime,
    instrument: str | None = None,
    asked_in: dict[str, str] | None = None,
) -> UUID:
    wave_id = uuid4()
    session.add(
        Wave(
            organisation_id=assessment.organisation_id,
            id=wave_id,
            assessment_id=assessment.id,
            number=number,
            label=label,
            form=form,
            instrument=instrument,
            languages=asked_in if number > 1 else profile.asked_in(session, assessment.organisation_id),
            planned_close=close,
            policy=stored(policy),
            created_at=now,
        )
    )
    session.flush()
    return wave_id


def _correctable(session: Session, organisation_id: UUID, wave_id: UUID) -> Wave:
    wave = queries.locked_wave(session, organisation_id, wave_id)
    if wave.state == "draft":
        raise ConflictError(say("The wave is not open yet. Change the headcount of the department itself."))
    if wave.deleted_at is not None:
        raise ConflictError(
            say("The answers of {label} were deleted, so its headcounts stay as they are.", label=wave.label)
        )
    return wave


def _require_named(session: Session, row: WaveDepartment) -> None:
    """While a wave closes, only a department that is named as too full may be changed, upwards and once.

    Each other change would show whether the department is named then, and so, step by step, how many people of a
    small department answered (MEASUREMENT.md section 9, P10).
    """
    named = headcounts.overfull(session, row.organisation_id, row.wave_id)
    if row.department_id not in {one.department.department_id for one in named}:
        raise ConflictError(refusals.NO_LONGER.filled({"name": row.name}))


def _make_release_when_settled(session: Session, wave: Wave, now: datetime) -> None:
    if wave.state != "closing" or headcounts.blocking(session, wave.organisation_id, wave.id):
        return
    jobs.enqueue(session, organisation_id=wave.organisation_id, kind=RELEASE, subject_id=wave.id, now=now)
    # An attempt from before the last headcount was settled may have been given up.
    jobs.retry(session, kind=RELEASE, subject_id=wave.id, now=now)
