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
    then offered anew. `papers` and `spoken` say whether paper and language change the bytes, `editions` whether there
    is one for a single department.
    """

    key: str
    extension: str
    media_type: str
    name: Sentence
    purpose: Sentence
    version: int
    papers: bool = False
    spoken: bool = True
    editions: bool = False


PDF: Final = Format(
    key="pdf",
    extension="pdf",
    media_type="application/pdf",
    name=say("Report (PDF)"),
    purpose=say("Summary, heatmap, what changed, a page for each department, and the method: to print or to send."),
    version=2,
    papers=True,
    editions=True,
)
ARCHIVE: Final = Format(
    key="pdfa",
    extension="archive.pdf",
    media_type="application/pdf",
    name=say("Report for the archive (PDF/A-3)"),
    purpose=say("The same pages in the form that archives keep, with all published numbers attached as data."),
    version=1,
    papers=True,
    editions=True,
)

FORMATS: Final[Mapping[str, Format]] = {one.key: one for one in (PDF, ARCHIVE)}
"""Each format by its key, in the order in which the page lists them."""
