"""The library of workflows: what departments of a function usually do, in our own words, to pick from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from app.workflows.facts import DATA, FLAGS, Facts
from app.workflows.rules import MAX_TEXT, about_name

ROOT: Final = Path(__file__).resolve().parent / "library"
LANGUAGES: Final = ("en", "de")
LEAST: Final = 8
"""So many workflows each function has at least."""
_NEEDED: Final = frozenset({"key", "en", "de", "data", "law"})


class LibraryError(ValueError):
    """A file of the library that can't be used; the message names file, workflow and field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A workflow of the library: its names and descriptions by language, and facts that hold wherever it is done.

    `data` are classes of data, `law` the flags that it usually raises: asked to be confirmed, answered for nobody.
    """

    key: str
    function: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    data: tuple[str, ...]
    law: tuple[str, ...]

    def facts(self, language: str) -> Facts:
        """What the library knows of it. Numbers and questions of the law are left to those who do the work."""
        return Facts(description=self.descriptions[language], data=self.data)


@cache
def seeds() -> Mapping[str, tuple[Seed, ...]]:
    """The workflows of the library by function. LibraryError for a file that does not fit."""
    return {path.stem: read(path.stem, path.read_text("utf-8")) for path in sorted(ROOT.glob("*.yaml"))}


def of_function(function: str) -> tuple[Seed, ...]:
    """The workflows of a function; of one without a file of its own, those of all functions."""
    found = seeds()
    return found[function] if function in found else tuple(seed for some in found.values() for seed in some)


def read(function: str, text: str) -> tuple[Seed, ...]:
    """The workflows of a file. LibraryError says what does not fit."""
    where = f"library/{function}.yaml"
    written = yaml.safe_load(text)
    if not isinstance(written, list) or len(written) < LEAST:
        raise LibraryError(f"{where}: a list of at least {LEAST} workflows is needed")
    found = tuple(_seed(where, function, one) for one in written)
    for which in ("key", *LANGUAGES):
        names = [one.key if which == "key" else one.names[which].casefold() for one in found]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise LibraryError(f"{where}: {twice[0]} stands there twice")
    return found


def _seed(where: str, function: str, written: Any) -> Seed:  # Any: what a YAML file holds
    if not isinstance(written, dict) or set(written) != _NEEDED:
        raise LibraryError(f"{where}: a workflow has the fields {', '.join(sorted(_NEEDED))}, not {written!r:.80}")
    here = f"{where}, {written['key']}"
    for language in LANGUAGES:
        _check_words(f"{here}, {language}", written[language])
    _require_known(f"{here}, data", written["data"], DATA)
    _require_known(f"{here}, law", written["law"], FLAGS)
    return Seed(
        key=f"{function}.{written['key']}",
        function=function,
        names={language: written[language][0] for language in LANGUAGES},
        descriptions={language: written[language][1] for language in LANGUAGES},
        data=tuple(written["data"]),
        law=tuple(written["law"]),
    )


def _check_words(where: str, words: Any) -> None:  # Any: what a YAML file holds
    if not (isinstance(words, list) and len(words) == 2 and all(isinstance(one, str) for one in words)):
        raise LibraryError(f"{where}: a name and a description are needed")
    if wrong := about_name(words[0]):
        raise LibraryError(f"{where}: {wrong}")
    if not 20 <= len(words[1]) <= MAX_TEXT:
        raise LibraryError(f"{where}: the description has {len(words[1])} characters, 20 to {MAX_TEXT} are needed")


def _require_known(where: str, given: Any, known: Iterable[str]) -> None:  # Any: what a YAML file holds
    if not isinstance(given, list) or not set(given) <= set(known):
        raise LibraryError(f"{where}: {given!r} is no list out of {', '.join(known)}")
