"""The addresses of a client's questionnaires: changing a draft, translating and publishing it."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ClientMember
from app.acts.noting import downloaded, noted, say_about
from app.authoring import forms, pages, spoken
from app.errors import UNCLEAR, ConflictError, InvalidError
from app.questionnaires import editing, exchange, service
from app.questionnaires.drafts import Draft, NotDraftingError
from app.questionnaires.exchange import UnreadableError
from app.questionnaires.service import StaleError
from app.web.access import access
from app.web.database import Now, ReadSession, WriteSession
from app.web.forms import FormDep, takes_lists
from app.web.views import html, see_other
from surveys.model import Instrument

router = APIRouter()

ALL = "/organisations/{organisation_id}/questionnaires"
ONE = ALL + "/{instrument_id}"


@router.get(ALL, name="authoring:list")
@access("client")
def list_page(request: Request, session: ReadSession, member: ClientMember) -> Response:
    """The client's questionnaires, and the form that begins one."""
    return html(request, pages.listed(session, member.organisation_id))


@router.post(ALL, name="authoring:copy")
@access("client")
@noted("questionnaire.copied")
def copy(request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Begins a questionnaire as a copy of a published one."""
    typed = forms.read_copy(data)
    try:
        instrument_id = service.copy(
            session,
            organisation_id=member.organisation_id,
            name=typed.name,
            source=typed.source,
            user_id=member.user_id,
            now=now,
        )
    except InvalidError as error:
        page = pages.listed(session, member.organisation_id, typed=typed, errors=error.fields)
        return html(request, page, status=error.status)
    say_about(request, subject_id=instrument_id)
    return _to_draft(request, member, instrument_id)


@router.post(ALL + "/import", name="authoring:import")
@access("client")
@noted("questionnaire.imported")
@takes_lists
def take_over(request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep) -> Response:
    """Begins a questionnaire from a file. Nothing of it is taken over when anything in it is wrong."""
    name = data.text("import-name")
    try:
        instrument_id = exchange.imported(
            session,
            organisation_id=member.organisation_id,
            name=name,
            data=data.files.get("file", b""),
            user_id=member.user_id,
            now=now,
        )
    except InvalidError as error:
        faults = error.problems if isinstance(error, UnreadableError) else ()
        page = replace(
            pages.listed(session, member.organisation_id), named=name, refused=_of_import(error.fields), faults=faults
        )
        return html(request, page, status=error.status)
    say_about(request, subject_id=instrument_id)
    return _to_draft(request, member, instrument_id)


@router.get(ONE + "/export.zip", name="authoring:export", dependencies=[downloaded("download.questionnaire")])
@access("client")
def export(session: ReadSession, member: ClientMember, instrument_id: UUID) -> Response:
    """All versions of a questionnaire with their translations, and its draft, as one ZIP file."""
    name, content = exchange.exported(session, organisation_id=member.organisation_id, instrument_id=instrument_id)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/zip", headers=headers)


@router.get(ONE, name="authoring:draft")
@access("client")
def draft_page(request: Request, session: ReadSession, member: ClientMember, instrument_id: UUID) -> Response:
    """The draft of a questionnaire, or its versions where nothing is being changed."""
    return html(request, pages.draft_page(session, member.organisation_id, instrument_id))


@router.get(ONE + "/versions", name="authoring:versions")
@access("client")
def versions_page(
    request: Request, session: ReadSession, member: ClientMember, instrument_id: UUID, over: str = ""
) -> Response:
    """The published versions of a questionnaire; `over`: whoever asks for them came for a draft that is over."""
    return html(request, pages.versions_page(session, member.organisation_id, instrument_id, over=bool(over)))


@router.post(ONE, name="authoring:change")
@access("client")
@noted("questionnaire.changed")
def change(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, instrument_id: UUID
) -> Response:
    """Moves, removes, leaves out or puts back a question; `do` is the deed and the question."""
    deed, _, item_id = data.text("do").partition(":")
    try:
        service.change(
            session,
            organisation_id=member.organisation_id,
            instrument_id=instrument_id,
            edition=forms.read_edition(data),
            user_id=member.user_id,
            now=now,
            make=lambda draft: _done(draft, deed, item_id),
        )
    except NotDraftingError:
        raise
    except (ConflictError, InvalidError) as error:
        page = pages.draft_page(session, member.organisation_id, instrument_id, trouble=error.message)
        return html(request, page, status=error.status)
    answer = _to_draft(request, member, instrument_id)
    answer.headers["location"] += "" if deed == "remove" else f"#q-{item_id}"
    return answer


@router.post(ONE + "/begin", name="authoring:begin")
@access("client")
@noted("questionnaire.begun")
def begin(request: Request, member: ClientMember, session: WriteSession, now: Now, instrument_id: UUID) -> Response:
    """Makes the newest published version the draft of the next one."""
    place = {"organisation_id": member.organisation_id, "instrument_id": instrument_id}
    service.begin(session, **place, user_id=member.user_id, now=now)
    return _to_draft(request, member, instrument_id)


@router.get(ONE + "/questions/new", name="authoring:new")
@access("client")
def new_page(
    request: Request, session: ReadSession, member: ClientMember, instrument_id: UUID, module: str = "other"
) -> Response:
    """The form for a question that is added to a module."""
    return html(request, pages.new_question(session, member.organisation_id, instrument_id, module=module))


@router.post(ONE + "/questions/new", name="authoring:add")
@access("client")
@noted("questionnaire.changed")
def add(
    request: Request, member: ClientMember, session: WriteSession, now: Now, data: FormDep, instrument_id: UUID
) -> Response:
    """Adds a question to a module, and goes on to its text in other languages."""
    typed, module = forms.read_question(data), data.text("module")
    place = {"organisation_id": member.organisation_id, "instrument_id": instrument_id}
    try:
        item_id = service.add_item(
            session,
            **place,
            edition=forms.read_edition(data),
            module=module,
            text=typed.text,
            relates_to=typed.relates_to,
            name=typed.name,
            user_id=member.user_id,
            now=now,
        )
    except (InvalidError, StaleError) as error:
        page = pages.new_question(
            session,
            member.organisation_id,
            instrument_id,
            module=module or "other",
            typed=typed,
            errors=fields_of(error),
            trouble=trouble_of(error),
        )
        return html(request, page, status=error.status)
    return see_other(request, "authoring:question", **place, item_id=item_id)


@router.get(ONE + "/questions/{item_id}", name="authoring:question")
@access("client")
def question_page(
    request: Request, session: ReadSession, member: ClientMember, instrument_id: UUID, item_id: str
) -> Response:
    """The form for a question of a module, with its text in other languages."""
    return html(request, pages.question(session, member.organisation_id, instrument_id, item_id))


@router.post(ONE + "/questions/{item_id}", name="authoring:save")
@access("client")
@noted("questionnaire.changed")
def save(
    request: Request,
    member: ClientMember,
    session: WriteSession,
    now: Now,
    data: FormDep,
    instrument_id: UUID,
    item_id: str,
) -> Response:
    """Keeps a question as it was typed."""
    typed = forms.read_question(data)
    try:
        _save(session, member, now, instrument_id, item_id, forms.read_edition(data), typed)
    except (InvalidError, StaleError) as error:
        page = pages.question(
            session,
            member.organisation_id,
            instrument_id,
            item_id,
            typed=typed,
            errors=fields_of(error),
            trouble=trouble_of(error),
        )
        return html(request, page, status=error.status)
    return _to_draft(request, member, instrument_id)


@router.get(ONE + "/translations/{language}", name="authoring:translation")
@access("client")
def translation_page(
    request: Request,
    session: ReadSession,
    member: ClientMember,
    instrument_id: UUID,
    language: str,
    whole: str = "",
) -> Response:
    """The texts of a draft in a language: those that are missing or new, or the `whole`."""
    page = spoken.translation(session, member.organisation_id, instrument_id, language, everything=bool(whole))
    return html(request, page)


@router.post(ONE + "/translations/{language}", name="authoring:translate")
@access("client")
@noted("questionnaire.translated")
def translate(
    request: Request,
    member: ClientMember,
    session: WriteSession,
    now: Now,
    data: FormDep,
    instrument_id: UUID,
    language: str,
    whole: str = "",
) -> Response:
    """Keeps texts in a language, and marks a part of them as reviewed, or not any more."""
    place = {"organisation_id": member.organisation_id, "instrument_id": instrument_id}
    typed, mark = forms.read_texts(data), forms.read_mark(data)
    paths = spoken.marked(session, **place, part=mark[0]) if mark else frozenset()
    try:
        service.translate(
            session,
            **place,
            edition=forms.read_edition(data),
            language=language,
            typed=typed,
            read=paths if mark and mark[1] else (),
            unread=paths if mark and not mark[1] else (),
            user_id=member.user_id,
            now=now,
        )
    except (InvalidError, StaleError) as error:
        page = spoken.translation(
            session,
            member.organisation_id,
            instrument_id,
            language,
            everything=bool(whole),
            typed=typed,
            errors=fields_of(error),
            trouble=trouble_of(error),
        )
        return html(request, page, status=error.status)
    return see_other(request, "authoring:translation", **place, language=language, whole=whole or None)


def _save(
    session: Session,
    member: ClientMember,
    now: Now,
    instrument_id: UUID,
    item_id: str,
    edition: int,
    typed: forms.QuestionInput,
) -> str:
    return service.save_item(
        session,
        organisation_id=member.organisation_id,
        instrument_id=instrument_id,
        edition=edition,
        item_id=item_id,
        text=typed.text,
        relates_to=typed.relates_to,
        translations=typed.translations,
        reviewed=typed.reviewed,
        user_id=member.user_id,
        now=now,
    )


def _done(draft: Draft, deed: str, item_id: str) -> Instrument:
    """The questionnaire after a deed. InvalidError for one that there is not."""
    if deed in ("up", "down"):
        return editing.move(draft.instrument, item_id, "up" if deed == "up" else "down")
    if deed == "remove":
        return editing.remove(draft.instrument, item_id)
    if deed == "put-back":
        return editing.put_back(draft.instrument, draft.family, item_id)
    raise InvalidError(UNCLEAR)


def _of_import(fields: dict[str, str]) -> dict[str, str]:
    """The sentences of the form that takes a file, whose name field is another one than that of the copy."""
    return {"import-name" if field == "name" else field: sentence for field, sentence in fields.items()}


def fields_of(error: InvalidError | StaleError) -> dict[str, str]:
    """The sentences of an error by field; none where it concerns the whole form, as a stale draft does."""
    return error.fields if isinstance(error, InvalidError) else {}


def trouble_of(error: InvalidError | StaleError) -> str:
    """The sentence above the form, where no field is wrong."""
    return "" if isinstance(error, InvalidError) and error.fields else error.message


def _to_draft(request: Request, member: ClientMember, instrument_id: UUID) -> Response:
    return see_other(request, "authoring:draft", organisation_id=member.organisation_id, instrument_id=instrument_id)
