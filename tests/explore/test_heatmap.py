"""A release drawn as a heatmap and as rows: what is printed is what the document holds."""

import re
from dataclasses import replace

import pytest

from app.explore import heatmap as drawing
from app.explore.headline import headline, row_title
from app.explore.heatmap import Heatmap
from app.explore.looking import LOOKS, Look, looking
from app.explore.strip import strip
from app.explore.tiles import Tile
from app.releases.document.release import SITE, Cell, Hidden, Margin, MarginGroup, NoChange, Release, Scored
from tests.explore.samples import CLIPPED, HIDDEN, PLAIN, SEEMS_DOWN, SMALL, UNCLEAR, UP, release, row


def heatmap(release: Release, look: Look) -> Heatmap:
    """The heatmap as the page opens by itself, with these cells."""
    return drawing.heatmap(release, looking(release, look=look))


def tile(drawn: Heatmap, name: str, column: str) -> Tile:
    line = next(line for line in drawn.lines if line.name == name)
    return next(tile for tile in line.tiles if tile.column == column)


def marks(drawn: Heatmap) -> str:
    return " ".join(sign.text for sign in drawn.signs)


def test_the_organisation_stands_apart_from_its_parts():
    drawn = heatmap(release(row("Legal"), row("Finance")), "scores")
    assert [line.name for line in drawn.lines] == ["Legal", "Finance"]
    assert drawn.organisation.name == "Harbour"


@pytest.mark.parametrize("look", LOOKS)
def test_a_hidden_tile_holds_a_reason_and_no_digit(look: Look):
    drawn = heatmap(release(row("Legal", T1=HIDDEN)), look)
    found = tile(drawn, "Legal", "T1")
    assert found.hidden == "Not shown, to protect a small group"
    assert (found.value, found.details) == ("", ())
    assert not re.search(r"\d", found.hidden + found.spoken + found.classes)


def test_a_tile_prints_the_score_and_its_own_n_only_where_it_is_not_the_rows():
    drawn = heatmap(release(row("Legal", n=16), row("Finance", n=14)), "scores")
    assert tile(drawn, "Legal", "T1").details == ("n\u00a014",)
    assert tile(drawn, "Finance", "T1").details == ()
    assert tile(drawn, "Finance", "T1").value == "62"


def test_a_rough_value_is_marked_and_paler():
    found = tile(heatmap(release(row("Legal", n=7, T1=SMALL)), "scores"), "Legal", "T1")
    assert found.value == "~45"
    assert found.classes.split() == ["first", "emerging", "rough"]


def test_the_table_gives_intervals_and_numbers_of_answers():
    found = tile(heatmap(release(row("Legal")), "table"), "Legal", "T1")
    assert found.details == ("55 to 69", "n\u00a014")


def test_the_change_view_gives_differences_with_both_scores():
    changed = release(row("Legal", T1=replace(PLAIN, change=UP), R1=replace(PLAIN, change=UNCLEAR)))
    drawn = heatmap(changed, "change")
    assert tile(drawn, "Legal", "T1").value == "▲ +12"
    assert tile(drawn, "Legal", "T1").details == ("50 → 62",)
    assert "far-up" in tile(drawn, "Legal", "T1").classes
    assert "level" in tile(drawn, "Legal", "R1").classes


def test_a_dimension_that_cannot_be_compared_says_why():
    cell = replace(PLAIN, change=NoChange(reason="not_comparable"))
    drawn = heatmap(release(row("Legal", T1=cell), not_comparable={"T1": "The questions are others."}), "change")
    assert drawn.remarks == ("Competence: The questions are others.",)
    assert tile(drawn, "Legal", "T1").hidden == "Not comparable with the earlier wave"


def test_the_legend_explains_every_mark_that_occurs_and_only_those():
    plain = heatmap(release(row("Legal")), "scores")
    assert [sign.meaning for sign in plain.scale] == ["Developing"]
    assert not set("▲▼△▽~≥≤") & set(marks(plain))
    full = release(
        row("Legal", n=7, T1=SMALL, R1=CLIPPED),
        row("Finance", T1=replace(PLAIN, change=UP), R1=replace(PLAIN, change=SEEMS_DOWN), W=HIDDEN),
    )
    drawn = heatmap(full, "scores")
    assert set("▲▽~≥") == set("▲▼△▽~≥≤") & set(marks(drawn))
    assert "not shown, to protect a small group" in [sign.meaning for sign in drawn.signs]
    assert [sign.meaning for sign in drawn.scale] == ["Emerging", "Developing", "Leading"]


def test_a_roll_up_that_misses_people_says_how_many_it_stands_for():
    drawn = heatmap(release(row("Legal", T1=replace(PLAIN, coverage="< 80 %, partial"))), "scores")
    assert drawn.remarks == ("Legal covers fewer than 80 % of the people in Competence.",)
    assert "partial" in tile(drawn, "Legal", "T1").details


def test_the_headline_tells_a_confirmed_change_as_a_fact_and_its_n():
    found = headline(release(row("Legal", T1=replace(PLAIN, change=UP)), row("IT")))
    assert found.title == "Competence rose by 12 points in Legal since 2026-Q3 (14 answers)"


def test_the_headline_says_seems_where_a_change_is_only_likely():
    found = headline(release(row("Legal", n=7, T1=replace(SMALL, change=SEEMS_DOWN))))
    assert found.title.startswith("Competence seems to have fallen by 6 points in Legal")
    assert found.title.endswith("(7 people answered)")


def test_a_confirmed_change_comes_before_a_larger_one_that_only_seems_so():
    larger = replace(SEEMS_DOWN, before=75, delta=-30)
    found = headline(release(row("Legal", T1=replace(SMALL, change=larger)), row("IT", R1=replace(PLAIN, change=UP))))
    assert "in IT" in found.title


def test_an_unclear_change_is_never_the_headline():
    found = headline(release(row("Legal", T1=replace(PLAIN, change=UNCLEAR))))
    assert "since" not in found.title
    assert "(14 answers)" in found.title


def test_departments_alike_are_not_ranked():
    assert "highest" not in headline(release(row("Legal"), row("IT"))).lead
    assert headline(release(row("Legal"), row("IT"))).lead.endswith("40 of 60 people answered.")


def test_a_row_without_any_score_says_so():
    nothing = row("Legal", n=None, T1=HIDDEN, R1=HIDDEN, W=HIDDEN)
    assert row_title(release(nothing), nothing) == "Legal: no score can be shown"
    assert strip(release(nothing), nothing).not_shown == ("Not shown, to protect a small group: all questions.",)


def test_a_row_draws_its_printed_points_and_the_organisation_beside_them():
    legal = row("Legal", n=7, T1=SMALL, R1=Hidden(reason="not_separately"))
    trust, readiness, willingness = strip(release(legal), legal).panels
    assert (trust.marks[0].score, trust.marks[0].interval, trust.marks[0].whole) == (45, None, 62)
    assert (readiness.marks[0].score, readiness.marks[0].interval, readiness.marks[0].whole) == (None, None, None)
    assert willingness.marks[0].interval == (55, 69)


def test_the_organisation_is_not_compared_with_itself():
    whole = release(row("Legal"))
    found = strip(whole, whole.organisation)
    assert not found.has_whole
    assert [part.name for part in found.parts] == ["Legal"]


def by_site(*groups: MarginGroup) -> Release:
    """A release of one department with these groups by site."""
    margins = (Margin(id=SITE, question="", groups=groups), Margin(id="E2", question="", groups=()))
    return replace(release(row("Legal")), margins=margins)


def site(name: str, *, n: int, headcount: int, cell: Scored | Hidden = PLAIN) -> MarginGroup:
    cells: dict[str, Cell] = dict.fromkeys(("T1", "R1", "W"), cell)
    return MarginGroup(name=name, n=n, headcount=headcount, cells=cells, departments=("legal",))


def test_sites_stand_below_the_organisation_under_a_heading_with_headcount_and_n_where_it_is_another():
    drawn = heatmap(by_site(site("Porto", n=14, headcount=20), site("Faro", n=30, headcount=41)), "scores")
    (part,) = drawn.margins
    assert part.heading == "By site, all departments together"
    assert [(line.name, line.answered, line.asked) for line in part.lines] == [("Porto", "14", 20), ("Faro", "30", 41)]
    assert [line.tiles[0].details for line in part.lines] == [(), ("n\u00a014",)]
    assert "A site is its departments taken together; sites that share a small group are told as one." in drawn.remarks
    assert "Role levels are not shown, to protect small groups." in drawn.remarks


def test_what_only_a_site_is_marked_with_stands_in_the_legend():
    rough = by_site(site("Porto", n=7, headcount=9, cell=SMALL), site("Faro", n=30, headcount=41))
    assert "~" in marks(heatmap(rough, "scores"))
    assert "~" not in marks(heatmap(by_site(site("Porto", n=14, headcount=20)), "scores"))


def test_nothing_is_told_of_sites_among_changes_and_their_absence_has_a_sentence():
    drawn = heatmap(by_site(site("Porto", n=14, headcount=20)), "change")
    assert drawn.margins == ()
    assert not any(remark.startswith("A site") for remark in drawn.remarks)
    none = heatmap(by_site(), "scores")
    assert none.margins == ()
    assert any(remark.startswith("Sites are not shown: ") for remark in none.remarks)
