"""Gathers what the pages of a release show. Each runs a fixed number of statements."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.clients import queries as clients
from app.effects.marks import done_here
from app.errors import NotFoundError
from app.explore.arranged import arrangement, chosen
from app.explore.cell import cell
from app.explore.headline import headline, row_title
from app.explore.heatmap import heatmap, orders
from app.explore.leading import leading
from app.explore.looking import FIRST, LOOKS, Asked, Looking, looking
from app.explore.over_time import over_time
from app.explore.strip import strip
from app.explore.sure import sureness
from app.explore.views import CellPage, HeatmapPage, Place, RowPage, Turn, Turns, WaitingPage
from app.explore.willing import willing
from app.explore.written import WrittenHere, written
from app.figures.division import divisions, working
from app.releases import store, supplement
from app.releases.document.release import Release, Row
from app.releases.history import past, told
from app.releases.store import StoredRelease
from app.releases.translated import questions, translated, words_of
from app.waves import queries as waves
from app.waves.queries import WaveView


def heatmap_page(session: Session, organisation_id: UUID, wave_id: UUID, asked: Asked) -> HeatmapPage | None:
    """The heatmap of a wave's newest release as the address asks for it; None before there is one."""
    found = store.latest(session, organisation_id, wave_id)
    if found is None:
        return None
    release = translated(found.document, words_of(session, found))
    first = _first_wave(session, organisation_id, wave_id)
    chosen = looking(release, look=asked.view, order=asked.order, opened=asked.open, rows=asked.rows)
    before = store.latest(session, organisation_id, first.id) if first and chosen.column == FIRST else None
    return HeatmapPage(
        place=place(session, organisation_id, wave_id, release.wave.label),
        facts=release.wave,
        number=release.number,
        sha256=found.sha256,
        headline=headline(release),
        heatmap=heatmap(release, chosen, before.document if before else None, of=found.sha256),
        dimensions=release.dimensions,
        look=chosen.look,
        turns=_turns(release, chosen, first.label if first else ""),
        statement=release.certificate.statement,
        notes=release.notes,
    )


def row_page(session: Session, organisation_id: UUID, wave_id: UUID, row_id: str, arranged: str = "") -> RowPage:
    """One row of the heatmap in full; `arranged` says how its trend is read."""
    found, release, row = _row(session, organisation_id, wave_id, row_id)
    whole = row.kind == "organisation"
    before = past(session, found)
    here = chosen(before, arranged)
    names = {head.id: head.name for head in release.dimensions}
    return RowPage(
        place=place(session, organisation_id, wave_id, release.wave.label),
        facts=release.wave,
        row=row,
        title=row_title(release, row),
        strip=strip(release, row),
        sure=sureness(release, row),
        over_time=over_time(told(session, before, here), row_id, names),
        arrangement=arrangement(session, before, here, departments=row.departments),
        divisions=divisions(release, row),
        leading=leading(release) if whole and release.gaps else None,
        willing=willing(release) if whole else None,
        working=working(release) if whole else None,
        written=_written(session, found, release, row),
    )


def cell_page(
    session: Session,
    organisation_id: UUID,
    wave_id: UUID,
    row_id: str,
    dimension_id: str,
    *,
    now: datetime,
    arranged: str = "",
) -> CellPage:
    """One cell of the heatmap in full; `arranged` says how its trend is read."""
    found, release, row = _row(session, organisation_id, wave_id, row_id)
    head = next((one for one in release.dimensions if one.id == dimension_id), None)
    if head is None:
        raise NotFoundError
    before = past(session, found)
    here = chosen(before, arranged)
    waves_told, comments = told(session, before, here), _written(session, found, release, row)
    acts = done_here(session, organisation_id, wave_id, (row_id, dimension_id), now=now)
    return CellPage(
        place=place(session, organisation_id, wave_id, release.wave.label),
        facts=release.wave,
        cell=cell(release, row, head, waves=waves_told, written=comments, acts=acts),
        arrangement=arrangement(session, before, here, departments=row.departments),
    )


def _row(session: Session, organisation_id: UUID, wave_id: UUID, row_id: str) -> tuple[StoredRelease, Release, Row]:
    """The newest release, in the reader's languages too, and its row of that id; there is nothing there without."""
    found = store.latest(session, organisation_id, wave_id)
    if found is None or found.document.row(row_id) is None:
        raise NotFoundError
    release = translated(found.document, words_of(session, found))
    return found, release, next(one for one in release.rows if one.id == row_id)


def _written(session: Session, found: StoredRelease, release: Release, row: Row) -> WrittenHere | None:
    told = supplement.latest(session, found.organisation_id, found.id)
    return written(release, row, questions(told.document, words_of(session, found)) if told else None)


def place(session: Session, organisation_id: UUID, wave_id: UUID, label: str) -> Place:
    """Where a page stands."""
    return Place(organisation_id, clients.organisation(session, organisation_id).name, wave_id, label)


def waiting(session: Session, organisation_id: UUID, wave_id: UUID) -> WaitingPage:
    """The page of a wave that has no release yet."""
    wave = waves.wave(session, organisation_id, wave_id)
    return WaitingPage(place(session, organisation_id, wave_id, wave.label), wave.state, wave.planned_close)


def _first_wave(session: Session, organisation_id: UUID, wave_id: UUID) -> WaveView | None:
    """The first wave of the same assessment that has a result; None for that wave itself."""
    every = waves.waves(session, organisation_id)
    this = next(one for one in every if one.id == wave_id)
    earlier = [
        one for one in every if one.assessment_id == this.assessment_id and one.finished and one.number < this.number
    ]
    return min(earlier, key=lambda one: one.number, default=None)


def _turns(release: Release, chosen: Looking, first: str) -> Turns:
    looks = {look: name for look, name in LOOKS.items() if look != "change" or release.wave.previous_label}
    before = {"before": release.wave.previous_label or ""}
    folds = bool(chosen.foldable)
    return Turns(
        looks=tuple(
            Turn(look, name.filled(before) if look == "change" else name, chosen.seen(look).query, look == chosen.look)
            for look, name in looks.items()
        ),
        orders=tuple(
            Turn(key, name, chosen.ordered(key).query, key == chosen.column) for key, name in orders(release, first)
        ),
        unfold_all=chosen.unfolding(chosen.foldable).query if folds and chosen.unfolded != chosen.foldable else "",
        fold_all=chosen.unfolding(()).query if folds and chosen.unfolded else "",
        look=chosen.look,
        opened=chosen.opened,
    )
