"""The form of a client's own template, as it was typed: words by their places, parts left out, moved and new."""

from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID, uuid4

from app.documents.own import Tree, parsed, parts_of, slots
from app.documents.reading import LANGUAGES, LibraryError
from app.documents.template import KINDS
from app.errors import UNCLEAR, InvalidError
from app.web.forms import FormData

NEW_PARTS: Final = 3
"""So many new parts a form offers at its end."""
NEW_KINDS: Final = tuple(one for one in KINDS if one != "flow")


@dataclass(frozen=True)
class Typed:
    """A template as typed. `form` is the id that a new one gets; `seen` how often it was saved when the form was shown;
    `code` its id where it is one already, `source` that of the service's that is copied. `on` is the subject with which
    it is looked at, in `words`."""

    tree: Tree
    form: UUID
    seen: int | None = None
    code: str = ""
    source: str = ""
    on: UUID | None = None
    words: str = LANGUAGES[0]


def read(data: FormData, *, code: str = "") -> Typed:
    """The form as it was sent. InvalidError for one that does not say what it showed."""
    try:
        tree = parsed("form", data.text("base"))
    except LibraryError as error:
        raise InvalidError(UNCLEAR) from error
    for _, slot in list(slots(tree)):
        if f"{slot.path}.{LANGUAGES[0]}" in data.fields:
            slot.put({tag: _tidy(data.text(f"{slot.path}.{tag}"), one_line=slot.kind == "line") for tag in LANGUAGES})
    _arranged(tree, data)
    source = data.text("source")
    if source:
        tree.pop("instead_of", None)
        if data.text("instead"):
            tree["instead_of"] = source
    return Typed(
        tree=tree,
        form=read_id(data.text("form")) or uuid4(),
        seen=data.number("seen"),
        code=code or data.text("code"),
        source=source,
        on=read_id(data.text("on")),
        words=data.text("words") if data.text("words") in LANGUAGES else LANGUAGES[0],
    )


def seen_now(typed: Typed, saves: int) -> Typed:
    """The same form, after somebody was told of what was saved meanwhile."""
    return replace(typed, seen=saves)


def read_id(text: str) -> UUID | None:
    """An id, None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _arranged(tree: Tree, data: FormData) -> None:
    """Leaves parts out, puts the others in their order, and the new ones at the end or where they are wanted."""
    placed: list[tuple[float, Tree]] = []
    every = parts_of(tree)
    for at, part in enumerate(every, start=1):
        if not data.text(f"out.p{at}"):
            placed.append((_place(data, f"order.p{at}", at, at), part))
    for number in range(NEW_PARTS):
        if (new := _new(data, f"n{number}", {_id_of(one) for _, one in placed})) is not None:
            placed.append((_place(data, f"n{number}.order", len(every) + 1 + number, 0), new))
    tree["parts"] = [part for _, part in sorted(placed, key=lambda one: one[0])]


def _place(data: FormData, name: str, usual: int, now: int) -> float:
    """Where a part stands: whoever was given a new place comes before the one that has it."""
    wanted = data.number(name) or usual
    return wanted if wanted in (now, usual) else wanted + (0.5 if now and wanted > now else -0.5)


def _new(data: FormData, before: str, taken: set[str]) -> Tree | None:
    kind = data.text(f"{before}.kind")
    if kind not in NEW_KINDS:
        return None
    label = _words(data, f"{before}.label")
    if kind in ("heading", "note"):
        return {kind: label}
    part: Tree = {kind: next(id for number in range(1, 99) if (id := f"part_{number}") not in taken), "label": label}
    said = {tag: _tidy(data.text(f"{before}.said.{tag}"), one_line=False) for tag in LANGUAGES}
    lines = {tag: [one for one in text.split("\n") if one] for tag, text in said.items() if text}
    each = [
        {tag: one[at] if at < len(one) else "" for tag, one in lines.items()}
        for at in range(max(map(len, lines.values()), default=0))
    ]
    if kind == "table":
        part["columns"] = [{"id": f"column_{at}", "label": one} for at, one in enumerate(each, start=1)]
    elif each:
        part["fill"] = each if kind == "points" else {tag: text for tag, text in said.items() if text}
    return part


def _id_of(part: Tree) -> str:
    return next((str(part[one]) for one in KINDS if one in part), "")


def _words(data: FormData, name: str) -> Tree:
    said = {tag: _tidy(data.text(f"{name}.{tag}"), one_line=True) for tag in LANGUAGES}
    return {LANGUAGES[0]: said[LANGUAGES[0]], **{tag: text for tag, text in said.items() if text}}


def _tidy(text: str, *, one_line: bool) -> str:
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return " ".join(filter(None, lines)) if one_line else "\n".join(filter(None, lines))


def of_tree(tree: Tree, **more: object) -> Typed:
    """The form of a template that nobody has typed into yet."""
    return Typed(tree=deepcopy(tree), form=uuid4(), **more)  # type: ignore[arg-type]  # the fields of Typed
