"""Named pools: who can be in one, how they are chosen, renamed and left, by the pages and by a list."""

import html
import re

import pytest

from app.clients.importing import import_departments
from app.clients.imports import ImportRow
from app.clients.pools import about_pool_name, proposed_name
from app.clients.queries import departments
from app.clients.rules import LONGEST_SHORT_NAME
from app.clients.service import (
    Together,
    add_department,
    change_department,
    close_department,
    dissolve_pool,
    name_pool,
    rename_pool,
)
from app.errors import ConflictError, InvalidError, NotFoundError
from app.waves import queries as waves
from tests.cast import sign_in
from tests.clients import opened
from tests.clients.listed import imported
from tests.clients.test_tree import change, node
from tests.places import START
from tests.world import plan_wave


def pooled(database, cast):
    """The pool of every department that is in one, by name."""
    with database.reading() as session:
        return {one.name: one.pool for one in departments(session, cast.organisation) if one.pool}


def put(database, cast, name, *members):
    with database.writing() as session:
        name_pool(session, cast.organisation, name=name, members=[cast.departments[one] for one in members])


def address(cast, rest=""):
    return f"/organisations/{cast.organisation}/departments{rest}"


def test_departments_of_one_parent_are_put_into_a_pool(database, cast):
    put(database, cast, "  Staff   teams ", "HR", "Ethics")
    assert pooled(database, cast) == {"HR": "Staff teams", "Ethics": "Staff teams"}


@pytest.mark.parametrize(
    ("name", "members", "sentence"),
    [
        ("Staff teams", ["HR"], "at least two departments"),
        ("Staff teams", [], "at least two departments"),
        ("Staff teams", ["HR", "Tax"], "HR and Tax do not lie below the same parent"),
        ("", ["HR", "Ethics"], "Give the pool a name"),
        ("x" * 61, ["HR", "Ethics"], "61 characters"),
        ("Staff\u200bteams", ["HR", "Ethics"], "invisible character"),
        ("tax", ["HR", "Ethics"], "There is a department called tax"),
        ("Inner circle", ["HR", "Ethics"], "There is a pool called Inner circle"),
    ],
)
def test_a_pool_that_cannot_be_is_refused_with_a_sentence(database, cast, name, members, sentence):
    put(database, cast, "Inner circle", "Legal", "IT")
    with pytest.raises(InvalidError, match=sentence):
        put(database, cast, name, *members)
    assert pooled(database, cast) == {"Legal": "Inner circle", "IT": "Inner circle"}


def test_the_same_name_may_be_used_below_another_parent(database, cast):
    put(database, cast, "Small teams", "HR", "Ethics")
    put(database, cast, "Small teams", "Tax", "Planning")
    assert len(pooled(database, cast)) == 4


def test_a_pool_takes_another_department_in_under_its_name(database, cast):
    put(database, cast, "Staff teams", "HR", "Ethics")
    put(database, cast, "Staff teams", "HR", "Ethics", "Legal")
    assert set(pooled(database, cast)) == {"HR", "Ethics", "Legal"}


def test_who_is_left_alone_in_a_pool_leaves_it(database, cast):
    put(database, cast, "Staff teams", "HR", "Ethics")
    put(database, cast, "Others", "Ethics", "Legal")
    assert pooled(database, cast) == {"Ethics": "Others", "Legal": "Others"}


@pytest.mark.parametrize("how", ["closed", "moved"])
def test_a_department_that_closes_or_moves_leaves_its_pool(database, cast, clock, how):
    put(database, cast, "Staff teams", "HR", "Ethics")
    with database.writing() as session:
        if how == "closed":
            close_department(session, cast.organisation, cast.departments["Ethics"], now=clock.now)
        else:
            change(session, cast, "Ethics", parent_id=cast.departments["Finance"])
    assert pooled(database, cast) == {}


def test_a_change_of_the_headcount_leaves_the_pool_as_it_is(database, cast):
    put(database, cast, "Staff teams", "HR", "Ethics")
    with database.writing() as session:
        change(session, cast, "Ethics", headcount=4)
    assert pooled(database, cast) == {"HR": "Staff teams", "Ethics": "Staff teams"}


def test_a_department_shown_together_with_another_makes_a_pool_or_joins_its_pool(database, cast):
    with database.writing() as session:
        change(session, cast, "Ethics", together=Together(cast.departments["HR"]))
    assert pooled(database, cast) == {"HR": "HR and Ethics", "Ethics": "HR and Ethics"}
    with database.writing() as session:
        change(session, cast, "Legal", together=Together(cast.departments["Ethics"]))
    assert pooled(database, cast) == dict.fromkeys(["HR", "Ethics", "Legal"], "HR and Ethics")
    with database.writing() as session:
        change(session, cast, "Legal", together=Together(None))
    assert pooled(database, cast) == {"HR": "HR and Ethics", "Ethics": "HR and Ethics"}


def test_a_department_is_not_shown_together_with_one_of_another_parent_and_nothing_is_changed(database, cast):
    with database.writing() as session, pytest.raises(InvalidError, match="Tax lies below another parent"):
        change(session, cast, "Ethics", headcount=9, together=Together(cast.departments["Tax"]))
    with database.reading() as session:
        assert node(session, cast, "Ethics").headcount == 3


def test_a_pool_is_renamed_and_dissolved_through_any_of_its_departments(database, cast):
    put(database, cast, "Staff teams", "HR", "Ethics")
    with database.writing() as session:
        rename_pool(session, cast.organisation, cast.departments["Ethics"], name="People and ethics")
    assert set(pooled(database, cast).values()) == {"People and ethics"}
    with database.writing() as session:
        dissolve_pool(session, cast.organisation, cast.departments["HR"])
    assert pooled(database, cast) == {}
    with database.writing() as session, pytest.raises(ConflictError, match="HR is in no pool any more"):
        dissolve_pool(session, cast.organisation, cast.departments["HR"])


def test_no_department_takes_the_name_of_a_pool(database, cast, clock):
    put(database, cast, "Staff teams", "HR", "Ethics")
    with database.writing() as session, pytest.raises(InvalidError, match="There is a pool called Staff teams"):
        add_department(
            session,
            cast.organisation,
            name="staff teams",
            parent_id=None,
            function="other",
            headcount=3,
            now=clock.now,
        )


@pytest.mark.parametrize("listed", [("HR", "", "hr", 6, None), ("HR", "", "hr", 6, "Staff teams")])
def test_a_list_adds_no_department_with_the_name_of_a_pool(database, cast, clock, listed):
    put(database, cast, "Staff teams", "HR", "Ethics")
    lines = rows(listed, ("staff  TEAMS", "", "other", 3, None))
    with database.writing() as session, pytest.raises(InvalidError, match="There is a pool called Staff teams"):
        import_departments(session, cast.organisation, lines, now=clock.now)
    with database.reading() as session:
        assert len(departments(session, cast.organisation)) == len(cast.departments)


def test_departments_of_another_client_are_not_found(database, cast):
    with database.writing() as session, pytest.raises(NotFoundError):
        name_pool(session, cast.other, name="Staff teams", members=[cast.departments["HR"], cast.departments["Ethics"]])


def test_the_wave_keeps_the_pools_of_its_opening(database, cast, clock):
    put(database, cast, "Staff teams", "HR", "Ethics")
    wave = plan_wave(database, cast, now=clock.now)
    with database.writing() as session:
        dissolve_pool(session, cast.organisation, cast.departments["HR"])
    with database.reading() as session:
        frozen = waves.wave_departments(session, cast.organisation, wave)
    assert {one.name: one.pool for one in frozen if one.pool} == {"HR": "Staff teams", "Ethics": "Staff teams"}


def rows(*lines):
    return [ImportRow(number, *line) for number, line in enumerate(lines, start=2)]


def test_a_list_names_pools_keeps_them_where_it_says_nothing_and_takes_out_where_it_is_empty(database, cast, clock):
    with database.writing() as session:
        made = import_departments(
            session,
            cast.organisation,
            rows(
                ("HR", "", "hr", 6, "Staff teams"),
                ("Ethics", "", "other", 3, "staff  teams"),
                ("Audit", "", "other", 4, "STAFF TEAMS"),
            ),
            now=clock.now,
        )
    assert (made.added, made.changed) == (1, 2)
    assert pooled(database, cast) == dict.fromkeys(["HR", "Ethics", "Audit"], "Staff teams")
    with database.writing() as session:
        import_departments(session, cast.organisation, rows(("HR", "", "hr", 7, None)), now=clock.now)
        import_departments(session, cast.organisation, rows(("Audit", "", "other", 4, "")), now=clock.now)
    assert pooled(database, cast) == dict.fromkeys(["HR", "Ethics"], "Staff teams")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([("HR", "", "hr", 6, "Staff teams")], "would have only one department"),
        ([("HR", "", "hr", 6, "Staff"), ("Tax", "Finance", "finance", 4, "Staff")], "would have only one department"),
        ([("HR", "", "hr", 6, "Legal"), ("Ethics", "", "other", 3, "Legal")], "There is a department called Legal"),
        ([("HR", "", "hr", 6, "x" * 61), ("Ethics", "", "other", 3, "x" * 61)], "61 characters"),
    ],
)
def test_a_list_with_a_pool_that_cannot_be_changes_nothing(database, cast, clock, lines, sentence):
    with database.writing() as session, pytest.raises(InvalidError, match=sentence):
        import_departments(session, cast.organisation, rows(*lines), now=clock.now)
    assert pooled(database, cast) == {}


def test_a_list_with_a_column_of_pools_is_read(client, cast, database):
    sign_in(client, "Ada")
    text = "department;parent;function;headcount;pool\nHR;;hr;6;Staff teams\nEthics;;other;3;Staff teams\n"
    answer = imported(client, address(cast, "/import"), text)
    assert "changed=2" in answer.headers["location"]
    assert pooled(database, cast) == {"HR": "Staff teams", "Ethics": "Staff teams"}


def test_the_page_offers_pools_and_departments_of_the_same_parent_and_takes_the_choice(client, cast, database):
    sign_in(client, "Ada")
    put(database, cast, "Staff teams", "HR", "Legal")
    ethics = cast.departments["Ethics"]
    page = client.get(address(cast, f"?change={ethics}")).text
    assert "In the pool Staff teams: Legal, HR" in page
    assert "With Customer service, as a new pool" in page
    assert "With Tax" not in page
    form = {
        "name": "Ethics",
        "headcount": "3",
        "function": "other",
        "parent": "",
        "together": str(cast.departments["HR"]),
    }
    assert opened.change(client, cast.organisation, ethics, **form).status_code == 303
    assert pooled(database, cast) == dict.fromkeys(["HR", "Legal", "Ethics"], "Staff teams")
    page = client.get(address(cast, f"?change={ethics}")).text
    assert f'<option value="{cast.departments["Legal"]}" selected>' in page
    assert opened.change(client, cast.organisation, ethics, **{**form, "together": ""}).status_code == 303
    assert "Ethics" not in pooled(database, cast)


@pytest.mark.parametrize(("together", "sentence"), [("Tax", "lies below another parent"), ("x", "from the list")])
def test_a_wrong_choice_comes_back_with_a_sentence(client, cast, together, sentence):
    sign_in(client, "Ada")
    form = {"name": "Ethics", "headcount": "3", "function": "other", "parent": ""}
    chosen = str(cast.departments.get(together, together))
    answer = opened.change(client, cast.organisation, cast.departments["Ethics"], **form, together=chosen)
    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.mark.both
def test_the_page_renames_and_dissolves_a_pool(client, cast, database):
    sign_in(client, "Ada")
    put(database, cast, "Staff teams", "HR", "Ethics")
    pool = address(cast, f"/{cast.departments['HR']}/pool")
    refused = client.post(pool, data={"name": "Tax", "seen": shown(client, cast)})
    assert refused.status_code == 422
    assert "There is a department called Tax" in html.unescape(refused.text)
    assert 'value="Tax"' in refused.text
    renamed = client.post(pool, data={"name": "People teams", "seen": shown(client, cast)})
    assert "The pool has its new name" in client.get(renamed.headers["location"]).text
    assert set(pooled(database, cast).values()) == {"People teams"}
    gone = client.post(pool, data={"name": "People teams", "dissolve": "yes", "seen": shown(client, cast)})
    assert "The pool is dissolved" in client.get(gone.headers["location"]).text
    assert pooled(database, cast) == {}
    assert client.post(pool, data={"name": "People teams"}).status_code == 409


def shown(client, cast):
    """What the form of the only pool says that it showed."""
    found = re.search(r'/pool".*?name="seen" value="([^"]+)"', client.get(address(cast, "")).text, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


@pytest.mark.parametrize("wanted", [{"name": "People teams"}, {"dissolve": "yes"}])
def test_a_pool_that_somebody_changed_meanwhile_is_neither_renamed_nor_dissolved(client, cast, database, wanted):
    sign_in(client, "Ada")
    put(database, cast, "Staff teams", "HR", "Ethics")
    pool, before = address(cast, f"/{cast.departments['HR']}/pool"), shown(client, cast)
    assert client.post(pool, data={"name": "Small teams", "seen": before}).status_code == 303
    refused = client.post(pool, data={**wanted, "seen": before})
    assert refused.status_code == 409
    told = html.unescape(refused.text)
    assert "The pool is called Small teams now and holds HR and Ethics. Nothing was changed." in told
    assert set(pooled(database, cast).values()) == {"Small teams"}
    assert client.post(pool, data={**wanted, "seen": shown(client, cast)}).status_code == 303
    assert client.post(pool, data=wanted).status_code == 409


def test_a_proposed_name_fits_and_is_new():
    assert proposed_name(["Legal", "HR"], ()) == "Legal and HR"
    assert proposed_name(["Legal", "HR"], ["legal and hr"]) == "Legal and HR 2"
    long = proposed_name([f"Department number {number}" for number in range(9)], ())
    assert long == "Department number 0 and 8 more"
    assert proposed_name(["x" * 100, "y"], ["small teams", "small teams 2"]) == "Small teams 3"
    assert len(long) <= LONGEST_SHORT_NAME
    assert about_pool_name(long, ()) is None


def test_a_change_without_a_word_on_pools_keeps_them(database, cast):
    put(database, cast, "Staff teams", "HR", "Ethics")
    with database.writing() as session:
        change_department(
            session,
            cast.organisation,
            cast.departments["HR"],
            name="People",
            parent_id=None,
            function="hr",
            headcount=6,
            now=START,
        )
    assert pooled(database, cast) == {"People": "Staff teams", "Ethics": "Staff teams"}
