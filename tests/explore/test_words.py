"""What a cell says, on screen and read aloud."""

import re
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.releases.document import words
from app.releases.document.figures import Bound
from app.releases.document.release import Change, Confirmation, Direction, Hidden, NoChange, NoChangeReason, Reason
from app.sentences import MINUS
from tests.explore.samples import CLIPPED, PLAIN, SEEMS_DOWN, SMALL, UNCLEAR, UP, row

SCORES = st.integers(0, 100)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    before, now = draw(SCORES), draw(SCORES)
    direction: Direction = "up" if now > before else "down" if now < before else "none"
    confirmation: Confirmation = draw(st.sampled_from(["none", "seems", "confirmed"]))
    return Change(before=before, now=now, delta=now - before, p=5, direction=direction, confirmation=confirmation)


@pytest.mark.parametrize("reason", get_args(Reason))
def test_a_hidden_cell_says_why_and_never_a_number(reason: Reason):
    cell = Hidden(reason=reason)
    assert words.hidden_text(cell)
    assert not re.search(r"\d", words.hidden_text(cell) + words.spoken_cell(cell) + words.cell_class(cell))


def test_a_small_group_is_named_as_the_reason():
    assert words.spoken_cell(Hidden(reason="small_group")) == "not shown, to protect a small group"


def test_a_cell_is_read_with_its_answers_and_its_change():
    assert words.spoken_cell(replace(PLAIN, change=UP)) == "62, developing or strong, 14 answers, up 12"


def test_a_cell_of_few_people_is_read_without_their_number():
    assert words.spoken_cell(replace(SMALL, change=SEEMS_DOWN)) == "45, emerging, rough value, seems down 6"


def test_a_clipped_value_says_that_it_is_one():
    assert words.value_text(CLIPPED) == "≥\u00a090"
    assert words.spoken_cell(CLIPPED).startswith("90 or more")
    assert words.value_text(replace(CLIPPED, score=10, bound="<=", band="low")) == "≤\u00a010"


@given(score=SCORES, bound=st.sampled_from(get_args(Bound)))
def test_the_printed_value_holds_the_score_and_no_other_number(score: int, bound: Bound):
    cell = replace(PLAIN, score=score, bound=bound)
    for text in (words.value_text(cell), words.marked_value(cell), words.spoken_value(cell)):
        assert re.findall(r"\d+", text) == [str(score)]


def test_the_bands_of_a_border_are_named_from_low_to_high():
    assert words.band_text(replace(PLAIN, band="strong", border="developing")) == "Developing/Strong"


def test_a_pool_is_named_without_the_list_of_its_members():
    pool = replace(row("Finance, small teams: Tax, Audit"), kind="pool", members=("Tax", "Audit"), parent="finance")
    assert words.row_name(pool) == "Finance, small teams"
    assert words.row_name(replace(pool, parent="organisation")) == "Small teams"
    assert words.row_name(row("Legal: Contracts")) == "Legal: Contracts"


@given(st.integers(-100, 100))
def test_a_difference_keeps_its_sign(points: int):
    assert int(words.signed(points).replace(MINUS, "-")) == points


@given(changes())
def test_only_a_clear_change_has_a_mark_a_colour_and_a_direction(change: Change):
    clear = change.confirmation != "none" and change.delta != 0
    assert bool(words.change_mark(change)) == clear
    assert words.change_class(change) in words.CHANGE_CLASSES
    assert (words.change_words(change) == "no clear change") == (not clear)
    if not clear:
        assert words.change_class(change) == "level"
    if clear and change.confirmation == "seems":
        assert words.change_words(change).startswith("seems ")


@given(changes())
def test_up_and_down_mirror_each_other(change: Change):
    turned = {"up": "down", "down": "up", "none": "none"}
    direction: Direction = turned[change.direction]  # type: ignore[assignment]  # the table holds directions
    mirror = replace(change, before=change.now, now=change.before, delta=-change.delta, direction=direction)
    swapped = re.sub("up|down", lambda found: turned[found[0]], words.change_class(change))
    assert words.change_class(mirror) == swapped


@pytest.mark.parametrize("reason", get_args(NoChangeReason))
def test_a_missing_comparison_says_why_and_has_no_mark(reason: NoChangeReason):
    change = NoChange(reason=reason)
    assert words.change_words(change)
    assert not re.search(r"\d", words.change_words(change))
    assert words.change_mark(change) == ""
    assert words.change_class(change) == "not-shown"


def test_an_unclear_change_is_told_with_both_scores():
    assert words.spoken_change(replace(PLAIN, change=UNCLEAR)) == "no clear change, from 60 to 62"


def test_an_interval_is_told_or_why_there_is_none():
    assert words.interval_text(PLAIN) == "55 to 69"
    assert words.interval_text(replace(PLAIN, interval=None, everyone=True)) == "all staff answered"
    assert words.interval_text(SMALL) == "–"
