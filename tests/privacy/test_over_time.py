"""Watching while people answer: every address that others may fetch, before and after each submission.

An attacker who looks at any page whenever somebody may have answered learns the organisation's number of responses,
and once a day those of groups of ten people or more (MEASUREMENT.md 4.5 and section 9, P10). With
PLUMBLINE_EVERY_ADDRESS=1 every address is fetched each time. Otherwise it is, each time, one address of each route
whose page reads a table that submitting writes, another one each day; and of all other addresses, which cannot change
for that reason, a tenth every morning and evening. The first submission is watched at all addresses. Fifty people are
watched over ten days where everything is tried, twelve over four days in a sample (tests/thorough.py).
"""

import hashlib
import io
import os
import random
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

import pytest

from app.db import Database
from app.waves import queries as waves
from app.waves.queries import ResponseRate
from tests.cast import DEPARTMENTS, Cast
from tests.conftest import Clock, recorded
from tests.places import Place
from tests.privacy.forks import remember, tables
from tests.privacy.scene import Scene, everything, set_up, signed_in
from tests.privacy.walk import READS, Addresses, Seen, changed, look
from tests.thorough import tried
from tests.world import World

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

pytestmark = pytest.mark.lived_in

DAYS = tried(10, sample=4)
WATCHED = tried(50, sample=12)
ON_POSTGRESQL = 6  # submissions there: what a page says is the same code on both
PARTS = 10  # of the addresses that cannot change: one each day
SMALLEST_GROUP = 10
WRITES = re.compile(r"^(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)")
SHOWN = re.compile(rb'(<input type="hidden" name="shown" value=")[^"]*(">)')
LINE = re.compile(r'<th scope="row">(?:<em>)?([^<]+?)(?:</em>)?(?: <small>[^<]*</small>)?</th>\s*'
                  r'<td class="num">(\d+)</td>\s*<td class="num">(\d+)</td>')  # fmt: skip
COUNTS_BY_DAY = re.compile(
    rb"<caption>Until the end of .*?</tbody>|<p class=\"brief\">The first count.*?</p>|<h3>Whom to ask.*?</ul>"
    rb"\s*<p>.*?</p>|<section id=\"likely\".*?</section>|<li id=\"(?:turnout|headcounts)\".*?</li>",
    re.S,
)
# Below the total of now: which of the groups of the table, with their numbers until yesterday.
WHOM_TO_ASK = re.compile(r"<h3>Whom to ask for help</h3>.*?</ul>\s*", re.S)
ASKED_FOR_HELP = re.compile(r"<li>([^<:]+): \d+ %, (\d+) of (\d+)</li>")
# It is drawn from what the whole organisation did on each day, which the live total has told before.
DATES = re.compile(rb"\d{4}-\d\d-\d\d|\d{1,2} [A-Z][a-z]+ \d{4}")
OUTLOOK = re.compile(rb"<p>By [^<]* it will probably be [^<]*</p>\s*<p class=\"hint\">As if [^<]*</p>")


@dataclass
class Watch:
    """Somebody who fetches pages, and what may be seen there: `sent` counts the submissions by department and day."""

    scene: Scene
    client: "TestClient"
    where: Addresses
    clock: Clock
    readers: frozenset[str] = frozenset()
    sent: Counter[tuple[str, int]] = field(default_factory=Counter)
    day: int = 0
    fetched: Counter[str] = field(default_factory=Counter)

    def everywhere(self) -> dict[str, Seen]:
        """What all addresses show."""
        return self._note(look(self.client, self.where))

    def today(self) -> dict[str, Seen]:
        """What the addresses of this day show that could change."""
        readers = sorted(self.readers, key=lambda one: random.Random(f"{one}/{self.day}").random())
        return self._look_at({*({_kind(one): one for one in readers}.values()), *self.live})

    def others_today(self) -> dict[str, Seen]:
        """What this day's part of the other addresses shows."""
        others = [one for one in (*self.where.member, *self.where.public) if one not in self.readers]
        return self._look_at(set(others[self.day % PARTS :: PARTS]))

    def next_day(self) -> None:
        """Moves the clock by a day; the consultant signs in again."""
        self.day += 1
        self.clock.advance(days=1)
        signed_in(self.client)

    @property
    def total(self) -> ResponseRate:
        """The organisation's number of responses."""
        with self.scene.database.reading() as session:
            return waves.turnout_total(session, self.scene.cast.organisation, self.scene.running)

    @property
    def live(self) -> set[str]:
        """The addresses that show the live total: of the organisation, of the open wave, and of its closing."""
        organisation = f"/organisations/{self.scene.cast.organisation}"
        wave = f"{organisation}/waves/{self.scene.running}"
        return {organisation, wave, f"{wave}/close"}

    @property
    def log(self) -> str:
        """The address of the log of what consultants did."""
        return f"/organisations/{self.scene.cast.organisation}/log"

    @property
    def own_acts(self) -> set[str]:
        """The addresses that tell of the attacker's own downloads, and of links that were opened."""
        schedules = (one for one in self.where.member if one.endswith("/deliveries"))
        return {self.log, f"{self.log}.csv", *schedules}

    def submit(self, department: str, token: str, points: str) -> tuple[ResponseRate, ResponseRate]:
        """Lets somebody answer; gives the organisation's response rate before and after."""
        before, noted = self.total, self._look_at({self.log})
        self.scene.save(token, points, self.clock(), words="We lack time" if points == "2" else "")
        self.scene.send(token, self.clock())
        self.sent[department, self.day] += 1
        assert self._look_at({self.log}) == noted, "that somebody answered is in no log"
        return before, self.total

    def _look_at(self, chosen: set[str]) -> dict[str, Seen]:
        if os.environ.get("PLUMBLINE_EVERY_ADDRESS"):
            return self.everywhere()
        keep = chosen.__contains__
        public = tuple(filter(keep, self.where.public))
        return self._note(look(self.client, Addresses(tuple(filter(keep, self.where.member)), public)))

    def _note(self, seen: dict[str, Seen]) -> dict[str, Seen]:
        self.fetched.update(seen.keys())
        return seen


@pytest.fixture
def watch(
    database: Database, cast: Cast, lived_in: World, clock: Clock, application: "FastAPI", client: "TestClient"
) -> Watch:
    """The scene, with the consultant signed in."""
    scene = set_up(database, cast, lived_in, clock())
    found = Watch(scene, signed_in(client), everything(application, scene), clock)
    found.sent.update({("Operations", 0): 1, ("Tax", 0): 1})
    return found


def watch_readers(watch: Watch, application: "FastAPI") -> dict[str, Seen]:
    """Finds the addresses whose pages read a table that saving and sending write, by watching the statements of each.

    Gives what all addresses show.
    """
    token = watch.scene.own["Ethics"].pop()
    with recorded(watch.scene.database) as statements:
        watch.submit("Ethics", token, "3")
    written = {found[1] for one in statements if (found := WRITES.match(one))}
    assert {"answer_sheet", "invitation", "draft", "turnout"} <= written
    assert "job" not in written  # so that no row of a job, and no time of one, tells of an answer
    reading: set[str] = set()
    seen: dict[str, Seen] = {}
    for member, address in [(True, one) for one in watch.where.member] + [(False, one) for one in watch.where.public]:
        with recorded(application.state.database) as statements:
            seen |= look(watch.client, Addresses((address,), ()) if member else Addresses((), (address,)))
        if written & {table for one in statements for table in READS.findall(one)}:
            reading.add(address)
    watch.readers = frozenset(reading)
    watch.fetched.update(seen.keys())
    return seen


def test_between_two_looks_on_a_day_only_the_total_of_the_organisation_changes(
    watch: Watch, application: "FastAPI"
) -> None:
    whole = watch_readers(watch, application) if watch.scene.database.is_sqlite else {}
    [department, token], *queue = _queue(watch)
    before = whole or watch.today()
    watch.scene.save(token, "4", watch.clock())
    saved = watch.today()
    assert saved == {address: before[address] for address in saved}, "saving without sending is seen by nobody"
    rates = watch.submit(department, token, "4")
    _check(watch, before, rates, watch.everywhere() if watch.scene.database.is_sqlite else watch.today())
    before, others = watch.today(), watch.others_today()
    for number, (department, token) in enumerate(queue, start=1):
        if number * DAYS // (len(queue) + 1) > watch.day:
            assert changed(others, watch.others_today()) <= watch.live | watch.own_acts
            watch.next_day()
            _check_counts_by_day(watch)
            before, others = watch.today(), watch.others_today()
        rates, after = watch.submit(department, token, "12345"[number % 5]), watch.today()
        _check(watch, before, rates, after)
        before = after
    if watch.scene.database.is_sqlite:
        # Two before the watch, and one to learn which tables are written.
        assert sum(watch.sent.values()) == WATCHED + 3
        assert set(watch.fetched) == {*watch.where.member, *watch.where.public}
        assert min(watch.fetched.values()) >= 2


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_overnight_only_the_counts_of_groups_of_ten_or_more_change(watch: Watch) -> None:
    watch.next_day()
    for department, token in _queue(watch)[:12]:
        watch.submit(department, token, "2")
    evening = watch.everywhere()
    watch.next_day()
    morning = watch.everywhere()
    _check_counts_by_day(watch)
    organisation = f"/organisations/{watch.scene.cast.organisation}"
    wave = f"{organisation}/waves/{watch.scene.running}"
    links = f"{organisation}/waves/{watch.scene.closed}/share/links"  # until when a link may last
    # The sign-in of the day, the day of the export, the first day on which a change can take place, today in a form.
    own = {f"{organisation}/departments/changes", f"{organisation}/autonomy/controls"}
    by_the_clock = {"/account", f"{organisation}/export.zip", links, *own}
    different = {
        address
        for address in changed(evening, morning)
        if _timeless(evening[address]) != _timeless(morning[address])
        if _dateless(evening[address]) != _dateless(morning[address])
    }
    assert {one for one in different if not one.startswith("/start/")} <= by_the_clock | watch.own_acts | {
        wave,
        f"{wave}/close",
    }
    for one in (wave, f"{wave}/close"):
        bodies = [OUTLOOK.sub(b"", COUNTS_BY_DAY.sub(b"", seen[one].body)) for seen in (evening, morning)]
        assert bodies[0] == bodies[1]
    archives = [_archive(seen[f"{organisation}/export.zip"].body) for seen in (evening, morning)]
    assert archives[0] == archives[1]


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_what_was_answered_changes_no_byte_of_any_page(watch: Watch, place: Place) -> None:
    seen, kept = [], []
    token = watch.scene.own["Legal"].pop()
    own = Addresses((), (f"/r/{token}", f"/r/{token}/thanks", f"/r/{token}/send"))
    put_back = remember(place)
    for points, words in (("1", ""), ("5", "I do not trust what it tells us, and nobody asks.")):
        put_back()
        watch.scene.save(token, points, watch.clock(), words=words)
        watch.scene.send(token, watch.clock())
        seen.append(watch.everywhere() | look(watch.client, own))
        kept.append(tables(place.database, without=frozenset({"comment"})))
    assert changed(*seen) <= watch.own_acts, "acts of one moment stand in any order"
    assert kept[0] == kept[1]


def _dateless(seen: Seen) -> bytes:
    """The body without days of the calendar, as in a form that begins with today, also inside a text document."""
    return b"\n".join(DATES.sub(b"", one) for one in _inside(seen.body))


def _inside(body: bytes) -> list[bytes]:
    """The body, or of a file that packs others their names and what they hold."""
    if not zipfile.is_zipfile(io.BytesIO(body)):
        return [body]
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return [part for name in file.namelist() for part in (name.encode(), *_inside(file.read(name)))]


def _queue(watch: Watch) -> list[tuple[str, str]]:
    """Who answers, one after the other: in any order, with people of every department among them."""
    queue = [(department, token) for department, tokens in watch.scene.own.items() for token in tokens]
    random.Random(5).shuffle(queue)
    return queue[: WATCHED if watch.scene.database.is_sqlite else ON_POSTGRESQL]


def _check(
    watch: Watch,
    before: Mapping[str, Seen],
    rates: tuple[ResponseRate, ResponseRate],
    after: Mapping[str, Seen],
) -> None:
    """Fails unless the live total is all that changed between two looks."""
    assert changed(before, after) - watch.own_acts == watch.live
    was, now = rates
    assert now.responses == was.responses + 1
    allowed = {(str(was.responses), str(now.responses)), (str(was.rate), str(now.rate))}
    for address in watch.live:
        assert _different_tokens(before[address], after[address]) <= allowed, address


def _different_tokens(before: Seen, after: Seen) -> set[tuple[str, str]]:
    """The numbers and the pieces between them that differ; length and tag of an answer follow from its body."""
    assert before.status == after.status
    headers = [[one for one in seen.headers if one not in _of_the_body(seen)] for seen in (before, after)]
    assert headers[0] == headers[1]
    page = after.body.decode()
    assert set(ASKED_FOR_HELP.findall(page)) <= set(LINE.findall(page)), "it says what the table says"
    parts = [re.findall(r"\d+|\D+", WHOM_TO_ASK.sub("", seen.body.decode())) for seen in (before, after)]
    return {(one, other) for one, other in zip(*parts, strict=True) if one != other}


def _of_the_body(seen: Seen) -> set[tuple[str, str]]:
    """The headers that say nothing which the body does not say."""
    tag = hashlib.sha256(seen.body).hexdigest()[:32]
    return {("content-length", str(len(seen.body))), ("etag", f'W/"{tag}"')}


def _check_counts_by_day(watch: Watch) -> None:
    """Compares the counts by department with those until yesterday, and the groups with the smallest allowed."""
    page = watch.client.get(f"/organisations/{watch.scene.cast.organisation}/waves/{watch.scene.running}").text
    lines = LINE.findall(page)
    assert len(lines) >= 5
    shown = []
    for name, responses, people in lines:
        members = _departments(unescape(name))
        until_yesterday = sum(
            n for (department, day), n in watch.sent.items() if department in members and day < watch.day
        )
        assert int(responses) == until_yesterday, name
        assert int(people) == sum(HEADCOUNTS[one] for one in members) >= SMALLEST_GROUP
        shown.append(members)
    alike: Counter[tuple[bool, ...]] = Counter()
    for department, headcount in HEADCOUNTS.items():
        alike[tuple(department in members for members in shown)] += headcount
    assert min(alike.values()) >= SMALLEST_GROUP, "a difference of two counts tells of fewer than ten people"


HEADCOUNTS = {name: headcount for name, _, _, headcount in DEPARTMENTS}


def _departments(line: str) -> set[str]:
    """The departments whose people a line of the turnout counts."""
    names = re.split(r", | and ", line)
    below = {name for name, parent, _, _ in DEPARTMENTS if parent in names}
    return {name.removesuffix(" itself") for name in names} | below


def _timeless(seen: Seen) -> tuple[int, bytes]:
    """An answer without the time at which a page was shown."""
    return seen.status, SHOWN.sub(rb"\1\2", seen.body)


def _archive(content: bytes) -> dict[str, bytes]:
    """The files of an export but for the note that says of which day it is."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist() if name != "READ-ME.txt"}


def _kind(address: str) -> str:
    """The route of an address: without its ids, tokens and query; all pages of questions are one."""
    plain = re.sub(r"[0-9a-f-]{36}|[a-z2-7]{26}", "*", address.split("?")[0])
    return re.sub(r"^/r/\*/(?!send$|thanks$|comments$).+", "/r/*/page", plain)
