"""Who makes which format: the worker, the command line and the archive of all files read it; the web does not.

What is heavy or optional is imported by its maker when it is asked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Final

from app.reports.extent import extent
from app.reports.pdf import PDF
from app.reports.steps import GATHERING, WRITING
from app.reports.work import Maker, Progress, Source


def _maker(module: str, name: str) -> Maker:
    """A maker of one step; its module is imported when the first such file is made."""

    def make(source: Source, progress: Progress) -> bytes:
        progress(0)
        function: Callable[[Source], bytes] = getattr(import_module(f"app.exports.{module}"), name)
        return function(_cut(source))

    return Maker(make=make, steps=(WRITING,))


def _cut(source: Source) -> Source:
    """What a department's edition is made from: what its report prints, and nothing of other departments."""
    if not source.options.row:
        return source
    return replace(source, release=extent(source.release, source.options.row).printed)


SINGLE: Final[Mapping[str, Maker]] = {
    "pdf": PDF,
    "pdfa": PDF,
    "pptx": _maker("pptx", "presentation"),
    "docx": _maker("docx", "document"),
    "xlsx": _maker("xlsx", "workbook"),
    "csv": _maker("data", "tidy"),
    "dictionary": _maker("data", "dictionary"),
    "sav": _maker("labelled", "spss"),
    "r": _maker("labelled", "for_r"),
    "json": _maker("data", "document"),
    "svg": _maker("drawings", "archive"),
}


def _all_of_them(source: Source, progress: Progress) -> bytes:
    from app.exports.bundle import bundle

    progress(0)
    return bundle(source, SINGLE)


MAKERS: Final[Mapping[str, Maker]] = {**SINGLE, "zip": Maker(make=_all_of_them, steps=(GATHERING,))}
"""Each format of `reports/formats.py` by its key."""
