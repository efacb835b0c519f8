"""A mail as text and HTML, in the language of the person whom it is for. Nothing is stored and nothing is sent here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from html import unescape
from typing import ClassVar

from jinja2 import Environment

from app.mail.words import HELLO, HELLO_YOU, OURS, RESULTS, WITH_LINK
from app.sentences import Sentence
from app.waves.promise import Promise
from app.web.speech import speech
from app.web.templating import make_environment
from app.web.views import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """All that a mail is made from. `own` are the client's own subject and text for this language, if it has any;
    `stop` is where no more mails can be asked for, "" in a test mail; `results` is where staff read
    the results, "" where no page for them is published."""

    kind: str
    language: str
    to: str
    name: str
    organisation: str
    sender: str
    from_address: str
    reply_to: str
    message_id: str
    link: str
    stop: str
    minutes: int
    closes: date | None
    promise: Promise
    own: Mapping[str, str]
    on_trial: bool = False
    results: str = ""


@dataclass(frozen=True)
class LetterPage(View):
    """The mail as HTML, and with another template as plain text."""

    template: ClassVar[str] = "mail/letter.html"
    subject: str
    hello: object
    paragraphs: tuple[str, ...]
    link: str
    minutes: int
    closes: date | None
    promise: Promise | None
    organisation: str
    stop: str
    on_trial: bool
    results: str


def message(letter: Letter) -> EmailMessage:
    """The mail, ready to be sent; values of headers can't begin new ones."""
    page = page_of(letter)
    made = EmailMessage(policy=SMTP)
    made["Subject"] = page.subject
    made["From"] = Address(letter.sender, addr_spec=letter.from_address)
    made["To"] = letter.to
    if letter.reply_to:
        made["Reply-To"] = letter.reply_to
    made["Message-ID"] = letter.message_id
    made["Auto-Submitted"] = "auto-generated"
    if letter.stop:
        made["List-Unsubscribe"] = f"<{letter.stop}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(render(page, letter.language, as_text=True), cte="quoted-printable")
    made.add_alternative(render(page, letter.language), subtype="html", cte="quoted-printable")
    return made


def page_of(letter: Letter) -> LetterPage:
    """What the mail says, before it is written down."""
    spoken = speech(letter.language)
    ours, values = OURS[letter.kind], {"name": letter.name, "organisation": letter.organisation}
    told = {
        "subject": _own(letter.own.get("subject", ""), values) or str(spoken.say(ours.subject.filled(values))),
        "text": _own(letter.own.get("text", ""), values) or str(spoken.say(ours.text.filled(values))),
    }
    with_link = letter.kind in WITH_LINK
    hello: Sentence = HELLO.filled(values) if letter.name else HELLO_YOU
    return LetterPage(
        subject=" ".join(told["subject"].split()),
        hello=hello,
        paragraphs=tuple(" ".join(one.split()) for one in told["text"].split("\n\n") if one.strip()),
        link=letter.link if with_link else "",
        minutes=letter.minutes,
        closes=letter.closes,
        promise=letter.promise if with_link else None,
        organisation=letter.organisation,
        stop=letter.stop,
        on_trial=letter.on_trial,
        results=letter.results if letter.kind == RESULTS else "",
    )


def render(page: LetterPage, language: str, *, as_text: bool = False) -> str:
    """The mail as HTML or as plain text."""
    values = {field: getattr(page, field) for field in page.__dataclass_fields__}
    text = _environment(language).get_template("mail/letter.txt" if as_text else page.template).render(values)
    # Both are written as HTML, escaped once, so that the plain text can be told from it exactly.
    return (unescape(text) if as_text else text).strip() + "\n"


def _own(text: str, values: Mapping[str, str]) -> str:
    return text.format_map(values) if text else ""


@cache
def _environment(language: str) -> Environment:
    return make_environment(speech(language))
