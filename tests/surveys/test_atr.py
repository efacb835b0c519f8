"""The questionnaire ATR 1.0.0 against its specification (MEASUREMENT.md 1.2 to 1.8)."""

import dataclasses

import pytest

from surveys.model import FUNCTIONS


def test_the_core_has_44_items_in_11_dimensions_and_22_anchors(atr):
    core = [dimension for dimension in atr.dimensions if dimension.block != "criterion"]
    assert [d.id for d in atr.dimensions] == ["T1", "T2", "T3", "T4", "T5", "R1", "R2", "R3", "R4", "R5", "R6", "W"]
    assert {len(d.items) for d in core} == {4}
    assert {sum(item.anchor for item in d.items) for d in core} == {2}
    assert len(atr.core("full")) == 44
    assert len(atr.core("pulse")) == 22


def test_willingness_is_a_criterion_and_in_no_core(atr):
    willingness = atr.dimension("W")
    assert (willingness.name, willingness.block) == ("Willingness to delegate", "criterion")
    assert [item.id for item in willingness.items] == ["W1", "W2", "W3"]
    assert not set(willingness.items) & set(atr.core("full"))


def test_dont_know_is_offered_for_facts_about_the_organisation_only(atr):
    """MEASUREMENT.md 1.7 and P13: not for own knowledge (R1, R3a, R3b), nor for opinions."""
    offering = {item.id for item in atr.core("full") if item.allow_dk}
    assert offering == {f"{d}{i}" for d in ("R2", "R3", "R4", "R5") for i in "abcd"} - {"R3a", "R3b"}


def test_no_experience_is_offered_on_competence_transparency_and_control(atr):
    assert {item.id[:2] for item in atr.items() if item.allow_nx} == {"T1", "T2", "T4"}
    assert all(item.allow_nx for d in ("T1", "T2", "T4") for item in atr.dimension(d).items)


def test_no_item_is_reverse_keyed(atr):
    assert not any(item.reverse for item in atr.items())


def test_scored_items_use_the_five_point_scale_and_the_others_are_not_scored(atr):
    assert {item.scale for item in atr.items() if item.scored} == {"true5"}
    assert {item.id for item in atr.items() if not item.scored} == {"E1", "E2", "ATT", "C1", "C2"}
    assert [point.label for point in atr.scales["true5"].points] == [
        "Not at all true", "Slightly true", "Partly true", "Mostly true", "Completely true",
    ]  # fmt: skip


def test_four_functions_have_a_module_of_six_items_and_the_others_the_core_alone(atr):
    assert tuple(atr.functions) == FUNCTIONS
    assert set(atr.modules) == {"legal", "hr", "finance", "operations"}
    for module in atr.modules.values():
        assert len(module.items) == 6
        assert all(item.allow_dk and not item.anchor for item in module.items)
        assert all(atr.dimension(item.relates_to).block != "criterion" for item in module.items)
    assert {f for f in FUNCTIONS if atr.module_for(f) is None} == {
        "it", "customer_service", "sales", "procurement", "other",
    }  # fmt: skip


def test_the_attention_item_asks_for_the_label_of_its_answer(atr):
    labels = {point.value: point.label for point in atr.scales[atr.attention.scale].points}
    assert f"'{labels[atr.attention_answer]}'" in atr.attention.text


def test_context_and_calibration_offer_the_answers_of_the_specification(atr):
    points = {item.id: len(atr.scales[item.scale].points) for item in (*atr.context, *atr.calibration)}
    assert points == {"E1": 4, "E2": 3, "C1": 6, "C2": 5}


def test_nothing_of_a_questionnaire_can_be_changed(atr):
    with pytest.raises(dataclasses.FrozenInstanceError):
        atr.item("T1a").text = "Agents are good."
    with pytest.raises(TypeError):
        atr.functions["it"] = "legal"


def test_an_unknown_id_is_named(atr):
    with pytest.raises(KeyError, match=r"atr 1\.0\.0 has no item T9z"):
        atr.item("T9z")
    with pytest.raises(KeyError, match=r"atr 1\.0\.0 has no dimension T9"):
        atr.dimension("T9")
    with pytest.raises(ValueError, match="'marketing' is not a function"):
        atr.module_for("marketing")
