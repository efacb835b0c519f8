"""The audit of a supplement: takes what it prints and who wrote where, and shares no code with what planned it (P6).

The sets of a supplement are unions of whole rows of its release, and each comment stands in one list only, so that no
list of one place can be subtracted from another's. Of themes, numbers are printed for sets that lie in each other:
what is left when the inner ones are taken from the outer one must be no comment, or enough of them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from app.releases.document.release import Release
from app.releases.supplement import Level, QuestionComments, Supplement, SupplementCertificate, ThemeCount
from app.sentences import say

STATEMENT: Final = say(
    "Each comment stands in one place only, in a random order, among at least {k} of a group of which at least {k} "
    "people answered. Themes are counted from {k_themes} comments on; what is left between two counts is none, or "
    "{k_themes} and more, out of at least {k} comments."
)

Written = Mapping[str, Mapping[str, int]]
"""How many comments were written, by question and department."""


def audit(
    supplement: Supplement, release: Release, written: Written, *, earlier: Supplement | None = None
) -> tuple[str, ...]:
    """What must not be printed, a sentence each; nothing when the supplement may be stored.

    `written` counts all comments of the wave, whatever was decided on them. `earlier` is the supplement before this.
    """
    before = {one.question: one for one in earlier.questions} if earlier else {}
    return tuple(
        f"{one.question}: {fault}"
        for one in supplement.questions
        for fault in _faults(supplement, one, release, written.get(one.question, {}), before.get(one.question))
    )


def certified(supplement: Supplement) -> Supplement:
    """The supplement with the certificate that an audit without findings earns it."""
    shown = [one for question in supplement.questions for one in question.levels if one.comments]
    certificate = SupplementCertificate(
        statement=STATEMENT.filled({"k": supplement.k, "k_themes": supplement.k_themes}),
        shown=sum(len(one.comments) for one in shown),
        smallest_comments=min((len(one.comments) for one in shown), default=None),
        smallest_respondents=min((one.respondents for one in shown), default=None),
    )
    return replace(supplement, certificate=certificate)


def _faults(
    supplement: Supplement,
    told: QuestionComments,
    release: Release,
    written: Mapping[str, int],
    before: QuestionComments | None,
) -> Iterator[str]:
    times = Counter(department for level in told.levels for department in level.departments)
    if twice := [department for department, n in times.items() if n > 1]:
        yield f"comments of {len(twice)} departments stand in more than one place"
    for level in told.levels:
        yield from _level_faults(supplement.k, level, release, written)
    for theme in {one.theme for one in told.themes}:
        counts = [one for one in told.themes if one.theme == theme]
        yield from _theme_faults(supplement, theme, counts, release, written)
    if before is not None:
        yield from _later_faults(told, before)


def _level_faults(k: int, level: Level, release: Release, written: Mapping[str, int]) -> Iterator[str]:
    people = set(level.departments)
    comments = sum(written.get(one, 0) for one in people)
    above = {row.parent for row in release.rows}
    finest = [row for row in release.rows if row.id not in above and people & set(row.departments)]
    if any(not people.issuperset(row.departments) for row in finest):
        yield f"{level.name} divides a row of the release"
    if sum(row.n or 0 for row in finest) != level.respondents or level.respondents < k:
        yield f"{level.name}: fewer than {k} people answered, or their number is wrong"
    if comments < k or len(level.comments) > comments or 0 < len(level.comments) < k:
        yield f"{level.name}: fewer than {k} comments, or more than were written"
    page = next((row for row in release.rows if row.id == level.row), None)
    if page is None or not people.issubset(page.departments):
        yield f"{level.name} stands on a page of other people"


def _theme_faults(
    supplement: Supplement, theme: str, counts: list[ThemeCount], release: Release, written: Mapping[str, int]
) -> Iterator[str]:
    sets = {row.id: frozenset(row.departments) for row in release.rows}
    # An organisation with one department has two rows of the same people: what is told twice must be the same.
    told = {(sets.get(one.row), one.comments) for one in counts}
    shown = {people: comments for people, comments in told if people is not None}
    if len(shown) != len(told):
        yield f"{theme}: a set of people is told twice, or is no row of the release"
        return
    for people, comments in shown.items():
        inner = [one for one in shown if one < people and not any(one < other < people for other in shown)]
        rest = people.difference(*inner)
        left = comments - sum(shown[one] for one in inner)
        behind = sum(written.get(one, 0) for one in rest)
        alone = len(shown) == 1 and people == sets[release.organisation.id]
        if comments < supplement.k_themes or left < 0 or 0 < left < supplement.k_themes or left > behind:
            yield f"{theme}: a count of fewer than {supplement.k_themes}, or one is left between two counts"
        if 0 < behind < supplement.k and not alone:
            yield f"{theme}: two counts tell of fewer than {supplement.k} comments"


def _later_faults(told: QuestionComments, before: QuestionComments) -> Iterator[str]:
    """A later supplement takes words away and adds none: else the difference of the two would tell whose they are."""
    for level in told.levels:
        people = set(level.departments)
        inside = [one for one in before.levels if people & set(one.departments)]
        if any(not people.issuperset(one.departments) for one in inside):
            yield f"{level.name} divides a group of the supplement before"
        if len(level.comments) > sum(len(one.comments) for one in inside):
            yield f"{level.name} has more comments than in the supplement before"
    if not set(told.themes) <= set(before.themes):
        yield "themes are counted otherwise than in the supplement before"
