"""What a release prints of answers or people must be explained: the auditor refuses what nobody named."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.releases.audit.membership import People
from app.releases.audit.statements import RESPONSES, Statement, Told, held_by, printed
from app.releases.document.release import Change, Release, Row, Scored


def unexplained(documents: Sequence[Release], people: People, told: Sequence[Statement]) -> Iterator[str]:
    """What is printed of answers or people that nobody named: a column, a group, or a change of the new release."""
    for number, release in enumerate(documents):
        for name in sorted(_columns(release) - people.families.keys()):
            yield f"{name}: nothing says on which answers this column rests"
        yield from _averages(release, people)
        of_release = [one for one in told if one.release == number]
        yield from _groups(release, [one for one in of_release if isinstance(one, Told) and one.answers])
        yield from _sites(release, of_release)
        yield from _gaps(release, of_release)
        yield from _drivers(release, of_release)
    yield from _changes(documents[-1], [one for one in told if one.change and one.release == len(documents) - 1])


def _averages(release: Release, people: People) -> Iterator[str]:
    """Averages over questions have to rest on what the row tells of half of them, and only its cells have any."""
    questions = {name: frozenset(one.items) for name, one in people.families.items()}
    unknown = {name: _offered(items, people) for name, items in questions.items()}
    nobody = frozenset[str]()
    for row in release.rows:
        for column, cell in row.cells.items():
            if not isinstance(cell, Scored) or not (cell.shares or cell.unknown):
                continue
            items = questions.get(column, nobody)
            offered = unknown.get(column, nobody)
            if (cell.shares and 2 * len(items & row.items.keys()) < len(items)) or (
                cell.unknown and not 0 < len(offered) <= 2 * len(offered & row.unknown.keys())
            ):
                yield f"{column}, shares: nothing says on which answers those of {row.name} rest"
        yield from _of_anchors(row, people)
    groups = ((one.name, cell) for margin in release.margins for one in margin.groups for cell in one.cells.values())
    for name, cell in groups:
        if isinstance(cell, Scored) and (cell.unknown or cell.camps or cell.gate or _only_of_rows(cell)):
            yield f"{name}: nothing says on which answers what is told beside its scores rests"


def _of_anchors(row: Row, people: People) -> Iterator[str]:
    """Anchors have camps and gating scores, which tell their spread, and the rate of their own questions."""
    for column, cell in row.anchors.items():
        if not isinstance(cell, Scored) or not (_only_of_rows(cell) or cell.unknown):
            continue
        asked = people.families[column].columns.get("anchors", ()) if column in people.families else ()
        offered = _offered(asked, people)
        if _only_of_rows(cell) or not 0 < len(offered) <= 2 * len(offered & row.unknown.keys()):
            yield f"{row.name}: nothing says on which answers what is told beside its scores rests"


def _offered(items: Iterable[str], people: People) -> frozenset[str]:
    """The questions to which "don't know" is an answer."""
    return frozenset(one for one in items if f"unknown:{one}" in people.families)


def _only_of_rows(cell: Scored) -> bool:
    return bool(cell.shares or cell.agreement)


def _columns(release: Release) -> set[str]:
    """Everything that is printed by row, as the auditor calls it."""
    found = {name for row in release.rows for name in (*row.cells, *row.anchors)}
    found |= {f"shares:{item}" for row in release.rows for item in row.items}
    found |= {f"unknown:{item}" for row in release.rows for item in row.unknown}
    cells = ((name, cell) for row in release.rows for name, cell in row.cells.items())
    return found | {f"complete:{name}" for name, cell in cells if isinstance(cell, Scored) and cell.agreement}


def _groups(release: Release, told: Sequence[Told]) -> Iterator[str]:
    """Each number of a margin's group has to be told of those who gave its answers."""
    known: Mapping[tuple[str, str], frozenset[int] | None] = {(one.row, one.family): one.answers for one in told}
    for group in (group for margin in release.margins for group in margin.groups if not group.departments):
        found = {known.get((group.name, family)) for family in [RESPONSES, *(column for column, _ in printed(group))]}
        if None in found or (group.answers and found != {frozenset(group.answers)}):
            yield f"{group.name}: nothing says who is in this group"


def _gaps(release: Release, told: Sequence[Statement]) -> Iterator[str]:
    """Each gap has to be told of those who gave the answers of its sides, with their spreads and numbers."""
    if release.gaps is None:
        return
    known = {(one.family, one.kind, one.answers) for one in told if one.answers}
    for one in release.gaps.cells:
        for answers in (release.gaps.leaders, release.gaps.staff):
            if any((one.dimension, kind, frozenset(answers)) not in known for kind in ("means", "spreads", "numbers")):
                yield f"{one.dimension}, leaders and staff: nothing says on whom this gap rests"


def _drivers(release: Release, told: Sequence[Statement]) -> Iterator[str]:
    """Weights of drivers, and the number of people behind them, have to be told of the whole organisation."""
    found = release.drivers
    if found is None or found.n is None:
        return
    everybody = frozenset(release.organisation.departments)
    known = {one.kind for one in told if one.family == f"drivers:{found.outcome}" and everybody in held_by(one)}
    if not {"tallies", "numbers"} <= known:
        yield f"{found.outcome}, what goes with it: nothing says on whom this rests"


def _sites(release: Release, told: Sequence[Statement]) -> Iterator[str]:
    """Each number of a site has to be told of the people of its departments."""
    sites = [group for margin in release.margins for group in margin.groups if group.departments]
    if not sites:
        return
    sets = {frozenset(one.departments) for one in sites}
    known = {
        (one.family, one.kind, held) for one in told if one.answers is None for held in held_by(one) if held in sets
    }
    for group in sites:
        held = frozenset(group.departments)
        if any((*one, held) not in known for one in [(RESPONSES, "responses"), *printed(group)]):
            yield f"{group.name}: nothing says which departments are in this group"


def _changes(release: Release, told: Sequence[Statement]) -> Iterator[str]:
    """Each change has to rest on a set within its row."""
    sets: dict[str, dict[str, list[frozenset[str]]]] = defaultdict(lambda: defaultdict(list))
    first: dict[frozenset[str], str] = {}
    for one in told:
        of_family = sets[one.family]
        for held in held_by(one):
            if held not in first:
                first[held] = min(held, default="")
            if held:
                of_family[first[held]].append(held)
    for row in release.rows:
        for column, cell in row.cells.items():
            compared = isinstance(cell, Scored) and isinstance(cell.change, Change)
            if compared and not _holds(row, sets[column]):
                yield f"{column}, change: nothing says on whom the change of {row.name} rests"


def _holds(row: Row, sets: Mapping[str, Sequence[frozenset[str]]]) -> bool:
    """Whether one of the sets, by its first department, lies in the row."""
    return any(one.issubset(row.departments) for name in row.departments for one in sets.get(name, ()))


def small_rows(documents: Sequence[Release]) -> Iterator[str]:
    """The rows of too few people by headcount: that nobody of them answered must not be told either."""
    for release in documents:
        for row in release.rows:
            if row.kind != "organisation" and 0 < row.headcount < release.policy.k_means:
                yield f"rows: {row.name} has {row.headcount} people of {release.policy.k_means}"
