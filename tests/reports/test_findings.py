"""The sentences of the report say what the release prints: with n, without causes, without what is hidden."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.releases.document.release import Change, Hidden, NoChange, Release, Row, Scored
from app.releases.document.words import value_text
from app.releases.silence import rate_words
from app.reports import beside, findings, summary
from app.reports.divided import divided, gap_sentences
from app.reports.driven import driven as driven_of
from app.reports.sureness import sure, undetectable
from app.sentences import Passage, Sentence
from tests.reports import builder, richer

CAUSAL = ("because", "caused", "causes", "leads to", "led to", "due to", "drives", "driven", "thanks to", "improved")
SCORE = re.compile(r"(?:at|against|,|:) (?:[≥≤]\s)?\d+ \(")


def every_sentence(release: Release) -> list[str]:
    five = summary.summary(release)
    return [
        findings.result(release.organisation),
        *(s.sentence for s in five),
        *(s.detail for s in five),
        *summary.limits(release),
        *(findings.movement_sentence(release, m) for m in findings.movements(release)),
        *gap_sentences(release),
        *(driven.sentences if (driven := driven_of(release)) else ()),
        *(one for one in sure(release).sentences if one not in release.notes),
        *(item for sort in ("confirmed", "seems") for row in findings.moved_rows(release, sort) for item in row.items),
        *(findings.answered(row) for row in release.rows),
        *(sentence for row in release.rows for sentence in beside.page_sentences(release, row)),
        *(beside.page_headline(release, row) for row in release.rows),
        findings.heat_headline(release, release.organisation),
        findings.change_headline(release),
    ]


def row_of(release: Release, row_id: str) -> Row:
    row = release.row(row_id)
    assert row is not None
    return row


@pytest.mark.parametrize(
    "release",
    [builder.release(), builder.first_wave(), builder.large(3), richer.rich()],
    ids=["3", "1", "many", "everything"],
)
def test_no_sentence_gives_a_cause(release: Release) -> None:
    for sentence in every_sentence(release):
        assert not [word for word in CAUSAL if word in sentence.lower()], sentence


@pytest.mark.parametrize(
    "release",
    [builder.release(), builder.first_wave(), builder.large(3), richer.rich()],
    ids=["3", "1", "many", "everything"],
)
def test_every_sentence_can_be_said_in_another_language(release: Release) -> None:
    for sentence in every_sentence(release):
        assert not sentence or isinstance(sentence, Sentence | Passage), sentence


def test_every_sentence_with_a_score_says_how_many_people_it_comes_from() -> None:
    release = builder.release()
    said = [s.sentence for s in summary.summary(release)[1:]]
    said += [findings.movement_sentence(release, m) for m in findings.movements(release)]
    said += [s for row in release.rows for s in beside.page_sentences(release, row)]
    with_scores = [s for s in said if SCORE.search(s)]
    assert len(with_scores) > 20
    for sentence in with_scores:
        assert re.search(r"\d+ (answers|people answered)", sentence), sentence
    assert "85 people answered" in findings.result(release.organisation)


def test_headlines_carry_no_number_but_the_wave() -> None:
    release = builder.release()
    for row in release.rows:
        assert not re.search(r"\d", beside.page_headline(release, row).replace("2026-Q2", "")), row.name


def test_higher_and_lower_need_a_confirmed_change() -> None:
    release = builder.release()
    moved = findings.movements(release)
    assert {m.change.confirmation for m in moved} == {"confirmed", "seems"}
    for one in moved:
        sentence = findings.movement_sentence(release, one)
        verb = "is" if one.change.confirmation == "confirmed" else "seems"
        assert f" {verb} {'higher' if one.change.delta > 0 else 'lower'} than in 2026-Q2" in sentence


def test_a_likely_change_is_never_called_confirmed_when_none_is() -> None:
    release = builder.release()
    rows = tuple(replace(row, cells={k: _unconfirmed(c) for k, c in row.cells.items()}) for row in release.rows)
    calm = replace(release, rows=rows)
    change = summary.summary(calm)[4]
    assert change.label == "largest likely change"
    assert " seems " in change.sentence
    assert findings.change_headline(calm) == "No change since 2026-Q2 is confirmed; seven changes are likely"


def _unconfirmed(cell: Scored | Hidden) -> Scored | Hidden:
    if isinstance(cell, Hidden) or isinstance(cell.change, NoChange) or cell.change.confirmation == "none":
        return cell
    return replace(cell, change=replace(cell.change, confirmation="seems"))


def test_the_largest_confirmed_change_stands_in_the_summary() -> None:
    change = summary.summary(builder.release())[4]
    assert change.figure == "+15"
    assert change.sentence == "Finance: competence is higher than in 2026-Q2, 72 against 57 (17 answers)."
    assert "3 are confirmed and 4 likely" in change.detail


def test_the_first_wave_says_that_nothing_can_be_compared() -> None:
    release = builder.first_wave()
    assert "first wave" in summary.summary(release)[4].sentence
    for row in release.rows[1:]:
        assert not [said for said in beside.page_sentences(release, row) if "first wave" in said or " since " in said]


def test_clipped_scores_are_said_as_they_are_printed() -> None:
    spread = summary.summary(builder.release())[3]
    assert spread.figure == "25 · ≥\u00a090"
    assert "≥\u00a090 (8 people answered) in Accounts payable" in spread.sentence
    assert "95" not in spread.sentence


def test_a_row_without_answers_has_no_number_in_its_sentences() -> None:
    release = builder.release()
    procurement = row_of(release, "procurement")
    said = (findings.answered(procurement), *beside.page_sentences(release, procurement))
    assert said == ("Nobody answered.", "There is no score to show.")
    assert not re.search(r"\d", " ".join(said))


def test_a_row_that_must_not_say_how_many_answered_does_not() -> None:
    release = builder.release()
    silent = replace(row_of(release, "procurement"), cells=builder.hidden_cells("small_group"))
    assert findings.answered(silent) == "How many answered is not shown, to protect a small group."


@pytest.mark.parametrize(("n", "words"), [(5, ""), (4, "low"), (3, "low"), (2, "indicative only")])
def test_response_rates_below_half_are_low_and_below_three_in_ten_indicative_only(n: int, words: str) -> None:
    row = builder.row("Somewhere", {}, headcount=10, n=n)
    assert rate_words(row) == words
    assert (words in findings.answered(row)) is True


def test_a_response_rate_that_is_rounded_up_to_half_is_low_in_the_report_as_on_the_page() -> None:
    row = builder.row("Somewhere", {}, headcount=200, n=99)
    assert findings.answered(row) == "99 of 200 people answered (50 %). That is a low response rate."


def test_what_cannot_be_told_is_said() -> None:
    said = " ".join(summary.limits(builder.release()))
    assert "15 of the heatmap's 120 scores are not shown" in said
    assert "Planning and Tax have no row of their own" in said
    assert "Customer service (12 of 25)" in said
    assert "not why" in said


def test_ties_are_named_together() -> None:
    release = builder.release()
    legal = findings.standing(release, row_of(release, "legal"))
    assert legal == (
        "Guardrails and governance stands highest at 60 (7 people answered), "
        "transparency and predictability stands lowest at ≤\u00a010 (7 people answered)."
    )
    pool = findings.standing(release, row_of(release, "pool:finance"))
    assert "Competence and change commitment and efficacy stand highest at 65 (9 people answered)" in pool


def test_every_number_in_a_sentence_about_a_row_is_printed_in_the_release() -> None:
    release = builder.release()
    whole = {number for c in release.organisation.cells.values() for number in re.findall(r"\d+", _text(c))}
    for row in release.rows:
        allowed = whole | {str(row.n), str(row.headcount), str(row.rate), "2026", "2"}
        for cell in row.cells.values():
            if isinstance(cell, Scored):
                allowed |= {str(cell.n), *re.findall(r"\d+", value_text(cell))}
            if isinstance(cell, Scored) and isinstance(cell.change, Change):
                allowed |= {str(cell.change.before), str(cell.change.now)}
        found = set(re.findall(r"\d+", " ".join(beside.page_sentences(release, row))))
        assert found <= allowed, row.name


def _text(cell: Scored | Hidden) -> str:
    return value_text(cell) if isinstance(cell, Scored) else ""


def _placed(release: Release, row_id: str, scores: Mapping[str, tuple[int, tuple[int, int] | None]]) -> Release:
    """The release with these scores and intervals in one row, and with 50 (45 to 55) everywhere in the organisation."""
    whole = release.organisation
    plain = {
        k: replace(c, score=50, interval=(45, 55), bound="") for k, c in whole.cells.items() if isinstance(c, Scored)
    }
    one = row_of(release, row_id)
    own: dict[str, Scored | Hidden] = {
        k: replace(plain[k], score=score, interval=interval, change=NoChange(reason="new"))
        for k, (score, interval) in scores.items()
    }
    changed = {whole.id: replace(whole, cells={**plain}), one.id: replace(one, cells=own)}
    return replace(release, rows=tuple(changed.get(row.id, row) for row in release.rows))


def _is_score(cell: Scored | Hidden) -> bool:
    return isinstance(cell, Scored)


def test_a_page_says_which_scores_stand_clearly_apart_from_the_whole() -> None:
    scores = {"T1": (20, (12, 28)), "T2": (30, (22, 38)), "T3": (48, (40, 56))}
    release = _placed(builder.release(), "legal", scores)
    legal = row_of(release, "legal")
    assert beside.page_headline(release, legal) == "Every score stands below that of the whole organisation"
    said = beside.page_sentences(release, legal)
    assert said[0] == "Two of its three scores stand clearly below the organisation's, none clearly above."
    assert said[1].startswith("Competence lies furthest from the whole organisation: 20 (")
    assert said[1].endswith("against 50; the intervals do not overlap.")


def test_a_page_with_scores_on_both_sides_says_so() -> None:
    scores = {"T1": (20, (12, 28)), "T2": (80, (72, 88)), "T3": (48, (40, 56))}
    release = _placed(builder.release(), "legal", scores)
    said = beside.page_sentences(release, row_of(release, "legal"))
    assert said[0] == "Of its three scores, one stands clearly above the organisation's and one clearly below."


def test_where_all_scores_are_clear_the_page_says_all() -> None:
    scores = {"T1": (70, (62, 78)), "T2": (80, (72, 88)), "T3": (90, (85, 95))}
    release = _placed(builder.release(), "legal", scores)
    said = beside.page_sentences(release, row_of(release, "legal"))
    assert said[0] == "All three scores stand clearly above the organisation's."


def test_a_distance_without_an_interval_only_seems() -> None:
    release = _placed(builder.release(), "legal", {"T1": (20, None), "T2": (35, None)})
    legal = row_of(release, "legal")
    assert beside.headline(release, legal) is None
    said = beside.page_sentences(release, legal)
    assert "seems to lie furthest" in said[0]
    assert "clearly" not in " ".join(said)
    assert said[0].endswith("without an interval this can't be told from chance.")


def test_overlapping_intervals_may_be_chance() -> None:
    release = _placed(builder.release(), "legal", {"T1": (44, (38, 50)), "T2": (50, (44, 56))})
    said = beside.page_sentences(release, row_of(release, "legal"))
    assert said[0].endswith("; the intervals overlap, so this may be chance.")


def test_the_pages_of_one_report_do_not_read_alike() -> None:
    release = builder.release()
    pages = [
        beside.page_sentences(release, row) for row in release.rows[1:] if any(_is_score(c) for c in row.cells.values())
    ]
    assert len({said[0] for said in pages}) == len(pages)


def test_changes_stand_together_by_row_with_the_organisation_first() -> None:
    release = builder.release()
    rows = [*findings.moved_rows(release, "confirmed"), *findings.moved_rows(release, "seems")]
    moved = findings.movements(release)
    assert sum(len(row.items) for row in rows) == len(moved)
    assert {row.verb.split()[0] for row in findings.moved_rows(release, "seems")} == {"seems"}
    finance = next(row for row in rows if row.who == "Finance")
    assert finance.verb == "is higher on"
    assert finance.items[0] == "competence, 72 against 57 (17 answers)"


def test_a_gap_of_leaders_is_told_where_it_is_marked_with_how_many_are_on_each_side() -> None:
    release = richer.rich()
    told = gap_sentences(release)
    assert told[0] == (
        "Leaders score guardrails and governance 22 points higher than staff do, 60 against 38 (23 who lead, 62 who do "
        "not)."
    )
    assert len(told) == 2
    assert summary.summary(release)[-1].figure == "60 · 38"
    assert len(summary.summary(replace(release, gaps=None))) == 5


def test_a_gap_counts_everybody_where_the_sides_are_not_told() -> None:
    release = replace(richer.rich(), margins=())
    assert "(85 people answered)" in gap_sentences(release)[0]


def test_two_camps_are_told_with_the_score_behind_which_they_stand() -> None:
    made = divided(richer.rich())
    assert made is not None
    assert made.headline == "Leaders and staff see 2 dimensions differently"
    assert made.splits[0].who == "The whole organisation"
    assert made.splits[0].items == ("fair treatment and safe challenge, 52 (85 answers)",)
    assert divided(builder.release()) is None


def test_what_cannot_be_seen_in_small_departments_is_said() -> None:
    assert undetectable(builder.release()) is not None
    told = undetectable(richer.rich())
    assert told is not None
    assert "Accounts payable" in told
    assert "15 points" in told
    assert told in summary.limits(richer.rich())


def test_a_departments_summary_is_about_the_department() -> None:
    release = richer.rich()
    finance = row_of(release, "finance")
    five = summary.summary(release, finance)
    assert five[0].sentence == "17 of 21 people answered (81 %)."
    assert five[3].label == "here · whole organisation"
    assert "Of 12 comparisons" in five[4].detail
