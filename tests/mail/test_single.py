"""A mail to one person of the console: each sentence on one line, in a language that the console speaks."""

from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.mail import single
from app.mail.words import HELLO
from app.sentences import Passage, say
from tests.mail.office import settings_of

NAME = "Fernhill\r\nBcc: everybody@example.org\n\nInstruments"


def written(folder: Path, language: str | None = None, mark: str = "") -> EmailMessage:
    made = single.written(
        settings_of(25, folder),
        to=Address(addr_spec="kim@example.org"),
        language=language,
        subject=say("{day}: {title}", day="today", title=NAME),
        paragraphs=(HELLO.filled({"name": NAME}), "", (say("What shows that it is done:"), Passage(("-", NAME)))),
        mark=mark,
    )
    found = message_from_bytes(made.as_bytes(), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_name_begins_neither_a_header_nor_a_paragraph(tmp_path: Path) -> None:
    mail = written(tmp_path)
    one_line = "Fernhill Bcc: everybody@example.org Instruments"
    assert mail["Bcc"] is None
    assert mail["Subject"] == f"today: {one_line}"
    hello, shown = mail.get_content().replace("\r\n", "\n").strip().split("\n\n")
    assert one_line in hello
    assert shown == f"What shows that it is done:\n- {one_line}"


def test_the_message_id_follows_from_the_mark_alone(tmp_path: Path) -> None:
    first, second = (written(tmp_path, mark="plan.1") for _ in range(2))
    assert first["Message-ID"] == second["Message-ID"] == "<plan.1@plumbline.example>"
    assert written(tmp_path)["Message-ID"] is None


@pytest.mark.parametrize(("language", "words"), [("de", "Was zeigt, dass"), ("fr", "What shows"), (None, "What shows")])
def test_a_language_that_the_console_does_not_speak_is_english_all_through(
    tmp_path: Path, language: str | None, words: str
) -> None:
    assert words in written(tmp_path, language).get_content()
