import re
import shutil
from pathlib import Path

import pytest

from surveys import shelf
from surveys.archive import Archive, pack, shelve
from surveys.load import PUBLISHED_FILE, read_published
from surveys.reader import InstrumentError
from tests.surveys.test_archive import ARCHIVE, FILES, FIRST, GERMAN, PACKED, SECOND, later


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "instruments"
    made.mkdir()
    return made


def state(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def refusal(root: Path, archive: Archive) -> str:
    """The refusal, which leaves everything as it was."""
    before = state(root)
    with pytest.raises(InstrumentError) as caught:
        shelf.take_in(root, archive)
    assert state(root) == before
    return str(caught.value)


def test_an_archive_is_taken_in_with_all_its_versions_and_lines(root):
    shelf.take_in(root, ARCHIVE)
    assert [entry.line().rsplit(" ", 1)[0] for entry in read_published(root)] == [
        "atr 1.0.0",
        "atr 1.1.0",
        "atr 1.1.0 de",
    ]
    assert shelf.find(root, "atr") == ARCHIVE
    assert pack(shelf.find(root, "atr")) == PACKED
    assert [folder.name for folder in shelf.folders(root)] == ["1.0.0", "1.1.0"]


def test_versions_are_ordered_by_their_numbers(root):
    for version in ("1.10.0", "1.9.0", "0.11.0"):
        core = FILES["core.yaml"].replace(b"version: 1.0.0", f"version: {version}".encode())
        shelf.take_in(root, Archive((shelve({**FILES, "core.yaml": core}),)))
    assert shelf.find(root, "atr").newest.instrument.version == "1.10.0"


def test_a_translation_is_added_to_a_version_that_is_there(root):
    shelf.take_in(root, Archive((FIRST,)))
    without = {name: data for name, data in later().items() if not name.startswith("translations")}
    shelf.take_in(root, Archive((FIRST, shelve(without, published=frozenset()))))
    assert shelf.take_in(root, ARCHIVE) == [
        "atr 1.0.0 was there already.",
        "atr 1.1.0 was there already; new are translations/de.yaml.",
    ]
    assert shelf.find(root, "atr") == ARCHIVE


def test_another_version_of_the_same_number_is_refused(root):
    shelf.take_in(root, Archive((shelve(FILES),)))
    other = {**FILES, "finance.yaml": FILES["finance.yaml"].replace(b"on a fixed schedule", b"weekly")}
    assert refusal(root, Archive((shelve(other),))) == (
        "atr 1.0.0 is there with other contents. Give one of them another version."
    )
    shelf.publish(root, root / "atr" / "1.0.0")
    assert "atr 1.0.0 has been published with other contents" in refusal(root, Archive((shelve(other),)))


def test_another_translation_of_the_same_version_is_refused(root):
    shelf.take_in(root, Archive((FIRST, shelve(later(), published=frozenset()))))
    other = shelve({**later(), "translations/de.yaml": GERMAN.replace(b"sehr", b"viel")}, published=frozenset())
    assert "atr 1.1.0 is there in de with other words" in refusal(root, Archive((FIRST, other)))
    shelf.publish(root, root / "atr" / "1.1.0")
    told = refusal(root, Archive((FIRST, other)))
    assert "The translation of atr 1.1.0 into de has been published with other contents" in told


def test_a_published_version_that_is_gone_is_taken_in_with_its_own_contents_only(root):
    shelf.take_in(root, Archive((FIRST,)))
    shutil.rmtree(root / "atr")
    other = {**FILES, "finance.yaml": FILES["finance.yaml"].replace(b"on a fixed schedule", b"weekly")}
    assert "has been published with other contents" in refusal(root, Archive((shelve(other),)))
    shelf.take_in(root, Archive((FIRST,)))
    assert shelf.find(root, "atr/1.0.0") == Archive((FIRST,))


def test_a_draft_that_rewords_what_is_published_here_is_refused(root):
    shelf.take_in(root, Archive((FIRST,)))
    core = later()["core.yaml"].replace(b"id: T1d@2, text", b"id: T1d, text").replace(b"stays steady", b"is steady")
    draft = shelve({**later(), "core.yaml": core})
    for archive in (Archive((draft,)), Archive((FIRST, draft))):
        told = refusal(root, archive)
        assert told.startswith("1.1.0, core.yaml, line 78, item T1d: Reworded without a new id")


def test_a_version_between_two_that_are_here_is_held_against_the_one_before_it(root):
    shelf.take_in(root, ARCHIVE)
    files = {name: data.replace(b"1.1.0", b"1.2.0") for name, data in later().items()}
    shelf.take_in(root, Archive((shelve(files, published=frozenset({"de"})),)))
    german = files["translations/de.yaml"].replace(b"1.2.0", b"1.3.0").replace(b"sehr", b"viel")
    core = files["core.yaml"].replace(b"1.2.0", b"1.3.0")
    told = refusal(root, Archive((FIRST, shelve({**files, "core.yaml": core, "translations/de.yaml": german}))))
    assert told.startswith("1.3.0, translations/de.yaml, line 5, stem: Translated anew without a new id")


@pytest.mark.parametrize("step", ["_write_published", "_write_one"])
def test_when_writing_fails_everything_is_as_before(root, tmp_path, monkeypatch, step):
    shelf.take_in(root, Archive((FIRST,)))
    before = state(root)
    real = getattr(shelf, step)

    def fails(*arguments: object) -> object:
        if step == "_write_one":
            list(real(*arguments))
        raise OSError("the disk is full")

    monkeypatch.setattr(shelf, step, fails)
    empty = tmp_path / "empty"
    empty.mkdir()
    for folder in (root, empty):
        with pytest.raises(OSError, match="the disk is full"):
            shelf.take_in(folder, ARCHIVE)
    monkeypatch.undo()
    assert state(root) == before
    assert not list(empty.iterdir())
    assert not list(root.glob(".import-*"))


def test_a_folder_with_too_many_files_is_not_read(root):
    folder = root / "atr" / "1.0.0"
    folder.mkdir(parents=True)
    for number in range(shelf.MAX_FILES + 1):
        (folder / f"m{number}.yaml").write_bytes(b"")
    (folder / "core.yaml").write_bytes(FILES["core.yaml"])
    with pytest.raises(
        InstrumentError, match=re.escape(f"{shelf.MAX_FILES + 2} files in this folder; {shelf.MAX_FILES} is")
    ):
        shelf.find(root, "atr")


def test_an_archive_that_is_too_large_is_not_read_whole(root, tmp_path):
    with (tmp_path / "large.zip").open("wb") as file:
        file.write(PACKED)
        file.truncate(50_000_000)
    with pytest.raises(InstrumentError, match=r"large\.zip: this file has more than 4 MB"):
        shelf.find(root, str(tmp_path / "large.zip"))


def test_a_line_is_added_to_the_list_in_one_step(root):
    shelf.take_in(root, Archive((FIRST,)))
    before = (root / PUBLISHED_FILE).stat().st_ino
    shelf.take_in(root, Archive((FIRST,)))
    assert (root / PUBLISHED_FILE).stat().st_ino == before
    shelf.take_in(root, Archive((FIRST, SECOND)))
    assert sorted(path.name for path in root.iterdir()) == [PUBLISHED_FILE, "atr"]
