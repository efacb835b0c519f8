"""What a respondent's browser sends, prepared as bytes, and what has to come back.

Four ways through the survey. Those with 17 and 10 requests are what other services are measured with: from the first
page of questions to the sent answers. A browser asks for more: the welcome before, all answers once more, the thanks
and, where scripts run, a save after each answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urlencode

Way = Literal["forms", "htmx", "whole", "saving"]
WAYS: Final[dict[Way, str]] = {
    "forms": "plain forms, 17 requests",
    "htmx": "htmx, 10 requests",
    "whole": "plain forms with welcome, overview and thanks, 20 requests",
    "saving": "htmx with a save after each answer, welcome and thanks, 52 requests",
}
TOKEN: Final = b"tokentokentokentokentokent"
"""Stands in the prepared bytes where each respondent's own token goes, which is as long."""
OK, NO_CONTENT, SEE_OTHER = b"200", b"204", b"303"
ANSWERS: Final = "12345"
BROWSER: Final = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
    "Safari/537.36\r\nAccept-Language: en-GB,en;q=0.9\r\nAccept-Encoding: gzip, deflate\r\nSec-Fetch-Site: same-origin"
)
NAVIGATION: Final = (
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nSec-Fetch-Mode: navigate\r\n"
    "Sec-Fetch-User: ?1\r\nSec-Fetch-Dest: document\r\nUpgrade-Insecure-Requests: 1\r\nCache-Control: max-age=0"
)
SCRIPTED: Final = "Accept: text/html\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\nHX-Request: true"


@dataclass(frozen=True)
class Exchange:
    """A request with its answer: the status, and what has to stand among the headers.

    `kind` names requests whose answers are alike. `shows`: with the answer the next page is there, and what a person
    waited for is over; the wait began with the first request after the last such one.
    """

    kind: str
    request: bytes
    status: bytes
    told: bytes = b""
    shows: bool = True


@dataclass
class Browser:
    """Prepares requests to one host."""

    host: str
    way: Way
    script: list[Exchange] = field(default_factory=list)

    def get(self, path: str, kind: str) -> None:
        """Opens a page."""
        request = f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n{BROWSER}\r\n{NAVIGATION}\r\n\r\n"
        self.script.append(Exchange(kind, request.encode(), OK))

    def send(self, path: str, data: dict[str, str], kind: str, *, onward: str, shows: bool) -> None:
        """Sends a form and is sent on."""
        told = f"\r\nlocation: {onward}\r\n".encode()
        self.script.append(Exchange(kind, self._post(path, data, NAVIGATION), SEE_OTHER, told, shows))

    def swap(self, path: str, data: dict[str, str], *, onward: str, at: str) -> None:
        """Lets htmx send a form, and gets the next page's part."""
        told = f"\r\nhx-push-url: {onward}\r\n".encode()
        current = f"{SCRIPTED}\r\nHX-Current-URL: http://{self.host}{at}"
        self.script.append(Exchange("part", self._post(path, data, current), OK, told))

    def keep(self, path: str, data: dict[str, str], *, at: str) -> None:
        """Lets htmx save what was answered so far."""
        current = f"{SCRIPTED}\r\nHX-Current-URL: http://{self.host}{at}"
        request = self._post(path, {**data, "go": "keep"}, current)
        self.script.append(Exchange("save", request, NO_CONTENT, shows=False))

    def _post(self, path: str, data: dict[str, str], headers: str) -> bytes:
        body = urlencode(data)
        return (
            f"POST {path} HTTP/1.1\r\nHost: {self.host}\r\n{BROWSER}\r\n{headers}\r\nOrigin: http://{self.host}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


def script(way: Way, *, host: str, pages: Sequence[tuple[str, Sequence[str]]], shown: str) -> tuple[Exchange, ...]:
    """All exchanges of one respondent. `pages`: keys with ids of items. `shown`: what a page says of its own age."""
    browser, own = Browser(host, way), f"/r/{TOKEN.decode()}"
    addresses = [f"{own}/{key}" for key, _ in pages] + [f"{own}/send"]
    full, scripted = way in ("whole", "saving"), way in ("htmx", "saving")
    if full:
        browser.get(own, "welcome")
    browser.get(addresses[0], "page")
    for number, (_, items) in enumerate(pages):
        here, onward = addresses[number], addresses[number + 1]
        given = {item: ANSWERS[(number + at) % len(_points(item))] for at, item in enumerate(items)}
        if way == "saving":
            for some in _one_by_one(given):
                browser.keep(here, {**some, "shown": shown}, at=here)
        data = {**given, "shown": shown, "go": "next"}
        if scripted:
            browser.swap(here, data, onward=onward, at=here)
            continue
        last = number == len(pages) - 1
        browser.send(here, data, "save", onward=onward, shows=last and not full)
        if not last or full:
            browser.get(onward, "overview" if last else "page")
    browser.send(addresses[-1], {"language": "en"}, "send", onward=f"{own}/thanks", shows=not full)
    if full:
        browser.get(f"{own}/thanks", "thanks")
    return tuple(browser.script)


def _one_by_one(given: dict[str, str]) -> Iterator[dict[str, str]]:
    """The form after each answer."""
    names = list(given)
    return ({name: given[name] for name in names[: count + 1]} for count in range(len(names)))


def _points(item: str) -> str:
    """Answers that every item has: the shortest scale has three points."""
    return ANSWERS if item.startswith(("T", "R")) else ANSWERS[:3]
