"""The plan of a year as rows of text: as a page shows it, and as it comes back."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Final

from app.waves import moments
from app.waves.moments import Typed
from app.waves.queries import WaveView

OPENS: Final = "09:00"
CLOSES: Final = "18:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A planned wave as it was typed; `id` is "" for one that is proposed and not there yet."""

    id: str
    label: str
    form: str
    opens: str
    opens_time: str
    closes: str
    closes_time: str

    @property
    def opening(self) -> Typed:
        """When it opens, as text."""
        return Typed(self.opens, self.opens_time)

    @property
    def closing(self) -> Typed:
        """When it closes, as text."""
        return Typed(self.closes, self.closes_time)


@dataclass(frozen=True)
class YearInput:
    """The plan that was sent. `seen` is the plan that the sender saw, by wave."""

    rows: tuple[Row, ...]
    seen: Mapping[str, Mapping[str, str]]


def row_of(wave: WaveView, zone: str) -> Row:
    """A draft as a row of the form."""
    opens = moments.typed(wave.opens_at, zone, otherwise=OPENS)
    closes = moments.typed(wave.ends_at if wave.opens_at else None, zone, otherwise=CLOSES)
    return Row(
        id=str(wave.id),
        label=wave.label,
        form=wave.form,
        opens=opens.day,
        opens_time=opens.time,
        closes=closes.day,
        closes_time=closes.time,
    )


def written(rows: Iterable[Row]) -> str:
    """What a page shows of the waves that are there, to be compared when it comes back."""
    return json.dumps({row.id: asdict(row) for row in rows if row.id}, ensure_ascii=False)
