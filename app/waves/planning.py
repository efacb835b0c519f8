"""What is wrong with the plan of an assessment: a sentence for each field."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from app.clients import queries as clients
from app.errors import InvalidError
from app.questionnaires import loading
from app.sentences import say
from app.waves import labels
from surveys.model import FORMS

MAX_NAME = 80


def plan_faults(
    session: Session,
    organisation_id: UUID,
    *,
    name: str,
    instrument: str,
    label: str,
    form: str,
    close: date | None,
    now: datetime,
) -> dict[str, str]:
    """What is wrong with a plan: a sentence for each field, in the order of the page."""
    wrong: dict[str, str] = {}
    checks_in_order: tuple[Callable[[], object], ...] = (
        lambda: _check_name(name),
        lambda: loading.newest(session, organisation_id, instrument),
        lambda: labels.checked(label),
        lambda: check_form(form),
        lambda: _check_close(session, organisation_id, close, now),
    )
    for check in checks_in_order:
        try:
            check()
        except InvalidError as error:
            wrong |= error.fields
    return wrong


def _check_name(name: str) -> None:
    length = len(" ".join(name.split()))
    if not length:
        raise wrong_field("name", say("Give the assessment a name, for example “Agent readiness”."))
    if length > MAX_NAME:
        raise wrong_field(
            "name", say("The name has {length} characters. Use at most {max_name}.", length=length, max_name=MAX_NAME)
        )


def check_form(form: str) -> None:
    """InvalidError, field `form`, for anything but a form of the questionnaire."""
    if form not in FORMS:
        raise wrong_field("form", say("Choose the full questionnaire or the pulse."))


def _check_close(session: Session, organisation_id: UUID, close: date | None, now: datetime) -> None:
    day = labels.today(now, clients.organisation(session, organisation_id).time_zone)
    if close is not None and close <= day:
        raise wrong_field(
            "planned_close", say("The closing day must lie in the future. Choose a later day, or leave it empty.")
        )
    if close is not None and close.year > day.year + 1:
        raise wrong_field(
            "planned_close", say("{year} is far away. Choose a day within the next year.", year=close.year)
        )


def wrong_field(name: str, sentence: str) -> InvalidError:
    """An InvalidError whose one sentence stands at the field `name`."""
    return InvalidError(sentence, fields={name: sentence})
