"""The documentation leads somewhere: every link and picture that it names in this repository exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def broken_links(text: str, folder: Path) -> list[str]:
    """The links to files that are not there; addresses on the web are not looked up."""
    return [link for link in LINK.findall(text) if "://" not in link and not (folder / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_the_documentation_leads_to_a_file(page: Path) -> None:
    assert broken_links(page.read_text(), page.parent) == []


def test_a_link_to_nothing_is_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("x")
    text = "[a](there.md) ![b](missing.png) [c](https://example.org/x) [d](there.md#part)"
    assert broken_links(text, tmp_path) == ["missing.png"]


def numbers_twice(names: list[str]) -> list[str]:
    """The numbers that more than one decision has."""
    numbers = [name.partition("-")[0] for name in names]
    return sorted({one for one in numbers if numbers.count(one) > 1})


def test_every_decision_has_a_number_of_its_own() -> None:
    names = [page.name for page in (ROOT / "docs" / "decisions").glob("*.md")]
    assert names
    assert numbers_twice(names) == []


def test_a_number_that_two_decisions_have_is_found() -> None:
    assert numbers_twice(["0024-a.md", "0025-b.md", "0024-c.md"]) == ["0024"]


def test_a_decision_names_its_own_number() -> None:
    for page in (ROOT / "docs" / "decisions").glob("*.md"):
        told = re.match(r"# (?:ADR )?0*(\d+)[.:]", page.read_text())
        assert told is not None, page.name
        assert int(told[1]) == int(page.name[:4]), page.name
