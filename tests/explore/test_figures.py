"""The figures of a release: every place is a printed value, and each has a sentence and the same numbers in a table."""

import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from app.explore.figuring import FIGURES
from app.figures import dots, squares
from app.figures.courses import courses
from app.figures.distributions import distributions
from app.releases.document.figures import Driver, Drivers, Gaps, ItemHead, LeaderGap, Share, Shares
from app.releases.document.release import Release, Row
from app.releases.statistics.slopes import Told
from tests.cast import Cast, sign_in
from tests.explore.samples import DIMENSIONS, HIDDEN, PLAIN, SMALL, release, row
from tests.world import World

ANCHORS = {head.id: frozenset({head.id}) for head in DIMENSIONS}
HIGH = replace(PLAIN, score=82, band="strong", interval=(75, 89), border=None)


def of_quadrants(*rows: Row) -> Release:
    """Two dimensions are all there are of each block, so that an index is their score."""
    return release(*rows)


def test_dots_stand_at_printed_scores_with_hidden_rows_named_and_not_drawn():
    made = dots.dots(release(row("Legal", T1=HIGH), row("Tax", n=7, T1=SMALL), row("IT", T1=HIDDEN)), DIMENSIONS[0])
    legal, tax, it, whole = made.lines
    assert (legal.score, legal.interval, legal.left, legal.after) == (82, (75, 89), True, 75)
    assert (tax.score, tax.interval, tax.after) == (45, None, 45)
    assert (it.score, it.value) == (None, "Not shown, to protect a small group")
    assert (whole.strong, made.whole) == (True, 62)
    assert made.title == "Competence lies between ~45 in Tax and 82 in Legal"
    assert not re.search(r"\d", "".join(made.table.lines[2]))
    assert "IT: not shown" in made.described


def test_a_dimension_of_which_one_row_is_shown_is_laid_beside_nothing():
    assert "too few departments" in dots.dots(release(row("Legal")), DIMENSIONS[0]).title


def test_a_department_with_more_trust_than_readiness_is_named_where_its_interval_is_clear_of_the_border():
    low = replace(PLAIN, score=40, band="emerging", interval=(35, 45), border=None)
    made = squares.quadrants(of_quadrants(row("Legal", T1=HIGH, R1=low), row("IT", T1=HIGH, R1=HIGH)))
    assert made.title == "Legal: more trust than readiness, so enable first"
    assert made.table.lines[1][-1] == "Enable first: over-trust risk"
    assert made.table.lines[2][-1] == "Proceed"
    point = next(one for one in made.points if one.key == "1")
    assert (point.x, point.top, point.across, point.down) == (82, 60, (75, 89), (55, 65))


def test_near_a_border_nobody_is_counted_as_above_it():
    made = squares.quadrants(of_quadrants(row("Legal", T1=HIGH), row("IT", T1=HIGH, R1=HIGH)))
    assert made.title == "1 of 2 departments stands clearly above 60 in trust and in readiness"
    assert made.table.lines[1][-1] == "Proceed, near a border"


def test_a_row_without_an_index_is_in_the_table_and_not_in_the_square():
    made = squares.quadrants(of_quadrants(row("Legal", T1=HIDDEN)))
    assert len(made.points) == 1
    assert made.table.lines[1] == ("1", "Legal", "–", "–", "Too few of its scores are shown")
    assert made.title == "Too few scores are shown to lay trust beside readiness"


def gap(dimension: str, leaders: int, staff: int, *, marked: bool) -> LeaderGap:
    return LeaderGap(
        dimension=dimension,
        leaders=leaders,
        staff=staff,
        gap=leaders - staff,
        interval=(1, 20),
        p=4,
        g=40,
        marked=marked,
    )


def test_leaders_and_staff_are_joined_and_only_a_marked_gap_is_the_message():
    cells = (gap("T1", 70, 50, marked=False), gap("R1", 72, 60, marked=True))
    told = replace(release(row("Legal")), gaps=Gaps(leaders=(2,), staff=(1,), cells=cells))
    made = dots.leaders(told)
    assert made is not None
    assert made.title == "Leaders and staff lie furthest apart on Skills: 72 against 60"
    assert [(one.score, one.other, one.value, one.strong) for one in made.lines] == [
        (70, 50, "+20", False),
        (72, 60, "+12", True),
    ]
    unclear = dots.leaders(replace(told, gaps=Gaps(leaders=(2,), staff=(1,), cells=cells[:1])))
    assert unclear is not None
    assert unclear.title.startswith("Leaders and staff do not lie clearly apart")
    assert dots.leaders(release(row("Legal"))) is None


def test_what_goes_with_willingness_is_named_only_where_it_is_clear_of_the_others():
    def told(low: int) -> Release:
        cells = (
            Driver(dimension="T1", share=60, interval=(low, 70), lmg=58),
            Driver(dimension="R1", share=40, interval=(30, 50), lmg=42),
        )
        found = Drivers(outcome="W", n=200, explained=40, cells=cells, draws=2000, seed=1, refused="")
        return replace(release(row("Legal")), drivers=found)

    clear, unclear = squares.drivers(told(51)), squares.drivers(told(50))
    assert clear is not None
    assert unclear is not None
    assert clear.title == "Competence goes most with willingness"
    assert unclear.title == "No dimension goes clearly more with willingness than the others"
    assert [(one.key, one.x, one.top) for one in clear.points] == [("T1", 62, 14), ("R1", 62, 43)]
    assert squares.drivers(release(row("Legal"))) is None
    assert squares.why_no_drivers(release(row("Legal"))) == "No outcome was asked, or too few people answered."


def test_courses_break_where_a_group_had_other_members_and_a_single_wave_has_none():
    legal, it = row("Legal"), row("IT")
    moved = replace(it, departments=("it", "tax"))
    waves = [Told(release(legal, one), ANCHORS) for one in (moved, it, it)]
    made = courses(waves)
    assert made is not None
    whole, first, second = made.rows
    assert whole.name == "Harbour"
    assert first.readiness.line == "M0 38L10 38L20 38"
    assert second.readiness.line == "M10 38L20 38"
    assert second.scores == ("the group had other members", "62 · 62", "62 · 62")
    assert first.trust.ribbon.startswith("M0 31L10 31")
    assert courses(waves[:1]) is None


def test_bars_of_a_question_stand_around_the_middle_and_only_told_questions_are_drawn():
    shares = Shares(favourable=Share(percent=50), neutral=Share(percent=30), unfavourable=Share(percent=20))
    legal = replace(row("Legal"), items={"T1a": shares})
    heads = tuple(ItemHead(id=one, column="T1", text=f"Question {one}") for one in ("T1a", "T1b"))
    (asked,) = distributions(replace(release(legal), items=heads), legal)
    (question,) = asked.questions
    assert (question.no, question.neither, question.yes) == (
        "M-35 0H-15V10H-35Z",
        "M-15 0H15V10H-15Z",
        "M15 0H65V10H15Z",
    )
    assert question.described == "50 % yes, 30 % neither, 20 % no"


@pytest.mark.lived_in
def test_every_figure_is_a_page_with_a_picture_that_says_what_it_shows(
    client: TestClient, cast: Cast, lived_in: World
) -> None:
    wave = f"/organisations/{cast.organisation}/waves/{lived_in.closed}/figures"
    sign_in(client, "Ada")
    for figure in FIGURES:
        page = client.get(f"{wave}/{figure}")
        assert page.status_code == 200, figure
        pictures = re.findall(r"<svg[^>]*role=\"img\".*?</svg>", page.text, re.DOTALL)
        assert all("<title" in one for one in pictures)
        assert pictures or 'class="lead"' in page.text, figure
    assert "Skills" in client.get(f"{wave}/dimensions?of=R1").text
    assert client.get(f"{wave}/pie").status_code == 404
    running = wave.replace(str(lived_in.closed), str(lived_in.running))
    assert client.get(f"{running}/dimensions").status_code == 404
