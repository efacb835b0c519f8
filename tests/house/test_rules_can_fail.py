"""Every house rule finds the fault that it is there for, and lets its mended form pass."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.house import rules

LONG_FUNCTION = "def report():\n" + "    print()\n" * 40
FAULTS: list[tuple[Callable[[str], list[str]], str, str]] = [
    (rules.long_functions, LONG_FUNCTION, LONG_FUNCTION.removesuffix("    print()\n")),
    (rules.long_functions, f"async {LONG_FUNCTION}", "async def report():\n    print()\n"),
    (rules.long_module, "x = 1\n" * 400, "x = 1\n" * 399),
    (rules.sql_words, "from sqlmodel import Session, select", "from sqlmodel import Session"),
    (rules.sql_words, "from sqlalchemy.dialects.sqlite import insert", "from html import escape"),
    (rules.sql_words, "import sqlalchemy as sa\nsa.text('SELECT 1')", "import sqlalchemy as sa\nsa.Engine"),
    (rules.commits, "def close(session):\n    session.commit()", "def close(session):\n    session.flush()"),
    (rules.synonyms, "def close(units): ...", "def close(departments): ..."),
    (rules.synonyms, "class WorkUnit:\n    participation: int", "class Work:\n    response_rate: int"),
    (rules.said_otherwise, 'say("All units of it")', 'say("All departments")'),
    (rules.said_otherwise, 'router.get("/tenants/{id}")', 'router.get("/organisations/{id}")'),
    (rules.said_otherwise, 'class T:\n    __tablename__ = "dept"', 'class T:\n    __tablename__ = "department"'),
    (rules.printed_otherwise, "<p>Your participation</p>", "{# a unit of length #}<p>The response rate</p>"),
    (rules.missing_docstring, "x = 1", '"""What is fixed."""\nx = 1'),
    (rules.missing_docstring, '"""Says nothing much"""\nx = 1', ""),
    (rules.missing_docstring, '"""Forms."""\nx = 1', '"""Forms as they were sent."""\nx = 1'),
    (rules.unexplained_any, "from typing import Any\nx: Any", "from typing import Any\nx: Any  # Any: JSON"),
    (rules.outside_world, "see /" + "tmp/mine", "see the folder"),
    (rules.outside_world, "https://" + "pypi.org/simple", "https://plumbline.example/simple"),
    (rules.unpinned, "numpy>=2\n", "numpy==2.4.6 \\\n    --hash=sha256:ab\n    # via scipy\n"),
    (rules.unpinned, "--extra-index" + "\nnumpy==2.4.6 --hash=sha256:ab", "numpy==2.4.6 --hash=sha256:ab"),
    (rules.unpinned, "numpy @ https://numpy.example/a.whl", "numpy==2.4.6 --hash=sha256:ab"),
    (
        partial(rules.reaches_inside, feature="explore"),
        "from app.waves.views import WavePage",
        "from app.waves.queries import find_wave\nfrom app.web.views import View\nfrom app.explore.views import Map",
    ),
    (
        partial(rules.reaches_inside, feature="explore"),
        "from app.waves import forms",
        "from app.waves import service",
    ),
]


@pytest.mark.parametrize(("rule", "fault", "mended"), FAULTS)
def test_a_rule_finds_its_fault_and_nothing_else(rule: Callable[[str], list[str]], fault: str, mended: str):
    assert rule(fault), "the fault was not found"
    assert rule(mended) == []


def test_a_name_that_says_nothing_is_found():
    assert rules.vague_name(Path("app/waves/utils.py"))
    assert rules.vague_name(Path("app/common/dates.py"))
    assert rules.vague_name(Path("app/waves/service.py")) == []
