import io
import json
import re
import stat
import struct
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.archive import MANIFEST, Archive, pack, shelve, unpack
from surveys.load import INSTRUMENTS
from surveys.reader import MAX_BYTES, InstrumentError
from surveys.zipped import MAX_ARCHIVE, MAX_ENTRIES
from tests.thorough import examples

HERE = INSTRUMENTS / "atr" / "1.0.0"
FILES = {path.relative_to(HERE).as_posix(): path.read_bytes() for path in HERE.rglob("*.yaml")}
GERMAN = b'language: de\ninstrument: atr\nversion: "1.1.0"\nstate: machine\nstem: "Wie sehr?"\n'


def later() -> dict[str, bytes]:
    """Version 1.1.0: one item replaced, and in German."""
    core = (
        FILES["core.yaml"].replace(b"version: 1.0.0", b"version: 1.1.0").replace(b"id: T1d, text", b"id: T1d@2, text")
    )
    return {**FILES, "core.yaml": core, "translations/de.yaml": GERMAN}


FIRST = shelve(FILES, published=frozenset())
SECOND = shelve(later(), published=frozenset({"de"}))
ARCHIVE = Archive((FIRST, SECOND))
PACKED = pack(ARCHIVE)


def entries(data: bytes = PACKED) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {info.filename: file.read(info) for info in file.infolist()}


def zipped(files: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", how) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return packed.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(InstrumentError) as caught:
        unpack("mine.zip", data)
    assert all(problem.startswith("mine.zip") for problem in caught.value.problems)
    return "\n".join(caught.value.problems)


def stating(change) -> bytes:
    files = entries()
    told = json.loads(files[MANIFEST])
    change(told)
    return zipped({**files, MANIFEST: json.dumps(told).encode()})


def test_what_goes_out_comes_in_again():
    assert unpack("mine.zip", PACKED) == ARCHIVE
    assert unpack("mine.zip", PACKED).newest.translations["de"].texts == {"stem": "Wie sehr?"}


def test_the_same_versions_give_the_same_bytes():
    assert pack(unpack("mine.zip", PACKED)) == PACKED
    assert pack(Archive((shelve(dict(reversed(FILES.items())), published=frozenset()), SECOND))) == PACKED


def test_every_shipped_questionnaire_can_be_packed_with_all_its_files():
    for folder in sorted(path.parent for path in INSTRUMENTS.glob("*/*/core.yaml")):
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.yaml")}
        archive = Archive((shelve(files),))
        again = unpack("mine.zip", pack(archive))
        assert again == archive
        assert again.shelved[0].files == files


def test_an_archive_that_another_program_packed_smaller_is_read():
    assert unpack("mine.zip", zipped(entries(), zipfile.ZIP_DEFLATED)) == ARCHIVE


@pytest.mark.parametrize(
    "path",
    [
        "../evil.yaml", "1.0.0/../../evil.yaml", "/etc/passwd", "1.0.0/translations/../x.yaml", "C:/x.yaml",
        "1.0.0\\core.yaml", "1.0.0/sub/x.yaml", "1.0.0/core.yml", "1.0.0/", "x.py", "1.0.0/Core.yaml", "1.0.0/a b.yaml",
        "1.0/core.yaml", "1.0.0/translations/translations/de.yaml", "1.0.0/core.yaml\n",
    ],
)  # fmt: skip
def test_a_path_that_no_questionnaire_has_is_refused_by_its_name(path):
    told = refusal(zipped({**entries(), path: b"x"}))
    assert told == f"mine.zip, {path!r}: a file of this name is not taken here"


def test_a_path_with_an_end_inside_is_refused():
    data = zipped({**entries(), "1.0.0/corezyaml": b"x"}).replace(b"corezyaml", b"core\x00yaml")
    assert "a file of this name is not taken here" in refusal(data)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFDIR])
def test_a_link_or_a_device_is_refused(kind):
    packed = io.BytesIO(PACKED)
    with zipfile.ZipFile(packed, "a") as file:
        info = zipfile.ZipInfo("1.0.0/link.yaml")
        info.create_system = 3
        info.external_attr = (kind | 0o777) << 16
        file.writestr(info, "/etc/passwd")
    assert refusal(packed.getvalue()) == "mine.zip, '1.0.0/link.yaml': this is a link or a device and not a file"


def test_a_file_that_is_in_it_twice_is_refused():
    packed = io.BytesIO(PACKED)
    with zipfile.ZipFile(packed, "a") as file, pytest.warns(UserWarning, match="Duplicate name"):
        file.writestr("1.0.0/core.yaml", "again")
    assert refusal(packed.getvalue()) == "mine.zip, '1.0.0/core.yaml': this file is in it twice"


def test_an_encrypted_file_is_refused():
    """The flag stands in the list of contents: 8 bytes after its mark."""
    data = bytearray(PACKED)
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert "this file is encrypted" in refusal(bytes(data))


def test_another_way_of_packing_is_refused():
    assert "packed in a way that is not taken" in refusal(zipped(entries(), zipfile.ZIP_LZMA))


def test_a_bomb_is_refused_by_its_ratio_its_size_or_its_sum():
    small = zipped({**entries(), "1.0.0/zeros.yaml": bytes(MAX_BYTES)}, zipfile.ZIP_DEFLATED)
    assert "'1.0.0/zeros.yaml': this file is packed more than 100 times smaller than it is" in refusal(small)
    large = zipped({**entries(), "1.0.0/zeros.yaml": bytes(MAX_BYTES + 1)}, zipfile.ZIP_DEFLATED)
    assert "this file has more than 512 KB" in refusal(large)
    block = bytes(range(256)) * (MAX_BYTES // 256)
    many = {f"1.0.{n}/core.yaml": bytes([n]) * 9000 + block[: MAX_BYTES - 9000] for n in range(40)}
    data = bytearray(zipped(many, zipfile.ZIP_DEFLATED))
    for found in re.finditer(b"PK\x01\x02", bytes(data)):
        packed_size = found.start() + 20
        data[packed_size : packed_size + 4] = struct.pack("<L", MAX_BYTES // 50)
    assert "it holds more than 4 MB when it is unpacked" in refusal(bytes(data))


def test_more_files_than_a_questionnaire_has_are_refused():
    files = {f"1.0.{n}/core.yaml": b"" for n in range(MAX_ENTRIES + 1)}
    assert refusal(zipped(files)) == f"mine.zip: there are {MAX_ENTRIES + 1} files in it; {MAX_ENTRIES} is the most"
    crowd = {f"1.0.{n}/core.yaml": b"" for n in range(MAX_ENTRIES * 6)}
    assert "the list of its files is too long" in refusal(zipped(crowd))


def test_a_large_file_is_refused_before_it_is_looked_at():
    assert refusal(b"PK\x03\x04" + bytes(MAX_ARCHIVE)) == "mine.zip: this file has more than 4 MB"


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"instrument: atr\n", PACKED[:-1], PACKED[40:], PACKED + b"x", b"x" + PACKED]
)
def test_what_is_no_zip_file_from_end_to_end_is_refused(data):
    assert refusal(data) == "mine.zip: this is not a ZIP file"


def test_a_zip_file_of_the_large_kind_is_refused():
    at = len(PACKED) - 22
    assert "more than 4 GB" in refusal(PACKED[:at] + b"PK\x06\x07" + bytes(16) + PACKED[at:])


def test_a_file_that_was_changed_or_left_out_or_put_in_is_named():
    files = entries()
    path = "1.0.0/finance.yaml"
    assert refusal(zipped({**files, path: files[path] + b"\n"})) == (
        f"mine.zip, '{path}': its SHA-256 is not the one in manifest.json"
    )
    without = {name: data for name, data in files.items() if name != path}
    assert refusal(zipped(without)) == f"mine.zip, '{path}': this file is missing"
    more = {**files, "1.0.0/sales.yaml": b"x"}
    assert refusal(zipped(more)) == "mine.zip, '1.0.0/sales.yaml': manifest.json does not name this file"


def test_a_file_that_was_damaged_on_its_way_is_named():
    data = bytearray(zipped(entries(), zipfile.ZIP_STORED))
    data[data.index(b"We reconcile agent work") + 3] ^= 1
    assert refusal(bytes(data)) == "mine.zip, '1.0.0/finance.yaml': this file is damaged"


def test_a_mistake_in_a_file_is_named_with_its_line_and_item():
    broken = {**later(), "core.yaml": later()["core.yaml"].replace(b"id: T1d@2, text", b"id: T1d@2, txet")}
    data = pack(Archive((FIRST, replace(SECOND, files=broken))))
    told = refusal(data)
    assert re.match(r"mine\.zip, 1\.1\.0/core\.yaml, line \d+, item T1d@2: there is no field 'txet' here", told)


def test_a_list_of_contents_is_needed():
    files = entries()
    del files[MANIFEST]
    assert refusal(zipped(files)) == "mine.zip: there is no manifest.json in it"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"{", "manifest.json: line 1: this is not JSON"),
        (b"\xff", "manifest.json: it is not UTF-8 text"),
        (b"[]", "manifest.json: a group of fields is needed"),
        (b"{}", "manifest.json: the fields format, format_version, instrument, version, versions are needed"),
        (b'{"format": "a", "format": "b"}', "manifest.json: the field 'format' is given twice"),
        (b'{"a":' * 100_000, "manifest.json: it is nested too deep"),
    ],
)
def test_a_list_of_contents_that_is_none_is_refused(data, problem):
    assert problem in refusal(zipped({**entries(), MANIFEST: data}, zipfile.ZIP_STORED))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda told: told.update(format="limesurvey"), "it is not of the format plumbline-questionnaire 1"),
        (lambda told: told.update(format_version=2), "it is not of the format plumbline-questionnaire 1"),
        (lambda told: told.update(versions=[]), "it names no version"),
        (lambda told: told.update(versions={}), "it names no version"),
        (lambda told: told.update(version="1.0.0"), "the versions are not in order"),
        (lambda told: told["versions"].reverse(), "the versions are not in order"),
        (lambda told: told["versions"].append(told["versions"][1]), "the versions are not in order"),
        (lambda told: told["versions"][0].update(version="1.x"), "a version is three numbers"),
        (lambda told: told["versions"][0].update(version=1), "a text is needed"),
        (lambda told: told["versions"][0].update(published="yes"), "true or false is needed"),
        (lambda told: told["versions"][0].update(files=[]), "a group of fields is needed"),
        (lambda told: told["versions"][0].update(colour="red"), "are needed, and no others"),
        (
            lambda told: told["versions"][0].update(sha256="0" * 64),
            "1.0.0: its SHA-256 or that of a translation is not",
        ),
        (
            lambda told: told["versions"][1].update(translations={}),
            "1.1.0: its SHA-256 or that of a translation is not",
        ),
        (lambda told: told.update(instrument="rta"), "1.0.0/core.yaml: this is atr 1.0.0"),
        (
            lambda told: told["versions"][0].update(published=False),
            "1.1.0: it follows a version that was never published",
        ),
        (lambda told: told["versions"][1].update(published=False), "1.1.0: translations are published and the version"),
    ],
)
def test_a_list_of_contents_that_does_not_fit_is_refused(change, problem):
    assert problem in refusal(stating(change))


def test_a_reworded_item_in_the_history_is_refused_by_its_id():
    core = later()["core.yaml"].replace(b"id: T1d@2, text", b"id: T1d, text").replace(b"stays steady", b"is steady")
    broken = shelve({**later(), "core.yaml": core}, published=frozenset())
    told = refusal(pack(Archive((FIRST, broken))))
    assert "mine.zip, 1.1.0/core.yaml, line 78, item T1d: Reworded without a new id, such as T1d@2" in told


@settings(max_examples=examples(150))
@given(st.data())
def test_a_spoilt_archive_is_read_or_refused_and_nothing_else(data):
    at = data.draw(st.integers(0, len(PACKED) - 1) | st.integers(len(PACKED) - 2500, len(PACKED) - 1))
    put, cut = data.draw(st.binary(max_size=6)), data.draw(st.integers(0, 6))
    try:
        found = unpack("mine.zip", PACKED[:at] + put + PACKED[at + cut :])
    except InstrumentError as error:
        problems = error.problems
    else:
        problems = ()
        assert found == ARCHIVE
    assert all(problem.startswith("mine.zip") for problem in problems), problems
