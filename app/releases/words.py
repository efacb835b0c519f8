"""A release in words: what a cell says on a screen, in the report and to a screen reader.

Pure functions of the document. Screen and report take their texts from here, so that they cannot differ, and nothing
here knows a number that is not in the document (MEASUREMENT.md 5.1, 5.4 and 9, P5, P7, P10).
"""

from collections.abc import Iterator, Mapping
from datetime import date

from app.releases.document import (
    Band,
    Cell,
    Change,
    Coverage,
    Grade,
    Hidden,
    NoChange,
    NoChangeReason,
    Occasion,
    Reason,
    Release,
    Row,
    Scored,
)
from app.releases.figures import LEAST_DEVIATION, MOST_AGREEMENT, Bound, Decision, Quality, Share
from app.sentences import Listing, Sentence, say
from scoring.grades import Level, level

MINUS = "\u2212"
CLEAR_POINTS = 5
STRONG_POINTS = 10

BAND_WORDS: dict[Band, str] = {
    "low": "Low",
    "emerging": "Emerging",
    "developing": "Developing",
    "strong": "Strong",
    "leading": "Leading",
}
BAND_LIMITS: dict[Band, str] = {
    "low": "0–39",
    "emerging": "40–54",
    "developing": "55–69",
    "strong": "70–84",
    "leading": "85–100",
}
GRADE_WORDS: dict[Grade, str] = {
    "A": "precise to 5 points",
    "B": "precise to 10 points",
    "C": "precise to 15 points",
    "D": "rough: could be more than 15 points off",
}
HIDDEN_WORDS: dict[Reason, str] = {
    "small_group": "Not shown, to protect a small group",
    "not_separately": "Not shown separately for this question",
    "no_answers": "No answers",
    "withheld": "Not shown, to protect a small group",
}
NO_CHANGE_WORDS: dict[NoChangeReason, str] = {
    "first_wave": "First wave, so there is nothing to compare with yet",
    "not_comparable": "Not comparable with the wave before",
    "hidden": "No comparison, to protect a small group",
    "other_members": "The group had other members in the wave before",
    "new": "New in this wave",
    "withheld": "No comparison, to protect a small group",
    "deleted": "Not compared: the answers of the wave before were deleted, as was promised",
    "margin": "Compared by department only",
}
DECISION_WORDS: dict[Decision, str] = {
    "departments_differ_reliably": "departments differ reliably",
    "differences_without_ranks": "differences exist, ranks do not",
    "no_difference_beyond_chance": "no difference beyond chance",
    "none": "cannot be told",
}
_BOUND_WORDS: dict[Bound, str] = {"": "", ">=": "at least ", "<=": "at most "}
_AGREEMENT_WORDS: dict[Level, str] = {
    "very_strong": "People agree very strongly",
    "strong": "People agree strongly",
    "moderate": "People agree in part",
    "weak": "People see it differently",
}
OCCASION_WORDS: dict[Occasion, str] = {
    "closed": "made when the wave closed",
    "headcounts": "made again, with the headcounts as they had been corrected",
    "departments": "made again, with the departments as they were arranged that day",
}
COVERAGE_WORDS: dict[Coverage, str] = {
    ">= 95 %": "covers at least 95 % of the people",
    "80-95 %": "covers 80 to 95 % of the people",
    "< 80 %, partial": "covers fewer than 80 % of the people",
}
LOW_COVERAGE: tuple[Coverage, ...] = ("80-95 %", "< 80 %, partial")
CHANGE_CLASSES = {
    "far-down": "10 points or more down",
    "down": "5 to 9 points down",
    "level": "no clear change",
    "up": "5 to 9 points up",
    "far-up": "10 points or more up",
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
    return f"{cell.score}" + {"": "", ">=": " or more", "<=": " or less"}[cell.bound]


def band_text(cell: Scored) -> str:
    """The band, with its neighbour where the interval crosses the border: `Developing`, `Developing/Strong`."""
    touched = {cell.band, cell.border}
    return "/".join(word for key, word in BAND_WORDS.items() if key in touched)


def row_name(row: Row) -> str:
    """The name of a row; a pool's without the list of its members, which stands beside it.

    A pool right below the organisation is named without the organisation: "Small teams".
    """
    if not row.members:
        return row.name
    name = row.name.removesuffix(": " + ", ".join(row.members))
    return name.rpartition(", ")[2].capitalize() if row.parent == "organisation" else name


def people(count: int) -> str:
    """`1 person`, `14 people`."""
    return "1 person" if count == 1 else f"{count} people"


def answers(count: int) -> str:
    """`1 answer`, `14 answers`."""
    return "1 answer" if count == 1 else f"{count} answers"


def interval_text(cell: Scored) -> str:
    """The 95 % interval: `55 to 69`, `all staff answered`, or a dash where the release gives none."""
    if cell.interval is not None:
        return f"{cell.interval[0]} to {cell.interval[1]}"
    return "all staff answered" if cell.everyone else "–"


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
        return "no clear change"
    seems = "" if change.confirmation == "confirmed" else "seems "
    return f"{seems}{change.direction} {abs(change.delta)}"


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
    parts = [spoken_value(cell), band_text(cell).lower().replace("/", " or ")]
    if cell.n is not None:
        parts.append(answers(cell.n))
    if cell.grade == "D":
        parts.append("rough value")
    if cell.coverage == "< 80 %, partial":
        parts.append("partial")
    if is_clear(cell.change):
        parts.append(change_words(cell.change))
    return ", ".join(parts)


def spoken_change(cell: Cell) -> str:
    """The change of a cell for those who hear it: `up 7, from 55 to 62`."""
    if isinstance(cell, Hidden):
        return within_sentence(hidden_text(cell))
    if isinstance(cell.change, NoChange):
        return within_sentence(change_words(cell.change))
    return f"{change_words(cell.change)}, from {cell.change.before} to {cell.change.now}"


def share_text(share: Share) -> str:
    """`52 %`, `at least 95 %`, `at most 5 %`."""
    return f"{_BOUND_WORDS[share.bound]}{share.percent} %"


def percent_range(interval: tuple[int, int]) -> str:
    """`41 to 63 %`."""
    return f"{interval[0]} to {interval[1]} %"


def together(cell: Scored) -> Iterator[str]:
    """Whether people agree, in sentences; nothing where it is not told."""
    if cell.camps is not None and cell.camps.split:
        yield "People are divided: at least a quarter say yes, and at least a quarter say no."
    if cell.agreement is not None:
        agree = _AGREEMENT_WORDS[level(cell.agreement.r_wg / 100)]
        r_wg, deviation = hundredths(cell.agreement.r_wg), hundredths(cell.agreement.deviation)
        more = " or more" if cell.agreement.r_wg >= MOST_AGREEMENT else ""
        less = " or less" if cell.agreement.deviation <= LEAST_DEVIATION else ""
        yield f"{agree} (r*wg {r_wg}{more}; answers lie {deviation}{less} steps from their mean on average)."


def hundredths(value: int) -> str:
    """`.83`, `−.05`, `1.00`."""
    sign = MINUS if value < 0 else ""
    text = f"{abs(value) / 100:.2f}"
    return sign + text.removeprefix("0")


def coefficient(one: Quality) -> str:
    """`.83 (.79 to .86)`, or why there is none."""
    if one.alpha is None:
        return one.refused
    interval = f" ({hundredths(one.interval[0])} to {hundredths(one.interval[1])})" if one.interval else ""
    return hundredths(one.alpha) + interval


def differ(one: Quality) -> str:
    """Whether departments differ in a dimension: `they differ reliably (ICC(2) .81)`."""
    told = f" (ICC(1) {hundredths(one.icc1)}, ICC(2) {hundredths(one.icc2 or 0)})" if one.icc1 is not None else ""
    return DECISION_WORDS[one.decision] + told


def listed(names: list[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def within_sentence(phrase: str) -> str:
    """The phrase without a capital at its beginning."""
    return phrase[:1].lower() + phrase[1:]


def checked(release: Release) -> tuple[str, ...]:
    """What the certificate says was published and how it was checked, in sentences."""
    found = release.certificate
    told = (
        f"{_counted(found.means_published, 'mean is', 'means are')} published and {found.means_hidden} withheld; "
        f"{_counted(found.intervals_published, 'interval is', 'intervals are')} published."
    )
    if not found.audited:
        least = f" The smallest group behind any mean has {found.smallest_support} people."
        return (told + (least if found.smallest_support else ""),)
    rests = f"no combination of means rests on fewer than {found.smallest_support} people"
    if found.smallest_interval_support is not None:
        rests += f", and none of intervals or numbers of answers on fewer than {found.smallest_interval_support}"
    if found.smallest_support is None:
        rests = "there is nothing to combine"
    return (
        told,
        f"Before it was stored, an auditor that shares nothing with what made it combined all {found.statistics} "
        f"statements it makes about groups with each other, and with every earlier release of the wave: {rests}.",
    )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def languages(release: Release, *, names: Mapping[str, str]) -> Sentence | None:
    """Which languages the wave was offered and answered in, by their `names`; None in releases from before a choice."""
    wave = release.wave
    offered = Listing(names[tag] for tag in wave.languages_offered)
    if len(wave.languages_offered) < 2:
        return say("Asked in {languages}.", languages=offered) if wave.languages_offered else None
    if not wave.languages:
        return say(
            "Offered in {offered}. Which were used is told from {enough} answers on, and of languages in which at "
            "least {k} people answered.",
            offered=offered,
            enough=2 * release.policy.k_intervals,
            k=release.policy.k_intervals,
        )
    return say(
        "Offered in {offered}. At least {k} people each answered in {used}.",
        offered=offered,
        k=release.policy.k_intervals,
        used=Listing(names[tag] for tag in wave.languages),
    )


def approvals(release: Release) -> tuple[str, ...]:
    """What the readers of the wave's papers decided, a sentence each."""
    return tuple(
        f"{one.name} ({one.reader}) {'approved' if one.decision == 'approved' else 'objected'} on "
        f"{_day(one.decided_on)}{'' if one.current else ', to an earlier version of the papers'}."
        for one in release.approvals
    )


def _day(iso: str) -> str:
    when = date.fromisoformat(iso)
    return f"{when.day} {when:%B %Y}"
