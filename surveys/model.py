"""What a questionnaire is: frozen data, read from YAML by `surveys.load` (MEASUREMENT.md sections 1.2 to 1.8)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

Block = Literal["trust", "readiness", "criterion"]
Form = Literal["full", "pulse"]

FORMS: Final[tuple[Form, ...]] = ("full", "pulse")
BLOCKS: Final[tuple[Block, ...]] = ("trust", "readiness", "criterion")

FUNCTIONS: Final = (
    "legal",
    "hr",
    "finance",
    "operations",
    "it",
    "customer_service",
    "sales",
    "procurement",
    "other",
)
"""What a department does, in the words of the glossary. Every instrument says for each which module it gets."""


PAGE_TEXTS: Final = ("context", "trust", "readiness", "calibration", "module", "workflow")
"""The pages that are not one dimension's, each with a heading of its own."""

OWN: Final = "own_"
"""How the keys of clients' own questionnaires begin, and no shipped one's does."""

BETWEEN: Final = ":"
"""Stands between the id of a workflow and the id of a rating, in the id of a workflow's item."""

_WORKFLOW_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Point:
    """One labelled answer of a scale; `value` is 1..P and becomes the answer's code."""

    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """An answer format: P points, values 1..P in order, all labelled (MEASUREMENT.md 1.7)."""

    id: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One closed question. Its id never changes its meaning: a new wording is a new id (MEASUREMENT.md 3.14).

    `anchor` items are asked in the pulse too and carry the trend; `allow_dk` and `allow_nx` offer "don't know" and
    "no experience"; `relates_to` is the dimension a module item informs; `scored` is false for context, calibration
    and the attention item.
    """

    id: str
    text: str
    scale: str
    anchor: bool = False
    reverse: bool = False
    allow_dk: bool = False
    allow_nx: bool = False
    relates_to: str | None = None
    scored: bool = True


@dataclass(frozen=True, slots=True)
class Dimension:
    """A column of the heatmap, or (block "criterion") the willingness to delegate, which is in no index."""

    id: str
    name: str
    short: str
    definition: str
    block: Block
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Module:
    """The part of a questionnaire that only departments of one function see (MEASUREMENT.md 1.4)."""

    function: str
    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Workflow:
    """A piece of a department's work that its people rate (MEASUREMENT.md 2.1); the name is the department's own.

    Its id is of lower-case letters, digits and single hyphens, because it becomes part of addresses.
    """

    id: str
    name: str

    def __post_init__(self) -> None:
        if not _WORKFLOW_ID.fullmatch(self.id):
            raise ValueError(f"{self.id!r} cannot be the id of a workflow: it takes a-z, 0-9 and single hyphens")


@dataclass(frozen=True, slots=True)
class PageText:
    """Heading of a page that is not one dimension's; without a stem of its own it has the questionnaire's."""

    title: str
    stem: str | None = None


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of a questionnaire, core and modules.

    `functions` maps every function of `FUNCTIONS` to a key of `modules`, or to None where the core is all there is.
    `extra` has the labels of the codes "dk" and "nx". `page_texts` has the headings of "context", "trust",
    "readiness", "calibration", "module" and, where there are ratings of workflows, "workflow". In the texts of "module"
    `{name}` stands for the module's name, in those of "workflow" and of the ratings `{workflow}` for the workflow's.
    `workflow` are the ratings that are asked of each workflow (MEASUREMENT.md 2.2). `sha256` is that of the canonical
    form of everything else (see `surveys.canonical`), so comments and layout of the files do not change it.

    `language` is that of the texts. A questionnaire that `surveys.translations.spoken` put into another language keeps
    ids and hash: it is the same questionnaire. `corrected` are the paths of texts (see `surveys.translations`) whose
    spelling differs from the version before and whose meaning is the same, on its author's word (`surveys.versions`).
    `rated_here` are the workflows that are rated where it is asked, by department; no part of the questionnaire itself.
    """

    key: str
    version: str
    name: str
    stem: str
    scales: Mapping[str, Scale]
    extra: Mapping[str, str]
    context: tuple[Item, ...]
    dimensions: tuple[Dimension, ...]
    calibration: tuple[Item, ...]
    attention: Item
    attention_answer: int
    modules: Mapping[str, Module]
    functions: Mapping[str, str | None]
    page_texts: Mapping[str, PageText]
    sha256: str
    language: str = "en"
    workflow: tuple[Item, ...] = ()
    corrected: tuple[str, ...] = ()
    rated_here: tuple[tuple[str, tuple[Workflow, ...]], ...] = ()
    _by_id: Mapping[str, Item] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {item.id: item for item in (*self.items(), *self.workflow)})

    def __hash__(self) -> int:
        return hash((self.sha256, self.language))

    def items(self) -> Iterator[Item]:
        """Every item of core and modules, in the order of the questionnaire; the ratings of workflows are apart."""
        yield from self.context
        for dimension in self.dimensions:
            yield from dimension.items
        yield self.attention
        yield from self.calibration
        for module in self.modules.values():
            yield from module.items

    def item(self, item_id: str) -> Item:
        """The item of that id; of `invoice-check:F` the rating F with that id. KeyError when there is none."""
        workflow_id, _, own_id = item_id.rpartition(BETWEEN)
        if own_id not in self._by_id or bool(workflow_id) != (self._by_id[own_id] in self.workflow):
            raise KeyError(f"{self.key} {self.version} has no item {item_id}")
        found = self._by_id[own_id]
        return replace(found, id=item_id) if workflow_id else found

    def rated(self, workflow: Workflow) -> tuple[Item, ...]:
        """The ratings of one workflow, with its name in their texts and ids such as `invoice-check:F`."""
        return tuple(
            replace(item, id=f"{workflow.id}{BETWEEN}{item.id}", text=item.text.replace("{workflow}", workflow.name))
            for item in self.workflow
        )

    def dimension(self, dimension_id: str) -> Dimension:
        """The dimension of that id. KeyError when the questionnaire has none."""
        for dimension in self.dimensions:
            if dimension.id == dimension_id:
                return dimension
        raise KeyError(f"{self.key} {self.version} has no dimension {dimension_id}")

    def core(self, form: Form) -> tuple[Item, ...]:
        """The trust and readiness items of a form, in order: all of them, or the anchors for the pulse."""
        return tuple(
            item for dimension in self.dimensions if dimension.block != "criterion" for item in asked(dimension, form)
        )

    def module_for(self, function: str) -> Module | None:
        """The module of departments of that function, or None. ValueError for a function the glossary lacks."""
        if function not in self.functions:
            raise ValueError(f"{function!r} is not a function of {self.key} {self.version}")
        name = self.functions[function]
        return None if name is None else self.modules[name]

    def answers_to(self, item: Item) -> frozenset[str]:
        """What a respondent may answer: "1".."P", and "dk" and "nx" where the item offers them."""
        values = {str(point.value) for point in self.scales[item.scale].points}
        return frozenset(values | ({"dk"} if item.allow_dk else set()) | ({"nx"} if item.allow_nx else set()))


def asked(dimension: Dimension, form: Form) -> tuple[Item, ...]:
    """The items of a dimension in a form. The criterion is always asked whole (MEASUREMENT.md 1.6)."""
    if form == "full" or dimension.block == "criterion":
        return dimension.items
    return tuple(item for item in dimension.items if item.anchor)
