"""What somebody can read or hear of a page: its texts one by one, those in another language left out."""

import re
from html.parser import HTMLParser
from typing import Final

SAID_IN_ATTRIBUTES: Final = ("alt", "aria-label", "data-label", "placeholder", "title")
SILENT: Final = frozenset({"script", "style", "code", "pre", "textarea"})  # a sample of a file is no sentence
VOID: Final = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
MARKUP: Final = re.compile(r"\s+")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.language = ""
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = told.get("lang", "")
        foreign = told.get("lang", self.language) != self.language or tag in SILENT
        foreign = foreign or any(one for _, one in self._open)
        if not foreign:
            self.texts += [told[name] for name in SAID_IN_ATTRIBUTES if told.get(name)]
        if tag not in VOID:
            self._open.append((tag, foreign))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(foreign for _, foreign in self._open):
            self.texts.append(data)


def texts_of(page: str) -> tuple[str, list[str]]:
    """The language of a page and its texts, white space made plain."""
    reader = _Reader()
    reader.feed(page)
    return reader.language, [MARKUP.sub(" ", text).strip() for text in reader.texts]
