"""`./run report`: the same bytes as the worker's, under a name of their own, and a sentence for what cannot be."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from app.db import Database
from app.errors import ConflictError, InvalidError, NotFoundError, PlumblineError, UnavailableError
from app.exports.commands import report
from app.releases import store
from app.releases.document.words import row_name
from app.reports import queries, service
from app.reports.options import Options
from app.settings import Settings
from app.worker import Worker
from tests import world
from tests.cast import OTHER_ORGANISATION, Cast
from tests.conftest import Clock
from tests.exports.stage import numbers
from tests.places import START
from tests.world import World

pytestmark = pytest.mark.lived_in

Run = Callable[..., str]


@pytest.fixture
def run(settings: Settings, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command in a folder of its own and gives what it printed; a refusal is raised."""
    monkeypatch.chdir(tmp_path)

    @contextmanager
    def open_database() -> Iterator[tuple[Settings, Database]]:
        yield settings, database

    line = typer.Typer()
    line.command()(report(open_database))

    def invoke(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(line, words)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == code, done.output
        return done.output

    return invoke


def test_a_file_has_the_bytes_that_the_worker_makes(
    run: Run, database: Database, cast: Cast, lived_in: World, clock: Clock, tmp_path: Path
) -> None:
    options = Options.read(kind="xlsx", language="de", paper="Letter")
    with database.writing() as session:
        found = store.latest(session, cast.organisation, lived_in.closed)
        assert found is not None
        service.ask(session, organisation_id=cast.organisation, release_id=found.id, options=options, now=clock.now)
    assert Worker(database, clock=clock).work_once()
    with database.reading() as session:
        made = queries.content(session, cast.organisation, found.id, options)
    assert made is not None
    printed = run("2026-q3", "--format", "xlsx", "--language", "de", "--paper", "Letter", "--out", str(tmp_path))
    path = tmp_path / "fernhill-instruments-fictional-2026-q3-release1-de-letter.xlsx"
    assert path.read_bytes() == made[0]
    assert str(path) in printed
    assert made[1] in printed


def test_a_file_has_the_name_that_it_is_given_and_a_wave_its_id(run: Run, lived_in: World, tmp_path: Path) -> None:
    run(str(lived_in.closed), "--format", "json", "--out", "mine.json")
    content = (tmp_path / "mine.json").read_bytes()
    # Others on the machine cannot read what is confidential, whatever they may do to new files elsewhere.
    assert (tmp_path / "mine.json").stat().st_mode & 0o777 == 0o600
    run("2026-Q3", "--format", "json")
    assert (tmp_path / "fernhill-instruments-fictional-2026-q3-release1.json").read_bytes() == content


# WeasyPrint leaves closing its colour profile to Python.
@pytest.mark.filterwarnings("ignore:.*sRGB2014.icc:pytest.PytestUnraisableExceptionWarning")
def test_one_file_of_each_format_comes_into_a_folder(run: Run, database: Database, cast: Cast, lived_in: World,
                                                     tmp_path: Path) -> None:  # fmt: skip
    pytest.importorskip("pyreadstat", reason="the extra `spss` is not installed")
    printed = run("2026-Q3", "--format", "all", "--out", str(tmp_path))
    made = sorted(tmp_path.iterdir())
    assert {"pdf", "pptx", "docx", "xlsx", "csv", "sav", "R", "json"} <= {path.suffix[1:] for path in made}
    assert [path.name for path in made if path.suffix == ".zip" and "figures" not in path.name] == []
    assert all(hashlib.sha256(path.read_bytes()).hexdigest() in printed for path in made)
    with database.reading() as session:
        found = store.latest(session, cast.organisation, lived_in.closed)
    assert found is not None
    data = next(path for path in made if path.suffix == ".csv" and "dictionary" not in path.name)
    told = csv.DictReader(io.StringIO(data.read_text(encoding="utf-8-sig"), newline=""))
    assert Counter(int(one["value"]) for one in told if one["value"]) == numbers(found.document)


def test_a_report_of_one_department_names_it(run: Run, database: Database, cast: Cast, lived_in: World,
                                             tmp_path: Path) -> None:  # fmt: skip
    with database.reading() as session:
        found = store.latest(session, cast.organisation, lived_in.closed)
    assert found is not None
    name = row_name(found.document.rows[1])
    run("2026-Q3", "--department", name.upper())
    [path] = tmp_path.iterdir()
    assert name.lower().replace(" ", "-") in path.name
    assert path.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        (["2031-Q1"], NotFoundError, "no wave “2031-Q1”. There are: 2026-Q3 (Fernhill Instruments .*) and 2026-Q4"),
        (["2026-Q4"], ConflictError, "Wave 2026-Q4 of Fernhill .* has no result yet: people are still answering"),
        (["2026-Q3", "--client", "Nobody"], NotFoundError, "No client with a wave is called “Nobody”. There"),
        (["2026-Q3", "--format", "doc"], InvalidError, "Choose one of the formats: pdf, pdfa, pptx"),
        (["2026-Q3", "--language", "xx"], InvalidError, "Choose one of the languages: en, de"),
        (["2026-Q3", "--paper", "A3"], InvalidError, "A4 or Letter"),
        (["2026-Q3", "--department", "Poetry"], NotFoundError, "no department “Poetry”. It has: .*Operations"),
        (["2026-Q3", "--format", "zip", "--department", "Operations"], InvalidError, "whole organisation only"),
        (["2026-Q3", "--out", "gone/mine.pdf"], NotFoundError, "The folder gone does not exist"),
        (["2026-Q3", "--out", "gone/"], NotFoundError, "The folder gone.* does not exist"),
        (["2026-Q3", "--format", "all", "--out", "gone"], NotFoundError, "The folder gone does not exist"),
        (["2026-Q3", "--out", "there.txt"], ConflictError, "there.txt is there already, and nothing was changed"),
        (["2026-Q3", "--out", "there.txt/mine.pdf"], InvalidError, "there.txt is no folder"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_refused_with_what_to_do(
    run: Run, tmp_path: Path, words: list[str], error: type[PlumblineError], told: str
) -> None:
    (tmp_path / "there.txt").write_text("kept")
    with pytest.raises(error, match=told.replace("(", r"\(").replace(")", r"\)")):
        run(*words)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("there.txt", "kept")]


def test_of_several_clients_or_assessments_with_the_same_wave_one_has_to_be_named(
    run: Run, database: Database, cast: Cast, tmp_path: Path
) -> None:
    later = START + timedelta(days=1)
    world.plan_wave(database, cast, now=later, name="Another assessment")
    with pytest.raises(ConflictError, match="several waves 2026-Q3. Give the id of one: .*Another assessment"):
        run("2026-Q3", "--client", "fernhill")
    with database.writing() as session:
        from app.waves.service import plan_assessment

        plan_assessment(
            session, organisation_id=cast.other, name="Readiness", instrument="atr", label="2026-Q4", form="pulse",
            planned_close=None, now=later,
        )  # fmt: skip
    with pytest.raises(ConflictError, match="Several clients have a wave 2026-Q4: .* Say which with --client"):
        run("2026-Q4")
    with pytest.raises(ConflictError, match="Wave 2026-Q4 of Quarry Lane Books .* it has not been opened yet"):
        run("2026-Q4", "--client", OTHER_ORGANISATION)
    # Both have an s in their name, and only one of them a wave of that name.
    several = f"Several clients are meant by “s”: .*{cast.organisation}.* Give the whole name of one, or its id"
    with pytest.raises(ConflictError, match=several):
        run("2026-Q3", "--client", "s")
    assert not list(tmp_path.iterdir())


def test_without_an_extra_the_command_that_installs_it_is_named_and_all_else_is_made(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyreadstat", None)
    with pytest.raises(UnavailableError, match="uv pip install 'pyreadstat"):
        run("2026-Q3", "--format", "sav")
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr("app.exports.wanted.FORMATS", {"sav": Options.read(kind="sav").kind, **_little()})
    printed = run("2026-Q3", "--format", "all", code=1)
    assert "Not made: All numbers (SPSS). SPSS files need two libraries" in printed
    assert [path.suffix for path in tmp_path.iterdir()] == [".json"]


def _little() -> dict[str, object]:
    return {"json": Options.read(kind="json").kind}
