"""Consultants make links, replace links and take them back; the page never says who has answered."""

import csv
import io
import re

import pytest

from app.errors import ConflictError
from app.invitations import queries, service
from app.invitations.roster import links_as_csv
from app.waves import service as waves
from tests.cast import sign_in
from tests.people.lists import take_list
from tests.places import Scene
from tests.respond.stage import Stage, open_stage
from tests.robot import Robot, forms
from tests.world import KEY


@pytest.fixture
def scene() -> Scene:
    return open_stage


@pytest.fixture
def ada(client, stage):
    return sign_in(client, "Ada")


def page_of(stage: Stage) -> str:
    return f"/organisations/{stage.cast.organisation}/waves/{stage.wave}/links"


def own_links(stage: Stage) -> list[queries.Link]:
    with stage.database.reading() as session:
        found = queries.links(
            session, link_key=KEY, organisation_id=stage.cast.organisation, wave_id=stage.wave, base_url=""
        )
    return list(found)


def test_one_button_makes_a_shared_link_for_every_department(stage, ada):
    assert stage.count("invitation") == 0
    for _ in range(2):
        assert ada.post(page_of(stage), data={"do": "shared"}).status_code == 303
    assert stage.count("invitation") == len(stage.cast.departments)
    urls = re.findall(r'value="(http://testserver/s/[a-z2-7]{26})"', ada.get(page_of(stage)).text)
    assert len(set(urls)) == len(stage.cast.departments)
    assert ada.get(urls[0].removeprefix("http://testserver")).status_code == 200


def test_opening_the_page_makes_nothing(stage, ada):
    assert "10 departments have no shared link yet" in ada.get(page_of(stage)).text
    assert stage.count("invitation") == 0


def test_links_are_made_by_number_once_for_each_click(stage, ada):
    batch = next(form.hidden["batch"] for form in forms(ada.get(page_of(stage)).text) if "batch" in form.hidden)
    legal = str(stage.cast.departments["Legal"])
    data = {"do": "count", "department": legal, "count": "8", "batch": batch}
    first, second = (ada.post(page_of(stage), data=data) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert stage.count("invitation") == 8
    shown = ada.get(first.headers["location"]).text
    assert len(set(re.findall(r"http://testserver/r/[a-z2-7]{26}", shown))) == 8


def test_a_wrong_number_or_department_is_said_at_the_field(stage, ada):
    legal = str(stage.cast.departments["Legal"])
    wrong = [("count", value) for value in ("", "0", "-1", "x", "5001", "٣")] + [("department", v) for v in ("", "x")]
    for field, value in wrong:
        data = {"do": "count", "department": legal, "count": "8"} | {field: value}
        answer = ada.post(page_of(stage), data=data)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
    assert stage.count("invitation") == 0


def test_a_second_link_for_a_reference_is_refused_by_its_name(stage):
    place = {"organisation_id": stage.cast.organisation, "wave_id": stage.wave, "now": stage.now, "link_key": KEY}

    def make(department, references):
        with stage.database.writing() as session:
            department_id = stage.cast.departments[department]
            return service.make_personal_links(session, **place, department_id=department_id, references=references)

    assert len(make("Legal", ["p-1", None, None])) == 3
    for again in (["p-2", "p-1"], ["p-3", "p-3"]):
        with pytest.raises(ConflictError, match="has a link in this wave already"):
            make("HR", again)
    assert stage.count("invitation") == 3


def test_the_links_can_be_had_as_csv_that_no_spreadsheet_takes_for_formulas(stage, ada):
    roster = io.StringIO()
    references = ["=1+1", "+49", "-5", "@home", "plain", 'say "hello"']
    csv.writer(roster).writerows([["department", "reference"], *(["Legal", reference] for reference in references)])
    people = page_of(stage).replace("/links", "/people")
    assert take_list(ada, people, roster.getvalue()).status_code == 303
    ada.post(page_of(stage), data={"do": "shared"})
    answer = ada.get(page_of(stage) + ".csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 10 + len(references)
    assert {row["reference"] for row in rows if row["kind"] == "personal"} == {
        "'=1+1", "'+49", "'-5", "'@home", "plain", 'say "hello"'}  # fmt: skip
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell]
    assert "Finance / Tax" in {row["department"] for row in rows}


@pytest.mark.both
def test_a_link_that_was_replaced_leads_nowhere_and_the_new_one_starts_afresh(stage, ada):
    [token] = stage.personal()
    ada.post(f"/r/{token}/t1", data={"T1a": "3"})
    [link] = own_links(stage)
    answer = ada.post(page_of(stage), data={"do": "replace", "invitation": str(link.invitation_id)})
    assert answer.status_code == 303
    [new] = own_links(stage)
    assert ada.get(f"/r/{token}").status_code == 404
    assert forms(ada.get(new.url + "/t1").text)[0].checked == {}
    assert stage.count("draft") == 0


@pytest.mark.both
def test_a_replaced_link_of_somebody_who_has_answered_takes_no_second_answers(stage, ada):
    [token] = stage.personal()
    Robot(ada).answer(f"/r/{token}")
    [link] = own_links(stage)
    ada.post(page_of(stage), data={"do": "replace", "invitation": str(link.invitation_id)})
    [new] = own_links(stage)
    assert "Your answers were sent." in ada.get(new.url, follow_redirects=True).text
    ada.post(new.url + "/send")
    assert stage.count("answer_sheet") == 1


@pytest.mark.both
def test_a_link_that_was_taken_back_says_so_and_can_be_made_again(stage, ada):
    token = stage.shared()
    [link] = own_links(stage)
    ada.post(page_of(stage), data={"do": "revoke", "invitation": str(link.invitation_id)})
    gone = ada.get(f"/s/{token}")
    assert gone.status_code == 410
    assert "was taken back" in gone.text
    assert "Taken back" in ada.get(page_of(stage)).text
    assert token not in ada.get(page_of(stage) + ".csv").text
    ada.post(page_of(stage), data={"do": "replace", "invitation": str(link.invitation_id)})
    [new] = own_links(stage)
    assert ada.get(new.url).status_code == 200


def test_the_page_is_the_same_whoever_has_answered(stage, ada):
    tokens = stage.personal(count=3)
    address = f"{page_of(stage)}?department={stage.cast.departments['Legal']}"

    def page() -> str:
        return re.sub(r'name="batch" value="\w+"', "", ada.get(address).text)

    before = page()
    Robot(ada).answer(f"/r/{tokens[0]}")
    ada.post(f"/r/{tokens[1]}/t1", data={"T1a": "3"})
    assert page() == before


def test_resume_links_are_shown_to_nobody(stage, ada):
    Robot(ada).answer(f"/s/{stage.shared()}", send=False)
    assert sorted(str(kind) for kind in stage.values("SELECT kind FROM invitation")) == ["resume", "shared"]
    assert [link.kind for link in own_links(stage)] == ["shared"]
    resume = next(id for id in stage.values("SELECT id FROM invitation WHERE kind = 'resume'"))
    for do in ("replace", "revoke"):
        assert ada.post(page_of(stage), data={"do": do, "invitation": str(resume)}).status_code == 404


def test_links_are_made_in_an_open_wave_only(stage, ada, clock):
    with stage.database.writing() as session:
        waves.start_closing(session, organisation_id=stage.cast.organisation, wave_id=stage.wave, now=clock())
    assert "lead nowhere" in ada.get(page_of(stage)).text
    answer = ada.post(page_of(stage), data={"do": "shared"})
    assert answer.status_code == 409
    assert stage.count("invitation") == 0


def test_an_action_that_is_none_is_refused(stage, ada):
    for data in ({}, {"do": "explode"}):
        answer = ada.post(page_of(stage), data=data)
        assert answer.status_code == 422
        assert "Use one of the buttons" in answer.text
    for invitation in ("", "x", str(stage.wave)):
        assert ada.post(page_of(stage), data={"do": "revoke", "invitation": invitation}).status_code == 404


def test_another_clients_consultant_sees_no_links(stage, client):
    token = stage.shared()
    sign_in(client, "Ben")
    for answer in (
        client.get(page_of(stage)),
        client.get(page_of(stage) + ".csv"),
        client.post(page_of(stage), data={"do": "shared"}),
    ):
        assert answer.status_code == 404
        assert token not in answer.text


@pytest.mark.both
def test_a_link_is_spent_once(stage):
    [token] = stage.personal()
    with stage.database.writing() as session:
        found = service.find(session, token)
        assert found is not None
        place = {"organisation_id": stage.cast.organisation, "invitation_id": found.id}
        spent = [service.spend(session, **place) for _ in range(2)]
    assert spent == [True, False]


def test_two_thousand_links_are_listed_with_one_statement(stage, statements):
    stage.personal("Operations", 2000)
    statements.clear()
    assert len(own_links(stage)) == 2000
    assert len([statement for statement in statements if "SELECT" in statement]) == 1


def test_an_empty_list_is_a_csv_with_headings():
    assert links_as_csv([], {}, {}) == "department,reference,kind,link,name,mail\r\n"
