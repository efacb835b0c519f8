"""A client's own actions for tests, written through the service that everybody uses."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from app.db import Database
from app.playbooks import queries, service
from app.playbooks.own import Written, written_of
from app.playbooks.queries import Own
from app.playbooks.service import Author, Came
from app.playbooks.shelf import library

TITLE = "Write a page of our own"
OWN_CODE = "OWN-R3-write-a-page-of-our"
"""The id that an action of this title gets first."""


def written(title: str = TITLE, *, german: bool = True, **fields: Any) -> Written:  # Any: fields of different types
    """An action as somebody could write it: one of the library's with another title."""
    copied = written_of(library().by_id["R3-low-permitted-uses"])
    words = {"de": {**copied.words["de"], "title": "Eine eigene Seite schreiben"}} if german else {}
    return Written({**copied.fields, "title": title, **fields}, words)


def own_action(
    database: Database,
    organisation_id: UUID,
    now: datetime,
    title: str = TITLE,
    *,
    used: bool = True,
    by: str = "Ada",
    came: Came | None = None,
    **fields: Any,  # Any: fields of different types
) -> Own:
    """An own action of a client, in use or as a draft; once for each title."""
    own_id, author = uuid5(organisation_id, title), Author(by, now)
    with database.writing() as session:
        said = written(title, **fields)
        service.begin(session, organisation_id, own_id, said, came=came or Came(), author=author)
        made = queries.own_action(session, organisation_id, own_id)
        if used and made.draft:
            service.bring_into_use(session, organisation_id, own_id, seen=made.saves, author=author)
        return queries.own_action(session, organisation_id, own_id)
