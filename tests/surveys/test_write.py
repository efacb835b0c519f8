import unicodedata
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.archive import shelve
from surveys.canonical import hashed
from surveys.load import INSTRUMENTS, load_edition
from surveys.model import Instrument, Item
from surveys.translations import Edition, source_texts, translate
from surveys.wording import wrong_names, wrong_text
from surveys.write import files_of
from tests.thorough import examples

EDITIONS = [load_edition(path.parent) for path in sorted(INSTRUMENTS.glob("*/*/core.yaml"))]
ATR = EDITIONS[0].instrument


def again(edition: Edition) -> Edition:
    return shelve(files_of(edition)).edition


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda one: f"{one.instrument.key}-{one.instrument.version}")
def test_a_questionnaire_written_and_read_again_is_the_same_with_its_translations(edition):
    assert again(edition) == edition
    assert again(edition).instrument.sha256 == edition.instrument.sha256
    assert list(again(edition).instrument.items()) == list(edition.instrument.items())


def is_a_text(text: str) -> bool:
    return bool(text) and wrong_text(text) is None and wrong_names(text, ()) is None


TEXTS = (
    st.text(st.characters(exclude_categories=("C", "Z")) | st.sampled_from(" :#'\"\\-?&*!|>%@`,[]"), max_size=40)
    .map(lambda text: unicodedata.normalize("NFC", text).strip())
    .filter(is_a_text)
)
TRICKY = [
    "no",
    "~",
    "null",
    "1",
    "1.0",
    "2026-11-22",
    "- a",
    "a: b",
    "#a",
    "'",
    '"',
    "\\",
    "{}x"[2:],
    "=",
    "<<",
    "!x",
    "&a",
]


def reworded(text: str, item: Item) -> Item:
    return replace(item, text=text)


@settings(max_examples=examples(30))
@given(st.lists(TEXTS | st.sampled_from(TRICKY), min_size=4, max_size=4), st.booleans(), st.booleans())
def test_any_words_survive_the_writing(texts, dk, nx):
    first, *others = ATR.dimensions
    items = tuple(
        reworded(text, replace(item, allow_dk=dk, allow_nx=nx)) for text, item in zip(texts, first.items, strict=True)
    )
    changed = replace(
        ATR,
        name=texts[0],
        stem=texts[1],
        dimensions=(replace(first, items=items, short=texts[2], definition=texts[3]), *others),
        calibration=(replace(ATR.calibration[0], scale="true5", reverse=True), ATR.calibration[1]),
        corrected=("items.T1a", "scales.true5.2"),
        language="fr",
    )
    edition = Edition(hashed(changed), {})
    assert again(edition) == edition


PATHS = [path for path, text in source_texts(ATR).items() if "{" not in text and not path.startswith("scales.")]


@settings(max_examples=examples(30))
@given(st.dictionaries(st.sampled_from(PATHS).filter(lambda path: path != "items.ATT"), TEXTS, max_size=20), st.data())
def test_any_translation_survives_the_writing(texts, data):
    some = st.sets(st.sampled_from(sorted(texts))) if texts else st.just(set())
    made = translate(
        ATR, language="ar", texts=texts, state=data.draw(st.sampled_from(["machine", "reviewed"])),
        reviewed=data.draw(some), corrected=data.draw(some),
    )  # fmt: skip
    edition = Edition(ATR, MappingProxyType({"ar": made}))
    assert again(edition) == edition


def test_the_files_look_like_those_that_authors_write():
    files = files_of(EDITIONS[0])
    assert sorted(files) == ["core.yaml", "finance.yaml", "hr.yaml", "legal.yaml", "operations.yaml"]
    assert files["finance.yaml"].decode().splitlines()[:4] == [
        "module: finance",
        'name: "Finance"',
        "items:",
        "  - {id: FIN1, relates_to: R4, dk: true, text: "
        '"No agent can both prepare and release the same payment or entry."}',
    ]
    core = files["core.yaml"].decode()
    assert '  - id: true5\n    points:\n      - {value: 1, label: "Not at all true"}\n' in core
    assert "functions:\n  legal: legal\n" in core


def test_the_fields_of_the_model_are_those_that_are_written():
    """A field that is added to the model and forgotten in `surveys.write` would be lost on the way out."""
    # Which departments rate which workflows is said by a wave, and is no part of a questionnaire.
    assert {field for field in Instrument.__slots__ if not field.startswith("_")} - {"rated_here"} == {
        "key", "version", "name", "stem", "scales", "extra", "context", "dimensions", "calibration", "attention",
        "attention_answer", "modules", "functions", "page_texts", "sha256", "language", "workflow", "corrected",
    }  # fmt: skip
