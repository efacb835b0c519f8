"""The questions that people answer in their own words: published once, a new wording is a new id."""

import hashlib

import pytest

from surveys.comments import QUESTIONS, VERSION, question

PUBLISHED = {"1.0.0": "ae5d5a1a36800a25c0ec7d18f9b42666298248d85374ab77cd2244af66d1b361"}


def test_the_published_questions_are_what_they_were():
    told = "\n".join(f"{one.id}\t{one.text}" for one in QUESTIONS)
    assert hashlib.sha256(told.encode()).hexdigest() == PUBLISHED[VERSION]


def test_each_question_is_found_by_its_id_and_no_other():
    assert [question(one.id) for one in QUESTIONS] == list(QUESTIONS)
    with pytest.raises(KeyError):
        question("unknown")
