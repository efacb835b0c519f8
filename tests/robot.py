"""A robot that answers any questionnaire, using only the fields it finds in the forms of the pages."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import unescape
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

MOST_STEPS = 80

Choose = Callable[[str, Sequence[str]], str | None]
"""Says which value of a field to choose, None to leave it out."""


@dataclass
class Form:
    """A form as it stands on the page."""

    action: str
    hidden: dict[str, str] = field(default_factory=dict)
    radios: dict[str, list[str]] = field(default_factory=dict)
    checked: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Walk:
    """What the robot did: the addresses it saw, what it answered, the last page and that page's status."""

    addresses: tuple[str, ...]
    answers: dict[str, str]
    text: str
    status: int

    @property
    def thanked(self) -> bool:
        """True when the last page says that the answers were sent."""
        return self.status == 200 and "Your answers were sent." in self.text


# What is written into a page is escaped, so a tag ends with the first ">". Python's own parser takes longer to read a
# page than the application takes to make it.
TAG = re.compile(r"<(/form|form|a|input|button)\b([^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')


class _Reader:
    def __init__(self, text: str) -> None:
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._inside: Form | None = None
        for tag, attributes in TAG.findall(text):
            self._note_tag(tag, {name: unescape(value) for name, value in ATTRIBUTE.findall(attributes)})

    def _note_tag(self, tag: str, told: dict[str, str]) -> None:
        if tag == "form":
            self._inside = Form(told.get("action", ""))
            # Whoever chooses another language answers nothing by that, nor does whoever leaves a shared device.
            if told.get("class") not in ("languages", "leave") and told.get("method") != "dialog":
                self.forms.append(self._inside)
        elif tag == "/form":
            self._inside = None
        elif tag == "a" and "button" in told.get("class", ""):
            self.links.append(told["href"])
        elif self._inside is not None and tag in ("input", "button"):
            self._note(self._inside, tag, told, checked="checked" in told)

    @staticmethod
    def _note(form: Form, tag: str, told: dict[str, str], *, checked: bool) -> None:
        name, value = told.get("name", ""), told.get("value", "")
        if tag == "button":
            form.buttons.append((name, value))
        elif told.get("type") == "hidden":
            form.hidden[name] = value
        elif told.get("type") == "radio":
            form.radios.setdefault(name, []).append(value)
            if checked:
                form.checked[name] = value


def forms(text: str) -> list[Form]:
    """The forms of a page."""
    return _Reader(text).forms


def by_chance(seed: int) -> Choose:
    """Chooses any of the values, the same each time for the same seed."""
    random = Random(seed)
    return lambda _name, values: random.choice(values)


def always(value: str) -> Choose:
    """Chooses the same value wherever it is offered, else the first."""
    return lambda _name, values: value if value in values else values[0]


def nothing(_name: str, _values: Sequence[str]) -> None:
    """Leaves everything out."""


class Robot:
    """Somebody with a browser and a link."""

    def __init__(self, client: "TestClient", choose: Choose | None = None) -> None:
        self.client = client
        self.choose = choose or by_chance(1)
        self.answers: dict[str, str] = {}
        self.addresses: list[str] = []

    def answer(self, link: str, *, send: bool = True) -> Walk:
        """Answers everything behind a link; stops before sending when `send` is false."""
        page = self.open(link)
        for _ in range(MOST_STEPS):
            form = next(iter(forms(page.text)), None)
            if form is None:
                onward = self._link(page.text)
                if onward is None:
                    break
                page = self.open(onward)
            elif form.radios or send:
                page = self.submit(form)
            else:
                break
        return Walk(tuple(self.addresses), dict(self.answers), page.text, page.status_code)

    def open(self, address: str) -> "Response":
        """Opens a page, going where it is sent."""
        return self._follow(self.client.get(self._here(address)))

    def submit(self, form: Form, *, button: int = 0) -> "Response":
        """Fills the form in and presses a button, the first one unless told."""
        chosen = {name: self.choose(name, values) for name, values in form.radios.items()}
        given = form.checked | {name: value for name, value in chosen.items() if value is not None}
        self.answers |= given
        name, value = form.buttons[button]
        data = form.hidden | given | ({name: value} if name else {})
        return self._follow(self.client.post(self._here(form.action), data=data))

    def _follow(self, page: "Response") -> "Response":
        self.addresses.append(str(page.url))
        while page.status_code in (302, 303):
            page = self.client.get(urljoin(str(page.url), page.headers["location"]))
            self.addresses.append(str(page.url))
        return page

    @staticmethod
    def _here(address: str) -> str:
        parts = urlsplit(address)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @staticmethod
    def _link(text: str) -> str | None:
        return next(iter(_Reader(text).links), None)
