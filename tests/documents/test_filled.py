"""What documents take from the facts of a workflow and from the countries of a client."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from app.db import Database
from app.documents.known import case, known
from app.guardrails.models import WorkCountry
from app.workflows.facts import Facts
from tests.cast import Cast
from tests.conftest import Clock
from tests.documents.stage import KNOWN, a_workflow, address
from tests.documents.test_documents import plain

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def test_the_impact_assessment_says_which_guardrails_apply_and_which_only_if_the_work_is_of_a_kind(
    ada: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    with database.reading() as session:
        about = case(known(session, cast.organisation, now=clock()), cast.organisation)
    assert about.countries() == ("DE",)
    told = replace(KNOWN, data=("internal",), money_limit=0)
    work = a_workflow(database, cast, clock, told)
    open_work = a_workflow(database, cast, clock, Facts(), name="Nobody has said anything")

    def lines(id: UUID) -> dict[str, str]:
        page = ada.get(address(cast, id, "impact_assessment")).text
        found = [plain(one) for one in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)]
        return {one.split()[0]: one for one in found if one.startswith("G-")}

    known_lines, open_lines = lines(work), lines(open_work)
    assert set(known_lines) < set(open_lines)
    assert not any("personal data are used" in one for one in known_lines.values())
    assert any("only if so, which nobody has said yet: personal data are used" in one for one in open_lines.values())
    assert all(" applies " in one or "only if so" in one for one in (*known_lines.values(), *open_lines.values()))


def test_the_note_for_staff_names_the_countries_of_the_department(
    ada: "TestClient", database: Database, cast: Cast, clock: Clock
) -> None:
    at = address(cast, a_workflow(database, cast, clock), "worker_note")
    assert "Country Germany" in plain(ada.get(at).text)
    with database.writing() as session:
        place = str(cast.departments["Legal"])
        session.add(WorkCountry(organisation_id=cast.organisation, place=place, countries=["FR"], version=1))
    assert "Country France" in plain(ada.get(at).text)
