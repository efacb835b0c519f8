"""Gathers what the pages and files of retention show."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts import roles
from app.answers import keep
from app.clients import queries as clients
from app.jobs import queries as jobs
from app.releases import store
from app.reports import queries as reports
from app.retention import export, queries, service, views, words
from app.retention.export import Entry
from app.retention.queries import DeletionFacts
from app.retention.service import OnAList
from app.sentences import say
from app.waves import queries as waves
from app.waves.checks import RUNNING
from app.waves.queries import FINISHED


def people(
    session: Session,
    organisation_id: UUID,
    *,
    reference: str = "",
    found: Iterable[OnAList] = (),
    errors: Mapping[str, str] | None = None,
) -> views.PeoplePage:
    """The page of people, with what was found under a reference."""
    names = _names(session, organisation_id)
    return views.PeoplePage(
        organisation=clients.organisation(session, organisation_id),
        reference=reference,
        errors=errors or {},
        entries=tuple(
            views.EntryLine(
                one.wave_id,
                names[one.wave_id][1],
                _department(session, organisation_id, one),
                _told(one),
                _link_state(one),
            )
            for one in found
        ),
    )


def person_file(
    session: Session, organisation_id: UUID, *, reference: str, found: tuple[OnAList, ...], now: datetime
) -> bytes:
    """All that is stored under a reference, for the person who asked."""
    names = _names(session, organisation_id)
    ids = [one.link.invitation_id for one in found if one.link]
    begun = keep.have_drafts(session, organisation_id=organisation_id, invitation_ids=ids)
    entries = [
        _entry(one, names[one.wave_id], department=_department(session, organisation_id, one), begun=begun)
        for one in found
    ]
    organisation = clients.organisation(session, organisation_id).name
    return export.person_as_json(organisation=organisation, reference=reference, entries=entries, now=now)


def _entry(one: OnAList, wave: tuple[str, str, str], *, department: str, begun: frozenset[UUID]) -> Entry:
    """One place on a list, with everything that is stored there."""
    person, link = one.person, one.link
    assessment, label, state = wave
    return Entry(
        assessment=assessment,
        wave=label,
        wave_state=state,
        department=department,
        called=person.reference if person else None,
        name=person.name if person else None,
        mail=person.mail if person else None,
        language=person.language if person else None,
        on_the_list=bool(person and person.listed),
        kind_of_link=link.kind if link else None,
        link_made_at=link.created_at if link else None,
        links_made=link.generation if link else 0,
        link_taken_back_at=link.revoked_at if link else None,
        mail_bounced=person.bounced if person else None,
        mails_stopped=_once_closed(state, person.mails_stopped) if person else None,
        answers_sent=_once_closed(state, link.spent) if link else None,
        saved_and_not_sent=_once_closed(state, link.invitation_id in begun) if link else None,
    )


def _once_closed(state: str, told: bool) -> bool | None:
    """Nothing while people answer: whoever goes through a list of people would have a list of those who have not."""
    return told if state in FINISHED else None


def client(
    session: Session, organisation_id: UUID, *, typed: str = "", errors: Mapping[str, str] | None = None
) -> views.DeleteClientPage:
    """The page that ends a contract."""
    known = waves.waves(session, organisation_id)
    job = jobs.job(session, kind=service.CLIENT, subject_id=organisation_id)
    return views.DeleteClientPage(
        organisation=clients.organisation(session, organisation_id),
        state="none" if job is None else "failed" if job.state == "failed" else "waiting",
        departments=len(clients.departments(session, organisation_id)),
        waves=len(known),
        running=", ".join(wave.label for wave in known if wave.state in RUNNING),
        releases=len(store.documents(session, organisation_id)),
        reports=len(reports.finished(session, organisation_id)),
        typed=typed,
        errors=errors or {},
    )


def deletions(session: Session, user_id: UUID) -> views.DeletionsPage:
    """What was deleted by a user and at the clients they run: records count answers, which no other role may see."""
    own = [one.organisation_id for one in accounts.memberships(session, user_id) if one.role in roles.RUNNING]
    return views.DeletionsPage(lines(session, queries.records(session, user_id=user_id, organisation_ids=own)))


def lines(session: Session, records: Iterable[DeletionFacts]) -> tuple[views.DeletionLine, ...]:
    """Records of deletions in words."""
    found = tuple(records)
    known = {id: accounts.user(session, id) for id in {one.user_id for one in found} if id is not None}
    people = {id: user.name for id, user in known.items() if user is not None}
    return tuple(
        views.DeletionLine(
            at=one.deleted_at,
            organisation=one.organisation_name,
            what=words.what(one),
            counts=words.counts(one),
            reason=words.reason(one),
            by=words.BY_ITSELF if one.user_id is None else people.get(one.user_id, say("somebody")),
            done=bool(one.counts),
        )
        for one in found
    )


def _names(session: Session, organisation_id: UUID) -> dict[UUID, tuple[str, str, str]]:
    """Assessment, label and state of each wave."""
    return {wave.id: (wave.assessment_name, wave.label, wave.state) for wave in waves.waves(session, organisation_id)}


def _department(session: Session, organisation_id: UUID, one: OnAList) -> str:
    """The department's name: as the wave froze it, or as it is until it opens."""
    frozen = waves.wave_departments(session, organisation_id, one.wave_id, only=one.department_id)
    if frozen:
        return frozen[0].name
    return next(
        (node.name for node in clients.departments(session, organisation_id) if node.id == one.department_id), ""
    )


def _told(one: OnAList) -> str:
    """What the list says of somebody."""
    person = one.person
    return ", ".join(filter(None, (person.name, person.mail, person.language))) if person else ""


def _link_state(one: OnAList) -> str:
    if one.link is None:
        return say("no link yet")
    return say("a link was given out") if one.link.revoked_at is None else say("the link was taken back")
