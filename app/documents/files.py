"""Documents as files that other programs open, with a name that says what they are."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from app.accounts.access import Member
from app.clients.brand import Brand, brand
from app.documents import queries, sight
from app.documents.content import Content
from app.documents.known import known
from app.documents.pages import Opened, drawings, facts

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class File:
    """The bytes of a file and its name."""

    name: str
    content: bytes


def text_document(found: Opened, look: Brand) -> File:
    """A document as a text document."""
    return _made(found.shown, found.version, look)


def archive(session: Session, member: Member, *, now: datetime) -> bytes:
    """The newest version of every document that was saved, of somebody of the client the shared ones, in an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        taken: dict[str, int] = {}
        for one in _files(session, member, now):
            number = taken[one.name] = taken.get(one.name, 0) + 1
            name = one.name if number == 1 else one.name.replace(".docx", f"-{number}.docx")
            made.writestr(zipfile.ZipInfo(name), one.content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def slug(text: str) -> str:
    """A text as a part of a file's name: letters, digits and -."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()[:60] or "document"


def _files(session: Session, member: Member, now: datetime) -> Iterator[File]:
    look, place = brand(session, member.organisation_id), member.organisation_id
    if member.runs_it:
        every = [(one, one.version) for one in queries.documents(session, place)]
    else:
        there = known(session, place, now=now)
        every = [(one, one.shared) for one in sight.shared_with(session, member, there)]
    for one, number in every:
        yield _made(queries.content(session, place, one.id, number), number, look)


def _made(content: Content, version: int, look: Brand) -> File:
    from app.documents.paper import document  # what writes text documents is large, and few ask for one

    name = "-".join((slug(content.subject), slug(content.title), f"v{version}", content.as_of.isoformat()))
    return File(f"{name}.docx", document(content, facts(content, version), drawings(content), look, version=version))
