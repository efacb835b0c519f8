"""What an output tells, as facts about sums of single answers: collected from a release's JSON and from any text.

The attacker reads the numbers and knows the method: which rows a mean counts and with what weights. For the rows of a
release it works these out from the document alone: the rows inside a row, and what they leave, by printed headcount.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from tests.attack.insider import Insider, Strata

Document = Mapping[str, Any]  # Any: it is whatever JSON says
Kind = Literal["means", "spreads", "numbers", "tallies", "responses"]
Method = Callable[[str, str], Strata | None]
"""The strata of a row's mean in a column, by the row's id; None where the document says all there is to know."""

KINDS: tuple[Kind, ...] = ("means", "spreads", "numbers", "tallies", "responses")


@dataclass(frozen=True)
class Fact:
    """A sum over people of weights times unknowns lies between two bounds.

    The unknowns are a person's answers in `column` (means), their products (spreads), whether they have a score there
    (numbers), or that they took part. `weights` are those of each person. What is told beside scores (tallies) has an
    unknown for each person and question or kind; `parts` are the people's weights there, and `weights` name them.
    """

    row: str
    column: str
    kind: Kind
    weights: Mapping[int, Fraction]
    low: float = float("-inf")
    high: float = float("inf")
    parts: Mapping[str, Mapping[int, Fraction]] = field(default_factory=dict)


def collect(document: Document, insider: Insider, *, family: str, method: Method | None = None) -> list[Fact]:
    """Everything that a release's JSON tells of one family: both scores of a dimension, or a module."""
    facts = []
    for row in document["rows"]:
        if row["n"] is not None:
            everybody = dict.fromkeys(insider.within(row["departments"]), Fraction(1))
            facts.append(Fact(row["name"], "cells", "responses", everybody, row["n"], row["n"]))
    for column in insider.columns:
        facts += _of_column(document, insider, family, column, method)
    return facts


def _of_column(document: Document, insider: Insider, family: str, column: str, method: Method | None) -> Iterator[Fact]:
    shown = {row["id"]: row for row in document["rows"] if (_cell(row, family, column) or {}).get("kind") == "scored"}
    for row in shown.values():
        cell = _cell(row, family, column)
        assert cell is not None
        strata = method(row["id"], column) if method else None
        weights = _weights(insider, strata or _strata(row, document, shown, insider, column), column)
        low, high = printed_bounds(cell, n=len(weights))
        yield Fact(row["name"], column, "means", weights, low, high)
        if cell["n"] is not None or cell["interval"] is not None or cell["everyone"]:
            alike = dict.fromkeys(weights, Fraction(1))
            yield Fact(row["name"], column, "spreads", alike)
            everybody = dict.fromkeys(insider.within(row["departments"]), Fraction(1))
            number = len(weights) if cell["n"] is None else cell["n"]
            yield Fact(row["name"], column, "numbers", everybody, number, number)


def _cell(row: Mapping[str, Any], family: str, column: str) -> Mapping[str, Any] | None:
    if column == "anchors":
        found: Mapping[str, Any] | None = row["anchors"].get(family)
    else:
        found = row["cells"].get(family if column == "cells" else column)
    return found


def _strata(
    row: Mapping[str, Any], document: Document, shown: Mapping[str, Any], insider: Insider, column: str
) -> Strata:
    """The finest sets of a row by headcount: the shown rows inside it, and what they leave of each, as one set each."""
    sets = list(_finest(row, document, shown, insider, column))
    everyone = sum(headcount for _, headcount in sets) or 1
    return [(held, Fraction(headcount, everyone)) for held, headcount in sets]


def _finest(
    row: Mapping[str, Any], document: Document, shown: Mapping[str, Any], insider: Insider, column: str
) -> Iterator[tuple[frozenset[str], int]]:
    below = [one for one in document["rows"] if one["parent"] == row["id"]]
    hidden = [one for one in below if one["id"] not in shown and insider.scored(one["departments"], column)]
    for one in below:
        if one["id"] in shown:
            yield from _finest(one, document, shown, insider, column)
    rest = [row] if not below else hidden
    if rest:
        yield frozenset().union(*(one["departments"] for one in rest)), sum(one["headcount"] for one in rest)


def margins(document: Document, insider: Insider, *, family: str, labels: Mapping[int, str]) -> Iterator[Fact]:
    """What a release tells of the people of the organisation who gave some answer to the context question.

    `labels` are the answers as people read them, by value; who did not say has the role 0.
    """
    everybody = insider.within(document["rows"][0]["departments"])
    for group in (one for margin in document["margins"] for one in margin["groups"] if not one["departments"]):
        given = {value for value, label in labels.items() if f"“{label}”" in group["name"]}
        given |= {0} if group["name"].endswith("did not say") else set()
        those = [one for one in everybody if insider.roles[one] in given]
        yield Fact(group["name"], "cells", "responses", dict.fromkeys(those, Fraction(1)), group["n"], group["n"])
        cell = group["cells"].get(family)
        if cell is None or cell["kind"] != "scored":
            continue
        scored = [one for one in those if insider.used(one, "cells")]
        low, high = printed_bounds(cell, n=len(scored), whole=True)
        yield Fact(group["name"], "cells", "means", dict.fromkeys(scored, Fraction(1, len(scored))), low, high)


def sites(
    document: Document, insider: Insider, *, family: str, strata: Callable[[frozenset[str]], Strata]
) -> Iterator[Fact]:
    """What a release tells of the people of each site; `strata` are those of the column within some departments."""
    for group in (one for margin in document["margins"] for one in margin["groups"] if one["departments"]):
        name, held = f"site {group['name']}", frozenset(group["departments"])
        everybody = dict.fromkeys(insider.within(held), Fraction(1))
        yield Fact(name, "cells", "responses", everybody, group["n"], group["n"])
        cell = group["cells"].get(family)
        if cell is None or cell["kind"] != "scored":
            continue
        weights = _weights(insider, strata(held), "cells")
        low, high = printed_bounds(cell, n=len(weights))
        yield Fact(name, "cells", "means", weights, low, high)
        if cell["n"] is not None or cell["interval"] is not None or cell["everyone"]:
            yield Fact(name, "cells", "spreads", dict.fromkeys(weights, Fraction(1)))
            number = len(weights) if cell["n"] is None else cell["n"]
            yield Fact(name, "cells", "numbers", everybody, number, number)


@dataclass(frozen=True)
class Compared:
    """How a release compares a dimension with the wave before: sets with their headcounts, in one of both waves.

    `value` says which of the two printed scores is this wave's, `column` what its anchors are called, `spreads` the
    sets whose spread a p value rests on.
    """

    value: Literal["before", "now"]
    column: str
    sets: tuple[tuple[frozenset[str], int], ...]
    spreads: tuple[frozenset[str], ...]


def changes(document: Document, insider: Insider, compared: Compared, *, family: str) -> Iterator[Fact]:
    """What the changes printed in a release tell of one of the two waves: both anchor scores of a row are printed."""
    shown = False
    for row in document["rows"]:
        change = (row["cells"].get(family) or {}).get("change")
        if change is None or change["kind"] != "change":
            continue
        shown = True
        inside = [(held, heads) for held, heads in compared.sets if held <= set(row["departments"])]
        everyone = sum(heads for _, heads in inside) or 1
        strata = [(held, Fraction(heads, everyone)) for held, heads in inside]
        weights = _weights(insider, strata, compared.column)
        low, high = _around(change[compared.value])
        yield Fact(f"change of {row['name']}", compared.column, "means", weights, low, high)
    for held in compared.spreads if shown else ():
        those = dict.fromkeys(insider.scored(held, compared.column), Fraction(1))
        yield Fact("p values", compared.column, "spreads", those)


def _around(value: int) -> tuple[float, float]:
    """The bounds of a score whose clipping is not marked: at the ends it may have been clipped.

    A multiple of 5 may have been rounded to one: where a set has no spread of its own, whole points are not printed.
    """
    lowest, highest, half = (5, 95, 0.5) if value % 5 else (10, 90, 2.5)
    return (0.0 if value <= lowest else value - half), (100.0 if value >= highest else value + half)


def _weights(insider: Insider, strata: Strata, column: str) -> dict[int, Fraction]:
    found: dict[int, Fraction] = {}
    for departments, weight in strata:
        those = insider.scored(departments, column)
        for one in those:
            found[one] = found.get(one, Fraction(0)) + weight / len(those)
    return {one: weight for one, weight in found.items() if weight}


def printed_bounds(cell: Mapping[str, Any], *, n: int, whole: bool = False) -> tuple[float, float]:
    """Between which means a printed score lies: half a step each way, or beyond a clipped end.

    A multiple of 5 without a number of answers may have been rounded to one, unless whole points are printed anyhow.
    """
    value, bound = float(cell["score"]), cell["bound"]
    if value != int(value):
        return value, value
    if bound:
        return (value, 100.0) if bound == ">=" else (0.0, value)
    half = 0.5 if n >= 10 and (whole or cell.get("n") is not None or value % 5) else 2.5
    return max(0.0, value - half), min(100.0, value + half)


_NUMBER = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.])")


def finer_numbers(text: str, document: Document) -> list[float]:
    """Numbers of a page, a file or a PDF's text that say a printed score of the document with more digits."""
    scores = {
        cell["score"]
        for row in document["rows"]
        for cell in (*row["cells"].values(), *row["anchors"].values())
        if cell["kind"] == "scored"
    }
    found = [float(one) for one in _NUMBER.findall(text)]
    return [one for one in found if any(abs(one - score) <= 5 for score in scores) and one != int(one)]


def sharpened(facts: Iterable[Fact], text: str) -> list[Fact]:
    """The facts with what a text adds: lines "row, column: value" give an exact mean instead of a printed one."""
    exact = {
        (row.strip(), column.strip()): float(value)
        for row, column, value in re.findall(r"^(.+), (\w+): ([\d.]+)$", text, re.MULTILINE)
    }
    return [
        Fact(one.row, one.column, one.kind, one.weights, exact[one.row, one.column], exact[one.row, one.column])
        if one.kind == "means" and (one.row, one.column) in exact
        else one
        for one in facts
    ]
