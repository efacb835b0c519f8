"""Makes the releases of a wave from its answer sheets. Run by the worker alone; the one reader of the vault."""

import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from sqlmodel import Session

from app.acts.service import note
from app.answers.keep import delete_drafts
from app.answers.read import DepartmentSheets, sheets
from app.clients import queries as clients
from app.db import Database
from app.errors import ConflictError
from app.releases import refusals, store
from app.releases.arranged import departments_now
from app.releases.compute import Department, DepartmentAnswers, Made, PreviousWave, build
from app.releases.document import languages as told_languages
from app.releases.document.approvals import Approval
from app.releases.document.release import Occasion, Policy, Release, WaveFacts
from app.releases.meanwhile import require_as_read
from app.releases.plan import ledger
from app.releases.plan.ledger import Ledger
from app.releases.proof import Dossier, Proven, proven
from app.releases.statistics import left_out, planning
from app.releases.statistics.change import told_of
from app.releases.statistics.screened import Screened, Sent, screened
from app.releases.statistics.uncollected import uncollected
from app.waves import approvals, headcounts, instruments, turnout
from app.waves import queries as waves
from app.waves.queries import WaveDepartmentFacts, WaveView
from app.waves.service import finish_closing
from scoring.errors import MisfitError
from surveys.languages import LANGUAGES
from surveys.model import Form, Instrument


@dataclass(frozen=True)
class Gathered:
    """A wave with its frozen departments, its questionnaire, its used answer sheets, its releases and their ledgers.

    `sent` has the numbers of all sheets by department, those that are left out too.
    `screened` is None where the wave's first release left nobody out, because there was no rule. `languages` has the
    number of sheets by language. `compared` is what later waves told of this one by comparing with it.
    """

    wave: WaveView
    frozen: tuple[WaveDepartmentFacts, ...]
    instrument: Instrument
    answers: Mapping[str, DepartmentAnswers]
    sent: Mapping[str, int]
    screened: Screened | None
    releases: tuple[tuple[Release, Ledger | None], ...]
    languages: Mapping[str, int]
    compared: tuple[Ledger, ...] = ()

    @property
    def form(self) -> Form:
        """Which items were asked."""
        return "full" if self.wave.form == "full" else "pulse"

    @property
    def policy(self) -> Policy:
        """The disclosure policy that the wave froze."""
        frozen = self.wave.policy
        return Policy(**asdict(frozen))

    @property
    def departments(self) -> tuple[Department, ...]:
        """The departments as the disclosure plan takes them, in the organisation's order."""
        return _departments(self.frozen)


@uncollected()
def make_release(database: Database, *, organisation_id: UUID, wave_id: UUID, now: datetime) -> None:
    """Reads, computes and stores the first release of a closing wave, deletes its drafts unread and closes it.

    Does nothing when the release is there already. The computation lies between a reading and a writing transaction,
    so that nobody waits for it; a closing wave takes no answers, so nothing changes in between.
    """
    with database.reading() as session:
        if store.latest(session, organisation_id, wave_id) is not None:
            return
        found = _first(database, session, organisation_id, wave_id)
    proof = found.proven()
    release = proof.release
    with database.writing() as session:
        # Takes the wave's lock first, so that of two workers the second sees the release of the first.
        alert = left_out.alert(release)
        finish_closing(session, organisation_id=organisation_id, wave_id=wave_id, now=now, alert=alert)
        _require_same_headcounts(session, organisation_id, wave_id, release)
        _require_settled_headcounts(session, organisation_id, wave_id, release)
        if store.latest(session, organisation_id, wave_id) is not None:
            return
        delete_drafts(session, organisation_id=organisation_id, wave_id=wave_id)
        _settle_turnout(session, store.Place(organisation_id, wave_id), found.wave, release)
        found.keep(session, proof, now=now)


@uncollected()
def make_again(database: Database, *, organisation_id: UUID, wave_id: UUID, occasion: Occasion, now: datetime) -> None:
    """Makes the next release of a closed wave, with the headcounts or the departments as they are now.

    Its strata are those of the first release or unions of them, and who is small is decided by the first release's
    headcounts, so that both together tell nothing that the first did not (P11). ConflictError when the wave is not
    closed, when its answers were deleted, or when the first release was made before there was a ledger.
    """
    with database.reading() as session:
        before = store.latest(session, organisation_id, wave_id)
        this, earlier = _both(database, session, organisation_id, wave_id)
        told = this.releases[0][1] if this.releases else None
        if before is None or not this.wave.finished:
            raise ConflictError(refusals.NO_RESULT.filled({"label": this.wave.label}))
        if this.wave.deleted_at is not None or told is None:
            raise ConflictError(refusals.DELETED.filled({"label": this.wave.label}))
        departments = (
            departments_now(session, organisation_id, this.departments)
            if occasion == "departments"
            else this.departments
        )
        found = _made(session, this, earlier, departments, number=before.number + 1, occasion=occasion, told=told)
    policy, valid = this.policy, planning.valid_answers(found.made.wave)
    after = planning.ledger(found.made.wave)
    ledger.require_safe(told, after, valid=valid, k_means=policy.k_means, k_intervals=policy.k_intervals)
    proof = found.proven()
    with database.writing() as session:
        waves.hold(session, organisation_id, wave_id)
        newest = store.latest(session, organisation_id, wave_id)
        if newest is None or newest.number == before.number:
            found.keep(session, proof, now=now)


@dataclass(frozen=True)
class _Found:
    """A release that is made and not yet proven, with what the proof takes."""

    made: Made
    wave: Dossier
    before: Dossier | None
    place: store.Place
    wave_before: UUID | None

    def keep(self, session: Session, proof: Proven, *, now: datetime) -> None:
        """Stores the release with what it tells of, also of the wave before (P17).

        ConflictError where something became of one of both waves meanwhile; the next attempt is proven with it.
        """
        if self.wave_before and self.before:
            require_as_read(session, self.place.organisation_id, self.wave_before, self.before)
        require_as_read(session, self.place.organisation_id, self.place.wave_id, self.wave)
        told = told_of(self.made.trends, side="before")
        before = store.ToldBefore(self.wave_before, told) if self.wave_before and told.entries else None
        written = store.Written(proof.release.number, proof.document, proof.ledger)
        store.add(session, written, self.place, now=now, before=before)
        note(session, "result.made", **asdict(self.place), user_id=None, now=now)

    def proven(self) -> Proven:
        """The release with its certificate; ConflictError where the auditor refuses it."""
        return proven(self.made, self.wave, self.before)


def _first(database: Database, session: Session, organisation_id: UUID, wave_id: UUID) -> _Found:
    this, earlier = _both(database, session, organisation_id, wave_id)
    if this.wave.state != "closing":
        raise ConflictError(refusals.NOT_CLOSING.filled({"label": this.wave.label, "state": this.wave.state}))
    return _made(session, this, earlier, this.departments, number=1, occasion="closed", told=planning.NOTHING)


@dataclass(frozen=True)
class _Earlier:
    """The wave to compare with: as the auditor takes it, and as the comparison does."""

    gathered: Gathered
    previous: PreviousWave


def _both(
    database: Database, session: Session, organisation_id: UUID, wave_id: UUID
) -> tuple[Gathered, _Earlier | None]:
    """A wave and the one to compare it with, read side by side in two transactions."""
    before = waves.wave(session, organisation_id, wave_id).previous_wave_id
    if before is None:
        return gather(session, organisation_id, wave_id), None
    with ThreadPoolExecutor(max_workers=1) as beside:
        earlier = beside.submit(_earlier, database, organisation_id, before)
        return gather(session, organisation_id, wave_id), earlier.result()


def _earlier(database: Database, organisation_id: UUID, wave_id: UUID) -> _Earlier | None:
    """The wave to compare with; None where its answers were deleted at the end of their retention (P17)."""
    with database.reading() as session:
        if waves.wave(session, organisation_id, wave_id).deleted_at is not None:
            return None
        found = gather(session, organisation_id, wave_id)
        return _Earlier(found, to_compare(session, found))


def to_compare(session: Session, found: Gathered) -> PreviousWave:
    """A wave as comparisons take it: planned again on what its first release told."""
    told = found.releases[0][1] if found.releases else None
    return PreviousWave(
        label=found.wave.label,
        form=found.form,
        instrument=found.instrument,
        departments=found.departments,
        answers=found.answers,
        policy=found.policy,
        told=told or planning.NOTHING,
        roster=_first_roster(session, found),
    )


def _made(
    session: Session,
    this: Gathered,
    earlier: _Earlier | None,
    departments: tuple[Department, ...],
    *,
    number: int,
    occasion: Occasion,
    told: Ledger,
) -> _Found:
    organisation_id, before = this.wave.organisation_id, None if earlier is None else earlier.gathered
    organisation = clients.organisation(session, organisation_id)
    made = build(
        facts=_facts(this, departments, organisation.name, ZoneInfo(organisation.time_zone), before),
        policy=this.policy,
        number=number,
        instrument=this.instrument,
        form=this.form,
        departments=departments,
        answers=this.answers,
        corrected=frozenset(str(one.department_id) for one in this.frozen if one.headcount != one.planned_headcount),
        previous=None if earlier is None else earlier.previous,
        told=told,
        roster=_first_roster(session, this) if number > 1 else None,
        occasion=occasion,
        approvals=_approvals(session, this.wave),
        nothing_before="first_wave" if this.wave.previous_wave_id is None else "deleted",
        screened=this.screened,
    )
    found = _Found(made, dossier(this), None, store.Place(organisation_id, this.wave.id), None)
    return found if before is None else replace(found, before=dossier(before), wave_before=before.wave.id)


def _first_roster(session: Session, this: Gathered) -> dict[str, int]:
    """The headcounts with which the first release was made: before anything was corrected after the close."""
    releases = store.of_wave(session, this.wave.organisation_id, this.wave.id)
    roster = {str(one.department_id): one.headcount for one in this.frozen}
    for one in waves.corrections(session, this.wave.organisation_id, this.wave.id):  # the newest first
        if one.at > releases[-1].made_at:
            roster[str(one.department_id)] = one.before
    return roster


def dossier(one: Gathered) -> Dossier:
    """A wave as the auditor takes it."""
    return Dossier(one.instrument, one.form, one.answers, one.releases, one.sent, one.languages, one.compared)


def _approvals(session: Session, wave: WaveView) -> tuple[Approval, ...]:
    """What the readers of the wave's papers decided, each reader's last word."""
    return tuple(
        Approval(
            reader=one.reader,
            name=one.name,
            decision="approved" if one.decision == "approved" else "objected",
            decided_on=one.decided_on.isoformat(),
            current=one.current,
        )
        for one in approvals.decisions(session, wave.organisation_id, wave.id)
        if one.newest
    )


def _settle_turnout(session: Session, place: store.Place, found: Dossier, release: Release) -> None:
    """Has the pages of waves count the answers that the release counts, where some were left out."""
    if found.sent is None or sum(found.sent.values()) == sum(len(one.codes) for one in found.answers.values()):
        return
    used = {UUID(name): len(one.codes) for name, one in found.answers.items()}
    day = date.fromisoformat(release.wave.closed_on)
    turnout.settle(session, place.organisation_id, place.wave_id, used, day=day)


def _require_same_headcounts(session: Session, organisation_id: UUID, wave_id: UUID, release: Release) -> None:
    """Refuses a release when a headcount was corrected while it was computed; the next attempt takes the new one."""
    if _roster(_departments(waves.wave_departments(session, organisation_id, wave_id))) != release.wave.roster_sha256:
        raise ConflictError(refusals.CORRECTED.filled({"label": release.wave.label}))


def _require_settled_headcounts(session: Session, organisation_id: UUID, wave_id: UUID, release: Release) -> None:
    """Refuses a release while a department has far more answers than people (MEASUREMENT.md section 9, P16).

    The job is due again when the last of them is settled (`waves.service`).
    """
    if found := headcounts.blocking(session, organisation_id, wave_id):
        names = ", ".join(one.department.name for one in found)
        raise ConflictError(refusals.UNSETTLED.filled({"names": names, "label": release.wave.label}))


def _departments(frozen: tuple[WaveDepartmentFacts, ...]) -> tuple[Department, ...]:
    return tuple(
        Department(
            id=str(one.department_id),
            name=one.name,
            parent=None if one.parent_id is None else str(one.parent_id),
            function=one.function,
            headcount=one.headcount,
            pool=one.pool,
            site=one.site,
        )
        for one in frozen
    )


def gather(session: Session, organisation_id: UUID, wave_id: UUID) -> Gathered:
    """A wave with its used answer sheets and all that was told of it."""
    wave = waves.wave(session, organisation_id, wave_id)
    departments = waves.wave_departments(session, organisation_id, wave_id)
    found = sheets(session, organisation_id=organisation_id, wave_id=wave_id)
    items = {one.department_id: one.layout_items for one in departments}
    rated_here = tuple((str(one.department_id), one.workflows) for one in departments if one.workflows)
    instrument = replace(instruments.asked(session, wave), rated_here=rated_here)
    answers = {str(department): _matrix(items[department], one) for department, one in found.of.items()}
    sent = Sent(answers, {str(one): np.frombuffer(given.flags, dtype=np.uint8) for one, given in found.of.items()})
    releases = store.with_ledgers(session, organisation_id, wave_id)
    compared = store.comparisons(session, organisation_id, wave_id)
    numbers = {name: len(one.codes) for name, one in answers.items()}
    this = Gathered(wave, departments, instrument, answers, numbers, None, releases, found.languages, compared)
    kept = _screened(session, this, sent)
    return this if kept is None else replace(this, answers=kept.used, screened=kept)


def _screened(session: Session, this: Gathered, sent: Sent) -> Screened | None:
    """Who is left out: by the rule where there is no release yet, and as the first release did it otherwise (P11)."""
    if this.releases and this.releases[0][0].left_out is None:
        return None
    roster = _first_roster(session, this) if this.releases else {one.id: one.headcount for one in this.departments}
    k = this.policy.k_intervals
    return screened(sent, instrument=this.instrument, form=this.form, departments=this.departments, roster=roster, k=k)


def _matrix(items: tuple[str, ...], found: DepartmentSheets) -> DepartmentAnswers:
    """The sheets of a department, a row each. MisfitError where they are not as long as its items."""
    if len(found.codes) != found.count * len(items):
        raise MisfitError(f"{found.count} answer sheets do not fit their {len(items)} items")
    return DepartmentAnswers(items, np.frombuffer(found.codes, dtype=np.uint8).reshape(found.count, len(items)))


def _facts(
    this: Gathered, departments: tuple[Department, ...], organisation: str, zone: ZoneInfo, previous: Gathered | None
) -> WaveFacts:
    offered, spoken = _languages(this)
    return WaveFacts(
        organisation=organisation,
        assessment=this.wave.assessment_name,
        label=this.wave.label,
        form=this.form,
        opened_on=_day(this.wave.opened_at, zone),
        closed_on=_day(this.wave.closed_at, zone),
        instrument=this.instrument.key,
        instrument_version=this.instrument.version,
        instrument_sha256=this.instrument.sha256,
        roster_sha256=_roster(departments),
        previous_label=None if previous is None else previous.wave.label,
        languages_offered=offered,
        languages=spoken,
    )


def _languages(this: Gathered) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The languages that were offered and those that are told to have been used: as the first release said."""
    if this.releases:
        first = this.releases[0][0].wave
        return first.languages_offered, first.languages
    offered = tuple(tag for tag in LANGUAGES if tag in (this.wave.languages or {this.instrument.language: ""}))
    left_out = this.screened.number if this.screened else 0
    return offered, told_languages.used(this.languages, offered=offered, left_out=left_out, k=this.policy.k_intervals)


def _day(moment: datetime | None, zone: ZoneInfo) -> str:
    return "" if moment is None else moment.astimezone(zone).date().isoformat()


def _roster(departments: tuple[Department, ...]) -> str:
    """The SHA-256 of the departments as they were counted, by which the release can be made again."""
    told = [[one.id, one.parent, one.name, one.function, one.headcount] for one in departments]
    return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()
