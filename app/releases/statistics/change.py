"""Change since the previous wave: anchors only, on strata that both waves have (measurement design, 3.10, P1, P8)."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Final, Literal

import numpy as np

from app.releases.document.notes import WHY_NOT, WITHHELD
from app.releases.document.release import Change, NoChange, NoChangeReason
from app.releases.plan.coarsening import Node, plan_columns
from app.releases.plan.ledger import Entry, Ledger, entry
from app.releases.plan.tallies import Crossed
from app.releases.statistics.columns import Column, Sheets, column, differing, scores
from app.releases.statistics.estimate import NOTHING_TOLD, Asked, PlannedColumn, Together, Told, planned
from app.releases.statistics.printed import BOUNDS, scores_to_print
from app.releases.statistics.strata import RolledUp, Spreads, Stratum, finest_common, lowest, rolled, spreads
from scoring.arrays import Integers
from scoring.change import benjamini_hochberg, claim, holm, p_values
from scoring.printed import PrintedScore, printed_p
from surveys.compare import Asking, comparisons
from surveys.model import Form, Instrument, asked

_LEAST_COVERED = 80
Side = Literal["before", "now"]


@dataclass(frozen=True, slots=True)
class Survey:
    """A wave as change sees it: its questionnaire, its answer sheets, its rows, and its heatmap's columns, planned.

    `anchors` are the anchor columns that were planned already: a release and a comparison mostly take the same ones.
    """

    instrument: Instrument
    form: Form
    sheets: Sheets
    tree: Node
    own: Mapping[str, PlannedColumn]
    k: tuple[int, int]
    rows: Node
    told: Callable[[str], Told] = lambda _: NOTHING_TOLD
    anchors: dict[tuple[str, tuple[str, ...]], PlannedColumn | None] = field(default_factory=dict)
    together: Together = field(default_factory=Together)


@dataclass(frozen=True, slots=True)
class Pair:
    """A set of departments that both waves can tell of: unions of strata of each."""

    departments: frozenset[str]
    before: Stratum
    now: Stratum


@dataclass(frozen=True)
class Trend:
    """A dimension's anchor column in both waves, and the finest sets on which they can be compared."""

    before: PlannedColumn
    now: PlannedColumn
    departments_before: frozenset[str]
    pair_of: Mapping[str, Pair]
    spread_before: Spreads
    spread_now: Spreads
    rows: Node

    @cached_property
    def rolled(self) -> tuple[RolledUp, RolledUp]:
        """The roll-ups of the pairs within each row, before and now, of the process behind the answers."""
        pairs = list({id(pair): pair for pair in self.pair_of.values()}.values())
        ends, place_of = self.rows.ends, self.rows.place_of
        places = [lowest([place_of[name] for name in pair.departments], ends) for pair in pairs]
        before = [(place, pair.before) for place, pair in zip(places, pairs, strict=True)]
        now = [(place, pair.now) for place, pair in zip(places, pairs, strict=True)]
        return rolled(before, self.spread_before, self.rows), rolled(now, self.spread_now, self.rows)

    def pairs_in(self, row: Node) -> list[Pair]:
        """The pairs that lie within a row, in the same order every time."""
        found = {id(pair): pair for name in sorted(row.departments) if (pair := self.pair_of.get(name))}
        return [pair for pair in found.values() if pair.departments <= row.departments]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A row's two printed anchor scores and the p value of their difference, before it is adjusted."""

    before: PrintedScore
    now: PrintedScore
    p: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a dimension cannot be compared: the reason of its cells, and a sentence for the reader."""

    reason: NoChangeReason
    sentence: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """A wave as far as the one after it is compared with it, by dimension: the anchors that both are scored on, or why
    there is no comparison, and its column of them, None where that is withheld."""

    departments: frozenset[str]
    common: Mapping[str, Column | Refusal]
    anchors: Mapping[str, PlannedColumn | None]


def earlier(before: Survey, *, now: Asking) -> Earlier:
    """The wave before, for a wave that asks what `now` says."""
    common = _common_anchors(before, now)
    anchors = _planned_once(before, {one: items for one, items in common.items() if isinstance(items, Column)})
    return Earlier(before.tree.departments, common, anchors)


def trends_of(before: Earlier, now: Survey) -> dict[str, Trend | Refusal]:
    """The anchor columns of all dimensions in both waves, on their common strata, or why there is none."""
    wanted = {one: items for one in now.own if isinstance(items := before.common[one], Column)}
    later = _planned_once(now, wanted)
    return {one: _trend(before, one, now, later.get(one)) for one in now.own}


def _trend(before: Earlier, dimension_id: str, now: Survey, later: PlannedColumn | None) -> Trend | Refusal:
    items = before.common[dimension_id]
    if isinstance(items, Refusal):
        return items
    earlier = before.anchors[dimension_id]
    if earlier is None or later is None:
        return Refusal("withheld", str(WITHHELD))
    joined = finest_common(_sets(earlier), _sets(later))
    both = before.departments & now.tree.departments
    then, today = _unions(joined, earlier), _unions(joined, later)
    pairs = [Pair(one, then[one], today[one]) for one in joined if one <= both and one in then and one in today]
    pair_of = {name: pair for pair in pairs for name in pair.departments}
    spread_before, spread_now = _spreads_on(joined, earlier), _spreads_on(joined, later)
    return Trend(earlier, later, before.departments, pair_of, spread_before, spread_now, now.rows)


def compared(rows: Node, trend: Trend) -> Iterator[tuple[str, Compared | NoChange]]:
    """The change of each row on the sets that lie within it, or why there is none, by the row's id.

    The sets must stand for at least 80 per cent of the headcount behind the row's anchor score; the rest are sets that
    changed their departments. Both scores and their difference are taken as printed, so that p tells nothing finer.
    """
    scored, covered = trend.now.rolled.headcounts, trend.rolled[1].headcounts
    for row, tested in zip(rows.every, _tested(trend), strict=True):
        if row.id not in trend.now.published:
            yield row.id, NoChange(reason="hidden")
        elif tested is None or 100 * covered[row.id] < _LEAST_COVERED * scored[row.id]:
            yield row.id, NoChange(reason=_why_not(row, trend))
        else:
            yield row.id, tested


def _tested(trend: Trend) -> Iterator[Compared | None]:
    """The two scores of each row as printed and the p of their difference; None where there is nothing to compare."""
    then, now = (side.found for side in trend.rolled)
    fine = then.own & now.own
    (before, before_beyond), (today, today_beyond) = (scores_to_print(one, fine=fine) for one in (then, now))
    p = p_values(today - before, se=(then.se, now.se), df=(then.df, now.df))
    there = (then.strata > 0) & (now.strata > 0)
    arrays = (there, before, before_beyond, today, today_beyond, p)
    for told, earlier, earlier_side, later, later_side, of_both in zip(*(one.tolist() for one in arrays), strict=True):
        before_it, now_it = _printed(earlier, earlier_side), _printed(later, later_side)
        yield Compared(before=before_it, now=now_it, p=of_both) if told else None


@cache
def _printed(score: int, side: int) -> PrintedScore:
    """A printed score. There are few hundred, and many of each."""
    return PrintedScore(score, BOUNDS[side])


def family(found: Sequence[Compared]) -> list[Change]:
    """The changes of one family of tests, in its order, with p values adjusted for their number."""
    adjusted = benjamini_hochberg([one.p for one in found])
    strict = holm([one.p for one in found])
    return [_change(*one) for one in zip(found, adjusted, strict, strict=True)]


def _change(one: Compared, adjusted: float, strict: float) -> Change:
    delta = one.now.score - one.before.score
    direction, confirmation = claim(delta, adjusted=adjusted, strict=strict)
    return Change(
        before=one.before.score,
        now=one.now.score,
        delta=delta,
        p=printed_p(adjusted),
        direction=direction,
        confirmation=confirmation,
    )


def _common_anchors(before: Survey, now: Asking) -> dict[str, Column | Refusal]:
    """The anchors on which both waves are scored, by the one trend rule that there is (3.14, `surveys.compare`)."""
    found: dict[str, Column | Refusal] = {}
    for one in comparisons(before=Asking(before.instrument, before.form), now=now):
        if one.why_not is not None:
            found[one.dimension] = Refusal("not_comparable", str(WHY_NOT[one.why_not]))
        else:
            items = tuple(now.instrument.item(item) for item in one.items)
            found[one.dimension] = column(now.instrument, one.dimension, items)
    return found


def ledger_id(dimension_id: str) -> str:
    """What the ledger calls the anchor column of a dimension."""
    return f"{dimension_id}:anchors"


OF_ITEMS: Final = ":of:"


def told_of(trends: Mapping[str, Trend | Refusal], *, side: Side) -> Ledger:
    """What comparisons tell of one of both waves, for its ledger: columns that name their items (P17)."""
    return Ledger(tuple(one for trend in trends.values() if isinstance(trend, Trend) for one in _told(trend, side)))


def _told(trend: Trend, side: Side) -> Iterator[Entry]:
    planned, spread = (trend.before, trend.spread_before) if side == "before" else (trend.now, trend.spread_now)
    name = f"{planned.column.id}{OF_ITEMS}{'+'.join(planned.column.item_ids)}"
    for pair in {id(pair): pair for pair in trend.pair_of.values()}.values():
        stratum = pair.before if side == "before" else pair.now
        yield entry(name, "means", stratum.departments, stratum.moments.n)
    for held, moments in (*planned.spreads.groups, *spread.groups):
        yield entry(name, "spreads", held, moments.n)


def anchor_columns(survey: Survey) -> dict[str, PlannedColumn | None]:
    """The column of all anchors that a wave asked of each dimension, None where it is withheld to protect a small group
    (P1 c)."""
    return _planned_once(survey, {name: _all_anchors(survey, name) for name in survey.own})


def _planned_once(survey: Survey, wanted: Mapping[str, Column]) -> dict[str, PlannedColumn | None]:
    """The columns of some anchors of dimensions."""
    new = {name: anchors for name, anchors in wanted.items() if (name, anchors.key) not in survey.anchors}
    for name, found in _anchor_columns(survey, new).items():
        survey.anchors[name, new[name].key] = found
    return {name: survey.anchors[name, anchors.key] for name, anchors in wanted.items()}


def _anchor_columns(survey: Survey, wanted: Mapping[str, Column]) -> dict[str, PlannedColumn | None]:
    """Anchor columns, planned on the strata of the wave's own columns so that both nest; None where one is withheld.

    Two scores of one dimension differ by the answers of those people for whom they rest on other items; where these
    are fewer than k in a stratum, the difference would tell of them (P1 c). Spreads are told on coarser sets instead.
    """
    told: dict[str, PlannedColumn | None] = {
        name: survey.own[name]
        for name, anchors in wanted.items()
        if anchors.item_ids == survey.own[name].column.item_ids
    }
    rest = {name: anchors for name, anchors in wanted.items() if name not in told}
    unlike = {name: _unlike(survey, name, anchors) for name, anchors in rest.items()}
    trees = _coarser(survey, unlike)
    asked = [
        Asked(
            anchors,
            scores(survey.sheets, anchors, within=survey.own[name].column),
            survey.own[name].means,
            trees[name],
            survey.told(ledger_id(name)),
        )
        for name, anchors in rest.items()
    ]
    beside = _Beside(survey)
    for name, found in zip(rest, planned(asked, k=survey.k, together=survey.together), strict=True):
        told[name] = found if beside.may_be_told(found, survey.own[name], unlike[name]) else None
    return told


def _unlike(survey: Survey, dimension_id: str, anchors: Column) -> list[Integers]:
    """How many people of each department have other scores from these anchors than from all questions of a dimension,
    and than from all of its anchors."""
    own = survey.own[dimension_id].column
    others = [own, _all_anchors(survey, dimension_id)]
    return [
        differing(survey.sheets, anchors, other, within=own) for other in others if other.item_ids != anchors.item_ids
    ]


def _coarser(survey: Survey, unlike: Mapping[str, Sequence[Integers]]) -> dict[str, tuple[Node, ...]]:
    """The trees of the spreads of each dimension on strata with none or at least k of the people who are unlike; a tree
    that has fewer is left out."""
    departments, k = survey.sheets.departments, survey.k[1]
    trees = {name: survey.own[name].intervals for name in unlike}
    for turn in range(max(map(len, unlike.values()), default=0)):
        people = {name: of[turn] for name, of in unlike.items() if turn < len(of)}
        alike: dict[int, dict[str, Node]] = defaultdict(dict)
        for name in people:
            for root in trees[name]:
                alike[id(root)][name] = root
        coarse: dict[tuple[str, int], Node | None] = {}
        for key, held in alike.items():
            root = next(iter(held.values()))
            own = root.layout.placed(departments, np.stack([people[name] for name in held], axis=1))
            found = plan_columns(root, own, k=k, told=[()] * len(held))
            for name, tree, some in zip(held, found, own.sum(axis=0).tolist(), strict=True):
                coarse[name, key] = tree if some else root
        trees |= {name: tuple(one for root in trees[name] if (one := coarse[name, id(root)])) for name in people}
    return trees


class _Beside:
    """Whether anchor columns may be told beside the wave's own (P1 c)."""

    def __init__(self, survey: Survey) -> None:
        self._departments, self._k = survey.sheets.departments, survey.k
        self._crossed: dict[tuple[tuple[frozenset[str], ...], ...], Crossed] = {}

    def may_be_told(self, found: PlannedColumn, own: PlannedColumn, unlike: Sequence[Integers]) -> bool:
        """Of people who are `unlike`, by department."""
        sets, finest = (tuple([leaf.departments for root in one.means for leaf in root.leaves]) for one in (found, own))
        kinds = ((sets, finest, self._k[0]), (found.spread_sets, own.spread_sets, self._k[1]))
        return all(self._is_safe(*kind, people, found) for people in unlike for kind in kinds)

    def _is_safe(
        self,
        sets: tuple[frozenset[str], ...],
        finest: tuple[frozenset[str], ...],
        k: int,
        unlike: Integers,
        found: PlannedColumn,
    ) -> bool:
        """Whether the sets of the anchor column may be told beside those of the wave's own column.

        From a set of anchor scores each own set within it can be taken away, which leaves those for whom the two scores
        rest on other items, or be left in. Whatever costs less people: their sum is 0 or at least k.
        """
        if (sets, finest) not in self._crossed:
            self._crossed[sets, finest] = Crossed(sets, finest, self._departments)
        least = self._crossed[sets, finest].least(found.scores.people, unlike)
        return not ((least > 0) & (least < k)).any()


def _all_anchors(survey: Survey, dimension_id: str) -> Column:
    asked_here = asked(survey.instrument.dimension(dimension_id), survey.form)
    return column(survey.instrument, dimension_id, tuple(item for item in asked_here if item.anchor))


def _sets(planned: PlannedColumn) -> list[frozenset[str]]:
    return [one.departments for one in planned.strata()]


def _unions(joined: Sequence[frozenset[str]], planned: PlannedColumn) -> dict[frozenset[str], Stratum]:
    """The strata of a wave within each of these sets, as one; sets in which nobody answered are missing."""
    whole = {department: one for one in joined for department in one}
    inside: dict[frozenset[str], list[Stratum]] = {}
    for one in planned.strata():
        inside.setdefault(whole[next(iter(one.departments))], []).append(one)
    return {
        one: parts[0] if parts[0].departments == one else _union(one, parts, planned) for one, parts in inside.items()
    }


def _union(joined: frozenset[str], parts: Sequence[Stratum], planned: PlannedColumn) -> Stratum:
    answered = planned.scores.answered(joined)
    return Stratum(
        departments=joined,
        answered=answered,
        headcount=sum(part.headcount for part in parts),
        moments=planned.scores.over(answered),
        used=sum(part.used for part in parts),
    )


def _spreads_on(joined: Sequence[frozenset[str]], planned: PlannedColumn) -> Spreads:
    """The column's spreads on sets that are unions of the compared ones."""
    lenders = [held for held, _ in planned.spreads.groups]
    answered = (planned.scores.answered(one) for one in joined)
    sets = finest_common(lenders, answered, only=lenders)
    return spreads(sets, planned.scores, column=planned.spreads.column)


def _why_not(row: Node, trend: Trend) -> NoChangeReason:
    """Why a row has no pair that stands for it."""
    if row.kind == "pool":
        return "other_members"
    if row.kind == "unit" and row.id not in trend.departments_before:
        return "new"
    return "other_members" if row.id in trend.before.published else "hidden"
