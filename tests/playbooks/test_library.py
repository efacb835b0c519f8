"""The library of actions: what ships with the service, and what its files may not hold."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from app.cli import cli
from app.playbooks import schema
from app.playbooks.action import BANDS, CONTROLS, DIMENSIONS, KNOWN_FUNCTIONS, NAMES
from app.playbooks.shelf import LIBRARY, library, read_library
from surveys.load import load
from surveys.reader import InstrumentError

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas" / "playbooks"
NEWEST = load("atr", "1.2.0")
ACTION = "R3-low-permitted-uses"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LIBRARY, tmp_path / "library"))


def changed(folder: Path, *pairs: tuple[str, str], name: str = f"actions/{ACTION}.yaml") -> list[str]:
    """What is wrong with a copy of the library after something in one of its files was written otherwise."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    for before, after in pairs:
        assert before in text, before
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")
    return wrong_in(folder)


def wrong_in(folder: Path) -> list[str]:
    """What is wrong with a library, a sentence each."""
    try:
        read_library(folder)
    except InstrumentError as error:
        return list(error.problems)
    return []


def line_of(folder: Path, words: str, *, name: str = f"actions/{ACTION}.yaml") -> int:
    lines = (folder / name).read_text(encoding="utf-8").split("\n")
    return next(number for number, line in enumerate(lines, start=1) if words in line)


def test_there_are_at_least_sixty_actions():
    assert len(library().actions) >= 60


@pytest.mark.parametrize("dimension", DIMENSIONS)
@pytest.mark.parametrize("band", BANDS)
def test_every_band_of_every_dimension_has_an_action_for_all_departments(dimension, band):
    found = [one for one in library().actions if one.dimension == dimension and one.bands != BANDS]
    assert [one for one in found if band in one.bands and not one.functions]


@pytest.mark.parametrize("control", CONTROLS)
def test_every_control_is_unlocked_by_an_action_for_all_departments(control):
    assert [one for one in library().actions if control in one.unlocks and not one.functions]


@pytest.mark.parametrize("function", [one for one in KNOWN_FUNCTIONS if one != "other"])
def test_every_function_has_actions_of_its_own(function):
    assert len([one for one in library().actions if function in one.functions]) >= 2


def test_an_action_of_a_function_stands_in_the_place_of_the_general_one():
    legal = {one.id for one in library().meant_for("legal")}
    finance = {one.id for one in library().meant_for("finance")}
    assert ("LEG-R3-privilege-rules" in legal, ACTION in legal) == (True, False)
    assert ("LEG-R3-privilege-rules" in finance, ACTION in finance) == (False, True)


def test_dimensions_and_questions_are_those_of_the_newest_questionnaire():
    scored = [one for one in NEWEST.dimensions if one.block != "criterion"]
    assert sorted(DIMENSIONS) == sorted(one.id for one in scored)
    assert {one.id: one.name for one in scored} == {id: str(name) for id, name in NAMES.items()}
    questions = {item.id: one.id for one in scored for item in one.items}
    for action in library().actions:
        assert {questions[one] for one in action.questions} <= set(action.moves), action.id


def test_every_text_has_german_words_of_its_own():
    for action in library().actions:
        for one in (action.title, action.why, action.risk, *action.steps, *action.evidence):
            assert one.words["de"] != one, one


def test_texts_differ_from_action_to_action():
    texts = Counter(text for one in library().actions for text in (one.title, one.why, one.risk, *one.steps))
    assert [text for text, times in texts.items() if times > 1] == []


def test_a_text_claims_no_effect_that_nobody_has_shown():
    said = [text for one in library().actions for text in (one.title, one.why, *one.steps, one.risk)]
    assert [one for one in said for word in ("proven", "guarantee", "studies show", "validated") if word in one] == []


def test_the_version_is_known_by_its_bytes(copy):
    before = read_library(copy).sha256
    assert before == library().sha256
    assert changed(copy, ("hours: 24", "hours: 25")) == []
    assert read_library(copy).sha256 != before


def test_an_unknown_dimension_is_told_with_its_line(copy):
    problems = changed(copy, ("dimension: R3", "dimension: R9"))
    assert problems[0].startswith(f"actions/{ACTION}.yaml, line 3: 'dimension': R9 is not known; known are T1, T2")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("unlocks: [C01]", "unlocks: [C99]", "'unlocks': C99 is not known; known are C01, C02"),
        ("hours: 24", "functions: [cooking]\nhours: 24", "'functions': cooking is not known; known are legal, hr"),
        ("bands: [low]", "bands: [purple]", "'bands': purple is not known"),
        ("owner: risk", "owner: pope", "'owner': pope is not known"),
        ("hours: 24", "hours: 0", "'hours' is 0; a number from 1 to 400 is needed"),
        ("weeks: 2\n", "", "the field 'weeks' is missing"),
        ("weeks: 2", "weks: 2", "there is no field 'weks' here"),
        ("version: 1.0.0", "version: first", "'first' is not written like 1.0.0"),
        ("GOVERN 1.2", "GOVERN about", "is no source that was looked up"),
        ("NIST AI RMF, GOVERN 1.2", "A study of 2,000 firms", "is no source that was looked up"),
        ('title: "', 'title: "' + "x" * 120, "is the most"),
        ('"2027-06-30"', '"2027-02-30"', "'review_by': 2027-02-30 is no day; write it like 2027-06-30"),
        ('"2027-06-30"', "30.06.2027", "'review_by': 30.06.2027 is no day"),
        ("moves: [R3]", "moves: []", "'moves' names nothing; name at least one"),
        ("moves: [R3]", "moves: [R3]\nneeds: [R3-low-nothing]", "there is no action R3-low-nothing; correct the id"),
    ],
)
def test_what_is_wrong_with_an_action_is_said(copy, before, after, told):
    problems = changed(copy, (before, after))
    assert told in problems[0]
    assert problems[0].startswith(f"actions/{ACTION}.yaml, line ")


def test_a_day_counts_with_quotes_and_without(copy):
    assert not changed(copy, ('review_by: "2027-06-30"', "review_by: 2027-06-30"))


def test_a_circle_of_needs_is_told_with_the_way_round(copy):
    name = "actions/R3-emerging-intake.yaml"
    assert f"needs: [{ACTION}]" in (copy / name).read_text(encoding="utf-8")
    problems = changed(copy, ("moves: [R3]", "moves: [R3]\nneeds: [R3-emerging-intake]"))
    assert len(problems) == 2
    assert any(f"{ACTION} → R3-emerging-intake → {ACTION}; remove one of the needs" in one for one in problems)


def test_too_few_steps_are_told(copy):
    name = f"actions/{ACTION}.yaml"
    lines = (copy / name).read_text(encoding="utf-8").split("\n")
    steps = lines.index("steps:")
    (copy / name).write_text("\n".join(lines[: steps + 3] + lines[steps + 7 :]), encoding="utf-8")
    assert any("'steps' has 2 entries; 3 to 7 are needed" in one for one in wrong_in(copy))


def test_a_file_is_named_after_its_action(copy):
    (copy / "actions" / f"{ACTION}.yaml").rename(copy / "actions" / "R3-other.yaml")
    assert any(f"the file has to be named {ACTION}.yaml" in one for one in wrong_in(copy))


def test_words_of_another_version_are_refused(copy):
    problems = changed(copy, ("version: 1.0.0", "version: 1.1.0"))
    assert problems == [f"de/{ACTION}.yaml, line 2: these are the words of another version; the action has 1.1.0"]


def test_words_with_a_step_too_few_are_refused(copy):
    name = f"translations/de/{ACTION}.yaml"
    step = next(line for line in (copy / name).read_text(encoding="utf-8").split("\n") if line.startswith("  - "))
    problems = changed(copy, (f"{step}\n", ""), name=name)
    assert "steps and evidence need as many entries as in English" in problems[0]


def test_words_of_an_action_that_is_gone_are_told(copy):
    (copy / "actions" / "T1-strong-share-practice.yaml").unlink()
    told = "there is no action T1-strong-share-practice to translate; remove this file"
    assert [told in one for one in wrong_in(copy)] == [True]


def test_an_action_without_words_is_shown_in_english(copy):
    (copy / "translations" / "de" / f"{ACTION}.yaml").unlink()
    assert dict(read_library(copy).by_id[ACTION].title.words) == {}


def test_everything_that_is_wrong_is_said_at_once(copy):
    changed(copy, ("hours: 24", "hours: 0"))
    assert len(changed(copy, ("weeks: ", "weeks: 9"), name="actions/T1-low-side-by-side.yaml")) == 2


def test_the_command_tells_what_is_in_the_library_and_what_is_wrong(copy):
    runner = CliRunner()
    fine = runner.invoke(cli, ["playbook", "check"])
    assert (fine.exit_code, f"{len(library().actions)} actions" in fine.stdout) == (0, True)
    changed(copy, ("hours: 24", "hours: 0"))
    wrong = runner.invoke(cli, ["playbook", "check", str(copy)])
    assert (wrong.exit_code, "'hours' is 0" in wrong.stderr) == (1, True)


@pytest.mark.parametrize("name", sorted(schema.files()))
def test_the_published_schemas_are_those_of_the_program(name):
    """When this fails: ./run playbook schema --to docs/schemas/playbooks"""
    assert (SCHEMAS / name).read_text(encoding="utf-8") == schema.files()[name]
    Draft202012Validator.check_schema(json.loads(schema.files()[name]))


def test_every_shipped_file_satisfies_its_schema():
    found = {name.partition(".")[0]: Draft202012Validator(json.loads(text)) for name, text in schema.files().items()}
    for path in LIBRARY.rglob("*.yaml"):
        if path.stem not in {"library", "law"}:
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
            assert [one.message for one in found[kind_of(path)].iter_errors(data)] == [], path.name


def kind_of(path: Path) -> str:
    kind = "guardrail" if path.parent.name == "guardrails" else "action"
    return "language" if path.stem == "language" else f"{kind}-words" if "translations" in path.parts else kind
