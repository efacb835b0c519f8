"""Gathers what the pages of a draft show. Each runs a fixed number of statements."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.accounts import queries as accounts
from app.authoring import views
from app.authoring.forms import NOTHING, CopyInput, QuestionInput
from app.authoring.trend import trend
from app.clients import queries as clients
from app.clients.functions import FUNCTIONS
from app.errors import NotFoundError
from app.questionnaires import drafts, editing, queries
from app.questionnaires.drafts import Draft
from app.sentences import Listing, say
from surveys import load
from surveys.languages import LANGUAGES
from surveys.model import Dimension, Instrument, Item, Module
from surveys.versions import numbers

NEW: Final = say("new")
REWORDED: Final = say("reworded")
SOMEBODY: Final = say("somebody")


def listed(
    session: Session,
    organisation_id: UUID,
    *,
    typed: CopyInput | None = None,
    errors: Mapping[str, str] | None = None,
) -> views.ListPage:
    """The client's questionnaires."""
    own = queries.instruments(session, organisation_id)
    sources = tuple(_sources(session, organisation_id))
    return views.ListPage(
        organisation=clients.organisation(session, organisation_id),
        instruments=own,
        sources=sources,
        remarks=queries.open_remarks(session, organisation_id),
        typed=typed or CopyInput("", sources[0].sha256),
        errors=errors or {},
    )


def place(session: Session, organisation_id: UUID, instrument_id: UUID) -> views.Place:
    """Where a page of a questionnaire is."""
    return views.Place(
        clients.organisation(session, organisation_id),
        queries.instrument(session, organisation_id, instrument_id),
        queries.open_remarks(session, organisation_id)[instrument_id],
    )


def draft_page(
    session: Session, organisation_id: UUID, instrument_id: UUID, *, trouble: str = ""
) -> views.DraftPage | views.VersionsPage:
    """The draft of a questionnaire, or its published versions where nothing is being changed."""
    here = place(session, organisation_id, instrument_id)
    if not here.facts.drafting:
        return versions_page(session, organisation_id, instrument_id)
    draft = drafts.draft(session, organisation_id, instrument_id)
    waiting = Counter(
        one.item for one in queries.remarks(session, organisation_id, instrument_id) if one.resolved_at is None
    )
    return views.DraftPage(
        place=here,
        begun_from=named(draft.base),
        modules=tuple(_module(draft, key, module, waiting) for key, module in draft.instrument.modules.items()),
        bare=tuple((key, FUNCTIONS[key]) for key, module in draft.instrument.functions.items() if module is None),
        core=tuple(_core(draft, one, waiting) for one in draft.instrument.dimensions),
        trend=trend(draft.base, draft.instrument),
        changed=draft.changes.kind != "nothing",
        trouble=trouble,
    )


def versions_page(
    session: Session, organisation_id: UUID, instrument_id: UUID, *, over: bool = False
) -> views.VersionsPage:
    """The published versions of a questionnaire, the newest first; `over`: somebody came for a draft that is over."""
    found = queries.versions(session, organisation_id, instrument_id=instrument_id)
    names = {
        one.sha256: say("{name}, version {version}", name=one.name, version=one.version)
        for one in _sources(session, organisation_id)
    }
    tags = queries.languages(session, organisation_id)
    people = {one.user_id: accounts.user(session, one.user_id) for one in found if one.user_id is not None}
    lines = []
    for one in found:
        user = people.get(one.user_id) if one.user_id else None
        spoken = [LANGUAGES[tag].name for tag in LANGUAGES if tag in tags[one.sha256]]
        lines.append(
            views.VersionLine(
                version=one.version,
                sha256=one.sha256,
                published_at=one.published_at,
                by=SOMEBODY if user is None else user.name,
                from_name=names.get(one.derived_from, ""),
                languages=", ".join(["English", *spoken]),
            )
        )
    here = place(session, organisation_id, instrument_id)
    published = bool(found) and here.facts.changed_at == found[0].published_at
    over = over and not here.facts.drafting
    return views.VersionsPage(here, tuple(lines), over=over, published=published)


def giving_up(session: Session, organisation_id: UUID, instrument_id: UUID, *, trouble: str = "") -> views.GivingUpPage:
    """What giving up the draft does. NotDraftingError when there is none."""
    here = place(session, organisation_id, instrument_id)
    changes = drafts.draft(session, organisation_id, instrument_id).changes
    remarked = len(queries.remarks(session, organisation_id, instrument_id))
    return views.GivingUpPage(here, changes, remarked, trouble)


def new_question(
    session: Session,
    organisation_id: UUID,
    instrument_id: UUID,
    *,
    module: str,
    typed: QuestionInput = NOTHING,
    errors: Mapping[str, str] | None = None,
    trouble: str = "",
) -> views.QuestionPage:
    """The form for a question that is added to a module. NotFoundError for a function that there is not."""
    draft = drafts.draft(session, organisation_id, instrument_id)
    there = draft.instrument.modules.get(module)
    if there is None and module not in draft.instrument.functions:
        raise NotFoundError
    return views.QuestionPage(
        place=place(session, organisation_id, instrument_id),
        item=None,
        module_key=module,
        module="" if there is None else there.name,
        function=FUNCTIONS.get(module, module),
        dimensions=_dimensions(draft),
        typed=typed,
        said=(),
        was_published=False,
        errors=errors or {},
        trouble=trouble,
    )


def question(
    session: Session,
    organisation_id: UUID,
    instrument_id: UUID,
    item_id: str,
    *,
    typed: QuestionInput | None = None,
    errors: Mapping[str, str] | None = None,
    trouble: str = "",
) -> views.QuestionPage:
    """The form for a question of a module. NotFoundError for one that the draft does not have."""
    draft = drafts.draft(session, organisation_id, instrument_id)
    found = editing.module_of(draft.instrument, item_id)
    if found is None:
        raise NotFoundError(editing.not_here(draft.instrument, item_id))
    item = draft.instrument.item(item_id)
    return views.QuestionPage(
        place=place(session, organisation_id, instrument_id),
        item=item,
        module_key=found[0],
        module=found[1].name,
        function="",
        dimensions=_dimensions(draft),
        typed=typed or QuestionInput(item.text, item.relates_to or "", "", {}, frozenset()),
        said=tuple(_said(draft, item_id, typed, errors or {})),
        was_published=item_id in draft.known.items,
        errors=errors or {},
        trouble=trouble,
        now=item.text if trouble and typed and typed.text != item.text else "",
    )


def named(instrument: Instrument) -> str:
    """A version in words: its name and number."""
    return say("{name}, version {version}", name=instrument.name, version=instrument.version)


def _said(draft: Draft, item_id: str, typed: QuestionInput | None, errors: Mapping[str, str]) -> Iterable[views.Said]:
    path = f"items.{item_id}"
    for tag in draft.languages:
        kept = draft.texts.get(tag, drafts.NO_TEXTS)
        text = typed.translations.get(tag, "") if typed else kept.texts.get(path, "")
        reviewed = tag in typed.reviewed if typed else path in kept.reviewed
        yield views.Said(LANGUAGES[tag], text, reviewed, errors.get(f"text-{tag}"))


def _sources(session: Session, organisation_id: UUID) -> Iterable[views.SourceLine]:
    """What a copy can begin from: shipped questionnaires, the newest version first, then the client's own."""
    shipped = sorted(load.published(), key=lambda one: numbers(one[1]), reverse=True)
    for key, version in shipped:
        one = load.load(key, version)
        yield views.SourceLine(one.sha256, one.name, version, own=False)
    names = {one.id: one.name for one in queries.instruments(session, organisation_id)}
    for found in queries.versions(session, organisation_id):
        yield views.SourceLine(found.sha256, names[found.instrument_id], found.version, own=True)


def _module(draft: Draft, key: str, module: Module, waiting: Counter[str]) -> views.ModuleBlock:
    asked = [FUNCTIONS[function] for function, used in draft.instrument.functions.items() if used == key]
    new = {item.id for item in draft.changes.added}
    reworded = {now.id for _, now in draft.changes.reworded}
    last = len(module.items) - 1
    return views.ModuleBlock(
        key,
        module.name,
        Listing(asked),
        tuple(
            views.QuestionLine(
                item,
                _informs(draft, item),
                NEW if item.id in new else REWORDED if item.id in reworded else "",
                first=at == 0,
                last=at == last,
                remarks=waiting[item.id],
            )
            for at, item in enumerate(module.items)
        ),
    )


def _informs(draft: Draft, item: Item) -> str:
    if item.relates_to is None:
        return ""
    dimension = draft.instrument.dimension(item.relates_to)
    return f"{dimension.id} {dimension.name}"


def _core(draft: Draft, dimension: Dimension, waiting: Counter[str]) -> views.CoreBlock:
    out = draft.left_out(dimension)
    here = {item.id for item in dimension.items}
    everything = {item.id: item for item in (*dimension.items, *out)}
    order = [item.id for one in draft.base.dimensions if one.id == dimension.id for item in one.items]
    ordered = sorted(everything, key=lambda item_id: order.index(item_id) if item_id in order else len(order))
    return views.CoreBlock(
        dimension.id,
        dimension.name,
        dimension.definition,
        tuple(
            views.CoreLine(
                everything[item_id],
                out=item_id not in here,
                may=item_id in here and editing.may_leave_out(dimension, everything[item_id]),
                remarks=waiting[item_id],
            )
            for item_id in ordered
        ),
        left_out=len(out),
    )


def _dimensions(draft: Draft) -> tuple[tuple[str, str], ...]:
    return tuple((one.id, f"{one.id} {one.name}") for one in draft.instrument.dimensions if one.block != "criterion")
