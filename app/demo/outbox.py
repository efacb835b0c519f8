"""The demo's letter boxes: a mail server that only this machine reaches, and the mails that it was given.

They lie in the demo's data directory, as they would lie with the people whom they are for. Outside the demo no mail is
kept anywhere.
"""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.settings import Settings, read_settings

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

HERE: Final = "127.0.0.1"
FROM: Final = "survey@lantern-bay.example"
MOST_SHOWN: Final = 200
_NUMBER = re.compile(r"(\d{6})\.eml")


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail that was taken, counted from 1 in the order in which they came."""

    number: int
    mail: EmailMessage


class _Boxes:
    """What the server does with a mail: a file of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last = max(_numbers(folder), default=0)

    async def handle_DATA(  # noqa: N802  # the server calls it so
        self, server: "SMTP", session: "Session", envelope: "Envelope"
    ) -> str:
        """Keeps a mail as a file of the outbox, numbered in the order in which they came."""
        self._last += 1
        content = envelope.original_content or b""
        path = self._folder / f"{self._last:06d}.eml"
        half = path.with_suffix(".half")
        half.write_bytes(content)
        os.replace(half, path)
        return "250 OK"


@contextmanager
def opened(settings: Settings) -> Iterator[Settings]:
    """Runs the mail server in a thread until the block ends, and gives settings with which mails go to it and no other.

    Whatever mail server the environment names is left out: the people of the demo do not exist.
    """
    from aiosmtpd.controller import Controller

    folder = folder_of(settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    port = _free_port()
    controller = Controller(_Boxes(folder), hostname=HERE, port=port)
    controller.start()
    try:
        yield read_settings(
            **settings.model_dump()
            | {"smtp_host": HERE, "smtp_port": port, "smtp_security": "none", "mail_from": FROM}
            | {"smtp_user": "", "smtp_password": ""}
        )
    finally:
        controller.stop()


def folder_of(settings: Settings) -> Path:
    """Where the mails lie."""
    return settings.data_dir / "outbox"


def newest(folder: Path) -> tuple[Kept, ...]:
    """The mails that came last, newest first."""
    found = sorted(_numbers(folder), reverse=True)[:MOST_SHOWN]
    return tuple(one for number in found if (one := by_number(folder, number)) is not None)


def by_number(folder: Path, number: int) -> Kept | None:
    """One mail, None when there is none of that number."""
    path = folder / f"{number:06d}.eml"
    if not path.is_file():
        return None
    return Kept(number, message_from_bytes(path.read_bytes(), policy=policy.default))


def part(kept: Kept, kind: str) -> str:
    """The text of a mail, as `plain` or as `html`."""
    body = kept.mail.get_body((kind,))
    return "" if body is None else str(body.get_content())


def _numbers(folder: Path) -> list[int]:
    names = os.listdir(folder) if folder.is_dir() else []
    return [int(found[1]) for name in names if (found := _NUMBER.fullmatch(name))]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HERE, 0))
        port: int = free.getsockname()[1]
        return port
