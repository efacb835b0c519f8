"""Creating an organisation and changing its departments, through the pages."""

import html
import re
from uuid import uuid4

import pytest

from app.clients.queries import departments
from tests.cast import sign_in
from tests.clients import opened

NEW = {"name": "Millbrook", "time_zone": "Europe/Berlin"}


@pytest.fixture
def ada(client, cast):
    return sign_in(client, "Ada")


def address(cast, rest=""):
    return f"/organisations/{cast.organisation}/departments{rest}"


def names(database, organisation):
    with database.reading() as session:
        return [node.name for node in departments(session, organisation)]


@pytest.mark.both
def test_an_organisation_sent_twice_is_made_once(ada):
    (form,) = re.findall(r'name="form" value="([^"]+)"', ada.get("/organisations/new").text)
    places = {ada.post("/organisations/new", data={**NEW, "form": form}).headers["location"] for _ in range(2)}
    assert len(places) == 1
    assert ada.get(places.pop()).status_code == 200
    assert ada.get("/").text.count(">Millbrook<") == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Give a name"),
        ({"name": "x" * 121}, "121 characters"),
        ({"time_zone": "Mars/Olympus"}, "Choose the time zone from the list"),
        ({"time_zone": "../etc/passwd"}, "Choose the time zone from the list"),
    ],
)
def test_a_wrong_organisation_comes_back_as_it_was_typed(ada, wrong, sentence):
    answer = ada.post("/organisations/new", data={**NEW, **wrong})
    assert answer.status_code == 422
    assert sentence in html.unescape(answer.text)
    for value in {**NEW, **wrong}.values():
        assert f'value="{value}"' in answer.text


def test_the_page_shows_the_tree_with_headcounts(ada, cast):
    page = ada.get(address(cast)).text
    assert "105 people in 10 departments" in page
    assert re.search(r'depth-1">Tax', page)


def test_a_department_is_added_and_the_next_one_starts_below_the_same_parent(ada, cast, database):
    finance = str(cast.departments["Finance"])
    form = {"name": "Treasury", "headcount": "3", "function": "finance", "parent": finance, "form": str(uuid4())}
    answers = [ada.post(address(cast, "/add"), data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    page = ada.get(answers[1].headers["location"]).text
    assert "has been added" in page
    assert f'<option value="{finance}" selected>' in page
    assert names(database, cast.organisation).count("Treasury") == 1


@pytest.mark.parametrize("action", ["/add", "change"])
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"headcount": "three"}, "“three” is not a headcount"),
        ({"headcount": ""}, "Give a whole number"),
        ({"headcount": "-1"}, "“-1” is not a headcount"),
        ({"headcount": "٣"}, "is not a headcount"),
        ({"name": "legal"}, "in the same place already"),
        ({"name": ""}, "Give a name"),
        ({"function": "zoo"}, "Choose one of the functions"),
        ({"parent": "zoo"}, "Choose a parent from the list"),
        ({"parent": str(uuid4())}, "not there any more"),
    ],
)
def test_a_wrong_department_comes_back_as_it_was_typed(ada, cast, database, action, wrong, sentence):
    ethics = cast.departments["Ethics"]
    rest = f"/{ethics}/change" if action == "change" else action
    before = names(database, cast.organisation)
    form = {"name": "Audit", "headcount": "7", "function": "other", "parent": "", **wrong}
    form["seen"] = opened.seen(ada, cast.organisation, ethics)
    answer = ada.post(address(cast, rest), data=form)
    assert answer.status_code == 422
    assert sentence in html.unescape(answer.text)
    assert f'name="name" type="text" value="{form["name"]}"' in answer.text
    assert f'name="headcount" type="text" value="{form["headcount"]}"' in answer.text
    assert names(database, cast.organisation) == before


def test_a_department_is_changed_in_its_place(ada, cast, database):
    tax = cast.departments["Tax"]
    page = ada.get(address(cast, f"?change={tax}")).text
    assert "Change Tax" in page
    assert "Add a department" not in page
    options = re.findall(r'<option value="([^"]*)"', page)
    assert str(tax) not in options, "a department can't lie below itself"
    legal = str(cast.departments["Legal"])
    form = {"name": "Tax and customs", "headcount": "5", "function": "finance", "parent": legal}
    assert opened.change(ada, cast.organisation, tax, **form).status_code == 303
    assert names(database, cast.organisation)[:2] == ["Legal", "Tax and customs"]


@pytest.mark.both
def test_a_department_is_closed_once_nothing_lies_below_it(ada, cast, database):
    finance = opened.seen(ada, cast.organisation, cast.departments["Finance"])
    refused = ada.post(address(cast, f"/{cast.departments['Finance']}/close"), data={"seen": finance})
    assert refused.status_code == 409
    assert "Accounts payable, Planning, Tax" in refused.text
    assert opened.close(ada, cast.organisation, cast.departments["Tax"]).status_code == 303
    assert "Tax" not in names(database, cast.organisation)


def test_a_change_of_a_closed_department_says_so(ada, cast):
    ethics = cast.departments["Ethics"]
    opened.close(ada, cast.organisation, ethics)
    form = {"name": "Ethics", "headcount": "3", "function": "other", "parent": ""}
    answer = ada.post(address(cast, f"/{ethics}/change"), data=form)
    assert answer.status_code == 409
    assert "Ethics has been closed" in answer.text


@pytest.mark.parametrize("told", ["", "nonsense", "[" * 100_000, '["Ethics"]'])
def test_a_form_that_does_not_say_what_it_showed_changes_nothing_and_loses_nothing(ada, cast, database, told):
    ethics = cast.departments["Ethics"]
    form = {"name": "Conduct", "headcount": "4", "function": "other", "parent": "", "seen": told}
    answer = ada.post(address(cast, f"/{ethics}/change"), data=form)
    assert answer.status_code == 409
    assert "This form does not say what it showed" in answer.text
    assert 'value="Conduct"' in answer.text
    assert "Conduct" not in names(database, cast.organisation)
    assert ada.post(address(cast, f"/{ethics}/close"), data={"seen": told}).status_code == 409
    assert "Ethics" in names(database, cast.organisation)
    again = html.unescape(re.findall(r'name="seen" value="([^"]+)"', answer.text)[0])
    assert ada.post(address(cast, f"/{ethics}/change"), data={**form, "seen": again}).status_code == 303
    assert "Conduct" in names(database, cast.organisation)


@pytest.mark.parametrize("who", ["Ben", "Cleo"])
def test_a_stranger_finds_nothing(client, cast, database, who):
    sign_in(client, who)
    before = names(database, cast.organisation)
    form = {"name": "Spies", "headcount": "1", "function": "other", "parent": "", "list": "department\nA"}
    tax = cast.departments["Tax"]
    for rest in ("", "/import"):
        assert client.get(address(cast, rest)).status_code == 404
    for rest in ("/add", "/import", f"/{tax}/change", f"/{tax}/close"):
        assert client.post(address(cast, rest), data=form).status_code == 404
    assert names(database, cast.organisation) == before
    assert "Fernhill" not in client.get("/").text


def test_a_department_of_another_client_cannot_be_reached_through_ones_own(client, cast, database):
    sign_in(client, "Ben")
    mine = f"/organisations/{cast.other}/departments/{cast.departments['Tax']}"
    form = {"name": "Mine", "headcount": "1", "function": "other", "parent": ""}
    assert client.post(mine + "/change", data=form).status_code == 404
    assert client.post(mine + "/close").status_code == 404
    assert "Tax" in names(database, cast.organisation)


def test_malformed_addresses_lead_nowhere(ada, cast):
    assert ada.get("/organisations/zoo/departments").status_code == 404
    assert ada.get(address(cast, "?change=zoo")).status_code == 404
    assert ada.get(address(cast, f"?change={uuid4()}")).status_code == 200
    assert ada.get(address(cast, "?done=imported&added=" + "9" * 5000 + "&changed=1")).status_code == 200
