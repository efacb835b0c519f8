"""The pages of documents, put together from what is stored and from what the data say today."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.accounts.access import Member
from app.clients.brand import badge
from app.documents import about_client, about_work, flow, merging, queries, service, sight
from app.documents.content import Block, Content, path
from app.documents.drawing import Drawing, drawn
from app.documents.filling import Data, Gap, fill
from app.documents.known import Case, Known, case, known
from app.documents.merging import Typed, mark
from app.documents.owned import Shelf, shelf_of
from app.documents.queries import DocumentFacts
from app.documents.service import Meant
from app.documents.template import Template
from app.documents.views import (
    DocumentPage,
    EditPage,
    Line,
    ListPage,
    Missing,
    Spoken,
    Subject,
    SubjectPage,
    VersionLine,
)
from app.errors import NotFoundError
from app.sentences import Passage, Sentence, say, say_count
from app.web.catalogs import SPOKEN_IN_THE_CONSOLE
from app.web.speech import speech
from surveys.languages import LANGUAGES

NEVER_SAVED: Final = say(
    "The template of this document is in use no more, and nothing was saved of it in this language. The list of "
    "documents has those that can be begun."
)
Addresses = Callable[..., str]


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A document as somebody opens it: what is saved, what the data say, and both together."""

    meant: Meant
    case: Case
    fresh: Content
    saved: Content | None
    shown: Content
    missing: Mapping[str, Gap]
    version: int
    newest: int
    shared: int
    document_id: UUID | None
    is_today: bool


def opened(session: Session, member: Member, meant: Meant, *, now: datetime, version: int | None = None) -> Opened:
    """A document that somebody may read: who runs the client as it is today, or as it was saved as a `version`; others
    the version that is shared with them. NotFoundError for any other."""
    about = case(known(session, member.organisation_id, now=now), meant.subject_id)
    _require_fits(meant.template, about)
    sight.require_theirs(member, about)
    row = service.found(session, member.organisation_id, meant)
    if not member.runs_it:
        may = {one.id for one in sight.shared_with(session, member, about.known)}
        if row is None or row.id not in may or version not in (None, row.shared):
            raise NotFoundError
        version = row.shared
    number = version if version is not None else (row.version if row else 0)
    if row is None and (number or about.gone):
        raise NotFoundError
    if row is None and meant.retired:
        raise NotFoundError(NEVER_SAVED)
    saved = queries.content(session, member.organisation_id, row.id, number) if row and number else None
    is_today = member.runs_it and version is None and not about.gone
    fresh, missing = (saved, {}) if about.gone and saved is not None else made_fresh(about, meant)
    return Opened(
        meant=meant,
        case=about,
        fresh=fresh,
        saved=saved,
        shown=merging.merged(saved, fresh) if is_today or saved is None else saved,
        missing=missing if is_today else {},
        version=number,
        newest=row.version if row else 0,
        shared=row.shared if row else 0,
        document_id=row.id if row else None,
        is_today=is_today,
    )


def made_fresh(about: Case, meant: Meant) -> tuple[Content, Mapping[str, Gap]]:
    """A document as the data alone would have it, and what they do not know."""
    filled = fill(meant.template, data_of(about), speech(meant.language))
    release = about.known.release
    return Content(
        document=meant.template.id,
        edition=meant.template.version,
        language=meant.language,
        title=str(speech(meant.language).say(meant.template.title)),
        subject=about.name,
        as_of=about.known.today,
        wave=release.wave.label if release else "",
        release=release.number if release else 0,
        decision=about.known.number,
        parts=filled.parts,
    ), filled.gaps


def data_of(about: Case) -> Data:
    """Everything that is known about a subject, by the names that templates use."""
    values = dict(about_client.about_client(about))
    rows = dict(about_client.rows_of(about))
    if about.work is not None:
        values |= about_work.about_work(about)
        rows |= flow.rows_of(about)
    return Data(values=values, rows=rows)


def release_of(about: Case) -> UUID | None:
    """The release that documents of today quote."""
    return about.known.basis.release.id if about.known.basis else None


def list_page(session: Session, member: Member, *, now: datetime) -> ListPage:
    """All documents, or those that are shared with somebody."""
    there, has = known(session, member.organisation_id, now=now), shelf_of(session, member.organisation_id)
    if not member.runs_it:
        mine = sight.shared_with(session, member, there)
        return ListPage(there.organisation, False, _nothing(there), (), (), tuple(_shared(there, mine, has)), 0, True)
    every = queries.documents(session, member.organisation_id)
    count = {id: sum(one.subject_id == id for one in every) for id in {one.subject_id for one in every}}
    whole = _subject(case(there, there.organisation.id), every, has)
    names = {one.id: one.name for one in there.departments}
    return ListPage(
        organisation=there.organisation,
        runs_it=True,
        whole=whole,
        departments=tuple(
            Subject(id=one.id, name=one.name, about=_counted(count.get(one.id, 0))) for one in there.departments
        ),
        works=tuple(
            Subject(
                id=one.id,
                name=one.name,
                about=Passage((names[one.department_id], _counted(count.get(one.id, 0))), " · "),
            )
            for department in there.departments
            for one in there.works
            if one.department_id == department.id
        ),
        shared=tuple(_gone(there, every, has)),
        saved=len(every),
        told=there.release is not None,
    )


def subject_page(session: Session, member: Member, subject_id: UUID, *, now: datetime) -> SubjectPage:
    """The documents of a department or a workflow."""
    there = known(session, member.organisation_id, now=now)
    about = case(there, subject_id)
    if about.gone:
        raise NotFoundError
    every = queries.documents(session, member.organisation_id)
    return SubjectPage(there.organisation, _subject(about, every, shelf_of(session, member.organisation_id)))


def document_page(session: Session, member: Member, found: Opened, address: Addresses) -> DocumentPage:
    """A document to read."""
    content, place = found.shown, member.organisation_id
    news = _news(found) if found.is_today else {}
    history = queries.history(session, place, found.document_id) if found.document_id else ()
    mine = history if member.runs_it else tuple(one for one in history if one.number == found.version)
    last = next((one for one in history if one.number == found.version), None)
    written = merging.written(content)
    return DocumentPage(
        organisation=found.case.known.organisation,
        runs_it=member.runs_it,
        badge=badge(session, place),
        subject_id=found.case.id,
        subject=found.case.name,
        document=found.meant.template.id,
        title=content.title,
        about=found.meant.template.about,
        facts=facts(content, found.version),
        language_tag=found.meant.language,
        languages=languages(),
        blocks=tuple(blocks(content)),
        drawings=drawings(content),
        missing=_missing(found, address),
        news={one: text for one, text in news.items() if one in written},
        moved=_moved(found),
        version=found.version,
        newest=found.newest,
        saved_by=last.made_by if last else "",
        saved_at=last.saved_at if last else None,
        shared=found.shared,
        gone=found.case.gone,
        retired=found.meant.retired,
        versions=tuple(VersionLine(number=one.number, who=one.made_by, saved_at=one.saved_at) for one in mine),
    )


def edit_page(
    found: Opened,
    address: Addresses,
    *,
    user_id: UUID,
    typed: Typed | None = None,
    errors: Mapping[str, str] | None = None,
    meanwhile: Sequence[str] = (),
    seen: int | None = None,
) -> EditPage:
    """The form of a document, with what was typed where it has to be asked again."""
    content = found.shown if typed is None else merging.with_lines_of(found.shown, typed)
    content = merging.with_open_lines(content, seed=f"{user_id}.{found.document_id}.{found.newest}")
    texts = dict(_texts(content))
    marks = {place: mark(text) for place, text in texts.items()}
    out = frozenset(f"{part.id}.{line.id}" for part in content.parts for line in part.lines if line.out)
    if typed is not None:
        texts |= {place: text for place, text in typed.texts.items() if place in texts and place not in typed.untouched}
        out = (out - frozenset(typed.seen_lines)) | frozenset(typed.out)
    written = merging.written(content)
    return EditPage(
        organisation=found.case.known.organisation,
        subject_id=found.case.id,
        subject=found.case.name,
        document=found.meant.template.id,
        title=content.title,
        language_tag=found.meant.language,
        blocks=tuple(blocks(content)),
        texts=texts,
        marks=marks,
        missing=_missing(found, address),
        news={one: text for one, text in _news(found).items() if one in written},
        out=out,
        seen=found.newest if seen is None else seen,
        errors={f"t.{place}": told for place, told in (errors or {}).items()},
        meanwhile=tuple(meanwhile),
    )


def facts(content: Content, version: int) -> Passage:
    """What a document rests on: its version, the day of its data, the release and the decision record."""
    told: list[Sentence] = [say("version {number}", number=version) if version else say("not saved yet")]
    told.append(say("data of {day}", day=content.as_of))
    if content.release:
        told.append(say("result {wave}, release {number}", wave=content.wave, number=content.release))
    if content.decision:
        told.append(say("decision record {number}", number=content.decision))
    return Passage((content.subject, *told), " · ")


def blocks(content: Content) -> Iterator[Block]:
    """The parts of a document, texts that follow each other together."""
    for kind, some in groupby(content.parts, key=lambda one: one.kind):
        together = tuple(some)
        if kind == "text":
            yield Block(kind=kind, parts=together)
        else:
            yield from (Block(kind=kind, parts=(one,)) for one in together)


def drawings(content: Content) -> Mapping[str, Drawing]:
    """The drawings of a document by their parts."""
    actors = [str(speech(content.language).say(one)) for one in flow.ACTORS.values()]
    found = ((one.id, drawn(content, one, actors)) for one in content.parts if one.kind == "flow")
    return {id: one for id, one in found if one is not None}


def languages() -> tuple[Spoken, ...]:
    """The languages of documents."""
    return tuple(Spoken(tag=tag, name=LANGUAGES[tag].name) for tag in SPOKEN_IN_THE_CONSOLE)


def meant(there: Shelf, template_id: str, subject_id: UUID, language: str, *, usual: str) -> Meant:
    """A document by its address; in the reader's language where none is asked for that there is."""
    chosen = language if language in SPOKEN_IN_THE_CONSOLE else usual
    found = there.get(template_id)
    return Meant(template=found, subject_id=subject_id, language=chosen, retired=there.retired(found.id))


def _require_fits(one: Template, about: Case) -> None:
    """NotFoundError for a document about a workflow that is asked for of something else, and the other way round."""
    if not about.gone and (one.subject == "workflow") != (about.work is not None):
        raise NotFoundError


def _news(found: Opened) -> Mapping[str, str]:
    return merging.news(found.saved, found.fresh)


def _moved(found: Opened) -> int:
    """In how many places a save would follow the data."""
    if found.saved is None or not found.is_today:
        return 0
    before, now = dict(_texts(found.saved)), dict(_texts(found.shown))
    return sum(before.get(one, "") != now.get(one, "") for one in before.keys() | now.keys())


def _texts(content: Content) -> Iterator[tuple[str, str]]:
    for part in content.parts:
        if part.said is not None:
            yield part.id, part.said.text
        for line in part.lines:
            for head, cell in zip(part.heads, line.cells, strict=True):
                yield path(part.id, line.id, head.id), cell.text


def _missing(found: Opened, address: Addresses) -> Mapping[str, Missing]:
    place = {"organisation_id": found.case.known.organisation.id}
    spoken: dict[str, Missing] = {}
    for name, gap in found.missing.items():
        told = say("Not known yet: {what}. It is said on {page}.", what=gap.what, page=gap.page)
        spoken[name] = Missing(told, address(gap.route, **{**place, **gap.at}))
    return spoken


def _subject(about: Case, every: Sequence[DocumentFacts], has: Shelf) -> Subject:
    mine = [one for one in every if one.subject_id == about.id]
    lines = tuple(
        _line(one, mine)
        for one in has.of_subject("workflow" if about.work else "client", saved={each.template for each in mine})
    )
    told = about.department.name if about.work and about.department else ""
    return Subject(id=about.id, name=about.name, about=told, lines=lines)


def _line(one: Template, mine: Sequence[DocumentFacts]) -> Line:
    saved = [each for each in mine if each.template == one.id]
    told = [_standing(each) for each in sorted(saved, key=lambda each: each.language != "en")]
    language = saved[0].language if len(saved) == 1 else ""
    standing = Passage(told, " · ") if told else say("Filled from the data; nobody has changed it yet.")
    return Line(template=one.id, title=one.title, about=one.about, standing=standing, language=language)


def _standing(one: DocumentFacts) -> Sentence:
    name = LANGUAGES[one.language].name
    if one.shared:
        return say(
            "{language}: version {number} of {day}, version {shared} is shared",
            language=name, number=one.version, day=one.saved_at.date(), shared=one.shared,
        )  # fmt: skip
    return say("{language}: version {number} of {day}", language=name, number=one.version, day=one.saved_at.date())


def _counted(count: int) -> Sentence:
    if not count:
        return say("none saved yet")
    return say_count("{n} document saved", "{n} documents saved", count)


def _nothing(there: Known) -> Subject:
    return Subject(id=there.organisation.id, name=there.organisation.name, about="")


def _gone(there: Known, every: Sequence[DocumentFacts], has: Shelf) -> Iterator[Subject]:
    """Departments that were closed and workflows that were retired, with the documents that were saved of them."""
    for one in _shared(there, every, has):
        if case(there, one.id).gone:
            yield one


def _shared(there: Known, mine: Sequence[DocumentFacts], has: Shelf) -> Iterator[Subject]:
    for subject_id in dict.fromkeys(one.subject_id for one in mine):
        try:
            about = case(there, subject_id)
        except NotFoundError:  # a department that was closed, a workflow that was retired
            continue
        lines = tuple(
            Line(
                template=one.template,
                title=has.every[one.template].title,
                about=has.every[one.template].about,
                standing=say(
                    "{language}: version {number}",
                    language=LANGUAGES[one.language].name,
                    number=one.shared or one.version,
                ),
                language=one.language,
            )
            for one in mine
            if one.subject_id == subject_id and one.template in has.every
        )
        yield replace(_nothing(there), id=about.id, name=about.name, lines=lines)
