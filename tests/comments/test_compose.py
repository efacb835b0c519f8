"""Each comment is told of one set of people, of whom ten answered and ten wrote; nothing can be subtracted."""

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.comments.audit import audit, certified
from app.comments.compose import Decided, compose
from app.comments.make import UNCHECKED
from app.releases.plan.coarsening import Department
from app.releases.supplement import Level, QuestionComments, Supplement, ThemeCount, digest, dump, load
from surveys.comments import QUESTIONS
from tests.comments.drawn import Drawn, Told, drawn, release_of, told_apart
from tests.thorough import examples, tried

K = 10
ASKED = QUESTIONS[0]


def supplement(*questions: QuestionComments, number: int = 1) -> Supplement:
    return Supplement(
        schema=1,
        number=number,
        release_number=1,
        release_sha256="0" * 64,
        wave="2026-Q3",
        k=K,
        k_themes=5,
        questions=questions,
        certificate=UNCHECKED,
    )


def composed(one: Drawn, earlier: QuestionComments | None = None) -> QuestionComments:
    return compose(one.release, ASKED, one.comments, k=K, earlier=earlier)


def lists(told: QuestionComments) -> Told:
    return [(frozenset(one.departments), frozenset(one.comments)) for one in told.levels if one.comments]


def naive(one: Drawn) -> Told:
    """What is usually done: every department with ten comments shows them, and so does everything above."""
    told = []
    for row in one.release.rows:
        shown = frozenset(c.text for c in one.comments if c.text and c.department in row.departments)
        if len(shown) >= K and (row.n or 0) >= K:
            told.append((frozenset(row.departments), shown))
    return told


def flat(*departments: tuple[str, int, int]) -> Drawn:
    """Departments right below the organisation: name, people who answered, comments."""
    planned = [Department(id=name, name=name, parent=None, function="other", headcount=n) for name, n, _ in departments]
    answered = {name: n for name, n, _ in departments}
    comments = tuple(
        Decided(department=name, text=f"{name} {number}", theme="Training")
        for name, _, wrote in departments
        for number in range(wrote)
    )
    return Drawn(release_of(planned, answered), answered, comments)


@settings(max_examples=examples(150), deadline=None)
@given(st.integers(0, 2**32))
def test_nobody_who_reads_all_lists_can_trace_a_comment_to_fewer_than_ten(seed: int):
    one = drawn(random.Random(seed))
    told = composed(one)
    assert told_apart(lists(told), one.written, fewer_than=K) == []
    assert audit(supplement(told), one.release, {ASKED.id: one.written}) == ()


def test_the_same_attack_succeeds_where_ancestors_show_all_comments():
    broken = [
        told_apart(naive(one), one.written, fewer_than=K)
        for one in (drawn(random.Random(seed)) for seed in range(tried(150, sample=30)))
    ]
    assert sum(map(bool, broken)) > tried(20, sample=2)


def test_what_an_ancestor_would_show_more_than_its_parts_is_the_hidden_departments():
    one = flat(("Legal", 12, 12), ("HR", 12, 12), ("Tax", 12, 4))
    assert sorted(told_apart(naive(one), one.written, fewer_than=K)) == [f"Tax {number}" for number in range(4)]
    assert told_apart(lists(composed(one)), one.written, fewer_than=K) == []


@settings(max_examples=examples(80), deadline=None)
@given(st.integers(0, 2**32))
def test_each_comment_stands_in_one_list_and_every_list_has_ten_of_ten_people(seed: int):
    one = drawn(random.Random(seed))
    told = composed(one)
    standing = Counter(text for level in told.levels for text in level.comments)
    assert all(n == 1 for n in standing.values())
    for level in told.levels:
        assert len(level.comments) == 0 or len(level.comments) >= K
        assert level.respondents == sum(one.answered[d] for d in level.departments) >= K
        assert {text.split()[0] for text in level.comments} <= set(level.departments)


@settings(max_examples=examples(80), deadline=None)
@given(st.integers(0, 2**32))
def test_the_sets_do_not_depend_on_what_was_decided(seed: int):
    one = drawn(random.Random(seed))
    other = replace(one, comments=tuple(replace(c, text=None, theme="") for c in one.comments))
    assert [level.departments for level in composed(one).levels] == [
        level.departments for level in composed(other).levels
    ]


def test_fewer_than_ten_comments_in_all_tell_themes_of_the_organisation_only():
    told = composed(flat(("Legal", 20, 5), ("HR", 20, 4)))
    assert told.levels == ()
    assert [(one.row, one.comments) for one in told.themes] == [("organisation", 9)]


def test_fewer_than_ten_people_in_all_tell_no_words():
    told = composed(flat(("Legal", 9, 9)))
    assert told.levels == ()


def test_a_theme_of_four_comments_is_not_told():
    one = flat(("Legal", 20, 14))
    rare = tuple(replace(c, theme="Rare" if n < 4 else "Training") for n, c in enumerate(one.comments))
    told = composed(replace(one, comments=rare))
    assert {one.theme for one in told.themes} == {"Training"}


def test_a_count_of_themes_is_left_out_where_the_rest_would_be_fewer_than_five():
    one = flat(("Legal", 20, 14), ("HR", 20, 14))
    some = tuple(
        replace(c, theme="Data" if c.department == "Legal" or n % 5 == 0 else "") for n, c in enumerate(one.comments)
    )
    told = composed(replace(one, comments=some))
    assert {(one.row, one.theme) for one in told.themes} == {("organisation", "Data")}


def test_a_group_of_which_fewer_than_ten_comments_remain_shows_none():
    one = flat(("Legal", 20, 12), ("HR", 20, 12))
    few = tuple(
        replace(c, text=None) if c.department == "Legal" and str(c.text) < "Legal 5" else c for c in one.comments
    )
    told = composed(replace(one, comments=few))
    assert {level.name: len(level.comments) for level in told.levels} == {"Legal": 0, "HR": 12}


def test_departments_with_few_comments_are_named_together_on_the_page_above():
    told = composed(flat(("Legal", 20, 6), ("HR", 20, 5), ("IT", 20, 12)))
    assert [(level.name, level.row, len(level.comments)) for level in told.levels] == [
        ("IT", "IT", 12),
        ("Legal and HR", "organisation", 11),
    ]


def test_comments_stand_in_another_order_each_time():
    one = flat(("Legal", 40, 40))
    assert len({composed(one).levels[0].comments for _ in range(4)}) > 1


def test_a_later_supplement_keeps_the_themes_and_the_sets():
    one = flat(("Legal", 20, 14), ("HR", 20, 14))
    first = composed(one)
    less = tuple(replace(c, text=None, theme="") if c.text == "HR 0" else c for c in one.comments)
    second = composed(replace(one, comments=less), earlier=first)
    assert second.themes == first.themes
    written = {ASKED.id: one.written}
    assert audit(supplement(second, number=2), one.release, written, earlier=supplement(first)) == ()
    more = audit(supplement(first, number=2), one.release, written, earlier=supplement(second))
    assert any("has more comments than in the supplement before" in fault for fault in more)


@settings(max_examples=examples(80), deadline=None)
@given(st.integers(0, 2**32))
def test_beside_a_further_release_that_merges_rows_sets_are_merged_and_nothing_is_added(seed: int):
    dice = random.Random(seed)
    one = drawn(dice)
    first = composed(one)
    merged = dice.choice([row.id for row in one.release.rows])
    rows = tuple(row for row in one.release.rows if row.parent != merged and row.parent in (None, "organisation"))
    kept = {row.id for row in rows}
    below = tuple(row for row in one.release.rows if row.parent in kept - {merged, "organisation"})
    later = replace(one, release=replace(one.release, rows=(*rows, *below)))
    second = composed(later, earlier=first)
    written = {ASKED.id: one.written}
    assert audit(supplement(second), later.release, written, earlier=supplement(first)) == ()
    both = (*lists(first), *lists(second))
    assert told_apart(both, one.written, fewer_than=K) == []


def broken_supplements() -> list[tuple[str, QuestionComments]]:
    one = flat(("Legal", 20, 14), ("HR", 20, 14), ("Tax", 12, 4))
    good = composed(one)
    [alone, rest] = sorted(good.levels, key=lambda level: level.name != "HR")
    whole = Level(
        row="organisation",
        rows=(*alone.rows, *rest.rows),
        name="Everybody",
        departments=(*alone.departments, *rest.departments),
        respondents=52,
        comments=(*alone.comments, *rest.comments),
    )
    theme = ThemeCount(row="Legal", theme="Data", comments=4)
    both = (
        ThemeCount(row="organisation", theme="Data", comments=12),
        ThemeCount(row="Legal", theme="Data", comments=9),
    )
    hidden = (
        ThemeCount(row="organisation", theme="Data", comments=32),
        ThemeCount(row="Legal", theme="Data", comments=14),
        ThemeCount(row="HR", theme="Data", comments=14),
    )
    return [
        ("stand in more than one place", replace(good, levels=(alone, rest, whole))),
        ("fewer than 10 comments", replace(good, levels=(replace(alone, comments=alone.comments[:9]), rest))),
        ("or more than were written", replace(good, levels=(replace(alone, comments=alone.comments * 2), rest))),
        ("their number is wrong", replace(good, levels=(replace(alone, respondents=9), rest))),
        ("stands on a page of other people", replace(good, levels=(replace(alone, row="Legal"), rest))),
        ("a count of fewer than 5", replace(good, themes=(theme,))),
        ("is left between two counts", replace(good, themes=both)),
        ("two counts tell of fewer than 10 comments", replace(good, themes=hidden)),
        ("told twice", replace(good, themes=(both[1], replace(both[1], comments=8)))),
    ]


@pytest.mark.parametrize(("fault", "told"), broken_supplements(), ids=lambda value: str(value)[:30])
def test_the_audit_finds_each_kind_of_broken_supplement(fault: str, told: QuestionComments):
    one = flat(("Legal", 20, 14), ("HR", 20, 14), ("Tax", 12, 4))
    assert audit(supplement(composed(one)), one.release, {ASKED.id: one.written}) == ()
    assert fault in "; ".join(audit(supplement(told), one.release, {ASKED.id: one.written}))


def test_a_supplement_is_read_back_as_it_was_written_and_says_what_the_audit_found():
    made = certified(supplement(composed(flat(("Legal", 20, 14), ("HR", 30, 12)))))
    raw = dump(made)
    assert load(raw) == made
    assert digest(raw) == digest(dump(load(raw)))
    assert (made.certificate.shown, made.certificate.smallest_comments) == (26, 12)
    assert made.certificate.smallest_respondents == 20
    assert "at least 10" in made.certificate.statement
