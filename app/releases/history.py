"""The releases of a wave and of all waves before it, for trends: as each wave was, or as the departments are now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from sqlmodel import Session

from app.clients import changes
from app.releases import store
from app.releases.statistics.slopes import Told
from app.releases.store import StoredRelease
from app.waves import instruments
from app.waves import queries as waves
from app.waves.queries import WaveView
from surveys.model import Instrument

Arranged = Literal["was", "now"]
NOBODY: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Past:
    """The waves of an assessment up to one that has a release, oldest first, with their releases, newest first.

    `heirs` has of each department that was merged the one that took it over. Four statements.
    """

    waves: tuple[WaveView, ...]
    releases: Mapping[UUID, tuple[StoredRelease, ...]]
    heirs: Mapping[str, str]

    def usual(self) -> Arranged:
        """How the newest wave's release is arranged that its pages show."""
        newest = self.releases[self.waves[-1].id][0]
        return "now" if newest.document.occasion == "departments" else "was"

    def of(self, wave: WaveView, arranged: Arranged) -> StoredRelease:
        """The release of a wave: the one made with the departments as they are now where there is one and it is asked
        for, else the newest of the others."""
        every = self.releases[wave.id]
        again = [one for one in every if one.document.occasion == "departments"]
        others = [one for one in every if one.document.occasion != "departments"]
        return (again or others)[0] if arranged == "now" else (others or again)[0]


def past(session: Session, newest: StoredRelease) -> Past:
    """The waves up to the one of a release, those without a release left out."""
    every = waves.waves(session, newest.organisation_id)
    this = next(one for one in every if one.id == newest.wave_id)
    before = [
        one for one in every if one.assessment_id == this.assessment_id and one.finished and one.number < this.number
    ]
    upto = (*sorted(before, key=lambda one: one.number), this)
    found = store.of_waves(session, newest.organisation_id, [one.id for one in upto])
    heirs = changes.heirs(session, newest.organisation_id)
    told = {str(old): str(new) for old, new in heirs.items()}
    return Past(tuple(one for one in upto if one.id in found), found, told)


def told(session: Session, found: Past, arranged: Arranged) -> tuple[Told, ...]:
    """What each wave told, oldest first.

    A statement for each of the client's own questionnaires that was not asked for before.
    """
    heirs = found.heirs if arranged == "now" else NOBODY
    return tuple(
        Told(found.of(one, arranged).document, _anchors(instruments.asked(session, one)), heirs) for one in found.waves
    )


def _anchors(instrument: Instrument) -> dict[str, frozenset[str]]:
    """The anchors of each dimension. Another questionnaire, or a new first number of the version, has others (3.14)."""
    version = f"{instrument.key} {instrument.version.split('.')[0]}"
    return {
        one.id: frozenset(f"{version} {item.id}" for item in one.items if item.anchor) for one in instrument.dimensions
    }
