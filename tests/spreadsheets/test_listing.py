"""The sign between the values of a list is found by its headings."""

import pytest

from app.spreadsheets.listing import separated

KNOWN = {"department": "department", "headcount": "headcount"}


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_sign_by_which_headings_are_known_stands_between_values(sign: str):
    text = f'\ufeff"Department"{sign}Head count\n\n"Tax{sign} fees"{sign}5\r\n'
    assert list(separated(text, KNOWN)) == [(1, ["Department", "Head count"]), (3, [f"Tax{sign} fees", "5"])]


def test_where_no_heading_is_known_the_sign_that_the_first_line_has_most_of_stands_between_values():
    assert next(separated("a, b;c;d\n", KNOWN)) == (1, ["a, b", "c", "d"])
