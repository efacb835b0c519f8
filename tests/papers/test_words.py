"""Readers of the papers read what respondents read in the words of each language in which people answer."""

import pytest

from surveys.load import latest, translations
from tests.papers.desk import Desk

LATEST = latest("atr").version


@pytest.mark.parametrize("language", ["de", "fr", "es", "ar"])
def test_the_questionnaire_is_read_in_the_words_of_each_language(desk: Desk, language: str) -> None:
    link = desk.link()
    assert f'href="?words={language}"' in desk.text(f"{link}/questionnaire")
    page = desk.text(f"{link}/questionnaire?words={language}")
    texts = translations("atr", LATEST)[language].texts
    assert texts["items.T1a"] in page
    assert f'<ul lang="{language}" dir="auto">' in page, "each text runs its own way"
    assert "Everything that is asked" in page, "the page around them stays in its own language"
    assert f'<strong lang="{language}" aria-current="true">' in page


def test_the_promise_and_the_mails_are_read_in_them_too(desk: Desk) -> None:
    link = desk.link()
    english, french, arabic = (desk.text(f"{link}/promise?words={tag}") for tag in ("en", "fr", "ar"))
    assert '<ul lang="fr" dir="auto">' in french
    assert '<ul lang="ar" dir="auto">' in arabic
    assert len({page.split("</h2>")[1] for page in (english, french, arabic)}) == 3
    assert "What the people who are asked are promised" in arabic
    assert '<pre lang="ar" dir="auto">' in desk.text(f"{link}/mails?words=ar")


@pytest.mark.parametrize("paper", ["questionnaire", "promise", "mails"])
def test_words_that_there_are_not_are_those_of_the_page(desk: Desk, paper: str) -> None:
    page = desk.text(f"{desk.link()}/{paper}?words=xx")
    assert '<strong lang="en" aria-current="true">English</strong>' in page


def test_the_language_of_the_page_itself_is_chosen_on_it(desk: Desk) -> None:
    link = desk.link()
    answer = desk.client.post("/language", data={"language": "de", "next": link})
    assert answer.headers["location"] == link
    assert '<html lang="de"' in desk.text(link)
