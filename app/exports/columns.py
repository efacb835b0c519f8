"""The columns of data files: one line for each number, and the dictionary that says what every column and key means.

Keys and what they mean are English in every language: programs and scripts rest on them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from app.exports.tidy import COUNTED_IN, Fact, facts
from app.releases.document.release import Release
from app.releases.document.words import BAND_LIMITS, BAND_WORDS, HIDDEN_WORDS

Kind = Literal["text", "key", "number"]
Say = Callable[[object], str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it holds, and what that means."""

    name: str
    kind: Kind
    meaning: str


COLUMNS: Final = (
    Column("wave", "text", "The wave, as the client calls it."),
    Column("release", "number", "The number of the release of this wave."),
    Column("table", "key", "What the line belongs to; one of the keys below."),
    Column("group_id", "key", "The department, pool or group of people; the same in every wave."),
    Column("group", "text", "Its name."),
    Column("kind", "key", "organisation, unit (a department), pool (small departments), or the attribute."),
    Column("above", "text", "The name of the department above it."),
    Column(
        "of_id",
        "key",
        "The dimension, module, index, question or rating of a workflow; empty where the line is of the group.",
    ),
    Column("of", "text", "Its name or text, or the name of the workflow."),
    Column("measure", "key", "What the number is; one of the keys below."),
    Column("unit", "key", "In what it is counted; hundredths are to be divided by 100."),
    Column("value", "number", "The number as the release prints it, whole; empty where nothing is shown."),
    Column("bound", "key", "<= or >= where the number lies there or beyond; else empty."),
    Column("word", "key", "What is told in a word beside it: the band of a score, how sure a change is."),
    Column("status", "key", "shown, or why nothing is: one of the keys below."),
)

TABLES: Final[dict[str, str]] = {
    "rows": "Departments, pools and the organisation, with all questions that the wave asked.",
    "anchors": "The same on the questions that every wave asks, of a full survey.",
    "questions": "How people answered single questions.",
    "groups": "Groups of people by role or site, of the whole organisation.",
    "leaders": "What leaders and staff score.",
    "drivers": "What goes with the outcome; association, and no proof of cause.",
    "quality": "How well the questions work.",
}

MEASURES: Final[dict[str, str]] = {
    "headcount": "How many people work there.",
    "answered": "How many answered and count.",
    "rate": "Answered, of the headcount.",
    "index": "Mean of the printed scores of trust or readiness.",
    "score": "From 0 to 100; to the nearest 5 where fewer than 10 answered.",
    "n": "How many answers the number rests on; told from 10 on.",
    "interval_low": "Where the 95 % interval of the score begins.",
    "interval_high": "Where the 95 % interval of the score ends.",
    "change_before": "The score of the wave before, on the questions that both asked.",
    "change_now": "The score of this wave, on the questions that both asked.",
    "change": "The difference of these two; `word` says seems, confirmed or none.",
    "change_p": "Its p, adjusted by Benjamini and Hochberg.",
    "favourable": "Answers above the middle of the scale.",
    "neutral": "Answers at the middle of the scale.",
    "unfavourable": "Answers below the middle of the scale.",
    "favourable_low": "Where the 95 % interval of the favourable answers begins.",
    "favourable_high": "Where the 95 % interval of the favourable answers ends.",
    "dont_know": "“Don’t know”, of all who were asked.",
    "agreement": "r*wg: how far people agree; 95 says “or more”.",
    "deviation": "Mean distance from the mean answer in steps of the scale; 10 says “or less”.",
    "polarisation": "How far answers lie at both ends; `word` is split where people are divided.",
    "gate_lower": "The lower bound with which levels of autonomy are granted.",
    "gate_upper": "The upper bound until which they are kept.",
    "leaders": "What leaders score.",
    "staff": "What people score who lead nobody.",
    "gap": "Leaders less staff; `word` is marked where it is clear.",
    "gap_low": "Where the 95 % interval of the gap begins.",
    "gap_high": "Where the 95 % interval of the gap ends.",
    "gap_p": "Its p, adjusted by Holm.",
    "gap_g": "Hedges’ g.",
    "share": "The dimension’s share of what all explain: Johnson’s weight.",
    "share_low": "Where the 95 % interval of the share begins.",
    "share_high": "Where the 95 % interval of the share ends.",
    "share_lmg": "The same by LMG.",
    "explained": "What all dimensions explain of the outcome together; 95 says “or more”.",
    "alpha": "Cronbach’s alpha within departments; for two questions the Spearman-Brown coefficient.",
    "alpha_low": "Where its 95 % interval begins.",
    "alpha_high": "Where its 95 % interval ends.",
    "alpha_raw": "Alpha with the differences between departments in it.",
    "omega": "McDonald’s omega.",
    "groups": "How many groups the ICC compare.",
    "icc1": "ICC(1).",
    "icc2": "ICC(2).",
    "item_rest": "Correlation of the question with the others of its dimension.",
    "left_out": "Answer sheets left out for careless answering.",
}


def line(release: Release, fact: Fact, said: Say) -> tuple[str | int | None, ...]:
    """The line of a number; None where there is no value."""
    place = fact.place
    return (
        release.wave.label,
        release.number,
        place.table,
        place.group,
        said(place.name),
        place.kind,
        said(place.above),
        fact.of,
        said(fact.called),
        fact.measure,
        COUNTED_IN[fact.measure],
        fact.value,
        fact.bound,
        fact.word,
        fact.status,
    )


def lines(release: Release, said: Say) -> Iterator[tuple[str | int | None, ...]]:
    """All lines of a release."""
    return (line(release, fact, said) for fact in facts(release))


def dictionary() -> Iterator[tuple[str, str, str]]:
    """What columns and keys mean: where it stands, the key, the words."""
    for column in COLUMNS:
        yield "column", column.name, column.meaning
    for key, words in TABLES.items():
        yield "table", key, words
    for measure, words in MEASURES.items():
        yield "measure", measure, words
    for band, word in BAND_WORDS.items():
        yield "word", band, f"Band {word}: {BAND_LIMITS[band]}."
    yield "word", "seems", "A change that is likely."
    yield "word", "confirmed", "A change that is confirmed."
    yield "word", "none", "No clear change."
    yield "status", "shown", "The number is there."
    for reason, reasoned in HIDDEN_WORDS.items():
        yield "status", reason, str(reasoned)
