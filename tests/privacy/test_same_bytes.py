"""What is hidden takes the same bytes whatever is in it: two waves that differ only inside what must not be told.

Each test comes back to the same moment of the same wave and lets the same people answer something else (forks.py).
"""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from app.respond import service as respond
from surveys.codes import allowed
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.places import Place
from tests.privacy.forks import remember
from tests.respond.stage import Stage, open_stage
from tests.world import answer, close

if TYPE_CHECKING:
    from starlette.testclient import TestClient

# The result is the same on both databases (tests/test_one_document.py).
pytestmark = pytest.mark.parametrize("template", ["sqlite"], indirect=True)

Json = Mapping[str, Any]  # Any: parsed JSON

# Tax (4 people) and Planning (6) are too small together with their parent or alone; Ethics (3) always is.
AROUND = {"Legal": 7, "Accounts payable": 8, "Operations": 20, "IT": 10, "Customer service": 14}
NAMES_OF_CELLS = ("cells", "anchors", "trust", "readiness")


@dataclass(frozen=True)
class Told:
    """All that a wave's result tells: the stored document, and the pages that render it."""

    raw: bytes
    pages: dict[str, str]

    @property
    def document(self) -> Json:
        found: Json = json.loads(self.raw)
        return found


Answers = Callable[[str, int, str], str]
"""Says what the how manyth person of a department answers to a question; nothing where it is left out."""


@dataclass(frozen=True)
class Fork:
    """A wave in which the people of `inside` have yet to answer; `result` lets them, closes, and comes back."""

    stage: Stage
    client: "TestClient"
    put_back: Callable[[], None]
    tokens: dict[str, list[str]]
    clock: Clock

    def result(self, answers: Answers) -> Told:
        """The result when these people answer so."""
        self.put_back()
        for department, tokens in self.tokens.items():
            for number, token in enumerate(tokens):
                self._answer(token, department, number, answers)
        close(self.stage.database, self.stage.cast, self.stage.wave, now=self.clock.now)
        return self._told()

    def _answer(self, token: str, department: str, number: int, answers: Answers) -> None:
        with self.stage.database.writing() as session:
            visit = respond.enter(session, token, lock=True)
            given = {}
            for item in (item for page in visit.pages for item in page.items):
                word = answers(department, number, item.id)
                offered = allowed(visit.instrument, item)
                if word:
                    given[item.id] = word if word in offered else min(one for one in offered if one.isdigit())
            respond.save_pages(session, visit, given, seconds={}, now=self.clock.now)
            assert respond.send(session, visit, now=self.clock.now)

    def _told(self) -> Told:
        sign_in(self.client, "Ada")
        wave = f"/organisations/{self.stage.cast.organisation}/waves/{self.stage.wave}"
        raw = self.client.get(f"{wave}/release.json").content
        rows = [row["id"] for row in json.loads(raw)["rows"]]
        paths = ("/heatmap", "/heatmap?view=table", "/certificate", *(f"/heatmap/{row}" for row in rows))
        return Told(raw, {path: self.client.get(wave + path).text for path in paths})


@pytest.fixture
def fork(database: object, cast: Cast, clock: Clock, place: Place, client: "TestClient") -> Fork:
    """A wave of the cast in which most have answered, and six of Planning and Tax, three of Ethics, five of HR not."""
    stage = open_stage(place.database, cast, clock(), form="pulse")
    answer(place.database, cast, stage.wave, counts=AROUND, now=clock())
    inside = {"Planning": 3, "Tax": 3, "Ethics": 3, "HR": 5}
    tokens = {name: stage.personal(name, count) for name, count in inside.items()}
    return Fork(stage, client, remember(place), tokens, clock)


def by_person(department: str, number: int, item: str) -> str:
    """Answers that differ from person to person, each person's own."""
    return str(random.Random(f"{department}/{number}/{item}").randrange(1, 6))


def test_who_of_a_pool_said_what_changes_no_byte(fork: Fork) -> None:
    swapped = {"Planning": "Tax", "Tax": "Planning"}
    one = fork.result(by_person)
    other = fork.result(lambda department, number, item: by_person(swapped.get(department, department), number, item))
    assert [row["kind"] for row in one.document["rows"]].count("pool") >= 1
    assert one.raw == other.raw
    assert one.pages == other.pages


def test_a_hidden_department_changes_only_the_printed_values_of_the_sets_that_hold_it(fork: Fork) -> None:
    low, high = (fork.result(_said_by("Tax", points)) for points in ("1", "5"))
    tax = str(fork.stage.cast.departments["Tax"])
    # How well the questions work, and how leaders and staff differ, is told of the whole organisation, which holds it.
    assert [one["n"] for one in low.document["quality"]] == [one["n"] for one in high.document["quality"]]
    for name in low.document.keys() - {"rows", "margins", "modules", "quality", "gaps"}:
        if name not in ("certificate", "statistics"):
            assert low.document[name] == high.document[name], name
    touched = 0
    for row, same in zip(low.document["rows"], high.document["rows"], strict=True):
        if tax not in row["departments"]:
            assert _without_pooled_spread(row) == _without_pooled_spread(same)
            continue
        touched += row != same
        assert _shape(row) == _shape(same)
    assert touched >= 2


def test_a_hidden_cell_has_the_same_bytes_whatever_was_answered(fork: Fork) -> None:
    def mostly_left_out(points: str) -> Answers:
        """One of HR answers the questions on T1, which is one of four in the pool of HR and Ethics."""

        def say(department: str, number: int, item: str) -> str:
            if department != "HR" or not item.startswith("T1"):
                return by_person(department, number, item)
            return points if number == 0 else ""

        return say

    low, high = (fork.result(mostly_left_out(points)) for points in ("1", "5"))
    hidden = [list(_hidden(one.document)) for one in (low, high)]
    assert hidden[0] == hidden[1]
    assert any(reason == "not_separately" for _, _, reason in hidden[0])
    for row, column, _ in hidden[0]:
        cells = [_row(one.document, row)["cells"][column] for one in (low, high)]
        assert set(cells[0]) == {"kind", "reason"}
        assert cells[0] == cells[1]
        tiles = [_tile(one.pages["/heatmap"], row, column) for one in (low, high)]
        assert tiles[0] == tiles[1] != ""


def test_the_order_of_rows_and_columns_does_not_depend_on_scores(fork: Fork) -> None:
    orders = []
    for best in ("HR", "Ethics", "Tax"):
        told = fork.result(_only_one_agrees(best))
        document = told.document
        listed = re.findall(r'href="[^"]*/heatmap/([^"?/]+)"', told.pages["/heatmap"])
        orders.append(([row["id"] for row in document["rows"]], [one["id"] for one in document["dimensions"]], listed))
    assert orders[0] == orders[1] == orders[2]
    assert len(orders[0][2]) > 5


def _only_one_agrees(best: str) -> Answers:
    return lambda name, _number, _item: "5" if name == best else "1"


def _said_by(department: str, points: str) -> Answers:
    return lambda name, number, item: points if name == department else by_person(name, number, item)


def _shape(value: object) -> object:
    """A row without its printed values: which cells are shown, and everything that is no score."""
    if isinstance(value, dict):
        if value.get("kind") == "scored":
            return {key: value[key] for key in ("kind", "n", "everyone", "coverage")}
        if {"percent", "bound"} == value.keys():
            return "a share"
        if "favourable" in value:
            return "shares"
        return {key: _shape(one) for key, one in value.items() if key not in ("trust", "readiness")}
    return [_shape(one) for one in value] if isinstance(value, list) else value


def _without_pooled_spread(value: object) -> object:
    """A row without what cells of fewer than ten take from the spread of all sets of ten, which is printed itself (P2).

    Those are the grade of their precision, the band they border on, and their gating score.
    """
    if isinstance(value, dict):
        small = value.get("kind") == "scored" and value["n"] is None
        pooled = ("grade", "border", "gate") if small else ()
        return {key: _without_pooled_spread(one) for key, one in value.items() if key not in pooled}
    return [_without_pooled_spread(one) for one in value] if isinstance(value, list) else value


def _row(document: Json, row: str) -> Json:
    found: Json = next(one for one in document["rows"] if one["id"] == row)
    return found


def _hidden(document: Json) -> Iterator[tuple[str, str, str]]:
    for row in document["rows"]:
        for column, cell in row["cells"].items():
            if cell["kind"] == "hidden" and not column.startswith("module"):
                yield row["id"], column, cell["reason"]


def _tile(page: str, row: str, column: str) -> str:
    """The bytes of a cell on the page of the heatmap, its tags with it; of the row that links to its page."""
    line = next(one for one in page.split("<tr")[1:] if f"/heatmap/{row}" in one or row == "organisation")
    found = re.search(rf'<td[^>]*data-column="{column}".*?</td>', line, re.S)
    return found[0] if found else ""
