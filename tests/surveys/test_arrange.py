import math
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import arrange
from surveys.arrange import core_pages, layout, minutes, pages, presented_core
from surveys.codes import decode, encode
from surveys.load import load, load_file
from surveys.model import FORMS, FUNCTIONS, Workflow
from tests.surveys.authored import with_workflow

ATR = load("atr", "1.0.0")
SEED = st.binary(max_size=32)
DIMENSIONS = [*(f"T{n}" for n in range(1, 6)), *(f"R{n}" for n in range(1, 7))]
ASKED = {"form": st.sampled_from(FORMS), "function": st.sampled_from(FUNCTIONS)}


@given(**ASKED, seed=SEED)
def test_every_item_of_the_layout_is_on_exactly_one_page(form, function, seed):
    shown = Counter(item.id for page in pages(ATR, form=form, function=function, seed=seed) for item in page.items)
    assert shown == Counter(layout(ATR, form=form, function=function).item_ids)
    assert set(shown.values()) == {1}


@given(**ASKED, seed=SEED)
def test_the_same_seed_gives_the_same_pages(form, function, seed):
    first = pages(ATR, form=form, function=function, seed=seed)
    arrange._pages.cache_clear()
    assert pages(ATR, form=form, function=function, seed=seed) == first


@given(**ASKED, one=SEED, other=SEED)
def test_only_the_order_inside_dimensions_depends_on_the_seed(form, function, one, other):
    def order(seed):
        made = pages(ATR, form=form, function=function, seed=seed)
        where = {item.id: dimension.id for dimension in ATR.dimensions for item in dimension.items}
        where[ATR.attention.id] = "R1"
        return [(page.key, page.title, [where.get(item.id, item.id) for item in page.items]) for page in made]

    assert order(one) == order(other)


@given(**ASKED, seed=SEED)
def test_page_keys_are_distinct_and_fit_into_an_address(form, function, seed):
    keys = [page.key for page in pages(ATR, form=form, function=function, seed=seed)]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)?", key) for key in keys)


@given(seed=SEED, function=st.sampled_from(FUNCTIONS))
def test_the_attention_item_stands_where_core_item_24_was_and_is_not_last_on_its_page(seed, function):
    made = pages(ATR, form="full", function=function, seed=seed)
    order = [item.id for page in made for item in page.items]
    core = set(presented_core(ATR, made))
    assert sum(item in core for item in order[: order.index("ATT")]) == 23
    (page,) = [page for page in made if ATR.attention in page.items]
    assert page.key == "r1"
    assert page.items[-1] != ATR.attention


def test_every_order_of_a_dimension_is_about_equally_likely():
    orders = Counter(
        tuple(item.id for item in pages(ATR, form="full", function="it", seed=n.to_bytes(4, "big"))[1].items)
        for n in range(2400)
    )
    assert len(orders) == math.factorial(4)
    assert all(60 <= count <= 140 for count in orders.values())


def test_the_order_for_a_seed_never_changes():
    """A person who resumes after an upgrade of the service finds the items where they were."""
    assert [item.id for item in pages(ATR, form="full", function="it", seed=b"plumb")[1].items] == [
        "T1b",
        "T1c",
        "T1d",
        "T1a",
    ]


def test_the_full_form_has_one_page_a_dimension():
    made = pages(ATR, form="full", function="finance", seed=b"")
    dimensions = [name.lower() for name in DIMENSIONS]
    assert [page.key for page in made] == ["context", *dimensions, "w", "calibration", "module"]
    for page in made:
        if page.dimension is not None:
            assert page.title == ATR.dimension(page.dimension).short
            assert page.stem == ATR.stem
    assert made[-1].title == "Your own field: Finance"


def test_the_pulse_puts_neighbouring_dimensions_of_one_block_on_pages_of_four_to_six_items():
    made = pages(ATR, form="pulse", function="finance", seed=b"")
    assert [page.key for page in made] == ["context", "t1-t3", "t4-t5", "r1-r3", "r4-r6", "w", "calibration"]
    assert [len(page.items) for page in core_pages(ATR, made)] == [6, 4, 6, 6]
    assert [page.title for page in made[1:3]] == ["Agents in our work (1/2)", "Agents in our work (2/2)"]
    assert {page.dimension for page in core_pages(ATR, made)} == {None}


def test_the_full_layout_is_context_core_attention_willingness_calibration_module():
    ids = layout(ATR, form="full", function="finance").item_ids
    core = tuple(f"{d}{i}" for d in DIMENSIONS for i in "abcd")
    module = tuple(f"FIN{n}" for n in range(1, 7))
    assert ids == ("E1", "E2", *core, "ATT", "W1", "W2", "W3", "C1", "C2", *module)


def test_the_pulse_layout_has_anchors_only_and_neither_attention_item_nor_module():
    ids = layout(ATR, form="pulse", function="finance").item_ids
    core = tuple(f"{d}{i}" for d in DIMENSIONS for i in "ab")
    assert ids == ("E1", "E2", *core, "W1", "W2", "W3", "C1", "C2")


def test_departments_that_are_asked_the_same_share_a_layout_and_others_do_not():
    assert layout(ATR, form="full", function="it") == layout(ATR, form="full", function="sales")
    assert layout(ATR, form="pulse", function="legal") == layout(ATR, form="pulse", function="it")
    hashes = {layout(ATR, form=form, function=function).sha256 for form in FORMS for function in FUNCTIONS}
    assert len(hashes) == 4 + 1 + 1


@pytest.mark.parametrize(("form", "function", "expected"), [
    ("full", "legal", 7), ("full", "it", 6), ("pulse", "legal", 4), ("pulse", "it", 4),
])  # fmt: skip
def test_the_estimate_is_six_and_a_half_seconds_an_item_rounded_up(form, function, expected):
    assert minutes(pages(ATR, form=form, function=function, seed=b"")) == expected


def test_nothing_left_to_answer_takes_no_time():
    assert minutes(()) == 0


@pytest.mark.parametrize("form", FORMS)
def test_a_function_without_a_place_in_the_questionnaire_is_refused(form):
    with pytest.raises(ValueError, match="'marketing' is not a function"):
        layout(ATR, form=form, function="marketing")
    with pytest.raises(ValueError, match="'marketing' is not a function"):
        pages(ATR, form=form, function="marketing", seed=b"")


def test_a_dimension_that_shares_no_page_keeps_its_own_heading_in_the_pulse(authored):
    for item in ("T1c", "T1d", "T2c"):
        authored.replace("core.yaml", f"{item}, text", f"{item}, anchor: true, text")
    changed = load_file(authored.folder)
    made = pages(changed, form="pulse", function="it", seed=b"")
    assert [(page.key, page.dimension, len(page.items)) for page in made[1:4]] == [
        ("t1", "T1", 4),
        ("t2-t3", None, 5),
        ("t4-t5", None, 4),
    ]
    assert [page.title for page in made[1:3]] == ["Does the work well", "Agents in our work (2/3)"]


INVOICES, TRAVEL = Workflow("invoice-check", "Check an invoice"), Workflow("travel", "Plan a journey")


def test_each_workflow_has_a_column_a_rating_at_the_end_in_the_departments_order(authored):
    with_workflow(authored)
    instrument = load_file(authored.folder)
    for form in FORMS:
        plain = layout(instrument, form=form, function="finance").item_ids
        made = layout(instrument, form=form, function="finance", workflows=["travel", "invoice-check"])
        assert made.item_ids == (
            *plain,
            *("travel:F", "travel:RB", "travel:DS", "invoice-check:F", "invoice-check:RB", "invoice-check:DS"),
        )
        answers = {"travel:F": "4", "invoice-check:DS": "5", "invoice-check:RB": "not_asked"}
        assert decode(made, encode(made, answers)) == {
            item_id: answers.get(item_id, "skip") for item_id in made.item_ids
        }


def test_the_workflows_of_a_layout_and_their_order_are_part_of_its_hash(authored):
    with_workflow(authored)
    instrument = load_file(authored.folder)
    orders = ((), ("travel",), ("travel", "invoice-check"), ("invoice-check", "travel"))
    assert len({layout(instrument, form="full", function="it", workflows=one).sha256 for one in orders}) == 4


def test_each_workflow_that_a_person_rates_has_a_page_of_its_own_with_its_name(authored):
    with_workflow(authored)
    instrument = load_file(authored.folder)
    made = pages(instrument, form="full", function="it", seed=b"", workflows=[TRAVEL, INVOICES])
    assert [page.key for page in made[-2:]] == ["workflow-travel", "workflow-invoice-check"]
    last = made[-1]
    assert (last.title, last.stem) == ("A piece of your work: Check an invoice", instrument.stem)
    assert last.items[0].text == "How often do you do this: Check an invoice?"
    assert last.items == instrument.rated(INVOICES)
    assert {instrument.item(item.id).scale for item in last.items} == {"use", "true5"}
    assert made[:-2] == pages(instrument, form="full", function="it", seed=b"")
    asked = layout(instrument, form="full", function="it", workflows=["travel", "invoice-check"])
    assert Counter(asked.item_ids) == Counter(item.id for page in made for item in page.items)


def test_a_questionnaire_without_ratings_asks_of_no_workflow():
    instrument = load("atr", "1.0.0")
    assert instrument.workflow == ()
    plain = layout(instrument, form="full", function="it")
    assert layout(instrument, form="full", function="it", workflows=["travel"]) == plain
    assert len(pages(instrument, form="full", function="it", seed=b"", workflows=[TRAVEL])) == 14


def test_the_layouts_of_the_first_questionnaire_never_change():
    instrument = load("atr", "1.0.0")
    full, core, pulse = (
        layout(instrument, form="full", function="legal"),
        layout(instrument, form="full", function="it"),
        layout(instrument, form="pulse", function="legal"),
    )
    assert [one.sha256[:12] for one in (full, core, pulse)] == ["862e093445e8", "c5e3570934c5", "14e8bb0d08e8"]


@pytest.mark.parametrize("name", ["", "A", "a:b", "a b", "-a", "a--b", "a/b", "ä"])
def test_a_workflow_that_fits_into_no_address_is_refused(authored, name):
    with_workflow(authored)
    with pytest.raises(ValueError, match="cannot be the id of a workflow"):
        layout(load_file(authored.folder), form="full", function="it", workflows=[name])


def test_a_workflow_is_rated_once(authored):
    with_workflow(authored)
    with pytest.raises(ValueError, match="named twice"):
        layout(load_file(authored.folder), form="full", function="it", workflows=["travel", "travel"])


@pytest.mark.parametrize("item_id", ["F", "travel:T1a", "travel:", ":F", "travel:X"])
def test_a_rating_is_an_item_of_a_workflow_only(authored, item_id):
    with_workflow(authored)
    instrument = load_file(authored.folder)
    with pytest.raises(KeyError, match="has no item"):
        instrument.item(item_id)
