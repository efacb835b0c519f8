"""Gathers what the pages of sharing show, each in a fixed number of statements."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.access import Member
from app.accounts.roles import LEAD, NAMES, RUNNING, SPONSOR
from app.clients import brand
from app.clients import queries as clients
from app.explore.arranged import arrangement, chosen
from app.releases import store
from app.releases.document import words
from app.releases.document.release import Release, Row
from app.releases.narrowing import rows_for, rows_of
from app.releases.store import StoredRelease
from app.releases.translated import translated, words_of
from app.reports import queries as reports
from app.reports.formats import FORMATS
from app.reports.marked import names_people
from app.reports.options import BOARD, ROLES, Options
from app.share import acted, forms, lasting, queries, service, trends
from app.share.queries import DayFacts, LinkFacts
from app.share.result import result, shown_cell
from app.share.seen import seen
from app.share.views import (
    CellPage,
    Choosable,
    LinkLine,
    LinksPage,
    ReadingCellPage,
    ReadingPage,
    ResultPage,
    SharingPage,
    TypedLink,
)
from app.waves import queries as waves

DONE = "done"


def result_page(session: Session, member: Member, found: StoredRelease) -> ResultPage:
    """What a member sees of a shared release, and who else has seen of it."""
    release = translated(found.document, words_of(session, found))
    rows = own_rows(release, member)
    names = clients.department_names(session, member.organisation_id)
    own = member.department_id if member.role == LEAD else None
    return ResultPage(
        organisation=clients.organisation(session, member.organisation_id),
        wave_id=found.wave_id,
        result=result(release, rows),
        department=names.get(own, "") if own else "",
        alone=own is not None and len(rows) == 1,
        reports=finished(session, found, edition_of(release, member)),
        seen=seen(session, found, part=service.part_of(member.role, own), me=member.user_id),
        listed=member.role not in RUNNING,
        compared=(),
        badge=brand.badge(session, member.organisation_id),
    )


def cell_page(
    session: Session,
    member: Member,
    found: StoredRelease,
    row_id: str,
    dimension_id: str,
    *,
    now: datetime,
    arranged: str = "",
) -> CellPage | None:
    """One cell of what a member sees, None for any other; `arranged` says how its trend is read."""
    release = translated(found.document, words_of(session, found))
    rows = own_rows(release, member)
    before = trends.past(session, found)
    here = chosen(before, arranged)
    waves_told = trends.told(session, before, here, lambda one: own_rows(one, member))
    acts = acted.done_here(session, member, found.wave_id, (row_id, dimension_id), now=now)
    cell = shown_cell(release, rows, row_id, dimension_id, waves_told, acts)
    if cell is None:
        return None
    departments = next(one.departments for one in rows if one.id == row_id)
    return CellPage(
        organisation=clients.organisation(session, member.organisation_id),
        wave_id=found.wave_id,
        label=release.wave.label,
        cell=cell,
        arrangement=arrangement(session, before, here, departments=departments),
    )


def own_rows(release: Release, member: Member) -> tuple[Row, ...]:
    """The rows that a member sees: all, or of a lead's department; the organisation alone for a lead without one."""
    if member.role != LEAD:
        return release.rows
    return rows_for(release, member.department_id) if member.department_id else (release.organisation,)


def edition_of(release: Release, member: Member) -> str | None:
    """The edition that a member may have: the board's, a lead's own department's, none for a lead without a row."""
    if member.role != LEAD:
        return BOARD
    return next((row.id for row in own_rows(release, member)[1:2]), None)


def finished(session: Session, found: StoredRelease, edition: str | None = BOARD) -> tuple[Options, ...]:
    """The files of a release that are made already, of that edition; those of the whole organisation unless told."""
    every = reports.reports(session, found.organisation_id, found.id)
    return tuple(one.options for one in every if one.state == DONE and one.options.edition == edition)


def linked(session: Session, link: LinkFacts, found: StoredRelease) -> tuple[Options, ...]:
    """The files behind a link: of the whole organisation, those that name people with roles in the place of names."""
    if not link.with_report:
        return ()
    made = [one for one in reports.reports(session, found.organisation_id, found.id) if one.state == DONE]
    shown = {one.options for one in made if one.options.edition == ROLES}
    plain = [one for one in made if one.options.edition == BOARD and not names_people(one.options, one.basis)]
    twice = {replace(one, edition=BOARD) for one in shown}
    order = list(FORMATS)
    return tuple(sorted(shown | {one.options for one in plain} - twice, key=lambda one: order.index(one.format)))


def unnamed(session: Session, found: StoredRelease) -> tuple[Options, ...]:
    """What to ask for, with roles in place of names, so that files which name people are behind a link too."""
    every = reports.reports(session, found.organisation_id, found.id)
    there = {one.options for one in every}
    named = [one.options for one in every if one.options.edition == BOARD and names_people(one.options, one.basis)]
    return tuple(asked for one in named if (asked := replace(one, edition=ROLES)) not in there)


def reading_page(session: Session, link: LinkFacts, found: StoredRelease, token: str) -> ReadingPage:
    """What a read-only link shows."""
    release = translated(found.document, words_of(session, found))
    facts = clients.organisation(session, link.organisation_id)
    return ReadingPage(
        token=token.strip().lower(),
        organisation=facts.name,
        badge=brand.badge(session, link.organisation_id),
        whole=link.whole,
        until=lasting.last_day(link, facts.time_zone),
        result=result(release, linked_rows(release, link)),
        reports=linked(session, link, found),
    )


def reading_cell(
    session: Session, link: LinkFacts, found: StoredRelease, token: str, row_id: str, dimension_id: str
) -> ReadingCellPage | None:
    """One cell of what a read-only link shows; None for any other."""
    release = translated(found.document, words_of(session, found))
    cell = shown_cell(release, linked_rows(release, link), row_id, dimension_id)
    facts = clients.organisation(session, link.organisation_id)
    return None if cell is None else ReadingCellPage(token.strip().lower(), facts.name, cell)


def linked_rows(release: Release, link: LinkFacts) -> tuple[Row, ...]:
    """The rows that a link shows."""
    return release.rows if link.rows is None else rows_of(release, link.rows)


def sharing_page(session: Session, organisation_id: UUID, wave_id: UUID) -> SharingPage:
    """Which release of a wave the client sees, who that is, and who has seen it."""
    wave = waves.wave(session, organisation_id, wave_id)
    newest = store.latest(session, organisation_id, wave_id)
    there = queries.of_wave(session, organisation_id, wave_id)
    shown = store.by_id(session, organisation_id, there.release_id) if there else None
    departments = clients.department_names(session, organisation_id)
    everybody = accounts.everybody(session, organisation_id)
    return SharingPage(
        organisation=clients.organisation(session, organisation_id),
        wave_id=wave_id,
        wave=wave.label,
        newest=newest.number if newest else None,
        shared=shown.number if shown else None,
        shared_at=there.shared_at if there else None,
        shared_by=accounts.names(session).get(there.user_id, "") if there else "",
        readers=tuple(
            (one.user.name, NAMES[role], departments.get(one.department_id, "") if one.department_id else "")
            for role in (SPONSOR, LEAD)
            for one in everybody
            if one.role == role and one.user.disabled_at is None
        ),
        seen=seen(session, shown) if shown else None,
    )


def links_page(
    session: Session, organisation_id: UUID, wave_id: UUID, *, now: datetime, typed: TypedLink | None = None
) -> LinksPage:
    """The read-only links of a wave, and the form for another."""
    facts = clients.organisation(session, organisation_id)
    wave = waves.wave(session, organisation_id, wave_id)
    found = service.shared_release(session, organisation_id, wave_id)
    opened = queries.visits(session, organisation_id, wave_id)
    names, there = accounts.names(session), queries.links(session, organisation_id, wave_id)
    _, last = lasting.days(facts.time_zone, now)
    usual = TypedLink(form=forms.fresh(), until=lasting.usual_day(facts.time_zone, now).isoformat())
    typed = typed or usual
    return LinksPage(
        organisation=facts,
        wave_id=wave_id,
        wave=wave.label,
        shared=found.number if found else None,
        lines=tuple(
            _line(link, found, opened.get(link.id, ()), names=names, zone=facts.time_zone, now=now) for link in there
        ),
        choosable=tuple(_choosable(found.document, typed)) if found else (),
        unnamed=found is not None and any(_hands_on(one, now) for one in there) and bool(unnamed(session, found)),
        last=last,
        typed=typed,
    )


def _hands_on(link: LinkFacts, now: datetime) -> bool:
    """Whether files are behind a link."""
    return link.with_report and lasting.in_force(link, now)


def _choosable(release: Release, typed: TypedLink) -> list[Choosable]:
    return [Choosable(row.id, words.row_name(row), min(row.depth, 4), row.id in typed.rows) for row in release.rows[1:]]


def _line(
    link: LinkFacts,
    found: StoredRelease | None,
    days: tuple[DayFacts, ...],
    *,
    names: Mapping[UUID, str],
    zone: str,
    now: datetime,
) -> LinkLine:
    shown = rows_of(found.document, link.rows)[1:] if found and link.rows else ()
    own = [words.row_name(row) for row in shown if row.parent not in {one.id for one in shown}]
    ended = "on" if lasting.in_force(link, now) else "ended"
    return LinkLine(
        id=link.id,
        label=link.label,
        whole=link.whole,
        rows=", ".join(own),
        with_report=link.with_report,
        protected=link.password_hash is not None,
        until=lasting.last_day(link, zone),
        made_by=names.get(link.user_id, ""),
        state="taken back" if link.revoked_at else ended,
        days=days,
    )
