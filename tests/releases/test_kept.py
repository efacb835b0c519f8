"""Documents are parsed once, and only so many of them are kept."""

import lzma
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from app.releases.document.parts import apart
from app.releases.document.release import digest, dump, load
from app.releases.kept import Kept
from tests.explore.samples import release, row
from tests.fixtures.build import FOLDER


def test_a_document_is_parsed_once_and_the_oldest_give_way_to_newer_ones():
    documents = [dump(replace(release(row("Legal")), number=number)) for number in (1, 2, 3)]
    kept = Kept(fresh=1, room=int(1.5 * apart(documents[0]).pack().size))
    first = kept.document(digest(documents[0]), documents[0])
    assert kept.document(digest(documents[0]), documents[0]) is first
    for one in documents:
        assert dump(kept.document(digest(one), one).release) == one
    assert len(kept) == 2, "the newest as it is stored, the one before packed"
    assert kept.document(digest(documents[0]), documents[0]) is not first


def test_a_document_larger_than_the_room_is_kept_alone():
    small, large = (dump(release(*(row(name) for name in names))) for names in (("IT",), ("IT", "HR", "Tax")))
    kept = Kept(room=1, fresh=1)
    for one in (small, large, small):
        kept.document(digest(one), one)
        assert len(kept._fresh) == 1
    assert len(kept) == 2, "one of each kind"


def test_a_document_taken_apart_says_what_it_says_when_it_is_read_at_once():
    names = ("Legal", 'A"},{"anchors":{}', '}],"schema":1', "Ä \\ ö")
    for written in (dump(release(*(row(name) for name in names))), dump(replace(release(), rows=()))):
        found, whole = Kept().document(digest(written), written), load(written)
        assert found.release == whole
        assert found.bytes.raw() == written
        assert [found.release.row(one.id) for one in whole.rows] == list(whole.rows)
        found.pack()
        assert found.bytes.raw() == written
        assert [found.release.row(one.id) for one in whole.rows] == list(whole.rows)
        assert found.release.row("nowhere") is None


def test_the_kept_releases_of_older_versions_are_taken_apart_like_new_ones(tmp_path: Path):
    file = tmp_path / "released.db"
    file.write_bytes(lzma.decompress(next(FOLDER.glob("*.db.xz")).read_bytes()))
    with closing(sqlite3.connect(file)) as old:
        stored = [written for (written,) in old.execute("SELECT document FROM release")]
    assert stored
    for written in stored:
        found = Kept().document(digest(written), written)
        assert len(found.bytes.rows) == len(load(written).rows)
        assert found.release == load(written)
        found.pack()
        assert found.bytes.size < len(written) / 2


def test_what_a_row_holds_is_read_once_as_long_as_there_is_room():
    written = dump(release(row("Legal"), row("HR")))
    few, many = Kept(read=1).document("1", written).release, Kept().document("1", written).release
    for found, same in ((few, False), (many, True)):
        first, second = found.rows[0].cells, found.rows[1].cells
        before = first["T1"]
        assert second["T1"].kind == "scored"
        assert (first["T1"] is before) == same
        assert first["T1"] == before
        assert "T1" in first
        assert "X9" not in first
        assert dict(first.items()) == dict(zip(first, first.values(), strict=True))
