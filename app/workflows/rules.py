"""What the name and the facts of a workflow may be, in sentences for what they may not. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from app.errors import InvalidError
from app.sentences import Sentence, adopted, say
from app.workflows.facts import CHECKS, DATA, FLAGS, TESTS, Facts
from surveys.wording import wrong_names, wrong_text

MOST: Final = 15
"""So many workflows of a department are asked about in a wave; one person rates fewer (`surveys.arrange.MOST_EACH`)."""
MOST_KEPT: Final = 60
"""So many workflows a department may have in its inventory."""
MAX_NAME: Final = 80
MAX_TEXT: Final = 600
MAX_SHORT: Final = 120
MOST_SYSTEMS: Final = 12
MOST_TYPED: Final = 10**12 - 1
"""More than any field takes: what lies between is refused with a sentence of its own."""
LARGEST: Final = {
    "times": 1_000_000,
    "minutes": 2_400,
    "people": 100_000,
    "money_limit": 1_000_000_000,
    "pilot_weeks": 520,
    **dict.fromkeys(("pilot_cases", *(name for pair in CHECKS for name in pair)), 10_000_000),
}


def about_name(name: str) -> str | None:
    """What is wrong with the name of a workflow; None when it will do."""
    if not name:
        return say("Give the workflow a name, for example “Check a supplier’s invoice”.")
    wrong = wrong_text(name) or wrong_names(name, ())
    if wrong is not None:
        return say("“{name}” cannot be asked about: {wrong}.", name=name[:40], wrong=adopted(wrong))
    if len(name) > MAX_NAME:
        return say(
            "“{name}…” has {length} characters. Use at most {most}.", name=name[:40], length=len(name), most=MAX_NAME
        )
    return None


def too_many(department: str, there: Iterable[tuple[str, bool]]) -> Iterator[Sentence]:
    """What staff of a department could not be asked: names of workflows that are done, and whether each is rated.

    Only a merge can bring that about; whoever names a workflow is refused.
    """
    every = [(" ".join(name.split()), rated) for name, rated in there]
    rated = [name for name, is_rated in every if is_rated]
    if len(rated) > MOST:
        yield say(
            "Staff of {department} would rate {n} workflows, and {most} are the most. Take some out.",
            department=department,
            n=len(rated),
            most=MOST,
        )
    seen = Counter(name.casefold() for name in rated)
    for name in dict.fromkeys(name for name in rated if seen[name.casefold()] > 1):
        yield say(
            "Staff of {department} would rate two workflows named “{name}”. Give one another name, or retire it.",
            department=department,
            name=name,
        )


def require_possible(name: str, facts: Facts) -> None:
    """InvalidError, with a sentence for each field that can't be so."""
    found = dict(_problems(facts))
    wrong = about_name(name)
    if wrong is not None:
        found = {"name": wrong, **found}
    if found:
        raise InvalidError(next(iter(found.values())), fields=found)


def _problems(facts: Facts) -> Iterator[tuple[str, str]]:
    yield from _about_texts(facts)
    for field, largest in LARGEST.items():
        value = getattr(facts, field)
        if value is not None and not 0 <= value <= largest:
            yield field, say("{value} can't be. Give a whole number up to {largest}.", value=value, largest=largest)
    yield from _about_tests(facts)
    for field in ("data_ready", "undo", "consequence"):
        value = getattr(facts, field)
        if value is not None and not 1 <= value <= 5:
            yield field, say("{value} is outside 1 to 5.", value=value)
    if not (set(facts.data) <= set(DATA) and set(facts.legal) <= set(FLAGS)):
        yield "data", say("Use the choices of the form for data and for the questions of the law.")


def _about_texts(facts: Facts) -> Iterator[tuple[str, str]]:
    short = dict.fromkeys(("trigger", "owner"), MAX_SHORT)
    for field, most in {"description": MAX_TEXT, "ground": MAX_TEXT, "tests_shown": MAX_TEXT, **short}.items():
        text = getattr(facts, field)
        if len(text) > most:
            yield field, say("This has {count} characters. Use at most {most}.", count=len(text), most=most)
    if len(facts.systems) > MOST_SYSTEMS or any(len(one) > MAX_SHORT for one in facts.systems):
        told = say("Name at most {most} systems, of {length} characters each.", most=MOST_SYSTEMS, length=MAX_SHORT)
        yield "systems", told


def _about_tests(facts: Facts) -> Iterator[tuple[str, str]]:
    """Tests count only where somebody can look them up, and there are no more errors than cases."""
    done = [field for field in TESTS if getattr(facts, field)]
    if done and not facts.tests_shown:
        yield (
            "tests_shown",
            say("Say where the tests are written down, as a link or a place. Else none counts."),
        )
    for cases, errors in CHECKS:
        found, of = getattr(facts, errors), getattr(facts, cases)
        if found is not None and (of is None or found > of):
            about = say(
                "{found} errors in {of} checked cases can't be. Correct one of the two.", found=found, of=of or 0
            )
            yield errors, about
        elif of and found is None:
            yield errors, say("Say how many of the {of} checked cases were wrong; 0 if none was.", of=of)
