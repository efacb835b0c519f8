"""What a draft changes, as its pages tell it, and the number of its version; the rules are in `surveys.versions`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from app.sentences import Sentence, say
from surveys.model import Instrument, Item
from surveys.translations import Edition
from surveys.versions import differences, needed, next_version, numbers, root

Kind = Literal["major", "minor", "patch", "nothing"]

FIRST: Final = "1.0.0"
_VERSION = re.compile(r"(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,3})")
WHAT_IT_MEANS: Final[Mapping[str, Sentence]] = {
    "major": say("other dimensions or answers: trends end here"),
    "minor": say("questions added, reworded or left out"),
    "patch": say("names, order or translations"),
    "nothing": say("nothing has changed"),
}


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new in a draft. `reworded` are pairs of the question before and after; `left_out` are of the core."""

    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    reworded: tuple[tuple[Item, Item], ...]
    left_out: tuple[Item, ...]
    put_back: tuple[Item, ...]
    kind: Kind


def changes(before: Instrument, after: Instrument, *, translated: bool = False) -> Changes:
    """The difference of two versions; `translated`: a text in another language differs too."""
    old, new = ({item.id: item for item in one.items()} for one in (before, after))
    core = {item.id for one in (before, after) for item in one.items()} - {
        item.id for one in (before, after) for module in one.modules.values() for item in module.items
    }
    gone = [item for item in old.values() if item.id not in new]
    come = [item for item in new.values() if item.id not in old]
    pairs = tuple((was, now) for was in gone for now in come if root(was.id) == root(now.id))
    paired = {item.id for pair in pairs for item in pair}
    return Changes(
        added=tuple(item for item in come if item.id not in core | paired),
        removed=tuple(item for item in gone if item.id not in core | paired),
        reworded=pairs,
        left_out=tuple(item for item in gone if item.id in core),
        put_back=tuple(item for item in come if item.id in core),
        kind=_kind(before, after, translated=translated),
    )


def proposed(newest: str | None, kind: Kind) -> str:
    """The number for the next version after `newest`."""
    if newest is None:
        return FIRST
    return next_version(newest, "patch" if kind == "nothing" else kind)


def wrong_version(version: str, *, newest: str | None, kind: Kind) -> str | None:
    """What is wrong with the number that was chosen, as a sentence; None when nothing is."""
    if not _VERSION.fullmatch(version):
        return say("Write the version as three numbers, such as 1.2.0.")
    if newest is not None and numbers(version) <= numbers(newest):
        return say("{newest} is published already. The next version needs a higher number.", newest=newest)
    least = proposed(newest, kind)
    if numbers(version) < numbers(least):
        return say("These changes need at least {least}: {means}.", least=least, means=WHAT_IT_MEANS[kind])
    return None


def _kind(before: Instrument, after: Instrument, *, translated: bool) -> Kind:
    """As `surveys.versions` has it; a question in other words, which it refuses, has got a new id in the editing."""
    then, now = Edition(replace(before, key=after.key), {}), Edition(after, {})
    level = needed(one for one in differences(then, now) if one.level != "refused")
    if level is None or level == "refused":
        return "patch" if translated else "nothing"
    return level
