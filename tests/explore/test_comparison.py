"""The page of two waves beside each other, and its part on the pages of those who are shown results."""

import re
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from app.accounts import service as accounts
from app.accounts.roles import Role
from app.db import Database
from app.explore.contrast import contrast
from app.explore.looking import Looking
from app.migrations import downgrade, upgrade
from app.releases import pairs, store
from app.releases.document import words
from app.releases.document.comparison import Comparison
from app.releases.document.figures import Gate
from app.releases.document.release import Change, Row
from app.releases.plan.ledger import Entry
from app.share import service as sharing
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.explore.samples import PLAIN, UP, release
from tests.explore.samples import row as drawn
from tests.explore.tiles import Tiles
from tests.explore.waves import Three, three_waves, work
from tests.world import World

pytestmark = pytest.mark.lived_in


@dataclass(frozen=True)
class Pair:
    """Three waves, and the address of the comparison of the third with the first."""

    three: Three
    wave: str
    address: str


@pytest.fixture
def pair(database: Database, cast: Cast, clock: Clock, lived_in: World) -> Pair:
    three = three_waves(database, cast, clock, lived_in)
    wave = f"/organisations/{cast.organisation}/waves/{three.third}/comparison"
    return Pair(three, wave, f"{wave}/{three.first}")


def made(client: TestClient, database: Database, cast: Cast, clock: Clock, pair: Pair) -> Comparison:
    """Has the comparison made as a consultant does, and gives it."""
    answer = sign_in(client, "Ada").post(pair.address)
    assert answer.status_code == 303
    assert answer.headers["location"] == pair.address
    assert "are being compared" in client.get(pair.address).text
    work(database, clock)
    with database.reading() as session:
        stored = pairs.by_id(session, cast.organisation, pairs.id_of(pair.three.third, pair.three.first))
    assert stored is not None
    return stored.document


def share(database: Database, cast: Cast, clock: Clock, *waves: object) -> None:
    with database.writing() as session:
        for wave in waves:
            place = {"organisation_id": cast.organisation, "wave_id": wave}
            sharing.share(session, **place, user_id=cast.ada, now=clock())  # type: ignore[arg-type]


def test_a_pair_that_no_release_compares_is_made_on_request_and_printed_as_it_was_made(
    client: TestClient, database: Database, cast: Cast, clock: Clock, pair: Pair
):
    ada = sign_in(client, "Ada")
    assert f'<option value="{pair.three.first}"' in ada.get(pair.wave).text
    answer = ada.get(f"{pair.wave}?with={pair.three.first}")
    assert (answer.status_code, answer.headers["location"]) == (303, pair.address)
    assert "No result compares 2027-Q1 with 2026-Q3 yet" in ada.get(pair.address).text
    document = made(client, database, cast, clock, pair)
    page = ada.get(pair.address).text
    tiles = Tiles(page).found
    with database.reading() as session:
        release = store.latest(session, cast.organisation, pair.three.third)
    assert release is not None
    told = 0
    for row in release.document.rows:
        for name, change in document.changes[row.id].items():
            if isinstance(change, Change):
                text = tiles[words.row_name(row), name]
                assert f"{change.before} → {change.now}" in text
                assert words.signed(change.delta) in text
                told += 1
    assert told > 20
    assert "Comparison 1 of 2027-Q1, with 2026-Q3" in page
    assert "What cannot be compared, and why" in page
    table = ada.get(f"{pair.address}?view=table").text
    assert table.count('<tr><th scope="row">') == len(release.document.rows) * len(release.document.dimensions)


@pytest.mark.both
@pytest.mark.own_database
def test_a_pair_is_compared_again_after_the_database_went_back_to_an_earlier_version_and_what_was_told_stays_told(
    client: TestClient, database: Database, cast: Cast, clock: Clock, pair: Pair
):
    def told() -> list[list[Entry]]:
        with database.reading() as session:
            waves = (pair.three.first, pair.three.third)
            found = (store.comparisons(session, cast.organisation, wave) for wave in waves)
            return [sorted(entry for ledger in ledgers for entry in ledger.entries) for ledgers in found]

    first = made(client, database, cast, clock, pair)
    before = told()
    assert all(before)
    downgrade(database, "0022")
    assert told() == before
    upgrade(database)
    assert "No result compares 2027-Q1 with 2026-Q3 yet" in sign_in(client, "Ada").get(pair.address).text
    assert made(client, database, cast, clock, pair) == first
    assert told() == before


def test_a_cell_tells_both_scores_the_difference_and_what_would_show(
    client: TestClient, database: Database, cast: Cast, clock: Clock, pair: Pair
):
    document = made(client, database, cast, clock, pair)
    change = document.changes["organisation"]["T1"]
    assert isinstance(change, Change)
    page = sign_in(client, "Ada").get(f"{pair.address}/organisation/T1").text
    for told in (change.before, change.now, words.signed(change.delta)):
        assert f"<dd>{told}</dd>" in page
    assert re.search(r"Smallest difference that would show</dt><dd>\d+</dd>", page)
    assert "Compared on: “" in page
    assert client.get(f"{pair.address}/organisation/nowhere").status_code == 404


def test_what_would_show_is_told_of_the_same_people_and_not_of_a_group_of_the_same_id():
    told = replace(PLAIN, gate=Gate(lower=55, upper=69, own=True), change=UP)
    group = replace(drawn("Small teams", T1=told), kind="pool", id="pool:organisation", departments=("legal", "hr"))
    later = release(group)

    def shown(earlier: Row) -> str:
        lines = contrast(later, release(earlier), Looking(), in_numbers=True).lines
        return next(one.detectable for one in lines if (one.row, one.column) == ("Small teams", "Competence"))

    assert shown(group).isdecimal()
    assert shown(replace(group, departments=("legal", "hr", "tax"))) == "–"
    assert shown(replace(group, id="pool:other", departments=("hr", "legal"))) == shown(group)


def test_a_wave_and_the_one_before_are_drawn_from_the_release_without_asking(
    client: TestClient, database: Database, cast: Cast, pair: Pair
):
    page = sign_in(client, "Ada").get(f"{pair.wave}/{pair.three.second}").text
    assert "The result of 2027-Q1 compares it with 2026-Q4" in page
    assert "Compare the two waves" not in page


@pytest.mark.parametrize(
    ("other", "status", "sentence"),
    [
        ("third", 422, "A wave is not compared with itself."),
        ("nowhere", 404, "There is no such wave at this client."),
        ("words", 404, "There is no such wave at this client."),
    ],
)
def test_an_address_that_names_no_pair_says_why_and_offers_others(
    client: TestClient, cast: Cast, pair: Pair, other: str, status: int, sentence: str
):
    chosen = {"third": pair.three.third, "nowhere": uuid4(), "words": "Q1"}[other]
    answer = sign_in(client, "Ada").get(f"{pair.wave}?with={chosen}")
    assert answer.status_code == status
    assert sentence in answer.text
    assert f'<option value="{pair.three.second}"' in answer.text


def test_a_wave_without_a_result_is_compared_with_none(client: TestClient, cast: Cast, lived_in: World):
    wave = f"/organisations/{cast.organisation}/waves/{lived_in.closed}/comparison"
    ada = sign_in(client, "Ada")
    for answer in (ada.get(f"{wave}?with={lived_in.running}"), ada.post(f"{wave}/{lived_in.running}")):
        assert answer.status_code == 409
        assert "2026-Q4 has no result yet" in answer.text
    assert "No other wave of this assessment has a result yet." in ada.get(wave).text


def test_where_the_answers_of_a_wave_were_deleted_the_page_says_so_and_offers_nothing(
    client: TestClient, database: Database, cast: Cast, pair: Pair
):
    with database.write.begin() as connection:
        connection.exec_driver_sql("UPDATE wave SET deleted_at = closed_at WHERE label = '2026-Q3'")
    ada = sign_in(client, "Ada")
    page = ada.get(pair.address).text
    assert "The answers of 2026-Q3 were deleted, as was promised" in page
    assert "Compare the two waves" not in page
    assert ada.post(pair.address).status_code == 409


@pytest.mark.parametrize("stranger", ["Ben", "Cleo", None])
def test_strangers_find_no_comparison(client: TestClient, cast: Cast, pair: Pair, stranger: str | None):
    if stranger:
        sign_in(client, stranger)
    for address in (pair.wave, pair.address, f"{pair.address}/organisation/T1"):
        assert client.get(address).status_code == 404
    assert client.post(pair.address).status_code == 404


@pytest.mark.parametrize("role", ["sponsor", "lead"])
def test_who_is_shown_both_results_sees_their_part_of_the_comparison_and_with_one_of_them_nothing(
    client: TestClient, database: Database, cast: Cast, clock: Clock, pair: Pair, role: Role
):
    made(client, database, cast, clock, pair)
    with database.writing() as session:
        department = cast.departments["Finance"] if role == "lead" else None
        place = {"organisation_id": cast.organisation, "user_id": cast.cleo}
        accounts.add_member(session, **place, now=clock(), role=role, department_id=department)
    address = f"/organisations/{cast.organisation}/results/{pair.three.third}/comparison/{pair.three.first}"
    cleo = sign_in(client, "Cleo")
    share(database, cast, clock, pair.three.third)
    assert cleo.get(address).status_code == 404
    share(database, cast, clock, pair.three.first)
    assert f'href="{address}"' in cleo.get(address.partition("/comparison")[0]).text
    page = cleo.get(address).text
    rows = {name for name, _ in Tiles(page).found}
    assert "Finance" in rows
    assert ("Operations" in rows) == (role == "sponsor")
    operations = cleo.get(f"{address}/{cast.departments['Operations']}/T1").status_code
    assert operations == (200 if role == "sponsor" else 404)
    assert cleo.get(f"{address}/{cast.departments['Finance']}/T1").status_code == 200
    assert cleo.get(pair.address).status_code == 404
    assert "Would show from" not in page
    assert ">Differences</a>" in page
    table = cleo.get(f"{address}?view=table").text
    assert "Would show from" in table
    assert "Finance" in table
    assert ("Operations" in table) == (role == "sponsor")
