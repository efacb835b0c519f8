"""What is known of a client or of one of its departments, as values and as rows of tables. Pure."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from app.actions.facts import ENDED, STATUS_WORDS
from app.autonomy.decision import Decided
from app.autonomy.library import CONTROLS
from app.autonomy.spoken import needed
from app.clients.functions import FUNCTIONS
from app.clients.queries import DepartmentNode
from app.documents.about_work import answers, level
from app.documents.filling import Gap, Known, Row
from app.documents.known import Case
from app.guardrails.facts import kinds_of
from app.guardrails.places import PLACES
from app.playbooks.action import DIMENSIONS, NAMES
from app.playbooks.catalogue import catalogue
from app.playbooks.guardrail import FLAGS, applying
from app.playbooks.guardrail import Case as Applying
from app.releases.document.release import Row as Printed
from app.releases.document.release import Scored
from app.sentences import Listing, Passage, Sentence, say, say_count
from app.workflows.facts import DATA
from app.workflows.queries import WorkflowFacts
from scoring.controls import Status
from scoring.levels import Level

STATES: Final[Mapping[Status, Sentence]] = {
    "missing": say("not attested"),
    "incomplete": say("incomplete"),
    "not_yet": say("not yet"),
    "lapsed": say("ended"),
    "in_force": say("in force"),
}
INCIDENTS: Final = ("C07", "C08", "C12")
"""The controls that an incident needs: undoing, a route, the stop switch."""
LOWEST: Final = 2
"""So many of the lowest scores are named."""


def about_client(case: Case) -> Mapping[str, Known]:
    """What every document may say of its client."""
    return dict(_values(case))


def _values(case: Case) -> Iterator[tuple[str, Known]]:
    known, place = case.known, {"organisation_id": case.known.organisation.id}
    yield "client", known.organisation.name
    yield "subject", case.name
    yield "today", known.today
    yield "countries", Listing(PLACES[one] for one in case.countries())
    sponsors = Listing(known.sponsors) if known.sponsors else None
    access = say("the page “People with access”")
    yield "sponsor", sponsors or Gap(say("who sponsors it at the client"), access, "members:access", place)
    result = Gap(say("a result"), say("the page of the client"), "waves:organisation", place)
    basis = known.basis
    yield "wave", basis.wave.label if basis else result
    yield "closed", basis.wave.closed_at.date() if basis and basis.wave.closed_at else result
    record = Gap(say("an issued decision record"), say("the page “How far agents may go”"), "autonomy:ladder", place)
    yield "record", say("decision record {number}", number=known.number) if known.number else record
    nobody = Gap(say("when people are asked next"), say("the page of the client"), "waves:organisation", place)
    coming = known.next_wave
    yield "next_wave", coming.label if coming else nobody
    yield "next_day", coming.planned_close if coming and coming.planned_close else nobody
    if case.department is None:
        other = say("the same document of a department")
        yield "unit_lead", Gap(say("who leads the department, for this is about all of them"), other, "documents:list")
        yield "lowest", Gap(say("the lowest scores, for this is about all departments"), other, "documents:list")
        return
    yield "unit_lead", lead(case, case.department)
    row = case.row(case.department.id)
    yield "lowest", (lowest(row) or None if row else None) or not_released(case)


def lead(case: Case, department: DepartmentNode) -> Known:
    """Who leads a department, by their account."""
    name = case.known.leads.get(department.id)
    access = say("the page “People with access”")
    return name or Gap(say("who leads {name}", name=department.name), access, "members:access")


def not_released(case: Case) -> Gap:
    """That a release tells nothing of a department."""
    return Gap(say("a score that is released"), say("the page of the client"), "waves:organisation")


def lowest(row: Printed) -> Passage | None:
    """The lowest scores of a row as they are printed, with the number of answers; None where none is printed."""
    cells = [(one, cell) for one in DIMENSIONS if isinstance(cell := row.cells.get(one), Scored)]
    cells.sort(key=lambda found: found[1].score)
    told = [_score(one, cell) for one, cell in cells[:LOWEST]]
    return Passage((Passage(told, ", "), answers(row.n)), ". ") if told else None


def _score(dimension: str, cell: Scored) -> Sentence:
    score = f"{'≤ ' if cell.bound == '<=' else '≥ ' if cell.bound == '>=' else ''}{cell.score}"
    return say("{code} {name} {score}", code=dimension, name=NAMES[dimension], score=score)


def scores(row: Printed | None, wanted: Sequence[str]) -> Passage | None:
    """Some scores of a row, with the number of answers; None where none of them is printed."""
    cells = [(one, cell) for one in wanted if row is not None and isinstance(cell := row.cells.get(one), Scored)]
    if not cells or row is None:
        return None
    return Passage((Passage((_score(one, cell) for one, cell in cells), ", "), answers(row.n)), ". ")


def rows_of(case: Case) -> Mapping[str, Sequence[Row]]:
    """Rows for tables about a client: its departments, workflows, plan, controls and decisions."""
    controls = tuple(_controls(case))
    return {
        "departments": tuple(_department(case, one) for one in case.departments),
        "owners": tuple(_owners(case)),
        "plan": tuple(_plan(case)),
        "levels": tuple(_levels(case)),
        "work_levels": tuple(_work_levels(case)),
        "controls": controls,
        "incident_controls": tuple(one for one in controls if one.id in INCIDENTS),
        "guardrails": tuple(_guardrails(case)),
        "trained": tuple(_trained(case)),
    }


def _department(case: Case, one: DepartmentNode) -> Row:
    row, decided = case.row(one.id), case.decided(one.id)
    ladder = Gap(say("how far agents may go"), say("the page “How far agents may go”"), "autonomy:ladder")
    silent = not_released(case)
    asked = [each.facts.title for each in case.known.plan if case.known.places.now(each.facts.department_id) == one.id
             and each.facts.status not in ENDED]  # fmt: skip
    return Row(
        str(one.id),
        {
            "unit": one.name,
            "function": FUNCTIONS[one.function],
            "unit_lead": lead(case, one),
            "headcount": say_count("{n} person", "{n} people", one.total_headcount),
            "unit_level": level(decided.ceiling.level) if decided else ladder,
            "unit_lowest": (lowest(row) if row else None) or silent,
            "stance_scores": scores(row, ("T5", "R5", "R6")) or silent,
            "skills": scores(row, ("R1",)) or silent,
            "planned": Listing(asked[:3]) if asked else say("nothing yet"),
        },
    )


def _owners(case: Case) -> Iterator[Row]:
    """Who answers for workflows, each with theirs. A line belongs to a name, however many come before it."""
    inside = {one.id for one in case.departments}
    found: dict[str, list[WorkflowFacts]] = {}
    for one in case.known.works:
        if one.facts.owner and one.department_id in inside:
            found.setdefault(_of_name(one.facts.owner), []).append(one)
    for id, works in sorted(found.items(), key=lambda each: each[1][0].facts.owner.casefold()):
        yield Row(id, {"owner": works[0].facts.owner, "owned": Listing(one.name for one in works[:4])})


def _of_name(name: str) -> str:
    """The id of a line about somebody of whom no more is known than a name."""
    return f"owner{hashlib.sha256(' '.join(name.split()).casefold().encode()).hexdigest()[:12]}"


def _plan(case: Case) -> Iterator[Row]:
    inside = {one.id for one in case.departments}
    for one in case.known.plan:
        department = case.known.places.now(one.facts.department_id)
        if department in inside and one.facts.status != "dropped":
            yield Row(
                str(one.id),
                {
                    "action": one.title,
                    "unit": case.known.places.name(one.facts.department_id),
                    "who": one.facts.owner or Gap(say("who does it"), say("the action plan"), "actions:plan"),
                    "due": one.facts.due,
                    "standing": STATUS_WORDS[one.facts.status],
                },
            )


def _levels(case: Case) -> Iterator[Row]:
    """What was decided of each department: the level, what it lacks, and on which record."""
    known = case.known
    for one in case.departments:
        decided = case.decided(one.id)
        if decided is None:
            continue
        tells = case.rests_on_shown(decided.row)
        found = decided.ceiling
        lacks = needed(found.blocking, NAMES) if tells and found.blocking else say("nothing")
        yield Row(
            str(one.id),
            {
                "unit": one.name,
                "granted": level(found.level),
                "lacks": lacks if tells else say("rests on results of a larger group"),
                "on_record": _record(case),
                "issuer": _issuer(case),
                "expires": _ends(case, decided),
                "as_of": known.decision.facts.as_of if known.number and known.decision else _record(case),
            },
        )


def _record(case: Case) -> Known:
    if case.known.number:
        return say("decision record {number}", number=case.known.number)
    return say("not issued yet")


def _issuer(case: Case) -> Known:
    nobody = Gap(say("who issues the record"), say("the page “How far agents may go”"), "autonomy:ladder")
    return case.known.issuer or nobody


def _ends(case: Case, decided: Decided) -> Known:
    """The first day on which a control ends that the level of a department rests on."""
    assert case.known.decision is not None  # what was decided is part of it
    rungs = case.known.decision.policy.rungs
    needed = {control for rung in rungs if rung.level <= decided.ceiling.level for control in rung.controls}
    days = [one.until for one in decided.controls if one.control in needed and one.until and one.status == "in_force"]
    return min(days, default=None) or say("no control ends")


def _work_levels(case: Case) -> Iterator[Row]:
    names = {one.id: one for one in case.departments}
    for work in case.known.works:
        decided = case.decided(work.department_id) if work.department_id in names else None
        found = next((one for one in decided.works if one.id == str(work.id)), None) if decided else None
        if decided is None or found is None:
            continue
        page = Gap(say("who answers for it"), say("the page of the workflow"), "workflows:form",
                   {"workflow_id": work.id})  # fmt: skip
        yield Row(
            str(work.id),
            {
                "unit": names[work.department_id].name,
                "work_name": work.name,
                "granted": level(found.level),
                "who": work.facts.owner or page,
                "on_record": _record(case),
                "issuer": _issuer(case),
                "expires": _ends(case, decided),
                "classes": Listing(DATA[one] for one in work.facts.data if one in DATA),
            },
        )


def _controls(case: Case) -> Iterator[Row]:
    """The controls of the client or of a department, with who answers for them and until when they count."""
    places = (case.department,) if case.department is not None else case.departments[:1]
    decided = next((found for one in places if (found := case.decided(one.id))), None)
    attested = {str(one.id): one for one in case.known.attested}
    for fact in decided.controls if decided else ():
        control, source = CONTROLS.get(fact.control), attested.get(fact.attestation)
        yield Row(
            fact.control,
            {
                "control": say("{code} {name}", code=fact.control, name=control.title if control else fact.control),
                "state": STATES[fact.status],
                "until": fact.until if fact.until else "–",
                "who": source.owner if source else "–",
                "shown_by": control.shown_by if control else "",
            },
        )


def _trained(case: Case) -> Iterator[Row]:
    """The control of training, department by department."""
    for one in case.departments:
        decided = case.decided(one.id)
        fact = next((each for each in decided.controls if each.control == "C03"), None) if decided else None
        if fact is not None:
            yield Row(str(one.id), {"unit": one.name, "state": STATES[fact.status], "until": fact.until or "–"})


def _guardrails(case: Case) -> Iterator[Row]:
    """The guardrails that apply to the work at its level, and those that apply if it is of a kind not yet told."""
    for one in applying(catalogue(), _asked(case)):
        if one.standing in ("now", "where"):
            rule = one.guardrail
            kinds = Listing(FLAGS[name] for name in one.flags)
            perhaps = say("only if so, which nobody has said yet: {kinds}", kinds=kinds)
            yield Row(
                rule.id,
                {
                    "rule": say("{code} {name}", code=rule.id, name=rule.title),
                    "applies": say("applies") if one.standing == "now" else perhaps,
                    "start": rule.start.name,
                    "shown": rule.shown,
                },
            )


def _asked(case: Case) -> Applying:
    """What guardrails ask: of a workflow what was answered of it, else of all workflows of the departments."""
    inside = {one.id for one in case.departments}
    works = (case.work,) if case.work else tuple(one for one in case.known.works if one.department_id in inside)
    flags, unanswered = kinds_of([one.facts for one in works])
    places = (case.department,) if case.work and case.department else case.departments
    work = case.decided_work()
    return Applying(
        functions=frozenset(one.function for one in places),
        countries=frozenset(case.countries()),
        level=work.level if work else Level.A1,
        flags=flags,
        unanswered=unanswered,
    )
