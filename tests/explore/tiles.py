"""Reads a served heatmap back: the text of each of its cells."""

from html.parser import HTMLParser


class Tiles(HTMLParser):
    """The visible and the spoken text of each cell of the heatmap, by the name of its row and the id of its column."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[tuple[str, str], str] = {}
        self._row, self._column, self._heading, self._sign = "", "", False, False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "tr":
            self._row = ""
        if tag in ("td", "th"):
            self._heading = tag == "th" and given.get("scope") == "row"
            self._column = given.get("data-column") or ""
        self._sign = given.get("class") == "turns"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "a"):
            self._heading = self._sign
            self._sign = False

    def handle_data(self, data: str) -> None:
        if self._heading and not self._sign:
            self._row += data.strip()
        elif self._column and self._row:
            key = (self._row, self._column)
            self.found[key] = self.found.get(key, "") + f"{data}|"
