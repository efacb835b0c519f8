"""Two waves whose results are both shared, beside each other: for those who see both, the rows that they see."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session

from app.accounts.access import Member
from app.clients import queries as clients
from app.errors import NotFoundError, PlumblineError
from app.explore.comparing import Laid, cell, laid
from app.explore.contrast import Between, contrast
from app.explore.looking import ALL, looking
from app.releases import pairs, store
from app.releases import service as releases
from app.releases.narrowing import narrowed
from app.releases.service import Pair
from app.share import queries, service
from app.share.pages import own_rows
from app.share.views import ComparedPage, ComparisonPage


def comparison_page(
    session: Session, member: Member, wave_id: UUID, earlier_id: UUID, *, in_numbers: bool
) -> ComparisonPage:
    """What a member sees of a comparison; NotFoundError where one of the two is not shared, or nobody made it."""
    found = _laid(session, member, wave_id, earlier_id)
    seen = found.drawn
    look = looking(seen, look="change", opened=ALL, rows=len(seen.rows))
    return ComparisonPage(
        organisation=clients.organisation(session, member.organisation_id),
        between=_between(found.pair),
        contrast=contrast(seen, found.before, look, in_numbers=in_numbers),
        dimensions=seen.dimensions,
        cells=f"{earlier_id}",
        is_table=in_numbers,
    )


def compared_page(
    session: Session, member: Member, wave_id: UUID, earlier_id: UUID, row_id: str, dimension_id: str
) -> ComparedPage:
    """One cell of it; NotFoundError for a row that the member does not see."""
    found = _laid(session, member, wave_id, earlier_id)
    return ComparedPage(
        organisation=clients.organisation(session, member.organisation_id),
        between=_between(found.pair),
        cell=cell(session, found, row_id, dimension_id),
    )


def compared_with(session: Session, organisation_id: UUID, wave_id: UUID) -> Iterator[Between]:
    """The waves with which a shared result can be read beside: both shared, and the comparison made. Five statements,
    however many there are."""
    shared = {one.wave_id: one.release_id for one in queries.shared(session, organisation_id)}
    found = [
        one
        for one in releases.pairs_of(session, organisation_id, wave_id)
        if {one.earlier.id, one.later.id} <= shared.keys()
    ]
    later = store.by_ids(session, organisation_id, {shared[one.later.id] for one in found})
    told = {(one.wave_id, one.document.wave.previous_label) for one in later}
    made = pairs.made(session, organisation_id, [pairs.id_of(one.later.id, one.earlier.id) for one in found])
    for pair in found:
        if (pair.later.id, pair.earlier.label) in told or pairs.id_of(pair.later.id, pair.earlier.id) in made:
            yield _between(pair)


def _laid(session: Session, member: Member, wave_id: UUID, earlier_id: UUID) -> Laid:
    pair = _pair(session, member.organisation_id, wave_id, earlier_id)
    found = _both(session, member.organisation_id, pair)
    if found is None or pair.later.id != wave_id:
        raise NotFoundError
    # Of the earlier wave too, only the rows that they see: what is named as gone is told of their own department alone.
    drawn = narrowed(found.drawn, own_rows(found.drawn, member))
    return replace(found, drawn=drawn, before=narrowed(found.before, own_rows(found.before, member)))


def _pair(session: Session, organisation_id: UUID, wave_id: UUID, earlier_id: UUID) -> Pair:
    """Who is shown results learns of waves by those alone: whatever else is wrong, there is nothing."""
    try:
        return releases.pair(session, organisation_id, wave_id, earlier_id)
    except PlumblineError:
        raise NotFoundError from None


def _both(session: Session, organisation_id: UUID, pair: Pair) -> Laid | None:
    later, before = (service.shared_release(session, organisation_id, one.id) for one in (pair.later, pair.earlier))
    return laid(session, pair, later, before) if later and before else None


def _between(pair: Pair) -> Between:
    return Between(pair.earlier.id, pair.earlier.label, pair.later.id, pair.later.label)
