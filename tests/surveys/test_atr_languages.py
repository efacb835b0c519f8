"""The translations of every shipped version that has some."""

import re
from dataclasses import replace

import pytest

from surveys.load import load, translations
from surveys.model import Instrument
from surveys.translations import missing, source_texts, spoken

LANGUAGES = ("de", "fr", "es", "ar")
# What an AI agent is called. Short names of pages, which stand under a heading, may leave it out.
AGENT = {"de": "KI-Agent", "fr": "d’IA", "es": "de IA", "ar": "اصطناعي"}


@pytest.fixture(params=["1.1.0", "1.2.0"])
def asked(request: pytest.FixtureRequest) -> Instrument:
    return load("atr", request.param)


def test_the_questionnaire_is_there_in_four_more_languages(asked):
    assert tuple(translations("atr", asked.version)) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_and_none_is_said_to_be_reviewed(asked, language):
    translation = translations("atr", asked.version)[language]
    assert missing(asked, translation) == ()
    assert translation.unreviewed() == tuple(source_texts(asked))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_left_in_english(asked, language):
    texts = translations("atr", asked.version)[language].texts
    same = {path for path, text in source_texts(asked).items() if text == texts[path]}
    assert {path.partition(".")[0] for path in same} <= {"scales", "modules"}, same


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_item_that_speaks_of_agents_says_that_they_are_of_ai(asked, language):
    """The word alone means a person in three of these languages, and items stand in no fixed order."""
    texts = translations("atr", asked.version)[language].texts
    for path, text in source_texts(asked).items():
        if path.startswith("items.") and re.search(r"\bagents?\b", text, re.IGNORECASE):
            assert AGENT[language] in texts[path], path


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_end_as_questions_and_statements_as_statements(asked, language):
    texts = translations("atr", asked.version)[language].texts
    for path, text in source_texts(asked).items():
        ends = {"?": ("?", "؟"), ".": (".",)}.get(text[-1])
        if ends is not None:
            assert texts[path].endswith(ends), path


def test_arabic_has_its_own_signs_and_no_stretched_letters(asked):
    for path, text in translations("atr", asked.version)["ar"].texts.items():
        assert not set(text) & set(",;?ـ"), path


def test_french_keeps_its_double_signs_on_the_line_of_their_word(asked):
    for path, text in translations("atr", asked.version)["fr"].texts.items():
        assert not re.search("[^\u00a0][:;?!»]|«[^\u00a0]", text), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language_it_is_the_same_questionnaire(asked, language):
    said = spoken(asked, translations("atr", asked.version)[language])
    assert (said.language, said.sha256) == (language, asked.sha256)
    assert [item.id for item in said.items()] == [item.id for item in asked.items()]
    assert [replace(item, text="") for item in said.items()] == [replace(item, text="") for item in asked.items()]
