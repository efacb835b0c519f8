"""The pages of a client's own templates, put together from what is stored and from the client's data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.clients import queries as clients
from app.documents import own, owned
from app.documents.fields import ROWS, VALUES
from app.documents.filling import Gap
from app.documents.filling import Known as Value
from app.documents.known import Case, Known, case, known
from app.documents.own import Slot, Tree, fault_of, kind_of, parsed, read_tree, slots, template_of, written
from app.documents.owned import Own, State
from app.documents.pages import blocks, data_of, drawings, made_fresh
from app.documents.reading import LANGUAGES, LibraryError
from app.documents.service import Meant
from app.documents.shelf import LIBRARY, ORDER, templates
from app.documents.template import KINDS, Kind, Subject, Template
from app.drafting.forms import NEW_KINDS, NEW_PARTS, Typed
from app.drafting.views import Field, FormPage, Group, Line, ListPage, Look, Options, PartFields, TemplatePage
from app.sentences import Sentence, say
from app.web.speech import Speech, speech

STATES: Final[Mapping[State, Sentence]] = {
    "draft": say("Being written"),
    "in_use": say("In use"),
    "retired": say("In use no more"),
}
KIND_WORDS: Final[Mapping[Kind, Sentence]] = {
    "heading": say("Heading"),
    "note": say("Remark"),
    "text": say("Text"),
    "points": say("List of points"),
    "table": say("Table"),
    "flow": say("Drawing of steps"),
}
NEXT: Final = say("The next version is being written.")
UNREAD: Final = say("It can’t be read any more. Change it, or take it out of use: {told}")
COPIED: Final = say("Copied from “{title}”.")
INSTEAD: Final = say("Stands in the place of “{title}”.")
ELSEWHERE: Final = say("Taken over from another client of yours.")
NOBODY: Final = say("There is no workflow yet. Add one to see this template filled.")
MEND: Final = say("Mend what is said above first; then it is shown filled.")
MOST_SHOWN: Final = 160


@dataclass(frozen=True)
class _On:
    """With what a template is looked at."""

    there: Known
    subjects: Options
    about: Case | None


def list_page(session: Session, organisation_id: UUID, *, errors: Mapping[str, str] | None = None) -> ListPage:
    """All own templates."""
    every = owned.own_templates(session, organisation_id)
    return ListPage(
        organisation=clients.organisation(session, organisation_id),
        groups=tuple(
            Group(key=key, name=name, lines=tuple(line(one) for one in every if one.state == key))
            for key, name in STATES.items()
            if any(one.state == key for one in every)
        ),
        sources=tuple((id, templates()[id].title) for id in ORDER),
        errors=errors or {},
    )


def line(one: Own) -> Line:
    """An own template as a list has it."""
    fault = fault_of(one.newest)
    found = None if fault else template_of(one.newest)
    return Line(
        code=one.code,
        title=found.title if found else one.code,
        about=found.about if found else "",
        standing=_standing(one),
        remarks=tuple(_remarks(one, found, fault)),
    )


def template_page(session: Session, organisation_id: UUID, code: str, *, language: str, now: datetime) -> TemplatePage:
    """One own template, as its draft says where there is one. NotFoundError for what the client does not have."""
    one = owned.own_template(session, organisation_id, code)
    told = line(one)
    found = None if fault_of(one.newest) else template_of(one.newest)
    on = _on(session, organisation_id, found.subject, None, now) if found else None
    return TemplatePage(
        organisation=clients.organisation(session, organisation_id),
        code=code,
        state=one.state,
        drafted=bool(one.draft),
        number=one.number,
        saves=one.saves,
        title=told.title,
        standing=told.standing,
        remarks=told.remarks,
        look=look(found, on.about, language) if found and on and on.about else None,
        unlooked=NOBODY if found else "",
    )


def form_page(
    session: Session,
    organisation_id: UUID,
    typed: Typed,
    *,
    now: datetime,
    errors: Mapping[str, str] | None = None,
    meanwhile: tuple[str, ...] = (),
) -> FormPage:
    """The form as it was typed, and the template filled with the client's data where it is sound."""
    wrong, tree = errors or {}, typed.tree
    found = _sound(tree)
    on = _on(session, organisation_id, _subject(tree), typed.on, now)
    fields = list(_fields(tree))
    return FormPage(
        organisation=on.there.organisation,
        form=typed.form,
        seen=typed.seen,
        code=typed.code,
        source=typed.source,
        source_title=templates()[typed.source].title if typed.source in ORDER else "",
        instead="instead_of" in tree,
        base=written(tree),
        head=tuple(one for at, one in fields if not at),
        parts=tuple(_parts(tree, fields, wrong)),
        new_parts=NEW_PARTS,
        kinds=tuple((one, KIND_WORDS[one]) for one in NEW_KINDS),
        subjects=on.subjects,
        on=str(on.about.id) if on.about else "",
        words=typed.words,
        names=tuple(_names(on.about, _subject(tree), speech(typed.words))),
        errors=wrong,
        meanwhile=meanwhile,
        look=look(found, on.about, typed.words) if found and on.about else None,
        unlooked=MEND if not found else NOBODY,
    )


def meanwhile_told(now: Own) -> tuple[str, ...]:
    """What somebody else saved."""
    told = [say("{name} saved this template while you were writing.", name=now.changed_by)]
    if not fault_of(now.newest):
        parts = template_of(now.newest).parts
        told.append(say("It has now: {parts}", parts=", ".join(dict.fromkeys(one.label for one in parts))))
    return tuple(told)


def look(found: Template, about: Case, language: str) -> Look:
    """A template filled with the data about a subject."""
    content, _ = made_fresh(about, Meant(template=found, subject_id=about.id, language=language))
    return Look(content.title, language, tuple(blocks(content)), drawings(content))


def copied(source: Template) -> Tree:
    """The service's template as the beginning of an own one, in whose place it is meant to stand."""
    tree = parsed(source.id, (LIBRARY / f"{source.id}.yaml").read_text("utf-8"))
    return {**tree, "instead_of": source.id}


def _sound(tree: Tree) -> Template | None:
    try:
        return read_tree({**tree, "document": f"{own.OWN}look", "version": "1.0.0"})
    except LibraryError:
        return None


def _subject(tree: Tree) -> Subject:
    return "workflow" if tree.get("subject") == "workflow" else "client"


def _on(session: Session, organisation_id: UUID, subject: Subject, wanted: UUID | None, now: datetime) -> _On:
    there = known(session, organisation_id, now=now)
    if subject == "workflow":
        inside = {one.id for one in there.departments}
        found = [(one.id, one.name) for one in there.works if one.department_id in inside]
    else:
        found = [(organisation_id, there.organisation.name), *((one.id, one.name) for one in there.departments)]
    ids = [id for id, _ in found]
    chosen = wanted if wanted in ids else ids[0] if ids else None
    about = case(there, chosen) if chosen else None
    return _On(there, tuple((str(id), name) for id, name in found), about)


def _standing(one: Own) -> Sentence:
    return say("{name}, {day}", name=one.changed_by, day=one.changed_at.date())


def _remarks(one: Own, found: Template | None, fault: str) -> Iterator[Sentence]:
    if fault:
        yield UNREAD.filled({"told": fault})
    if found and found.instead_of in templates():
        yield INSTEAD.filled({"title": templates()[found.instead_of].title})
    elif one.copied_from in templates():
        yield COPIED.filled({"title": templates()[one.copied_from].title})
    if one.origin is not None:
        yield ELSEWHERE
    if one.draft and one.number:
        yield NEXT


def _fields(tree: Tree) -> Iterator[tuple[int, Field]]:
    parts = own.parts_of(tree)
    for at, slot in slots(tree):
        name = _name(parts[at - 1], slot) if at else _HEAD[slot.path]
        yield at, Field(slot.path, name, slot.kind, {tag: slot.words.get(tag, "") for tag in LANGUAGES})


_HEAD: Final = {"title": say("Title of the document"), "about": say("What it is for")}


def _name(part: Tree, slot: Slot) -> Sentence:
    """What a place is called in the form."""
    _, place, *rest = slot.path.split(".")
    if not rest:
        return {"fill": say("What stands there"), "hint": say("Hint for whoever fills it in")}.get(
            place, say("Words") if kind_of(part) == "note" else say("What it is called")
        )
    number = int(place[1:])
    if place.startswith("c"):
        return (
            say("Column {n}: what stands in each line", n=number)
            if rest[0] == "fill"
            else say("Column {n}: its head", n=number)
        )
    heads = {str(one.get("id")): label_of(one) for one in part["columns"] if isinstance(one, dict)}
    return say("Line {n}, {column}", n=number, column=heads.get(rest[0], rest[0]))


def label_of(part: Tree) -> Sentence:
    """What a part or a column is called."""
    kind = kind_of(part)
    found = part.get("label") or (part.get(kind) if kind in KINDS[:2] else "")
    words = found if isinstance(found, dict) else {LANGUAGES[0]: found or ""}
    said = {tag: str(words[tag]) for tag in LANGUAGES if words.get(tag)}
    return Sentence(said.pop(LANGUAGES[0], ""), words=said)


def _parts(tree: Tree, fields: list[tuple[int, Field]], errors: Mapping[str, str]) -> Iterator[PartFields]:
    rows = ROWS[_subject(tree)]
    for at, part in enumerate(own.parts_of(tree), start=1):
        kind = kind_of(part)
        knows = rows.get(str(part.get("rows", "")), frozenset()) if kind == "table" else frozenset()
        yield PartFields(
            path=f"p{at}",
            number=at,
            kind=KIND_WORDS[kind],
            title=label_of(part),
            fields=tuple(one for place, one in fields if place == at),
            knows=" ".join(f"{{{name}}}" for name in sorted(knows)),
            wrong=any(name.startswith(f"p{at}.") for name in errors),
        )


def _names(about: Case | None, subject: Subject, spoken: Speech) -> Iterator[tuple[str, str]]:
    """Each name that a text may have in braces, with what it is of the chosen subject."""
    values = data_of(about).values if about is not None else {}
    for name in sorted(VALUES[subject]):
        value = values.get(name)
        yield f"{{{name}}}", _told(value, spoken) if value is not None else ""


def _told(value: Value, spoken: Speech) -> str:
    if isinstance(value, Gap):
        text = str(spoken.say(say("Not known yet: {what}. It is said on {page}.", what=value.what, page=value.page)))
    else:
        text = str(spoken.say(say("{value}", value=value)))
    return f"{text[:MOST_SHOWN]}…" if len(text) > MOST_SHOWN else text
