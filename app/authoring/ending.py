"""The addresses at which a draft ends: it is published or given up. Whoever comes later is told what became of it."""

from uuid import UUID

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import noted
from app.authoring import forms, pages, spoken
from app.authoring.routes import ONE, fields_of, trouble_of
from app.errors import InvalidError
from app.questionnaires import service
from app.questionnaires.drafts import NotDraftingError
from app.questionnaires.service import StaleError
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep
from app.web.views import html, see_other

router = APIRouter()


def install(application: FastAPI) -> None:
    """Whoever asks for a draft that there is not any more gets the versions, with what became of it."""
    application.add_exception_handler(NotDraftingError, _tell_what_became_of_it)


@router.get(ONE + "/publish", name="authoring:publishing")
@access("client")
def publishing_page(request: Request, session: ReadSession, member: ClientMember, instrument_id: UUID) -> Response:
    """What publishing does, before it is done."""
    return html(request, spoken.publishing(session, member.organisation_id, instrument_id))


@router.post(ONE + "/publish", name="authoring:publish")
@access("client")
@noted("questionnaire.published")
def publish(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, instrument_id: UUID
) -> Response:
    """Publishes the draft. It is never changed again."""
    place = {"organisation_id": member.organisation_id, "instrument_id": instrument_id}
    version, same = data.text("version"), bool(data.text("same"))
    try:
        service.publish(
            session,
            **place,
            edition=forms.read_edition(data),
            version=version,
            same=same,
            user_id=member.user_id,
            now=now,
        )
    except (InvalidError, StaleError) as error:
        page = spoken.publishing(
            session,
            member.organisation_id,
            instrument_id,
            typed=version,
            errors=fields_of(error),
            trouble=trouble_of(error),
        )
        return html(request, page, status=error.status)
    return see_other(request, "authoring:versions", **place)


@router.get(ONE + "/give-up", name="authoring:giving_up")
@access("client")
def giving_up_page(request: Request, session: ReadSession, member: ClientMember, instrument_id: UUID) -> Response:
    """What giving up a draft does, before it is done."""
    return html(request, pages.giving_up(session, member.organisation_id, instrument_id))


@router.post(ONE + "/give-up", name="authoring:give_up")
@access("client")
@noted("questionnaire.given_up")
def give_up(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, instrument_id: UUID
) -> Response:
    """Gives a draft up; what is published stays, and without anything published the questionnaire goes."""
    place = {"organisation_id": member.organisation_id, "instrument_id": instrument_id}
    edition = forms.read_edition(data)
    try:
        stays = service.discard(session, **place, edition=edition, user_id=member.user_id, now=now)
    except StaleError as error:
        page = pages.giving_up(session, member.organisation_id, instrument_id, trouble=error.message)
        return html(request, page, status=error.status)
    if not stays:
        return see_other(request, "authoring:list", organisation_id=member.organisation_id)
    return see_other(request, "authoring:versions", **place)


async def _tell_what_became_of_it(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotDraftingError)  # registered for this class
    place = {"organisation_id": error.organisation_id, "instrument_id": error.instrument_id}
    return see_other(request, "authoring:versions", **place, over=1)
