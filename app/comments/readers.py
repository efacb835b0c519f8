"""Who may read what people wrote: `CommentReader` for every route that shows a comment."""

from typing import Annotated

from fastapi import Depends, Request

from app.accounts.access import Member, Reviewing
from app.comments import service
from app.db import Database
from app.errors import NotFoundError


def _comment_reader(request: Request, member: Reviewing) -> Member:
    database: Database = request.app.state.database
    with database.reading() as session:
        if not service.may_read(session, organisation_id=member.organisation_id, role=member.role):
            raise NotFoundError
    return member


CommentReader = Annotated[Member, Depends(_comment_reader)]
"""The client's reviewers, and its consultants while there are none; a consultant gets 404 once somebody was named."""
