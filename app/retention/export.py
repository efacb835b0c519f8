"""Files to take away: all that is stored about a person, and a client's papers at the end of a contract."""

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Final

IN_MEMORY: Final = 16 * 1024 * 1024
"""Bytes of an archive; a larger one is written to a file that is gone when it is closed."""
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
LEFT_OUT: Final = (
    "Answers that were sent. They carry no name and no link, so nobody can tell which are this person's, "
    "and they cannot be listed here, changed or deleted one by one. Whoever sent them was told so before."
)
READ_ME: Final = """What Plumbline holds of {client}, as of {day}.

departments.csv   the departments as they are now, with headcounts
waves.csv         the waves with their dates and the privacy policy that each promised
releases/         each result as the canonical document; its SHA-256 is printed in the reports
comparisons/      comparisons of two waves that no result compares by itself
supplements/      the comments that were published after review
reports/          the reports and other files of results that were made
decisions/        each decision record as the canonical document, and decisions.csv with its reason and its SHA-256
thresholds/       each version of the thresholds that was adopted, and thresholds.csv with its reason
controls.csv      what was attested, renewed and withdrawn, with the name and the SHA-256 of the file that shows it
evidence/         these files as they were sent
workflows.csv     the workflows with their facts, a line for each version
plan.csv          the action plan, a line for each version of an action, with names and without mail addresses
plan-records/     each plan record as the canonical document, and plan-records.csv with who issued it and its SHA-256
documents/        each version of each document of the client as it was saved, and documents.csv with when and by whom
counsel.csv       what counsel said of guardrails, a line for each version, with names
countries.csv     in which countries the client works, and departments of which something else is told
plan-hours.csv    the hours that departments gave for their ninety days
own-actions/      the client's own actions: the files of each version and of drafts, and own-actions.csv
logo.png          the logo

Not in here: answer sheets, drafts, lists of people and links, and what results told of whom exactly, which is kept to
check the next ones. Nobody can take answers out of Plumbline.
"""

Row = Sequence[object]


@dataclass(frozen=True)
class Entry:
    """What is stored of a person in one wave. `saved_and_not_sent`: a draft is there, which only the link opens.

    That, `answers_sent` and `mails_stopped` are None until the wave has closed. Where there is no link yet,
    `links_made` is 0.
    """

    assessment: str
    wave: str
    wave_state: str
    department: str
    called: str | None
    name: str | None
    mail: str | None
    language: str | None
    on_the_list: bool
    kind_of_link: str | None
    link_made_at: datetime | None
    links_made: int
    link_taken_back_at: datetime | None
    mail_bounced: bool | None
    mails_stopped: bool | None
    answers_sent: bool | None
    saved_and_not_sent: bool | None


@dataclass(frozen=True)
class Paper:
    """A file of the client's archive."""

    name: str
    content: bytes


def person_as_json(*, organisation: str, reference: str, entries: Iterable[Entry], now: datetime) -> bytes:
    """Every field that is stored under a reference, but for the fingerprint of the link, as readable JSON."""
    told = {
        "about": "All that is stored under this reference in the lists of people of this organisation",
        "organisation": organisation,
        "reference": reference,
        "exported_at": now.isoformat(),
        "entries": [_plain(entry) for entry in entries],
        "not_included": LEFT_OUT,
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def table(headings: Row, rows: Iterable[Row]) -> bytes:
    """A CSV file in UTF-8 with its mark, in which no cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_safe("" if cell is None else str(cell)) for cell in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def archive(client: str, papers: Iterable[Paper], *, now: datetime) -> IO[bytes]:
    """A ZIP file of the papers with a note on what they are, at its beginning; the same papers give the same bytes at
    the same time. Papers are taken one by one, so that it may be larger than memory."""
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # whoever gets it closes it
    note = Paper("READ-ME.txt", READ_ME.format(client=client, day=f"{now:%Y-%m-%d}").encode())
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for paper in (note, *papers):
            info = zipfile.ZipInfo(paper.name, date_time=now.timetuple()[:6])
            file.writestr(info, paper.content, compress_type=zipfile.ZIP_DEFLATED)
    out.seek(0)
    return out


def file_name(text: str) -> str:
    """A name as part of a file's name: letters of any kind, digits and dashes."""
    words = "".join(letter if letter.isalnum() else " " for letter in text).split()
    return "-".join(words)[:80] or "unnamed"


def _plain(entry: Entry) -> Mapping[str, object]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in vars(entry).items()}


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
