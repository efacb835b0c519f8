"""What differs between two versions of a questionnaire, and which number of the version has to change for it (3.14).

Item ids are immutable: what could change how a question is understood needs a new id, in every language. Spelling may
be corrected where the author lists the text as `corrected`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from surveys.canonical import canonical
from surveys.languages import LANGUAGES
from surveys.model import Dimension, Instrument, Item
from surveys.sentences import Told, tell
from surveys.translations import Edition, Translation, source_texts

Level = Literal["patch", "minor", "major", "refused"]
LEVELS: Final[tuple[Level, ...]] = ("patch", "minor", "major", "refused")

PLACE_OF: Final[Mapping[Level, str]] = {
    "major": tell("first"),
    "minor": tell("middle"),
    "patch": tell("last"),
}
"""Which of the three numbers it is, in words."""

_SCALES = ("scales.", "extra.")
_ITEMS = ("items.", "comments.")


# Items by id, each with the part of the questionnaire in which it stands.
_Places = dict[str, tuple[Item, str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. `where` is a path, with the language before it in a translation: `de: items.T1a`."""

    where: str
    level: Level
    sentence: str


def differences(before: Edition, now: Edition) -> tuple[Difference, ...]:
    """All that differs between two versions, in the order of the later one, what is refused first."""
    then, today = before.instrument, now.instrument
    found = [
        *_of_the_whole(then, today),
        *_of_scales(then, today),
        *_of_dimensions(then, today),
        *_of_items(then, today),
        *_of_texts(then, today),
    ]
    for language in LANGUAGES:
        found += _of_a_translation(
            language, before.translations.get(language), now.translations.get(language), then, today
        )
    if not found and canonical(replace(then, version=today.version, corrected=today.corrected)) != canonical(today):
        found.append(Difference("instrument", "minor", tell("It differs in something that has no place here.")))
    return tuple(sorted(found, key=lambda one: one.level != "refused"))


def needed(found: Iterable[Difference]) -> Level | None:
    """The number that has to change for these differences, "refused" when none would do, None when nothing differs."""
    return max((one.level for one in found), key=LEVELS.index, default=None)


def next_version(version: str, level: Level) -> str:
    """The version that follows with that number changed. ValueError for "refused"."""
    first, middle, last = map(int, version.split("."))
    if level == "refused":
        raise ValueError("no version may follow with changes that are refused")
    return {
        "major": f"{first + 1}.0.0",
        "minor": f"{first}.{middle + 1}.0",
        "patch": f"{first}.{middle}.{last + 1}",
    }[level]


def refusals(before: Edition, now: Edition) -> tuple[Difference, ...]:
    """Why the later version may not follow the earlier one; none when it may.

    The number may say more than what differs: whoever wants a new trend may begin one.
    """
    found = differences(before, now)
    refused = tuple(one for one in found if one.level == "refused")
    level = needed(found)
    if refused or level is None:
        return refused
    then, today = before.instrument, now.instrument
    if numbers(today.version) >= numbers(next_version(then.version, level)):
        return ()
    why = next(one for one in found if one.level == level)
    sentence = tell(
        "{now} can't follow {before}: the {place} number has to change, {least} or higher, because of {where}: {why}",
        now=today.version,
        before=then.version,
        place=PLACE_OF[level],
        least=next_version(then.version, level),
        where=why.where,
        why=why.sentence,
    )
    return (Difference("version", "refused", sentence),)


def numbers(version: str) -> tuple[int, ...]:
    """The three numbers of a version, by which versions are ordered; what is no number comes first."""
    return tuple(int(part) if part.isdecimal() else -1 for part in version.split("."))


def root(item_id: str) -> str:
    """An item's id without the number of its wording: `LEG1` of `LEG1@2`."""
    return item_id.partition("@")[0]


@dataclass(frozen=True, slots=True)
class Retold:
    """A text that a language has in other words than the version before, while question and answers are the same."""

    language: str
    path: str
    before: str
    now: str


def retold(before: Edition, now: Edition) -> tuple[Retold, ...]:
    """The texts that may have other words only if their authors list them as corrected, which they do not yet."""
    found = (one for one in differences(before, now) if one.level == "refused" and ": " in one.where)
    places = (tuple(one.where.split(": ", 1)) for one in found)
    return tuple(
        Retold(language, path, *(edition.translations[language].texts[path] for edition in (before, now)))
        for language, path in places
    )


def _of_the_whole(then: Instrument, now: Instrument) -> Iterator[Difference]:
    if then.key != now.key:
        yield Difference(
            "instrument", "refused", tell("{now} is another questionnaire than {before}.", now=now.key, before=then.key)
        )
    if then.language != now.language:
        yield Difference(
            "language", "refused", tell("The language of a questionnaire stays; others are its translations.")
        )
    if dict(then.functions) != dict(now.functions):
        changed = [name for name, module in now.functions.items() if then.functions.get(name) != module]
        told = ", ".join(f"{name}: {now.functions[name] or 'core'}" for name in changed)
        yield Difference("functions", "minor", tell("Departments are asked other modules ({told}).", told=told))
    if then.attention_answer != now.attention_answer and then.attention.id == now.attention.id:
        yield Difference(f"items.{now.attention.id}", "refused", tell("It asks for another answer and needs a new id."))


def _of_scales(then: Instrument, now: Instrument) -> Iterator[Difference]:
    for name in (name for name in now.scales if name not in then.scales):
        yield Difference(f"scales.{name}", "patch", tell("An answer scale is new."))
    for name, scale in then.scales.items():
        if name not in now.scales:
            yield Difference(f"scales.{name}", "major", tell("An answer scale is gone."))
        elif len(scale.points) != len(now.scales[name].points):
            steps = {"before": len(scale.points), "now": len(now.scales[name].points)}
            yield Difference(
                f"scales.{name}", "major", tell("Its number of steps changes from {before} to {now}.", **steps)
            )


def _of_dimensions(then: Instrument, now: Instrument) -> Iterator[Difference]:
    earlier, later = ({one.id: one for one in side.dimensions} for side in (then, now))
    for one in [one for one in later if one not in earlier]:
        yield Difference(f"dimensions.{one}", "major", tell("The dimension {name} is new.", name=later[one].name))
    for one in [one for one in earlier if one not in later]:
        yield Difference(f"dimensions.{one}", "major", tell("The dimension {name} is gone.", name=earlier[one].name))
    common = [one for one in later if one in earlier]
    if common != [one for one in earlier if one in later]:
        yield Difference("dimensions", "major", tell("The dimensions are asked in another order."))
    for one in common:
        if earlier[one].block != later[one].block:
            yield Difference(
                f"dimensions.{one}",
                "major",
                tell("It moves from {before} to {now}.", before=earlier[one].block, now=later[one].block),
            )


def _of_items(then: Instrument, now: Instrument) -> Iterator[Difference]:
    earlier, later = _places(then), _places(now)
    for item_id, (item, place) in later.items():
        if item_id not in earlier:
            old = next((one for one in earlier if root(one) == root(item_id) and one not in later), None)
            said = tell("New in {place} in place of {old}.", place=place, old=old) if old else None
            yield Difference(f"items.{item_id}", "minor", said or tell("New in {place}.", place=place))
        else:
            yield from _of_an_item(item, earlier[item_id][0], place, earlier[item_id][1])
    for item_id, (_, place) in earlier.items():
        if item_id not in later:
            yield Difference(f"items.{item_id}", "minor", tell("No longer asked (was in {place}).", place=place))
    yield from _of_order(earlier, later)


def _of_order(earlier: _Places, later: _Places) -> Iterator[Difference]:
    for place in dict.fromkeys(place for _, place in later.values()):
        one, other = ([i for i, (_, its) in side.items() if its == place] for side in (earlier, later))
        stayed = [item_id for item_id in other if item_id in one]
        if stayed != [item_id for item_id in one if item_id in other]:
            yield Difference(
                f"items.{stayed[0]}", "patch", tell("The items of {place} stand in another order.", place=place)
            )


def _of_an_item(item: Item, before: Item, place: str, place_before: str) -> Iterator[Difference]:
    where = f"items.{item.id}"
    if item.scale != before.scale:
        yield Difference(
            where,
            "refused",
            tell("It has the scale {now} instead of {before}; it needs a new id.", now=item.scale, before=before.scale),
        )
    if item.reverse != before.reverse:
        yield Difference(where, "refused", tell("What a high answer means is turned round; it needs a new id."))
    if place != place_before:
        yield Difference(
            where, "major", tell("It moves from {place_before} to {place}.", place_before=place_before, place=place)
        )
    if item.anchor != before.anchor:
        yield Difference(where, "minor", _anchored(item))
    if (item.allow_dk, item.allow_nx) != (before.allow_dk, before.allow_nx):
        yield Difference(where, "minor", tell("It offers other ways not to answer."))
    if item.relates_to != before.relates_to:
        yield Difference(
            where,
            "minor",
            tell("It informs {now} instead of {before}.", now=str(item.relates_to), before=str(before.relates_to)),
        )


def _of_texts(then: Instrument, now: Instrument) -> Iterator[Difference]:
    earlier, later = source_texts(then), source_texts(now)
    for path, text in later.items():
        if path in earlier and earlier[path] != text:
            yield _reworded(path, earlier[path], text, corrected=path in now.corrected)
        elif path not in earlier and path.startswith("pages."):
            yield Difference(path, "patch", tell("It is new."))
    for path in earlier:
        if path not in later and path.startswith("pages."):
            yield Difference(path, "patch", tell("It is gone."))


def _reworded(path: str, before: str, now: str, *, corrected: bool) -> Difference:
    told = tell("‘{before}’ becomes ‘{now}’", before=before, now=now)
    if corrected:
        return Difference(path, "patch", tell("Corrected: {told}.", told=told))
    if path.startswith(_ITEMS):
        old = path.partition(".")[2]
        return Difference(
            path,
            "refused",
            tell("Reworded without a new id, such as {example}: {told}.", example=_next_id(old), told=told),
        )
    if path == "stem" or path.startswith(_SCALES):
        return Difference(path, "major", tell("{told}: answers before and after mean other things.", told=told))
    if path.startswith("pages.") and path.endswith(".stem"):
        return Difference(path, "minor", Told("{told}.", {"told": told}))
    return Difference(path, "patch", Told("{told}.", {"told": told}))


def _of_a_translation(
    language: str, before: Translation | None, now: Translation | None, then: Instrument, today: Instrument
) -> Iterator[Difference]:
    if before is None or now is None:
        if before is not now:
            yield Difference(language, "patch", _come_or_gone(before))
        return
    same = source_texts(then).keys() & source_texts(today).keys()
    for path, text in now.texts.items():
        if path in before.texts and before.texts[path] != text and path in same:
            yield _retranslated(language, path, before.texts[path], text, now)
    filled = [path for path in now.texts if path in same and path not in before.texts]
    left = [path for path in before.texts if path in same and path not in now.texts]
    if filled:
        yield Difference(
            f"{language}: {filled[0]}",
            "patch",
            tell("{count} texts that were missing are translated.", count=len(filled)),
        )
    if left:
        yield Difference(
            f"{language}: {left[0]}", "patch", tell("{count} texts are no longer translated.", count=len(left))
        )


def _anchored(item: Item) -> Told:
    return tell("It becomes an anchor.") if item.anchor else tell("It is no anchor any more.")


def _come_or_gone(before: Translation | None) -> Told:
    return tell("A new translation.") if before is None else tell("No longer translated.")


def _retranslated(language: str, path: str, before: str, text: str, now: Translation) -> Difference:
    told = tell("‘{before}’ becomes ‘{now}’", before=before, now=text)
    where = f"{language}: {path}"
    if path in now.corrected:
        return Difference(where, "patch", tell("Corrected: {told}.", told=told))
    if path == "stem" or path.startswith((*_ITEMS, *_SCALES)):
        return Difference(
            where,
            "refused",
            tell("Translated anew without a new id; list it as corrected if it means the same: {told}.", told=told),
        )
    return Difference(where, "patch", Told("{told}.", {"told": told}))


def _places(instrument: Instrument) -> _Places:
    """Every item with the part of the questionnaire in which it stands."""
    parts: list[tuple[str, Iterable[Item]]] = [
        (tell("the context"), instrument.context),
        *((_named(one), one.items) for one in instrument.dimensions),
        (tell("the attention item"), (instrument.attention,)),
        (tell("the calibration"), instrument.calibration),
        *((tell("the module {name}", name=name), one.items) for name, one in instrument.modules.items()),
        (tell("the ratings of workflows"), instrument.workflow),
    ]
    return {item.id: (item, place) for place, items in parts for item in items}


def _named(dimension: Dimension) -> str:
    return tell("the dimension {id}", id=dimension.id)


def _next_id(item_id: str) -> str:
    base, _, number = item_id.partition("@")
    return f"{base}@{int(number or 1) + 1}"
