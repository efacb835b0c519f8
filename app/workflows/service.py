"""Saying which workflows the people of a department rate (MEASUREMENT.md 2.2)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.errors import InvalidError
from app.sentences import adopted, say
from app.workflows import queries
from app.workflows.models import Workflow
from surveys.wording import wrong_names, wrong_text

MOST: Final = 5
MAX_NAME: Final = 80
DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def name_workflows(
    session: Session, *, organisation_id: UUID, department_id: UUID, names: tuple[str, ...], now: datetime
) -> None:
    """Puts these workflows in place of those that the department had; one that keeps its name keeps its id.

    One that is not named any more is retired: waves that asked about it keep it, and named again it is the same one.
    InvalidError, field `workflows`, says what is wrong.
    """
    wanted = tuple(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
    _check(wanted)
    every = queries.rows(session, organisation_id)
    there = {row.name.casefold(): row for row in every if row.department_id == department_id}
    for row in there.values():
        row.retired_at = row.retired_at or now
    for position, name in enumerate(wanted):
        known = there.get(name.casefold())
        if known is None:
            known = Workflow(
                organisation_id=organisation_id,
                department_id=department_id,
                code=_code(len(every) + position + 1),
                name=name,
                position=position,
                created_at=now,
            )
            session.add(known)
        known.name, known.position, known.retired_at = name, position, None
    session.flush()


def _code(number: int) -> str:
    """The number in the digits and letters that an id may have: 1 is "1", 36 is "10"."""
    digits = ""
    while number:
        number, digit = divmod(number, len(DIGITS))
        digits = DIGITS[digit] + digits
    return digits


def _check(names: tuple[str, ...]) -> None:
    sentence = None
    if len(names) > MOST:
        sentence = say(
            "These are {count} workflows. Name at most {most}: each takes people about half a minute.",
            count=len(names),
            most=MOST,
        )
    if len({name.casefold() for name in names}) < len(names):
        sentence = say("A workflow is named twice.")
    for name in names:
        wrong = wrong_text(name) or wrong_names(name, ())
        if wrong is not None:
            sentence = say("“{name}” cannot be asked about: {wrong}.", name=name[:40], wrong=adopted(wrong))
        elif len(name) > MAX_NAME:
            sentence = say(
                "“{name}…” has {length} characters. Use at most {most}.",
                name=name[:40],
                length=len(name),
                most=MAX_NAME,
            )
    if sentence is not None:
        raise InvalidError(sentence, fields={"workflows": sentence})
