from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.compare import Asking, comparisons
from surveys.load import load
from surveys.model import Dimension, Item

ATR = load("atr", "1.0.0")
FULL, PULSE = Asking(ATR, "full"), Asking(ATR, "pulse")


def asking(told: str | None, *, version: str = "1.0.0", key: str = "atr", scale: str = "true5") -> Asking:
    """A questionnaire whose dimension T1 has these items: "a* b* c" has the anchors T1a and T1b, and T1c."""
    items = tuple(
        Item(id=f"T1{name.rstrip('*')}", text=f"Text of {name}", scale=scale, anchor=name.endswith("*"))
        for name in (told or "").split()
    )
    dimension = Dimension("T1", "Competence", "Does it", "It does.", "trust", items)
    return Asking(replace(ATR, key=key, version=version, dimensions=(dimension,) if items else ()), "full")


@pytest.mark.parametrize(
    ("before", "now", "items", "why_not"),
    [
        ("a* b* c d", "a* b*", ["T1a", "T1b"], None),
        ("a* b*", "b* a*", ["T1b", "T1a"], None),
        ("a* b* c d", "a* b* c e", ["T1a", "T1b"], None),
        ("a* b*", "a@2* b*", [], "too_few_common_items"),
        ("a* b*", "a* b", [], "too_few_common_items"),
        ("a* b* c d e", "a* b*", [], "too_few_common_items"),
        ("a* b*", "a* b* c d e", [], "too_few_common_items"),
        ("a* b* c*", "a* b* c@2*", ["T1a", "T1b"], None),
        (None, "a* b*", [], "not_asked_before"),
        ("a* b*", None, [], "not_asked_now"),
    ],
)
def test_a_dimension_is_compared_on_common_anchors_at_least_two_and_half_of_each_form(before, now, items, why_not):
    (found,) = comparisons(before=asking(before), now=asking(now))
    assert (list(found.items), found.why_not) == (items, why_not)


@given(st.lists(st.sampled_from(["a*", "b*", "c*", "d", "e"]), unique=True, min_size=1), st.data())
def test_exchanging_the_waves_changes_nothing_but_the_order(before, data):
    now = data.draw(st.lists(st.sampled_from(["a*", "b*", "c", "d*", "e"]), unique=True, min_size=1))
    one, other = asking(" ".join(before)), asking(" ".join(now))
    (there,), (back,) = comparisons(before=one, now=other), comparisons(before=other, now=one)
    assert set(there.items) == set(back.items)
    assert (there.why_not, there.common) == (back.why_not, back.common)


def test_a_full_form_and_a_pulse_are_compared_on_the_anchors_alone():
    found = comparisons(before=FULL, now=PULSE)
    assert [one.dimension for one in found] == [dimension.id for dimension in ATR.dimensions]
    assert all(one.why_not is None for one in found)
    competence = found[0]
    assert (competence.name, competence.items) == ("Competence", ("T1a", "T1b"))
    assert (competence.before, competence.now) == (("T1a", "T1b", "T1c", "T1d"), ("T1a", "T1b"))
    assert competence.sentence == "Compared on T1a, T1b; left aside: T1c, T1d."
    assert found[-1].sentence == "Compared on W1, W2, W3."


def test_another_first_number_breaks_every_trend():
    found = comparisons(before=FULL, now=Asking(replace(ATR, version="2.0.0"), "full"))
    assert {one.why_not for one in found} == {"other_questionnaire"}
    assert {one.items for one in found} == {()}
    assert "first number of the version differs" in found[0].sentence


def test_the_other_numbers_break_none():
    found = comparisons(before=FULL, now=Asking(replace(ATR, version="1.7.3"), "full"))
    assert {one.why_not for one in found} == {None}


def test_another_number_of_steps_breaks_the_trend():
    (found,) = comparisons(before=asking("a* b*"), now=asking("a* b*", scale="use"))
    assert (found.why_not, found.sentence) == ("other_scale", "Its answers have another number of steps.")


def test_dimensions_of_the_earlier_wave_alone_are_told_last():
    without = Asking(replace(ATR, dimensions=ATR.dimensions[1:]), "full")
    assert [one.dimension for one in comparisons(before=FULL, now=without)][-1] == "T1"
    assert comparisons(before=FULL, now=without)[-1].sentence == "The later wave does not ask about it."
    assert comparisons(before=without, now=FULL)[0].sentence == "The earlier wave did not ask about it."


@pytest.mark.parametrize(
    ("before", "now", "sentence"),
    [
        ("a* b*", "a@2* b*", "1 common anchor item among 2 items before and 2 now; a trend needs 2."),
        ("a* b*", "c* d*", "No common anchor items among 2 items before and 2 now; a trend needs 2."),
        ("a* b* c d e", "a* b*", "2 common anchor items among 5 items before and 2 now; a trend needs 3."),
    ],
)
def test_too_few_common_items_are_counted_in_the_sentence(before, now, sentence):
    (found,) = comparisons(before=asking(before), now=asking(now))
    assert found.sentence == sentence


def test_a_copy_under_another_key_keeps_the_trend_of_what_it_left_as_it_was():
    copy = replace(ATR, key="own_1", version="3.0.0")
    assert {one.why_not for one in comparisons(before=FULL, now=Asking(copy, "full"))} == {None}


def in_other_words() -> tuple[Dimension, ...]:
    first = ATR.dimensions[0]
    return (replace(first, items=tuple(replace(item, text=f"{item.text} Truly.") for item in first.items)),)


@pytest.mark.parametrize(
    "changes",
    [
        {"stem": "How true is this?"},
        {"language": "de"},
        {"dimensions": in_other_words()},
        {"scales": {**ATR.scales, "true5": replace(ATR.scales["true5"], points=ATR.scales["true5"].points[::-1])}},
    ],
    ids=["stem", "language", "text", "labels"],
)
def test_a_copy_under_another_key_that_asks_in_other_words_keeps_no_trend(changes):
    copy = replace(ATR, key="own_1", **changes)
    found = comparisons(before=FULL, now=Asking(copy, "full"))
    assert found[0].why_not == "too_few_common_items"
    assert found[0].common == 0
