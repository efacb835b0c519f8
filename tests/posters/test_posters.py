"""A department's link as a code: on screen and printed in each language of the wave, and read back from both."""

import unicodedata
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient

from app.posters import press
from app.waves import ending
from app.web.qr import qr
from tests.cast import sign_in
from tests.clients.looks import dress
from tests.posters import decoder
from tests.respond.stage import Stage


@pytest.fixture
def here(stage: Stage) -> str:
    return f"/organisations/{stage.cast.organisation}/waves/{stage.wave}"


@pytest.fixture
def ada(client: TestClient, stage: Stage) -> TestClient:
    return sign_in(client, "Ada")


def pages(content: bytes) -> list[str]:
    return [unicodedata.normalize("NFKC", page.extract_text()) for page in PdfReader(BytesIO(content)).pages]


def test_the_code_on_screen_is_the_departments_link(ada, stage, here):
    token = stage.shared("Legal")
    assert f"/posters/{stage.cast.departments['Legal']}" in ada.get(f"{here}/links").text
    page = ada.get(f"{here}/posters/{stage.cast.departments['Legal']}").text
    assert decoder.on_screen(page) == [f"http://testserver/s/{token}"]
    assert "language=ar" in page
    assert "language=all" in page


def test_a_poster_is_printed_in_each_language_with_all_that_people_want_to_know(ada, stage, here, tmp_path: Path):
    token = stage.shared("Legal")
    address = f"{here}/posters/{stage.cast.departments['Legal']}/poster.pdf"
    printed = ada.get(address, params={"contact": "Kim Sample, room 12"})
    assert printed.headers["cache-control"] == "no-store"
    assert decoder.on_paper(printed.content, tmp_path) == [f"http://testserver/s/{token}"] * 5
    english, german, french, spanish, arabic = pages(printed.content)
    for said in (
        "AI agents in your work: what do you think?",
        "Fernhill Instruments (fictional) asks how far you trust AI agents",
        "It takes about 4 minutes.",
        "Questions? Ask Kim Sample, room 12.",
        "Nobody is shown your answers.",
        "A result needs answers from at least 5 people.",
        "Your answers are not tied to your link.",
    ):
        assert said in " ".join(english.split())
    assert "Was Ihnen versprochen wird" in german
    assert "Ce qui vous est promis" in french
    assert "Lo que se le promete" in spanish
    assert any("\u0600" <= sign <= "\u06ff" for sign in arabic)
    one = ada.get(address, params={"language": "de"}).content
    assert len(pages(one)) == 1
    assert ada.get(address, params={"language": "de"}).content == one, "the same bytes each time"


def test_a_poster_names_whom_the_survey_names_and_until_when_it_is_open(ada, stage, here, clock):
    stage.shared("Legal")
    place = {"organisation_id": stage.cast.organisation, "wave_id": stage.wave}
    with stage.database.writing() as session:
        ending.tell(session, **place, contact="Mia Example,\nroom 204", results="")
        ending.end(session, **place, grace=60, now=clock())
    poster = f"{here}/posters/{stage.cast.departments['Legal']}"
    assert 'value="Mia Example, room 204"' in ada.get(poster).text
    english, german = (
        " ".join(pages(ada.get(f"{poster}/poster.pdf?language={tag}").content)[0].split()) for tag in ("en", "de")
    )
    assert "Questions? Ask Mia Example, room 204." in english
    assert "Open until 5 October 2026, 11:00." in english
    assert "Offen bis 5. Oktober 2026, 11:00 Uhr." in german
    assert 'name="contact" type="text" value=""' in ada.get(poster, params={"contact": ""}).text, (
        "nobody, where that is wanted"
    )
    with stage.database.writing() as session:
        ending.tell(session, **place, contact="Kim " * 100, results="")
    assert 'name="contact" type="text" value=""' in ada.get(poster).text, (
        "what does not fit on a poster is left to be shortened"
    )


def test_all_departments_come_in_one_file(ada, stage, here, tmp_path: Path):
    tokens = [stage.shared(name) for name in ("Legal", "HR")]
    printed = ada.get(f"{here}/posters.pdf", params={"language": "en"}).content
    assert decoder.on_paper(printed, tmp_path) == [f"http://testserver/s/{token}" for token in tokens]


def test_a_poster_carries_the_logo_once_a_page_and_once_in_the_file(ada, stage, here, tmp_path: Path, clock):
    tokens = [stage.shared(name) for name in ("Legal", "HR")]
    bare = PdfReader(BytesIO(ada.get(f"{here}/posters.pdf").content))
    assert [len(page.images) for page in bare.pages] == [0] * 10
    dress(stage.database, stage.cast, clock())
    printed = ada.get(f"{here}/posters.pdf").content
    reader = PdfReader(BytesIO(printed))
    assert all(page.images for page in reader.pages)
    assert len({str(one.indirect_reference) for page in reader.pages for one in page.images}) == 1
    assert decoder.on_paper(printed, tmp_path) == [f"http://testserver/s/{token}" for token in tokens for _ in range(5)]


def test_what_cannot_be_printed_is_said(ada, stage, here, monkeypatch: pytest.MonkeyPatch):
    legal = f"{here}/posters/{stage.cast.departments['Legal']}"
    assert ada.get(legal).status_code == 409
    assert ada.get(f"{here}/posters.pdf").status_code == 409
    stage.shared("Legal")
    assert ada.get(f"{legal}/poster.pdf?language=tlh").status_code == 404
    long = ada.get(legal, params={"contact": "x" * 81})
    assert long.status_code == 422
    assert "Write at most 80 characters." in long.text
    assert ada.get(f"{legal}/poster.pdf", params={"contact": "x" * 81}).status_code == 422
    monkeypatch.setattr(press, "sys", type("Sys", (), {"executable": "false"}))
    broken = ada.get(f"{legal}/poster.pdf?language=en")
    assert broken.status_code == 503
    assert "could not be printed" in broken.text


def test_a_code_holds_nothing_but_the_address_and_its_drawing_says_nothing_of_it():
    drawn = str(qr("https://plumbline.example/s/abc"))
    assert "plumbline" not in drawn
    assert decoder.on_screen(drawn) == ["https://plumbline.example/s/abc"]
