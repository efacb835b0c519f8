"""A release in words: what a cell says on a screen, in the report and to a screen reader.

Pure functions of the document. Screen and report take their texts from here, so that they cannot differ, and nothing
here knows a number that is not in the document (MEASUREMENT.md 5.1, 5.4 and 9, P5, P7, P10).
"""

from collections.abc import Iterator

from app.releases.document.figures import LEAST_DEVIATION, MOST_AGREEMENT, Decision, Quality, Share
from app.releases.document.notes import REFUSED
from app.releases.document.release import (
    LOW_COVERAGE,
    Band,
    Cell,
    Change,
    Coverage,
    Hidden,
    NoChange,
    NoChangeReason,
    Occasion,
    Reason,
    Release,
    Row,
    Rows,
    Scored,
)
from app.sentences import MINUS, Hundredths, Listing, Passage, Sentence, Value, recalled, say, say_count
from scoring.grades import Level, level

CLEAR_POINTS = 5
STRONG_POINTS = 10

BAND_WORDS: dict[Band, Sentence] = {
    "low": say("Low"),
    "emerging": say("Emerging"),
    "developing": say("Developing"),
    "strong": say("Strong"),
    "leading": say("Leading"),
}
BAND_WITHIN: dict[Band, Sentence] = {
    "low": say("low"),
    "emerging": say("emerging"),
    "developing": say("developing"),
    "strong": say("strong"),
    "leading": say("leading"),
}
BAND_LIMITS: dict[Band, str] = {
    "low": "0–39",
    "emerging": "40–54",
    "developing": "55–69",
    "strong": "70–84",
    "leading": "85–100",
}
HIDDEN_WORDS: dict[Reason, Sentence] = {
    "small_group": say("Not shown, to protect a small group"),
    "not_separately": say("Not shown separately for this question"),
    "no_answers": say("No answers"),
    "withheld": say("Not shown, to protect a small group"),
}
NO_CHANGE_WORDS: dict[NoChangeReason, Sentence] = {
    "first_wave": say("First wave, so there is nothing to compare with yet"),
    "not_comparable": say("Not comparable with the earlier wave"),
    "hidden": say("No comparison, to protect a small group"),
    "other_members": say("The group had other members in the earlier wave"),
    "new": say("New in this wave"),
    "withheld": say("No comparison, to protect a small group"),
    "deleted": say("Not compared: the answers of the earlier wave were deleted, as was promised"),
    "margin": say("Compared by department only"),
}
_WITHIN: dict[str, Sentence] = {
    one[:1].upper() + one[1:]: one
    for one in (
        say("not shown, to protect a small group"),
        say("not shown separately for this question"),
        say("no answers"),
        say("first wave, so there is nothing to compare with yet"),
        say("not comparable with the earlier wave"),
        say("no comparison, to protect a small group"),
        say("the group had other members in the earlier wave"),
        say("new in this wave"),
        say("not compared: the answers of the earlier wave were deleted, as was promised"),
        say("compared by department only"),
        say("not told, to protect a small group"),
        say("both scores lie beyond what is told exactly"),
    )
}
"""The phrases above as they stand within a sentence."""
DECISION_WORDS: dict[Decision, Sentence] = {
    "departments_differ_reliably": say("departments differ reliably"),
    "differences_without_ranks": say("differences exist, ranks do not"),
    "no_difference_beyond_chance": say("no difference beyond chance"),
    "none": say("cannot be told"),
}
_AGREEMENT_WORDS: dict[Level, Sentence] = {
    "very_strong": say("People agree very strongly"),
    "strong": say("People agree strongly"),
    "moderate": say("People agree in part"),
    "weak": say("People see it differently"),
}
OCCASION_WORDS: dict[Occasion, Sentence] = {
    "closed": say("made when the wave closed"),
    "headcounts": say("made again, with the headcounts as they had been corrected"),
    "departments": say("made again, with the departments as they were arranged that day"),
}
_CHANGED: dict[str, Sentence] = {"up": say("up {points}"), "down": say("down {points}")}
_SEEMS_CHANGED: dict[str, Sentence] = {"up": say("seems up {points}"), "down": say("seems down {points}")}
_SMALL = (say("Central and small teams"), say("Small teams"), say("Central"))
_POOLS = (
    say("{name}, central and small teams"),
    say("{name}, small teams"),
    say("{name}, central"),
    say("{name} and central and small teams"),
    say("{name} and small teams"),
    say("{name} and central"),
)
CHANGE_CLASSES = {
    "far-down": say("10 points or more down"),
    "down": say("5 to 9 points down"),
    "level": say("no clear change"),
    "up": say("5 to 9 points up"),
    "far-up": say("10 points or more up"),
}


def value_text(cell: Scored) -> str:
    """The printed score: `62`, `≥ 90`, `≤ 10`."""
    sign = {"": "", ">=": "≥\u00a0", "<=": "≤\u00a0"}[cell.bound]
    return f"{sign}{cell.score}"


def marked_value(cell: Scored) -> str:
    """The score as a cell prints it, `~62` where it is rough; a clipped value says so by its own sign."""
    return f"~{cell.score}" if cell.grade == "D" and not cell.bound else value_text(cell)


def spoken_value(cell: Scored) -> str:
    """The score as it is read out: `62`, `90 or more`, `10 or less`."""
    if cell.bound == ">=":
        return say("{score} or more", score=cell.score)
    return say("{score} or less", score=cell.score) if cell.bound else str(cell.score)


def band_text(cell: Scored) -> str:
    """The band, with its neighbour where the interval crosses the border: `Developing`, `Developing/Strong`."""
    return Passage((word for key, word in BAND_WORDS.items() if key in {cell.band, cell.border}), "/")


def row_name(row: Row) -> str:
    """The name of a row; a pool's without the list of its members, which stands beside it.

    A pool right below the organisation is named without the organisation: "Small teams".
    """
    if row.kind != "pool":
        return row.name
    name = row.name.removesuffix(": " + ", ".join(row.members))
    for small in _SMALL:
        if row.parent == "organisation" and name.endswith(f", {within_sentence(small)}"):
            return small
    return pool_name(name)


def pool_name(name: str) -> str:
    """The name of a pool as a release has it; the words in it that nobody chose are said in the reader's language."""
    return recalled(name, (*_SMALL, *_POOLS))


def people(count: int) -> Sentence:
    """`1 person`, `14 people`."""
    return say_count("1 person", "{n} people", count)


def answers(count: int) -> Sentence:
    """`1 answer`, `14 answers`."""
    return say_count("1 answer", "{n} answers", count)


def interval_text(cell: Scored) -> str:
    """The 95 % interval: `55 to 69`, `all staff answered`, or a dash where the release gives none."""
    if cell.interval is not None:
        return say("{first} to {last}", first=cell.interval[0], last=cell.interval[1])
    return say("all staff answered") if cell.everyone else "–"


def signed(points: int) -> str:
    """A difference in points with its sign: `+7`, `−12`, `0`."""
    if points == 0:
        return "0"
    return f"+{points}" if points > 0 else f"{MINUS}{-points}"


def is_clear(change: Change | NoChange) -> bool:
    """True for a change that is at least likely: marked, and worded with "up" or "down"."""
    return change.kind == "change" and change.confirmation != "none" and change.direction != "none"


def change_mark(change: Change | NoChange) -> str:
    """A filled triangle for a confirmed change, a hollow one for one that only seems so, nothing otherwise."""
    if not (isinstance(change, Change) and is_clear(change)):
        return ""
    filled, hollow = ("▲", "△") if change.direction == "up" else ("▼", "▽")
    return filled if change.confirmation == "confirmed" else hollow


def change_words(change: Change | NoChange) -> str:
    """The change as a phrase: `up 7`, `seems down 6`, `no clear change`, or why there is none."""
    if isinstance(change, NoChange):
        return NO_CHANGE_WORDS[change.reason]
    if not is_clear(change):
        return say("no clear change")
    told = _CHANGED if change.confirmation == "confirmed" else _SEEMS_CHANGED
    return told[change.direction].filled({"points": abs(change.delta)})


def change_class(change: Change | NoChange) -> str:
    """The step of the change palette: one of `CHANGE_CLASSES`, or `not-shown` where there is no comparison."""
    if isinstance(change, NoChange):
        return "not-shown"
    if not is_clear(change) or abs(change.delta) < CLEAR_POINTS:
        return "level"
    return ("far-" if abs(change.delta) >= STRONG_POINTS else "") + change.direction


def cell_class(cell: Cell) -> str:
    """The classes of a cell: its band and `rough` where the precision is D, or `not-shown`."""
    if isinstance(cell, Hidden):
        return "not-shown"
    return f"{cell.band} rough" if cell.grade == "D" else cell.band


def hidden_text(cell: Hidden) -> str:
    """Why a cell is not shown, as a phrase without a full stop and without any number."""
    return HIDDEN_WORDS[cell.reason]


def spoken_cell(cell: Cell) -> str:
    """A cell for those who hear it: `62, developing, 14 answers, up 7`; `not shown, to protect a small group`."""
    if isinstance(cell, Hidden):
        return within_sentence(hidden_text(cell))
    bands = [word for key, word in BAND_WITHIN.items() if key in {cell.band, cell.border}]
    parts = [spoken_value(cell), either(bands)]
    if cell.n is not None:
        parts.append(answers(cell.n))
    if cell.grade == "D":
        parts.append(say("rough value"))
    if cell.coverage == "< 80 %, partial":
        parts.append(say("partial"))
    if is_clear(cell.change):
        parts.append(change_words(cell.change))
    return Passage(parts, ", ")


def spoken_change(cell: Cell) -> str:
    """The change of a cell for those who hear it: `up 7, from 55 to 62`."""
    if isinstance(cell, Hidden):
        return within_sentence(hidden_text(cell))
    if isinstance(cell.change, NoChange):
        return within_sentence(change_words(cell.change))
    change = cell.change
    return say("{change}, from {before} to {now}", change=change_words(change), before=change.before, now=change.now)


def share_text(share: Share) -> str:
    """`52 %`, `at least 95 %`, `at most 5 %`."""
    if share.bound == ">=":
        return say("at least {percent} %", percent=share.percent)
    return say("at most {percent} %", percent=share.percent) if share.bound else f"{share.percent} %"


def percent_range(interval: tuple[int, int]) -> Sentence:
    """`41 to 63 %`."""
    return say("{first} to {last} %", first=interval[0], last=interval[1])


def together(cell: Scored) -> Iterator[Sentence]:
    """Whether people agree, in sentences; nothing where it is not told."""
    if cell.camps is not None and cell.camps.split:
        yield say("People are divided: at least a quarter say yes, and at least a quarter say no.")
    if cell.agreement is not None:
        r_wg: Value = Hundredths(cell.agreement.r_wg)
        deviation: Value = Hundredths(cell.agreement.deviation)
        if cell.agreement.r_wg >= MOST_AGREEMENT:
            r_wg = say("{score} or more", score=r_wg)
        if cell.agreement.deviation <= LEAST_DEVIATION:
            deviation = say("{score} or less", score=deviation)
        yield say(
            "{agree} (r*wg {r_wg}; answers lie {deviation} steps from their mean on average).",
            agree=_AGREEMENT_WORDS[level(cell.agreement.r_wg / 100)],
            r_wg=r_wg,
            deviation=deviation,
        )


def coefficient(one: Quality) -> str:
    """`.83 (.79 to .86)`, or why there is none."""
    if one.alpha is None:
        return recalled(one.refused, REFUSED)
    if one.interval is None:
        return Hundredths(one.alpha)
    low, high = map(Hundredths, one.interval)
    return say("{value} ({first} to {last})", value=Hundredths(one.alpha), first=low, last=high)


def raw_coefficient(one: Quality) -> str:
    """The same without centring, as the annex has it; a dash where it is not told."""
    return "–" if one.raw is None else Hundredths(one.raw)


def omega(one: Quality) -> str:
    """`.84`, `.84, at its limit` for a Heywood case, or a dash."""
    if one.omega is None:
        return "–"
    return say("{value}, at its limit", value=Hundredths(one.omega)) if one.heywood else Hundredths(one.omega)


def weakest(one: Quality) -> str:
    """The lowest correlation of a question with the others, or a dash."""
    known = [value for value in one.item_rest.values() if value is not None]
    return Hundredths(min(known)) if known else "–"


HEYWOOD = say(
    "“At its limit”: one question comes out as if it were answered without any error, which no question is. Do not "
    "rely on this omega."
)
"""What a Heywood case means, wherever an omega is told that is one."""


def differ(one: Quality) -> Sentence:
    """Whether departments differ in a dimension: `they differ reliably (ICC(2) .81)`."""
    if one.icc1 is None:
        return DECISION_WORDS[one.decision]
    return say(
        "{decision} (ICC(1) {icc1}, ICC(2) {icc2})",
        decision=DECISION_WORDS[one.decision],
        icc1=Hundredths(one.icc1),
        icc2=Hundredths(one.icc2 or 0),
    )


def moved(release: Release) -> Iterator[Row]:
    """The rows that may have a change that is at least likely: none of the others has."""
    known = release.rows.moved if isinstance(release.rows, Rows) else None
    return (row for row in release.rows if known is None or row.id in known)


def partly(release: Release) -> Iterator[tuple[Row, Coverage, list[str]]]:
    """Which rows stand for less than 95 % of their people, how much less, and the names of the dimensions."""
    known = release.rows.partial if isinstance(release.rows, Rows) else None
    for row in release.rows:
        for coverage in LOW_COVERAGE if known is None or row.id in known else ():
            found = [head.name for head in release.dimensions if _covers(row.cells[head.id]) == coverage]
            if found:
                yield row, coverage, found


def _covers(cell: Cell) -> str | None:
    return cell.coverage if isinstance(cell, Scored) else None


def covers(row: Row, coverage: Coverage, names: list[str]) -> Sentence:
    """That a row stands for less than 95 % of its people in these dimensions."""
    told = (
        say("{row} covers 80 to 95 % of the people in {names}.")
        if coverage == "80-95 %"
        else say("{row} covers fewer than 80 % of the people in {names}.")
    )
    return told.filled({"row": row_name(row), "names": Listing(names)})


def either(parts: list[Sentence]) -> Sentence:
    """`developing`, `developing or strong`."""
    made = parts[0]
    for part in parts[1:]:
        made = say("{one} or {other}", one=made, other=part)
    return made


def listed(names: list[str]) -> str:
    """`A`, `A and B`, `A, B and C`: in English, for what is stored."""
    return str(Listing(names))


def within_sentence(phrase: str) -> str:
    """The phrase without a capital at its beginning, in English: other languages have their own rules."""
    if phrase in _WITHIN:
        return _WITHIN[phrase]
    told = phrase[:1].lower() + phrase[1:]
    return Sentence(told, words=phrase.words) if isinstance(phrase, Sentence) and not phrase.values else told
