"""Asking for a file of a release, and what its worker notes about it. It is made by `work.py`, in the worker only."""

import hashlib
import re
import unicodedata
from datetime import datetime
from uuid import UUID, uuid5

from sqlmodel import Session

from app.clients.brand import PLAIN, Brand, brand
from app.errors import NotFoundError
from app.jobs import service as jobs
from app.jobs.queries import states
from app.releases import store
from app.releases.document.release import Release
from app.reports import looks, marked, queries
from app.reports.formats import version_of
from app.reports.models import ReportFile
from app.reports.options import BOARD, ROLES, WHOLE, Options
from app.reports.queries import JOB
from app.sentences import say

LONGEST_NAME = 60
MISSING_LIBRARY = say(
    "Reports need the library Pango, which is not installed where the worker runs. On Debian: "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. Then try again; "
    "everything else goes on working."
)
MISSING_SPSS = say(
    "SPSS files need two libraries that are not installed where the worker runs. Install them with: {command}. Then "
    "try again; everything else goes on working.",
    command="uv pip install 'pyreadstat>=1.3.7' 'pandas>=3'",
)


def basis(session: Session, organisation_id: UUID, release_id: UUID, options: Options) -> str:
    """What the bytes follow from besides the release and the options: the version of the format (and of those that it
    packs) and, where it prints them, the newest decision and plan records on the release and the client's look.

    A file with another basis was right when it was made; made again it may look different.
    """
    told = marked.mark(session, organisation_id=organisation_id, release_id=release_id, options=options)
    look = brand(session, organisation_id).mark if options.kind.branded else ""
    return f"{version_of(options.kind)}{told}{f' {look}' if look else ''}"


def ask(session: Session, *, organisation_id: UUID, release_id: UUID, options: Options, now: datetime) -> UUID:
    """Asks for a file of a release with these options; asking twice is asking once.

    One that failed is tried again, and one that would come out differently by now is made anew. Raises NotFoundError
    when the organisation has no such release, or the release no row that the edition is for.
    """
    release = store.by_id(session, organisation_id, release_id)
    if release is None or not _has_edition(release.document, options.edition):
        raise NotFoundError
    # The id follows from what is asked for, so that two requests at once cannot make two files.
    report_id = uuid5(release_id, options.key)
    asked = {name: getattr(options, name) for name in queries.OPTIONS}
    queries.add(
        session,
        ReportFile(organisation_id=organisation_id, id=report_id, release_id=release_id, asked_at=now, **asked),
    )
    report = _found(session, organisation_id, report_id, lock=True)
    jobs.enqueue(session, organisation_id=organisation_id, kind=JOB, subject_id=report_id, now=now)
    given_up = states(session, kind=JOB, subject_ids=[report_id]).get(report_id) == "failed"
    stale = report.state == "done" and report.basis != basis(session, organisation_id, release_id, options)
    if report.state == "failed" or stale or (given_up and report.state != "done"):
        report.state, report.step, report.done_steps, report.error, report.asked_at = "waiting", "", 0, None, now
        session.flush()
        jobs.retry(session, kind=JOB, subject_id=report_id, now=now)
    return report_id


def begin(session: Session, *, organisation_id: UUID, report_id: UUID) -> tuple[UUID, Options, str] | None:
    """Notes that work has begun; gives release, options and basis, or None when the file is there already."""
    report = _found(session, organisation_id, report_id)
    if report.state == "done":
        return None
    report.state, report.step, report.done_steps, report.steps, report.error = "running", "", 0, 0, None
    options = Options(**{name: getattr(report, name) for name in queries.OPTIONS})
    return report.release_id, options, basis(session, organisation_id, report.release_id, options)


def note_step(session: Session, *, organisation_id: UUID, report_id: UUID, done: int, steps: int, step: str) -> None:
    """Notes what is being done; `done` of `steps` lie behind."""
    report = _found(session, organisation_id, report_id)
    report.done_steps, report.steps, report.step = done, steps, step


def finish(
    session: Session,
    *,
    organisation_id: UUID,
    report_id: UUID,
    content: bytes,
    basis: str,
    now: datetime,
    look: Brand = PLAIN,
) -> None:
    """Keeps the file, its SHA-256 and what it was made from, the client's look among it."""
    report = _found(session, organisation_id, report_id)
    looks.keep(session, organisation_id, look)
    report.state, report.step, report.done_steps, report.made_at = "done", "", report.steps, now
    report.basis = basis
    report.content, report.sha256 = content, hashlib.sha256(content).hexdigest()


def note_failure(session: Session, *, organisation_id: UUID, report_id: UUID, error: str) -> None:
    """Notes that the file could not be made, with a sentence for whoever asked for it."""
    report = _found(session, organisation_id, report_id)
    report.state, report.step, report.error = "failed", "", error


def _has_edition(release: Release, edition: str) -> bool:
    """Whether a release has the row that an edition is for; the organisation's own is the board's."""
    row = release.row(edition)
    return edition in WHOLE or (row is not None and row is not release.organisation)


def file_name(*, client: str, wave: str, number: int, options: Options, part: str = "") -> str:
    """The name under which a file is saved, in plain ASCII: `fernhill-instruments-2026-q3-release1.pdf`.

    `part` is the name of the department that an edition is for.
    """
    name = f"{plain(client)[:LONGEST_NAME].strip('-') or 'client'}-{plain(wave) or 'wave'}-release{number}"
    if options.edition == ROLES:
        name += "-roles"
    elif options.edition != BOARD:
        name += f"-{plain(part)[:LONGEST_NAME].strip('-') or 'department'}"
    told = options.kind.key if options.kind.key == "dictionary" else ""
    return f"{name}{f'-{told}' if told else ''}{options.suffix}.{options.kind.extension}"


def plain(text: str) -> str:
    """A name in letters and digits that every system can have in the name of a file; empty where there are none."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")


def _found(session: Session, organisation_id: UUID, report_id: UUID, *, lock: bool = False) -> ReportFile:
    report = session.get(ReportFile, (organisation_id, report_id), with_for_update=lock, populate_existing=lock)
    if report is None:
        raise NotFoundError
    return report
