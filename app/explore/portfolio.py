"""A consultant's clients side by side: what the newest release of each prints of the whole organisation, and no more.

Everything rests on anchor questions, which the full form and the pulse both ask (P13). A column is that of the
questionnaire which most clients answered; where a client was asked otherwise, its cells say so.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal
from uuid import UUID

from pydantic import BaseModel

from app.explore import legend
from app.explore.heatmap import BLOCKS, Group, Sorting, Stretch, blocks
from app.explore.legend import Cells, Sign
from app.explore.looking import INDICES, Look, Looking
from app.explore.tiles import Tile, tile
from app.figures.squares import Field, Stood, field, quadrant, stood
from app.releases.document import words
from app.releases.document.release import Cell, DimensionHead, Hidden, NoChange, Release, Row, Scored
from app.releases.statistics.courses import level
from app.sentences import Listing, Passage, Sentence, say, say_count
from surveys.compare import Asking, WhyNot, comparisons
from surveys.model import Instrument

View = Literal["scores", "change", "trust-readiness"]
VIEWS: Final[Mapping[View, Sentence]] = {
    "scores": say("Scores"),
    "change": say("Change since the wave before"),
    "trust-readiness": say("Trust and readiness"),
}
NAME, CLOSED = "name", "closed"
UNLIKE: Final = "≠"
ROUNDED: Final = 10
"""From so many answers on a score is printed to the point."""
NOT_ASKED: Final = say("Not asked of this client")


class Wanted(BaseModel):
    """What the address of the page says: what its cells show and their order; "-" before it turns it round."""

    view: View = "scores"
    order: str = NAME

    @property
    def column(self) -> str:
        """The order without its direction."""
        return self.order.removeprefix("-")

    def query(self, *, view: View | None = None, order: str | None = None) -> str:
        """What follows the page's address for the same with another view or order."""
        view, order = view or self.view, self.order if order is None else order
        told = {"view": view if view != "scores" else "", "order": order if order != NAME else ""}
        return "?" + "&".join(f"{key}={value}" for key, value in told.items() if value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client with its newest release, in the reader's language, and the questionnaire that was asked for it."""

    organisation_id: UUID
    name: str
    wave_id: UUID
    release: Release
    instrument: Instrument

    @property
    def row(self) -> Row:
        """The whole organisation on anchor questions alone."""
        row = self.release.organisation
        return replace(row, cells={**row.cells, **row.anchors})

    @property
    def edition(self) -> tuple[str, str]:
        """The questionnaire and the first number of its version, with which every trend begins anew."""
        return self.instrument.key, self.instrument.version.split(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A client's row of the table."""

    organisation_id: UUID
    wave_id: UUID
    name: str
    wave: str
    form: str
    closed_on: str
    answered: str
    asked: int
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """An order to choose, by its name in the address."""

    key: str
    name: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """The clients that have a result, as a table or in the square of trust and readiness, with what is said below."""

    caption: str
    groups: tuple[Group, ...]
    by_name: Sorting
    lines: tuple[Line, ...]
    scale: tuple[Sign, ...]
    signs: tuple[Sign, ...]
    square: Field | None
    remarks: tuple[str, ...]
    dimensions: tuple[DimensionHead, ...]
    orders: tuple[Order, ...]


@dataclass(frozen=True, slots=True)
class _Likeness:
    """How far the columns of a client are those of all: by dimension why they are not, None where they are."""

    why: Mapping[str, WhyNot | Literal["partly"] | None]

    def unlike(self, dimension: str) -> bool:
        """True for a score that rests on other questions."""
        return self.why.get(dimension) is not None


def portfolio(clients: Sequence[Client], wanted: Wanted) -> Portfolio:
    """These clients, of which there is one at least."""
    usual = _usual(clients)
    like = {one.organisation_id: _likeness(usual, one) for one in clients}
    look: Look = "change" if wanted.view == "change" else "scores"
    order = sorted(clients, key=lambda one: one.name.lower())
    ordered = _sorted(order, wanted, like)
    heads = usual.release.dimensions
    cells = [(one.row, head.id, cell) for one in clients for head in heads if (cell := _noted(one.row, head.id))]
    lines = tuple(_line(one, usual, like[one.organisation_id], look) for one in ordered)
    return Portfolio(
        caption=_caption(look),
        groups=tuple(_groups(usual.release, wanted)),
        by_name=_sorting(NAME, wanted),
        lines=lines,
        scale=legend.scale(usual.release, cells, look),
        signs=tuple(_signs(lines, usual.release, cells, look)),
        square=_square(order) if wanted.view == "trust-readiness" else None,
        remarks=tuple(_remarks(order, usual, like)),
        dimensions=heads,
        orders=tuple(Order(key, name, key == wanted.order) for key, name in _orders(heads)),
    )


def _orders(heads: Sequence[DimensionHead]) -> Iterator[tuple[str, Sentence]]:
    yield NAME, say("By name")
    yield CLOSED, say("The newest result first")
    yield from ((key, say("By {column}", column=name)) for key, name in INDICES.items())
    yield from ((head.id, say("By {column}", column=head.name)) for head in heads)


def _noted(row: Row, dimension: str) -> Cell | None:
    """A cell as the legend takes it: without a number of its own it rests on all who answered, if these are told."""
    cell = row.cells.get(dimension)
    return replace(cell, n=row.n) if isinstance(cell, Scored) and cell.n is None and (row.n or 0) >= ROUNDED else cell


def _usual(clients: Sequence[Client]) -> Client:
    """The client whose questionnaire is that of the columns: of those that most answered, the newest."""
    often = Counter(one.edition for one in clients)

    def rank(one: Client) -> tuple[int, str, int]:
        return often[one.edition], one.release.wave.closed_on, len(one.release.dimensions)

    return max(sorted(clients, key=lambda one: one.name), key=rank)


def _likeness(usual: Client, one: Client) -> _Likeness:
    """Held against the usual questionnaire by the rule for trends; both as in a pulse, which asks the anchors alone."""
    before, now = Asking(usual.instrument, "pulse"), Asking(one.instrument, "pulse")
    return _Likeness(
        {
            found.dimension: found.why_not
            or ("partly" if {*found.items} != {*found.before} or {*found.items} != {*found.now} else None)
            for found in comparisons(before=before, now=now)
        }
    )


def _caption(look: Look) -> Sentence:
    if look == "change":
        return say("Change of the whole organisation since its wave before, in points, on questions that both asked.")
    return say("Scores of the whole organisation from 0 to 100, on the questions that every wave asks.")


def _groups(release: Release, wanted: Wanted) -> Iterator[Group]:
    for block, heads in blocks(release):
        index = _sorting(block, wanted) if block in INDICES else None
        yield Group(BLOCKS[block], heads, index, tuple(_sorting(head.id, wanted) for head in heads))


def _sorting(column: str, wanted: Wanted) -> Sorting:
    rising = wanted.order.startswith("-") != (column == NAME)
    now = "" if wanted.column != column else "ascending" if rising else "descending"
    return Sorting(wanted.query(order=f"-{column}" if wanted.order == column else column), now)


def _sorted(clients: Sequence[Client], wanted: Wanted, like: Mapping[UUID, _Likeness]) -> list[Client]:
    """In the order that was asked for; those that cannot be held against the others come last, by name."""
    column, turned = wanted.column, wanted.order.startswith("-")
    if column == NAME:
        return list(reversed(clients)) if turned else list(clients)
    ranks = {one.organisation_id: _rank(one, column, wanted.view, like[one.organisation_id]) for one in clients}
    told = [one for one in clients if ranks[one.organisation_id] is not None]
    told.sort(key=lambda one: ranks[one.organisation_id] or 0, reverse=not turned)
    return [*told, *(one for one in clients if ranks[one.organisation_id] is None)]


def _rank(one: Client, column: str, view: View, like: _Likeness) -> int | None:
    if column == CLOSED:
        return int(one.release.wave.closed_on.replace("-", "") or 0)
    if column in ("trust", "readiness"):
        found = level(one.release, one.release.organisation, "trust" if column == "trust" else "readiness")
        return found.score if found else None
    cell = one.row.cells.get(column)
    if not isinstance(cell, Scored) or like.unlike(column):
        return None
    if view != "change":
        return cell.score
    return None if isinstance(cell.change, NoChange) else cell.change.delta


def _line(one: Client, usual: Client, like: _Likeness, look: Look) -> Line:
    row, facts = one.row, one.release.wave
    return Line(
        organisation_id=one.organisation_id,
        wave_id=one.wave_id,
        name=one.name,
        wave=facts.label,
        form=say("full form") if facts.form == "full" else say("pulse"),
        closed_on=facts.closed_on,
        answered="–" if row.n is None else str(row.n),
        asked=row.headcount,
        stretches=tuple(_stretches(one, row, usual, like, look)),
    )


def _stretches(one: Client, row: Row, usual: Client, like: _Likeness, look: Look) -> Iterator[Stretch]:
    for block, heads in blocks(usual.release):
        index = level(one.release, one.release.organisation, block) if block in INDICES else None
        yield Stretch(
            name=BLOCKS[block],
            index="–" if index is None else str(index.score),
            has_index=block in INDICES,
            tiles=tuple(_tile(row, head, look, like, first=head == heads[0]) for head in heads),
        )


def _tile(row: Row, head: DimensionHead, look: Look, like: _Likeness, *, first: bool) -> Tile:
    cell = row.cells.get(head.id)
    if cell is None:
        return Tile(
            column=head.id,
            classes=f"{'first ' if first else ''}not-shown",
            spoken=words.within_sentence(NOT_ASKED),
            hidden=NOT_ASKED,
        )
    made = tile(cell, head, row, look, whole=cell, first=first)
    # A change is about one client alone, so that it does not matter what others were asked.
    if isinstance(cell, Hidden) or look == "change" or not like.unlike(head.id):
        return made
    other = say("asked with other questions")
    return replace(made, marks=made.marks + UNLIKE, spoken=Passage((made.spoken, other), ", "))


def _signs(lines: Sequence[Line], release: Release, cells: Cells, look: Look) -> Iterator[Sign]:
    before = replace(release, wave=replace(release.wave, previous_label=say("the wave before")), rows=())
    yield from legend.signs(before, cells, Looking(look=look))
    tiles = [one for line in lines for stretch in line.stretches for one in stretch.tiles]
    if any(one.hidden == NOT_ASKED for one in tiles):
        yield Sign("", "not-shown", words.within_sentence(NOT_ASKED))
    if any(UNLIKE in one.marks for one in tiles):
        yield Sign(UNLIKE, "", say("asked with other questions: not to be held against the other clients"))


def _square(clients: Sequence[Client]) -> Field:
    found = [replace(stood(one.release, one.release.organisation, one.name), whole=False) for one in clients]
    return field(
        found, title=_square_title(found), named=say("Client"), note=say("A number leads to its client in the table.")
    )


def _square_title(found: Sequence[Stood]) -> Sentence:
    told = [(one, *quadrant(*one.told)) for one in found if one.told]
    if not told:
        return say("Too few scores are shown to lay trust beside readiness")
    risky = [one.name for one, here, border in told if (here, border) == ("enable_first", "clear")]
    if risky:
        return say("{names}: more trust than readiness, so enable first", names=Listing(risky))
    ready = sum((here, border) == ("proceed", "clear") for _, here, border in told)
    if not ready:
        return say("No client stands clearly above 60 in trust and in readiness")
    return say_count(
        "{n} of {total} clients stands clearly above 60 in trust and in readiness",
        "{n} of {total} clients stand clearly above 60 in trust and in readiness",
        ready,
        total=len(told),
    )


def _remarks(clients: Sequence[Client], usual: Client, like: Mapping[UUID, _Likeness]) -> Iterator[Sentence]:
    """What can't be held against each other, and why."""
    names = {head.id: head.name for head in usual.release.dimensions}
    for one in clients:
        yield from _unlike(one, usual, like[one.organisation_id], names)
    if len({one.release.wave.form for one in clients}) > 1:
        yield say(
            "Some were asked the full form and some the pulse. All scores here rest on the questions that both ask; a "
            "first pulse after a full form may still lie a little differently."
        )
    if len(clients) == 1:
        yield say("One client has a result so far. The next one stands below it as soon as its first wave has closed.")
        return
    yield say("Clients differ in what they do and in who answered. A difference between two of them is no ranking.")


def _unlike(one: Client, usual: Client, like: _Likeness, names: Mapping[str, str]) -> Iterator[Sentence]:
    """Why columns of a client are no others' columns."""
    there = {head.id: head.name for head in one.release.dimensions}
    if any(like.why.get(name) == "other_questionnaire" for name in there):
        yield say(
            "{client} answered version {version} of its questionnaire, whose dimensions or scales are others: nothing "
            "of it can be held against the others.",
            client=one.name,
            version=one.instrument.version,
        )
        return
    other = [names[name] for name in there if name in names and like.unlike(name)]
    if other:
        yield say("{client} was asked other questions about {names}.", client=one.name, names=Listing(other))
    if missing := [name for key, name in names.items() if key not in there]:
        yield say("{client} was not asked about {names}.", client=one.name, names=Listing(missing))
    if more := [name for key, name in there.items() if key not in names]:
        yield say("{client} was also asked about {names}: see its heatmap.", client=one.name, names=Listing(more))
