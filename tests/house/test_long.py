"""The list of long tests: each is there, and a sample leaves it out."""

import ast
from functools import cache
from pathlib import Path

from tests.house.rules import ROOT
from tests.thorough import LONG_TESTS
from tests.timing import longest


@cache
def names_in(file: Path) -> frozenset[str]:
    """The names of the tests of a file."""
    tree = ast.parse(file.read_text(encoding="utf-8")) if file.is_file() else ast.Module([], [])
    return frozenset(one.name for one in tree.body if isinstance(one, ast.FunctionDef))


def test_every_long_test_that_a_sample_leaves_out_is_there():
    gone = [one for one in LONG_TESTS if name_of(one) not in names_in(ROOT / one.partition("::")[0])]
    assert gone == [], "tests/long.txt names tests that are not there (any more)"


def name_of(nodeid: str) -> str:
    return nodeid.partition("::")[2].partition("[")[0]


def test_times_of_several_processes_are_put_together_with_the_longest_first(tmp_path):
    (tmp_path / "1.txt").write_text("0.250 tests/a.py::test_b\n2.000 tests/a.py::test_c[x y]\n")
    (tmp_path / "2.txt").write_text("0.300 tests/d.py::test_e\n")
    assert longest(tmp_path) == [
        (2.0, "tests/a.py::test_c[x y]"),
        (0.3, "tests/d.py::test_e"),
        (0.25, "tests/a.py::test_b"),
    ]
