"""The documents that the demo's consultant wrote after the newest result, and which of them the client reads.

What nobody wrote follows the data; one is written again when the plan has moved on. All of it made up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.demo.story import ZONE
from app.documents import merging, pages, queries, service
from app.documents.known import case, known
from app.documents.merging import Typed
from app.documents.service import Author, Meant
from app.documents.shelf import template
from app.workflows import library
from app.workflows import queries as workflows

AT: Final = time(10)
LANGUAGE: Final = "en"
MATCHING: Final = "finance.invoice-matching"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote:
    """A version: of which template, on which day, what was written by its place; about a workflow of the library, or
    about the client where `seed` is empty."""

    document: str
    on: date
    texts: Mapping[str, str] = field(default_factory=dict)
    seed: str = ""


WRITTEN: Final = (
    Wrote(document="communication_plan", on=date(2026, 10, 2), texts={
        "stays": "No contract changes in 2026 because of an agent. A person answers every guest who asks for one.",
        "open": "Whether agents may book refunds by themselves is decided in January 2027, after the next result.",
        "others.leaders.day": "5 October 2026",
        "others.leaders.sender": "Demo Consultant",
        "others.works.day": "6 October 2026",
        "others.works.sender": "Head of HR (fictional)",
        "others.everybody.day": "8 October 2026",
        "others.everybody.sender": "Managing director (fictional)",
    }),
    Wrote(document="pilot_charter", on=date(2026, 10, 7), seed=MATCHING, texts={
        "outside": "Invoices above 5 000, first invoices of a new supplier, and everything in another currency.",
        "decides": "Head of Finance (fictional)",
        "starts": "12 October 2026",
        "ends": "20 November 2026",
        "measures.minutes.aim": "4 minutes, checking included",
        "measures.volume.aim": "as many as before",
    }),
    Wrote(document="raci", on=date(2026, 10, 7), seed=MATCHING, texts={
        "people.doer.name": "Invoice desk, early shift",
        "people.doer.cover": "Invoice desk, late shift",
        "people.approver.name": "Head of Accounts payable (fictional)",
        "people.approver.cover": "Head of Controlling (fictional)",
        "people.unit_lead.name": "Head of Finance (fictional)",
        "people.technical.name": "Service desk",
    }),
    Wrote(document="communication_plan", on=date(2026, 11, 4), texts={
        "others.customers.day": "9 November 2026",
        "others.customers.sender": "Head of Guest services (fictional)",
        "others.customers.channel": "The page on which tickets are booked",
    }),
)  # fmt: skip
SHARED: Final = "communication_plan"


def write(session: Session, organisation_id: UUID, *, by: str) -> None:
    """Saves each version on its day."""
    for one in WRITTEN:
        _save(session, organisation_id, one, by=by)


def share(session: Session, organisation_id: UUID) -> None:
    """Lets the client's sponsors read the newest version of the plan that is for them, once its result is shared."""
    meant = Meant(template=template(SHARED), subject_id=organisation_id, language=LANGUAGE)
    found = service.found(session, organisation_id, meant)
    assert found is not None  # it was written before
    service.share(session, organisation_id, meant, number=found.version)


def _save(session: Session, organisation_id: UUID, one: Wrote, *, by: str) -> None:
    """A version, with what was written into the one before it."""
    now = datetime.combine(one.on, AT, tzinfo=ZoneInfo(ZONE))
    about = case(known(session, organisation_id, now=now), _subject(session, organisation_id, one.seed))
    meant = Meant(template=template(one.document), subject_id=about.id, language=LANGUAGE)
    fresh, _ = pages.made_fresh(about, meant)
    row = service.found(session, organisation_id, meant)
    saved = queries.content(session, organisation_id, row.id, row.version) if row else None
    content = merging.apply(merging.merged(saved, fresh), fresh, Typed(texts=one.texts), author=by)
    service.save(
        session,
        organisation_id,
        meant,
        content,
        seen=row.version if row else 0,
        release_id=pages.release_of(about),
        author=Author(by, now),
    )


def _subject(session: Session, organisation_id: UUID, seed: str) -> UUID:
    """The client, or a workflow by its key in the library."""
    if not seed:
        return organisation_id
    names = {each.key: each.names["en"] for some in library.seeds().values() for each in some}
    there = {each.name: each.id for each in workflows.inventory(session, organisation_id)}
    return there[names[seed]]
