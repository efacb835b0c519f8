"""The table of parity: each number is as near to its reference as it has to be, and every module is accounted for."""

from pathlib import Path

from tests.scoring.parity_table import CLOSED_FORM, FITTED, WITHOUT, lines, printed

SCORING = Path(__file__).parents[2] / "scoring"
CARRIES = {"__init__", "arrays", "errors", "levels", "student", "moments", "kernel", "factor"}
"""Modules without a formula of their own, or whose formulas the lines of others go through."""


def test_every_number_is_as_near_to_its_reference_as_it_has_to_be():
    found = lines()
    assert [(one.function, one.data, one.apart) for one in found if not one.fits] == []
    assert {one.tolerance for one in found} == {CLOSED_FORM, FITTED}
    assert {one.function for one in found if one.tolerance == FITTED} == {"omega", "omega, Heywood case"}
    assert sum(one.numbers for one in found) > 800


def test_the_printed_table_has_each_line_and_each_formula_without_reference():
    text = printed()
    assert text.count("\n| ") == len(lines()) + len(WITHOUT) + 1


def test_every_module_of_scoring_is_in_the_table_or_below_it():
    names = {path.stem for path in SCORING.glob("*.py")} - CARRIES
    source = (Path(__file__).parent / "parity_table.py").read_text(encoding="utf-8")
    below = " ".join(what for what, _, _ in WITHOUT)
    assert {one for one in names if f"from scoring.{one} import" not in source and f"{one}.py" not in below} == set()
