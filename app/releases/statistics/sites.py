"""Sites: the departments of a place told together, as one more roll-up of the whole organisation (P8, P9).

A site is an attribute of departments and never an answer. Its people are told as a union of strata of the wave, so that
whatever is combined with it is a combination of strata, which the rows tell of already.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from app.releases.document.release import SITE, Margin, MarginGroup, NoChange
from app.releases.plan.coarsening import Node, count
from app.releases.statistics.estimate import PlannedColumn
from app.releases.statistics.planning import PlannedWave
from app.releases.statistics.printed import cells, lines_of
from app.releases.statistics.strata import finest_common

QUESTION: Final = "Where people work, as the list of departments says."
NOWHERE: Final = "no site named"


def by_site(wave: PlannedWave) -> tuple[Margin, ...]:
    """The organisation by site: at most one margin, in the finest groups that are unions of strata and of sites.

    Departments without a site count as a site of their own. Nothing where all people are of one; no groups where
    strata hold all sites together.
    """
    sites = _sites(wave)
    if len(set(sites.values())) < 2:
        return ()
    groups = _groups(wave.rows.leaves, sites)
    told = _told(wave, groups) if len(groups) > 1 else ()
    return (Margin(id=SITE, question=QUESTION, groups=tuple(told)),)


def _sites(wave: PlannedWave) -> dict[str, str]:
    """The site of each department that decides where its stratum belongs, in the organisation's order.

    In a stratum with people on the roster, departments without any decide nothing: whether the few who answered there
    were any must not be told.
    """
    found: dict[str, str] = {}
    for leaf in wave.rows.leaves:
        with_people = [one for one in leaf.departments if wave.recorded[one]] or leaf.departments
        found |= {one: wave.departments[one].site or "" for one in with_people}
    return {one: found[one] for one in wave.departments if one in found}


def _groups(strata: Sequence[Node], sites: Mapping[str, str]) -> tuple[Node, ...]:
    """The groups as nodes, in the order of their first sites, each with its strata below it."""
    places = {site: frozenset(one for one in sites if sites[one] == site) for site in sites.values()}
    joined = finest_common([one.departments for one in strata], places.values())
    inside = {held: [one for one in strata if one.departments <= held] for held in joined}
    order = list(places)
    named = {held: [site for site in order if places[site] <= held] for held in joined}
    first = sorted(joined, key=lambda held: order.index(named[held][0]))
    return tuple(_group(number, named[held], inside[held]) for number, held in enumerate(first, start=1))


def _group(number: int, sites: Sequence[str], strata: Sequence[Node]) -> Node:
    """Sites with their strata as a node; departments without a site come last in its name."""
    names = [*(site for site in sites if site), *(NOWHERE for site in sites if not site)]
    name = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return Node(
        id=f"{SITE}:{number}",
        kind="pool",
        name=NOWHERE.capitalize() if names == [NOWHERE] else name,
        departments=frozenset[str]().union(*(one.departments for one in strata)),
        headcount=sum(one.headcount for one in strata),
        children=tuple(strata),
    )


def _told(wave: PlannedWave, groups: Sequence[Node]) -> Iterator[MarginGroup]:
    silent = frozenset(one.id for one in groups if not count(one, wave.responses))
    changes = dict.fromkeys([one.id for one in groups], NoChange(reason="margin"))
    own = {name: _rolled_up(column, groups) for name, column in wave.survey.own.items()}
    lines = lines_of([(column, False) for column in own.values()])
    columns = {
        name: dict(cells(groups, column, of_column, changes=changes, silent=silent))
        for (name, column), of_column in zip(own.items(), lines, strict=True)
    }
    for group in groups:
        yield MarginGroup(
            name=group.name,
            n=count(group, wave.responses),
            headcount=group.headcount,
            cells={name: told[group.id] for name, told in columns.items()},
            departments=tuple(one for one in wave.departments if one in group.departments),
        )


def _rolled_up(column: PlannedColumn, groups: Sequence[Node]) -> PlannedColumn:
    """The column with the groups in place of its rows; a group of which a stratum holds a part only is left out."""
    group_of = {name: group.id for group in groups for name in group.departments}
    means = []
    for root in column.means:
        inside: dict[str, list[Node]] = {}
        parted: set[str] = set()
        for leaf in root.leaves:
            touched = {group_of[name] for name in leaf.departments if name in group_of}
            parted |= touched if len(touched) > 1 else set()
            for name in touched:
                inside.setdefault(name, []).append(leaf)
        whole = [replace(one, children=tuple(inside[one.id])) for one in groups if one.id in inside.keys() - parted]
        held = {leaf.id for one in whole for leaf in one.children}
        apart = [leaf for leaf in root.leaves if leaf.id not in held]
        means.append(replace(root, id="sites", children=(*whole, *apart)))
    return replace(column, means=tuple(means))
