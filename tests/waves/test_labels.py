from datetime import UTC, date, datetime

import pytest

from app.errors import InvalidError
from app.waves import labels


def test_the_quarter_is_that_of_the_clients_calendar():
    new_years_eve = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert labels.quarter(labels.today(new_years_eve, "Europe/Berlin")) == "2027-Q1"
    assert labels.quarter(labels.today(new_years_eve, "America/New_York")) == "2026-Q4"


def test_the_label_after_a_quarter_is_the_next_quarter():
    assert labels.following("2026-Q3") == "2026-Q4"
    assert labels.following("2026-Q4") == "2027-Q1"
    assert labels.following("Spring") is None


def test_the_proposed_label_is_new_and_not_in_the_past():
    day = date(2026, 11, 22)
    assert labels.proposed(day) == "2026-Q4"
    assert labels.proposed(day, after="2026-Q4") == "2027-Q1"
    assert labels.proposed(day, after="2025-Q4") == "2026-Q4"
    assert labels.proposed(day, after="Spring", taken={"2026-Q4", "2027-Q1"}) == "2027-Q2"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("2026-Q4", "2026-Q4"), (" 2026 q4 ", "2026-Q4"), ("2026/Q1", "2026-Q1"), ("Spring  2027", "Spring 2027")],
)
def test_a_label_is_kept_in_its_usual_writing(typed: str, kept: str):
    assert labels.checked(typed) == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Give the wave a label"),
        ("2026-Q7", "four quarters"),
        ("x" * 31, "31 characters"),
        ("<b>", "letters, digits and spaces"),
        ("a;b", "letters, digits and spaces"),
    ],
)
def test_a_label_that_cannot_be_used_gets_a_sentence(typed: str, sentence: str):
    with pytest.raises(InvalidError, match=sentence) as refusal:
        labels.checked(typed)
    assert refusal.value.fields["label"] == refusal.value.message
