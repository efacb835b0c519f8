"""What was typed for a schedule."""

import re
from uuid import UUID

from app.delivery.queries import Schedule
from app.delivery.service import KEPT, ROLES, Wanted
from app.delivery.views import Typed
from app.reports.formats import FORMATS
from app.web.forms import FormData

_BETWEEN = re.compile(r"[\s,;]+")


def read(data: FormData) -> tuple[Typed, Wanted]:
    """What was typed, and the schedule that it asks for; what can't be meant is left for the service to refuse."""
    addresses = data.text("addresses")
    typed = Typed(
        active=bool(data.text("active")),
        files=tuple(key for key in FORMATS if data.text(f"file.{key}")),
        language=data.text("language"),
        paper=data.text("paper"),
        roles=tuple(role for role in ROLES if data.text(f"role.{role}")),
        addresses=addresses,
        days=data.text("days"),
        keeps_password=bool(data.text("keep")),
        seen=data.number("seen") or 0,
    )
    password = data.text("password")
    wanted = Wanted(
        active=typed.active,
        files=typed.files,
        language=typed.language,
        paper=typed.paper,
        roles=typed.roles,
        addresses=tuple(dict.fromkeys(one.lower() for one in _BETWEEN.split(addresses) if one)),
        days=data.number("days"),
        password=password or (KEPT if typed.keeps_password else ""),
        seen=typed.seen,
    )
    return typed, wanted


def typed_of(schedule: Schedule) -> Typed:
    """A schedule as it stands in the form."""
    return Typed(
        active=schedule.active,
        files=schedule.files,
        language=schedule.language,
        paper=schedule.paper,
        roles=schedule.roles,
        addresses="\n".join(schedule.addresses),
        days=str(schedule.days),
        keeps_password=schedule.password_hash is not None,
        seen=schedule.version,
    )


def read_id(text: str) -> UUID | None:
    """An id as a form sends it; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
