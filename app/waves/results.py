"""Which waves have a result, and which of them is the newest: said once, for every page that shows the newest."""

from collections.abc import Iterable

from app.waves.queries import WaveView


def with_results(every: Iterable[WaveView]) -> tuple[WaveView, ...]:
    """Those of these waves whose result is made, of whatever assessment, the one that closed last first."""
    closed = [(one.closed_at, one) for one in every if one.finished and one.closed_at is not None]
    return tuple(one for _, one in sorted(closed, key=lambda found: found[0], reverse=True))


def beside(every: Iterable[WaveView], wave: WaveView) -> tuple[WaveView, ...]:
    """The other waves of its assessment that have a result, in the order in which they come."""
    return tuple(one for one in every if one.assessment_id == wave.assessment_id and one.finished and one.id != wave.id)
