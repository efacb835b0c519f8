"""What stands beside a drawing is cut by how wide it is, not by how many letters it has."""

import pytest

from app.web.lettering import fitting, width


@pytest.mark.parametrize("text", ["Finance", "Customer service and complaints", "i" * 50, ""])
def test_a_text_that_fits_stays_as_it_is(text: str):
    assert fitting(text, 34) == text


@pytest.mark.parametrize("text", ["W" * 200, "Human Resources and Learning for All of Us", "経理" * 30, "Łódź – " * 20])
def test_a_text_that_is_too_wide_is_cut_to_the_width(text: str):
    cut = fitting(text, 34)
    assert cut.endswith("…")
    assert text.startswith(cut[:-1])
    assert 30 < width(cut) <= 34


def test_broad_letters_leave_room_for_fewer():
    assert len(fitting("W" * 200, 34)) < len(fitting("o" * 200, 34)) < len(fitting("l" * 200, 34))


def test_what_stands_on_top_of_a_letter_takes_no_room():
    assert width("e\u0301") == width("e")
