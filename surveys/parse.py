"""From records to a questionnaire, with every check an author can fail."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from surveys.languages import LANGUAGES
from surveys.model import (
    BLOCKS,
    FUNCTIONS,
    PAGE_TEXTS,
    Block,
    Dimension,
    Instrument,
    Item,
    Module,
    PageText,
    Point,
    Scale,
)
from surveys.reader import InstrumentError, Problems, Record, compose
from surveys.sentences import tell
from surveys.translations import source_texts
from surveys.wording import short, wrong_attention

CORE_FILE = "core.yaml"
CORE_ONLY = "core"
CORE_FIELDS = (
    *("instrument", "version", "language", "corrected", "name", "stem", "scale", "scales", "extra", "pages"),
    *("context", "attention", "dimensions", "calibration", "workflow", "functions"),
)
ITEM_FIELDS = ("id", "text", "scale", "anchor", "reverse", "dk", "nx")
# What the service puts into title and stem of a page.
PAGE_NAMES = {"module": ("name",), "workflow": ("workflow",)}
# These are addresses of pages, so no dimension may be called so.
RESERVED = frozenset({"context", "calibration", "module", "workflow"})
MODULE_FIELDS = ("module", "name", "allow_dk", "items")
DIMENSION_FIELDS = ("id", "name", "short", "definition", "block", "allow_dk", "allow_nx", "items")
MIN_POINTS = 2
MAX_POINTS = 9
MIN_ANCHORS = 2

KEY = re.compile(r"[a-z][a-z0-9_]*")
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
DIMENSION_ID = re.compile(r"[A-Z][A-Za-z0-9]*")
ITEM_ID = re.compile(r"[A-Z][A-Za-z0-9]*(@[1-9][0-9]*)?")


@dataclass(frozen=True, slots=True)
class _Drafting:
    """What the reading of items needs to know, and what it has met."""

    scales: Mapping[str, Scale]
    default_scale: str
    problems: Problems
    item_ids: set[str] = field(default_factory=set)
    dimension_ids: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """What the place where items stand says of them."""

    scored: bool = True
    allow_dk: bool = False
    allow_nx: bool = False
    related: bool = False
    names: tuple[str, ...] = ()


_UNSCORED = _Kind(scored=False)


def parse(files: Mapping[str, bytes]) -> Instrument:
    """The questionnaire of these files, `sha256` still empty. InstrumentError with all problems that were found."""
    if CORE_FILE not in files:
        raise InstrumentError(tell("{file}: this file is missing", file=CORE_FILE))
    core = compose(CORE_FILE, files[CORE_FILE])
    core.only(*CORE_FIELDS)
    instrument = _instrument(core, files)
    return _with_corrections(core, instrument) if core.has("corrected") else instrument


def _instrument(core: Record, files: Mapping[str, bytes]) -> Instrument:
    scales = _scales(core)
    drafting = _Drafting(scales, _known_scale(core, "scale", scales), Problems())
    problems = drafting.problems
    context = _items(drafting, core, "context")
    dimensions = _dimensions(drafting, core)
    attention, attention_answer = _attention(drafting, core)
    calibration = _items(drafting, core, "calibration")
    workflow = _items(drafting, core, "workflow", _Kind(scored=False, names=("workflow",)), needed=False)
    functions, modules = dict[str, str | None](), dict[str, Module]()
    with problems:
        functions = _functions(core)
        modules = _modules(drafting, core, functions, files)
    problems.raise_any()
    _check_dimensions(core, dimensions)
    assert attention is not None  # without it, raise_any has raised
    return Instrument(
        key=_matching(core, "instrument", KEY, tell("lower-case letters, digits and _")),
        version=_matching(core, "version", VERSION, tell("three numbers, such as 1.0.0")),
        name=core.text("name"),
        stem=core.text("stem"),
        scales=MappingProxyType(scales),
        extra=_extra(core),
        context=context,
        dimensions=dimensions,
        calibration=calibration,
        attention=attention,
        attention_answer=attention_answer,
        modules=MappingProxyType(modules),
        functions=MappingProxyType(functions),
        page_texts=_page_texts(core, workflow),
        sha256="",
        language=_language(core),
        workflow=workflow,
    )


def _with_corrections(core: Record, instrument: Instrument) -> Instrument:
    corrected = tuple(core.texts("corrected"))
    for path in corrected:
        if path not in source_texts(instrument):
            raise core.error(tell("there is no text '{path}'", path=short(path)), field="corrected")
    return replace(instrument, corrected=corrected)


def _matching(record: Record, name: str, pattern: re.Pattern[str], meaning: str) -> str:
    value = record.text(name)
    if not pattern.fullmatch(value):
        raise record.error(
            tell("'{value}' cannot be the {name}: it takes {meaning}", value=short(value), name=name, meaning=meaning),
            field=name,
        )
    return value


def _scales(core: Record) -> dict[str, Scale]:
    scales: dict[str, Scale] = {}
    problems = Problems()
    for record in core.records("scales", kind="scale"):
        with problems:
            record.only("id", "points")
            scale_id = _matching(record, "id", KEY, tell("lower-case letters, digits and _"))
            scale = _labelled_once(record, Scale(scale_id, tuple(_points(record))))
            if scale.id in scales:
                raise record.error(tell("there is another scale with this id"))
            scales[scale.id] = scale
    problems.raise_any()
    return scales


def _points(scale: Record) -> Iterable[Point]:
    records = scale.records("points", kind="point")
    if not MIN_POINTS <= len(records) <= MAX_POINTS:
        raise scale.error(
            tell(
                "a scale has {least} to {most} points, this one has {count}",
                least=MIN_POINTS,
                most=MAX_POINTS,
                count=len(records),
            ),
            field="points",
        )
    for expected, record in enumerate(records, start=1):
        record.only("value", "label")
        value = record.number("value")
        if value != expected:
            raise scale.error(
                tell(
                    "point {expected} has the value {value}; values are 1, 2, 3 and so on",
                    expected=expected,
                    value=value,
                ),
                field="points",
            )
        yield Point(value, record.text("label"))


def _labelled_once(record: Record, scale: Scale) -> Scale:
    for number, point in enumerate(scale.points):
        if point.label in (before.label for before in scale.points[:number]):
            raise record.error(tell("two points have the label '{label}'", label=short(point.label)), field="points")
    return scale


def _known_scale(record: Record, name: str, scales: Mapping[str, Scale]) -> str:
    scale = record.text(name)
    if scale not in scales:
        raise record.error(
            tell("there is no scale '{scale}'; known are {names}", scale=short(scale), names=", ".join(scales)),
            field=name,
        )
    return scale


def _items(
    drafting: _Drafting, owner: Record, name: str, kind: _Kind = _UNSCORED, *, needed: bool = True
) -> tuple[Item, ...]:
    items: list[Item] = []
    records: list[Record] = []
    with drafting.problems:
        records = owner.records(name, kind="item") if needed or owner.has(name) else []
    for record in records:
        with drafting.problems:
            record.only(*ITEM_FIELDS, *(["relates_to"] if kind.related else []))
            items.append(_item(drafting, record, kind))
            first, last = (len(drafting.scales[one.scale].points) for one in (items[0], items[-1]))
            if kind.scored and first != last:
                raise record.error(tell("items that are scored together need scales of one length"), field="scale")
    return tuple(items)


def _item(drafting: _Drafting, record: Record, kind: _Kind) -> Item:
    item_id = _matching(record, "id", ITEM_ID, tell("a capital letter, then letters and digits, such as T1a or T1a@2"))
    if item_id in drafting.item_ids:
        raise record.error(tell("there is another item with this id"), field="id")
    drafting.item_ids.add(item_id)
    relates_to = record.text("relates_to") if kind.related else None
    if relates_to is not None and relates_to not in drafting.dimension_ids:
        raise record.error(tell("there is no dimension '{dimension}'", dimension=short(relates_to)), field="relates_to")
    return Item(
        id=item_id,
        text=record.text("text", names=kind.names),
        scale=_known_scale(record, "scale", drafting.scales) if record.has("scale") else drafting.default_scale,
        anchor=record.flag("anchor", default=False),
        reverse=record.flag("reverse", default=False),
        allow_dk=record.flag("dk", default=kind.allow_dk),
        allow_nx=record.flag("nx", default=kind.allow_nx),
        relates_to=relates_to,
        scored=kind.scored,
    )


def _dimensions(drafting: _Drafting, core: Record) -> tuple[Dimension, ...]:
    dimensions: list[Dimension] = []
    for record in core.records("dimensions", kind="dimension"):
        with drafting.problems:
            record.only(*DIMENSION_FIELDS)
            dimensions.append(_dimension(drafting, record))
    return tuple(dimensions)


def _dimension(drafting: _Drafting, record: Record) -> Dimension:
    dimension_id = _matching(record, "id", DIMENSION_ID, tell("a capital letter, then letters and digits, such as T1"))
    if dimension_id.lower() in RESERVED or dimension_id.lower() in map(str.lower, drafting.dimension_ids):
        raise record.error(tell("this id is taken"), field="id")
    drafting.dimension_ids.add(dimension_id)
    block = _block(record)
    allow_dk, allow_nx = (record.flag(name, default=False) for name in ("allow_dk", "allow_nx"))
    items = _items(drafting, record, "items", _Kind(allow_dk=allow_dk, allow_nx=allow_nx))
    return Dimension(dimension_id, record.text("name"), record.text("short"), record.text("definition"), block, items)


def _block(record: Record) -> Block:
    value = record.text("block")
    for block in BLOCKS:
        if block == value:
            return block
    raise record.error(
        tell("there is no block '{value}'; known are {names}", value=short(value), names=", ".join(BLOCKS)),
        field="block",
    )


def _check_dimensions(core: Record, dimensions: tuple[Dimension, ...]) -> None:
    """What can be said only when every dimension could be read; before that it would only repeat other problems."""
    blocks = [dimension.block for dimension in dimensions]
    if blocks != sorted(blocks, key=BLOCKS.index) or set(blocks) != set(BLOCKS):
        raise core.error(
            tell("dimensions are needed in each block, in the order trust, readiness, criterion"), field="dimensions"
        )
    for record, dimension in zip(core.records("dimensions", kind="dimension"), dimensions, strict=True):
        anchors = sum(item.anchor for item in dimension.items)
        if dimension.block != "criterion" and anchors < MIN_ANCHORS:
            raise record.error(
                tell(
                    "a trend needs at least {least} anchor items, this dimension has {anchors}",
                    least=MIN_ANCHORS,
                    anchors=anchors,
                )
            )


def _attention(drafting: _Drafting, core: Record) -> tuple[Item | None, int]:
    with drafting.problems:
        record = core.record("attention", kind="item")
        record.only("id", "text", "scale", "answer")
        item = _item(drafting, record, _UNSCORED)
        answer = record.number("answer")
        points = drafting.scales[item.scale].points
        if not 1 <= answer <= len(points):
            raise record.error(tell("{answer} is outside 1..{count}", answer=answer, count=len(points)), field="answer")
        wrong = wrong_attention(item.text, points[answer - 1].label)
        if wrong is not None:
            raise record.error(wrong, field="text")
        return item, answer
    return None, 0


def _functions(core: Record) -> dict[str, str | None]:
    record = core.record("functions")
    record.only(*FUNCTIONS)
    missing = [name for name in FUNCTIONS if not record.has(name)]
    if missing:
        raise core.error(
            tell(
                "no line says what {names} is asked; write a module's name or '{core}'",
                names=", ".join(missing),
                core=CORE_ONLY,
            ),
            field="functions",
        )
    chosen = {name: record.text(name) for name in FUNCTIONS}
    return {name: None if module == CORE_ONLY else module for name, module in chosen.items()}


def _modules(
    drafting: _Drafting, core: Record, functions: Mapping[str, str | None], files: Mapping[str, bytes]
) -> dict[str, Module]:
    # A module may serve several functions; it is read once, and a missing one is reported at the first of them.
    used: dict[str, str] = {}
    for function, module in functions.items():
        if module is not None:
            used.setdefault(module, function)
    record = core.record("functions")
    modules: dict[str, Module] = {}
    for module, function in used.items():
        with drafting.problems:
            if not KEY.fullmatch(module) or f"{module}.yaml" not in files:
                raise record.error(
                    tell("the module '{module}' needs a file {module}.yaml, which is not there", module=short(module)),
                    field=function,
                )
            modules[module] = _module(drafting, module, files[f"{module}.yaml"])
    for name in sorted(files):
        with drafting.problems:
            if name != CORE_FILE and name.removesuffix(".yaml") not in used:
                raise InstrumentError(tell("{name}: no function in {file} uses this module", name=name, file=CORE_FILE))
    return modules


def _module(drafting: _Drafting, name: str, data: bytes) -> Module:
    record = compose(f"{name}.yaml", data)
    record.only(*MODULE_FIELDS)
    if record.text("module") != name:
        raise record.error(tell("the module of this file is called {name}", name=name), field="module")
    allow_dk = record.flag("allow_dk", default=False)
    return Module(name, record.text("name"), _items(drafting, record, "items", _Kind(allow_dk=allow_dk, related=True)))


def _extra(core: Record) -> Mapping[str, str]:
    record = core.record("extra")
    record.only("dk", "nx")
    return MappingProxyType({code: record.text(code) for code in ("dk", "nx")})


def _language(core: Record) -> str:
    tag = core.text("language") if core.has("language") else "en"
    if tag not in LANGUAGES:
        raise core.error(
            tell("'{tag}' is not a language here; known are {names}", tag=short(tag), names=", ".join(LANGUAGES)),
            field="language",
        )
    return tag


def _page_texts(core: Record, workflow: tuple[Item, ...]) -> Mapping[str, PageText]:
    pages = core.record("pages")
    needed = PAGE_TEXTS if workflow else PAGE_TEXTS[:-1]
    pages.only(*needed)
    texts: dict[str, PageText] = {}
    for key in needed:
        record = pages.record(key)
        record.only("title", "stem")
        names = PAGE_NAMES.get(key, ())
        stem = record.text("stem", names=names) if record.has("stem") else None
        texts[key] = PageText(record.text("title", names=names), stem)
    return MappingProxyType(texts)
