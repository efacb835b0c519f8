"""Which comments are told of whom: planned like a column of the release, with k counted in people and in comments (P6).

The plan rests on how many people answered and how many wrote, never on what they wrote or what was decided on it: so it
is the same for every supplement of a release, and nothing can be learned from two of them. Each question is a column of
its own, because nobody writes to it twice: ten comments are ten people.
"""

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.releases.document import words
from app.releases.document.release import Release, Row
from app.releases.plan.coarsening import Node, count, nodes, plan_column, strata
from app.releases.supplement import Level, QuestionComments, ThemeCount
from surveys.comments import CommentQuestion

K_THEMES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A comment to one question with what was decided on it. `text` are the words that may be shown, None for none;
    `theme` is what it may be counted under, empty for nothing."""

    department: str
    text: str | None
    theme: str


def compose(
    release: Release,
    asked: CommentQuestion,
    comments: Sequence[Decided],
    *,
    k: int,
    earlier: QuestionComments | None = None,
) -> QuestionComments:
    """What a supplement tells of one question.

    `earlier` is what the supplement before told of it. Its sets of people may only be merged, a set that showed no
    comments goes on showing none, and its themes stay as they were told: what one supplement has more or less than the
    other would tell whose it is.
    """
    if earlier is not None:
        comments = _without_hidden(comments, earlier)
    told = tuple(frozenset(one.departments) for one in earlier.levels) if earlier else ()
    tree, people = _tree(release), _people(release)
    planned = _plan(tree, people, comments, k=k, told=told)
    themes = _themes(release, planned or _alone(tree), comments) if earlier is None else _kept(release, earlier)
    return QuestionComments(
        question=asked.id,
        text=asked.text,
        levels=tuple(_levels(release, planned, people, comments, k=k)) if planned else (),
        themes=tuple(themes),
    )


def _without_hidden(comments: Sequence[Decided], earlier: QuestionComments) -> tuple[Decided, ...]:
    """The comments, those without their words that stood in no list of the supplement before."""
    shown = {department for level in earlier.levels if level.comments for department in level.departments}
    return tuple(one if one.department in shown else replace(one, text=None) for one in comments)


def _plan(
    tree: Node, people: Mapping[str, int], comments: Sequence[Decided], *, k: int, told: Sequence[frozenset[str]]
) -> Node | None:
    """Two nested plans: sets with k people who answered, and on those sets with k comments; None for fewer in all."""
    enough_people = plan_column(tree, people, k=k)
    if enough_people is None:
        return None
    return plan_column(enough_people, Counter(one.department for one in comments), k=k, told=told)


def _tree(release: Release) -> Node:
    """The rows of the release as the planner takes them."""
    below: dict[str | None, list[Row]] = {}
    for row in release.rows:
        below.setdefault(row.parent, []).append(row)

    def node(row: Row) -> Node:
        return Node(
            id=row.id,
            kind=row.kind,
            name=row.name,
            departments=frozenset(row.departments),
            headcount=row.headcount,
            members=row.members,
            children=tuple(node(child) for child in below.get(row.id, ())),
        )

    return node(release.organisation)


def _alone(tree: Node) -> Node:
    """The whole organisation as one set: what is told where a plan finds too few for any other."""
    return Node(
        id=tree.id, kind=tree.kind, name=tree.name, departments=tree.departments, headcount=tree.headcount, children=()
    )


def _finest(release: Release) -> tuple[Row, ...]:
    above = {row.parent for row in release.rows}
    return tuple(row for row in release.rows if row.id not in above)


def _people(release: Release) -> dict[str, int]:
    """Who answered, as the release prints it: the number of a finest row counted under its first department.

    A finest row is never divided, so under which of its departments its people are counted makes no difference.
    """
    return {row.departments[0]: row.n for row in _finest(release) if row.n is not None and row.departments}


def _levels(
    release: Release, planned: Node, people: Mapping[str, int], comments: Sequence[Decided], *, k: int
) -> Iterator[Level]:
    for stratum in strata(planned):
        written = [one for one in comments if one.department in stratum.departments]
        respondents = count(stratum, people)
        if len(written) < k or respondents < k:
            continue
        shown = [one.text for one in written if one.text]
        secrets.SystemRandom().shuffle(shown)
        inside = tuple(row for row in _finest(release) if stratum.departments.issuperset(row.departments))
        yield Level(
            row=_page(release, stratum),
            rows=tuple(row.id for row in inside),
            name=_name(release, stratum, inside),
            departments=tuple(one for one in release.organisation.departments if one in stratum.departments),
            respondents=respondents,
            comments=tuple(shown) if len(shown) >= k else (),
        )


def _page(release: Release, stratum: Node) -> str:
    """The smallest row of the release that holds the whole set."""
    holding = [row for row in release.rows if stratum.departments.issubset(row.departments)]
    return min(holding, key=lambda row: len(row.departments)).id


def _name(release: Release, stratum: Node, inside: Sequence[Row]) -> str:
    """The name of the row that the set is, or those of its parts."""
    for row in release.rows:
        if stratum.departments == frozenset(row.departments):
            return words.row_name(row)
    return words.listed([words.row_name(row) for row in inside])


def _themes(release: Release, planned: Node, comments: Sequence[Decided]) -> Iterator[ThemeCount]:
    """Counts of 5 and more. Each theme is planned on the sets of the comments, so that what is left between any two of
    its counts is nothing, or 5 and more as well."""
    rows = {row.id for row in release.rows}
    for theme, _ in Counter(one.theme for one in comments if one.theme).most_common():
        about = Counter(one.department for one in comments if one.theme == theme)
        tree = plan_column(planned, about, k=K_THEMES)
        for node in nodes(tree) if tree else ():
            if node.id in rows and count(node, about) >= K_THEMES:
                yield ThemeCount(row=node.id, theme=theme, comments=count(node, about))


def _kept(release: Release, earlier: QuestionComments) -> Iterator[ThemeCount]:
    """The themes as they were told, on the rows that are still there."""
    rows = {row.id for row in release.rows}
    yield from (one for one in earlier.themes if one.row in rows)
