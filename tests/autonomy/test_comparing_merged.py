"""Two decisions with a merge or a split between them: what became of levels and controls is said, of both sides."""

from dataclasses import replace

import pytest

from app.autonomy.comparing import differences
from app.autonomy.decision import Decision, Origin, Place
from app.db import Database
from app.releases.document.release import Release
from scoring.levels import Level
from tests.autonomy.stage import DEPARTMENT, released
from tests.autonomy.test_workflow_levels import decided, work
from tests.cast import Cast
from tests.world import World

pytestmark = pytest.mark.lived_in


@pytest.fixture
def before(database: Database, cast: Cast, lived_in: World) -> Decision:
    """A department at A3 with every control in force and one workflow at A3."""
    release: Release = released(database, cast, lived_in)
    return decided(release, work())


def after(before: Decision, origin: Origin) -> Decision:
    """The same department, named Both now, without C03 and at A1."""
    [old] = before.departments
    place = Place(
        id="new",
        name="Both",
        parent=None,
        depth=0,
        function="finance",
        origin=origin,
        sources=(DEPARTMENT,),
        members=(old.name,),
    )
    new = replace(
        old,
        id="new",
        name="Both",
        ceiling=replace(old.ceiling, level=Level.A1),
        controls=tuple(replace(one, status="missing") if one.control == "C03" else one for one in old.controls),
        works=tuple(replace(one, level=Level.A1) for one in old.works),
    )
    return replace(before, departments=(new,), facts=replace(before.facts, places=(place,)))


@pytest.mark.parametrize(
    ("origin", "began", "ended"),
    [("merge", "It took over", "It was merged into Both."), ("split", "It was part of", "It was split into Both.")],
)
def test_a_department_that_took_over_others_says_which_levels_and_controls_were_there_before(
    before: Decision, origin: Origin, began: str, ended: str
) -> None:
    name = before.departments[0].name
    new, gone = differences(before, after(before, origin), {})
    assert (new.direction, gone.direction, gone.why) == ("new", "gone", ended)
    assert new.why == (
        f"{began} {name} (Act on approval), and is granted anew. No longer in force: C03. "
        "Workflows: “Check an invoice” A3 to A1."
    )


def test_a_department_without_an_heir_was_closed_and_a_new_one_took_over_nothing(before: Decision) -> None:
    moved = after(before, "merge")
    alone = replace(moved, facts=replace(moved.facts, places=(replace(moved.facts.places[0], sources=()),)))
    new, gone = differences(before, alone, {})
    assert (new.why, gone.why) == ("", "It was closed.")
