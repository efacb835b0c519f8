from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.load import INSTRUMENTS, load, load_edition, published, read_published
from surveys.model import Item
from surveys.translations import Edition, Translation, translate
from surveys.versions import Difference, differences, needed, next_version, refusals
from tests.surveys.authored import with_workflow

ATR = load("atr", "1.0.0")
BEFORE = Edition(ATR, {})


def changed(authored, *changes: tuple[str, str, str]) -> Edition:
    for file, old, new in changes:
        authored.replace(file, old, new)
    return load_edition(authored.folder)


def numbered(edition: Edition, version: str) -> Edition:
    return replace(edition, instrument=replace(edition.instrument, version=version))


T1A = "AI agents can do the routine parts of our work to the standard we expect."
T1A2 = ("core.yaml", f'T1a, anchor: true, text: "{T1A}', 'T1a@2, anchor: true, text: "Agents do our routine work well.')


@pytest.mark.parametrize(
    ("change", "where", "level", "sentence"),
    [
        (("core.yaml", "routine parts", "boring parts"), "items.T1a", "refused", "without a new id, such as T1a@2"),
        (("finance.yaml", "on a fixed schedule", "weekly"), "items.FIN5", "refused", "Reworded without a new id"),
        (("core.yaml", "please choose", "choose"), "items.ATT", "refused", "Reworded without a new id, such as ATT@2"),
        (("core.yaml", "T1c, text", "T1c, reverse: true, text"), "items.T1c", "refused", "turned round"),
        (("core.yaml", "E2, scale: role", "E2, scale: use"), "items.E2", "refused", "the scale use instead of role"),
        (("core.yaml", "Partly true", "Half true"), "scales.true5.3", "major", "‘Partly true’ becomes ‘Half true’"),
        (("core.yaml", 'nx: "No experience with agents yet"', 'nx: "None"'), "extra.nx", "major", "becomes ‘None’"),
        (("core.yaml", "as it is today", "as it was"), "stem", "major", "as it was, how true"),
        (
            ("core.yaml", '      - {value: 3, label: "I lead other managers, or I am an executive"}\n', ""),
            "scales.role", "major", "Its number of steps changes from 3 to 2",
        ),
        (("core.yaml", "T1c, text", "T1c, anchor: true, text"), "items.T1c", "minor", "It becomes an anchor"),
        (("core.yaml", "T1c, text", "T1c, dk: true, text"), "items.T1c", "minor", "It offers other ways not to answer"),
        (("finance.yaml", "FIN2, relates_to: T2", "FIN2, relates_to: T4"), "items.FIN2", "minor", "It informs T4"),
        (("core.yaml", "  it: core", "  it: finance"), "functions", "minor", "asked other modules (it: finance)"),
        (("core.yaml", "Two questions about", "Questions about"), "pages.calibration.stem", "minor", "becomes"),
        (("core.yaml", "Before you start", "First"), "pages.context.title", "patch", "becomes ‘First’"),
        (("core.yaml", "Does the work well", "Does it well"), "dimensions.T1.short", "patch", "becomes ‘Does it well’"),
        (("finance.yaml", 'name: "Finance"', 'name: "Money"'), "modules.finance", "patch", "‘Finance’ becomes ‘Money’"),
    ],
)  # fmt: skip
def test_each_change_says_where_it_is_what_it_needs_and_why(authored, change, where, level, sentence):
    (found,) = differences(BEFORE, changed(authored, change))
    assert (found.where, found.level) == (where, level)
    assert sentence in found.sentence


def test_nothing_differs_between_a_version_and_itself():
    assert differences(BEFORE, BEFORE) == ()
    assert needed(()) is None
    assert refusals(BEFORE, BEFORE) == ()


def test_an_item_under_a_new_id_takes_the_place_of_the_old_one(authored):
    found = differences(BEFORE, changed(authored, T1A2))
    assert found == (
        Difference("items.T1a@2", "minor", "New in the dimension T1 in place of T1a."),
        Difference("items.T1a", "minor", "No longer asked (was in the dimension T1)."),
    )


def test_other_dimensions_need_a_new_first_number():
    first, second, *others = ATR.dimensions
    moved = replace(second, items=(*second.items, first.items[-1]))
    fewer = replace(first, items=first.items[:-1], block="readiness")
    now = Edition(replace(ATR, dimensions=(fewer, moved, *others[:-1], replace(others[-1], id="X"))), {})
    told = {(one.where, one.level): one.sentence for one in differences(BEFORE, now)}
    assert told["dimensions.X", "major"] == "The dimension Willingness to delegate is new."
    assert told["dimensions.W", "major"] == "The dimension Willingness to delegate is gone."
    assert told["dimensions.T1", "major"] == "It moves from trust to readiness."
    assert told["items.T1d", "major"] == "It moves from the dimension T1 to the dimension T2."
    swapped = Edition(replace(ATR, dimensions=(second, first, *others)), {})
    assert [one.sentence for one in differences(BEFORE, swapped)] == ["The dimensions are asked in another order."]


def test_another_key_language_or_answer_asked_for_is_refused():
    assert [one.where for one in differences(BEFORE, Edition(replace(ATR, key="own", language="de"), {}))] == [
        "instrument", "language",
    ]  # fmt: skip
    (found,) = differences(BEFORE, Edition(replace(ATR, attention_answer=3), {}))
    assert found == Difference("items.ATT", "refused", "It asks for another answer and needs a new id.")


def test_another_order_of_items_is_a_patch():
    first, *others = ATR.dimensions
    turned = replace(first, items=first.items[::-1])
    assert differences(BEFORE, Edition(replace(ATR, dimensions=(turned, *others)), {})) == (
        Difference("items.T1d", "patch", "The items of the dimension T1 stand in another order."),
    )


CHANGES: list[Callable[[Item], Item]] = [
    lambda item: replace(item, text=f"{item.text} Really."),
    lambda item: replace(item, id=f"{item.id}@9"),
    lambda item: replace(item, scale="use" if item.scale != "use" else "role"),
    lambda item: replace(item, anchor=not item.anchor),
    lambda item: replace(item, reverse=not item.reverse),
    lambda item: replace(item, allow_dk=not item.allow_dk),
    lambda item: replace(item, allow_nx=not item.allow_nx),
    lambda item: replace(item, relates_to="R6" if item.relates_to != "R6" else "T1"),
]


@given(st.sampled_from([item.id for item in ATR.items()]), st.sampled_from(CHANGES))
def test_no_change_of_an_item_goes_unseen(item_id, change):
    def among(items: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(change(item) if item.id == item_id else item for item in items)

    now = replace(
        ATR,
        context=among(ATR.context),
        dimensions=tuple(replace(one, items=among(one.items)) for one in ATR.dimensions),
        attention=among((ATR.attention,))[0],
        calibration=among(ATR.calibration),
        modules={name: replace(one, items=among(one.items)) for name, one in ATR.modules.items()},
    )
    found = differences(BEFORE, Edition(now, {}))
    assert found
    assert all(item_id in one.where for one in found)
    assert differences(Edition(now, {}), Edition(now, {})) == ()


def test_a_difference_that_nobody_thought_of_goes_not_unseen():
    scored = replace(ATR.context[0], scored=True)
    (found,) = differences(BEFORE, Edition(replace(ATR, context=(scored, *ATR.context[1:])), {}))
    assert found == Difference("instrument", "minor", "It differs in something that has no place here.")
    renumbered = replace(ATR, version="7.0.0", corrected=("stem",))
    assert differences(BEFORE, Edition(renumbered, {})) == ()


def test_a_new_answer_scale_is_told():
    more = {**ATR.scales, "rank": replace(ATR.scales["role"], id="rank")}
    (found,) = differences(BEFORE, Edition(replace(ATR, scales=more), {}))
    assert found == Difference("scales.rank", "patch", "An answer scale is new.")


def test_ratings_of_workflows_are_items_like_others(authored):
    with_workflow(authored)
    found = differences(BEFORE, load_edition(authored.folder))
    assert [(one.where, one.level) for one in found] == [
        ("items.F", "minor"), ("items.RB", "minor"), ("items.DS", "minor"), ("pages.workflow.title", "patch"),
    ]  # fmt: skip


def test_what_is_refused_stands_first_and_decides(authored):
    found = differences(BEFORE, changed(authored, T1A2, ("core.yaml", "bad at.", "poor at.")))
    assert [one.where for one in found] == ["items.R1a", "items.T1a@2", "items.T1a"]
    assert needed(found) == "refused"


def test_a_correction_that_the_author_lists_changes_the_last_number_only(authored):
    now = changed(
        authored,
        ("core.yaml", "routine parts", "routine part"),
        ("core.yaml", "Partly true", "Partly true."),
        ("core.yaml", "version: 1.0.0", "version: 1.0.1\ncorrected: [items.T1a, scales.true5.3]"),
    )
    assert [(one.where, one.level) for one in differences(BEFORE, now)] == [
        ("scales.true5.3", "patch"), ("items.T1a", "patch"),
    ]  # fmt: skip
    assert refusals(BEFORE, now) == ()


@pytest.mark.parametrize(("level", "follows"), [("patch", "1.2.4"), ("minor", "1.3.0"), ("major", "2.0.0")])
def test_the_version_that_follows_has_that_number_changed(level, follows):
    assert next_version("1.2.3", level) == follows


def test_no_version_follows_with_changes_that_are_refused():
    with pytest.raises(ValueError, match="refused"):
        next_version("1.0.0", "refused")


@pytest.mark.parametrize(
    ("change", "wrong", "right"),
    [
        (T1A2, ["0.9.0", "1.0.0", "1.0.1"], ["1.1.0", "1.2.0", "2.0.0"]),
        (("core.yaml", "Partly true", "Half true"), ["1.0.1", "1.9.0"], ["2.0.0", "3.1.4"]),
        (("core.yaml", "Before you start", "First"), ["1.0.0", "0.9.9"], ["1.0.1", "1.1.0"]),
        (("core.yaml", "routine parts", "boring parts"), ["1.0.1", "1.1.0", "2.0.0"], []),
    ],
)
def test_a_version_has_to_change_the_number_that_its_changes_need(authored, change, wrong, right):
    now = changed(authored, change)
    assert all(refusals(BEFORE, numbered(now, version)) for version in wrong)
    assert not any(refusals(BEFORE, numbered(now, version)) for version in right)


def test_a_wrong_number_is_told_with_the_right_one_and_the_reason(authored):
    (told,) = refusals(BEFORE, numbered(changed(authored, T1A2), "1.0.1"))
    assert told.where == "version"
    assert told.sentence == (
        "1.0.1 can't follow 1.0.0: the middle number has to change, 1.1.0 or higher, because of items.T1a@2: "
        "New in the dimension T1 in place of T1a."
    )


def german(**texts: str) -> Translation:
    return translate(ATR, language="de", texts=texts)


def spoken_in(*translations: Translation) -> Edition:
    return Edition(ATR, MappingProxyType({one.language: one for one in translations}))


BASE = {"stem": "Wie sehr?", "items.T1a": "Agenten können das.", "name": "Vertrauen"}


def test_languages_come_and_go_and_gaps_are_filled_with_the_last_number():
    one, more = german(**BASE), german(**BASE, **{"items.T1b": "Fertig ist fertig."})
    assert differences(BEFORE, spoken_in(one)) == (Difference("de", "patch", "A new translation."),)
    assert differences(spoken_in(one), BEFORE) == (Difference("de", "patch", "No longer translated."),)
    (found,) = differences(spoken_in(one), spoken_in(more))
    assert found == Difference("de: items.T1b", "patch", "1 texts that were missing are translated.")
    assert differences(spoken_in(more), spoken_in(one)) == (
        Difference("de: items.T1b", "patch", "1 texts are no longer translated."),
    )


@pytest.mark.parametrize(("path", "level"), [("stem", "refused"), ("items.T1a", "refused"), ("name", "patch")])
def test_a_translation_reworded_without_a_new_id_is_refused(path, level):
    now = german(**{**BASE, path: "Anders"})
    (found,) = differences(spoken_in(german(**BASE)), spoken_in(now))
    assert (found.where, found.level) == (f"de: {path}", level)
    assert f"‘{BASE[path]}’ becomes ‘Anders’" in found.sentence
    mended = translate(ATR, language="de", texts=now.texts, corrected=[path])
    (found,) = differences(spoken_in(german(**BASE)), spoken_in(mended))
    assert found.level == "patch"


def test_a_new_item_may_be_translated_as_it_likes():
    fewer = replace(ATR, context=ATR.context[:1])
    earlier = Edition(fewer, {"de": translate(fewer, language="de", texts=BASE)})
    now = Edition(ATR, {"de": german(**BASE, **{"items.E2": "Ihre Rolle?"})})
    assert [one.where for one in differences(earlier, now)] == ["items.E2"]


@pytest.mark.parametrize("entry", [one for one in read_published(INSTRUMENTS) if one.language is None], ids=str)
def test_every_published_version_may_follow_those_before_it(entry):
    now = load_edition(INSTRUMENTS / entry.key / entry.version)
    numbers = [int(number) for number in entry.version.split(".")]
    for key, version in published():
        if key == entry.key and [int(number) for number in version.split(".")] < numbers:
            assert refusals(load_edition(INSTRUMENTS / key / version), now) == ()
