"""How easy the English items are to read (docs/wording.md)."""

import pytest

from surveys.load import load, published
from surveys.reading import reading_age, syllables

OLDEST = 14


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("agent", 2), ("used", 1), ("needed", 2), ("checked", 1), ("uses", 2), ("rules", 1), ("people", 2),
        ("table", 2), ("department", 3), ("unsure", 2), ("AI", 2), ("one's", 1), ("the", 1),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_age_is_that_of_the_formula() -> None:
    """Grade .39 x 6 / 1 + 11.8 x 6 / 6 - 15.59 = -1.45, and five years more."""
    assert reading_age(["The cat sat on the mat."]) == pytest.approx(3.55)


def test_longer_and_more_learned_sentences_need_older_readers() -> None:
    plain = reading_age(["I know whom to tell when an agent causes a problem."])
    learned = reading_age(["Responsibilities regarding notification procedures are unambiguously communicated."])
    assert plain < 10 < 20 < learned


def test_without_a_word_there_is_nothing_to_read() -> None:
    with pytest.raises(ValueError, match="nothing to read"):
        reading_age(["…"])


@pytest.mark.parametrize(("key", "version"), published())
def test_every_part_of_a_shipped_questionnaire_can_be_read_by_people_of_fourteen(key: str, version: str) -> None:
    instrument = load(key, version)
    parts = {one.id: one.items for one in instrument.dimensions}
    parts |= {name: module.items for name, module in instrument.modules.items()}
    ages = {name: round(reading_age(item.text for item in items)) for name, items in parts.items()}
    assert {name: age for name, age in ages.items() if age > OLDEST} == {}
