"""How a heatmap is looked at: what its cells say, their order, and what is unfolded. All of it stands in the address.

An order is one of `ORDERS`, or the id of a column; "-" before it turns it round. Rows that have others below them are
named by the beginning of their ids, which a release made again shares with the one before.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal
from urllib.parse import quote

from pydantic import BaseModel, Field

from app.releases.document.release import Release
from app.sentences import Sentence, say

Look = Literal["scores", "change", "compared", "favourable", "uncertainty", "agreement", "table"]
LOOKS: Final[Mapping[Look, Sentence]] = {
    "scores": say("Scores"),
    "change": say("Change since {before}"),
    "compared": say("Beside the organisation"),
    "favourable": say("Favourable"),
    "uncertainty": say("Uncertainty"),
    "agreement": say("Agreement"),
    "table": say("Table"),
}

ARRANGED, FIRST, REORDERED = "arranged", "first", "reordered"
INDICES: Final[Mapping[str, Sentence]] = {"trust": say("Trust"), "readiness": say("Readiness")}
ALL, NONE = "all", "none"
UNFOLDED_UP_TO: Final = 80
"""From more rows on, a heatmap opens with its uppermost departments alone."""
AT_ONCE: Final = 80
"""So many rows are drawn first, and more of them each time somebody asks for more."""
_ID: Final = 8


class Asked(BaseModel):
    """What the address of a heatmap says."""

    view: Look = "scores"
    order: str = ARRANGED
    open: str = ""
    rows: int = Field(default=AT_ONCE, ge=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """One way to look at a release. `unfolded` holds the ids of the rows that show what is below them.

    `rows` is how many are drawn at most; every other way to look begins with few of them again.
    """

    look: Look = "scores"
    order: str = ARRANGED
    unfolded: frozenset[str] = frozenset()
    foldable: frozenset[str] = frozenset()
    opens_folded: bool = False
    rows: int = AT_ONCE

    @property
    def column(self) -> str:
        """The order without its direction."""
        return self.order.removeprefix("-")

    @property
    def rising(self) -> bool:
        """True from the lowest on."""
        return self.order.startswith("-")

    @property
    def query(self) -> str:
        """What follows the page's address; "?" for how it opens by itself."""
        order = "" if self.order == ARRANGED else self.order
        told = {"view": self.look if self.look != "scores" else "", "order": order, "open": self.opened}
        return "?" + "&".join(f"{name}={quote(value, safe=',.')}" for name, value in told.items() if value)

    @property
    def longer(self) -> str:
        """The query for more rows of the same."""
        return self.with_rows(self.rows + AT_ONCE)

    def with_rows(self, rows: int) -> str:
        """The query for so many rows of the same."""
        return f"{self.query}{'' if self.query == '?' else '&'}rows={rows}"

    def seen(self, look: Look) -> "Looking":
        """The same rows with something else in their cells."""
        return replace(self, look=look)

    def ordered(self, order: str) -> "Looking":
        """The same cells in another order."""
        return replace(self, order=order)

    def turned(self, column: str) -> "Looking":
        """Ordered by a column: the highest first, and the other way round when it is so already."""
        return self.ordered(f"-{column}" if self.order == column else column)

    def unfolding(self, rows: Collection[str]) -> "Looking":
        """The same with these rows unfolded and no others."""
        return replace(self, unfolded=frozenset(rows) & self.foldable)

    def toggled(self, row_id: str) -> "Looking":
        """The same with one row folded or unfolded."""
        return self.unfolding(self.unfolded ^ {row_id})

    @property
    def opened(self) -> str:
        """What is unfolded, as the address says it; empty for how the page opens by itself."""
        if self.unfolded == self.foldable:
            return ALL if self.opens_folded and self.foldable else ""
        if not self.unfolded:
            return "" if self.opens_folded else NONE
        return ".".join(sorted(one[:_ID] for one in self.unfolded))


def looking(
    release: Release, *, look: Look = "scores", order: str = ARRANGED, opened: str = "", rows: int = AT_ONCE
) -> Looking:
    """What an address asks for, as far as the release has it; what it has not is shown as the page opens by itself."""
    foldable = frozenset(row.parent for row in release.rows if row.parent) - {release.organisation.id}
    folded = len(release.rows) > UNFOLDED_UP_TO
    asked = opened or (NONE if folded else ALL)
    beginnings = set(asked.split("."))
    return Looking(
        look="scores" if look == "change" and release.wave.previous_label is None else look,
        order=order if order.removeprefix("-") in _orders(release) else ARRANGED,
        unfolded=foldable if asked == ALL else frozenset(one for one in foldable if one[:_ID] in beginnings),
        foldable=foldable,
        opens_folded=folded,
        rows=rows,
    )


def _orders(release: Release) -> set[str]:
    columns = {head.id for head in release.dimensions}
    return {ARRANGED, FIRST, REORDERED, *INDICES, *columns}
