"""The papers in German, for the works council, and what their version covers."""

import re
from functools import cache
from html import unescape

import pytest

from app.waves import approvals, languages, service, wording
from app.web import extraction
from app.web.speech import speech
from surveys.arrange import layout
from surveys.load import translations
from surveys.translations import spoken
from tests.conftest import Clock
from tests.papers.desk import PAPERS, Desk


def test_other_german_words_of_the_promise_make_other_papers(desk: Desk, clock: Clock, monkeypatch):
    desk.decide(desk.link(), "approved")
    monkeypatch.setattr(wording, "translations_sha256", lambda _: "other words")
    assert [one.current for one in desk.decisions()] == [False]
    monkeypatch.setattr(wording, "translations_sha256", lambda _: approvals.FIRST_TRANSLATIONS)
    assert [one.current for one in desk.decisions()] == [True]
    with desk.database.writing() as session:
        service.open_wave(session, organisation_id=desk.cast.organisation, wave_id=desk.wave, now=clock())
    monkeypatch.setattr(wording, "translations_sha256", lambda _: "other words")
    assert [one.current for one in desk.decisions()] == [True]


def in_german(desk: Desk, path: str) -> str:
    """The page as a browser gets it that asks for German, on one line."""
    answer = desk.client.get(path, headers={"Accept-Language": "de-DE"})
    assert answer.status_code == 200
    assert '<html lang="de"' in answer.text
    return " ".join(unescape(answer.text).split())


@cache
def english_of_papers() -> tuple[str, ...]:
    """The longer English sentences of the papers, found in all sources of the program."""
    return tuple(
        message
        for message, files in extraction.messages()["console"].items()
        if isinstance(message, str) and message.count(" ") > 3 and any(file.startswith("app/papers") for file in files)
    )


@pytest.mark.parametrize("chosen", [{"comments": True}, {"mode": "anonymous", "k": 10}])
def test_every_paper_is_there_in_german(desk: Desk, chosen):
    desk.choose(**chosen)
    link = desk.link()
    pages = {paper: in_german(desk, f"{link}/{paper}") for paper in PAPERS} | {"start": in_german(desk, link)}
    assert len(english_of_papers()) > 100
    assert {(paper, one) for one in english_of_papers() for paper, page in pages.items() if one in page} == set()
    with desk.database.reading() as session:
        about = approvals.papers(session, desk.cast.organisation, desk.wave)
    for line in (*about.promise.seen, *about.promise.kept):
        assert str(speech("de").say(line.text)) in pages["promise"]
    german = spoken(about.instrument, translations(about.instrument.key, about.instrument.version)["de"])
    for item in german.items():
        if item.id in layout(german, form="full", function="legal").item_ids:
            assert item.text in pages["questionnaire"]
    assert german.dimensions[0].name in pages["information"]
    assert "0 von" in pages["questionnaire"], "nobody has reviewed it"


def test_a_wave_that_does_not_ask_in_german_shows_its_questions_as_they_are_asked(desk: Desk):
    with desk.database.writing() as session:
        languages.choose(session, organisation_id=desk.cast.organisation, wave_id=desk.wave, languages=("en",))
    page = in_german(desk, f"{desk.link()}/questionnaire")
    assert "Geantwortet werden kann auf: English." in page
    with desk.database.reading() as session:
        about = approvals.papers(session, desk.cast.organisation, desk.wave)
    assert about.instrument.dimensions[0].items[0].text in page


def test_a_refusal_is_said_in_the_language_of_the_page(desk: Desk):
    link = desk.link()
    seen = re.search(r'name="papers" value="(\w+)"', desk.client.get(link).text)
    assert seen is not None
    answer = desk.client.post(link, data={"papers": seen[1]}, headers={"Accept-Language": "de"})
    assert answer.status_code == 422
    assert "Geben Sie Ihren Namen an: Er wird mit der Entscheidung festgehalten." in answer.text
    assert "Wählen Sie, ob Sie zustimmen oder widersprechen." in answer.text
