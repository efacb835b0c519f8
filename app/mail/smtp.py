"""Handing mails to an SMTP server, and what its answers mean. No text of a mail is in any log or error."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from types import TracebackType
from typing import Final, Literal, Self

from app.settings import Settings

SECONDS: Final = 20.0
Outcome = Literal["sent", "later", "refused"]


class ServerTrouble(Exception):  # noqa: N818  # a state of the server, told on a page
    """The server takes no mail at all at the moment; the sentence says what it answered."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one mail: taken, refused for now, refused for good; `answer` is the server's."""

    outcome: Outcome
    answer: str = ""


class Server:
    """A connection, opened on entering. ServerTrouble when it can't be opened, or breaks."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        try:
            self._connection = self._open()
        except (OSError, smtplib.SMTPException) as error:
            raise ServerTrouble(_said(error)) from None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._connection is not None:
            try:
                self._connection.quit()
            except (OSError, smtplib.SMTPException):
                self._connection.close()

    def send(self, mail: EmailMessage) -> Told:
        """Hands over one mail. After this returns "sent" it is the server's."""
        assert self._connection is not None  # inside "with"
        try:
            self._connection.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            code, answer = next(iter(refused.recipients.values()))
            return self._refused(code, answer)
        except smtplib.SMTPSenderRefused as error:
            raise ServerTrouble(_said(error)) from None
        except smtplib.SMTPResponseException as error:
            return self._refused(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            raise ServerTrouble(_said(error)) from None
        return Told("sent")

    def _open(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.smtp_security == "tls":
            context = ssl.create_default_context()
            opened: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.smtp_host, settings.smtp_server_port, timeout=SECONDS, context=context
            )
        else:
            opened = smtplib.SMTP(settings.smtp_host, settings.smtp_server_port, timeout=SECONDS)
        try:
            if settings.smtp_security == "starttls":
                opened.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                opened.login(settings.smtp_user, settings.smtp_password)
        except BaseException:
            opened.close()
            raise
        return opened

    def _refused(self, code: int, answer: bytes | str) -> Told:
        said = _plain(answer)
        if code == 421:  # the server closes the connection
            raise ServerTrouble(f"{code} {said}")
        return Told("later" if code < 500 else "refused", f"{code} {said}")


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_plain(error.smtp_error)}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return _plain(str(error)) or type(error).__name__


def _plain(answer: bytes | str) -> str:
    """A server's answer on one line, without what it quotes between angle brackets: that may be an address."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    words = [word for word in text.split() if "@" not in word]
    return " ".join(words)[:200]
