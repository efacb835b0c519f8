"""ZIP files of strangers, read in bounded memory and time; and ours, which have the same bytes everywhere.

Nothing is unpacked before the list of contents has been looked at.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

from surveys.reader import MAX_BYTES, InstrumentError, Problems
from surveys.sentences import inside, tell

MAX_ARCHIVE: Final = 4 * 1024 * 1024
MAX_UNPACKED: Final = 4 * 1024 * 1024
MAX_ENTRIES: Final = 600
MAX_RATIO: Final = 100
_MAX_LIST: Final = MAX_ENTRIES * 300
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_ENDING, _ENDING_64, _BEGINNING = b"PK\x05\x06", b"PK\x06\x07", b"PK\x03\x04"
_ENDING_SIZE, _LOCATOR_SIZE = 22, 20


def zipped(entries: Mapping[str, bytes]) -> bytes:
    """These files as the bytes of a ZIP file, the same ones for the same files on every machine."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as file:
        for path, data in entries.items():
            info = zipfile.ZipInfo(path, _EPOCH)
            info.create_system = _UNIX
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            file.writestr(info, data)
    return packed.getvalue()


def unzipped(name: str, data: bytes, *, allowed: re.Pattern[str]) -> dict[str, bytes]:
    """The files in a ZIP file by path, of which `allowed` has to match all, and folders, whose paths end with a slash.
    InstrumentError names the file and why."""
    _refuse_odd_ends(name, data)
    try:
        return _unpacked(name, data, allowed)
    except InstrumentError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, ValueError):
        raise InstrumentError(tell("{name}: this is not a whole ZIP file", name=name)) from None


def _unpacked(name: str, data: bytes, allowed: re.Pattern[str]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        infos = file.infolist()
        if len(infos) > MAX_ENTRIES:
            raise InstrumentError(
                tell(
                    "{name}: there are {count} files in it; {most} is the most",
                    name=name,
                    count=len(infos),
                    most=MAX_ENTRIES,
                )
            )
        problems = Problems()
        seen: set[str] = set()
        for info in infos:
            with problems:
                _refuse_harm(name, info, seen, allowed)
            seen.add(info.filename)
        problems.raise_any()
        if sum(info.file_size for info in infos) > MAX_UNPACKED:
            raise InstrumentError(
                tell(
                    "{name}: it holds more than {most} MB when it is unpacked", name=name, most=MAX_UNPACKED // 1024**2
                )
            )
        return {info.filename: _whole(name, file, info) for info in infos if not info.is_dir()}


def _whole(name: str, file: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        return file.read(info)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        told = inside(name, repr(info.filename[:80]))
        raise InstrumentError(tell("{file}: this file is damaged", file=told)) from None


def _refuse_odd_ends(name: str, data: bytes) -> None:
    """What stands at both ends of a ZIP file says how long its list is, which is read as a whole."""
    if len(data) > MAX_ARCHIVE:
        raise InstrumentError(tell("{name}: this file has more than {most} MB", name=name, most=MAX_ARCHIVE // 1024**2))
    ending = data[-_ENDING_SIZE:]
    if not data.startswith(_BEGINNING) or not ending.startswith(_ENDING):
        raise InstrumentError(tell("{name}: this is not a ZIP file", name=name))
    if data[-_ENDING_SIZE - _LOCATOR_SIZE :].startswith(_ENDING_64):
        raise InstrumentError(tell("{name}: this ZIP file is of the kind for more than 4 GB", name=name))
    (length,) = struct.unpack("<L", ending[12:16])
    if length > _MAX_LIST:
        raise InstrumentError(
            tell("{name}: the list of its files is too long; {most} files are the most", name=name, most=MAX_ENTRIES)
        )


def _refuse_harm(name: str, info: zipfile.ZipInfo, seen: set[str], allowed: re.Pattern[str]) -> None:
    path = info.orig_filename
    told = inside(name, repr(path[:80]))
    kind = stat.S_IFMT(info.external_attr >> 16)
    if path != info.filename or not allowed.fullmatch(path):
        raise InstrumentError(tell("{file}: a file of this name is not taken here", file=told))
    if path in seen:
        raise InstrumentError(tell("{file}: this file is in it twice", file=told))
    if kind not in (0, stat.S_IFREG) and not (kind == stat.S_IFDIR and info.is_dir()):
        raise InstrumentError(tell("{file}: this is a link or a device and not a file", file=told))
    if info.flag_bits & 0x1:
        raise InstrumentError(tell("{file}: this file is encrypted", file=told))
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InstrumentError(tell("{file}: this file is packed in a way that is not taken", file=told))
    if info.file_size > MAX_BYTES:
        raise InstrumentError(tell("{file}: this file has more than {most} KB", file=told, most=MAX_BYTES // 1024))
    if info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise InstrumentError(
            tell("{file}: this file is packed more than {most} times smaller than it is", file=told, most=MAX_RATIO)
        )
