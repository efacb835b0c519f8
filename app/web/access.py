"""Who may reach a route: each belongs to one class, and a test walks all routes as each kind of stranger.

public    anybody
link      whoever holds a survey link or a one-time link
account   any signed-in user: their own account and their list of clients
client    an owner or a consultant of the organisation in the address; everybody else gets 404
owner     an owner of the organisation; everybody else gets 404
reviewer  an owner or a consultant of the organisation, or who reviews its comments; everybody else gets 404
reader    whoever runs the organisation, its sponsors and department leads; everybody else gets 404
operator  whoever runs the service
"""

from collections.abc import Callable
from typing import Literal, TypeVar

from fastapi.routing import APIRoute

Access = Literal["public", "link", "account", "client", "owner", "reviewer", "reader", "operator"]
Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


def access(kind: Access) -> Callable[[Endpoint], Endpoint]:
    """Marks an endpoint as belonging to a class; goes directly above the function."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__access__ = kind  # type: ignore[attr-defined]  # read by access_of
        return endpoint

    return mark


def even_archived(endpoint: Endpoint) -> Endpoint:
    """Marks an endpoint that works also at a client that is archived: what protects people, what ends being archived,
    and what makes something elsewhere. Goes directly above the function."""
    endpoint.__even_archived__ = True  # type: ignore[attr-defined]  # read by works_archived
    return endpoint


def works_archived(endpoint: Callable[..., object]) -> bool:
    """Whether an endpoint may change something at a client that is archived."""
    return getattr(endpoint, "__even_archived__", False)


def access_of(route: APIRoute) -> Access | None:
    """The class of a route, None when it was forgotten."""
    return getattr(route.endpoint, "__access__", None)
