"""The questionnaire ATR 1.1.0: what it adds to 1.0.0 (MEASUREMENT.md 1.4, 2.2), and its four translations."""

from dataclasses import replace

import pytest

from surveys.canonical import canonical
from surveys.load import load, translations
from surveys.model import FUNCTIONS, Instrument
from surveys.translations import source_texts

LONGEST = 17  # words of an English item
RELATES = {
    "it": ["R3", "T2", "T4", "R3", "R3", "R3"],
    "customer_service": ["T3", "T4", "R3", "R4", "R3", "T1"],
    "sales": ["R3", "T1", "T3", "R2", "T3", "R4"],
    "procurement": ["R4", "T4", "T3", "T2", "R3", "R3"],
}


@pytest.fixture(scope="module")
def new() -> Instrument:
    return load("atr", "1.1.0")


def test_version_1_1_was_published_with_this_hash(new):
    assert new.sha256 == "087ec59eb28f217714ca43ae741a3e9d9b54c27cad841bc03d01a5e781ba993d"


def test_every_text_of_the_version_before_is_still_there_word_for_word(atr, new):
    texts = source_texts(new)
    assert {path: texts[path] for path in source_texts(atr)} == dict(source_texts(atr))


def test_what_is_asked_of_everybody_is_what_it_was(atr, new):
    same = replace(
        new,
        version=atr.version,
        modules=atr.modules,
        functions=atr.functions,
        workflow=(),
        scales={name: new.scales[name] for name in atr.scales},
        page_texts={name: new.page_texts[name] for name in atr.page_texts},
    )
    assert canonical(same) == canonical(atr)


def test_eight_functions_have_a_module_of_six_items_where_dont_know_is_offered(new):
    assert [f for f in FUNCTIONS if new.module_for(f) is None] == ["other"]
    assert {name: name for name in new.modules} == {f: f for f in FUNCTIONS if f != "other"}
    for module in new.modules.values():
        assert len(module.items) == 6
        assert all(item.allow_dk and not item.allow_nx and not item.anchor for item in module.items)


@pytest.mark.parametrize("module", RELATES)
def test_module_items_inform_the_dimensions_of_the_specification(new, module):
    assert [item.relates_to for item in new.modules[module].items] == RELATES[module]


def test_five_ratings_of_five_steps_are_asked_of_each_workflow_and_never_scored(new):
    assert [item.id for item in new.workflow] == ["F", "RB", "EC", "DS", "HA"]
    assert len({item.scale for item in new.workflow}) == 5
    for item in new.workflow:
        assert [point.value for point in new.scales[item.scale].points] == [1, 2, 3, 4, 5]
        assert {item.scored, item.allow_dk, item.allow_nx, item.anchor} == {False}


def test_the_page_of_a_workflow_names_it(new):
    assert "{workflow}" in new.page_texts["workflow"].title


def test_no_item_of_version_1_1_is_long(new):
    assert {item.id for item in (*new.items(), *new.workflow) if len(item.text.split()) > LONGEST} == set()


@pytest.mark.parametrize(
    ("language", "path", "word"),
    [
        ("de", "scales.wish.3", "Einigermaßen"),
        ("de", "items.EC", "diese Arbeit"),
        ("fr", "scales.wish.4", "Assez"),
        ("fr", "items.OPE3", "au cours d’un même poste"),
        ("fr", "items.EC", "Si ce travail se passe mal"),
        ("es", "items.LEG2", "con la titulación necesaria"),
        ("es", "items.EC", "este trabajo"),
        ("ar", "comments.minds", "عملكم أنتم"),
    ],
)
def test_a_translation_says_no_less_and_no_more_than_the_english(language, path, word):
    assert word in translations("atr", "1.1.0")[language].texts[path]
