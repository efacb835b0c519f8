"""The questionnaire ATR 1.2.0: one idea an item, and what that does to the trend (docs/decisions/0020)."""

import re

import pytest

from surveys.compare import Asking, comparisons
from surveys.load import load, translations
from surveys.model import Instrument
from surveys.translations import Edition, source_texts
from surveys.versions import differences, needed, refusals, root

REWORDED = {
    "T2a", "T2c", "R2a", "R2b", "R3a", "R3b", "R4b", "R5a", "R5b", "W1", "IT1", "IT5", "PRO5", "PRO6", "OPE5",
}  # fmt: skip
LONGEST = 17


@pytest.fixture(scope="module")
def before() -> Instrument:
    return load("atr", "1.1.0")


@pytest.fixture(scope="module")
def now() -> Instrument:
    return load("atr", "1.2.0")


def test_version_1_2_was_published_with_this_hash(now):
    assert now.sha256 == "a30c0f5790b059e02dfcad6a51745118d35bdbfba11f0b657e1f935de3acb233"


def test_what_is_reworded_has_a_new_id_and_everything_else_is_word_for_word_what_it_was(before, now):
    old, new = source_texts(before), source_texts(now)
    assert {path: new[path] for path in old if path in new} == {path: old[path] for path in old if path in new}
    assert {path.removeprefix("items.") for path in old.keys() - new.keys()} == REWORDED
    assert {path.removeprefix("items.") for path in new.keys() - old.keys()} == {f"{one}@2" for one in REWORDED}


def test_what_is_reworded_stands_at_its_place_with_its_answers(before, now):
    for was, item in zip(before.items(), now.items(), strict=True):
        assert root(item.id) == was.id
        assert (item.scale, item.anchor, item.allow_dk, item.allow_nx, item.relates_to) == (
            was.scale, was.anchor, was.allow_dk, was.allow_nx, was.relates_to,
        )  # fmt: skip


def test_the_middle_number_is_the_one_that_had_to_change(before, now):
    editions = [Edition(one, translations("atr", one.version)) for one in (before, now)]
    assert needed(differences(*editions)) == "minor"
    assert refusals(*editions) == ()


@pytest.mark.parametrize("form", ["full", "pulse"])
def test_the_trend_ends_where_fewer_than_two_anchors_are_common_and_says_so(before, now, form):
    found = {one.dimension: one for one in comparisons(before=Asking(before, form), now=Asking(now, form))}
    ended = {name: one.why_not for name, one in found.items() if one.why_not}
    assert ended == dict.fromkeys(("T2", "R2", "R3", "R4", "R5"), "too_few_common_items")
    assert found["T2"].sentence.startswith("1 common anchor item among ")
    assert found["R2"].sentence.startswith("No common anchor items among ")
    assert found["W"].items == ("W2", "W3")


def test_nothing_that_everybody_is_asked_joins_two_things_that_somebody_knows_gets_or_has(now):
    """A second opinion for a reader's eye: "and" stays only where both sides are one thing (docs/wording.md)."""
    joined = {item.id for item in now.core("full") if re.search(r"\band\b", item.text)}
    assert joined == {"T4c", "R1a", "R2d", "R3a@2", "R4d"}


def test_no_item_of_version_1_2_is_long(now):
    assert {item.id for item in (*now.items(), *now.workflow) if len(item.text.split()) > LONGEST} == set()
