"""A long list that is wrong holds up nobody: it is read and looked at before anybody waits to write."""

import difflib
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from app.db import Database
from app.worklists import planning, service
from tests.cast import Cast, sign_in
from tests.worklists.test_lists import path, stored, take

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_a_list_is_looked_at_while_others_can_write_and_locks_only_to_be_taken(
    client: "TestClient", database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked: list[bool] = []
    state = client.app.state  # type: ignore[attr-defined]  # typed as any ASGI application; ours has a state

    def plan(*given: Any, **named: Any) -> planning.Plan:  # Any: whatever the true one takes
        locked.append(state.write_lock.statistics().locked)
        return planning.plan(*given, **named)

    monkeypatch.setattr(service, "plan", plan)
    sign_in(client, "Ada")
    for name, status in (("Taxx", 422), ("Tax", 200)):
        wrong = client.post(path(cast), data={"list": f"department,workflow\n{name},Check a return\n"})
        assert wrong.status_code == status
    unseen = {"list": "department,workflow\nTax,Check a return\n", "do": "take", "seen": "x"}
    assert client.post(path(cast), data=unseen).status_code == 409
    assert locked == [False, False, False]
    assert take(client, cast, unseen["list"]) == 303
    assert locked[3:] == [False, False, True]
    assert len(stored(database, cast)) == 1


def test_of_many_unknown_departments_a_like_name_is_looked_up_for_the_first_few_and_once_for_each(
    client: "TestClient", cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    true = difflib.get_close_matches

    def near(word: str, *given: Any, **named: Any) -> list[str]:  # Any: whatever the true one takes
        asked.append(word)
        return true(word, *given, **named)

    monkeypatch.setattr(difflib, "get_close_matches", near)
    sign_in(client, "Ada")
    names = ["Taxx", *(f"Nowhere {number}" for number in range(50)), "Legall"]
    lines = "".join(f"{name},W{number},\n" for number in range(3) for name in names)
    page = unescape(client.post(path(cast), data={"list": "department,workflow,times\n" + lines}).text)
    assert "“Taxx”. Did you mean “Tax”?" in page
    assert "“Legall”. Add it first, or correct its name." in page
    assert len(asked) == len(set(asked)) == planning.MOST_SUGGESTED
