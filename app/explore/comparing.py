"""Gathers the page of two waves compared, whatever stands between them: a release, a comparison, work, or a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlmodel import Session

from app.clients import queries as clients
from app.errors import ConflictError, InvalidError, NotFoundError, PlumblineError
from app.explore.contrast import Between, Compared, Contrast, compared, contrast
from app.explore.looking import Asked, looking
from app.explore.pages import place
from app.explore.views import ComparisonCellPage, ComparisonPage, Edition, Turn, TurnsOfComparison
from app.lineage import queries as lineage
from app.lineage import words as lineage_words
from app.lineage.days import today
from app.releases import pairs, service, store
from app.releases.document.release import Release
from app.releases.pairs import StoredComparison
from app.releases.refusals import GONE, WHY_NOT_COMPARED
from app.releases.service import Pair
from app.releases.store import StoredRelease
from app.releases.translated import translated, words_of
from app.sentences import recalled, say
from app.waves import instruments
from app.waves import queries as waves
from app.waves.queries import WaveView
from app.waves.results import beside
from surveys.compare import Asking, comparisons

State = Literal["told", "ask", "waiting", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """Two waves beside each other: the later one's release with the changes since the earlier one, and that one's.

    `made` is the comparison from which they come, None where the release compares the two by itself.
    """

    pair: Pair
    drawn: Release
    before: Release
    made: StoredComparison | None


def laid(session: Session, pair: Pair, later: StoredRelease, before: StoredRelease) -> Laid | None:
    """What there is of two waves with these releases, in the reader's language; None where nobody made it."""
    release = translated(later.document, words_of(session, later))
    earlier = translated(before.document, words_of(session, before))
    if release.wave.previous_label == pair.earlier.label:
        return Laid(pair=pair, drawn=release, before=earlier, made=None)
    made = pairs.by_id(session, later.organisation_id, pairs.id_of(pair.later.id, pair.earlier.id))
    return None if made is None else Laid(pair=pair, drawn=made.document.over(release), before=earlier, made=made)


def items(session: Session, pair: Pair, drawn: Release) -> Mapping[str, tuple[str, ...]]:
    """The questions on which two waves are compared, as they were asked, by dimension."""
    asked = [
        Asking(instruments.asked(session, one), "full" if one.form == "full" else "pulse")
        for one in (pair.earlier, pair.later)
    ]
    texts = {one.id: one.text for one in drawn.items}
    return {
        one.dimension: tuple(texts.get(item, asked[1].instrument.item(item).text) for item in one.items)
        for one in comparisons(before=asked[0], now=asked[1])
    }


def comparison_page(
    session: Session, organisation_id: UUID, wave_id: UUID, other_id: UUID, asked: Asked
) -> ComparisonPage:
    """Two waves beside each other, or what has to happen before. Errors as in `releases.service.pair`."""
    pair = service.pair(session, organisation_id, wave_id, other_id)
    found = _laid(session, pair)
    state, why = ("told", "") if found else _state(session, pair)
    return ComparisonPage(
        place=place(session, organisation_id, pair.later.id, pair.later.label),
        between=_between(pair),
        state=state,
        why=why,
        contrast=_contrast(found, asked) if found else None,
        turns=_turns(found, asked) if found else None,
        dimensions=found.drawn.dimensions if found else (),
        happened=_happened(session, pair),
        edition=_edition(found) if found else None,
        others=_others(session, pair),
    )


def cell_page(
    session: Session, organisation_id: UUID, wave_id: UUID, other_id: UUID, row_id: str, dimension_id: str
) -> ComparisonCellPage:
    """One cell of two waves beside each other; NotFoundError where there is none."""
    pair = service.pair(session, organisation_id, wave_id, other_id)
    found = _laid(session, pair)
    if found is None:
        raise NotFoundError
    return ComparisonCellPage(
        place=place(session, organisation_id, pair.later.id, pair.later.label),
        between=_between(pair),
        cell=cell(session, found, row_id, dimension_id),
    )


def cell(session: Session, found: Laid, row_id: str, dimension_id: str) -> Compared:
    """One cell in full; NotFoundError where there is none."""
    row = next((one for one in found.drawn.rows if one.id == row_id), None)
    head = next((one for one in found.drawn.dimensions if one.id == dimension_id), None)
    if row is None or head is None:
        raise NotFoundError
    asked = items(session, found.pair, found.drawn).get(dimension_id, ())
    return compared(found.drawn, found.before, row, head, asked)


def choosing_page(session: Session, organisation_id: UUID, wave_id: UUID, *, problem: str = "") -> ComparisonPage:
    """The waves with which one can be compared; `problem` says why an address leads to no comparison."""
    wave = waves.wave(session, organisation_id, wave_id)
    others = _comparable(session, wave)
    return ComparisonPage(
        place=place(session, organisation_id, wave_id, wave.label),
        between=None,
        state="ask",
        why=problem or _nothing_to_choose(wave, others),
        contrast=None,
        turns=None,
        dimensions=(),
        happened=(),
        edition=None,
        others=tuple(Turn(str(one.id), one.label, "", False) for one in others),
    )


def wave_in(address: str) -> UUID:
    """The id of a wave in an address; NotFoundError for what is none."""
    try:
        return UUID(address)
    except ValueError:
        raise NotFoundError from None


def problem_of(error: PlumblineError) -> str:
    """Why two waves are not compared."""
    if isinstance(error, InvalidError | ConflictError):
        return error.message
    return say("There is no such wave at this client. Choose one of these.")


def _laid(session: Session, pair: Pair) -> Laid | None:
    later, before = (store.latest(session, one.organisation_id, one.id) for one in (pair.later, pair.earlier))
    return laid(session, pair, later, before) if later and before else None


def _state(session: Session, pair: Pair) -> tuple[State, str]:
    organisation_id, comparison_id = pair.later.organisation_id, pairs.id_of(pair.later.id, pair.earlier.id)
    asked = pairs.asked(session, organisation_id, comparison_id)
    if asked is not None and asked.refused is not None:
        return "refused", recalled(asked.refused, WHY_NOT_COMPARED)
    job = service.comparing(session, comparison_id) if asked else None
    if job is not None and job.state == "failed":
        return "ask", service.failure(job.error or "")
    if job is not None:
        return "waiting", ""
    for wave in (pair.earlier, pair.later):
        if wave.deleted_at is not None:
            return "refused", GONE.filled({"label": wave.label})
    return "ask", ""


def _between(pair: Pair) -> Between:
    return Between(pair.earlier.id, pair.earlier.label, pair.later.id, pair.later.label)


def _contrast(found: Laid, asked: Asked) -> Contrast:
    look = looking(found.drawn, look="change", order=asked.order, opened=asked.open, rows=asked.rows)
    return contrast(found.drawn, found.before, look, in_numbers=asked.view == "table")


def _turns(found: Laid, asked: Asked) -> TurnsOfComparison:
    here = looking(found.drawn, look="change", order=asked.order, opened=asked.open, rows=asked.rows)
    folds = bool(here.foldable)
    return TurnsOfComparison(
        is_table=asked.view == "table",
        unfold_all=here.unfolding(here.foldable).query if folds and here.unfolded != here.foldable else "",
        fold_all=here.unfolding(()).query if folds and here.unfolded else "",
    )


def _happened(session: Session, pair: Pair) -> tuple[str, ...]:
    """What became of departments between the days on which the two waves opened."""
    if pair.earlier.opened_at is None or pair.later.opened_at is None:
        return ()
    organisation_id = pair.later.organisation_id
    zone = clients.organisation(session, organisation_id).time_zone
    first, last = today(pair.earlier.opened_at, zone), today(pair.later.opened_at, zone)
    done = [one for one in lineage.done(session, organisation_id) if first < one.day <= last]
    names = clients.department_names(session, organisation_id) if done else {}
    return tuple(say("{day}: {told}", day=one.day, told=lineage_words.about(one, names)) for one in done)


def _edition(found: Laid) -> Edition | None:
    made = found.made
    if made is None:
        return None
    return Edition(number=made.number, made_at=made.made_at, occasion="", sha256=made.sha256)


def _comparable(session: Session, wave: WaveView) -> tuple[WaveView, ...]:
    """The other waves of the same assessment that have a result, the newest first."""
    return beside(waves.waves(session, wave.organisation_id), wave)


def _others(session: Session, pair: Pair) -> tuple[Turn, ...]:
    return tuple(
        Turn(str(one.id), one.label, "", one.id == pair.earlier.id) for one in _comparable(session, pair.later)
    )


def _nothing_to_choose(wave: WaveView, others: tuple[WaveView, ...]) -> str:
    if not wave.finished:
        return say("{label} has no result yet. Waves are compared once both have closed.", label=wave.label)
    return "" if others else say("No other wave of this assessment has a result yet.")
