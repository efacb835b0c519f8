"""Which items are asked, in which order and on which page; and the columns of an answer sheet (MEASUREMENT.md 1.5)."""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby

from surveys.model import Block, Dimension, Form, Instrument, Item, asked

ATTENTION_POSITION = 24
MAX_PULSE_ITEMS = 6
SECONDS_AN_ITEM = 6.5


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


def layout(instrument: Instrument, *, form: Form, function: str) -> Layout:
    """The columns of a department of that function: context, core, attention item, criterion, calibration, module.

    The attention item and the module belong to the full form only (MEASUREMENT.md 1.5, 1.6). Departments that are
    asked the same have equal layouts: the function itself is not part of the hash, the instrument's hash is.
    """
    return _layout(instrument, form, function)


@cache
def _layout(instrument: Instrument, form: Form, function: str) -> Layout:
    items = tuple(_columns(instrument, form, function))
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


def pages(instrument: Instrument, *, form: Form, function: str, seed: bytes) -> tuple[Page, ...]:
    """The pages of one person, from context to module; every item of the layout is on exactly one.

    Order of items inside a dimension follows from `seed`, the order of dimensions never changes. The full form has
    one page a dimension. In the pulse a dimension has two items, and eleven tiny pages would give no usable page
    times, so neighbouring dimensions of one block share a page of up to six items, one after the other.
    """
    module = instrument.module_for(function)
    made = [_text_page(instrument, "context", instrument.context)]
    for block, dimensions in groupby(instrument.dimensions, key=lambda dimension: dimension.block):
        made += _block_pages(instrument, block, tuple(dimensions), form, seed)
    made.append(_text_page(instrument, "calibration", instrument.calibration))
    if form == "full":
        made = list(_with_attention(instrument, made))
        if module is not None:
            made.append(_text_page(instrument, "module", module.items, name=module.name))
    return tuple(made)


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


def _core_ids(instrument: Instrument) -> frozenset[str]:
    return frozenset(item.id for item in instrument.core("full"))


def _text_page(instrument: Instrument, key: str, items: tuple[Item, ...], *, name: str = "") -> Page:
    text = instrument.page_texts[key]
    return Page(key, text.title.replace("{name}", name), text.stem or instrument.stem, None, items)


def _block_pages(
    instrument: Instrument, block: Block, dimensions: tuple[Dimension, ...], form: Form, seed: bytes
) -> list[Page]:
    if form == "full" or block == "criterion":
        return [_dimension_page(instrument, dimension, form, seed) for dimension in dimensions]
    groups = _groups(dimensions, form)
    return [
        _dimension_page(instrument, group[0], form, seed)
        if len(group) == 1
        else _mixed_page(instrument, group, form, seed, f" ({number}/{len(groups)})" if len(groups) > 1 else "")
        for number, group in enumerate(groups, start=1)
    ]


def _groups(dimensions: tuple[Dimension, ...], form: Form) -> list[tuple[Dimension, ...]]:
    """Neighbours together, as few pages as `MAX_PULSE_ITEMS` allows (a larger dimension stays whole, alone)."""
    groups: list[tuple[Dimension, ...]] = []
    size = 0
    for dimension in dimensions:
        count = len(asked(dimension, form))
        if groups and size + count <= MAX_PULSE_ITEMS:
            groups[-1] += (dimension,)
            size += count
        else:
            groups.append((dimension,))
            size = count
    return groups


def _dimension_page(instrument: Instrument, dimension: Dimension, form: Form, seed: bytes) -> Page:
    items = _shuffled(asked(dimension, form), seed)
    return Page(dimension.id.lower(), dimension.short, instrument.stem, dimension.id, items)


def _mixed_page(instrument: Instrument, group: tuple[Dimension, ...], form: Form, seed: bytes, part: str) -> Page:
    key = f"{group[0].id}-{group[-1].id}".lower()
    text = instrument.page_texts[group[0].block]
    items = tuple(item for dimension in group for item in _shuffled(asked(dimension, form), seed))
    return Page(key, text.title + part, text.stem or instrument.stem, None, items)


def _shuffled(items: tuple[Item, ...], seed: bytes) -> tuple[Item, ...]:
    """A fair order that depends on the seed and the ids alone, whatever the version of Python's random module."""
    return tuple(sorted(items, key=lambda item: hashlib.sha256(seed + b"\0" + item.id.encode()).digest()))


def _with_attention(instrument: Instrument, pages: Sequence[Page]) -> Iterator[Page]:
    """Put the attention item where the core item number `ATTENTION_POSITION` was, among others of its page."""
    core = presented_core(instrument, pages)
    neighbour = core[min(ATTENTION_POSITION, len(core)) - 1]
    for page in pages:
        at = next((n for n, item in enumerate(page.items) if item.id == neighbour), None)
        if at is None:
            yield page
        else:
            items = (*page.items[:at], instrument.attention, *page.items[at:])
            yield Page(page.key, page.title, page.stem, page.dimension, items)
