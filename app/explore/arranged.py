"""Trends over waves between which departments changed: as each wave was, or as the departments are now.

Both show numbers of releases alone. As the departments are now is told where a wave's result was made again with them.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.clients import queries as clients
from app.lineage import queries as lineage
from app.lineage import words
from app.lineage.days import today
from app.lineage.descent import concerning
from app.lineage.snapshots import Change
from app.releases.history import Arranged, Past
from app.releases.store import StoredRelease
from app.sentences import Sentence, say
from app.waves.queries import WaveView

TURNS: Final[tuple[tuple[Arranged, Sentence], ...]] = (("was", say("As it was")), ("now", say("As it is now")))
MOST_TOLD: Final = 8


@dataclass(frozen=True, slots=True)
class ArrangedTurn:
    """One of the two ways to read a trend, and whether it is here."""

    key: Arranged
    name: str
    here: bool


@dataclass(frozen=True, slots=True)
class Unasked:
    """A wave that is not arranged as the departments are now: why, and its id where that can be asked for."""

    told: str
    wave_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """The choice, what happened between the waves, and which waves are not arranged as the departments are now."""

    turns: tuple[ArrangedTurn, ...]
    events: tuple[str, ...]
    unasked: tuple[Unasked, ...]


def chosen(found: Past, asked: str) -> Arranged:
    """How a trend is read: as the address asks, else as the release is arranged that the page shows."""
    keys: dict[str, Arranged] = {key: key for key, _ in TURNS}
    return keys.get(asked, found.usual())


def arrangement(
    session: Session, found: Past, here: Arranged, *, departments: Collection[str] | None = None
) -> Arrangement | None:
    """The choice for a trend of a group of departments, of all where None is given; None where nothing of them changed
    since the first wave opened."""
    newest = found.waves[-1]
    zone = clients.organisation(session, newest.organisation_id).time_zone
    opened = found.waves[0].opened_at
    if len(found.waves) < 2 or opened is None:
        return None
    since = [one for one in lineage.done(session, newest.organisation_id) if one.day > today(opened, zone)]
    about = since if departments is None else concerning(since, [UUID(one) for one in departments])
    told = [one for one in about if one.kind != "open"]
    if not told:
        return None
    names = clients.department_names(session, newest.organisation_id)
    return Arrangement(
        turns=tuple(ArrangedTurn(key, name, key == here) for key, name in TURNS),
        events=tuple(say("{day}: {told}", day=one.day, told=words.about(one, names)) for one in told[-MOST_TOLD:]),
        unasked=tuple(_unasked(found, since, zone)) if here == "now" else (),
    )


def _unasked(found: Past, since: Sequence[Change], zone: str) -> Iterator[Unasked]:
    """The waves whose numbers are of other departments than those of today."""
    for wave in found.waves:
        if wave.opened_at is None or all(one.day <= today(wave.opened_at, zone) for one in since):
            continue
        again = found.of(wave, "now")
        if again.document.occasion != "departments":
            yield _to_ask(wave)
        elif late := _since(again, since):
            yield Unasked(_too_early(wave, late), None)


def _since(again: StoredRelease, since: Sequence[Change]) -> Change | None:
    return next((one for one in since if one.done_at is not None and one.done_at > again.made_at), None)


def _to_ask(wave: WaveView) -> Unasked:
    if wave.deleted_at is not None:
        return Unasked(say("The answers of {label} were deleted, so it stays as it was.", label=wave.label), None)
    return Unasked(say("{label} has not been arranged as the departments are now.", label=wave.label), wave.id)


def _too_early(wave: WaveView, change: Change) -> Sentence:
    return say(
        "{label} was arranged anew before the change of {day}. This is done once for each wave: many results that "
        "differ a little would tell more than each of them.",
        label=wave.label,
        day=change.day,
    )
