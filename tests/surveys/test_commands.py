"""The commands as a user gives them; what they do to the folder is in test_shelf.py too."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from surveys.commands import commands
from surveys.load import load_file, read_published
from surveys.telling import PageWords
from tests.surveys.authored import Authored, author

ROOT = Path(__file__).parents[2]
GERMAN = "language: de\ninstrument: atr\nversion: 1.0.0\nstate: machine\n"
PAGES = [PageWords("respond", "de", 110, 111, "machine"), PageWords("console", "de", 7, 7, "reviewed")]


class Told:
    """What a command wrote and how it ended."""

    def __init__(self, root: Path, words: list[PageWords], *arguments: str) -> None:
        done = CliRunner().invoke(commands(lambda: words, root=root), list(arguments))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        self.code, self.out, self.err = done.exit_code, done.stdout, done.stderr


@pytest.fixture
def root(authored: Authored) -> Path:
    return authored.folder.parents[1]


@pytest.fixture
def run(root):
    return lambda *arguments, words=(): Told(root, list(words), *arguments)


def translated(authored: Authored, body: str = 'stem: "Wie sehr?"\n') -> None:
    folder = authored.folder / "translations"
    folder.mkdir(exist_ok=True)
    (folder / "de.yaml").write_text(GERMAN + body, encoding="utf-8")


def next_version(root: Path, version: str, *changes: tuple[str, str]) -> Authored:
    """A copy of version 1.0.0 beside it under another number, changed in core.yaml."""
    made = Authored(root / "atr" / version)
    author(root / "scratch").folder.rename(made.folder)
    for old, new in (("version: 1.0.0", f"version: {version}"), *changes):
        made.replace("core.yaml", old, new)
    return made


REPLACED = ("id: T1d, text", "id: T1d@2, text")


def test_check_says_what_each_form_asks_of_whom(run, authored):
    told = run("check", str(authored.folder))
    assert (told.code, told.err) == (0, "")
    assert "full: 58 items on 15 pages, about 7 minutes (legal, hr, finance, operations)" in told.out
    assert "full: 52 items on 14 pages, about 6 minutes (it, customer_service, sales, procurement, other)" in told.out
    assert "pulse: 29 items on 7 pages, about 4 minutes" in told.out
    assert "not published, sha256" in told.out


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(run, authored, tmp_path):
    (tmp_path / "file").write_text("in the way")
    told = run("export", str(authored.folder), "--to", str(tmp_path / "file" / "atr.zip"))
    assert told.code == 2
    assert "cannot be read or written" in told.err


def test_check_names_what_is_wrong_and_fails(run, authored):
    line = authored.replace("core.yaml", "answer: 2", "answer: 6")
    told = run("check", "atr/1.0.0")
    assert (told.code, told.out) == (1, "")
    assert told.err == f"atr/1.0.0:\ncore.yaml, line {line}, item ATT: 6 is outside 1..5\n"


def test_check_tells_of_the_good_and_of_the_bad(run, root):
    next_version(root, "1.1.0", REPLACED).replace("core.yaml", "answer: 2", "answer: 6")
    told = run("check")
    assert told.code == 1
    assert "atr 1.0.0: Trust in" in told.out
    assert told.err.startswith("atr/1.1.0:\ncore.yaml, line ")


def test_check_lists_what_is_not_translated_and_counts_the_pages(run, authored):
    translated(authored)
    told = run("check", words=PAGES)
    assert told.code == 0
    assert "  de Deutsch: 1 of " in told.out
    assert "    missing: items.T1a\n" in told.out
    assert "missing: stem" not in told.out
    assert "not translated into fr, es, ar" in told.out
    assert "pages, respond de: 110 of 111 sentences, not reviewed by a person" in told.out
    assert "pages, console de: 7 of 7 sentences, reviewed" in told.out


def test_check_of_what_is_not_there_is_wrong_use(run):
    told = run("check", "nps")
    assert (told.code, told.out) == (2, "")
    assert told.err == "There is no questionnaire nps. Name a folder, an archive (.zip), or one of: atr/1.0.0.\n"


@pytest.mark.parametrize("arguments", [[], ["frobnicate"], ["diff", "atr/1.0.0"], ["export"], ["check", "--loudly"]])
def test_a_command_that_there_is_not_is_wrong_use(run, arguments):
    assert run(*arguments).code == 2


def test_the_shipped_questionnaires_are_fine_in_the_program_itself():
    told = subprocess.run(
        [sys.executable, "-m", "app", "instrument", "check"], cwd=ROOT, capture_output=True, text=True, env=os.environ
    )
    assert (told.returncode, told.stderr) == (0, "")
    assert "atr 1.0.0: " in told.stdout
    assert "  published, sha256 " in told.stdout
    assert "pages, respond ar: " in told.stdout


def test_publishing_adds_a_line_for_questionnaire_and_translation_and_publishing_again_none(run, root, authored):
    translated(authored)
    for expected in (["atr 1.0.0 is published. It", "atr 1.0.0 in de is published. It"], ["is published already"]):
        told = run("publish", "atr/1.0.0")
        assert told.code == 0
        assert all(one in told.out for one in expected)
        assert [entry.language for entry in read_published(root)] == [None, "de"]
    assert read_published(root)[0].sha256 == load_file(authored.folder).sha256


def test_a_translation_is_published_after_its_questionnaire(run, root, authored):
    run("publish", "atr/1.0.0")
    translated(authored)
    assert "published, sha256" in (checked := run("check")).out
    assert "translations not published: de" in checked.out
    assert run("publish", "atr/1.0.0").out == "atr 1.0.0 in de is published. It never changes from now on.\n"
    assert len(read_published(root)) == 2


@pytest.mark.parametrize("changed", ["questionnaire", "translation", "translation gone"])
def test_a_published_version_is_never_published_with_other_contents(run, root, authored, changed):
    translated(authored)
    run("publish", "atr/1.0.0")
    before = (root / "PUBLISHED").read_bytes()
    if changed == "questionnaire":
        authored.replace("finance.yaml", "on a fixed schedule", "every week")
    elif changed == "translation":
        translated(authored, 'stem: "Wie viel?"\n')
    else:
        (authored.folder / "translations" / "de.yaml").unlink()
    for command in ("check", "publish", "export"):
        told = run(command, "atr/1.0.0")
        assert told.code == 1
        assert "has been published with other contents. A published version never changes" in told.err
    assert (root / "PUBLISHED").read_bytes() == before


def test_check_misses_a_published_version_whose_files_are_gone(run, root, authored):
    run("publish", "atr/1.0.0")
    authored.folder.rename(root / "elsewhere")
    told = run("check")
    assert (told.code, told.err) == (1, "atr/1.0.0: this version was published, and its files are gone\n")


def test_a_folder_that_is_not_named_after_its_version_is_not_published(run, root, authored):
    authored.replace("core.yaml", "version: 1.0.0", "version: 1.1.0")
    told = run("publish", "atr/1.0.0")
    assert told.code == 1
    assert told.err == "atr 1.1.0 must lie in instruments/atr/1.1.0 to be published.\n"
    assert not (root / "PUBLISHED").exists()
    assert run("publish", "atr/7.0.0").code == 2


def test_a_version_whose_number_is_too_small_is_not_published(run, root):
    run("publish", "atr/1.0.0")
    next_version(root, "1.0.1", REPLACED)
    for command in ("publish", "check"):
        told = run(command, "atr/1.0.1")
        assert told.code == 1
        assert (
            "1.0.1 can't follow 1.0.0: the middle number has to change, 1.1.0 or higher, because of items.T1d@2"
            in told.err
        )
    assert len(read_published(root)) == 1


def test_a_reworded_item_is_neither_checked_nor_published(run, root):
    run("publish", "atr/1.0.0")
    next_version(root, "2.0.0", ("stays steady", "is steady"))
    for command in ("publish", "check"):
        told = run(command, "atr/2.0.0")
        assert told.code == 1
        assert "core.yaml, line 78, item T1d: Reworded without a new id, such as T1d@2: ‘The quality of" in told.err


def test_a_key_of_a_clients_own_questionnaire_is_not_published_among_the_shipped(run, root, authored):
    authored.replace("core.yaml", "instrument: atr", "instrument: own_bank")
    authored.folder.parent.rename(root / "own_bank")
    told = run("publish", "own_bank/1.0.0")
    assert (told.code, told.err.split(".")[0]) == (1, "own_bank is the key of a client's own questionnaire")


def test_a_comparison_tells_differences_the_number_and_what_trends_rest_on(run, root):
    next_version(root, "1.1.0", REPLACED, ("id: T2a, anchor: true,", "id: T2a@2, anchor: true,"))
    told = run("diff", "atr/1.0.0", "atr/1.1.0")
    assert (told.code, told.err) == (0, "")
    assert "From atr 1.0.0 to atr 1.1.0\n" in told.out
    assert "  minor    items.T1d@2: New in the dimension T1 in place of T1d.\n" in told.out
    assert "The middle number of the version has to change.\n" in told.out
    assert "Compared on T1a, T1b; left aside: T1c, T1d@2, T1d.\n" in told.out
    assert "1 common anchor item among 4 items before and 4 now; a trend needs 2." in told.out
    assert [line for line in told.out.splitlines() if line.startswith("A trend")] == [
        "A trend from full to full", "A trend from pulse to pulse", "A trend from full to pulse",
    ]  # fmt: skip


def test_a_comparison_with_what_may_not_follow_fails(run, root):
    next_version(root, "1.1.0", ("stays steady", "is steady"))
    told = run("diff", "atr/1.0.0", "atr/1.1.0")
    assert told.code == 1
    assert "No number of the version allows what is refused." in told.out
    assert told.err.startswith("core.yaml, line 78, item T1d: Reworded without a new id")
    assert run("diff", "atr/1.0.0", "atr/1.0.0").out.splitlines()[1] == "Nothing differs."
    assert run("diff", "atr/1.0.0", "atr/3.0.0").code == 2


@pytest.mark.parametrize(("words", "whole", "code"), [([], False, 1), (PAGES[1:], True, 0), (PAGES, True, 1)])
def test_the_state_of_translations_fails_as_long_as_something_is_missing(authored, root, words, whole, code):
    if whole:
        complete(authored)
    told = Told(root, words, "translate-status")
    assert told.code == code
    assert told.out.startswith("atr 1.0.0, written in English\n")
    assert ("not translated into de, fr, es, ar" in told.out) is not whole


def complete(authored: Authored) -> None:
    """Translations that say in every language what the questionnaire says in English."""
    from surveys.translations import Edition, source_texts, translate
    from surveys.write import files_of

    instrument = load_file(authored.folder)
    texts = source_texts(instrument)
    made = {tag: translate(instrument, language=tag, texts=texts) for tag in ("de", "fr", "es", "ar")}
    for name, data in files_of(Edition(instrument, made)).items():
        path = authored.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)


def test_an_archive_goes_out_with_its_history_and_comes_in_again(run, root, authored, tmp_path):
    translated(authored)
    run("publish", "atr/1.0.0")
    next_version(root, "1.1.0", REPLACED)
    archive = tmp_path / "atr.zip"
    assert run("export", "atr", "--to", str(archive)).out == f"Written: {archive}\n"
    with zipfile.ZipFile(archive) as packed:
        told = json.loads(packed.read("manifest.json"))
    assert [(one["version"], one["published"]) for one in told["versions"]] == [("1.0.0", True), ("1.1.0", False)]
    there = tmp_path / "there"
    there.mkdir()
    done = Told(there, [], "import", str(archive))
    assert (done.code, done.out) == (0, "atr 1.0.0 is there now.\natr 1.1.0 is there now.\n")
    assert files(there) == {name: data for name, data in files(root).items() if not name.startswith("scratch")}
    assert Told(there, [], "import", str(archive)).out == "atr 1.0.0 was there already.\natr 1.1.0 was there already.\n"


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_yaml_goes_out_as_a_folder_and_comes_in_again(run, root, authored, tmp_path):
    translated(authored)
    folder = tmp_path / "yaml"
    assert run("export", "atr/1.0.0", "--to", str(folder)).code == 0
    assert files(folder) == files(authored.folder)
    there = tmp_path / "there"
    there.mkdir()
    assert Told(there, [], "import", str(folder)).out == "atr 1.0.0 is there now.\n"
    assert files(there / "atr" / "1.0.0") == files(authored.folder)
    assert not (there / "PUBLISHED").exists()


def test_an_archive_can_be_checked_and_compared_before_it_is_taken_in(run, root, tmp_path):
    run("publish", "atr/1.0.0")
    next_version(root, "1.1.0", REPLACED)
    archive = str(tmp_path / "atr.zip")
    run("export", "atr/1.1.0", "--to", archive)
    assert "atr 1.1.0: Trust in" in run("check", archive).out
    assert "items.T1d@2: New in the dimension T1" in run("diff", "atr/1.0.0", archive).out


def test_what_is_there_is_not_written_over(run, tmp_path):
    (tmp_path / "there.zip").write_bytes(b"mine")
    told = run("export", "atr/1.0.0", "--to", str(tmp_path / "there.zip"))
    assert (told.code, "is there already" in told.err) == (2, True)
    assert (tmp_path / "there.zip").read_bytes() == b"mine"


def test_the_schemas_are_written_to_a_folder_or_told(run, tmp_path):
    assert run("schema", "--to", str(tmp_path / "schemas")).code == 0
    told = run("schema").out
    written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "schemas").iterdir())
    assert len(told) == len(written)
    assert sorted(path.name for path in (tmp_path / "schemas").iterdir())[0] == "archive.schema.json"


@pytest.mark.parametrize("command", ["check", "export", "import", "publish", "translate-status"])
def test_a_folder_without_a_core_is_told_as_wrong_use(run, tmp_path, command):
    (tmp_path / "legal.yaml").write_text("module: legal\n")
    told = run(command, str(tmp_path))
    assert (told.code, told.out) == (2, "")
    assert told.err == f"There is no core.yaml in the folder {tmp_path}, so it is not a questionnaire.\n"


def test_a_single_file_is_told_as_wrong_use(run, authored):
    told = run("check", str(authored.folder / "core.yaml"))
    assert told.code == 2
    assert "core.yaml is a file and no archive (.zip). Name the folder" in told.err
