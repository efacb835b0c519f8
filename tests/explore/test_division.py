"""How people answered, as a row's page shows it: what the release holds, in words, and nothing more."""

from dataclasses import replace
from functools import cache

from app.figures.division import divisions, working
from app.releases.document import words
from app.releases.document.figures import Agreement, Camps, Quality, Share, Shares
from app.releases.document.release import Release, Scored
from app.reports.annex import annex
from tests.releases.waves import answers, department, items_of, release

DEPARTMENTS = (
    department("Legal", 8, function="legal"),
    department("HR", 9, function="hr"),
    department("Sales", 60, function="sales"),
)


@cache
def result() -> Release:
    """What these departments said, made when the first test needs it."""
    return release(DEPARTMENTS, {one.id: answers(one, one.headcount) for one in DEPARTMENTS})


def test_a_row_shows_every_question_that_it_tells_of_under_its_dimension():
    sales = next(row for row in result().rows if row.id == "sales")
    found = divisions(result(), sales)
    shown = [question.text for one in found for question in one.questions]
    texts = {head.id: head.text for head in result().items}
    assert shown == [texts[item] for item in (head.id for head in result().items) if item in sales.items]
    assert len(shown) == len(sales.items) > 40
    assert found[0].bar is not None
    assert found[0].questions[0].bar.texts[0] == words.share_text(sales.items[items_of("T1")[0]].favourable)


def test_a_row_without_shares_shows_nothing():
    legal = next(row for row in result().rows if "legal" in row.departments and row.kind != "organisation")
    assert not legal.items
    assert divisions(result(), legal) == ()
    assert working(replace(result(), quality=())) is None


def test_shares_and_agreement_are_put_into_words():
    assert words.share_text(Share(percent=52)) == "52 %"
    assert words.share_text(Share(percent=95, bound=">=")) == "at least 95 %"
    assert words.share_text(Share(percent=5, bound="<=")) == "at most 5 %"
    sales = next(row for row in result().rows if row.id == "sales")
    cell = sales.cells["T1"]
    assert isinstance(cell, Scored)
    told = replace(cell, agreement=Agreement(r_wg=34, deviation=105), camps=Camps(polarisation=70, split=True))
    assert list(words.together(told)) == [
        "People are divided: at least a quarter say yes, and at least a quarter say no.",
        "People see it differently (r*wg .34; answers lie 1.05 steps from their mean on average).",
    ]
    assert list(words.together(replace(cell, agreement=None, camps=None))) == []


def test_a_dimension_says_which_questions_too_few_answered():
    sales = next(row for row in result().rows if row.id == "sales")
    first = items_of("T1")[0]
    fewer = replace(sales, items={name: one for name, one in sales.items.items() if name != first})
    assert [one.left_out for one in divisions(result(), fewer)][:2] == [1, 0]


def test_the_quality_of_questions_is_put_into_words():
    one = Quality(
        dimension="T1", n=60, alpha=83, interval=(79, 86), omega=None, item_rest={"T1a": -5, "T1b": None},
        reliable=False, refused="", groups=3, icc1=12, icc2=100, decision="departments_differ_reliably",
    )  # fmt: skip
    row = line_of(one)
    assert row.alpha == ".83 (.79 to .86)"
    assert (row.raw, row.omega, row.weakest) == ("–", "–", "−.05")
    assert row.differ == "departments differ reliably (ICC(1) .12, ICC(2) 1.00)"
    refused = replace(one, alpha=None, interval=None, icc1=None, icc2=None, decision="none", refused="too few")
    row = line_of(refused)
    assert (row.alpha, row.differ) == ("too few", "cannot be told")


def table_of(*quality):
    found = working(replace(result(), quality=quality))
    assert found is not None
    return found


def line_of(one):
    (line,) = table_of(one).lines
    return line


def test_a_fit_at_its_limit_is_said_wherever_its_omega_is():
    first, *others = result().quality
    found = replace(first, omega=84, heywood=True)
    told = replace(result(), quality=(found, *others))
    assert line_of(found).omega == ".84, at its limit"
    assert table_of(*told.quality).notes == (words.HEYWOOD,)
    assert table_of(*result().quality).notes == ()
    added = annex(told)
    assert added is not None
    assert added.working[0].omega == ".84, at its limit"
    assert added.remarks == (words.HEYWOOD,)


def test_alpha_with_departments_stands_beside_the_one_within_them():
    first = result().quality[0]
    assert first.raw is not None
    added = annex(result())
    assert added is not None
    assert table_of(*result().quality).has_raw
    assert line_of(first).raw == added.working[0].raw == f".{first.raw}"
    assert not table_of(replace(first, raw=None)).has_raw


def test_a_release_from_before_any_of_it_has_no_annex():
    rows = tuple(replace(row, anchors={}) for row in result().rows)
    assert annex(replace(result(), rows=rows, quality=())) is None


def test_old_shares_need_no_interval():
    bare = Shares(favourable=Share(percent=50), neutral=Share(percent=20), unfavourable=Share(percent=30))
    assert bare.interval is None
    assert words.percent_range((41, 63)) == "41 to 63 %"
