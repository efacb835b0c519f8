import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.arrange import Layout, layout
from surveys.codes import AnswerError, allowed, decode, encode
from surveys.load import load
from surveys.model import FORMS, FUNCTIONS

ATR = load("atr", "1.0.0")
FINANCE = layout(ATR, form="full", function="finance")


@st.composite
def sheets(draw):
    chosen = layout(ATR, form=draw(st.sampled_from(FORMS)), function=draw(st.sampled_from(FUNCTIONS)))
    answers = {}
    for item_id in chosen.item_ids:
        offered = sorted(allowed(ATR, ATR.item(item_id)))
        word = draw(st.sampled_from([*offered, "skip", "not_asked", None]))
        if word is not None:
            answers[item_id] = word
    return chosen, answers


@given(sheets())
def test_a_sheet_reads_as_it_was_written_and_what_is_missing_was_skipped(sheet):
    chosen, answers = sheet
    codes = encode(chosen, answers)
    assert len(codes) == len(chosen.item_ids)
    assert codes.isascii()
    assert codes.decode().isprintable()
    assert decode(chosen, codes) == {item_id: answers.get(item_id, "skip") for item_id in chosen.item_ids}
    assert encode(chosen, decode(chosen, codes)) == codes


def test_the_codes_are_those_of_the_design():
    answers = {"E1": "4", "E2": "1", "T1a": "5", "T1b": "nx", "R2a": "dk", "R2b": "not_asked", "C1": "6"}
    codes = encode(FINANCE, answers)
    told = {item_id: codes[n : n + 1] for n, item_id in enumerate(FINANCE.item_ids)}
    assert [told[i] for i in ("E1", "E2", "T1a", "T1b", "R2a", "R2b", "C1")] == [
        b"4", b"1", b"5", b"X", b"K", b"-", b"6",
    ]  # fmt: skip
    assert codes.count(b"S") == len(FINANCE.item_ids) - len(answers)


@pytest.mark.parametrize(
    ("item_id", "word"),
    [("T1a", "6"), ("T1a", "0"), ("T1a", "dk"), ("R2a", "nx"), ("R3a", "dk"), ("E2", "4"), ("W1", ""), ("W1", "yes")],
)
def test_an_answer_that_the_item_does_not_offer_is_refused_by_the_items_name_and_not_repeated(item_id, word):
    with pytest.raises(AnswerError, match=rf"^item {item_id}: this is not one of its answers$"):
        encode(FINANCE, {item_id: word})


@pytest.mark.parametrize("item_id", ["T9z", "HR1"])
def test_an_item_that_is_not_asked_is_refused_by_name(item_id):
    with pytest.raises(AnswerError, match=f"item {item_id} is not asked here"):
        encode(FINANCE, {item_id: "1"})


def test_a_stored_layout_reads_and_writes_without_the_questionnaire():
    stored = Layout(FINANCE.item_ids, FINANCE.sha256)
    assert stored == FINANCE
    assert encode(stored, {"T1a": "3", "R2a": "dk"}) == encode(FINANCE, {"T1a": "3", "R2a": "dk"})
    with pytest.raises(AnswerError, match="^item T1a: this is not one of its answers$"):
        encode(stored, {"T1a": "often"})


def test_a_sheet_of_another_length_is_refused():
    with pytest.raises(AnswerError, match="has 3 codes, its layout has 58 items"):
        decode(FINANCE, b"123")


def test_a_byte_that_is_no_code_is_refused_with_its_item():
    codes = bytearray(encode(FINANCE, {}))
    codes[2] = ord("0")
    with pytest.raises(AnswerError, match="^item T1a: a byte is no code$"):
        decode(FINANCE, bytes(codes))


@pytest.mark.parametrize(
    ("item_id", "expected"),
    [("T1a", "1 2 3 4 5 nx"), ("T3a", "1 2 3 4 5"), ("R2a", "1 2 3 4 5 dk"), ("R3a", "1 2 3 4 5"),
     ("FIN1", "1 2 3 4 5 dk"), ("E1", "1 2 3 4"), ("E2", "1 2 3"), ("C1", "1 2 3 4 5 6"), ("C2", "1 2 3 4 5")],
)  # fmt: skip
def test_a_form_may_send_the_points_of_the_scale_and_what_the_item_offers_besides(item_id, expected):
    assert allowed(ATR, ATR.item(item_id)) == set(expected.split())
