"""ZIP files, and the office files that are such, so that the same content gives the same bytes on any day."""

import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import Final

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_MOMENT: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A ZIP file of these, in their order, without a time of its own."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, date_time=EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # Unix, an ordinary file that everybody may read: the same on whatever machine it is made.
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def contents(content: bytes) -> list[tuple[str, bytes]]:
    """The files of an archive with their names."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def settled(content: bytes, *, day: str, changed: Mapping[str, Callable[[bytes], bytes]] | None = None) -> bytes:
    """An office file with `day` as the time at which it was made, also the workbooks inside of it.

    `changed` gives, for parts by their names, what to make of them.
    """
    rewrite = changed or {}
    return packed((name, rewrite.get(name, bytes)(_settled(name, part, day))) for name, part in contents(content))


def _settled(name: str, part: bytes, day: str) -> bytes:
    if name.endswith(".xlsx"):
        return settled(part, day=day)
    if name == "docProps/core.xml":
        return _MOMENT.sub(rb"\g<1>" + f"{day}T00:00:00Z".encode() + rb"\g<2>", part)
    return part
