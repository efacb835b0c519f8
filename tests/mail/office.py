"""A mail server on this machine, and a wave with a list of people and a plan."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from app.mail import service
from app.mail.sending import Post
from app.mail.service import plan_of
from app.people import service as people
from app.settings import Settings, read_settings
from app.waves import queries as waves
from tests.conftest import SECRET
from tests.respond.stage import Stage
from tests.world import KEY

FROM = "survey@plumbline.example"
PEOPLE = ("kim", "noor", "sam")
LIST = "department,reference,name,mail,language\n" + "".join(
    f"Legal,{n},{who.title()} (fictional),{who}@example.org,{language}\n"
    for n, (who, language) in enumerate(zip(PEOPLE, ("en", "de", "ar"), strict=True), start=1)
)


@dataclass
class Office:
    """A mail server that keeps what it takes. `answers` says what it answers to an address; by default it takes all."""

    port: int
    taken: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    after: Callable[[], None] = lambda: None
    sender: str = "250 OK"

    async def handle_MAIL(  # noqa: N802  # the server calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Takes mails from this address or does not."""
        envelope.mail_from = address
        return self.sender

    async def handle_RCPT(  # noqa: N802  # the server calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Takes or refuses an address."""
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802  # the server calls it so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keeps a mail."""
        content = envelope.content
        assert isinstance(content, bytes)
        made = message_from_bytes(content, policy=policy.default)
        assert isinstance(made, EmailMessage)
        self.taken.append(made)
        self.after()
        return "250 OK"

    def to(self, subject: str = "") -> list[str]:
        """To whom mails went whose subject has this in it, sorted."""
        return sorted(str(one["To"]) for one in self.taken if subject in str(one["Subject"]))


@contextmanager
def opened() -> Iterator[Office]:
    """A mail server on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    office = Office(port)
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def settings_of(port: int, folder: Path) -> Settings:
    """Settings with that mail server."""
    return read_settings(
        data_dir=folder,
        secret_key=SECRET,
        public_url="https://plumbline.example",
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_security="none",
        mail_from=FROM,
    )


@dataclass(frozen=True)
class Desk:
    """A wave with a list, and the worker's post."""

    stage: Stage
    post: Post

    def plan(self, now: datetime, *, per_minute: int = 6000) -> None:
        """Keeps a plan that was tested, and starts it."""
        days = {"invitation": "2026-10-05", "reminder-1": "2026-10-08", "reminder-2": "2026-10-12"}
        with self.stage.database.writing() as session:
            wave = waves.wave(session, self.stage.cast.organisation, self.stage.wave)
            plan = replace(plan_of(session, wave, now=now), days=days, per_minute=per_minute)
            service.save(session, plan, now=now)
            service.note_trial(session, plan, state="sent", told="")
            service.start(session, organisation_id=wave.organisation_id, wave_id=wave.id, now=now)

    def list(self, now: datetime, text: str = LIST) -> None:
        """Puts people on the list."""
        place = {"organisation_id": self.stage.cast.organisation, "wave_id": self.stage.wave}
        with self.stage.database.writing() as session:
            people.keep(session, **place, text=text, now=now)
            people.take(session, link_key=KEY, **place, skip_bad=False, now=now)

    def work(self, now: datetime) -> None:
        """Lets the worker send all that may go out at this moment, the pace left aside."""
        for _ in range(20):
            with self.stage.database.writing() as session:
                service.wake(session, organisation_id=self.stage.cast.organisation, wave_id=self.stage.wave, now=now)
            self.post.work_once(self.stage.database, now)
