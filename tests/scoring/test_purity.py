"""Scoring needs numpy, and scipy only where something is computed; what it gives can't be changed."""

import ast
import sys
from pathlib import Path

import pytest

import scoring

MODULES = sorted(Path(next(iter(scoring.__path__))).glob("*.py"))
NEEDED = {"numpy", "scoring"}


def imported(node):
    """The packages that a statement imports, without those of Python itself."""
    names = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names


def imports(tree):
    """The import statements, each with whether it runs when the module is imported."""
    late = {id(inner) for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) for inner in ast.walk(one)}
    found = (one for one in ast.walk(tree) if isinstance(one, ast.Import | ast.ImportFrom))
    return [(imported(one), id(one) not in late) for one in found]


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.stem)
def test_a_module_imports_numpy_at_once_scipy_late_and_nothing_else(module):
    for packages, at_once in imports(ast.parse(module.read_text())):
        assert packages <= (NEEDED if at_once else NEEDED | {"scipy"})


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.stem)
def test_every_public_dataclass_is_frozen(module):
    for one in ast.walk(ast.parse(module.read_text())):
        if isinstance(one, ast.ClassDef) and not one.name.startswith("_"):
            for mark in map(ast.unparse, one.decorator_list):
                assert "dataclass" not in mark or "frozen=True" in mark, one.name
