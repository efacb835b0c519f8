"""How far the scores of a row may be trusted: what can be relied on, and what those who kept silent could change."""

from dataclasses import dataclass

from app.releases.detectable import detectable
from app.releases.document import words
from app.releases.document.release import Release, Row, Scored
from app.releases.indices import interval
from app.releases.silence import rate_words, silence, standing
from app.sentences import Sentence, say


@dataclass(frozen=True, slots=True)
class Trusted:
    """A dimension: its score, its gating score, and what silence could change, as the cells of a table."""

    name: str
    score: str
    relied_on: str
    up_to: str
    smallest: str
    bias: str
    worst: str


@dataclass(frozen=True, slots=True)
class Sureness:
    """The table, what the response rate is called, the sentences below, and the intervals of the indices."""

    lines: tuple[Trusted, ...]
    rate: str
    notes: tuple[str, ...]
    has_gates: bool
    has_silence: bool
    trust: str
    readiness: str


def sureness(release: Release, row: Row) -> Sureness:
    """What a row's page says of it; no lines where nothing is told."""
    lines = tuple(one for head in release.dimensions if (one := _trusted(row, head.id, head.name)))
    has_gates, has_silence = (any(one.relied_on for one in lines), any(one.bias for one in lines))
    return Sureness(
        lines=lines if has_gates or has_silence else (),
        rate=rate_words(row),
        notes=tuple(_notes(release, row, has_gates=has_gates, has_silence=has_silence)),
        has_gates=has_gates,
        has_silence=has_silence,
        trust=_range(interval(release, row, "trust")),
        readiness=_range(interval(release, row, "readiness")),
    )


def _range(found: tuple[int, int] | None) -> str:
    return "" if found is None else say("{first} to {last}", first=found[0], last=found[1])


def _trusted(row: Row, column: str, name: str) -> Trusted | None:
    cell = row.cells[column]
    if not isinstance(cell, Scored):
        return None
    anchor = row.anchors.get(column, cell)
    gate = anchor.gate if isinstance(anchor, Scored) else None
    change = detectable(row, column)
    told = silence(row, cell) if row.n is not None and row.n < row.headcount else None
    return Trusted(
        name=name,
        score=words.marked_value(cell),
        relied_on=str(gate.lower) if gate else "",
        up_to=str(gate.upper) if gate else "",
        smallest="" if change is None else str(change),
        bias=f"± {told.bias}" if told else "",
        worst=say("{first} to {last}", first=told.lowest, last=told.highest) if told else "",
    )


def _notes(release: Release, row: Row, *, has_gates: bool, has_silence: bool) -> list[Sentence]:
    notes = []
    if has_gates:
        asked = say("the questions that every wave asks") if release.wave.form == "full" else say("these questions")
        notes.append(
            say(
                "“At least” and “at most” are the two 80 % bounds of the score on {asked}: what can be relied on when "
                "it is decided how far agents may go. Small and divided groups lie further apart.",
                asked=asked,
            )
        )
        notes.append(
            say(
                "“Smallest change” is how far the score on {asked} has to move until the next wave finds it four times "
                "in five, if as many people answer. What moves less will mostly be called no clear change.",
                asked=asked,
            )
        )
    if has_silence:
        notes.append(
            say(
                "“If silent people differ” is how far everybody's score could lie from the one shown, if those who did "
                "not answer differ by 10 points. “Worst case” is everybody's score, had all of them scored 0 or 100."
            )
        )
    if interval(release, row, "trust") or interval(release, row, "readiness"):
        notes.append(
            say(
                "The interval of trust and of readiness is as wide as those of their scores are on average. Scores "
                "seldom err together as far as that, so it is rather too wide than too narrow."
            )
        )
    if standing(row) == "indicative":
        notes.append(say("Fewer than 30 % answered, so the scores are indicative only."))
    return notes
