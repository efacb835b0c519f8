"""What somebody who answers can read, in the four languages that are not English."""

import re

import pytest

from app.web.catalogs import PARTS, RESPONDENT, progress, read_catalog, state_of

LANGUAGES = PARTS[RESPONDENT]


def said(language: str) -> list[tuple[str, str]]:
    """Each message with each form of its words."""
    return [
        (one.id if isinstance(one.id, str) else one.id[0], form)
        for one in read_catalog(language, RESPONDENT)
        if one.id
        for form in ((one.string,) if isinstance(one.string, str) else one.string or ("",))
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_a_respondent_can_meet_is_left_in_english(language):
    told = progress(language, RESPONDENT)
    left = [message for message, words in said(language) if not words]
    assert (told.done, left) == (told.messages, [])
    assert not [message for message, words in said(language) if words == message]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_said_to_have_reviewed_a_translation(language):
    assert state_of(language, RESPONDENT) == "machine"


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_end_as_they_do_in_english(language):
    for message, words in said(language):
        ends = {"?": ("?", "؟"), ".": (".",), ":": (":",)}.get(message[-1])
        if ends is not None:
            assert words.endswith(ends), message


def test_arabic_has_its_own_signs_and_no_stretched_letters():
    for message, words in said("ar"):
        assert not set(words) & set(",;?ـ"), message


def test_french_keeps_its_double_signs_on_the_line_of_their_word():
    for message, words in said("fr"):
        assert not re.search("[^\u00a0][:;?!»]|«[^\u00a0]", words), message
        assert "'" not in words, message
