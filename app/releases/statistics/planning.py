"""A wave with everything planned of which a release may tell: its rows, its columns on them, and the ledger of both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from app.releases.document.release import Policy
from app.releases.plan.coarsening import Department, Node, count, nodes, plan_wave, strata, tree
from app.releases.plan.ledger import Entry, Ledger, entry
from app.releases.plan.tallies import Planner, Tally, only_merges
from app.releases.statistics.agreement import Complete, centred_in, complete, grouped_in, groups_id, reliability_id
from app.releases.statistics.change import Survey, anchor_columns, ledger_id
from app.releases.statistics.columns import (
    Column,
    DepartmentAnswers,
    Sheets,
    checking_column,
    counted_up_to,
    dimension_columns,
    module_columns,
    scores,
    sheets,
)
from app.releases.statistics.driving import Driving, driving
from app.releases.statistics.estimate import Asked, PlannedColumn, Told, planned
from app.releases.statistics.ratings import asked_on, rating_columns, rating_rows
from app.releases.statistics.shares import ItemTally, item_tallies
from scoring.errors import MisfitError, NotCountsError, TreeError
from surveys.model import Form, Instrument

NOTHING = Ledger(())
RESPONSES = "responses"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousWave:
    """The wave to compare with: what it asked, its departments, its answer sheets, and what its first release told.

    Without a ledger it is planned anew, which gives the same strata as long as no headcount was corrected since.
    `roster` are the headcounts of its first release, which go on deciding who is small; by default those of
    `departments`.
    """

    label: str
    form: Form
    instrument: Instrument
    departments: tuple[Department, ...]
    answers: Mapping[str, DepartmentAnswers]
    policy: Policy
    told: Ledger = NOTHING
    roster: Mapping[str, int] | None = None


@dataclass(frozen=True)
class PlannedWave:
    """A wave with its rows (step 1), its columns (steps 2 and 3) and, by row, the module that the row is asked.

    `ratings` are the columns of staff's ratings of workflows, `rating_of` has the row of which each of them is told;
    with them stands the column that tells of every row how often people check an agent's work.
    """

    survey: Survey
    departments: Mapping[str, Department]
    recorded: Mapping[str, int]
    responses: dict[str, int]
    rows: Node
    anchors: Mapping[str, PlannedColumn | None]
    modules: Mapping[str, PlannedColumn]
    module_of: Mapping[str, str]
    told: Ledger
    ratings: Mapping[str, PlannedColumn] = field(default_factory=dict)
    rating_of: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, ItemTally] = field(default_factory=dict)
    complete: Mapping[str, Complete] = field(default_factory=dict)
    driving: Driving | None = None

    def columns(self) -> dict[str, PlannedColumn]:
        """All columns of which a release tells, by what the ledger calls them."""
        anchors = {ledger_id(name): one for name, one in self.anchors.items() if one is not None}
        return {**self.survey.own, **anchors, **{one.column.id: one for one in self.modules.values()}, **self.ratings}

    def tallies(self) -> Iterator[Tally]:
        """Everything that is told beside scores."""
        for item in self.items.values():
            yield from item.tallies
        for one in self.complete.values():
            yield one.tally
            yield one.alike
        if self.driving is not None:
            yield self.driving.tally

    @cached_property
    def ledger(self) -> Ledger:
        """What `ledger` gives: it is stored, and the auditor is handed it."""
        rows = [entry(RESPONSES, "responses", one.departments, count(one, self.responses)) for one in strata(self.rows)]
        columns = (one for name, column in self.columns().items() for one in _entries(name, column))
        tallies = (one for tally in self.tallies() for one in tally.entries())
        return Ledger((*rows, *columns, *tallies, *self._of_quality()))

    def _of_quality(self) -> Iterator[Entry]:
        """The sets on which rests what is said of a dimension's questions."""
        for name, one in self.complete.items():
            column = self.survey.own[name]
            for held in centred_in(one):
                yield entry(reliability_id(name), "tallies", held, sum(one.tally.people.get(dep, 0) for dep in held))
            for held in grouped_in(column):
                yield entry(groups_id(name), "spreads", held, column.scores.over(held).n)


@dataclass(frozen=True)
class Begun:
    """A wave whose answers are read and whose rows are planned, with the people who have a score in everything where an
    outcome is asked, before any column is planned."""

    survey: Survey
    departments: Sequence[Department]
    told: Ledger
    driving: Driving | None


def begin(
    organisation: str,
    instrument: Instrument,
    form: Form,
    departments: Sequence[Department],
    answers: Mapping[str, DepartmentAnswers],
    policy: Policy,
    *,
    told: Ledger = NOTHING,
    roster: Mapping[str, int] | None = None,
) -> Begun:
    """Read the answers of a wave and plan its rows. ValueError where answers, departments or policy do not fit.

    `roster` are the headcounts that decide who is small, those of `departments` by default: those of the first release,
    so that nobody learns from what a corrected headcount merges.
    """
    _check(instrument, policy, departments, answers)
    columns, modules = dimension_columns(instrument, form), module_columns(instrument, form)
    every = [*columns, *modules.values(), *rating_columns(instrument).values(), *_checking(instrument).values()]
    items = [*(item for one in every for item in one.items), *instrument.context]
    found = sheets(answers, items, up_to=counted_up_to(instrument))
    survey = _survey(organisation, instrument, form, departments, found, policy, told=told, roster=roster)
    planner = Planner(policy.k_intervals, told, found.responses())
    return Begun(survey, departments, told, driving(found, columns, instrument, planner, survey.rows))


def planned_wave(begun: Begun) -> PlannedWave:
    """Plan every column of a wave on its rows. OutsideScaleError for an answer beyond its scale.

    What is told beside scores comes with `with_tallies`.
    """
    survey = _with_columns(begun.survey)
    instrument, form, rows, responses = survey.instrument, survey.form, survey.rows, survey.sheets.responses()
    modules = module_columns(instrument, form)
    by_id = {one.id: _with_headcount(one, responses.get(one.id, 0)) for one in begun.departments}
    module_of = {one.id: key for one in nodes(rows) if (key := _module_key(one, by_id, instrument)) in modules}
    on = [(one, _asked(rows, key, module_of, survey.told(one.id), responses)) for key, one in modules.items()]
    rated, held = rating_columns(instrument), rating_rows(instrument, rows)
    of_ratings = [(one, asked_on(held.get(key), survey.told(key), responses)) for key, one in rated.items()]
    checking = _checking(instrument)
    of_ratings += [(one, [rows]) for one in checking.values()]
    return PlannedWave(
        survey=survey,
        departments=by_id,
        recorded=_recorded(begun.departments),
        responses=responses,
        rows=rows,
        # In the pulse a dimension is its anchors, so that there is nothing to print twice.
        anchors=anchor_columns(survey) if form == "full" else {},
        modules=dict(zip(modules, _planned(survey, on), strict=True)),
        module_of=module_of,
        ratings=dict(zip((*rated, *checking), _planned(survey, of_ratings), strict=True)),
        rating_of={key: row.id for key, row in held.items()},
        told=begun.told,
        driving=begun.driving,
    )


def _checking(instrument: Instrument) -> dict[str, Column]:
    """The column that tells how often people check, by its id; none where it is not asked."""
    found = checking_column(instrument)
    return {} if found is None else {found.id: found}


def survey_before(organisation: str, previous: PreviousWave) -> Survey:
    """The wave before as far as it is compared: its rows and its heatmap. ValueError as in `begin`."""
    _check(previous.instrument, previous.policy, previous.departments, previous.answers)
    columns = dimension_columns(previous.instrument, previous.form)
    found = sheets(previous.answers, [item for one in columns for item in one.items])
    survey = _survey(
        organisation,
        previous.instrument,
        previous.form,
        previous.departments,
        found,
        previous.policy,
        told=previous.told,
        roster=previous.roster,
    )
    return _with_columns(survey)


def _survey(
    organisation: str,
    instrument: Instrument,
    form: Form,
    departments: Sequence[Department],
    found: Sheets,
    policy: Policy,
    *,
    told: Ledger,
    roster: Mapping[str, int] | None,
) -> Survey:
    responses, recorded = found.responses(), _recorded(departments)
    whole = tree(
        organisation, [_with_headcount(department, responses.get(department.id, 0)) for department in departments]
    )
    before = told.told(RESPONSES, "responses")
    sets = plan_wave(whole, responses, k=policy.k_means, recorded=roster or recorded, told=before)
    rows, k = _with_people(sets, recorded, responses), (policy.k_means, policy.k_intervals)
    return Survey(instrument, form, found, whole, {}, k, rows, partial(_told_of, told))


def _with_columns(survey: Survey) -> Survey:
    """A wave with its heatmap."""
    columns = dimension_columns(survey.instrument, survey.form)
    own = _planned(survey, [(one, [survey.rows]) for one in columns])
    return replace(survey, own={one.column.id: one for one in own})


def _planned(survey: Survey, columns: Sequence[tuple[Column, Sequence[Node]]]) -> list[PlannedColumn]:
    """Columns, each planned on the strata of its trees."""
    survey.sheets.count([one for one, _ in columns])
    asked = [Asked(one, scores(survey.sheets, one), on, told=survey.told(one.id)) for one, on in columns]
    return planned(asked, k=survey.k, together=survey.together)


def _recorded(departments: Sequence[Department]) -> dict[str, int]:
    """The headcounts of the roster."""
    return {department.id: department.headcount for department in departments}


def with_tallies(wave: PlannedWave) -> PlannedWave:
    """The wave with everything else that is told beside scores: of items on the rows, of complete answers on the
    column."""
    sheets, planner = wave.survey.sheets, Planner(wave.survey.k[1], wave.told, wave.responses)
    own = wave.survey.own
    items = item_tallies(sheets, [one.column for one in own.values()], [wave.rows], planner)
    for key, one in wave.modules.items():
        items |= item_tallies(sheets, [one.column], list(_topmost(wave.rows, key, wave.module_of)), planner)
    return replace(
        wave,
        items={one.item.id: one for of_column in items.values() for one in of_column},
        complete=complete(sheets, list(own.values()), planner),
    )


def _check(
    instrument: Instrument,
    policy: Policy,
    departments: Sequence[Department],
    answers: Mapping[str, DepartmentAnswers],
) -> None:
    if policy.k_means > policy.k_intervals:
        raise ValueError(
            f"the policy shows intervals from {policy.k_intervals} people but means only from {policy.k_means}"
        )
    for department in departments:
        if not (department.headcount >= 0 and department.headcount % 1 == 0):
            raise NotCountsError(f"department {department.id}: {department.headcount} is not the number of its people")
    if unknown := sorted(answers.keys() - {department.id for department in departments}):
        raise TreeError(f"there are answers of department {unknown[0]}, which the wave does not have")
    _require_known_items(instrument, answers)


def _require_known_items(instrument: Instrument, answers: Mapping[str, DepartmentAnswers]) -> None:
    """MisfitError where sheets have a column for an item that the questionnaire does not have."""
    for item_ids in dict.fromkeys(one.item_ids for one in answers.values()):
        for item_id in item_ids:
            try:
                instrument.item(item_id)
            except KeyError as error:
                raise MisfitError(
                    f"there are answers to {item_id}, which {instrument.key} {instrument.version} does not ask"
                ) from error


def _told_of(told: Ledger, column_id: str) -> Told:
    return told.told(column_id, "means"), told.told(column_id, "spreads")


def _with_headcount(department: Department, responses: int) -> Department:
    return replace(department, headcount=max(department.headcount, responses))


def _with_people(row: Node, recorded: Mapping[str, int], responses: Mapping[str, int]) -> Node:
    """The rows with the headcounts by which they weigh: those of the roster, or as many as answered where that is more.

    Taken for a finest row as a whole: with the larger number of each department, the weight of a pool would tell how
    many of a small member answered.
    """
    if not row.children:
        return replace(row, headcount=max(sum(recorded[one] for one in row.departments), count(row, responses)))
    children = tuple(_with_people(child, recorded, responses) for child in row.children)
    return replace(row, children=children, headcount=sum(child.headcount for child in children))


def function_of(node: Node, departments: Mapping[str, Department]) -> str | None:
    """What a row's people do: a department's function, a pool's where all its departments share one."""
    if node.kind == "unit":
        return departments[node.id].function
    shared = {departments[one].function for one in node.departments}
    return shared.pop() if node.kind == "pool" and len(shared) == 1 else None


def _module_key(node: Node, departments: Mapping[str, Department], instrument: Instrument) -> str | None:
    function = function_of(node, departments)
    return None if function is None else instrument.functions.get(function)


def _topmost(node: Node, key: str, module_of: Mapping[str, str]) -> Iterator[Node]:
    """The topmost rows that are asked this module. A module is told of these and what is below, never further up."""
    if module_of.get(node.id) == key:
        yield node
        return
    for child in node.children:
        yield from _topmost(child, key, module_of)


def _asked(rows: Node, key: str, module_of: Mapping[str, str], told: Told, responses: Mapping[str, int]) -> list[Node]:
    """The topmost rows of which a module is told."""
    roots = _topmost(rows, key, module_of)
    return [root for root in roots if all(only_merges(root, sets, responses) for sets in told)]


def ledger(wave: PlannedWave) -> Ledger:
    """Everything that the release of this wave tells of: the strata of its rows and of each column."""
    return wave.ledger


def valid_answers(wave: PlannedWave) -> dict[str, Mapping[str, int]]:
    """The numbers of valid answers by what the ledger calls the column, and by department."""
    scored = {name: one.scores.valid() for name, one in wave.columns().items()}
    tallies = {one.id: one.people for one in wave.tallies()}
    centred = {reliability_id(name): one.tally.people for name, one in wave.complete.items()}
    groups = {groups_id(name): scored[name] for name in wave.complete}
    return {RESPONSES: wave.responses, **scored, **tallies, **centred, **groups}


def _entries(name: str, column: PlannedColumn) -> Iterator[Entry]:
    valid = column.scores.valid()
    for root in column.means:
        counted = root.layout.below(root.layout.counted(valid)).tolist()
        yield from [
            entry(name, "means", leaf.departments, n)
            for leaf, n in zip(root.every, counted, strict=True)
            if not leaf.children
        ]
    for held in column.spread_sets:
        yield entry(name, "spreads", held, sum([valid.get(one, 0) for one in held]))
