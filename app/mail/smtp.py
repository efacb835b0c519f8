"""Handing mails to an SMTP server, and what its answers mean. No text of a mail is in any log or error."""

import smtplib
import socket
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from types import TracebackType
from typing import Final, Literal, Self

from app.sentences import Sentence, say
from app.settings import Settings

SECONDS: Final = 20.0
MOST_TROUBLES: Final = 2
SERVICE_CLOSES: Final = 421
FOR_NOW: Final = 400  # from here on an answer is a refusal
FOR_GOOD: Final = 500
Outcome = Literal["sent", "later", "refused"]

UNKNOWN: Final = say("There is no mail server with the name {host}. Check PLUMBLINE_SMTP_HOST.")
AWAY: Final = say("Nothing answers at {host}, port {port} ({why}). Check PLUMBLINE_SMTP_HOST and PLUMBLINE_SMTP_PORT.")
NOT_ENCRYPTED: Final = say(
    "{host}, port {port}, offers no encryption by STARTTLS, so it was told nothing. Set PLUMBLINE_SMTP_SECURITY to "
    "what the server offers."
)
NOT_TLS: Final = say(
    "{host}, port {port}, does not speak TLS from the first byte ({why}). Set PLUMBLINE_SMTP_SECURITY to what the "
    "server offers."
)
NOT_TRUSTED: Final = say("The certificate of {host} is not trusted ({why}), so the server was told nothing.")
NOT_SIGNED_IN: Final = say("The mail server does not take PLUMBLINE_SMTP_USER and its password. It said: {answer}")
NO_SIGN_IN: Final = say(
    "The mail server offers no way to sign in. Leave PLUMBLINE_SMTP_USER empty, or ask who runs it."
)
NOT_FROM: Final = say("The mail server takes no mail from the address in PLUMBLINE_MAIL_FROM. It said: {answer}")
SAID: Final = say("The mail server said: {answer}")
BROKE_OFF: Final = say("The connection to the mail server broke off ({why}).")
SEVERAL_TIMES: Final = say("several times")
TROUBLES: Final = (
    UNKNOWN, AWAY, NOT_ENCRYPTED, NOT_TLS, NOT_TRUSTED, NOT_SIGNED_IN, NO_SIGN_IN, NOT_FROM, SAID, BROKE_OFF,
)  # fmt: skip


class ServerTrouble(Exception):  # noqa: N818  # a state of the server, told on a page
    """The server takes no mail at all at the moment; `told` is one of `TROUBLES` with its places filled."""

    def __init__(self, told: Sentence) -> None:
        super().__init__(told)
        self.told = told


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one mail: taken, refused for now, refused for good; `answer` is the server's."""

    outcome: Outcome
    answer: str = ""


class Server:
    """A connection, opened on entering, with the server asked whether it takes mails from us at all.

    ServerTrouble when it can't be opened, or breaks; the next mail opens another one then.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connection: smtplib.SMTP | None = None
        self._troubles = 0

    def __enter__(self) -> Self:
        self._connection = self._opened()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._connection is not None:
            try:
                self._connection.quit()
            except (OSError, smtplib.SMTPException):
                self._connection.close()

    def send(self, mail: EmailMessage) -> Told:
        """Hands over one mail. After this returns "sent" it is the server's."""
        if self._connection is None:
            self._connection = self._opened()
        try:
            self._connection.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            code, answer = next(iter(refused.recipients.values()))
            return self._refused(code, answer)
        except smtplib.SMTPSenderRefused as error:
            raise self._trouble(NOT_FROM.filled({"answer": _said(error)})) from None
        except smtplib.SMTPResponseException as error:
            return self._refused(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            raise self._trouble(BROKE_OFF.filled({"why": _said(error)})) from None
        return Told("sent")

    def _opened(self) -> smtplib.SMTP:
        if self._troubles >= MOST_TROUBLES:
            raise ServerTrouble(BROKE_OFF.filled({"why": SEVERAL_TIMES}))
        try:
            opened = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            raise self._trouble(_about_opening(error, self._settings)) from None
        try:
            self._introduced(opened)
        except BaseException:
            opened.close()
            raise
        return opened

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        place = settings.smtp_host, settings.smtp_server_port
        if settings.smtp_security == "tls":
            return smtplib.SMTP_SSL(*place, timeout=SECONDS, context=ssl.create_default_context())
        opened = smtplib.SMTP(*place, timeout=SECONDS)
        try:
            if settings.smtp_security == "starttls":
                opened.starttls(context=ssl.create_default_context())
        except BaseException:
            opened.close()
            raise
        return opened

    def _introduced(self, opened: smtplib.SMTP) -> None:
        """Signs in, and asks whether the server takes mails from us: told of every batch, whoever needs a mail."""
        settings = self._settings
        try:
            if settings.smtp_user:
                opened.login(settings.smtp_user, settings.smtp_password)
            opened.ehlo_or_helo_if_needed()
            code, answer = opened.mail(settings.mail_from)
            opened.rset()
        except smtplib.SMTPNotSupportedError:
            raise self._trouble(NO_SIGN_IN) from None
        except smtplib.SMTPAuthenticationError as error:
            raise self._trouble(NOT_SIGNED_IN.filled({"answer": _said(error)})) from None
        except smtplib.SMTPResponseException as error:
            raise self._trouble(SAID.filled({"answer": _said(error)})) from None
        except (OSError, smtplib.SMTPException) as error:
            raise self._trouble(BROKE_OFF.filled({"why": _said(error)})) from None
        if code >= FOR_NOW:
            raise self._trouble(NOT_FROM.filled({"answer": f"{code} {_plain(answer)}"}))

    def _refused(self, code: int, answer: bytes | str) -> Told:
        said = f"{code} {_plain(answer)}"
        if code == SERVICE_CLOSES:
            raise self._trouble(SAID.filled({"answer": said}))
        return Told("later" if code < FOR_GOOD else "refused", said)

    def _trouble(self, told: Sentence) -> ServerTrouble:
        """Gives the connection up."""
        self._troubles += 1
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        return ServerTrouble(told)


def _about_opening(error: OSError | smtplib.SMTPException, settings: Settings) -> Sentence:
    """Why no connection could be opened, in words for whoever set the server."""
    told = {"host": settings.smtp_host, "port": str(settings.smtp_server_port)}
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return NOT_ENCRYPTED.filled(told)
    if isinstance(error, smtplib.SMTPResponseException):
        return SAID.filled({"answer": _said(error)})
    if isinstance(error, ssl.SSLCertVerificationError):
        return NOT_TRUSTED.filled({"host": told["host"], "why": error.verify_message})
    if isinstance(error, ssl.SSLError):
        return NOT_TLS.filled({**told, "why": str(error.reason or "no TLS").replace("_", " ").lower()})
    if isinstance(error, socket.gaierror):
        return UNKNOWN.filled({"host": told["host"]})
    return AWAY.filled({**told, "why": _said(error)})


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
