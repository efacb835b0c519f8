"""The mails among the papers: what people on the list are written, before anybody is written to."""

import re

from app.mail import service
from app.mail.words import OURS, WORDED
from app.sentences import say
from app.waves import approvals, languages
from tests.conftest import Clock
from tests.papers.desk import Desk


def mails(desk: Desk, link: str, language: str = "en") -> str:
    answer = desk.client.get(f"{link}/mails", headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.text


def test_every_mail_is_shown_with_the_promise_and_leads_nowhere(desk: Desk):
    page = mails(desk, desk.link())
    for kind in WORDED:
        assert str(OURS[kind].subject.filled({"organisation": "Fernhill Instruments (fictional)"})) in page
    texts = re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.S)
    assert len(texts) == len(WORDED)
    with desk.database.reading() as session:
        about = approvals.papers(session, desk.cast.organisation, desk.wave)
    invitation = texts[0]
    for line in about.promise.seen:
        assert str(line.text) in invitation
    assert "http://testserver/r/…" in invitation
    assert all("http://testserver/stop/…" in text for text in texts)
    assert "test mail" not in page


def test_the_words_of_the_client_and_the_language_of_the_reader_are_those_of_the_page(desk: Desk, clock: Clock):
    place = {"organisation_id": desk.cast.organisation, "wave_id": desk.wave}
    with desk.database.writing() as session:
        service.word(
            session,
            **place,
            kind="invitation",
            language="de",
            subject="Wir fragen Sie",
            text="Ein Gruß von {organisation}.",
            now=clock(),
        )
    link = desk.link()
    german = mails(desk, link, "de")
    assert "Wir fragen Sie" in german
    assert "Ein Gruß von Fernhill Instruments (fictional)." in german
    assert "Wir fragen Sie" not in mails(desk, link)
    with desk.database.writing() as session:
        languages.choose(session, **place, languages=("en",))
    only = mails(desk, link, "de")
    assert '<pre lang="en"' in only
    assert "Wir fragen Sie" not in only


def test_a_wave_without_a_list_of_people_sends_no_mails(desk: Desk):
    desk.choose(mode="anonymous", k=10)
    link = desk.link()
    page = mails(desk, link)
    assert "This wave sends no mails" in page
    assert "<pre" not in page
    assert str(say("None: there is no list of people.")) in desk.text(link)
