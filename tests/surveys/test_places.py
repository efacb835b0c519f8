from dataclasses import replace

import pytest

from surveys.archive import shelve, wrong_successor
from surveys.places import told
from surveys.versions import Difference
from tests.surveys.test_archive import FILES, FIRST, SECOND, later


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ("items.T1a", "core.yaml, line 75, item T1a"),
        ("items.E1", "core.yaml, line 62, item E1"),
        ("items.FIN2", "finance.yaml, line 6, item FIN2"),
        ("scales.true5.3", "core.yaml, line 9, scales.true5.3"),
        ("scales.use", "core.yaml, line 16, scales.use"),
        ("dimensions.T2.name", "core.yaml, line 79, dimensions.T2.name"),
        ("modules.finance", "finance.yaml, line 2, modules.finance"),
        ("pages.module.title", "core.yaml, line 59, pages.module.title"),
        ("extra.nx", "core.yaml, line 45, extra.nx"),
        ("stem", "core.yaml, line 5, stem"),
        ("version", "core.yaml, line 3, version"),
        ("language", "core.yaml, line 1, language"),
        ("de: stem", "translations/de.yaml, line 5, stem"),
        ("de: items.T1a", "translations/de.yaml, line 1, item T1a"),
    ],
)
def test_a_difference_is_told_with_file_line_and_item(where, place):
    """What is not written out, such as the language of English texts, is told at the first line."""
    assert told(SECOND.files, Difference(where, "patch", "It differs.")) == f"{place}: It differs."


def test_the_lines_are_those_of_the_files():
    lines = FILES["core.yaml"].decode().splitlines()
    assert "id: T1a," in lines[74]
    assert lines[8].strip() == "- id: true5"


def test_what_may_not_follow_is_told_by_file_line_and_item():
    core = later()["core.yaml"].replace(b"version: 1.1.0", b"version: 1.0.1")
    german = later()["translations/de.yaml"].replace(b"1.1.0", b"1.0.1")
    now = shelve({**later(), "core.yaml": core, "translations/de.yaml": german})
    (problem,) = wrong_successor(FIRST, now)
    assert problem.startswith("core.yaml, line 3, version: 1.0.1 can't follow 1.0.0: the middle number has to change")
    assert wrong_successor(FIRST, SECOND) == ()
    assert wrong_successor(SECOND, replace(SECOND, published=None)) == ()
