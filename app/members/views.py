"""The page of those with access."""

from dataclasses import dataclass, field
from typing import ClassVar, Final
from uuid import UUID

from app.clients.queries import OrganisationFacts
from app.members.handing import Wanted
from app.web.views import View

TO_NOBODY: Final = Wanted()
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MemberLine:
    """Somebody with access. `state` says what is known of how they come in, empty for who signs in."""

    id: UUID
    name: str
    email: str
    role: str
    role_name: str
    department: str
    department_id: str
    state: str
    can_be_asked: bool


@dataclass(frozen=True)
class Typed:
    """What was typed into a form of the page."""

    name: str = ""
    email: str = ""
    role: str = ""
    department: str = ""


@dataclass(frozen=True)
class AccessPage(View):
    """Who may do what at a client; `may_change` for owners. `link` is for `linked`, shown on this answer alone.
    `colleagues` are those that it can be handed to, `handing` is what was typed for that.

    `wave` is the one whose sharing somebody came from.
    """

    template: ClassVar[str] = "members/access.html"
    organisation: OrganisationFacts
    members: tuple[MemberLine, ...]
    may_change: bool
    roles: tuple[tuple[str, str, str], ...]
    departments: Options
    mails: bool
    me: UUID
    colleagues: Options = ()
    handing: Wanted = TO_NOBODY
    wave: UUID | None = None
    typed: Typed = Typed()
    changing: UUID | None = None
    linked: str = ""
    link: str = ""
    errors: dict[str, str] = field(default_factory=dict)
