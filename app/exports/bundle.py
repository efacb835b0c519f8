"""All files of a release in one archive, with a note on what they are and the SHA-256 of each. Pure."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.errors import UnavailableError
from app.exports.archive import contents, packed
from app.releases.document import schema
from app.reports.formats import FORMATS
from app.reports.options import Options
from app.reports.service import file_name
from app.reports.work import Maker, Source
from app.sentences import Sentence, say
from app.web.speech import Speech, speech

HEAD = say("Files of {client}, {wave}, made from release {number}.")
HASH = say("SHA-256 of the release: {sha256}")
EACH = say("Each holds printed numbers of groups only. Made again, each has the same bytes; SHA256SUMS lists them.")
MISSING = say("Not in here: {file}. {why}")


def bundle(source: Source, makers: Mapping[str, Maker]) -> bytes:
    """The bytes of the archive. A file for which something is not installed is named in the note, with what to do."""
    spoken = speech(source.options.language)
    made: list[tuple[str, bytes]] = []
    told: list[str] = list(_head(source, spoken))
    for key, kind in FORMATS.items():
        if key not in makers:
            continue
        mine = source.options
        options = Options.read(paper=mine.paper, language=mine.language, kind=key, edition=mine.edition)
        try:
            content = makers[key].make(replace(source, options=options), _silent)
        except UnavailableError as error:
            told.append(str(spoken.say(MISSING.filled({"file": kind.name, "why": error.message}))))
            continue
        files = _unpacked(_name(source, options), content, key)
        made += files
        told.append("\n".join([*(name for name, _ in files), f"    {spoken.say(kind.purpose)}"]))
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in made)
    note = "\n\n".join(told) + "\n"
    return packed([("README.txt", note.encode()), ("SHA256SUMS", sums.encode()), *made])


def _head(source: Source, spoken: Speech) -> Iterator[str]:
    wave = source.release.wave
    sentences: tuple[Sentence, ...] = (
        HEAD.filled({"client": wave.organisation, "wave": wave.label, "number": source.release.number}),
        HASH.filled({"sha256": source.sha256}),
        EACH,
    )
    return (str(spoken.say(one)) for one in sentences)


def _name(source: Source, options: Options) -> str:
    wave = source.release.wave
    return file_name(client=wave.organisation, wave=wave.label, number=source.release.number, options=options)


def _unpacked(name: str, content: bytes, key: str) -> list[tuple[str, bytes]]:
    """A file as it lies in the archive: figures in a folder, data beside the schema that they name."""
    if key == "svg":
        return [(f"figures/{name}", drawing) for name, drawing in contents(content)]
    return [(name, content), *([(schema.NAME, schema.published())] if key == "json" else [])]


def _silent(step: int) -> None:
    """An archive is one step, whatever its files are made in."""
