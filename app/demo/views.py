"""The pages of the demo: its start, and the components that pages are built of."""

from dataclasses import dataclass
from typing import ClassVar

from app.web.views import View


@dataclass(frozen=True)
class SurveyLink:
    """A survey link of the open wave: the department it is for, and its address."""

    department: str
    address: str


@dataclass(frozen=True)
class DemoPage(View):
    """What there is to try, the consultant's sign-in, the survey links of the open wave, its review link.

    `reading` and `told` are where the newest result is read without an account: by a link, and by all staff. Empty
    where there is none.
    """

    template: ClassVar[str] = "demo/start.html"
    client: str
    wave: str
    email: str
    password: str
    links: tuple[SurveyLink, ...]
    reader: str
    review: str
    reading: str
    told: str
    mails: int


@dataclass(frozen=True)
class ComponentsPage(View):
    """Every component of the console once, for whoever changes one: light, dark, printed, in forced colours."""

    template: ClassVar[str] = "demo/components.html"


@dataclass(frozen=True)
class MailLine:
    """A mail in the demo's letter boxes."""

    number: int
    to: str
    subject: str


@dataclass(frozen=True)
class OutboxPage(View):
    """The mails that were sent in the demo, newest first."""

    template: ClassVar[str] = "demo/outbox.html"
    client: str
    mails: tuple[MailLine, ...]


@dataclass(frozen=True)
class LetterPage(View):
    """One mail: what stands at its head, and what it says."""

    template: ClassVar[str] = "demo/letter.html"
    number: int
    subject: str
    headers: tuple[tuple[str, str], ...]
    plain: str
