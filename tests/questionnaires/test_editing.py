"""Changing a draft: what may change, what keeps its id, what a change needs of the version."""

import pytest

from app.errors import ConflictError, InvalidError
from app.questionnaires import changes, editing
from app.questionnaires.editing import Known
from surveys.canonical import canonical, hashed, restore
from surveys.load import load
from surveys.model import Instrument

ATR = load("atr", "1.0.0")
KNOWN = Known.of([ATR])


def ids(instrument: Instrument, module: str) -> tuple[str, ...]:
    return tuple(item.id for item in instrument.modules[module].items)


def test_an_added_question_gets_the_next_id_and_the_answers_of_its_module() -> None:
    made, item_id = editing.add(ATR, KNOWN, module="legal", text=" We know  our tools. ", relates_to="R3")
    assert item_id == "LEG7"
    assert ids(made, "legal") == (*ids(ATR, "legal"), "LEG7")
    assert made.item("LEG7").text == "We know our tools."
    assert made.answers_to(made.item("LEG7")) == ATR.answers_to(ATR.item("LEG1"))
    assert restore(canonical(made)) == hashed(made)


def test_an_id_that_was_ever_used_is_not_used_again() -> None:
    without = editing.remove(ATR, "LEG6")
    made, item_id = editing.add(without, KNOWN, module="legal", text="Something new.", relates_to="R3")
    assert item_id == "LEG7"
    assert ids(made, "legal")[-1] == "LEG7"


def test_departments_without_a_module_get_one_with_its_first_question() -> None:
    assert ATR.module_for("other") is None
    made, item_id = editing.add(ATR, KNOWN, module="other", text="We know.", relates_to="T1", name="Research")
    assert item_id == "OTH1"
    module = made.module_for("other")
    assert module is not None
    assert module.name == "Research"
    gone = editing.remove(made, "OTH1")
    assert gone.module_for("other") is None
    assert hashed(gone).sha256 == ATR.sha256


def test_a_reworded_question_gets_a_new_id_and_its_old_one_when_the_old_words_come_back() -> None:
    made, new_id = editing.reword(ATR, KNOWN, item_id="LEG2", text="A lawyer signs.", relates_to="R3")
    assert new_id == "LEG2@2"
    assert ids(made, "legal")[1] == "LEG2@2"
    known = Known.of([made, ATR])
    again, newest = editing.reword(made, known, item_id="LEG2@2", text="A lawyer always signs.", relates_to="R3")
    assert newest == "LEG2@3"
    back, old_id = editing.reword(again, known, item_id="LEG2@3", text=ATR.item("LEG2").text, relates_to="R3")
    assert old_id == "LEG2"
    assert hashed(back).sha256 == ATR.sha256


def test_a_question_that_was_never_published_keeps_its_id_however_often_it_is_reworded() -> None:
    made, item_id = editing.add(ATR, KNOWN, module="hr", text="First words.", relates_to="R3")
    other, new_id = editing.reword(made, KNOWN, item_id=item_id, text="Other words.", relates_to="R4")
    assert new_id == item_id == "HR7"
    assert other.item("HR7").relates_to == "R4"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Write the question as a statement"),
        ("x" * 201, "This has 201 characters"),
        ("We <b>know</b> it.", "markup"),
        ("We know {it}.", "nothing that can be put here"),
        ("We know\u202eit.", "U\\+202E"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence_at_its_field(text: str, told: str) -> None:
    with pytest.raises(InvalidError, match=told) as refused:
        editing.add(ATR, KNOWN, module="legal", text=text, relates_to="R3")
    assert set(refused.value.fields) == {"text"}


def test_a_question_informs_a_dimension_that_there_is() -> None:
    with pytest.raises(InvalidError) as refused:
        editing.add(ATR, KNOWN, module="legal", text="We know.", relates_to="W")
    assert set(refused.value.fields) == {"relates_to"}


def test_a_question_is_not_asked_twice_in_a_module() -> None:
    with pytest.raises(InvalidError, match="has this question already"):
        editing.add(ATR, KNOWN, module="legal", text=ATR.item("LEG1").text, relates_to="R3")
    with pytest.raises(InvalidError, match="has this question already"):
        editing.reword(ATR, KNOWN, item_id="LEG2", text=ATR.item("LEG1").text, relates_to="R3")


def test_the_core_is_not_reworded_and_not_moved() -> None:
    with pytest.raises(ConflictError, match="belongs to the core"):
        editing.reword(ATR, KNOWN, item_id="T1c", text="Other words.", relates_to="T1")
    with pytest.raises(ConflictError, match="belongs to the core"):
        editing.move(ATR, "T1c", "up")


@pytest.mark.parametrize("item_id", ["T1a", "W1", "E1", "ATT"])
def test_what_carries_the_trend_or_describes_the_person_is_not_left_out(item_id: str) -> None:
    item = ATR.attention.id if item_id == "ATT" else item_id
    with pytest.raises(ConflictError, match="belongs to the core"):
        editing.remove(ATR, item)


def test_a_question_of_the_core_is_left_out_and_put_back_where_it_was() -> None:
    without = editing.remove(ATR, "T1c")
    assert [item.id for item in without.dimension("T1").items] == ["T1a", "T1b", "T1d"]
    assert hashed(editing.put_back(without, [ATR], "T1c")).sha256 == ATR.sha256
    with pytest.raises(ConflictError, match="not in the draft any more"):
        editing.put_back(ATR, [ATR], "T9z")


def test_questions_move_and_stay_at_the_ends() -> None:
    assert ids(editing.move(ATR, "LEG2", "up"), "legal")[:2] == ("LEG2", "LEG1")
    assert ids(editing.move(ATR, "LEG1", "up"), "legal") == ids(ATR, "legal")
    assert ids(editing.move(ATR, "LEG6", "down"), "legal") == ids(ATR, "legal")


def test_the_version_follows_from_what_changes() -> None:
    reworded, _ = editing.reword(ATR, KNOWN, item_id="LEG2", text="A lawyer signs.", relates_to="R3")
    told = changes.changes(ATR, editing.remove(reworded, "T1c"))
    assert [(was.id, now.id) for was, now in told.reworded] == [("LEG2", "LEG2@2")]
    assert [item.id for item in told.left_out] == ["T1c"]
    assert (told.kind, changes.proposed("1.4.2", told.kind)) == ("minor", "1.5.0")
    moved = changes.changes(ATR, editing.move(ATR, "LEG2", "up"))
    assert (moved.kind, changes.proposed("1.4.2", moved.kind)) == ("patch", "1.4.3")
    assert changes.changes(ATR, ATR).kind == "nothing"
    assert changes.changes(ATR, ATR, translated=True).kind == "patch"
    assert changes.proposed(None, "minor") == "1.0.0"


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("2", "three numbers"),
        ("01.0.0", "three numbers"),
        ("1.0.0", "published already"),
        ("1.0.9", "at least 1.1.0"),
        ("1.1.0", None),
        ("3.0.0", None),
    ],
)
def test_a_version_is_higher_than_the_one_before_and_as_high_as_the_changes_need(
    version: str, told: str | None
) -> None:
    wrong = changes.wrong_version(version, newest="1.0.0", kind="minor")
    assert wrong is None if told is None else wrong is not None and told in wrong
