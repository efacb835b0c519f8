import re
import shutil

import pytest

from surveys.load import (
    INSTRUMENTS,
    InstrumentError,
    Published,
    latest,
    load,
    load_file,
    load_published,
    published,
    read_published,
    translations,
)
from surveys.model import FUNCTIONS


def refusal(authored) -> tuple[str, ...]:
    with pytest.raises(InstrumentError) as caught:
        load_file(authored.folder)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


@pytest.mark.parametrize("entry", read_published(INSTRUMENTS), ids=Published.line)
def test_what_was_published_is_what_it_was(entry):
    if entry.language is None:
        assert load_file(INSTRUMENTS / entry.key / entry.version).sha256 == entry.sha256
    else:
        assert translations(entry.key, entry.version)[entry.language].sha256 == entry.sha256


def test_the_first_questionnaire_was_published_with_this_hash():
    """Written down here too, so that changing the files and the list of hashes together does not go unseen."""
    assert load("atr", "1.0.0").sha256 == "a3d71851c53d5c85654600d964a6074f71c5a55dc70fc63a3a855736574b60b8"


def test_nothing_is_published_twice():
    assert len(set(published())) == len(published())


def test_a_questionnaire_is_read_once():
    assert load("atr", "1.0.0") is load("atr", "1.0.0")
    assert load("ATR", "1.0.0") == load("atr", "1.0.0")


def test_the_latest_version_is_the_highest_number():
    assert latest("atr").version == max(
        (version for key, version in published() if key == "atr"), key=lambda v: [int(n) for n in v.split(".")]
    )


def test_a_questionnaire_that_was_never_published_is_refused_by_name():
    with pytest.raises(InstrumentError, match=r"no published questionnaire atr 9\.9\.9.*atr 1\.0\.0"):
        load("atr", "9.9.9")
    with pytest.raises(InstrumentError, match="no published questionnaire nps"):
        latest("nps")


def test_a_published_questionnaire_whose_files_changed_is_not_loaded(authored):
    entry = Published("atr", "1.0.0", load_file(authored.folder).sha256)
    assert load_published(authored.folder.parents[1], entry).version == "1.0.0"
    authored.replace("finance.yaml", "on a fixed schedule", "every week")
    with pytest.raises(InstrumentError, match=r"atr 1\.0\.0 have changed since it was published"):
        load_published(authored.folder.parents[1], entry)


def test_a_list_of_published_questionnaires_reads_as_it_was_written(tmp_path):
    entries = (Published("atr", "1.0.0", "0" * 64), Published("atr", "1.0.0", "1" * 64, "de"))
    (tmp_path / "PUBLISHED").write_text("".join(f"{entry.line()}\n" for entry in entries), encoding="utf-8")
    assert read_published(tmp_path) == entries


def test_a_broken_list_of_published_questionnaires_names_the_line(tmp_path):
    (tmp_path / "PUBLISHED").write_text(f"atr 1.0.0 {'0' * 64}\natr 1.1 abc\n", encoding="utf-8")
    with pytest.raises(InstrumentError, match="PUBLISHED, line 2"):
        read_published(tmp_path)


def test_layout_and_comments_of_the_files_do_not_change_the_hash(authored, atr):
    authored.replace("finance.yaml", "module: finance", "# about money\n\nmodule:    finance")
    assert load_file(authored.folder).sha256 == atr.sha256


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("core.yaml", "T1a, anchor: true", "T1a, reverse: true, anchor: true"),
        ("core.yaml", "Partly true", "Half true"),
        (
            "core.yaml",
            "answer: 2, text: \"To show that this page is being read, please choose 'Slightly",
            "answer: 3, text: \"To show that this page is being read, please choose 'Partly",
        ),
        ("core.yaml", "Before you start", "First"),
        ("finance.yaml", 'name: "Finance"', 'name: "Money"'),
        ("hr.yaml", "allow_dk: true", "allow_dk: false"),
        ("core.yaml", "operations: operations", "operations: legal"),
    ],
)
def test_every_change_of_content_changes_the_hash(authored, atr, file, old, new):
    authored.replace(file, old, new)
    if "operations: legal" in new:
        (authored.folder / "operations.yaml").unlink()
    assert load_file(authored.folder).sha256 != atr.sha256


def test_the_place_of_the_folder_does_not_change_the_hash(authored, tmp_path, atr):
    shutil.copytree(authored.folder, tmp_path / "elsewhere")
    assert load_file(tmp_path / "elsewhere").sha256 == atr.sha256


def test_text_that_is_not_yaml_names_file_and_line(authored):
    line = authored.replace("finance.yaml", 'text: "We reconcile', "text: [We reconcile")
    (problem,) = refusal(authored)
    assert re.match(rf"finance\.yaml, line ({line}|{line + 1}), near FIN5: this is not YAML: ", problem)


def test_an_empty_file_is_refused(authored):
    (authored.folder / "hr.yaml").write_text("# nothing\n", encoding="utf-8")
    assert refusal(authored) == ("hr.yaml: this file is empty",)


def test_a_folder_without_a_core_file_is_refused(tmp_path):
    with pytest.raises(InstrumentError, match=r"core\.yaml: this file is missing"):
        load_file(tmp_path)


def test_an_answer_outside_the_scale_names_file_line_and_item(authored):
    line = authored.replace("core.yaml", "answer: 2", "answer: 6")
    assert refusal(authored) == (f"core.yaml, line {line}, item ATT: 6 is outside 1..5",)


def test_an_id_used_twice_names_the_second(authored):
    line = authored.replace("finance.yaml", "id: FIN2", "id: FIN1")
    assert refusal(authored) == (f"finance.yaml, line {line}, item FIN1: there is another item with this id",)


def test_an_id_used_in_core_and_module_is_refused(authored):
    line = authored.replace("finance.yaml", "id: FIN2", "id: T1a")
    assert refusal(authored) == (f"finance.yaml, line {line}, item T1a: there is another item with this id",)


def test_a_scale_that_does_not_exist_is_refused_with_those_that_do(authored):
    line = authored.replace("core.yaml", "E2, scale: role", "E2, scale: rank")
    assert refusal(authored) == (
        f"core.yaml, line {line}, item E2: there is no scale 'rank'; known are true5, use, role, checking, errors",
    )


def test_a_function_that_is_left_out_is_named(authored):
    line = authored.replace("core.yaml", "  sales: core\n", "")
    (problem,) = refusal(authored)
    assert re.fullmatch(r"core\.yaml, line \d+: no line says what sales is asked; .*", problem)
    assert int(problem.split("line ")[1].split(":")[0]) < line


def test_a_function_that_nobody_knows_is_refused(authored):
    line = authored.replace("core.yaml", "  sales: core", "  selling: core")
    (problem,) = refusal(authored)
    assert problem.startswith(f"core.yaml, line {line}: there is no field 'selling' here; known are {FUNCTIONS[0]}, ")


def test_a_module_without_a_file_is_named(authored):
    line = authored.replace("core.yaml", "  it: core", "  it: it")
    assert refusal(authored) == (f"core.yaml, line {line}: the module 'it' needs a file it.yaml, which is not there",)


def test_a_module_cannot_lead_out_of_the_folder(authored):
    authored.replace("core.yaml", "  it: core", '  it: "../1.0.0/hr"')
    (problem,) = refusal(authored)
    assert "the module '../1.0.0/hr' needs a file" in problem


def test_a_module_that_no_function_uses_is_named(authored):
    authored.replace("core.yaml", "  legal: legal", "  legal: core")
    assert refusal(authored) == ("legal.yaml: no function in core.yaml uses this module",)


def test_one_module_may_serve_two_functions(authored):
    authored.replace("core.yaml", "  procurement: core", "  procurement: finance")
    instrument = load_file(authored.folder)
    assert instrument.module_for("procurement") is instrument.module_for("finance")


def test_a_module_item_relates_to_a_dimension(authored):
    line = authored.replace("finance.yaml", "FIN2, relates_to: T2", "FIN2, relates_to: T9")
    assert refusal(authored) == (f"finance.yaml, line {line}, item FIN2: there is no dimension 'T9'",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("T1c, text", "T1c, ancor: true, text", "item T1c: there is no field 'ancor' here"),
        ("T1c, text", "T1c, anchor: maybe, text", "item T1c: 'anchor' must be true or false, not text"),
        ("id: T1c,", "id: t1c,", "item t1c: 't1c' cannot be the id: it takes a capital letter"),
        ('value: 5, label: "Completely true"', 'value: 7, label: "Completely true"', "point 5 has the value 7"),
        ("version: 1.0.0", "version: 1.0.0\nlanguage: tlh", "'tlh' is not a language here; known are en, de"),
        ("\nfunctions:", "\nworkflow: [{id: F, text: How often}]\nfunctions:", "the field 'workflow' is missing"),
        ("\nfunctions:", "\nworkflow: []\nfunctions:", "'workflow' must be a list with at least one item"),
        ("  module:\n", "  workflow: {title: Work}\n  module:\n", "there is no field 'workflow' here"),
        ("answer: 2", "answer: 3", "item ATT: it has to ask for its answer by the label, in .* 'Partly true'"),
        ("Mostly true", "Partly true", "scale true5: two points have the label 'Partly true'"),
        ("T1c, text", "T1c, scale: use, text", "item T1c: items that are scored together need scales of one length"),
        ("version: 1.0.0", "version: 1.0.0\ncorrected: [items.T9z]", "there is no text 'items.T9z'"),
        ("version: 1.0.0", "version: 1.0.0\ncorrected: stem", "'corrected' must be a list of texts"),
        ("id: use", "id: use.1", "scale use.1: 'use.1' cannot be the id: it takes lower-case letters"),
        ("Your own field: {name}", "Your own field: {nam}", "{nam} is nothing that can be put here"),
        ("Your own field: {name}", "Your own field: {name", "a brace stands alone"),
        ("routine parts of our work", "{workflow}", "item T1a: {workflow} is nothing that can be put here"),
        ("version: 1.0.0", "version: 1.0", "'version' must be text, not a number; put it in quotes"),
        ('label: "2 or 3"', "label: 2", "'label' must be text, not a whole number; put it in quotes"),
        ("block: criterion", "block: outcome", "dimension W: there is no block 'outcome'"),
        ("T1a, anchor: true", "T1a, anchor: false", "dimension T1: a trend needs at least 2 anchor items, this .* 1"),
        ("T1b, anchor: true", "T1b, text: again, anchor: true", "the field 'text' is given twice"),
        ("  dk: \"Don't know\"\n", "", "the field 'dk' is missing"),
        ('short: "I can see why"', 'short: ""', "dimension T2: 'short' is empty"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(authored, old, new, message):
    authored.replace("core.yaml", old, new)
    (problem,) = refusal(authored)
    assert re.match(r"core\.yaml, line \d+", problem)
    assert re.search(message, problem)


def test_all_mistakes_are_told_at_once(authored):
    first = authored.replace("core.yaml", "T1c, text", "T1c, ancor: true, text")
    second = authored.replace("finance.yaml", "relates_to: T2", "relates_to: T9")
    authored.replace("core.yaml", "answer: 2", "answer: 0")
    problems = refusal(authored)
    assert len(problems) == 3
    assert any(f"core.yaml, line {first}, item T1c" in problem for problem in problems)
    assert any(f"finance.yaml, line {second}, item FIN2" in problem for problem in problems)


def test_dimensions_stay_in_the_order_of_their_blocks(authored):
    authored.replace("core.yaml", 'short: "Safe and fair for me"', 'short: "Safe and fair for me" # T5')
    text = (authored.folder / "core.yaml").read_text(encoding="utf-8")
    (authored.folder / "core.yaml").write_text(text.replace("block: trust", "block: readiness", 1), encoding="utf-8")
    (problem,) = refusal(authored)
    assert problem.endswith("dimensions are needed in each block, in the order trust, readiness, criterion")
