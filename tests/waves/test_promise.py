"""The promise follows from the policy: each choice has its sentence, and none says what the policy does not."""

import json
from dataclasses import fields, replace
from datetime import date
from itertools import product
from string import Formatter

import pytest
from babel.support import Translations

from app.comments.compose import K_THEMES
from app.sentences import say
from app.waves import wording
from app.waves.policy import MODES, RETENTION_MONTHS, SMALLEST_GROUPS, Policy, chosen
from app.waves.promise import SMALLEST_THEME, WORDING, Line, Wording, deletion_day, promise
from app.web import speech as spoken
from app.web.speech import speech
from surveys.languages import LANGUAGES

PLACES = {"organisation", "k", "k_intervals", "k_comments", "k_themes", "months", "deleted_on", "gone_on"}


def told(policy: Policy, *, small: bool = False, closed_on: date | None = None, deleted_on: date | None = None) -> str:
    made = promise(policy, organisation="Fernhill {k}", small=small, closed_on=closed_on, deleted_on=deleted_on)
    return " ".join(f"{line.heading} {line.text}" for line in made.seen + made.kept)


def sentences(wording: Wording) -> list[str]:
    """Every sentence of a wording with its places still open."""
    found: list[str] = []
    for field in fields(wording):
        value = getattr(wording, field.name)
        parts = value.values() if field.name in ("mode", "link") else [value]
        for part in parts:
            found += [part.heading, part.text] if isinstance(part, Line) else [part] if isinstance(part, str) else []
    return found


@pytest.mark.parametrize(("mode", "k", "comments", "months"),
                         list(product(MODES, SMALLEST_GROUPS, (False, True), RETENTION_MONTHS)))  # fmt: skip
def test_every_choice_is_in_the_promise(mode, k, comments, months):
    text = told(chosen(mode=mode, k=k, comments=comments, retention_months=months), small=True)
    assert f"at least {k} people" in text
    assert f"deleted {months} months after" in text
    assert ("Comments are read before they are shown." in text) is comments
    assert ("There is no list of people." in text) is (mode == "anonymous")
    assert ("personal link" in text) is (mode == "confidential")
    assert (f"In a group of {k} to 9 people" in text) is (k < 10)
    assert "Fernhill {k}" in text


def test_themes_are_counted_from_the_number_that_is_promised():
    assert SMALLEST_THEME == K_THEMES
    assert f"at least {K_THEMES} wrote of them" in told(Policy(comments=True))


def test_a_group_of_ten_or_more_reads_nothing_about_small_groups():
    assert "to 9 people" not in told(Policy())


def test_a_policy_from_before_deletion_was_promised_promises_none():
    text = told(Policy(version="1", retention_months=None), closed_on=date(2026, 11, 22))
    assert "deleted on" not in text
    assert "months after" not in text


def test_once_closed_the_day_of_deletion_is_said_and_once_deleted_that_it_is_done():
    assert "Answers are deleted on 22 November 2027." in told(Policy(), closed_on=date(2026, 11, 22))
    gone = told(Policy(), closed_on=date(2026, 11, 22), deleted_on=date(2027, 11, 23))
    assert "The answers were deleted on 23 November 2027." in gone
    assert "Answers are deleted on" not in gone


def test_the_day_of_deletion_exists_in_its_month():
    assert deletion_day(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert deletion_day(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert deletion_day(date(2026, 12, 31), 12) == date(2027, 12, 31)
    assert deletion_day(date(2026, 1, 15), 36) == date(2029, 1, 15)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_promise_has_sentences_for_every_mode_and_no_unknown_places(language):
    assert WORDING.mode.keys() == WORDING.link.keys() == set(MODES)
    for sentence in sentences(WORDING):
        said = str(speech(language).say(sentence))
        assert {place for _, place, _, _ in Formatter().parse(said) if place is not None} <= PLACES


def test_names_of_clients_and_days_stand_in_the_promise_of_every_language():
    made = promise(Policy(comments=True), organisation="Fernhill", small=False, closed_on=date(2026, 11, 22))
    for language in LANGUAGES:
        said = " ".join(str(speech(language).say(part)) for line in made.seen for part in (line.heading, line.text))
        assert "Fernhill" in said
        assert speech(language).day(date(2027, 11, 22)) in said


def test_what_was_written_down_is_said_though_our_words_change(monkeypatch):
    written = wording.written_down()
    changed = replace(WORDING, nobody=Line(say("Other words."), say("And others for {organisation}.")))
    monkeypatch.setattr(wording, "WORDING", changed)
    wording.read.cache_clear()
    kept = promise(Policy(), organisation="Fernhill", small=False, wording=wording.read(written))
    assert kept == promise(Policy(), organisation="Fernhill", small=False)
    assert promise(Policy(), organisation="Fernhill", small=False, wording=wording.read(None)).seen[0].heading == (
        "Other words."
    )
    wording.read.cache_clear()


@pytest.mark.parametrize("tag", LANGUAGES)
def test_what_was_written_down_reads_in_every_language_as_it_did(tag, monkeypatch):
    before, written = told_in(tag), wording.written_down()
    monkeypatch.setattr(spoken, "translations", lambda language: Translations())
    speech.cache_clear()
    assert told_in(tag, wording.read(written)) == before
    speech.cache_clear()


def told_in(tag: str, of: Wording = WORDING) -> list[object]:
    made = promise(Policy(comments=True), organisation="Fernhill", small=True, wording=of)
    said = [part for line in made.seen + made.kept for part in (line.heading, line.text)]
    return [speech(tag).say(one) for one in (*said, made.before_sending, made.afterwards)]


def test_a_sentence_that_was_not_written_down_is_said_as_today():
    words = json.loads(wording.written_down())
    del words["en"]["small"]
    assert wording.read(json.dumps(words)).small == WORDING.small
