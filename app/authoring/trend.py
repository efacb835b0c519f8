"""What a draft does to the trend, dimension by dimension, in sentences (MEASUREMENT.md 3.14)."""

from dataclasses import dataclass

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
    told = [f"{', '.join(left)} left out." if left else "", f"{', '.join(back)} put back." if back else ""]
    rests = f"The full form’s own score rests on {len(one.now)} questions instead of {len(one.before)}."
    return TrendLine(
        one.dimension, one.name, one.why_not is None, " ".join(part for part in (*told, one.sentence, rests) if part)
    )
