"""What ./run decides: which packages a word needs, what it starts, and what it says when it can't install something."""

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.rules import ROOT, python_files


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script ./run as a module, with an environment folder of its own in which nothing is installed."""
    loader = SourceFileLoader("run", str(ROOT / "run"))
    spec = importlib.util.spec_from_loader("run", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    loader.exec_module(module)
    monkeypatch.delenv("PLUMBLINE_DATABASE_URL", raising=False)
    monkeypatch.setattr(module, "VENV", tmp_path)
    monkeypatch.setattr(module, "STAMP", tmp_path / "installed")
    monkeypatch.setattr(module, "PYTHON", tmp_path / "python")
    return module


def test_no_word_serves_and_any_other_word_goes_to_the_command_line(run: ModuleType):
    assert run.command_for([]) == ["-m", "app", "serve"]
    assert run.command_for(["user", "add"]) == ["-m", "app", "user", "add"]
    assert run.command_for(["architecture"]) == ["-m", "tests.house.architecture"]


def test_the_word_test_alone_runs_everything_in_parallel(run: ModuleType):
    assert run.command_for(["test"])[:3] == ["-m", "pytest", "-n"]
    assert run.command_for(["test", "tests/house", "-x"]) == ["-m", "pytest", "tests/house", "-x"]


def test_without_a_browser_everything_runs_but_the_files_that_are_named_after_one(run: ModuleType):
    [left_out] = set(run.command_for(["test", "--without-browser"])) - set(run.command_for(["test"]))
    assert left_out.startswith("--ignore-glob=*")
    ending = left_out.removeprefix("--ignore-glob=*")
    drivers = ("launched_browser", "playwright.sync_api")
    driving = {path.name for path in python_files("tests") if any(one in path.read_text("utf-8") for one in drivers)}
    assert {name for name in driving if not name.endswith(ending)} == {Path(__file__).name, "conftest.py"}


def test_postgresql_gets_its_driver_and_tests_get_everything(run: ModuleType, monkeypatch: pytest.MonkeyPatch):
    assert run.requirements_for(["demo"]) == "requirements.txt"
    monkeypatch.setenv("PLUMBLINE_DATABASE_URL", "postgresql://db.example/plumbline")
    assert run.requirements_for([]) == "requirements-postgres.txt"
    assert run.requirements_for(["test"]) == "requirements-dev.txt"


def test_packages_are_installed_once_and_the_larger_set_serves_the_smaller(run: ModuleType, installed: list[str]):
    assert not run.is_installed("requirements.txt")
    run.install_python_packages("requirements-postgres.txt")
    assert run.is_installed("requirements.txt")
    assert run.is_installed("requirements-postgres.txt")
    assert not run.is_installed("requirements-dev.txt")
    assert [name for name in installed if "uv" not in name] == ["requirements-postgres.txt"]


@pytest.fixture
def installed(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The requirement files that would have been installed; nothing is."""
    names: list[str] = []
    monkeypatch.setattr(run, "pip_command", lambda: ["pip"])
    monkeypatch.setattr(run.subprocess, "run", lambda command, check: names.append(Path(command[-1]).name))
    run.PYTHON.touch()
    return names


def test_a_changed_lock_or_another_python_is_installed_anew(
    run: ModuleType, installed: list[str], monkeypatch: pytest.MonkeyPatch
):
    run.install_python_packages("requirements.txt")
    assert len(installed) == 2
    monkeypatch.setattr(run, "digest", lambda name: "of another content")
    assert not run.is_installed("requirements.txt")


def test_a_missing_library_names_the_exact_command(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(run, "may_use_apt", lambda: False)
    monkeypatch.setattr(run, "is_there", lambda name: "subset" not in name)
    monkeypatch.setattr(run.sys, "platform", "linux")
    native = run.NativePackages(run.Apt(), for_tests=False)
    native.run()
    native.report()
    said = capsys.readouterr().err
    assert said.startswith("PDF reports are off until you run:")
    assert "apt-get install -y --no-install-recommends libharfbuzz-subset0\n" in said


def test_what_apt_could_not_install_is_not_tried_at_every_start(run: ModuleType, monkeypatch: pytest.MonkeyPatch):
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(run, "may_use_apt", lambda: True)
    monkeypatch.setattr(run, "is_there", lambda name: False)
    monkeypatch.setattr(run.Apt, "install", lambda self, packages: calls.append(tuple(packages)))
    for _ in range(2):
        native = run.NativePackages(run.Apt(), for_tests=False)
        native.run()
        native.report()
    assert calls == [tuple(run.PDF_PACKAGES)]


def test_without_venv_a_user_is_told_one_command_for_everything(run: ModuleType, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run, "may_use_apt", lambda: False)
    monkeypatch.setattr(run, "can_make_venvs", lambda: False)
    monkeypatch.setattr(run, "is_there", lambda name: False)
    monkeypatch.setattr(run.sys, "platform", "linux")
    with pytest.raises(SystemExit, match="python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"):
        run.make_venv(run.Apt())


def test_an_old_python_is_named_with_the_version_that_is_needed(run: ModuleType, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run, "OLDEST_PYTHON", (9, 0))
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer; this is Python"):
        run.use_a_new_enough_python([])
