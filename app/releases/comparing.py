"""Makes a comparison of two waves from both waves' answer sheets, audited against all that was told of either (P17).

Run by the worker alone. A wave and the one before it are compared in the release of the later one; this is for every
other pair, on the common strata and the common anchors of both (P8).
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.acts.service import note
from app.clients import queries as clients
from app.db import Database
from app.errors import ConflictError
from app.releases import pairs, store
from app.releases.compute import METHOD
from app.releases.document.comparison import SCHEMA, Comparison, Wave
from app.releases.document.release import NoChange, Release
from app.releases.make import Gathered, dossier, gather, to_compare
from app.releases.meanwhile import require_as_read
from app.releases.pairs import AskedFacts, ToldOf
from app.releases.proof import Dossier, both_proven
from app.releases.refusals import GONE, NO_LEDGER, NOT_SAFE
from app.releases.statistics.change import Compared, Refusal, Survey, Trend, compared, earlier, told_of, trends_of
from app.releases.statistics.planning import PreviousWave, survey_before
from app.releases.statistics.tested import Changes, tested
from app.releases.statistics.uncollected import uncollected
from app.sentences import Sentence
from app.waves import queries as waves
from surveys.compare import Asking

log = logging.getLogger("plumbline.releases")


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two waves as it was read, as comparisons take it, and the id of its first release."""

    found: Gathered
    wave: PreviousWave
    release_id: UUID

    @property
    def release(self) -> Release:
        """Its first release."""
        return self.found.releases[0][0]

    @property
    def dossier(self) -> Dossier:
        """The wave as the auditor takes it."""
        return dossier(self.found)


@dataclass(frozen=True, slots=True)
class _Made:
    """A comparison that is proven, without its number, and the plans on which it rests."""

    document: Comparison
    trends: Mapping[str, Trend | Refusal]


@uncollected()
def make_comparison(database: Database, *, organisation_id: UUID, comparison_id: UUID, now: datetime) -> None:
    """Reads, compares, proves and stores the comparison that was asked for; does nothing when it is there already.

    Where the answers of a wave were deleted, or where the auditor says no, that is noted with what was asked for.
    ConflictError where something became of one of the waves meanwhile; the next attempt is proven with it.
    """
    with database.reading() as session:
        asked = pairs.require_asked(session, organisation_id, comparison_id)
        if pairs.by_id(session, organisation_id, comparison_id) is not None:
            return
        name = clients.organisation(session, organisation_id).name
        ids = (asked.earlier_id, asked.wave_id)
        refused = next((why for one in ids if (why := _why_not(session, organisation_id, one))), None)
        before, later = (None, None) if refused else (_side(session, organisation_id, one) for one in ids)
    made: _Made | str | None = refused
    if before is not None and later is not None:
        made = _made(name, before, later)
    with database.writing() as session:
        if isinstance(made, _Made) and before is not None and later is not None:
            _keep(session, asked, made, before, later, now=now)
        elif made is not None:
            pairs.refuse(session, organisation_id, comparison_id, str(made))


def _why_not(session: Session, organisation_id: UUID, wave_id: UUID) -> Sentence | None:
    wave = waves.wave(session, organisation_id, wave_id)
    if wave.deleted_at is not None:
        return GONE.filled({"label": wave.label})
    releases = store.with_ledgers(session, organisation_id, wave_id)
    return None if releases and releases[0][1] is not None else NO_LEDGER.filled({"label": wave.label})


def _side(session: Session, organisation_id: UUID, wave_id: UUID) -> _Side:
    found = gather(session, organisation_id, wave_id)
    first = store.of_wave(session, organisation_id, wave_id)[-1]
    return _Side(found, to_compare(session, found), first.id)


def _made(organisation: str, before: _Side, later: _Side) -> _Made | Sentence:
    """The comparison with the auditor's numbers; why there is none where the auditor says no."""
    then, now = (survey_before(organisation, one.wave) for one in (before, later))
    trends = trends_of(earlier(then, now=Asking(now.instrument, now.form)), now)
    document = _document(before, later, trends, _changes(now, trends))
    drawn = document.over(later.release)
    try:
        audits = both_proven(trends, earlier=before.dossier, later=later.dossier, drawn=drawn)
    except ConflictError:
        log.warning("a comparison was refused by the auditor", exc_info=True)
        return NOT_SAFE
    supports = [(one.smallest_support, one.smallest_interval_support) for one in audits]
    means, intervals = (min((one for one in of if one is not None), default=None) for of in zip(*supports, strict=True))
    return _Made(replace(document, smallest_support=means, smallest_interval_support=intervals), trends)


def _changes(now: Survey, trends: Mapping[str, Trend | Refusal]) -> Changes:
    """By column and row, as in a release."""
    found: dict[str, dict[str, Compared | NoChange]] = {}
    for dimension, one in trends.items():
        if isinstance(one, Trend):
            found[dimension] = dict(compared(now.rows, one))
        else:
            found[dimension] = {row.id: NoChange(reason=one.reason) for row in now.rows.every}
    return tested(found)


def _document(before: _Side, later: _Side, trends: Mapping[str, Trend | Refusal], changes: Changes) -> Comparison:
    first = later.release
    policies = (before.found.policy, later.found.policy)
    return Comparison(
        schema=SCHEMA,
        number=0,
        method=METHOD,
        organisation=first.wave.organisation,
        assessment=first.wave.assessment,
        earlier=Wave.of(before.release.wave),
        later=Wave.of(first.wave),
        k_means=min(one.k_means for one in policies),
        k_intervals=min(one.k_intervals for one in policies),
        changes={row.id: {name: of[row.id] for name, of in changes.items() if row.id in of} for row in first.rows},
        departments={row.id: row.departments for row in first.rows},
        items={name: _ids(one) for name, one in trends.items() if isinstance(one, Trend)},
        not_comparable={name: one.sentence for name, one in trends.items() if isinstance(one, Refusal)},
        smallest_support=None,
        smallest_interval_support=None,
    )


def _ids(trend: Trend) -> tuple[str, ...]:
    return tuple(item.id for item in trend.now.column.items)


def _keep(session: Session, asked: AskedFacts, made: _Made, before: _Side, later: _Side, *, now: datetime) -> None:
    """Stores a comparison with what it tells of both waves, the later one held first, as a release does."""
    place = store.Place(asked.organisation_id, asked.wave_id)
    require_as_read(session, asked.organisation_id, asked.wave_id, later.dossier)
    require_as_read(session, asked.organisation_id, asked.earlier_id, before.dossier)
    if pairs.by_id(session, asked.organisation_id, asked.id) is not None:
        return
    told = (
        ToldOf(asked.earlier_id, later.release_id, told_of(made.trends, side="before")),
        ToldOf(asked.wave_id, before.release_id, told_of(made.trends, side="now")),
    )
    document = replace(made.document, number=pairs.next_number(session, place))
    pairs.add(session, place, document, comparison_id=asked.id, told=told, now=now)
    note(
        session, "result.compared", organisation_id=place.organisation_id, wave_id=asked.wave_id, user_id=None, now=now
    )
