"""The house rules, held against every file of the project."""

import hashlib
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import rules
from tests.house.rules import PROGRAM, ROOT

# Modules that may be longer, each with its reason. A new entry needs one that a reader accepts.
LONG_ON_PURPOSE: dict[str, str] = {}

# Modules besides queries.py that may write SQL, each with its reason.
SQL_ON_PURPOSE = {
    "app/migrations.py": "reads the one table that belongs to Alembic",
    "app/releases/store.py": "it is the queries of releases: everybody reads a release there and nowhere else",
    "app/releases/supplement.py": "it is the queries of supplements, as store.py is those of releases",
    "app/releases/pairs.py": "it is the queries of comparisons, as store.py is those of releases",
    "app/waves/turnout.py": "the turnout is written once more when a wave has closed, apart from what pages ask",
    "app/answers/comments.py": "the vault gives the words of comments away once, with prebuilt statements",
    "app/answers/write.py": "the vault writes sheets in bulk with prebuilt statements",
    "app/answers/read.py": "the vault reads a wave in one statement, column by column",
    "app/answers/rewriting.py": "the vault and the invitations move rows about without reading them",
    "app/answers/keep.py": "the vault deletes what it no longer keeps in one statement",
}

NEVER_COMMIT = {"service.py", "queries.py", "routes.py", "forms.py", "views.py"}
LOCKS = ("requirements.txt", "requirements-postgres.txt", "requirements-dev.txt")

Rule = Callable[[str], list[str]]


def faults(rule: Rule, files: list[Path]) -> list[str]:
    """What the rule finds in these files, one line each, with the file's name."""
    return [f"{file.relative_to(ROOT)}: {fault}" for file in files for fault in rule(file.read_text(encoding="utf-8"))]


def feature_files(*names: str) -> list[Path]:
    return [file for file in rules.python_files("app") if file.name in names]


def name_in_house(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("rule", [rules.long_functions, rules.unexplained_any])
def test_every_python_file_keeps_the_rules_for_python(rule: Rule):
    assert faults(rule, rules.python_files(*PROGRAM, "tests")) == []


def test_every_module_fits_under_400_lines():
    files = [f for f in rules.python_files(*PROGRAM, "tests") if name_in_house(f) not in LONG_ON_PURPOSE]
    assert faults(rules.long_module, files) == []


def test_every_module_begins_with_a_sentence_that_says_what_it_is():
    assert faults(rules.missing_docstring, rules.python_files(*PROGRAM)) == []


def test_only_queries_write_sql():
    files = [f for f in rules.python_files("app") if f.name != "queries.py" and name_in_house(f) not in SQL_ON_PURPOSE]
    assert faults(rules.sql_words, files) == []


def test_every_exception_is_still_needed():
    assert [name for name in SQL_ON_PURPOSE if not rules.sql_words((ROOT / name).read_text(encoding="utf-8"))] == []
    assert [name for name in LONG_ON_PURPOSE if not rules.long_module((ROOT / name).read_text(encoding="utf-8"))] == []


def test_what_a_request_calls_never_commits():
    assert faults(rules.commits, feature_files(*NEVER_COMMIT)) == []


@pytest.mark.parametrize("feature", sorted(p.name for p in (ROOT / "app").iterdir() if p.is_dir()))
def test_a_feature_does_not_reach_inside_another(feature: str):
    files = rules.python_files(f"app/{feature}")
    assert faults(lambda source: rules.reaches_inside(source, feature=feature), files) == []


def test_every_name_says_something():
    names = [path.relative_to(ROOT) for path in rules.python_files(*PROGRAM, "tests")]
    assert [f"{name}: {fault}" for name in names for fault in rules.vague_name(name)] == []


def test_things_are_called_what_the_glossary_calls_them():
    assert faults(rules.synonyms, rules.python_files(*PROGRAM)) == []


def test_messages_addresses_and_tables_speak_the_words_of_the_glossary():
    files = rules.python_files(*PROGRAM)
    assert len({text for file in files for text in rules.said(file.read_text(encoding="utf-8"))}) > 3000
    assert faults(rules.said_otherwise, files) == []


def test_pages_speak_the_words_of_the_glossary():
    pages = sorted((ROOT / "app").glob("*/templates/**/*.html"))
    assert pages
    assert faults(rules.printed_otherwise, pages) == []


def test_no_file_names_somebodys_machine_or_a_package_registry():
    assert faults(rules.outside_world, rules.text_files()) == []


def test_the_folder_of_migrations_does_not_hide_alembic():
    assert not (ROOT / "alembic" / "__init__.py").exists()


def notes() -> list[Path]:
    """The VENDOR.md files, each beside the files of others that it names."""
    return sorted(note for top in ("static", "tests") for note in (ROOT / top).rglob("VENDOR.md"))


def vendored() -> list[tuple[Path, str]]:
    """The files of others with the SHA-256 that their note gives."""
    line = re.compile(r"^\| `([^`\n]+)` \| `([0-9a-f]{64})` \|", re.MULTILINE)
    return [(note.parent / name, digest) for note in notes() for name, digest in line.findall(note.read_text())]


@pytest.mark.parametrize(("file", "digest"), vendored(), ids=lambda value: getattr(value, "name", ""))
def test_a_vendored_file_is_what_its_note_says(file: Path, digest: str):
    assert hashlib.sha256(file.read_bytes()).hexdigest() == digest


def test_every_file_of_others_stands_in_a_note():
    named = {file for file, _ in vendored()}
    lying_there = {
        file
        for note in notes()
        for file in note.parent.iterdir()
        if {".woff2", ".txt"} & {file.suffix} or ".min." in file.name or file.name == "LICENSE"
    }
    assert lying_there
    assert lying_there <= named


def pins(lock: str) -> dict[str, set[str]]:
    """The versions of each package in a lock; a package can have one for each range of Python versions."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(
        r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE
    ):
        found.setdefault(normal(name), set()).add(version)
    return found


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(requirements: list[str]) -> set[str]:
    return {normal(re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]) for requirement in requirements}


@pytest.mark.parametrize("lock", [*LOCKS, "requirements-bench.txt", "requirements-uv.txt"])
def test_a_lock_has_versions_and_hashes_and_no_address(lock: str):
    assert rules.unpinned((ROOT / lock).read_text(encoding="utf-8")) == []


def test_the_locks_hold_what_the_project_declares():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = declared(project["project"]["dependencies"])
    postgres = declared(project["project"]["optional-dependencies"]["postgres"])
    dev = declared(project["dependency-groups"]["dev"])
    small, middle, large = (pins(lock).keys() for lock in LOCKS)
    assert runtime <= small
    assert runtime | postgres <= middle
    assert runtime | postgres | dev <= large
    assert declared(project["dependency-groups"]["bench"]) <= pins("requirements-bench.txt").keys()
    assert not postgres & small, "psycopg is LGPL and only comes where PostgreSQL is used"


def test_a_package_has_the_same_versions_in_every_lock():
    small, middle, large = map(pins, LOCKS)
    assert small.items() <= {name: large.get(name) for name in small}.items()
    assert middle.items() <= {name: large.get(name) for name in middle}.items()


# Modules besides app/numerals.py that look at digits, each with its reason.
DIGITS_ON_PURPOSE = {
    "app/web/forms.py": "reads the length of a request, which the browser says and nobody types",
    "app/autonomy/spoken.py": "sorts the ids of the library's controls",
    "app/demo/people.py": "chooses among the answers of a scale",
}


def test_numbers_that_people_type_are_read_by_one_reader():
    reads = re.compile(r"\.is(?:digit|decimal|numeric)\(")
    files = (ROOT / "app").rglob("*.py")
    found = {str(file.relative_to(ROOT)) for file in files if reads.search(file.read_text(encoding="utf-8"))}
    assert found == {"app/numerals.py", *DIGITS_ON_PURPOSE}
