"""What the page of a schedule shows: who would get a link, and what became of those that went out."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.roles import LEAD, NAMES
from app.clients import queries as clients
from app.delivery import forms, queries, service
from app.delivery.letter import last_day
from app.delivery.queries import Delivery
from app.delivery.service import ROLES
from app.delivery.views import Choice, Fetched, FilesPage, Line, SchedulePage, Typed
from app.delivery.work import PROBLEMS
from app.jobs.service import GIVEN_UP
from app.mail.smtp import TROUBLES
from app.releases import store
from app.releases.store import StoredRelease
from app.reports import queries as reports
from app.reports.formats import FORMATS
from app.reports.handing import told_size
from app.reports.options import PAPERS_TOLD, SPOKEN
from app.reports.queries import ReportFacts
from app.sentences import Listing, Passage, recalled, say
from app.share import lasting
from app.waves import queries as waves


def schedule_page(
    session: Session,
    organisation_id: UUID,
    assessment_id: UUID,
    *,
    mails: bool,
    now: datetime,
    typed: Typed | None = None,
) -> SchedulePage:
    """The page with what is set, or with what was `typed`."""
    schedule = service.schedule_of(session, organisation_id, assessment_id)
    there = waves.waves(session, organisation_id)
    shown = typed or forms.typed_of(schedule)
    organisation = clients.organisation(session, organisation_id)
    labels = {one.id: one.label for one in there}
    mailed = queries.deliveries(session, organisation_id, assessment_id)
    given_up = service.given_up(session, [one.id for one in mailed])
    return SchedulePage(
        organisation=organisation,
        assessment=next(one.assessment_name for one in there if one.assessment_id == assessment_id),
        assessment_id=assessment_id,
        typed=shown,
        files=tuple(
            Choice(key=key, name=one.name, told=one.purpose, chosen=key in shown.files) for key, one in FORMATS.items()
        ),
        roles=tuple(_roles(session, organisation_id, shown)),
        languages=tuple((one.tag, one.name) for one in SPOKEN),
        papers=PAPERS_TOLD,
        lines=tuple(
            _line(_as_it_is(one, given_up), labels[one.wave_id], organisation.time_zone, now) for one in mailed
        ),
        protected=schedule.password_hash is not None,
        mails=mails,
        active=schedule.active,
        errors={},
    )


def _roles(session: Session, organisation_id: UUID, typed: Typed) -> Iterator[Choice]:
    everybody = accounts.everybody(session, organisation_id)
    for role, name in NAMES.items():
        if role not in ROLES:
            continue
        people = [one.user.name for one in everybody if one.role == role and one.user.disabled_at is None]
        told = Listing(people) if people else say("nobody has this role yet")
        if role == LEAD:
            told = Passage((told, say("(each the report of the own department)")))
        yield Choice(key=role, name=name, told=told, chosen=role in typed.roles)


def _as_it_is(one: Delivery, given_up: Collection[UUID]) -> Delivery:
    """A mail that waits for a job that was given up has failed."""
    if one.state != "waiting" or one.id not in given_up:
        return one
    return replace(one, state="failed", error=str(GIVEN_UP))


def _line(one: Delivery, wave: str, zone: str, now: datetime) -> Line:
    state = one.state if one.state != "sent" else "on" if one.in_force(now) else "ended"
    return Line(
        id=one.id,
        wave=wave,
        who=one.name,
        address=one.address,
        state="taken back" if one.revoked_at is not None else state,
        error=recalled(one.error, (*PROBLEMS, *TROUBLES, GIVEN_UP)),
        sent_at=one.sent_at,
        until=last_day(one.expires_at, zone) if one.expires_at and one.sent_at else None,
        opened_on=one.opened_on,
        visits=one.visits,
        downloads=one.downloads,
    )


def files_page(session: Session, found: Delivery, release: StoredRelease, token: str) -> FilesPage:
    """The files behind a link that are made; one that is made anew meanwhile stays there as it was.

    What changed since the mail went is said plainly: a file that was made anew, and a newer result (ADR 0031).
    """
    there = {one.options: one for one in reports.reports(session, found.organisation_id, found.release_id)}
    made = [there[one] for one in found.options if one in there and there[one].size is not None]
    client = clients.organisation(session, found.organisation_id)
    assert found.expires_at is not None  # a link that is entered has an end
    return FilesPage(
        organisation=client.name,
        wave=release.document.wave.label,
        number=release.number,
        token=token.strip().lower(),
        until=last_day(found.expires_at, client.time_zone),
        newer=_newer(session, release, client.time_zone),
        rests=accounts.is_archived(session, found.organisation_id),
        files=tuple(
            Fetched(
                key=one.options.format,
                name=one.options.kind.name,
                told=one.options.kind.purpose,
                size=told_size(one.size or 0),
                anew=_anew(one, found, client.time_zone),
            )
            for one in made
        ),
    )


def _anew(file: ReportFacts, found: Delivery, zone: str) -> date | None:
    """The day on which a file was made anew after its link was mailed."""
    if file.made_at is None or found.sent_at is None or file.made_at <= found.sent_at:
        return None
    return lasting.day_of(file.made_at, zone)


def _newer(session: Session, release: StoredRelease, zone: str) -> str:
    """That the result of the wave was made anew, which the files behind the link do not show."""
    newest = store.latest(session, release.organisation_id, release.wave_id)
    if newest is None or newest.number <= release.number:
        return ""
    return say(
        "On {day} the result was made anew, as release {newest}. These files still show release {number}; ask whoever "
        "looks after the survey for the new ones.",
        day=lasting.day_of(newest.made_at, zone),
        newest=newest.number,
        number=release.number,
    )
