"""One mail to one person of the console, outside the rounds of a wave. It stays nowhere once it is handed over."""

from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from app.errors import ConflictError
from app.mail.smtp import SAID, Server, ServerTrouble
from app.settings import Settings
from app.web.catalogs import SOURCE, SPOKEN_IN_THE_CONSOLE
from app.web.speech import Speech, speech


def written(
    settings: Settings,
    *,
    to: str | Address,
    language: str | None,
    subject: str,
    paragraphs: Sequence[str | tuple[str, ...]],
    mark: str = "",
) -> EmailMessage:
    """A plain mail; sentences are said in the language, if the console speaks it, each on one line.

    So no name in them begins a header or a paragraph. A paragraph of several lines is a tuple; empty ones are left out.
    `mark` is what the Message-ID begins with: the same in each attempt, so that what goes out twice is shown once.
    """
    spoken = speech(language if language in SPOKEN_IN_THE_CONSOLE else SOURCE)
    blocks = [one if isinstance(one, tuple) else (one,) for one in paragraphs]
    told = ["\n".join(_line(spoken, one) for one in lines) for lines in blocks]
    made = EmailMessage(policy=SMTP)
    made["Subject"] = _line(spoken, subject)
    made["From"] = Address("Plumbline", addr_spec=settings.mail_from)
    made["To"] = to
    if mark:
        made["Message-ID"] = f"<{mark}@{settings.mail_from.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content("\n\n".join(filter(None, told)) + "\n", cte="quoted-printable")
    return made


def hand_over(settings: Settings, mail: EmailMessage) -> None:
    """Hands a mail to the server; ConflictError with what the server said, where it takes none."""
    try:
        with Server(settings) as server:
            told = server.send(mail)
    except ServerTrouble as trouble:
        raise ConflictError(trouble.told) from None
    if told.outcome != "sent":
        raise ConflictError(SAID.filled({"answer": told.answer}))


def _line(spoken: Speech, sentence: str) -> str:
    return " ".join(str(spoken.say(sentence)).split())
