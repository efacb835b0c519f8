"""Sites of departments: typed, listed, taken from the department above, and frozen with the wave."""

from uuid import UUID, uuid4

import pytest

from app.clients.importing import import_departments
from app.clients.imports import ImportRow
from app.clients.queries import DepartmentNode, departments
from app.clients.service import change_department
from app.clients.tree import effective_sites
from app.errors import InvalidError
from app.waves import queries as waves
from tests.cast import sign_in
from tests.clients import opened
from tests.clients.listed import imported
from tests.places import START
from tests.world import plan_wave

HEADINGS = "department,parent,function,headcount,site\n"


def own_sites(database, cast):
    with database.reading() as session:
        return {one.name: one.site for one in departments(session, cast.organisation) if one.site}


def address(cast, rest=""):
    return f"/organisations/{cast.organisation}/departments{rest}"


def listed(database, cast, clock, *lines):
    rows = [ImportRow(number, *line) for number, line in enumerate(lines, start=2)]
    with database.writing() as session:
        return import_departments(session, cast.organisation, rows, now=clock.now)


def node(name: str, site: str | None, above: UUID | None = None) -> DepartmentNode:
    return DepartmentNode(uuid4(), above, name, "other", 5, 5, 0, 0, None, site)


def test_a_department_without_a_site_has_that_of_the_nearest_department_above_with_one():
    top, bare = node("Finance", "Porto"), node("Legal", None)
    middle = node("Tax", None, top.id)
    low, other = node("VAT", None, middle.id), node("Payroll", "Faro", middle.id)
    found = effective_sites([top, middle, low, other, bare])
    assert [found[one.id] for one in (top, middle, low, other, bare)] == ["Porto", "Porto", "Porto", "Faro", None]


def test_a_site_is_spelled_everywhere_as_it_is_spelled_first():
    one, other = node("Finance", "Porto"), node("Legal", "PORTO")
    assert set(effective_sites([one, other]).values()) == {"Porto"}


def test_a_list_names_sites_keeps_them_where_it_says_nothing_and_clears_them_where_it_is_empty(database, cast, clock):
    made = listed(
        database,
        cast,
        clock,
        ("HR", "", "hr", 6, None, " North  pier "),
        ("Audit", "", "other", 4, None, "Quay"),
    )
    assert (made.added, made.changed) == (1, 1)
    assert own_sites(database, cast) == {"HR": "North pier", "Audit": "Quay"}
    listed(database, cast, clock, ("HR", "", "hr", 7))
    assert own_sites(database, cast) == {"HR": "North pier", "Audit": "Quay"}
    assert listed(database, cast, clock, ("HR", "", "hr", 7, None, "")).changed == 1
    assert own_sites(database, cast) == {"Audit": "Quay"}


@pytest.mark.parametrize(("site", "sentence"), [("x" * 61, "61 characters"), ("Port\u202eo", "invisible character")])
def test_a_list_with_a_site_that_cannot_be_changes_nothing(client, database, cast, clock, site, sentence):
    with pytest.raises(InvalidError, match=sentence):
        listed(database, cast, clock, ("HR", "", "hr", 7, None, site))
    sign_in(client, "Ada")
    answer = client.post(address(cast, "/import"), data={"list": f"{HEADINGS}HR,,hr,7,{site}\n"})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert own_sites(database, cast) == {}


def test_a_list_with_a_column_of_sites_is_read(client, cast, database):
    sign_in(client, "Ada")
    answer = imported(client, address(cast, "/import"), f"{HEADINGS}HR,,hr,6,Quay\nEthics,,other,3,\n")
    assert "changed=1" in answer.headers["location"]
    assert own_sites(database, cast) == {"HR": "Quay"}


def test_the_page_takes_a_site_shows_it_and_clears_it(client, cast, database):
    sign_in(client, "Ada")
    form = {"name": "Ethics", "headcount": "3", "function": "other", "parent": ""}
    ethics = cast.departments["Ethics"]
    assert opened.change(client, cast.organisation, ethics, **form, site=" North  pier ").status_code == 303
    assert own_sites(database, cast) == {"Ethics": "North pier"}
    assert '<span class="at-site">North pier</span>' in client.get(address(cast)).text
    assert 'value="North pier"' in client.get(address(cast, f"?change={cast.departments['Ethics']}")).text
    assert opened.change(client, cast.organisation, ethics, **form, site="").status_code == 303
    assert own_sites(database, cast) == {}
    assert client.post(address(cast, "/add"), data={**form, "name": "Audit", "site": "Quay"}).status_code == 303
    assert own_sites(database, cast) == {"Audit": "Quay"}


def test_a_wrong_site_comes_back_as_it_was_typed_with_its_sentence(client, cast, database):
    sign_in(client, "Ada")
    form = {"name": "Audit", "headcount": "3", "function": "other", "parent": "", "site": "y" * 61}
    answer = client.post(address(cast, "/add"), data=form)
    assert answer.status_code == 422
    assert "The name of the site has 61 characters" in answer.text
    assert f'value="{"y" * 61}"' in answer.text
    assert own_sites(database, cast) == {}


def test_a_change_without_a_word_on_sites_keeps_them(database, cast, clock):
    listed(database, cast, clock, ("HR", "", "hr", 6, None, "Quay"))
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
    assert own_sites(database, cast) == {"People": "Quay"}


def test_the_wave_keeps_the_sites_of_its_opening_those_from_above_included(database, cast, clock):
    listed(database, cast, clock, ("Finance", "", "finance", 20, None, "PORTO"), ("HR", "", "hr", 6, None, "Porto"))
    wave = plan_wave(database, cast, now=clock.now)
    listed(database, cast, clock, ("Finance", "", "finance", 20, None, "Faro"))
    with database.reading() as session:
        frozen = {one.name: one.site for one in waves.wave_departments(session, cast.organisation, wave)}
        below = [one.name for one in departments(session, cast.organisation) if one.depth]
    assert below
    assert {name for name, site in frozen.items() if site == "Porto"} == {"Finance", "HR", *below}
    assert set(frozen.values()) == {"Porto", None}
