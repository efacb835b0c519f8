"""Documents are parsed once, and only so many of them are kept."""

from dataclasses import replace

from app.releases.document.release import digest, dump
from app.releases.kept import Kept
from tests.explore.samples import release, row


def test_a_document_is_parsed_once_and_the_oldest_give_way_to_newer_ones():
    documents = [dump(replace(release(row("Legal")), number=number)) for number in (1, 2, 3)]
    kept = Kept(room=2 * len(documents[0]))
    first = kept.document(digest(documents[0]), documents[0])
    assert kept.document(digest(documents[0]), documents[0]) is first
    for one in documents:
        assert dump(kept.document(digest(one), one)) == one
    assert len(kept) == 2
    assert kept.document(digest(documents[0]), documents[0]) is not first


def test_a_document_larger_than_the_room_is_kept_alone():
    small, large = (dump(release(*(row(name) for name in names))) for names in (("IT",), ("IT", "HR", "Tax")))
    kept = Kept(room=1)
    for one in (small, large):
        kept.document(digest(one), one)
    assert len(kept) == 1
