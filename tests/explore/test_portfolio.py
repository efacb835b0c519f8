"""A consultant's clients side by side: printed cells of the whole organisation, and nothing of any other client."""

import re
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from app.accounts import service as accounts
from app.accounts.roles import Role
from app.db import Database
from app.desk import service as desk
from app.explore.portfolio import UNLIKE, Client, Line, Portfolio, Wanted, portfolio
from app.releases import store
from app.releases.document import words
from app.releases.document.release import Release, Scored
from app.waves import queries as waves
from app.waves.results import with_results
from surveys.load import load
from tests.cast import ORGANISATION, OTHER_ORGANISATION, Cast, sign_in
from tests.conftest import Clock
from tests.explore.clients import other_client, take_on
from tests.explore.samples import release
from tests.explore.tiles import Tiles
from tests.world import World

pytestmark = pytest.mark.lived_in

PAGE = "/portfolio"


def newest(database: Database, organisation: UUID) -> Release:
    with database.reading() as session:
        last, *_ = with_results(waves.waves(session, organisation))
        [found] = store.newest(session, [last]).values()
    return found.document


@pytest.mark.both
def test_the_clients_that_somebody_runs_stand_below_each_other_with_the_cells_of_their_releases(
    client: TestClient, database: Database, cast: Cast, clock: Clock, lived_in: World
):
    wave = other_client(database, cast, clock, form="full")
    take_on(database, cast, clock)
    page = sign_in(client, "Ada").get(PAGE).text
    tiles = Tiles(page).found
    for organisation, form in ((cast.organisation, "pulse"), (cast.other, "full form")):
        document = newest(database, organisation)
        facts = document.wave
        [name] = {row for row, _ in tiles if row.startswith(facts.organisation)}
        assert f"{facts.label}, {form}, closed" in page
        whole = document.organisation
        for head in document.dimensions:
            cell = whole.anchor(head.id)
            assert cell is not None
            assert tiles[name, head.id].startswith(words.marked_value(cell))
    assert f"/organisations/{cast.other}/waves/{wave}/heatmap" in page
    assert f"/organisations/{cast.organisation}/waves/{lived_in.closed}/heatmap" in page
    assert "Some were asked the full form and some the pulse" in page


def test_a_full_form_is_told_by_its_anchor_questions_and_not_by_all(
    client: TestClient, database: Database, cast: Cast, clock: Clock, lived_in: World
):
    other_client(database, cast, clock, form="full")
    whole = newest(database, cast.other).organisation
    unlike = [
        (name, full, anchor)
        for name, full in whole.cells.items()
        if isinstance(full, Scored) and (anchor := whole.anchor(name)) and anchor.score != full.score
    ]
    assert unlike
    tiles = Tiles(sign_in(client, "Ben").get(PAGE).text).found
    for name, full, anchor in unlike:
        [text] = [text for (_, column), text in tiles.items() if column == name]
        assert text.startswith(words.marked_value(anchor))
        assert not text.startswith(words.marked_value(full))


def test_a_client_is_on_no_page_of_somebody_without_a_role_there(
    client: TestClient, database: Database, cast: Cast, clock: Clock, lived_in: World
):
    other_client(database, cast, clock)
    ada = sign_in(client, "Ada").get(PAGE).text
    assert ORGANISATION in ada
    assert OTHER_ORGANISATION not in ada
    ben = sign_in(client, "Ben").get(PAGE).text
    assert OTHER_ORGANISATION in ben
    assert ORGANISATION not in ben


@pytest.mark.parametrize("role", ["sponsor", "lead", "reviewer"])
def test_a_role_of_another_kind_brings_no_client_onto_the_page(
    client: TestClient, database: Database, cast: Cast, clock: Clock, lived_in: World, role: Role
):
    with database.writing() as session:
        accounts.add_member(session, organisation_id=cast.organisation, user_id=cast.cleo, now=clock(), role=role)
    assert sign_in(client, "Cleo").get(PAGE).status_code == 404
    with database.writing() as session:
        accounts.add_member(session, organisation_id=cast.organisation, user_id=cast.ben, now=clock(), role=role)
    page = sign_in(client, "Ben").get(PAGE)
    assert page.status_code == 200
    assert ORGANISATION not in page.text


def test_an_archived_client_leaves_the_page_until_it_is_brought_back(
    client: TestClient, database: Database, cast: Cast, clock: Clock, lived_in: World
):
    other_client(database, cast, clock)
    take_on(database, cast, clock, role="owner")
    ada = sign_in(client, "Ada")
    with database.writing() as session:
        desk.archive(session, cast.other, user_id=cast.ada, now=clock())
    away = ada.get(PAGE).text
    assert ORGANISATION in away
    assert OTHER_ORGANISATION not in away
    assert ada.post(f"/organisations/{cast.other}/archive", data={"do": "back"}).status_code == 303
    assert OTHER_ORGANISATION in ada.get(PAGE).text


def test_without_a_sign_in_there_is_nothing(client: TestClient, lived_in: World):
    answer = client.get(PAGE)
    assert answer.status_code == 404
    assert ORGANISATION not in answer.text


def test_without_a_result_the_page_says_how_it_fills(client: TestClient, cast: Cast, lived_in: World):
    page = sign_in(client, "Ben").get(PAGE).text
    assert "No client has a result yet" in page
    assert "appears here when its first wave has closed" in page


def test_a_client_without_a_result_is_named_below_the_others(
    client: TestClient, database: Database, cast: Cast, clock: Clock, lived_in: World
):
    take_on(database, cast, clock)
    page = sign_in(client, "Ada").get(PAGE).text
    assert "Without a result so far" in page
    assert f'<a href="/organisations/{cast.other}">{OTHER_ORGANISATION}</a>' in page


def test_clients_are_sorted_by_a_column_both_ways_and_by_name_at_first(
    client: TestClient, database: Database, cast: Cast, clock: Clock, lived_in: World
):
    other_client(database, cast, clock, shift=1)
    take_on(database, cast, clock)
    ada = sign_in(client, "Ada")

    def order(query: str) -> list[str]:
        return re.findall(r'heatmap">([^<]*)</a> <small>', ada.get(PAGE + query).text)

    assert order("") == order("?order=nowhere") == [ORGANISATION, OTHER_ORGANISATION]
    assert order("?order=-name") == order("?order=closed") == [OTHER_ORGANISATION, ORGANISATION]
    scores = {
        name: newest(database, organisation).organisation.anchor("T1")
        for name, organisation in ((ORGANISATION, cast.organisation), (OTHER_ORGANISATION, cast.other))
    }
    highest = max(scores, key=lambda name: scores[name].score)  # type: ignore[union-attr]
    assert order("?order=T1")[0] == highest
    assert order("?order=-T1")[1] == highest


def test_the_square_lays_clients_by_trust_and_readiness(
    client: TestClient, database: Database, cast: Cast, clock: Clock, lived_in: World
):
    other_client(database, cast, clock)
    take_on(database, cast, clock)
    page = sign_in(client, "Ada").get(PAGE + "?view=trust-readiness").text
    assert page.count('<circle class="ring"') == 2
    assert re.search(rf"<td>1</td>\s*<th scope=\"row\">{re.escape(ORGANISATION)}", page)
    assert sign_in(client, "Ada").get(PAGE + "?view=secret").status_code == 404


def test_the_page_takes_few_statements_more_for_a_client_more(
    client: TestClient, database: Database, cast: Cast, clock: Clock, lived_in: World, statements: list[str]
):
    ada = sign_in(client, "Ada")
    ada.get(PAGE)
    statements.clear()
    ada.get(PAGE)
    one = len(statements)
    other_client(database, cast, clock)
    take_on(database, cast, clock)
    ada = sign_in(client, "Ada")
    assert ada.get(PAGE).status_code == 200
    statements.clear()
    ada.get(PAGE)
    assert len(statements) <= one + 1


def made(name: str, *, version: str = "1.0.0", without: str = "", told: Release | None = None) -> Client:
    """A client whose questionnaire has this version and lacks one of the dimensions, in its result as well."""
    asked, found = load("atr", "1.0.0"), told or release()
    if without:
        asked = replace(asked, dimensions=tuple(one for one in asked.dimensions if one.id != without))
        heads = tuple(one for one in found.dimensions if one.id != without)
        rows = tuple(
            replace(row, cells={key: cell for key, cell in row.cells.items() if key != without}, anchors={})
            for row in found.rows
        )
        found = replace(found, dimensions=heads, rows=rows)
    return Client(
        organisation_id=uuid4(),
        name=name,
        wave_id=uuid4(),
        release=found,
        instrument=replace(asked, version=version),
    )


def line(found: Portfolio, name: str) -> Line:
    return next(one for one in found.lines if one.name == name)


def marks(found: Portfolio, name: str) -> set[str]:
    return {tile.marks for stretch in line(found, name).stretches for tile in stretch.tiles if not tile.hidden}


def test_a_client_with_another_edition_of_the_questionnaire_says_that_nothing_of_it_compares():
    found = portfolio([made("Ash"), made("Birch"), made("Cedar", version="2.0.0")], Wanted(order="-T1"))
    assert any(text.startswith("Cedar answered version 2.0.0") for text in found.remarks)
    assert all(UNLIKE in one for one in marks(found, "Cedar"))
    assert all(UNLIKE not in one for one in marks(found, "Ash") | marks(found, "Birch"))
    assert found.lines[-1].name == "Cedar", "what cannot be held against the others is sorted below them"
    assert any(sign.text == UNLIKE for sign in found.signs)


def test_a_client_that_was_not_asked_about_a_dimension_has_a_hatched_cell_that_says_so():
    first = release().dimensions[0].id
    found = portfolio([made("Ash"), made("Birch"), made("Cedar", without=first)], Wanted())
    [tile] = [one for stretch in line(found, "Cedar").stretches for one in stretch.tiles if one.column == first]
    assert tile.hidden == "Not asked of this client"
    assert not tile.value
    name = release().dimensions[0].name
    assert f"Cedar was not asked about {name}." in found.remarks
    assert "Cedar was asked other questions" not in " ".join(found.remarks)


def test_a_change_is_about_one_client_so_that_no_mark_stands_on_it():
    found = portfolio([made("Ash"), made("Birch", version="2.0.0"), made("Cedar")], Wanted(view="change"))
    assert all(UNLIKE not in one for one in marks(found, "Birch"))
    assert all(sign.text != UNLIKE for sign in found.signs)
