"""The level of a workflow in sentences: what each of its six caps rests on, which binds, and what would lift it. Pure.

Screen and report take their sentences from here, so that they cannot differ.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from app.autonomy.library import LEVELS
from app.autonomy.testing import next_test, shown_by_tests
from app.autonomy.workflow import DecidedWork
from app.sentences import Hundredths, Listing, Passage, Sentence, say, say_count
from app.workflows.facts import EASE, FLAGS, HARM
from scoring.caps import BY_HAND, Assumed, CapName, preferred_level
from scoring.levels import Level
from scoring.zones import MIN_EXPERTS, Zone, apart

CAPS: Final[Mapping[CapName, Sentence]] = {
    "department ceiling": say("department ceiling"),
    "risk cap": say("risk cap"),
    "legal cap": say("legal cap"),
    "evidence cap": say("evidence cap"),
    "staff preference": say("staff preference"),
    "opportunity zone": say("opportunity zone"),
}
ZONES: Final[Mapping[Zone | None, Sentence]] = {
    "green": say("Possible and wanted: the zone sets no limit."),
    "r_and_d": say("Wanted, and hardly possible yet: the zone sets no limit."),
    "red": say("Possible, but not wanted by those who do it: Co-work is the most."),
    "low": say("Neither possible nor wanted: Co-work is the most."),
    None: say("It is not known whether it is wanted and possible: Act on approval is the most."),
}
CONDITIONS: Final[Mapping[str, Sentence]] = {
    "employment_decision": say("a person decides each case"),
    "automated_decision": say("no decision with legal or similar effect is left to the agent"),
    "payment_release": say("a second person confirms each case"),
    "supplier_creation": say("a second person confirms each case"),
    "bank_detail_change": say("a second person confirms each case"),
    "legal_work_leaves": say("a lawyer signs"),
    "safety_relevant": say("a person takes each step"),
    "emotion_inference": say("agents are not used"),
}
"""Of each flag of the law what has to hold even at its cap, in the words of the policy (scoring.legal)."""
_ASSUMED: Final[Mapping[Assumed, Sentence]] = {
    "consequence_by_owner": say("How bad an error is, its owner says: fewer than 5 of its staff told it."),
    "consequence_worst": say("Nobody has said how bad an error is, so the worst counts."),
    "undo_worst": say("Nobody has said how easily it is undone, so the worst counts."),
}
_UNRATED: Final = say("Fewer than 5 of its staff rated it, or they are shown in a group.")
_UNJUDGED: Final = say(
    "Fewer than two experts rated what agents can do, and for a proxy it has to be known how far the work follows "
    "rules, whether its data are at hand and whether an error is undone easily."
)
_UNSAID: Final[frozenset[Assumed]] = frozenset({"consequence_worst", "undo_worst"})
_NOT_BY_STAFF: Final[frozenset[Assumed]] = frozenset({"consequence_by_owner", "consequence_worst"})
_NAMED: Final = 3
"""So many open questions of the law are named, more are counted."""
EASIEST: Final = 4
"""From this ease of undoing on a still easier one lowers no severity (scoring.caps)."""


def binding(one: DecidedWork) -> Listing:
    """The names of the caps that bind."""
    return Listing(CAPS[name] for name in one.binding)


def limited(one: DecidedWork) -> Sentence:
    """The caps that hold a workflow at its level, of the six there are (measurement design, 2.7)."""
    return say("Limited by: {caps}.", caps=binding(one))


def allowed_in(one: DecidedWork) -> Sentence:
    """How far an agent may go in a workflow."""
    if one.level == Level.A0:
        return say("“{name}”: agents are not used.", name=one.name)
    return say("“{name}”: agents may run up to {level}.", name=one.name, level=LEVELS[one.level])


def why(one: DecidedWork, cap: CapName, level: Level) -> str:
    """What a cap rests on."""
    if cap == "department ceiling":
        return say("The department may go up to {level}.", level=LEVELS[level])
    if cap == "opportunity zone":
        return Passage(_zone(one))
    told = {"risk cap": _risk, "legal cap": _law, "evidence cap": shown_by_tests, "staff preference": _preference}
    return Passage(told[cap](one))


def conditions(one: DecidedWork) -> tuple[Sentence, ...]:
    """What has to hold even at the level that is allowed."""
    open_ones = set(one.law.unanswered)
    found = (CONDITIONS[flag] for flag in CONDITIONS if flag in one.law.flags and flag not in open_ones)
    return tuple(dict.fromkeys(found))


def tasks(one: DecidedWork) -> Iterator[Sentence]:
    """What would lift the caps that bind, in their order; nothing for the highest level."""
    if one.level == Level.A5:
        return
    for name in one.binding:
        yield _task(one, name)


def _task(one: DecidedWork, name: CapName) -> Sentence:
    if name == "evidence cap":
        return next_test(one)
    if name == "legal cap":
        count = len(one.law.unanswered)
        if not count:
            return say("The law allows no more.")
        return say_count("Answer the {n} open question of the law.", "Answer the {n} open questions of the law.", count)
    return _safer(one) if name == "risk cap" else _TASKS[name]


def _safer(one: DecidedWork) -> Sentence:
    """What would lift the cap of the risk: first what nobody has said, then what can be made better."""
    if not _UNSAID.isdisjoint(one.severity.assumed):
        return say("Say how bad an error is and how easily it is undone.")
    if one.severity.undo >= EASIEST:
        return say("The risk itself sets this limit: an error is found and undone easily already.")
    return say("Make an error easier to find and undo.")


_TASKS: Final[Mapping[CapName, Sentence]] = {
    "department ceiling": say("Raise the ceiling of the department."),
    "staff preference": say("Ask those who do it what would have to be so."),
    "opportunity zone": say("Ask those who do it whether and why they want it."),
}


def _risk(one: DecidedWork) -> Iterator[Sentence]:
    found = one.severity
    yield say(
        "An error that nobody notices: {harm}; found and undone easily: {ease}. That is severity {severity} of 5.",
        harm=HARM[found.consequence],
        ease=EASE[found.undo],
        severity=found.severity,
    )
    for assumed in found.assumed:
        yield _ASSUMED[assumed]
    if _NOT_BY_STAFF.isdisjoint(found.assumed):
        yield say("How bad it is, its staff rated: the worst middle answer that their printed mean allows counts.")


def _law(one: DecidedWork) -> Iterator[Sentence]:
    open_ones, told = set(one.law.unanswered), one.law
    for flag in told.flags:
        if flag not in open_ones:
            yield say("{what} Needed: {condition}.", what=FLAGS[flag], condition=CONDITIONS[flag])
    if not told.flags:
        yield say("None of the questions of the law sets a limit.")
    elif any(flag in open_ones for flag in told.flags) and len(open_ones) <= _NAMED:
        names = Listing(say("“{question}”", question=text) for flag, text in FLAGS.items() if flag in open_ones)
        yield say("Not answered, and so like the strictest answer: {questions}", questions=names)
    elif any(flag in open_ones for flag in told.flags):
        yield say_count(
            "{n} question of the law is open and counts like the strictest answer.",
            "{n} questions of the law are open and count like the strictest answer.",
            len(open_ones),
        )


def _preference(one: DecidedWork) -> Iterator[Sentence]:
    if one.human_part is None:
        yield say("What staff prefer is not told, so it counts as Co-work; one level above it is the most.")
        return
    mean = one.human_part / 100
    part = Hundredths(one.human_part)
    if mean >= BY_HAND:
        yield say("Staff want to do it themselves ({part} of 5): Assist is the most.", part=part)
        return
    yield say(
        "Staff prefer {level} (human part {part} of 5); one level above it is the most.",
        level=LEVELS[preferred_level(mean)],
        part=part,
    )


def _zone(one: DecidedWork) -> Iterator[Sentence]:
    yield ZONES[one.zone]
    if one.zone is None:
        yield _UNRATED if one.wish is None else _UNJUDGED
    if one.borderline:
        yield say("It lies at a border.")
    if one.zone is not None and one.proxy:
        yield say("What agents can do is a proxy, as fewer than two experts rated it.")


def divided(said: Sequence[int]) -> Iterator[Sentence]:
    """What is to be known of the experts' ratings that a zone rests on: they contradict each other, or are too few."""
    if apart(said):
        yield say(
            "Experts contradict each other: {ratings} of 5. The zone rests on their mean.",
            ratings=Listing(str(rating) for rating in said),
        )
    if 0 < len(said) < MIN_EXPERTS:
        yield say("One expert rated it; until a second does, the proxy counts.")
