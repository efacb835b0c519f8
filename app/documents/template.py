"""What a template of a document is: parts in an order, with words that data fill (measurement design, 6.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from app.sentences import Sentence

Subject = Literal["client", "workflow"]
Kind = Literal["heading", "note", "text", "points", "table", "flow"]
SUBJECTS: Final[tuple[Subject, ...]] = get_args(Subject)
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
PREPARING: Final = "prepare"
APPROVING: Final = "approve"
"""The steps of a workflow whose people have to be different."""
OPEN_LINES: Final = 3
"""So many empty lines a table offers for what only people know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table. `fill` has places in braces that a row's data fill; with `choices` nothing else may stand in
    it, but nothing."""

    id: str
    label: Sentence
    fill: Sentence | None = None
    choices: tuple[Sentence, ...] = ()
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Fixed:
    """A line of a table that stands in every document: its cells by column."""

    id: str
    cells: Mapping[str, Sentence]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a document.

    A heading or a note has its words alone and is nobody's to change. A text has a label and is filled; points are
    lines that are filled one by one. A table has its `lines`, or a line for each row of the data's `rows`. A flow draws
    the steps of the table `of`.
    """

    kind: Kind
    id: str
    label: Sentence
    fill: tuple[Sentence, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: str = ""
    lines: tuple[Fixed, ...] = ()
    of: str = ""
    hint: Sentence | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A document: for the whole client or one of its departments, or for a workflow. `about` says whom it serves.

    One of a client's own may stand `instead_of` one that the service brings along.
    """

    id: str
    version: str
    subject: Subject
    title: Sentence
    about: Sentence
    parts: tuple[Part, ...]
    instead_of: str = ""

    def part(self, id: str) -> Part | None:
        """The part of that id, or None."""
        return next((one for one in self.parts if one.id == id), None)
