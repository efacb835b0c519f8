"""What of a decision record is shown with a shared result: all of it, or one department with those below."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from app.autonomy import queries
from app.autonomy.decision import Decision, Place
from app.autonomy.pages import names_of, spoken_release
from app.autonomy.telling import STEPS, lines, told
from app.autonomy.views import Line, Step, Told
from app.releases import store


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The newest record on a release: its lines for the ladder, and of one department what its page says."""

    number: int
    as_of: date
    wave: str
    policy: str
    sha256: str
    steps: tuple[Step, ...]
    lines: tuple[Line, ...]
    told: Told | None


def shown(session: Session, organisation_id: UUID, release_id: UUID, *, own: UUID | None) -> Shown | None:
    """None where no record was issued on the release, or where it says nothing of a lead's department, `own`."""
    records = queries.of_releases(session, organisation_id, [release_id])
    stored = store.by_id(session, organisation_id, release_id)
    if not records or stored is None:
        return None
    record, release = records[0], spoken_release(session, stored)
    decision, names = record.decision, names_of(release)
    wanted = _inside(decision, str(own)) if own else {one.id for one in decision.departments}
    mine = decision.of(str(own)) if own else None
    if not wanted:
        return None
    questions = {item.id: item.text for item in release.items}
    return Shown(
        number=record.number,
        as_of=record.as_of,
        wave=decision.wave,
        policy=decision.policy.version,
        sha256=record.sha256,
        steps=STEPS,
        lines=tuple(one for one in lines(decision, names) if one.id in wanted),
        told=told(mine, decision, names, questions) if mine else None,
    )


def _inside(decision: Decision, own: str) -> set[str]:
    """A department and everything below it."""
    found: set[str] = set()
    for place in decision.facts.places:
        if place.id == own or _is_below(place, found):
            found.add(place.id)
    return found


def _is_below(place: Place, found: set[str]) -> bool:
    return place.parent is not None and place.parent in found
