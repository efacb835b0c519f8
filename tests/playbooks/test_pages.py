"""The pages of the library, through HTTP."""

import re

from starlette.testclient import TestClient

from app.playbooks.shelf import library
from tests.cast import Cast, sign_in


def address(cast: Cast, rest: str = "") -> str:
    return f"/organisations/{cast.organisation}/playbooks{rest}"


def links(page: str) -> list[str]:
    return re.findall(r'href="[^"]+/playbooks/([A-Z][^"?]+)"', page)


def test_a_consultant_finds_every_action(client: TestClient, cast: Cast) -> None:
    sign_in(client, "Ada")
    assert sorted(links(client.get(address(cast)).text)) == sorted(library().by_id)
    assert address(cast) in client.get(f"/organisations/{cast.organisation}").text


def test_the_library_is_filtered_by_dimension_score_and_department(client: TestClient, cast: Cast) -> None:
    sign_in(client, "Ada")
    found = links(client.get(address(cast, "?dimension=R3&band=low&function=legal")).text)
    assert "LEG-R3-privilege-rules" in found
    assert "R3-low-permitted-uses" not in found
    assert {library().by_id[one].dimension for one in found} == {"R3"}


def test_what_no_action_is_meant_for_is_said(client: TestClient, cast: Cast) -> None:
    sign_in(client, "Ada")
    page = client.get(address(cast, "?dimension=nothing&band=purple"))
    assert sorted(links(page.text)) == sorted(library().by_id)


def test_an_action_is_shown_whole(client: TestClient, cast: Cast) -> None:
    sign_in(client, "Ada")
    action = library().by_id["T1-developing-sampled-checks"]
    page = client.get(address(cast, f"/{action.id}")).text
    for one in (action.title, action.why, action.risk, *action.steps, *action.evidence):
        assert one in page
    assert "C11, asked for from A4 (Act by exception) on" in page
    assert links(page) == ["T1-emerging-acceptance-checklist"]


def test_an_action_is_shown_in_german_and_says_that_nobody_has_read_the_words(client: TestClient, cast: Cast) -> None:
    sign_in(client, "Ada")
    german = client.get(address(cast, "/R3-low-permitted-uses"), headers={"Accept-Language": "de"}).text
    english = client.get(address(cast, "/R3-low-permitted-uses")).text
    assert "Auf einer Seite sagen, was erlaubt" in german
    assert ("maschinell" in german, "by machine" in english) == (True, False)


def test_an_action_that_is_not_there_is_not_found(client: TestClient, cast: Cast) -> None:
    sign_in(client, "Ada")
    assert client.get(address(cast, "/R3-low-nothing")).status_code == 404
