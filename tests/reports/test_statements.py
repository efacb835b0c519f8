"""The sentences of the report say what the release prints: with n, without causes, without what is hidden."""

import re
from dataclasses import replace

import pytest

from app.releases.document import Change, Hidden, NoChange, Release, Row, Scored
from app.releases.words import value_text
from app.reports import statements, summary
from tests.reports import builder

CAUSAL = ("because", "caused", "causes", "leads to", "led to", "due to", "drives", "driven", "thanks to", "improved")
SCORE = re.compile(r"(?:at|against|,|:) (?:[≥≤]\s)?\d+ \(")


def every_sentence(release: Release) -> list[str]:
    five = summary.summary(release)
    return [
        statements.result(release),
        *(s.sentence for s in five),
        *(s.detail for s in five),
        *summary.limits(release),
        *(statements.movement_sentence(release, m) for m in statements.movements(release)),
        *(sentence for row in release.rows for sentence in statements.of_row(release, row)),
        *(statements.headline(release, row) for row in release.rows),
        statements.heat_headline(release),
        statements.change_headline(release),
    ]


def row_of(release: Release, row_id: str) -> Row:
    row = release.row(row_id)
    assert row is not None
    return row


@pytest.mark.parametrize("release", [builder.release(), builder.first_wave(), builder.large(3)], ids=["3", "1", "many"])
def test_no_sentence_gives_a_cause(release: Release) -> None:
    for sentence in every_sentence(release):
        assert not [word for word in CAUSAL if word in sentence.lower()], sentence


def test_every_sentence_with_a_score_says_how_many_people_it_comes_from() -> None:
    release = builder.release()
    said = [s.sentence for s in summary.summary(release)[1:]]
    said += [statements.movement_sentence(release, m) for m in statements.movements(release)]
    said += [s for row in release.rows for s in statements.of_row(release, row)]
    with_scores = [s for s in said if SCORE.search(s)]
    assert len(with_scores) > 20
    for sentence in with_scores:
        assert re.search(r"\d+ (answers|people answered)", sentence), sentence
    assert "85 people answered" in statements.result(release)


def test_headlines_carry_no_number_but_the_wave() -> None:
    release = builder.release()
    for row in release.rows:
        assert not re.search(r"\d", statements.headline(release, row).replace("2026-Q2", "")), row.name


def test_higher_and_lower_need_a_confirmed_change() -> None:
    release = builder.release()
    moved = statements.movements(release)
    assert {m.change.confirmation for m in moved} == {"confirmed", "seems"}
    for one in moved:
        sentence = statements.movement_sentence(release, one)
        verb = "is" if one.change.confirmation == "confirmed" else "seems"
        assert f" {verb} {'higher' if one.change.delta > 0 else 'lower'} than in 2026-Q2" in sentence


def test_a_likely_change_is_never_called_confirmed_when_none_is() -> None:
    release = builder.release()
    rows = tuple(replace(row, cells={k: _unconfirmed(c) for k, c in row.cells.items()}) for row in release.rows)
    calm = replace(release, rows=rows)
    change = summary.summary(calm)[4]
    assert change.label == "largest likely change"
    assert " seems " in change.sentence
    assert statements.change_headline(calm) == "No change since 2026-Q2 is confirmed; seven changes are likely"


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
    assert statements.of_row(release, release.rows[1])[2] == (
        "This is the first wave, so nothing can be said about change."
    )


def test_clipped_scores_are_said_as_they_are_printed() -> None:
    spread = summary.summary(builder.release())[3]
    assert spread.figure == "25 · ≥\u00a090"
    assert "≥\u00a090 (8 people answered) in Accounts payable" in spread.sentence
    assert "95" not in spread.sentence


def test_a_row_without_answers_has_no_number_in_its_sentences() -> None:
    release = builder.release()
    said = statements.of_row(release, row_of(release, "procurement"))
    assert said[0] == "Nobody answered."
    assert not re.search(r"\d", " ".join(said))


def test_a_row_that_must_not_say_how_many_answered_does_not() -> None:
    release = builder.release()
    silent = replace(row_of(release, "procurement"), cells=builder.hidden_cells("small_group"))
    assert statements.answered(silent) == "How many answered is not shown, to protect a small group."


@pytest.mark.parametrize(("n", "words"), [(5, ""), (4, "low"), (3, "low"), (2, "indicative only")])
def test_response_rates_below_half_are_low_and_below_three_in_ten_indicative_only(n: int, words: str) -> None:
    row = builder.row("Somewhere", {}, headcount=10, n=n)
    assert statements.rate_words(row) == words
    assert (words in statements.answered(row)) is True


def test_what_cannot_be_told_is_said() -> None:
    said = " ".join(summary.limits(builder.release()))
    assert "15 of the heatmap's 120 scores are not shown" in said
    assert "Planning and Tax have no row of their own" in said
    assert "Customer service (12 of 25)" in said
    assert "not why" in said


def test_ties_are_named_together() -> None:
    release = builder.release()
    legal = statements.of_row(release, row_of(release, "legal"))[1]
    assert legal == (
        "Guardrails and governance stands highest at 60 (7 people answered), "
        "transparency and predictability stands lowest at ≤\u00a010 (7 people answered)."
    )
    pool = statements.of_row(release, row_of(release, "pool:finance"))[1]
    assert "Competence and change commitment and efficacy stand highest at 65 (9 people answered)" in pool


def test_every_number_in_a_sentence_about_a_row_is_printed_in_the_release() -> None:
    release = builder.release()
    for row in release.rows:
        allowed = {str(row.n), str(row.headcount), str(row.rate), "2026", "2"}
        for cell in row.cells.values():
            if isinstance(cell, Scored):
                allowed |= {str(cell.n), *re.findall(r"\d+", value_text(cell))}
            if isinstance(cell, Scored) and isinstance(cell.change, Change):
                allowed |= {str(cell.change.before), str(cell.change.now)}
        found = set(re.findall(r"\d+", " ".join(statements.of_row(release, row))))
        assert found <= allowed, row.name
