"""Which wave, department and files somebody at a command line means, or a sentence that says which there are.

English only, as all of the command line is.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from sqlmodel import Session

from app.errors import ConflictError, NotFoundError
from app.exports import queries
from app.exports.queries import Named
from app.exports.saving import place
from app.releases import store
from app.releases.document.words import row_name
from app.releases.store import StoredRelease
from app.reports.formats import FORMATS
from app.reports.options import BOARD, ROLES, WHOLE, Options
from app.reports.service import file_name
from app.reports.work import Source, source
from app.sentences import Listing

ALL: Final = "all"
"""The word for a file of every format."""
MOST_NAMED: Final = 12
STATES: Final = {
    "draft": "it has not been opened yet",
    "open": "people are still answering",
    "paused": "it is paused",
    "closing": "its result is being made",
}


def result(session: Session, wave: str, client: str) -> StoredRelease:
    """The newest release of the wave with this label or id; `client` is a name, a part of one, an id, or empty.

    Raises NotFoundError where there is no such wave, ConflictError where several are meant or it has no result yet.
    """
    found = _one(_of_client(queries.waves(session), client.strip()), wave.strip())
    stored = store.latest(session, found.organisation_id, found.wave_id)
    if stored is None:
        state = STATES.get(found.state, "it ended without one")
        raise ConflictError(
            f"Wave {found.label} of {found.client} has no result yet: {state}. Files can be made once it has closed "
            "and its result is there."
        )
    return stored


def _of_client(every: tuple[Named, ...], client: str) -> tuple[Named, ...]:
    """The waves of the client with this name or id, else of the one in whose name it stands; all of them if empty.

    ConflictError names the clients where several are meant.
    """
    if not client or not every:
        return every
    wanted = client.casefold()
    exact = tuple(one for one in every if wanted in (one.client.casefold(), str(one.organisation_id)))
    found = exact or tuple(one for one in every if wanted in one.client.casefold())
    if not found:
        names = _some(dict.fromkeys(one.client for one in every))
        raise NotFoundError(f"No client with a wave is called “{client}”. There are: {names}.")
    meant = {one.organisation_id: one.client for one in found}
    if len(meant) > 1:
        names = _some(f"{name} ({id})" for id, name in meant.items())
        raise ConflictError(f"Several clients are meant by “{client}”: {names}. Give the whole name of one, or its id.")
    return found


def _one(there: tuple[Named, ...], wave: str) -> Named:
    found = [one for one in there if wave.casefold() in (one.label.casefold(), str(one.wave_id))]
    if not there:
        raise NotFoundError("There is no wave yet.")
    if not found:
        names = _some(f"{one.label} ({one.client})" for one in there)
        raise NotFoundError(f"There is no wave “{wave}”. There are: {names}.")
    clients = _some(dict.fromkeys(one.client for one in found))
    if len({one.organisation_id for one in found}) > 1:
        raise ConflictError(f"Several clients have a wave {wave}: {clients}. Say which with --client.")
    if len(found) > 1:
        ids = _some(f"{one.wave_id} ({one.assessment})" for one in found)
        raise ConflictError(f"{clients} has several waves {wave}. Give the id of one: {ids}.")
    return found[0]


def edition(release: StoredRelease, department: str, *, roles: bool = False) -> str:
    """The id of the row with this name or id; for none that of everybody, with names or with `roles` in their place.

    NotFoundError says which departments the result has; ConflictError that there are no roles for one of them.
    """
    wanted = department.strip().casefold()
    if wanted and roles:
        raise ConflictError("Files of one department have names. Leave out --department, or --roles.")
    if not wanted:
        return ROLES if roles else BOARD
    rows = release.document.rows[1:]
    found = [row.id for row in rows if wanted in (row.id.casefold(), row_name(row).casefold())]
    if len(found) > 1:
        raise ConflictError(
            f"The result has several departments “{department}”. Give the id of one: {_some(found)}.",
        )
    if not found:
        names = _some(row_name(row) for row in rows)
        raise NotFoundError(
            f"The result has no department “{department}”. It has: {names}."
            if rows
            else "The result tells of no single department."
        )
    return found[0]


def files(kind: str, *, paper: str, language: str, edition: str) -> tuple[Options, ...]:
    """The file of a format; with the word for all one of each that is not made of others, and has such an edition.

    InvalidError names what is not known.
    """
    if kind != ALL:
        return (Options.read(paper=paper, language=language, kind=kind, edition=edition),)
    keys = [key for key, one in FORMATS.items() if not one.packs and (edition in WHOLE or one.editions)]
    return tuple(Options.read(paper=paper, language=language, kind=key, edition=edition) for key in keys)


def places(
    session: Session, found: StoredRelease, every: Sequence[Options], out: str, *, folder: bool
) -> tuple[tuple[Source, Path], ...]:
    """What each file is made from and where it is put; refused before any is made where something is in the way."""
    document = found.document
    part = document.row(every[0].row)
    named = [
        file_name(
            client=document.wave.organisation,
            wave=document.wave.label,
            number=found.number,
            options=options,
            part=row_name(part) if part else "",
        )
        for options in every
    ]
    paths = [place(out, name, folder=folder) for name in named]
    return tuple(
        (source(session, organisation_id=found.organisation_id, release_id=found.id, options=options), path)
        for options, path in zip(every, paths, strict=True)
    )


def _some(names: Iterable[str]) -> Listing:
    """The first of these, and how many more there are."""
    every = list(names)
    more = len(every) - MOST_NAMED
    return Listing([*every[:MOST_NAMED], *([f"{more} more"] if more > 0 else [])])
