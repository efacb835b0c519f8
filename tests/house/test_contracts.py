"""The import contracts are kept, and each of them breaks when something is imported that it forbids."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.rules import ROOT

LINT = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"

# For each contract a module and an import in it that the contract forbids.
SEEDS = {
    "rooms": ("app/clients/service.py", "import app.explore.routes"),
    "inside": ("app/clients/queries.py", "import app.clients.routes"),
    "release": ("app/releases/plan/layout.py", "import app.releases.compute"),
    "apart": ("surveys/model.py", "import scoring"),
    "below": ("scoring/__init__.py", "import app.db"),
    "vault-table": ("app/waves/queries.py", "import app.answers.model"),
    "vault-read": ("app/explore/routes.py", "import app.answers.read"),
    "vault-write": ("app/waves/service.py", "import app.answers.write"),
    "vault-comments": ("app/comments/service.py", "import app.answers.comments"),
    "supplement-audit": ("app/comments/audit.py", "import app.releases.plan.coarsening"),
    "web-process": ("app/clients/routes.py", "import weasyprint"),
    "services": ("app/waves/service.py", "import fastapi"),
    "auditor": ("app/releases/audit/support.py", "import app.releases.plan.coarsening"),
}


def contract_names() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract["name"] for contract in project["tool"]["importlinter"]["contracts"]}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", LINT], cwd=folder, capture_output=True, text=True, timeout=120)


@pytest.fixture
def copy_of_the_house(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in ("app", "surveys", "scoring"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_the_contracts_are_kept():
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_contract_can_break(copy_of_the_house: Path):
    for name, line in SEEDS.values():
        file = copy_of_the_house / name
        assert file.exists(), f"{name} has moved: seed this contract elsewhere"
        file.write_text(f"{file.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    result = lint(copy_of_the_house)
    assert result.returncode != 0
    broken = set(re.findall(r"^(.+) BROKEN", result.stdout, re.MULTILINE))
    assert broken == set(contract_names().values()), result.stdout + result.stderr
    assert SEEDS.keys() == contract_names().keys()
