"""A client's own actions, as others may know them. Each function says what it costs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import and_, delete, select
from sqlmodel import Session, col

from app.errors import NotFoundError
from app.playbooks.models import OwnAction, OwnActionVersion

State = Literal["draft", "in_use", "retired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """An own action as it is now: `files` are those in use, or that were before it retired; `draft` what is being
    written. Both are empty where there is nothing of the kind. `version`, `sha256`, `used_at` are those of `files`."""

    id: UUID
    code: str
    draft: Mapping[str, str]
    saves: int
    number: int
    copied_from: str
    copied_version: str
    origin: UUID | None
    origin_sha256: str
    changed_at: datetime
    changed_by: str
    retired: bool
    files: Mapping[str, str]
    version: str
    sha256: str
    used_at: datetime | None

    @property
    def state(self) -> State:
        """How it stands."""
        if self.retired:
            return "retired"
        return "in_use" if self.number else "draft"

    @property
    def newest(self) -> Mapping[str, str]:
        """The files that say most: of the draft where there is one."""
        return self.draft or self.files


def own_actions(session: Session, organisation_id: UUID) -> tuple[Own, ...]:
    """All of a client, by their ids; in one statement."""
    statement = select(OwnAction, OwnActionVersion).outerjoin(OwnActionVersion, _NEWEST)
    found = session.execute(
        statement.where(col(OwnAction.organisation_id) == organisation_id)
        .order_by(col(OwnAction.code))
        .execution_options(populate_existing=True)
    )
    return tuple(_told(row, version) for row, version in found)


def own_action(session: Session, organisation_id: UUID, own_id: UUID) -> Own:
    """One of them; NotFoundError when the client has none of that id. In one statement."""
    found = next((one for one in own_actions(session, organisation_id) if one.id == own_id), None)
    if found is None:
        raise NotFoundError
    return found


def versions(session: Session, organisation_id: UUID, own_id: UUID | None = None) -> tuple[OwnActionVersion, ...]:
    """The versions of an own action, or of all, the newest first; in one statement."""
    version = OwnActionVersion
    here = col(version.organisation_id) == organisation_id
    wanted = here if own_id is None else and_(here, col(version.own_action_id) == own_id)
    statement = select(version).where(wanted).order_by(col(version.own_action_id), col(version.number).desc())
    return tuple(session.execute(statement).scalars())


def with_actions(session: Session, organisation_ids: Collection[UUID]) -> frozenset[UUID]:
    """Which of these clients have own actions in use; in one statement."""
    in_use = and_(col(OwnAction.number) > 0, col(OwnAction.retired_at).is_(None))
    found = select(col(OwnAction.organisation_id)).where(col(OwnAction.organisation_id).in_(organisation_ids), in_use)
    return frozenset(session.execute(found.distinct()).scalars())


def origins(session: Session, organisation_ids: Collection[UUID], own_ids: Collection[UUID]) -> dict[UUID, str]:
    """The SHA-256 of the newest version of own actions of these clients, by id; in one statement."""
    statement = select(col(OwnAction.id), col(OwnActionVersion.sha256)).join(OwnActionVersion, _NEWEST)
    here = and_(col(OwnAction.organisation_id).in_(organisation_ids), col(OwnAction.id).in_(own_ids))
    return {id: sha256 for id, sha256 in session.execute(statement.where(here))}


# What follows is for this room's service.


def row(session: Session, organisation_id: UUID, own_id: UUID) -> OwnAction:
    """The row of an own action, read anew; NotFoundError when there is none."""
    found = session.get(OwnAction, (organisation_id, own_id), populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


def remove(session: Session, organisation_id: UUID, own_id: UUID) -> None:
    """Deletes an own action that was never in use."""
    here = and_(col(OwnAction.organisation_id) == organisation_id, col(OwnAction.id) == own_id)
    session.execute(delete(OwnAction).where(here, col(OwnAction.number) == 0))


_NEWEST = and_(
    col(OwnActionVersion.organisation_id) == col(OwnAction.organisation_id),
    col(OwnActionVersion.own_action_id) == col(OwnAction.id),
    col(OwnActionVersion.number) == col(OwnAction.number),
)


def _told(row: OwnAction, version: OwnActionVersion | None) -> Own:
    return Own(
        id=row.id,
        code=row.code,
        draft=row.draft,
        saves=row.saves,
        number=row.number,
        copied_from=row.copied_from,
        copied_version=row.copied_version,
        origin=row.origin,
        origin_sha256=row.origin_sha256,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
        retired=row.retired_at is not None,
        files=version.files if version else {},
        version=version.version if version else "",
        sha256=version.sha256 if version else "",
        used_at=version.used_at if version else None,
    )
