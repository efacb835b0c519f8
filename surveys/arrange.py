"""Which items are asked, in which order and on which page; and the columns of an answer sheet (MEASUREMENT.md 1.5)."""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import groupby

from surveys.model import BETWEEN, Dimension, Form, Instrument, Item, PageText, Workflow, asked

ATTENTION_POSITION = 24
MAX_PULSE_ITEMS = 6
SECONDS_AN_ITEM = 6.5
MOST_EACH = 5
"""So many workflows one person rates at most."""
CHOOSING = "workflows"
"""The key of the page on which people say how often they do each of more workflows than that."""
OFTEN = "F"
"""The rating that is asked of every workflow there."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of an answer sheet, in the order of the questionnaire, and their hash.

    Frozen when a wave opens. `answers` has what a respondent may answer to each item, so that nothing else can be
    encoded; a layout made again from stored ids alone has none, and any well-formed answer is then taken. Equal
    layouts have equal columns and hashes.
    """

    item_ids: tuple[str, ...]
    sha256: str
    answers: tuple[frozenset[str], ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Page:
    """What a respondent sees at once. `key` is stable and safe in an address; `dimension` is None on mixed pages."""

    key: str
    title: str
    stem: str
    dimension: str | None
    items: tuple[Item, ...]


NO_HEADING = PageText("")


@dataclass(frozen=True, slots=True)
class Share:
    """Of more workflows than one person rates: the ids of those that fall to somebody, and what the page is called on
    which they say how often they do each."""

    workflows: tuple[str, ...]
    heading: PageText = NO_HEADING


@dataclass(frozen=True, slots=True)
class _Plan:
    """A page before it is somebody's: the items that come in any order, dimension by dimension, or in this one."""

    key: str
    title: str
    stem: str
    dimension: str | None = None
    shuffled: tuple[tuple[Item, ...], ...] = ()
    fixed: tuple[Item, ...] = ()
    attention: Item | None = None
    attention_at: int = 0

    def page(self, seed: bytes) -> Page:
        items = [item for group in self.shuffled for item in _shuffled(group, seed)]
        if self.attention is not None:
            items.insert(self.attention_at, self.attention)
        return Page(self.key, self.title, self.stem, self.dimension, (*items, *self.fixed))


def layout(instrument: Instrument, *, form: Form, function: str, workflows: Sequence[str] = ()) -> Layout:
    """The columns of a department: context, core, attention item, criterion, calibration, module, workflows.

    The attention item and the module belong to the full form only (MEASUREMENT.md 1.5, 1.6). `workflows` are the ids of
    those that the department rates, in its order; each has one column a rating, such as `invoice-check:F`. Departments
    that are asked the same have equal layouts: neither the function nor a workflow's name is part of the hash, the
    instrument's hash is. ValueError for a function or a workflow that there can't be.
    """
    return _layout(instrument, form, function, tuple(workflows))


@cache
def _layout(instrument: Instrument, form: Form, function: str, workflows: tuple[str, ...]) -> Layout:
    rated = _rated(instrument, tuple(Workflow(workflow_id, "") for workflow_id in workflows))
    items = (*_columns(instrument, form, function), *(item for _, ratings in rated for item in ratings))
    ids = tuple(item.id for item in items)
    told = json.dumps([instrument.sha256, ids], separators=(",", ":"))
    return Layout(ids, hashlib.sha256(told.encode()).hexdigest(), tuple(map(instrument.answers_to, items)))


def _columns(instrument: Instrument, form: Form, function: str) -> Iterator[Item]:
    module = instrument.module_for(function)
    yield from instrument.context
    yield from instrument.core(form)
    if form == "full":
        yield instrument.attention
    yield from (item for d in instrument.dimensions if d.block == "criterion" for item in d.items)
    yield from instrument.calibration
    if form == "full" and module is not None:
        yield from module.items


def longest_share(instrument: Instrument, workflows: Sequence[Workflow]) -> Share | None:
    """As many workflows as one person rates at most, of more; None where everybody rates them all."""
    many = len(workflows) > MOST_EACH and any(item.id == OFTEN for item in instrument.workflow)
    return Share(tuple(one.id for one in workflows[:MOST_EACH])) if many else None


def pages(
    instrument: Instrument,
    *,
    form: Form,
    function: str,
    seed: bytes,
    workflows: Sequence[Workflow] = (),
    share: Share | None = None,
) -> tuple[Page, ...]:
    """The pages of one person, from context to module and workflows; every item of the layout is on exactly one.

    Order of items inside a dimension follows from `seed`, the order of dimensions never changes. The full form has
    one page a dimension. In the pulse a dimension has two items, and eleven tiny pages would give no usable page
    times, so neighbouring dimensions of one block share a page of up to six items, one after the other. Each of
    `workflows`, those that this person rates, has a page of its own; with a `share` there is one page on which to say
    how often each is done, and a page for each that is in the share.
    """
    return _pages(instrument, form, function, seed, tuple(workflows), share)


# One person sends a page some fifteen times within minutes; remembering the last thousand people costs about 4 MB.
@lru_cache(maxsize=1000)
def _pages(
    instrument: Instrument,
    form: Form,
    function: str,
    seed: bytes,
    workflows: tuple[Workflow, ...],
    share: Share | None,
) -> tuple[Page, ...]:
    made = [plan.page(seed) for plan in _plans(instrument, form, function)]
    rated = _rated(instrument, workflows)
    if share is None:
        return (*made, *(_workflow_page(instrument, *one) for one in rated))
    fallen = ((one, ratings) for one, ratings in rated if one.id in share.workflows)
    rest = ((one, tuple(item for item in ratings if not _is_often(item))) for one, ratings in fallen)
    return (*made, _choosing_page(rated, share.heading), *(_workflow_page(instrument, *one) for one in rest))


def _choosing_page(rated: Sequence[tuple[Workflow, tuple[Item, ...]]], heading: PageText) -> Page:
    """The page that asks how often each workflow is done: each by its name, with the answers of that rating."""
    often = (replace(item, text=one.name) for one, ratings in rated for item in ratings if _is_often(item))
    return Page(CHOOSING, heading.title, heading.stem or "", None, tuple(often))


def _is_often(item: Item) -> bool:
    return item.id.endswith(f"{BETWEEN}{OFTEN}")


def _rated(instrument: Instrument, workflows: tuple[Workflow, ...]) -> tuple[tuple[Workflow, tuple[Item, ...]], ...]:
    """Each workflow with its ratings, where the questionnaire has some."""
    if len({workflow.id for workflow in workflows}) != len(workflows):
        raise ValueError("a workflow is named twice")
    return tuple((workflow, instrument.rated(workflow)) for workflow in workflows if instrument.workflow)


def _workflow_page(instrument: Instrument, workflow: Workflow, ratings: tuple[Item, ...]) -> Page:
    text = instrument.page_texts["workflow"]
    title, stem = (one.replace("{workflow}", workflow.name) for one in (text.title, text.stem or instrument.stem))
    return Page(key_of(workflow), title, stem, None, ratings)


def key_of(workflow: Workflow) -> str:
    """The key of the page on which a workflow is rated."""
    return f"workflow-{workflow.id}"


def core_pages(instrument: Instrument, pages: Sequence[Page]) -> tuple[Page, ...]:
    """The pages with trust or readiness items: those whose times are screened (MEASUREMENT.md 1.8)."""
    core = _core_ids(instrument)
    return tuple(page for page in pages if any(item.id in core for item in page.items))


def presented_core(instrument: Instrument, pages: Sequence[Page]) -> tuple[str, ...]:
    """The ids of the trust and readiness items in the order this person saw them, for `surveys.screening.flags`."""
    core = _core_ids(instrument)
    return tuple(item.id for page in pages for item in page.items if item.id in core)


def minutes(pages: Iterable[Page]) -> int:
    """How long these pages take, in whole minutes rounded up, at 6.5 seconds an item (MEASUREMENT.md 1.6)."""
    return math.ceil(sum(len(page.items) for page in pages) * SECONDS_AN_ITEM / 60)


@cache
def _core_ids(instrument: Instrument) -> frozenset[str]:
    return frozenset(item.id for item in instrument.core("full"))


@cache
def _plans(instrument: Instrument, form: Form, function: str) -> tuple[_Plan, ...]:
    module = instrument.module_for(function)
    plans = [_text_plan(instrument, "context", fixed=instrument.context)]
    for _, block in groupby(instrument.dimensions, key=lambda dimension: dimension.block):
        plans += _block_plans(instrument, tuple(block), form)
    plans.append(_text_plan(instrument, "calibration", fixed=instrument.calibration))
    if form == "pulse":
        return tuple(plans)
    if module is not None:
        heading = _text_plan(instrument, "module", fixed=module.items)
        title, stem = (text.replace("{name}", module.name) for text in (heading.title, heading.stem))
        plans.append(replace(heading, title=title, stem=stem))
    return tuple(_with_attention(instrument, plans))


def _text_plan(
    instrument: Instrument, text: str, *, fixed: tuple[Item, ...] = (), shuffled: tuple[tuple[Item, ...], ...] = ()
) -> _Plan:
    heading = instrument.page_texts[text]
    return _Plan(text, heading.title, heading.stem or instrument.stem, fixed=fixed, shuffled=shuffled)


def _block_plans(instrument: Instrument, block: tuple[Dimension, ...], form: Form) -> list[_Plan]:
    if form == "full" or block[0].block == "criterion":
        return [_dimension_plan(instrument, dimension, form) for dimension in block]
    groups = _groups(block, form)
    plans: list[_Plan] = []
    for number, group in enumerate(groups, start=1):
        if len(group) == 1:
            plans.append(_dimension_plan(instrument, group[0], form))
            continue
        plan = _text_plan(instrument, group[0].block, shuffled=tuple(asked(dimension, form) for dimension in group))
        part = f" ({number}/{len(groups)})" if len(groups) > 1 else ""
        plans.append(replace(plan, key=f"{group[0].id}-{group[-1].id}".lower(), title=plan.title + part))
    return plans


def _groups(block: tuple[Dimension, ...], form: Form) -> list[tuple[Dimension, ...]]:
    """Neighbours together while a page holds no more than `MAX_PULSE_ITEMS`; a larger dimension stays whole, alone."""
    groups: list[tuple[Dimension, ...]] = []
    size = 0
    for dimension in block:
        count = len(asked(dimension, form))
        if groups and size + count <= MAX_PULSE_ITEMS:
            groups[-1] += (dimension,)
            size += count
        else:
            groups.append((dimension,))
            size = count
    return groups


def _dimension_plan(instrument: Instrument, dimension: Dimension, form: Form) -> _Plan:
    key = dimension.id.lower()
    return _Plan(key, dimension.short, instrument.stem, dimension.id, shuffled=(asked(dimension, form),))


def _with_attention(instrument: Instrument, plans: Iterable[_Plan]) -> Iterator[_Plan]:
    """The attention item where the core item number `ATTENTION_POSITION` was, among others of its page."""
    core = _core_ids(instrument)
    before = min(ATTENTION_POSITION, len(core)) - 1
    for plan in plans:
        count = sum(item.id in core for group in plan.shuffled for item in group)
        if 0 <= before < count:
            yield replace(plan, attention=instrument.attention, attention_at=before)
        else:
            yield plan
        before -= count


def _shuffled(items: tuple[Item, ...], seed: bytes) -> list[Item]:
    """A fair order that depends on the seed and the items alone, whatever the version of Python's random module.

    The digits of one long number, with the bases n, n - 1 and so on, say which of the items left comes next.
    """
    number = int.from_bytes(hashlib.sha512(seed + b"\0" + items[0].id.encode()).digest())
    left = list(items)
    order: list[Item] = []
    while left:
        number, at = divmod(number, len(left))
        order.append(left.pop(at))
    return order
