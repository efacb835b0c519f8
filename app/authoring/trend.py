"""What a draft does to the trend, dimension by dimension, in sentences (MEASUREMENT.md 3.14)."""

from dataclasses import dataclass

from app.sentences import Passage, adopted, say
from surveys.compare import Asking, Comparison, comparisons
from surveys.model import Instrument


@dataclass(frozen=True, slots=True)
class TrendLine:
    """A dimension whose questions differ between two versions; `compared`: waves of both can be compared on it."""

    dimension: str
    name: str
    compared: bool
    sentence: str


def trend(before: Instrument, after: Instrument) -> tuple[TrendLine, ...]:
    """The dimensions that a draft changes, each with what becomes of its trend; those that stay as they are, not."""
    found = comparisons(before=Asking(before, "full"), now=Asking(after, "full"))
    return tuple(_line(one) for one in found if one.before != one.now or one.why_not is not None)


def _line(one: Comparison) -> TrendLine:
    left = [item for item in one.before if item not in one.now]
    back = [item for item in one.now if item not in one.before]
    told = (
        say("{items} left out.", items=", ".join(left)) if left else "",
        say("{items} put back.", items=", ".join(back)) if back else "",
        adopted(one.sentence),
        say(
            "The full form’s own score rests on {now} questions instead of {before}.",
            now=len(one.now),
            before=len(one.before),
        ),
    )
    return TrendLine(one.dimension, one.name, one.why_not is None, Passage(told))
