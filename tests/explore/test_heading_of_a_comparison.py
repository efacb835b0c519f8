"""The heading of two waves compared tells what is sure and concerns many, not what moved furthest in a small group."""

from dataclasses import replace

from app.explore.contrast import contrast
from app.explore.headline import clearest
from app.explore.looking import ALL, looking
from app.releases.document.release import Change, Confirmation, Direction, Scored
from tests.explore.samples import PLAIN, SEEMS_DOWN, SMALL, UNCLEAR, release, row


def moved(delta: int, n: int | None, confirmation: Confirmation = "confirmed", p: int = 2) -> Scored:
    direction: Direction = "up" if delta > 0 else "down"
    change = Change(before=50, now=50 + delta, delta=delta, p=p, direction=direction, confirmation=confirmation)
    return replace(PLAIN, score=50 + delta, n=n, change=change)


def test_many_people_who_moved_a_little_come_before_few_who_moved_far():
    found = clearest(release(row("Ethics", n=7, T1=moved(25, 7)), row("Operations", n=40, T1=moved(-8, 40))))
    assert found.startswith("Competence fell by 8 points in Operations")
    assert "40 answers" in found


def test_what_is_sure_comes_before_what_only_seems_so_however_many_it_concerns():
    found = clearest(release(row("Legal", n=8, T1=moved(9, 8)), row("Sales", n=90, R1=moved(20, 90, "seems", p=9))))
    assert found.startswith("Competence rose by 9 points in Legal")


def test_of_a_group_whose_number_is_not_told_nothing_is_the_heading_while_there_is_another():
    hushed = replace(SMALL, change=replace(SEEMS_DOWN, delta=-30, before=75))
    found = clearest(release(row("Ethics", n=None, T1=hushed), row("HR", n=10, R1=moved(-5, 10, "seems", p=10))))
    assert "in HR" in found


def test_willingness_is_told_where_nothing_else_changed_and_without_a_clear_change_nothing_is():
    assert clearest(release(row("HR", W=moved(7, 14)))).startswith("Willingness rose by 7 points in HR")
    assert clearest(release(row("HR", T1=replace(PLAIN, change=UNCLEAR)))) == ""


def test_the_page_says_of_how_many_differences_the_heading_tells_one():
    drawn = release(row("Legal", T1=moved(9, 14), R1=moved(-6, 14)), row("HR", T1=replace(PLAIN, change=UNCLEAR)))
    found = contrast(drawn, drawn, looking(drawn, opened=ALL, rows=len(drawn.rows)), in_numbers=False)
    assert found.differences == 2
    assert found.title == clearest(drawn)
