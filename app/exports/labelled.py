"""The numbers of a release for statistics programs: a labelled SPSS file, and a form that R reads by itself. Pure.

SPSS files need the extra `spss`; without it `UnavailableError` names the command that installs it.
"""

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from app.errors import UnavailableError
from app.exports import columns
from app.exports.columns import COLUMNS
from app.reports.service import MISSING_SPSS
from app.reports.work import Source
from app.web.speech import speech

LONGEST_TEXT: Final = 1000
DAY_AT, TIME_AT = 92, 101
"""Where the head of such a file has the day and the time at which it was written."""


def spss(source: Source) -> bytes:
    """The lines of the data file with labels for variables and keys."""
    try:
        import pandas as pd
        import pyreadstat
    except ImportError as error:
        raise UnavailableError(MISSING_SPSS) from error
    spoken = speech(source.options.language)

    def said(value: object) -> str:
        return str(spoken.say(value))

    names = [column.name for column in COLUMNS]
    numbers = {column.name for column in COLUMNS if column.kind == "number"}
    frame = pd.DataFrame(list(columns.lines(source.release, said)), columns=names)
    for name in names:
        frame[name] = frame[name].astype("float64") if name in numbers else frame[name].astype(str).str[:LONGEST_TEXT]
    labels: dict[str, dict[str, str]] = {}
    for where, key, meaning in columns.dictionary():
        if where != "column":
            labels.setdefault(where, {})[key] = meaning[:120]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "release.sav"
        pyreadstat.write_sav(
            frame,
            str(path),
            file_label=f"{source.release.wave.label} release {source.release.number}"[:64],
            column_labels=[column.meaning[:250] for column in COLUMNS],
            variable_value_labels=labels,  # type: ignore[arg-type]  # of texts too
            variable_measure={name: "scale" if name == "value" else "nominal" for name in names},
        )
        content = path.read_bytes()
    return _settled(content, source.release.wave.closed_on)


def _settled(content: bytes, iso_day: str) -> bytes:
    """The file with the day on which the wave closed as the one on which it was written."""
    year, month, day = iso_day.split("-")
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    written = f"{day} {names[int(month) - 1]} {year[2:]}".encode()
    head = bytearray(content)
    struct.pack_into("9s", head, DAY_AT, written)
    struct.pack_into("8s", head, TIME_AT, b"00:00:00")
    return bytes(head)


def for_r(source: Source) -> bytes:
    """A data frame with labels as R writes it down: `dget("file.R")` gives it back."""
    spoken = speech(source.options.language)

    def said(value: object) -> str:
        return str(spoken.say(value))

    lines = list(columns.lines(source.release, said))
    parts = [
        f"{column.name} = structure({_vector(column.kind, [line[place] for line in lines])}, "
        f"label = {_quoted(column.meaning)})"
        for place, column in enumerate(COLUMNS)
    ]
    wave = source.release.wave
    head = (
        f"# {_one_line(wave.organisation)}, {_one_line(wave.label)}, release {source.release.number}\n"
        f"# SHA-256 of the release: {source.sha256}\n"
        '# Read it with: numbers <- dget("this file", encoding = "UTF-8")\n'
    )
    body = ",\n".join(parts)
    keys = ",\n".join(_keys())
    frame = (
        f'structure(list(\n{body}), class = "data.frame", row.names = c(NA, -{len(lines)}L), keys = list(\n{keys}))\n'
    )
    return (head + frame).encode()


def _keys() -> Iterator[str]:
    """What the keys of columns mean, as named vectors."""
    found: dict[str, list[str]] = {}
    for where, key, meaning in columns.dictionary():
        if where != "column":
            found.setdefault(where, []).append(f"`{key}` = {_quoted(meaning)}")
    return (f"{where} = c({', '.join(one)})" for where, one in found.items())


def _vector(kind: columns.Kind, values: list[str | int | None]) -> str:
    if kind == "number":
        return "c(" + ", ".join("NA" if one is None else f"{one}L" for one in values) + ")"
    return "c(" + ", ".join(_quoted(str(one)) for one in values) + ")"


def _quoted(text: str) -> str:
    """The text as R writes it: nothing in it ends the quotes, and no control character stays."""
    kept = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", " ", kept) + '"'


def _one_line(text: str) -> str:
    return " ".join(text.split())
