"""The worked tables of docs/scoring.md and docs/autonomy.md, by the id of their method."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
PAGE = "\n".join((DOCS / name).read_text(encoding="utf-8") for name in ("scoring.md", "autonomy.md"))


def tables(method):
    """The tables below the heading with this method id, each as a list of rows by column name."""
    section = re.split(rf"^#+ .*`{method}`$", PAGE, flags=re.MULTILINE)[1]
    section = re.split(r"^#+ ", section, flags=re.MULTILINE)[0]
    found = []
    for block in re.findall(r"(?:^\|.*\n)+", section, flags=re.MULTILINE):
        head, _, *rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in block.splitlines()]
        found.append([dict(zip(head, row, strict=True)) for row in rows])
    return found


def rows(method):
    """The rows of a section with one table."""
    (table,) = tables(method)
    return table


def digits(value, like):
    """A number with as many digits behind the point as the cell has, in its way of writing a share: .25 and 0.25."""
    _, _, behind = like.partition(".")
    written = f"{value:.{len(behind)}f}"
    return re.sub(r"^(-?)0\.", r"\1.", written) if re.match(r"-?\.", like) else written
