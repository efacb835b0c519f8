"""The ways to look at a heatmap: what cells say beside scores, the order of rows, and what is folded."""

import re
from dataclasses import replace

import pytest

from app.explore.heatmap import Heatmap, Line, heatmap, orders
from app.explore.looking import LOOKS, Look, Looking, looking
from app.explore.tiles import Tile
from app.releases.distance import distance
from app.releases.document.figures import Agreement, Camps, Share, Shares
from app.releases.document.release import Hidden, Index, Release, Row, Scored
from tests.explore.samples import CLIPPED, FIRST, HIDDEN, PLAIN, SMALL, release, row

SHARES = Shares(favourable=Share(percent=52), neutral=Share(percent=38), unfavourable=Share(percent=10, bound="<="))
HIGH = replace(PLAIN, score=80, band="strong", interval=(74, 86), border=None)


def drawn(made: Release, look: Look = "scores", order: str = "arranged", opened: str = "") -> Heatmap:
    return heatmap(made, looking(made, look=look, order=order, opened=opened))


def found(made: Heatmap, name: str, column: str = "T1") -> Tile:
    lines: tuple[Line, ...] = (*made.lines, made.organisation)
    line = next(line for line in lines if line.name == name)
    return next(tile for tile in line.tiles if tile.column == column)


def names(made: Heatmap) -> list[str]:
    return [line.name for line in made.lines]


def scored(name: str, score: int, **more: object) -> Row:
    made: Row = row(name, T1=replace(PLAIN, score=score), **more)  # type: ignore[arg-type]
    return made


def below(made: Row, parent: str) -> Row:
    return replace(made, parent=parent, depth=2)


TREE = release(
    scored("Legal", 50),
    scored("Finance", 70),
    below(scored("Tax", 40), "finance"),
    below(scored("Planning", 60), "finance"),
)


def test_a_score_beside_the_organisation_is_coloured_only_where_the_intervals_lie_apart():
    made = release(row("Legal", T1=HIGH), row("IT", T1=replace(PLAIN, score=68, interval=(60, 76))))
    clear, unclear = (found(drawn(made, "compared"), name) for name in ("Legal", "IT"))
    assert (clear.value, clear.details, clear.classes.split()) == ("+18", ("80",), ["first", "far-up"])
    assert clear.spoken == "18 points above the whole organisation, clearly"
    assert (unclear.value, unclear.classes.split()) == ("+6", ["first", "level"])
    assert unclear.spoken == "6 points above the whole organisation, which may be chance"


def test_a_score_without_an_interval_is_never_clearly_apart():
    tile = found(drawn(release(row("Legal", n=7, T1=replace(SMALL, score=20, band="low"))), "compared"), "Legal")
    assert tile.classes.split() == ["first", "level"]
    assert tile.value.endswith("42")


def test_of_a_clipped_score_the_distance_has_its_bound_and_of_two_there_is_none():
    assert found(drawn(release(row("Legal", T1=CLIPPED)), "compared"), "Legal").value == "≥\u00a0+28"
    assert distance(CLIPPED, CLIPPED) is None
    low = replace(CLIPPED, score=10, band="low", bound="<=")
    told = distance(PLAIN, low)
    assert told is not None
    assert (told.points, told.bound) == (52, ">=")


def test_the_organisation_prints_its_own_score_where_others_are_compared_with_it():
    assert found(drawn(release(row("Legal")), "compared"), "Harbour").value == "62"


def test_where_the_organisation_is_hidden_there_is_nothing_to_compare_with():
    made = release(row("Legal"))
    whole = replace(made.organisation, cells={**made.organisation.cells, "T1": HIDDEN})
    tile = found(drawn(replace(made, rows=(whole, *made.rows[1:])), "compared"), "Legal")
    assert (tile.value, tile.hidden) == ("", "Not told, to protect a small group")


def test_shares_are_printed_with_their_bounds_and_hatched_where_they_are_not_told():
    made = drawn(release(row("Legal", T1=replace(PLAIN, shares=SHARES))), "favourable")
    assert (found(made, "Legal").value, found(made, "Legal").details) == ("52\u202f%", ("≤10\u202f% no",))
    assert found(made, "Legal").classes.split() == ["first", "emerging"]
    assert found(made, "Legal", "R1").hidden == "Not told, to protect a small group"
    assert [sign.text for sign in made.scale] == ["40–54\u202f%"]


def test_uncertainty_is_half_of_the_printed_interval_or_what_the_grade_says():
    full = replace(PLAIN, interval=None, n=20, grade="A", everyone=True)
    made = drawn(release(row("Legal", n=7, T1=SMALL, R1=PLAIN, W=full)), "uncertainty")
    assert found(made, "Legal").value == ">\u00a015"
    assert (found(made, "Legal", "R1").value, found(made, "Legal", "R1").details) == ("±\u202f7", ("55–69",))
    assert found(made, "Legal", "W").value == "all"
    assert {sign.text for sign in made.scale} == {"≤\u00a05", "≤\u00a010", ">\u00a015"}


def test_agreement_is_told_in_hundredths_with_a_mark_where_people_are_divided():
    split = replace(PLAIN, agreement=Agreement(r_wg=42, deviation=90), camps=Camps(polarisation=60, split=True))
    alike = replace(PLAIN, agreement=Agreement(r_wg=95, deviation=10))
    made = drawn(release(row("Legal", T1=split, R1=alike)), "agreement")
    assert (found(made, "Legal").value, found(made, "Legal").marks) == (".42", "⇹")
    assert found(made, "Legal", "R1").value == "≥ .95"
    assert "⇹" in {sign.text for sign in made.signs}
    assert found(made, "Legal", "W").hidden == "Not told, to protect a small group"


def test_corners_mark_divided_groups_and_what_many_do_not_know_and_the_legend_says_so():
    cell = replace(PLAIN, camps=Camps(polarisation=60, split=True), unknown=Share(percent=30))
    made = drawn(release(row("Legal", T1=cell)))
    assert found(made, "Legal").marks == "⇹?"
    assert found(made, "Legal").spoken.endswith("people are divided, many do not know")
    assert {"⇹", "?"} <= {sign.text for sign in made.signs}
    assert not {"⇹", "?"} & {sign.text for sign in drawn(release(row("Legal"))).signs}


@pytest.mark.parametrize("look", LOOKS)
def test_whatever_is_looked_at_a_hidden_cell_has_a_reason_and_no_digit(look: Look):
    tile = found(drawn(release(row("Legal", T1=Hidden(reason="not_separately"))), look), "Legal")
    assert tile.hidden
    assert not re.search(r"\d", tile.value + tile.spoken + "".join(tile.details))


def test_rows_are_sorted_among_those_of_the_same_parent_with_hidden_ones_last():
    assert names(drawn(TREE)) == ["Legal", "Finance", "Tax", "Planning"]
    assert names(drawn(TREE, order="T1")) == ["Finance", "Planning", "Tax", "Legal"]
    assert names(drawn(TREE, order="-T1")) == ["Legal", "Finance", "Tax", "Planning"]
    hidden = release(row("Legal", T1=HIDDEN), scored("IT", 20), scored("HR", 30))
    assert names(drawn(hidden, order="T1")) == ["HR", "IT", "Legal"]
    assert names(drawn(hidden, order="-T1")) == ["IT", "HR", "Legal"]


def test_rows_are_sorted_by_an_index_and_by_how_they_stood_in_the_first_wave():
    legal, it = row("Legal"), replace(row("IT"), trust=Index(score=80, band="strong"))
    made = release(legal, it, scored("New", 62))
    assert names(drawn(made, order="trust")) == ["IT", "Legal", "New"]
    low = replace(legal, readiness=Index(score=90, band="leading"))
    before = release(low, replace(it, trust=Index(score=None, band=None)))
    in_order = heatmap(made, looking(made, order="first"), before)
    assert [line.name for line in in_order.lines] == ["Legal", "IT", "New"]
    assert "In the order of trust and readiness together in 2026-Q4, which stays the same." in in_order.remarks
    assert "first" in dict(orders(made, "2026-Q1"))
    assert "first" not in dict(orders(made, ""))


def test_reordered_shows_the_finest_rows_with_the_name_of_their_parent_and_says_what_it_is():
    made = drawn(TREE, order="reordered")
    assert sorted(names(made)) == ["Legal", "Planning", "Tax"]
    assert {line.name: line.within for line in made.lines} == {"Legal": "", "Planning": "Finance", "Tax": "Finance"}
    assert made.remarks[0].startswith("Reordered: ")


def test_a_folded_department_hides_its_parts_and_says_how_to_unfold_them():
    folded = drawn(TREE, opened="none")
    assert names(folded) == ["Legal", "Finance"]
    fold = folded.lines[1].fold
    assert fold is not None
    assert (fold.query, fold.unfolded) == ("?", False)
    assert names(drawn(TREE, opened="finance"[:8])) == ["Legal", "Finance", "Tax", "Planning"]
    assert [sign.text for sign in folded.signs if sign.text == "Indented"] == []


def test_a_large_heatmap_opens_folded_and_its_address_says_what_was_unfolded():
    large = release(*(scored(f"D{place}", 50) for place in range(80)), below(scored("Part", 40), "d1"))
    assert len(drawn(large).lines) == 80
    every = looking(large, opened="all")
    assert (every.query, looking(large).query) == ("?open=all", "?")
    assert looking(large, opened=every.opened) == every


@pytest.mark.parametrize("order", ["arranged", "-T1", "trust", "reordered", "first"])
@pytest.mark.parametrize("look", ["scores", "agreement"])
def test_an_address_leads_back_to_the_same_view(look: Look, order: str):
    asked = looking(TREE, look=look, order=order, opened="none")
    told = dict(part.split("=") for part in asked.query.removeprefix("?").split("&"))
    again = looking(
        TREE, look="agreement" if "view" in told else "scores", order=told.get("order", "arranged"), opened=told["open"]
    )
    assert again == asked


def test_what_an_address_asks_for_in_vain_is_left_out():
    found = looking(release(row("Legal"), previous=None), look="change", order="T9", opened="nobody")
    assert found == Looking()


def test_a_column_head_sorts_by_it_and_then_the_other_way_round():
    once = drawn(TREE, order="T1").groups[0].sortings[0]
    assert (once.query, once.sorted) == ("?order=-T1", "descending")
    assert drawn(TREE).groups[0].sortings[0].query == "?order=T1"
    assert drawn(TREE, order="-T1").groups[0].sortings[0].sorted == "ascending"


def test_the_first_wave_has_no_change_to_look_at():
    assert (
        looking(release(row("Legal", T1=replace(PLAIN, change=FIRST)), previous=None), look="change").look == "scores"
    )
    assert isinstance(PLAIN, Scored)


def test_a_long_heatmap_is_drawn_piece_by_piece():
    long = release(*(scored(f"D{place}", 50) for place in range(200)))
    first = drawn(long)
    assert [one.id for one in first.lines] == [f"d{place}" for place in range(80)]
    assert first.more
    assert (first.more.next, first.more.left, first.more.drawn) == (80, 120, 80)
    assert first.more.query == "?rows=160"
    asked = looking(long, look="table", order="-T1", rows=160)
    second = heatmap(long, asked)
    assert second.more
    assert (second.more.next, second.more.query) == (40, "?view=table&order=-T1&rows=240")
    assert len(second.lines) == 160
    assert heatmap(long, looking(long, rows=240)).more is None
    assert asked.seen("scores").rows == 160, "the address of another view says nothing of rows"
    assert "rows" not in asked.seen("scores").query


def test_the_tiles_of_a_release_are_made_once_for_each_view():
    one = release(scored("Legal", 50))
    tiles = [heatmap(one, looking(one, look=look), of="a digest").lines[0].stretches for look in ("scores", "table")]
    again = heatmap(one, looking(one), of="a digest").lines[0].stretches
    assert again is tiles[0]
    assert tiles[1] != tiles[0]
    assert heatmap(one, looking(one), of="another").lines[0].stretches is not tiles[0]
    assert heatmap(one, looking(one)).lines[0].stretches == tiles[0]
