"""The catalogue of guardrails: what it holds, what its files may not say, and which apply to a case."""

import shutil
from pathlib import Path

import pytest

from app.playbooks.catalogue import catalogue, read_catalogue
from app.playbooks.guardrail import Applied, Case, applying, regimes
from app.playbooks.shelf import LIBRARY, library
from scoring.levels import Level
from surveys.reader import InstrumentError

NOBODY: frozenset[str] = frozenset()


def found(
    id: str,
    *functions: str,
    level: Level = Level.A3,
    flags: frozenset[str] | None = None,
    countries: frozenset[str] = NOBODY,
) -> Applied:
    case = Case(functions=frozenset(functions), countries=countries, level=level, flags=flags)
    return next(one for one in applying(catalogue(), case) if one.guardrail.id == id)


def test_there_are_thirty_guardrails_in_english_and_german():
    assert [one.id for one in catalogue().guardrails] == [f"G-{number:02}" for number in range(1, 31)]
    for one in catalogue().guardrails:
        assert all(said.words["de"] != said for said in (one.title, one.rule, one.shown))


def test_every_guardrail_that_an_action_names_is_there_and_every_one_is_served_by_an_action():
    known = {one.id for one in catalogue().guardrails}
    named = {id for action in library().actions for id in action.guardrails}
    assert named <= known
    assert known - named == {"G-22", "G-26"}


def test_what_was_not_looked_up_is_never_a_reference_that_counts():
    for one in catalogue().guardrails:
        for part in one.references:
            assert not (part.confirmed and catalogue().laws[part.law].basis == "not_checked"), one.id
    unsure = {part.part for one in catalogue().guardrails for part in one.references if not part.confirmed}
    assert {"Formal Opinion 512 (2024)", "L2312-8", "C-634/21 (SCHUFA), C-203/22", "Rule 37(e)"} <= unsure


@pytest.mark.parametrize(
    ("id", "functions", "level", "flags", "standing"),
    [
        ("G-01", ("it",), Level.A1, None, "now"),
        ("G-29", ("it",), Level.A3, None, "later"),
        ("G-29", ("it",), Level.A4, None, "now"),
        ("G-10", ("finance",), Level.A3, None, "now"),
        ("G-10", ("legal",), Level.A3, None, "where"),
        ("G-10", ("legal",), Level.A3, NOBODY, "not_here"),
        ("G-10", ("legal",), Level.A3, frozenset({"payment_release"}), "now"),
        ("G-15", ("finance",), Level.A1, frozenset({"personal_data"}), "later"),
        ("G-25", ("finance",), Level.A5, NOBODY, "not_here"),
        ("G-22", (), Level.A0, NOBODY, "now"),
    ],
)
def test_a_guardrail_applies_by_function_kind_of_workflow_and_level(id, functions, level, flags, standing):
    assert found(id, *functions, level=level, flags=flags).standing == standing


def test_the_grounds_are_those_of_the_client():
    one = found("G-09", "sales", "legal", flags=frozenset({"money", "credit"}))
    assert (one.functions, one.flags) == (("sales",), ("money",))


def test_references_are_those_of_the_countries():
    def laws(*countries: str) -> set[str]:
        return {part.law for part in found("G-18", "hr", countries=frozenset(countries)).references}

    assert laws() == {"NIST AI RMF", "ISO/IEC 42001"}
    assert "Works Constitution Act" in laws("DE")
    assert "Works Constitution Act" not in laws("FR")
    assert {"EU AI Act", "French Labour Code"} <= laws("FR")
    assert regimes(frozenset({"AT"})) == {"any", "eu"}
    assert regimes(frozenset({"US"})) == {"any", "us"}


def test_a_kind_of_workflow_of_which_nobody_has_said_is_looked_at():
    case = Case(
        functions=frozenset({"legal"}), countries=NOBODY, level=Level.A3, flags=NOBODY, unanswered=frozenset({"money"})
    )
    one = next(each for each in applying(catalogue(), case) if each.guardrail.id == "G-09")
    assert (one.standing, one.flags) == ("where", ("money",))


def test_the_same_case_gives_the_same_list():
    case = Case(functions=frozenset({"hr", "it", "legal"}), countries=frozenset({"DE", "US"}), level=Level.A4)
    assert applying(catalogue(), case) == applying(catalogue(), case)


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        ("guardrails/G-07.yaml", "from: A3", "from: A9", "guardrails/G-07.yaml, line 3: 'from': A9 is not known"),
        ("guardrails/G-07.yaml", "EU AI Act: Art", "Some Act: Art", "names no law of law.yaml"),
        ("guardrails/G-07.yaml", "controls: [C12, C07]", "controls: [C44]", "C44 is not known"),
        ("guardrails/G-25.yaml", "to_confirm:", "also:", "there is no field 'also' here"),
        ("guardrails/G-07.yaml", "EU AI Act: Art", "ABA: Art", "ABA was not looked up; name it under to_confirm"),
        ("law.yaml", 'until: "2026-07-26"', 'until: "2024-07-26"', "'until' is 2024-07-26, before the day 2025-02-02"),
        ("guardrails/G-07.yaml", "version: 1.0.0", "version: 1.0.1", "these are the words of another version"),
    ],
)
def test_what_is_wrong_with_a_guardrail_is_said(tmp_path, name, before, after, told):
    folder = Path(shutil.copytree(LIBRARY, tmp_path / "library"))
    text = (folder / name).read_text(encoding="utf-8")
    assert before in text
    (folder / name).write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(InstrumentError) as raised:
        read_catalogue(folder, library().states)
    assert told in str(raised.value)
