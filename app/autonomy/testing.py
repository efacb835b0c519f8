"""What a workflow was tested with, in sentences, and how many checked cases show a rate of errors (2.7). Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.autonomy.workflow import PER, DecidedWork
from app.sentences import Sentence, say, say_count
from scoring.binomial import required_cases
from scoring.caps import PILOT_CASES, PILOT_WEEKS
from scoring.levels import Level

ERRORS: Final = (0, 1, 2, 3)
"""The numbers of errors for which a reader is told how many cases have to be checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """So many errors among so many checked cases show that at most one case in `one_in` is wrong."""

    errors: int
    cases: int


def one_in(rate: int) -> int:
    """A rate in ten thousand as one case in so many, rounded to the careful side."""
    return PER // rate


def rules(one: DecidedWork) -> tuple[Rule, ...]:
    """How many cases have to be checked for A4, by the errors that are found among them."""
    tolerance = one.tolerance / PER
    return tuple(Rule(errors=count, cases=required_cases(tolerance, errors=count)) for count in ERRORS)


def evidence_level(one: DecidedWork) -> Level:
    """The level that the tests carry."""
    return next((cap.level for cap in one.caps if cap.name == "evidence cap"), Level.A1)


def shown_by_tests(one: DecidedWork) -> Iterator[Sentence]:
    """What was tested, as far as it carries."""
    level, tests = evidence_level(one), one.tests
    if level == Level.A1:
        yield say("Nobody has shown that it passed a test on old cases.")
        return
    yield say("It passed a test on old cases.")
    if level >= Level.A3:
        yield say(
            "A supervised pilot ran for {weeks} weeks and {cases} cases.",
            weeks=tests.pilot_weeks,
            cases=tests.pilot_cases,
        )
    if tests.checked.cases:
        yield say_count(
            "{n} error in {cases} checked cases: at most 1 case in {one_in} is wrong, 1 in {needed} is asked for.",
            "{n} errors in {cases} checked cases: at most 1 case in {one_in} is wrong, 1 in {needed} is asked for.",
            tests.checked.errors,
            cases=tests.checked.cases,
            one_in=one_in(one.error_bound),
            needed=one_in(one.tolerance),
        )
    if level == Level.A5:
        yield say("The last two quarters at Act by exception stayed within that.")


def next_test(one: DecidedWork) -> Sentence:
    """What has to be tested for the next level that tests carry."""
    level, tests = evidence_level(one), one.tests
    if level == Level.A1:
        return say("Test it on old cases, and say where that is written down.")
    if level == Level.A2:
        return say(
            "Run a supervised pilot of at least {weeks} weeks and {cases} cases (so far {had_weeks} and {had_cases}).",
            weeks=PILOT_WEEKS,
            cases=PILOT_CASES,
            had_weeks=tests.pilot_weeks,
            had_cases=tests.pilot_cases,
        )
    if level == Level.A3:
        missing = max(1, one.required - tests.checked.cases)
        return say_count(
            "Check {n} more case without a further error: {required} show that at most 1 case in {one_in} is wrong.",
            "Check {n} more cases without a further error: {required} show that at most 1 case in {one_in} is wrong.",
            missing,
            required=one.required,
            one_in=one_in(one.tolerance),
        )
    return say(
        "Check enough cases in each of two quarters at Act by exception to show at most 1 wrong case in {one_in}.",
        one_in=one_in(one.tolerance),
    )
