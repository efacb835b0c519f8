"""Acts in words: what they were about is looked up by id, as it is called today."""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.roles import NAMES
from app.acts.kinds import KINDS
from app.acts.queries import ActFacts
from app.clients import queries as clients
from app.journal.views import Line
from app.owners import queries as owners
from app.questionnaires import queries as questionnaires
from app.sentences import Passage, say
from app.waves import queries as waves
from app.workflows import queries as workflows

BY_ITSELF: Final = say("Plumbline, by itself")
WITH_A_LINK: Final = say("Somebody with a link")
BY_LINK: Final = frozenset({"workflow.told"})
"""What people do who have a link and no account; the act is about the link, which has a name."""
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
COLUMNS: Final = ("time", "user", "act", "what", "wave", "about", "detail")


@dataclass(frozen=True)
class Names:
    """What the ids of acts are called today: waves, and everything else."""

    waves: dict[UUID, str]
    subjects: dict[UUID, str]


def names(session: Session, organisation_id: UUID) -> Names:
    """The names of a client's waves, departments, questionnaires and users, in five statements."""
    known = workflows.names(session, organisation_id)
    links = owners.names(session, organisation_id)
    return Names(
        {wave.id: wave.label for wave in waves.waves(session, organisation_id)},
        {
            **clients.department_names(session, organisation_id),
            **{one.id: one.name for one in questionnaires.instruments(session, organisation_id)},
            **known,
            **{id: Passage((known[of], reader), ": ") for id, (of, reader) in links.items()},
            **accounts.names(session),
        },
    )


def line(act: ActFacts, known: Names) -> Line:
    """One act in words."""
    wave = known.waves.get(act.wave_id) if act.wave_id else None
    subject = known.subjects.get(act.subject_id) if act.subject_id else None
    detail = next((name for key, name in NAMES.items() if key == act.detail), "")
    about = tuple(text for text in (wave, subject, detail) if text)
    by_nobody = WITH_A_LINK if act.kind in BY_LINK else BY_ITSELF
    return Line(act.at, act.user_name or by_nobody, KINDS.get(act.kind, act.kind), about)


def as_csv(acts: Iterable[ActFacts], known: Names, zone: str, say_it: Callable[[str], str]) -> str:
    """The acts as a table, times in the client's zone with their offset. No cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    place = ZoneInfo(zone)
    for act in acts:
        told = line(act, known)
        cells = (
            act.at.astimezone(place).isoformat(timespec="seconds"),
            say_it(told.who),
            act.kind,
            say_it(told.what),
            known.waves.get(act.wave_id, "") if act.wave_id else "",
            known.subjects.get(act.subject_id, "") if act.subject_id else "",
            act.detail,
        )
        writer.writerow([_safe(cell) for cell in cells])
    return out.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
