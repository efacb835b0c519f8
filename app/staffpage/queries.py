"""The statements of the pages for all staff. Every function runs one statement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlmodel import Session, col

from app.staffpage.models import StaffPage


@dataclass(frozen=True, slots=True)
class Action:
    """Something that is done next: in words by language, who does it, and by when; "" and None where that is open."""

    words: Mapping[str, str]
    owner: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """The page of a wave. `actions` are those that are being written, `published` those that staff read.

    `release_id` is the release that staff read, None while nothing is published; `edition` counts the changes. Of a
    plan record `choices` says by key what is to be told; `plan` is the number of the one that staff read, `planned`
    what they read of it.
    """

    organisation_id: UUID
    wave_id: UUID
    id: UUID
    edition: int
    actions: tuple[Action, ...]
    changed_by: UUID
    changed_at: datetime
    choices: Mapping[str, bool]
    published: tuple[Action, ...]
    plan: int | None
    planned: tuple[str, ...]
    release_id: UUID | None
    published_by: UUID | None
    published_at: datetime | None

    @property
    def is_published(self) -> bool:
        """True while staff can read it."""
        return self.release_id is not None


_COLUMNS = tuple(col(getattr(StaffPage, name)) for name in PageFacts.__dataclass_fields__)


def page(session: Session, organisation_id: UUID, wave_id: UUID) -> PageFacts | None:
    """The page of a wave, None before anybody wrote one."""
    found = select(*_COLUMNS).where(
        col(StaffPage.organisation_id) == organisation_id, col(StaffPage.wave_id) == wave_id
    )
    row = session.connection().execute(found).one_or_none()
    return None if row is None else _facts(row)


def find(session: Session, fingerprint: str) -> PageFacts | None:
    """The published page of a token's fingerprint."""
    found = select(*_COLUMNS).where(col(StaffPage.token_sha256) == fingerprint, col(StaffPage.release_id).is_not(None))
    row = session.connection().execute(found).one_or_none()
    return None if row is None else _facts(row)


def row(session: Session, organisation_id: UUID, wave_id: UUID) -> StaffPage | None:
    """The row of a wave's page, fresh; for this feature's service."""
    return session.get(StaffPage, (organisation_id, wave_id), populate_existing=True)


def as_json(actions: Iterable[Action]) -> list[dict[str, Any]]:  # Any: as JSON
    """Actions as they are stored."""
    return [
        {"words": dict(one.words), "owner": one.owner, "due": one.due.isoformat() if one.due else ""} for one in actions
    ]


def _facts(row: Row[Any]) -> PageFacts:  # Any: columns of different types
    told = dict(zip(PageFacts.__dataclass_fields__, row, strict=True))
    lists = {name: _actions(told[name] or []) for name in ("actions", "published")}
    return PageFacts(**{**told, **lists, "planned": tuple(told["planned"] or ())})


def _actions(stored: Iterable[Mapping[str, Any]]) -> tuple[Action, ...]:  # Any: as JSON
    return tuple(
        Action(one["words"], one["owner"], date.fromisoformat(one["due"]) if one["due"] else None) for one in stored
    )
