"""Releases for the tests of files, and what all of their numbers are, found without the code that lists them."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any  # a document as JSON, before it is read

from app.exports.makers import MAKERS
from app.releases.document.release import Release, digest, dump
from app.reports.options import Options, Paper
from app.reports.work import Source
from tests.reports import builder

LONG = "=cmd('x')|" + "Abteilung für sehr lange Namen " * 7
FAR = "قسم العمليات والموارد البشرية"


def source(release: Release, kind: str = "xlsx", language: str = "en", paper: Paper = "A4") -> Source:
    """What a file of a release is made from."""
    raw = dump(release)
    return Source(release=release, raw=raw, sha256=digest(raw), options=Options(paper, language, kind))


def made(release: Release, kind: str, language: str = "en") -> bytes:
    """The bytes of a file."""
    return MAKERS[kind].make(source(release, kind, language), lambda step: None)


def odd() -> Release:
    """Names of 200 characters, one like a formula, one that runs from right to left."""
    base = builder.release()
    names = {"legal": LONG[:200], "operations": FAR, "it": "+1+1"}
    return replace(base, rows=tuple(replace(row, name=names.get(row.id, row.name)) for row in base.rows))


def silent() -> Release:
    """A wave of which nothing may be shown."""
    base = builder.release()
    none = builder.index({}, "T")
    row = replace(base.organisation, cells=builder.hidden_cells(), n=None, rate=None, trust=none, readiness=none)
    return replace(base, rows=(row,), small=())


RELEASES: Mapping[str, Release] = {
    "usual": builder.release(),
    "first": builder.first_wave(),
    "one department": builder.little(),
    "odd names": odd(),
    "silent": silent(),
}


# What a release says of people in numbers; all else in it are sizes of lists, versions and ids.
NUMBERS = {
    "headcount", "n", "rate", "score", "before", "now", "delta", "p", "percent", "r_wg", "deviation", "polarisation",
    "lower", "upper", "leaders", "staff", "gap", "g", "share", "lmg", "explained", "alpha", "omega", "groups", "icc1",
    "icc2", "raw",
}  # fmt: skip


def numbers(release: Release) -> Counter[int]:
    """Every number that the release prints of people, with how often: from its JSON alone."""
    told = json.loads(dump(release))
    parts = {name: told.get(name) for name in ("rows", "margins", "drivers", "quality")}
    # Beside its cells a gap has the codes of answers, which are no numbers of people.
    parts["gaps"] = (told.get("gaps") or {}).get("cells")
    left_out = (told.get("left_out") or {}).get("number")
    return Counter(_numbers(parts)) + Counter([] if left_out is None else [left_out])


def _numbers(part: Any, name: str = "") -> Iterator[int]:  # Any: a part of a document as JSON
    if isinstance(part, bool) or part is None or isinstance(part, str):
        return
    if isinstance(part, int):
        if name in NUMBERS or name == "interval" or name == "item_rest":
            yield part
        return
    if isinstance(part, list):
        for one in part:
            yield from _numbers(one, name)
        return
    for key, one in part.items():
        yield from _numbers(one, name if name == "item_rest" else key)
