"""What is known of a workflow, by the names that templates use. What nobody has said is a gap with its page. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from app.autonomy.library import LEVELS, MEANINGS
from app.autonomy.limits import CONDITIONS, limited, tasks
from app.autonomy.testing import one_in, rules
from app.autonomy.workflow import DecidedWork
from app.documents.filling import Gap, Known
from app.documents.known import Case
from app.releases.document.release import Scored
from app.sentences import Hundredths, Listing, Passage, Sentence, say, say_count
from app.workflows.facts import DATA, EASE, FLAGS, HARM, PER
from app.workflows.queries import WorkflowFacts
from scoring.levels import Level
from scoring.value import PLANNING_SHARES

PAGE: Final = say("the page of the workflow")
LADDER: Final = say("the page “How far agents may go”")
NOT_TOLD: Final = Gap(
    say("what rests on results of a larger group, which are not this department’s own"), LADDER, "autonomy:ladder"
)
FIRST, SECOND, THIRD, FOURTH = range(4)


def about_work(case: Case) -> Mapping[str, Known]:
    """Everything of the workflow of a case."""
    assert case.work is not None  # templates for workflows are filled with one
    return {
        **dict(_inventory(case, case.work)),
        **dict(_law(case, case.work)),
        **dict(_level(case)),
        **dict(_why(case)),
        **dict(_tests(case)),
    }


def _of_form(case: Case, what: Sentence) -> Gap:
    assert case.work is not None
    return Gap(what, PAGE, "workflows:form", {"workflow_id": case.work.id})


def _or_gap(case: Case, value: object, told: object, what: Sentence) -> Known:
    if value is None or value == "" or value == ():
        return _of_form(case, what)
    assert isinstance(told, str | int)
    return told


def _inventory(case: Case, work: WorkflowFacts) -> Iterator[tuple[str, Known]]:
    facts = work.facts
    yield "work", work.name
    yield "department", case.department.name if case.department else ""
    yield "description", _or_gap(case, facts.description, facts.description, say("what is done in it"))
    yield "trigger", _or_gap(case, facts.trigger, facts.trigger, say("what begins it"))
    yield "owner", _or_gap(case, facts.owner, facts.owner, say("who answers for it"))
    systems = Listing(facts.systems) if facts.systems else ""
    yield "systems", _or_gap(case, facts.systems, systems, say("which systems it uses"))
    classes = Listing(DATA[one] for one in facts.data if one in DATA) if facts.data else ""
    yield "data", _or_gap(case, facts.data, classes, say("which data it uses"))
    often = say("{times} times {per}", times=facts.times or 0, per=PER[facts.per])
    yield "often", _or_gap(case, facts.times, often, say("how often it is done"))
    minutes = say_count("{n} minute", "{n} minutes", facts.minutes or 0)
    yield "minutes", _or_gap(case, facts.minutes, minutes, say("how many minutes it takes"))
    people = say_count("{n} person", "{n} people", facts.people or 0)
    yield "people", _or_gap(case, facts.people, people, say("how many people do it"))
    hours = say_count("{n} hour", "{n} hours", round(facts.hours or 0))
    yield "hours", _or_gap(case, facts.hours, hours, say("how many hours a month it takes"))
    harm = HARM[facts.consequence] if facts.consequence else ""
    yield "harm", _or_gap(case, facts.consequence, harm, say("how bad an error is"))
    undo = EASE[facts.undo] if facts.undo else ""
    yield "undo", _or_gap(case, facts.undo, undo, say("how easily an error is found and undone"))
    yield "money", _or_gap(case, facts.money_limit, facts.money_limit or 0, say("up to which amount it decides"))
    shown = facts.tests_shown
    yield "tests_shown", _or_gap(case, shown, shown, say("where its tests are written down"))


def _law(case: Case, work: WorkflowFacts) -> Iterator[tuple[str, Known]]:
    facts = work.facts
    persons = say("Results touch persons.") if facts.affects_persons else say("Results touch no persons.")
    yield "persons", _or_gap(case, facts.affects_persons, persons, say("whether it touches persons"))
    outside = say("Something leaves the house.") if facts.external_effect else say("Nothing leaves the house.")
    yield "outside", _or_gap(case, facts.external_effect, outside, say("whether something leaves the house"))
    raised = [FLAGS[one] for one in FLAGS if facts.law.get(one)]
    told = Passage(raised) if raised else say("None of the questions of the law was answered with yes.")
    whole = len(facts.law) == len(FLAGS)
    yield "law", told if whole else _of_form(case, say("the answers to the questions of the law"))
    bound = tuple(dict.fromkeys(CONDITIONS[one] for one in CONDITIONS if facts.law.get(one)))
    conditions = Listing(bound) if bound else say("none")
    yield "conditions", conditions if whole else _of_form(case, say("the answers to the questions of the law"))


def _level(case: Case) -> Iterator[tuple[str, Known]]:
    work = case.decided_work()
    gap = Gap(say("how far agents may go in it"), LADDER, "autonomy:ladder")
    yield "level", level(work.level) if work else gap
    yield "level_meaning", MEANINGS[work.level] if work else gap
    ceiling = case.decided(case.department.id) if case.department else None
    yield "ceiling", level(ceiling.ceiling.level) if ceiling else gap
    hours = Gap(say("the hours a month"), PAGE, "workflows:form", {"workflow_id": case.id})
    known = work is not None and work.hours is not None and work.released is not None
    yield "month_hours", say_count("{n} hour", "{n} hours", work.hours or 0) if work and known else hours
    yield "released", say_count("{n} hour", "{n} hours", work.released or 0) if work and known else hours
    yield "share", round(100 * PLANNING_SHARES.at(work.level)) if work else gap


def level(one: Level) -> Sentence:
    """A level with its name."""
    return say("{level} {name}", level=one.name, name=LEVELS[one])


def _why(case: Case) -> Iterator[tuple[str, Known]]:
    work = case.decided_work()
    gap = Gap(say("what limits it"), LADDER, "autonomy:ladder")
    if work is None:
        yield from ((name, gap) for name in ("limited", "tasks", "severity", "zone_told", "human_part"))
        return
    tells = case.tells_why()
    yield "limited", limited(work) if tells else NOT_TOLD
    yield "tasks", (Passage(tasks(work)) or say("Nothing more is needed.")) if tells else NOT_TOLD
    yield "severity", work.severity.severity if tells else NOT_TOLD
    asked = Gap(say("what those who do it want"), say("the opportunity map"), "opportunity:map")
    yield "zone_told", _wish(case, work) or asked if tells else NOT_TOLD
    part = None if work.human_part is None else Hundredths(work.human_part)
    yield "human_part", (part or asked) if tells else NOT_TOLD


def _wish(case: Case, work: DecidedWork) -> Passage | None:
    """How much those who do it want to hand it over, as the release prints it."""
    release = case.known.release
    head = None if release is None else next((one for one in release.workflows if one.id == work.code), None)
    row = None if release is None else release.row(work.row)
    cell = None if head is None or row is None else row.cells.get(head.cell("DS"))
    if work.wish is None or not isinstance(cell, Scored):
        return None
    told = say(
        "Asked how much they want to hand it over, those who do it gave {wish} of 5.", wish=Hundredths(work.wish)
    )
    return Passage((told, answers(cell.n)))


def answers(n: int | None) -> Sentence:
    """How many answers a number rests on, as far as it is told."""
    if n is None:
        return say("The number of answers is not told.")
    return say_count("{n} person answered.", "{n} people answered.", n)


def _tests(case: Case) -> Iterator[tuple[str, Known]]:
    work = case.decided_work()
    names = ("one_in", "cases_none", "cases_one", "cases_two", "cases_three", "checked", "checked_wrong")
    gap = Gap(say("how many cases have to be checked"), LADDER, "autonomy:ladder")
    if work is None:
        yield from ((name, gap) for name in names)
        return
    if not case.tells_why():
        yield from ((name, NOT_TOLD) for name in names)
        return
    needed = [one.cases for one in rules(work)]
    yield "one_in", one_in(work.tolerance)
    yield "cases_none", needed[FIRST]
    yield "cases_one", needed[SECOND]
    yield "cases_two", needed[THIRD]
    yield "cases_three", needed[FOURTH]
    yield "checked", work.tests.checked.cases
    yield "checked_wrong", work.tests.checked.errors
