"""Gathers the consultant's page with links and remarks, and what a lead finds behind a link."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlmodel import Session

from app.accounts import service as accounts
from app.authoring import pages, views
from app.clients import queries as clients
from app.errors import ConflictError
from app.questionnaires import drafts, queries, remarks
from app.questionnaires.drafts import Draft
from app.questionnaires.queries import ReaderLink, RemarkFacts
from app.questionnaires.remarks import RemarkInput
from app.readers import service as readers
from app.sentences import say
from surveys.languages import LANGUAGES, Language
from surveys.model import Instrument, Item
from surveys.translations import spoken


def console(
    session: Session,
    organisation_id: UUID,
    instrument_id: UUID,
    *,
    link_key: bytes,
    base_url: str,
    typed: str = "",
    errors: Mapping[str, str] | None = None,
) -> views.RemarksPage:
    """The links of a questionnaire and what was remarked with them."""
    found = queries.links(session, organisation_id, instrument_id)
    return views.RemarksPage(
        place=pages.place(session, organisation_id, instrument_id),
        lines=tuple(
            readers.listed(one, f"{base_url}/questionnaire/{remarks.token_of(one, link_key)}") for one in found
        ),
        remarks=queries.remarks(session, organisation_id, instrument_id),
        typed=typed,
        errors=errors or {},
    )


def reader(
    session: Session,
    link: ReaderLink,
    token: str,
    *,
    language: str,
    item: str = "",
    typed: RemarkInput | None = None,
    errors: Mapping[str, str] | None = None,
) -> views.ReaderPage:
    """The draft as somebody with a link reads it, with their own remarks; what is translated in their language."""
    facts = queries.instrument(session, link.organisation_id, link.instrument_id)
    organisation = clients.organisation(session, link.organisation_id)
    mine = [one for one in queries.remarks(session, link.organisation_id, link.instrument_id) if one.link_id == link.id]
    draft = drafts.draft(session, link.organisation_id, link.instrument_id) if facts.drafting else None
    offered = () if draft is None else tuple(_offered(draft))
    own = "en" if draft is None else draft.instrument.language
    words = LANGUAGES[language if LANGUAGES[language] in offered else own]
    sections = () if draft is None else tuple(_sections(spoken(draft.instrument, draft.translation(words.tag)), mine))
    known = {one.item.id for section in sections for one in section.questions}
    return views.ReaderPage(
        token=token,
        organisation=organisation.name,
        zone=organisation.time_zone,
        reader=link.reader,
        name=facts.name,
        open=draft is not None,
        sections=sections,
        remarks=tuple(one for one in mine if one.item not in known),
        choices=tuple(_choices(sections)),
        words=words,
        offered=offered,
        resting=_resting(session, link),
        typed=typed or RemarkInput(mine[0].name if mine else "", item if item in known else "", ""),
        errors=errors or {},
    )


def _resting(session: Session, link: ReaderLink) -> str:
    try:
        accounts.require_in_use(session, link.organisation_id)
    except ConflictError as error:
        return error.message
    return ""


def text_of(session: Session, link: ReaderLink, item_id: str) -> str:
    """The text of a question of the draft as it is now; empty for the whole, or a question that it does not have."""
    draft = drafts.draft(session, link.organisation_id, link.instrument_id)
    return next((item.text for item in draft.instrument.items() if item.id == item_id), "")


def _offered(draft: Draft) -> Iterable[Language]:
    """The languages in which there is something of the draft to read."""
    for tag, language in LANGUAGES.items():
        translation = draft.translation(tag)
        if tag == draft.instrument.language or (translation is not None and translation.texts):
            yield language


def _sections(instrument: Instrument, mine: Sequence[RemarkFacts]) -> Iterable[views.ReadSection]:
    """What departments are asked by themselves first: that is what a lead can say most about."""
    for key, module in instrument.modules.items():
        yield views.ReadSection(key, module.name, module=True, questions=_asked(module.items, mine))
    for one in instrument.dimensions:
        yield views.ReadSection(one.id.lower(), one.name, module=False, questions=_asked(one.items, mine))


def _asked(items: Iterable[Item], mine: Sequence[RemarkFacts]) -> tuple[views.ReadQuestion, ...]:
    return tuple(views.ReadQuestion(item, tuple(one for one in mine if one.item == item.id)) for item in items)


def _choices(sections: Iterable[views.ReadSection]) -> Iterable[tuple[str, str]]:
    yield "", say("The whole questionnaire")
    for section in sections:
        for one in section.questions:
            short = one.item.text if len(one.item.text) <= 60 else f"{one.item.text[:59].rstrip()}…"
            yield one.item.id, f"{section.title}: {short}"
