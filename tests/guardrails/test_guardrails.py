"""Guardrails of a client: where each counts, how it stands, where people work, and what counsel said."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import TYPE_CHECKING

import pytest

from app.autonomy.decision import ControlFact, Place
from app.db import Database
from app.guardrails import queries
from app.guardrails.facts import STATUSES, Overall, Spot, kinds_of, overall
from app.guardrails.places import PLACES, Given, countries
from app.playbooks.catalogue import catalogue
from app.playbooks.guardrail import FLAGS
from app.workflows.facts import Facts
from scoring.controls import Status
from scoring.levels import Level
from tests.autonomy.stage import attest, issue, wanted
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.share.stage import give, share
from tests.world import World

if TYPE_CHECKING:
    from starlette.testclient import TestClient

LEGAL = tuple(flag for flag in FLAGS if flag not in ("personal_data", "supplier", "public_service", "credit"))


def control(id: str, status: Status = "in_force", until: date | None = date(2027, 1, 31)) -> ControlFact:
    return ControlFact(control=id, status=status, until=until, through="organisation", attestation="a")


def spot(**said: object) -> Spot:
    usual: dict[str, object] = {
        "id": "d1",
        "name": "Plant",
        "depth": 0,
        "function": "operations",
        "countries": ("DE",),
        "level": Level.A3,
        "flags": frozenset(),
        "unanswered": frozenset(),
        "controls": {},
    }
    return Spot(**{**usual, **said})  # type: ignore[arg-type]  # fields by name


def found(id: str, *spots: Spot) -> Overall:
    return next(one for one in overall(catalogue(), spots) if one.guardrail.id == id)


def page(cast: Cast, *steps: str) -> str:
    return "/".join((f"/organisations/{cast.organisation}/guardrails", *steps))


def row(text: str, id: str) -> str:
    """What the list says of a guardrail."""
    told = re.search(rf'<tr id="{id}">(.*?)</tr>', text, re.DOTALL)
    assert told is not None, id
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", told[1])).split())


@pytest.mark.parametrize(
    ("controls", "status"),
    [
        ((), "missing"),
        ((control("C07"), control("C12")), "in_force"),
        ((control("C07"), control("C12", "missing", None)), "partly"),
        ((control("C07"), control("C12", "lapsed")), "lapsed"),
        ((control("C07", "incomplete", None), control("C12", "missing", None)), "missing"),
        ((control("C07"),), "partly"),
    ],
)
def test_a_guardrail_stands_as_its_controls_do(controls: tuple[ControlFact, ...], status: str) -> None:
    one = found("G-07", spot(controls={fact.control: fact for fact in controls}))
    assert one.status == status


def test_what_was_not_looked_up_is_to_be_confirmed_whatever_is_attested() -> None:
    everything = {f"C{number:02}": control(f"C{number:02}") for number in range(1, 17)}
    for one in overall(catalogue(), (spot(countries=("DE", "FR", "US"), controls=everything, level=Level.A5),)):
        unsure = any(not part.confirmed for part in one.references)
        assert one.unsure == (unsure and bool(one.counting)), one.guardrail.id
        assert not (one.unsure and one.status in {"in_force", "open"}), one.guardrail.id
    french = found("G-18", spot(function="hr", countries=("FR",), controls=everything))
    assert (french.status, french.unsure) == ("confirm", True)


def test_a_control_that_is_missing_is_told_beside_what_counsel_has_to_confirm(client: "TestClient", cast: Cast) -> None:
    french = found("G-18", spot(function="hr", countries=("FR",)))
    assert (french.status, french.unsure, french.is_at("missing"), french.is_at("confirm")) == ("missing", *[True] * 3)
    lapsed = spot(function="hr", countries=("FR",), controls={"C09": control("C09", "lapsed")})
    assert found("G-18", lapsed, spot(function="hr", countries=("DE",), controls={"C09": control("C09")})).unsure
    sign_in(client, "Ada")
    client.post(page(cast, "countries"), data={"seen": "{}", "in-DE": "yes", "in-FR": "yes"})
    for key in ("missing", "confirm"):
        text = client.get(f"{page(cast)}?level=A1&state={key}").text
        assert "Missing To be confirmed by counsel" in row(text, "G-18")


def test_of_several_departments_the_worst_counts_and_those_below_the_level_do_not() -> None:
    held = {"C07": control("C07"), "C12": control("C12", until=date(2026, 12, 1))}
    one = found("G-07", spot(controls=held), spot(id="d2"), spot(id="d3", level=Level.A2))
    assert (one.status, len(one.counting), one.until) == ("missing", 2, date(2026, 12, 1))
    assert found("G-07", spot(level=Level.A1)).standing == "later"
    assert found("G-07", spot(level=Level.A1)).status is None


def test_kinds_of_workflows_are_there_not_there_or_not_told() -> None:
    assert kinds_of(()) == (frozenset(), frozenset(FLAGS))
    told = Facts(
        data=("internal",),
        affects_persons=False,
        external_effect=True,
        money_limit=0,
        legal=dict.fromkeys(LEGAL, False),
    )
    yes, open_ones = kinds_of((told,))
    assert yes == {"external_effect"}
    assert open_ones == {"supplier", "public_service", "credit"}
    yes, open_ones = kinds_of((told, replace(told, data=(), legal={"payment_release": True})))
    assert yes == {"external_effect", "payment_release"}
    assert {"personal_data", "safety_relevant"} <= open_ones


def place(id: str, parent: str | None = None, *sources: str) -> Place:
    return Place(id=id, name=id, parent=parent, depth=0, function="it", origin="merge" if sources else None,
                 sources=sources)  # fmt: skip


def test_a_department_works_where_it_those_before_it_or_those_above_it_do() -> None:
    there = {one.id: one for one in (place("top"), place("low", "top"), place("new", "top", "old", "other"))}
    given = {"": ("DE",), "top": ("FR",), "old": ("US",), "other": ("XX",)}

    def of(id: str, told: Given) -> tuple[str, ...]:
        return countries(id, told, there, usual="EU")

    assert of("low", {}) == ("EU",)
    assert of("low", {"": ("DE",)}) == ("DE",)
    assert of("low", given) == ("FR",)
    assert of("new", given) == ("US", "XX")
    assert of("new", {**given, "new": ("DE",)}) == ("DE",)


def test_the_page_says_what_counts_why_when_it_was_checked_and_that_it_is_no_advice(
    client: "TestClient", cast: Cast
) -> None:
    sign_in(client, "Ada")
    text = client.get(page(cast)).text
    assert page(cast) in client.get(f"/organisations/{cast.organisation}").text
    assert "not legal advice" in text
    assert all(f'id="{one.id}"' in text for one in catalogue().guardrails)
    assert "22 November 2026" in text
    assert "At work in Germany." in text
    assert "Works Constitution Act" in text
    assert "Colorado" not in text
    assert row(text, "G-01").endswith("from A1 · all departments 10 of 10 departments Missing")


def test_a_control_that_is_attested_shows_with_its_end_and_who_answers_for_it(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    today = clock().date()
    attest(database, cast, wanted("C02", None, today), clock())
    attest(database, cast, wanted("C01", cast.departments["Legal"], today), clock())
    whole = client.get(page(cast)).text
    assert "In force until" in row(whole, "G-01")
    assert "Missing Missing: 9 · In force: 1" in row(whole, "G-02")
    legal = client.get(f"{page(cast)}?department={cast.departments['Legal']}").text
    assert "Which guardrails apply in Legal" in legal
    assert "In force C01 in force until" in row(legal, "G-02")
    assert "Head of IT answers for it." in row(legal, "G-02")
    clock.advance(days=400)
    sign_in(client, "Ada")
    assert "Ended" in row(client.get(page(cast)).text, "G-01")


def test_the_list_is_filtered_by_level_and_by_how_guardrails_stand(client: "TestClient", cast: Cast) -> None:
    sign_in(client, "Ada")
    high, low = client.get(f"{page(cast)}?level=A4").text, client.get(f"{page(cast)}?level=A9").text
    assert ('id="later"' in high, 'id="later"' in low) == (False, True)
    missing = client.get(f"{page(cast)}?state=missing").text
    assert 'id="G-01"' in missing
    assert 'id="G-29"' not in missing
    assert "No guardrail stands like that here." in client.get(f"{page(cast)}?state=in_force").text


def test_countries_are_those_of_the_client_and_of_departments_where_it_is_otherwise(
    client: "TestClient", database: Database, cast: Cast
) -> None:
    sign_in(client, "Ada")
    form = client.get(page(cast, "countries")).text
    assert re.search(r'name="in-DE" value="yes" checked', form)
    hr = cast.departments["HR"]
    sent = {"seen": "{}", "in-DE": "yes", f"in-{hr}-US": "yes"}
    answer = client.post(page(cast, "countries"), data=sent)
    assert answer.status_code == 303
    assert "Colorado" in client.get(page(cast)).text
    assert "Colorado" not in client.get(f"{page(cast)}?department={cast.departments['Legal']}").text
    with database.reading() as session:
        assert queries.countries(session, cast.organisation) == {"": ("DE",), str(hr): ("US",)}
    late = client.post(page(cast, "countries"), data={"seen": "{}", "in-FR": "yes"})
    assert late.status_code == 409
    assert "Somebody saved this in the meantime" in late.text
    assert re.search(r'name="in-FR" value="yes" checked', late.text)
    deep = client.post(page(cast, "countries"), data={"seen": "[" * 100_000, "in-FR": "yes"})
    assert deep.status_code == 409
    nowhere = client.post(page(cast, "countries"), data={"seen": "{}"})
    assert (nowhere.status_code, "Tick at least one country" in nowhere.text) == (422, True)


def test_the_countries_of_more_departments_than_other_forms_have_fields_are_all_read(
    client: "TestClient", database: Database, cast: Cast
) -> None:
    sign_in(client, "Ada")
    boxes = {f"in-{number}-{key}": "yes" for number in range(500) for key in PLACES}
    hr = cast.departments["HR"]
    answer = client.post(page(cast, "countries"), data={"seen": "{}", "in-DE": "yes", **boxes, f"in-{hr}-US": "yes"})
    assert answer.status_code == 303, answer.text
    with database.reading() as session:
        assert queries.countries(session, cast.organisation) == {"": ("DE",), str(hr): ("US",)}


def test_what_counsel_said_is_kept_in_versions_and_never_becomes_a_status(
    client: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    sign_in(client, "Ada")
    address = page(cast, "G-18")
    said = {
        "kind": "confirmed",
        "counsel": "Counsel of the house",
        "on": clock().date().isoformat(),
        "text": "As of now.",
        "seen": "0",
    }
    wrong = client.post(address, data={**said, "counsel": "", "on": "2099-01-01"})
    assert wrong.status_code == 422
    assert "Name who said it" in wrong.text
    assert "lies ahead" in wrong.text
    assert "As of now." in wrong.text
    assert client.post(address, data=said).status_code == 303
    late = client.post(address, data={**said, "kind": "withdrawn", "text": "Not any more."})
    assert late.status_code == 409
    assert "Not any more." in late.text
    assert client.post(address, data={**said, "kind": "withdrawn", "seen": "1"}).status_code == 303
    with database.reading() as session:
        notes = queries.notes(session, cast.organisation)["G-18"]
    assert [(one.number, one.kind, one.made_by) for one in notes] == [(2, "withdrawn", "Ada"), (1, "confirmed", "Ada")]
    whole = client.get(f"{page(cast)}?level=A1").text
    assert "To be confirmed by counsel" in row(whole, "G-18")
    assert "No longer confirmed: Counsel of the house" in row(whole, "G-18")
    log = client.get(f"/organisations/{cast.organisation}/log").text
    assert "Wrote down what counsel said of a guardrail" in log


@pytest.mark.lived_in
def test_levels_are_those_of_the_newest_record_and_a_lead_is_told_of_shared_waves_alone(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    issue(database, cast, clock)
    give(database, cast, clock, "lead", "Finance")
    sign_in(client, "Ada")
    assert "Levels follow decision record 1" in client.get(page(cast)).text
    sign_in(client, "Cleo")
    own = client.get(page(cast)).text
    assert "Which guardrails apply in Finance" in own
    assert "decision record" not in own
    assert "Operations" not in own
    assert "Change the countries" not in own
    detail = client.get(page(cast, "G-10")).text
    assert "Operations" not in detail
    assert "Keep it as a new version" not in detail
    assert client.get(page(cast, "countries")).status_code == 404
    assert client.post(page(cast, "G-10"), data={}).status_code == 404
    share(database, cast, lived_in, clock)
    assert "Levels follow decision record 1" in client.get(page(cast)).text


def test_a_guardrail_that_is_not_there_is_not_found(client: "TestClient", cast: Cast) -> None:
    sign_in(client, "Ada")
    assert client.get(page(cast, "G-99")).status_code == 404
    assert set(STATUSES) == {"confirm", "missing", "lapsed", "partly", "open", "in_force"}
