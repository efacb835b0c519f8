"""The cast that all tests share: one client with its departments, its consultant, a consultant of another client.

Everybody is made by the services that people use. Ethics has three people, so it is below the smallest group.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID

from app.accounts import service as accounts
from app.accounts.access import cookie_name
from app.accounts.queries import user_by_email
from app.clients.queries import departments
from app.clients.service import add_department, create_organisation
from app.db import Database

if TYPE_CHECKING:
    from starlette.testclient import TestClient

PASSWORD = "a long walk by the canal"
ORGANISATION = "Fernhill Instruments (fictional)"
OTHER_ORGANISATION = "Quarry Lane Books (fictional)"

# name, parent, function, people attached to the node itself
DEPARTMENTS = (
    ("Legal", None, "legal", 8),
    ("HR", None, "hr", 6),
    ("Finance", None, "finance", 2),
    ("Accounts payable", "Finance", "finance", 9),
    ("Planning", "Finance", "finance", 6),
    ("Tax", "Finance", "finance", 4),
    ("Operations", None, "operations", 30),
    ("IT", None, "it", 12),
    ("Customer service", None, "customer_service", 25),
    ("Ethics", None, "other", 3),
)


@dataclass(frozen=True)
class Cast:
    """Ada runs `organisation`; Ben runs `other`, another client; Cleo has an account and no client."""

    ada: UUID
    ben: UUID
    cleo: UUID
    organisation: UUID
    other: UUID
    departments: Mapping[str, UUID]


def bring_on(database: Database, now: datetime) -> Cast:
    """Makes everybody, in one transaction."""
    with database.writing() as session:
        ada, ben, cleo = (
            accounts.create_user(session, email=f"{name.lower()}@example.org", name=name, password=PASSWORD, now=now)
            for name in ("Ada", "Ben", "Cleo")
        )
        organisation = create_organisation(session, name=ORGANISATION, time_zone="Europe/Berlin", user_id=ada, now=now)
        other = create_organisation(session, name=OTHER_ORGANISATION, time_zone="Europe/Paris", user_id=ben, now=now)
        known: dict[str, UUID] = {}
        for name, parent, function, headcount in DEPARTMENTS:
            known[name] = add_department(
                session,
                organisation,
                name=name,
                parent_id=known[parent] if parent else None,
                function=function,
                headcount=headcount,
                now=now,
            )
        assert len(departments(session, organisation)) == len(DEPARTMENTS)
    return Cast(ada, ben, cleo, organisation, other, MappingProxyType(known))


def sign_in(client: "TestClient", name: str) -> "TestClient":
    """Signs a member of the cast in. Without the page, whose slow hash of the password is for tests of signing in."""
    state = client.app.state  # type: ignore[attr-defined]  # typed as any ASGI application; ours has a state
    with state.database.writing() as session:
        user = user_by_email(session, f"{name.lower()}@example.org")
        assert user is not None
        hours = state.settings.session_hours
        token = accounts.sign_in(session, user_id=user.id, device="Test", now=state.clock(), hours=hours)
    client.cookies.set(cookie_name(state.settings), token)
    return client
