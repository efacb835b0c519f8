"""Talking to mail servers as they are: encrypted or not, with a password or without, with what goes wrong at each."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from app.mail import smtp
from app.mail.smtp import Server, ServerTrouble
from app.sentences import recalled
from app.settings import Settings, read_settings
from tests.conftest import SECRET
from tests.mail.certificates import authority
from tests.mail.office import FROM, Office
from tests.test_serving import free_port

PASSWORD = "take these mails"


def signed_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=data == LoginPassword(b"plumbline", PASSWORD.encode()), handled=False)


@contextmanager
def running(
    security: str = "none", context: ssl.SSLContext | None = None, *, password: bool = False
) -> Iterator[Office]:
    """A mail server on this machine that wants TLS or a password as it is told."""
    implicit, starttls = (context if security == one else None for one in ("tls", "starttls"))
    office = Office(free_port())
    controller = Controller(
        office,
        hostname="127.0.0.1",
        port=office.port,
        ssl_context=implicit,
        tls_context=starttls,
        require_starttls=starttls is not None,
        authenticator=signed_in if password else None,
        auth_required=password,
        auth_require_tls=implicit is None,
    )
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def set_to(port: int, folder: Path, **more: object) -> Settings:
    server = {"smtp_host": "localhost", "smtp_port": port, "mail_from": FROM}
    return read_settings(data_dir=folder, secret_key=SECRET, **server, **more)


def letter() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = FROM, "kim@example.org", "Hello"
    made.set_content("Hello")
    return made


def trouble(settings: Settings) -> str:
    """What is said of a server that takes nothing."""
    with pytest.raises(ServerTrouble) as found, Server(settings) as server:
        server.send(letter())
    assert getattr(recalled(str(found.value), smtp.TROUBLES), "message", "") in {one.message for one in smtp.TROUBLES}
    return str(found.value)


# The server warns of a password without STARTTLS; the whole connection is encrypted here.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mails_go_out_encrypted_after_signing_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    trusted, context = authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with running(security, context, password=True) as office:
        login = {"smtp_user": "plumbline", "smtp_password": PASSWORD}
        with Server(set_to(office.port, tmp_path, smtp_security=security, **login)) as server:
            assert server.send(letter()).outcome == "sent"
        assert office.to() == ["kim@example.org"]
        wrong = trouble(set_to(office.port, tmp_path, smtp_security=security, **login | {"smtp_password": "guess"}))
        assert "does not take PLUMBLINE_SMTP_USER and its password. It said: 535" in wrong
        assert "guess" not in wrong
        assert "takes no mail from the address" in trouble(set_to(office.port, tmp_path, smtp_security=security))
        assert office.to() == ["kim@example.org"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_nothing_is_told_to_a_server_whose_certificate_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    _, stranger = authority(tmp_path)
    with running(security, stranger) as office:
        said = trouble(set_to(office.port, tmp_path, smtp_security=security))
        assert said.startswith("The certificate of localhost is not trusted (")
    trusted, other = authority(tmp_path, server="mail.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with running(security, other) as office:
        assert "Hostname mismatch" in trouble(set_to(office.port, tmp_path, smtp_security=security))
        assert office.taken == []


def test_nothing_is_told_to_a_server_that_offers_no_encryption_where_it_is_asked_for(tmp_path: Path) -> None:
    with running() as office:
        offers_none = trouble(set_to(office.port, tmp_path, smtp_security="starttls"))
        assert offers_none.startswith(f"localhost, port {office.port}, offers no encryption by STARTTLS")
        assert "does not speak TLS from the first byte" in trouble(set_to(office.port, tmp_path, smtp_security="tls"))
        nameless = trouble(set_to(office.port, tmp_path, smtp_security="none", smtp_user="plumbline"))
        assert nameless.startswith("The mail server offers no way to sign in.")
        assert office.taken == []


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    port = free_port()
    assert trouble(set_to(port, tmp_path)).startswith(f"Nothing answers at localhost, port {port} (")
    unknown = set_to(port, tmp_path).model_copy(update={"smtp_host": "nowhere.invalid"})
    assert trouble(unknown) == "There is no mail server with the name nowhere.invalid. Check PLUMBLINE_SMTP_HOST."
