"""The files that a release can be made into: what each is for, and what of the options changes its bytes.

The page, the queue and the command line know formats by this list; `app/exports` has a maker for each of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.sentences import Sentence, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A kind of file. `key` stands in addresses and on the command line, `extension` ends the name of a saved file.

    `version` goes up by one whenever the same release gives other bytes than before: files that were made earlier are
    then offered anew. `papers`, `spoken` and `branded` say whether paper, language and the client's look change the
    bytes, `editions` whether there is one for a single department, `names` whether it prints names of people.
    """

    key: str
    extension: str
    media_type: str
    name: Sentence
    purpose: Sentence
    version: int
    papers: bool = False
    spoken: bool = True
    branded: bool = False
    editions: bool = False
    names: bool = False
    packs: bool = False


PDF: Final = Format(
    key="pdf",
    extension="pdf",
    media_type="application/pdf",
    name=say("Report (PDF)"),
    purpose=say("Summary, heatmap, what changed, a page for each department, and the method: to print or to send."),
    version=5,
    papers=True,
    branded=True,
    names=True,
    editions=True,
)
ARCHIVE: Final = Format(
    key="pdfa",
    extension="archive.pdf",
    media_type="application/pdf",
    name=say("Report for the archive (PDF/A-3)"),
    purpose=say("The same pages in the form that archives keep, with all published numbers attached as data."),
    version=4,
    papers=True,
    branded=True,
    names=True,
    editions=True,
)

OFFICE: Final = "application/vnd.openxmlformats-officedocument"

FORMATS: Final[Mapping[str, Format]] = {
    one.key: one
    for one in (
        PDF,
        ARCHIVE,
        Format(
            key="pptx",
            extension="pptx",
            media_type=f"{OFFICE}.presentationml.presentation",
            name=say("Slides (PowerPoint)"),
            purpose=say("For a meeting: charts and tables that can be edited, with numbers of people in the notes."),
            version=3,
            branded=True,
            names=True,
        ),
        Format(
            key="docx",
            extension="docx",
            media_type=f"{OFFICE}.wordprocessingml.document",
            name=say("Summary (Word)"),
            purpose=say("The sentences of the summary, the heatmap and the notes, to go on writing with."),
            version=2,
            papers=True,
            branded=True,
        ),
        Format(
            key="xlsx",
            extension="xlsx",
            media_type=f"{OFFICE}.spreadsheetml.sheet",
            name=say("Workbook (Excel)"),
            purpose=say("The heatmap and every table on a sheet of its own, to sort, filter and print."),
            version=2,
            papers=True,
            branded=True,
            names=True,
            editions=True,
        ),
        Format(
            key="csv",
            extension="csv",
            media_type="text/csv; charset=utf-8",
            name=say("All numbers (CSV)"),
            purpose=say("One line for each published number, for any program that reads tables."),
            version=1,
            editions=True,
        ),
        Format(
            key="dictionary",
            extension="csv",
            media_type="text/csv; charset=utf-8",
            name=say("Data dictionary (CSV)"),
            purpose=say("What the columns and keys of the data files mean, in English."),
            version=1,
            spoken=False,
        ),
        Format(
            key="sav",
            extension="sav",
            media_type="application/x-spss-sav",
            name=say("All numbers (SPSS)"),
            purpose=say("The published numbers with labels; never answers of single people."),
            version=1,
        ),
        Format(
            key="r",
            extension="R",
            media_type="text/plain; charset=utf-8",
            name=say("All numbers (R)"),
            purpose=say("A data frame with labels that R reads by itself."),
            version=1,
        ),
        Format(
            key="json",
            extension="json",
            media_type="application/json",
            name=say("The release (JSON)"),
            purpose=say("The document that all else was made from, for programs. It names its published JSON Schema."),
            version=2,
            spoken=False,
        ),
        Format(
            key="svg",
            extension="figures.zip",
            media_type="application/zip",
            name=say("Figures (SVG)"),
            purpose=say("The heatmap and every other figure as a drawing of its own, for papers and slides of yours."),
            version=2,
        ),
        Format(
            key="zip",
            extension="zip",
            media_type="application/zip",
            name=say("All of these (ZIP)"),
            purpose=say("Every file above with a list of their SHA-256, to keep or to hand over."),
            version=2,
            papers=True,
            branded=True,
            names=True,
            packs=True,
        ),
    )
}
"""Each format by its key, in the order in which the page lists them."""


def version_of(kind: Format) -> str:
    """The version of a format; of one that packs the others theirs too, because its bytes follow from theirs."""
    if not kind.packs:
        return str(kind.version)
    members = ".".join(f"{one.key}{one.version}" for one in FORMATS.values() if not one.packs)
    return f"{kind.version}:{members}"
