"""A release names languages that enough people used, and nothing finer."""

from dataclasses import replace

import pytest

from app.releases import make, store
from app.releases.audit.spoken import tongues
from app.releases.document import attested, languages
from app.releases.document.release import Release
from surveys.languages import LANGUAGES
from tests import world
from tests.releases import waves as made
from tests.releases.waves import department

NAMES = {tag: one.name for tag, one in LANGUAGES.items()}
OFFERED = ("en", "de", "fr")


@pytest.mark.parametrize(
    ("sent", "left_out", "named"),
    [
        ({"en": 10, "de": 10}, 0, ("en", "de")),
        ({"en": 30, "de": 9}, 0, ("en",)),
        ({"en": 30, "de": 10}, 1, ("en",)),
        ({"en": 19}, 0, ()),
        ({"en": 20}, 1, ()),
        ({"en": 10, "de": 5, "fr": 4}, 0, ()),
        ({}, 0, ()),
    ],
)
def test_a_language_is_named_when_at_least_ten_of_twenty_used_it_for_sure(sent, left_out, named):
    assert languages.used(sent, offered=OFFERED, left_out=left_out, k=10) == named


def test_the_only_language_that_was_offered_is_known_to_everybody():
    assert languages.used({"en": 1}, offered=("en",), left_out=0, k=10) == ("en",)


def release(*named: str, offered: tuple[str, ...] = OFFERED, number: int = 1) -> Release:
    legal = department("Legal", 8)
    one = made.release([legal], {legal.id: made.answers(legal, 6)})
    return replace(one, number=number, wave=replace(one.wave, languages_offered=offered, languages=named))


def test_the_auditor_refuses_names_that_too_few_people_used():
    assert list(tongues([release("en", "de")], used=20, sent={"en": 10, "de": 10})) == []
    for sent, used in (({"en": 11, "de": 9}, 20), ({"en": 10, "de": 10}, 19), ({"en": 20}, 20)):
        [fault] = tongues([release("en", "de")], used=used, sent=sent)
        assert "too few people" in fault


def test_the_auditor_refuses_a_later_release_that_names_others():
    [fault] = tongues([release("en"), release("en", "de", number=2)], used=40, sent={"en": 20, "de": 20})
    assert fault == "release 2 names other languages than the first one"


def test_a_release_says_in_which_languages_it_was_asked_and_answered():
    assert attested.languages(release(offered=()), names=NAMES) is None
    assert attested.languages(release("de", offered=("de",)), names=NAMES) == "Asked in Deutsch."
    assert (
        attested.languages(release("en", "de"), names=NAMES)
        == "Offered in English, Deutsch and Français. At least 10 people each answered in English and Deutsch."
    )
    assert "is told from 20 answers on" in str(attested.languages(release(), names=NAMES))


def test_a_wave_answered_in_several_languages_names_those_of_ten_in_every_release(database, cast, clock):
    wave = world.plan_wave(database, cast, now=clock(), asked_in=["en", "de", "ar"])
    for name, language, count in (("Operations", "de", 14), ("IT", "en", 10), ("Legal", "ar", 7)):
        world.answer(database, cast, wave, counts={name: count}, now=clock(), language=language)
    world.close(database, cast, wave, now=clock())
    make.make_again(database, organisation_id=cast.organisation, wave_id=wave, occasion="headcounts", now=clock())
    with database.reading() as session:
        for one in store.of_wave(session, cast.organisation, wave):
            assert one.document.wave.languages_offered == ("en", "de", "ar")
            assert one.document.wave.languages == ("en", "de")
