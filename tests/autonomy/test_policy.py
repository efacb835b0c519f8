"""Thresholds: one whose gates fall is refused, what a change does is shown first, and versions keep their reason."""

import html
import re

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.autonomy import thresholds
from app.autonomy.gathering import current_policy
from app.db import Database
from app.errors import InvalidError
from scoring.gating import GATES
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.world import World

pytestmark = pytest.mark.lived_in


def typed(page: str) -> dict[str, str]:
    fields = dict(re.findall(r'<input id="([\w-]+)" name="[\w-]+"(?: type="\w+")? value="(\d*)"', page))
    after = re.search(r'name="after" value="(\d+)"', page)
    assert after is not None
    return {**fields, "after": after[1]}


def test_the_form_of_a_policy_gives_the_same_policy_again() -> None:
    again = thresholds.parse(thresholds.typed_of(GATES), GATES, version=GATES.version, names={})
    assert again == GATES


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("A4-T2", "49", "Transparency: Act on approval asks for 50 and Act by exception for 49"),
        ("A4-T2", "", "Transparency: Act on approval asks for 50 and Act by exception for nothing"),
        ("A2-T2", "101", "Co-work, Transparency: “101” is no whole number"),
        ("C12", "3", "“3” is no whole number from 30"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused_with_the_gate_named(field: str, value: str, sentence: str) -> None:
    wrong = {**thresholds.typed_of(GATES), field: value}
    with pytest.raises(InvalidError, match=sentence):
        thresholds.parse(wrong, GATES, version="x", names={"T2": "Transparency"})


@pytest.mark.both
def test_a_change_is_shown_before_it_is_adopted_and_then_counts_with_its_reason(
    client: TestClient, database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    sign_in(client, "Ada")
    path = f"/organisations/{cast.organisation}/autonomy/policy"
    fields = typed(client.get(path).text)
    assert len(fields) > 30
    looked = client.post(path, data={**fields, "A5-T1": "80", "do": "look", "reason": ""})
    assert "What this change would do today" in looked.text
    assert "As they are: Legal (Human only)" in looked.text, "the others are named, too"
    with database.reading() as session:
        assert current_policy(session, cast.organisation) == GATES
    assert client.post(path, data={**fields, "A5-T1": "80", "do": "adopt", "reason": ""}).status_code == 422
    wanted = {**fields, "A5-T1": "80", "do": "adopt", "reason": "Trust in the work has to be plain"}
    assert client.post(path, data=wanted).status_code == 303
    assert client.post(path, data=wanted).status_code == 409
    with database.reading() as session:
        policy = current_policy(session, cast.organisation)
        assert session.connection().scalar(text("SELECT count(*) FROM autonomy_policy")) == 1
    assert policy.version == "client gates 1"
    assert policy.rungs[4].minimum("T1") == 80
    page = html.unescape(client.get(path).text)
    assert "Trust in the work has to be plain" in page
    assert "client gates 1" in client.get(f"/organisations/{cast.organisation}/autonomy").text
