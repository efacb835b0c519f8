"""Who has seen a shared release, as those who see it read it: people with a role by name, links by their label."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.queries import MemberFacts
from app.accounts.roles import NAMES, RUNNING, SHOWN_RESULTS
from app.clients import queries as clients
from app.releases.document.release import Release
from app.releases.narrowing import rows_of
from app.releases.store import StoredRelease
from app.sentences import Sentence, say
from app.share import queries, service
from app.share.queries import WHOLE

NO_LONGER = say("no longer has access")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who saw the release: in which role they are now, which department they saw, since which day."""

    name: str
    role: Sentence
    department: str
    day: date
    me: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that was opened: how often, and on which day last."""

    label: str
    visits: int
    last: date


@dataclass(frozen=True, slots=True)
class Seen:
    """Who has seen a release, or a part of it; `running` are those who run the client, and see it all anyway."""

    people: tuple[Person, ...]
    links: tuple[Opened, ...]
    running: tuple[str, ...]


def seen(session: Session, found: StoredRelease, *, part: str = WHOLE, me: UUID | None = None) -> Seen:
    """Who has seen anything of a part of a release; of the whole release by default. Six statements."""
    organisation_id = found.organisation_id
    members = {one.user.id: one for one in accounts.everybody(session, organisation_id)}
    return Seen(
        people=tuple(_people(session, found, members, part=part, me=me)),
        links=tuple(_links(session, found, part=part)),
        running=tuple(one.user.name for one in members.values() if one.role in RUNNING and not one.user.disabled_at),
    )


def _people(
    session: Session, found: StoredRelease, members: Mapping[UUID, MemberFacts], *, part: str, me: UUID | None
) -> Iterator[Person]:
    names = accounts.names(session)
    departments = {str(id): name for id, name in clients.department_names(session, found.organisation_id).items()}
    for one in queries.first_views(session, found.organisation_id, found.id):
        if _share_a_row(found.document, part, _rows_of_part(one.part)):
            role = _role(members.get(one.user_id))
            yield Person(names.get(one.user_id, ""), role, departments.get(one.part, ""), one.day, one.user_id == me)


def _links(session: Session, found: StoredRelease, *, part: str) -> Iterator[Opened]:
    opened = queries.visits(session, found.organisation_id, found.wave_id)
    for link in queries.links(session, found.organisation_id, found.wave_id):
        visits = sum(one.visits for one in opened.get(link.id, ()))
        if visits and _share_a_row(found.document, part, link.rows):
            yield Opened(link.label, visits, opened[link.id][0].day)


def _role(member: MemberFacts | None) -> Sentence:
    if member is None or member.user.disabled_at is not None or member.role not in SHOWN_RESULTS:
        return NO_LONGER
    return next(name for key, name in NAMES.items() if key == member.role)


def _rows_of_part(part: str) -> tuple[str, ...] | None:
    """The rows of a part as links name theirs: None for all."""
    return None if part == WHOLE else (part,)


def _share_a_row(release: Release, part: str, rows: tuple[str, ...] | None) -> bool:
    """Whether somebody with these rows sees something of a part; the organisation's row, which all see, aside."""
    if part == WHOLE or rows is None:
        return True
    mine, theirs = ({row.id for row in rows_of(release, some)[1:]} for some in (_rows_of_part(part) or (), rows))
    return bool(mine & theirs) or part == service.NOBODYS
