"""The trend rule: on which dimensions two waves may be compared, on which items, and why not on the others (3.14)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from surveys.model import Dimension, Form, Instrument, Item, asked
from surveys.sentences import tell

WhyNot = Literal["other_questionnaire", "not_asked_before", "not_asked_now", "other_scale", "too_few_common_items"]

LEAST_COMMON: Final = 2


@dataclass(frozen=True, slots=True)
class Asking:
    """What a wave asked: a questionnaire in one of its forms."""

    instrument: Instrument
    form: Form

    def dimension(self, dimension_id: str) -> Dimension | None:
        """The dimension of that id, None where the questionnaire has none."""
        return next((one for one in self.instrument.dimensions if one.id == dimension_id), None)

    def items(self, dimension_id: str) -> tuple[Item, ...]:
        """The items of that dimension in the form, none where the questionnaire has no such dimension."""
        dimension = self.dimension(dimension_id)
        return () if dimension is None else asked(dimension, self.form)

    @property
    def major(self) -> str:
        """The first number of the version, with which every trend begins anew."""
        return self.instrument.version.split(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Whether two waves can be compared on a dimension, and on what.

    `items` are the ids on which both are scored, in the order of the later wave, none where `why_not` says why they
    can't be compared. `before` and `now` are the ids of all items that each form asks of the dimension.
    """

    dimension: str
    name: str
    items: tuple[str, ...]
    before: tuple[str, ...]
    now: tuple[str, ...]
    common: int
    why_not: WhyNot | None = None

    @property
    def sentence(self) -> str:
        """The result in a sentence for consultants."""
        if self.why_not is None:
            left_out = [one for one in (*self.now, *self.before) if one not in self.items]
            compared, aside = ", ".join(self.items), ", ".join(dict.fromkeys(left_out))
            if aside:
                return tell("Compared on {compared}; left aside: {aside}.", compared=compared, aside=aside)
            return tell("Compared on {compared}.", compared=compared)
        return {
            "other_questionnaire": tell(
                "The first number of the version differs: its dimensions or scales are others."
            ),
            "not_asked_before": tell("The earlier wave did not ask about it."),
            "not_asked_now": tell("The later wave does not ask about it."),
            "other_scale": tell("Its answers have another number of steps."),
            "too_few_common_items": self._too_few(),
        }[self.why_not]

    def _too_few(self) -> str:
        needed = max(LEAST_COMMON, -(-max(len(self.before), len(self.now)) // 2))
        counts = {"before": len(self.before), "now": len(self.now), "needed": needed}
        if not self.common:
            return tell(
                "No common anchor items among {before} items before and {now} now; a trend needs {needed}.", **counts
            )
        if self.common == 1:
            return tell(
                "1 common anchor item among {before} items before and {now} now; a trend needs {needed}.", **counts
            )
        return tell(
            "{common} common anchor items among {before} items before and {now} now; a trend needs {needed}.",
            common=self.common,
            **counts,
        )


def comparisons(*, before: Asking, now: Asking) -> tuple[Comparison, ...]:
    """The trend rule for every dimension of either wave: those of the later one first, in its order.

    Versions of one questionnaire with different first numbers share no trend. A questionnaire that was copied from
    another keeps the trend of it where items have the same id and the same words, and their answers the same labels.
    """
    there = {one.id: one.name for one in (*before.instrument.dimensions, *now.instrument.dimensions)}
    names = [*(one.id for one in now.instrument.dimensions), *there]
    return tuple(_compared(one, there[one], before, now) for one in dict.fromkeys(names))


def _compared(dimension_id: str, name: str, before: Asking, now: Asking) -> Comparison:
    earlier, later = before.items(dimension_id), now.items(dimension_id)
    common = _common(before, earlier, now, later)
    why_not = _why_not(before, now, earlier, later, common)
    return Comparison(
        dimension=dimension_id,
        name=name,
        items=() if why_not else common,
        before=_ids(earlier),
        now=_ids(later),
        common=len(common),
        why_not=why_not,
    )


def _common(before: Asking, earlier: tuple[Item, ...], now: Asking, later: tuple[Item, ...]) -> tuple[str, ...]:
    """The anchors that both asked: scores of a full form and of a pulse rest on the same items."""
    known = {item.id: item for item in earlier if item.anchor}
    copied = before.instrument.key != now.instrument.key
    return tuple(
        item.id
        for item in later
        if item.anchor and item.id in known and not (copied and _worded(before, known[item.id]) != _worded(now, item))
    )


def _why_not(
    before: Asking, now: Asking, earlier: tuple[Item, ...], later: tuple[Item, ...], common: tuple[str, ...]
) -> WhyNot | None:
    if before.instrument.key == now.instrument.key and before.major != now.major:
        return "other_questionnaire"
    if not earlier or not later:
        return "not_asked_now" if earlier else "not_asked_before"
    if _steps(before, earlier) != _steps(now, later):
        return "other_scale"
    if len(common) < LEAST_COMMON or 2 * len(common) < max(len(earlier), len(later)):
        return "too_few_common_items"
    return None


def _worded(asking: Asking, item: Item) -> tuple[object, ...]:
    """What makes an item the same in a copy under another key, whose versions nobody holds against each other."""
    instrument = asking.instrument
    return instrument.language, instrument.stem, item.text, instrument.scales[item.scale].points, item.reverse


def _steps(asking: Asking, items: Iterable[Item]) -> frozenset[int]:
    return frozenset(len(asking.instrument.scales[item.scale].points) for item in items)


def _ids(items: Iterable[Item]) -> tuple[str, ...]:
    return tuple(item.id for item in items)
