"""One cell of the heatmap in full: its score, how sure that is, how people answered, and how it moved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.explore.headline import answered
from app.explore.tiles import BOTH_CLIPPED, NOT_TOLD, spoken_distance
from app.explore.written import WrittenHere
from app.figures.courses import GAPS
from app.figures.division import Division, division
from app.figures.marks import Mark, mark_of
from app.releases.distance import distance
from app.releases.document import words
from app.releases.document.release import Change, DimensionHead, Hidden, Release, Row, Scored
from app.releases.silence import standing
from app.releases.statistics.courses import Stop, course
from app.releases.statistics.slopes import Told
from app.sentences import Passage, Sentence, say

FORMS = {"full": say("full form"), "pulse": say("pulse")}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something told of the cell: its name and what it is."""

    name: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A wave: what was asked, and the score on the questions that every wave asks; `gap` says why there is none."""

    label: str
    form: str
    score: int | None
    interval: tuple[int, int] | None
    told: str
    gap: str
    whole: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Everything that is told of a cell. `mark` draws it; `steps` are none where there was no wave before.

    `acts` are the actions of the plan that were done here since that, each in a sentence.
    """

    row_id: str
    row: str
    head: DimensionHead
    title: str
    mark: Mark
    facts: tuple[Fact, ...]
    division: Division
    steps: tuple[Step, ...]
    themes: tuple[Fact, ...]
    acts: tuple[str, ...]
    notes: tuple[str, ...]


def cell(
    release: Release,
    row: Row,
    head: DimensionHead,
    *,
    waves: Sequence[Told],
    written: WrittenHere | None,
    acts: tuple[str, ...] = (),
) -> Cell:
    """What a release, and those of the waves before it, tell of a cell; `written` is what people of the row wrote."""
    found, answered = row.cells[head.id], division(release, row, head.id, head.name)
    # What stands below the questions is not said a second time above them.
    below = answered.remarks if answered.questions else ()
    return Cell(
        row_id=row.id,
        row=words.row_name(row),
        head=head,
        title=_title(row, head),
        mark=mark_of(release, row, head.id, head.name, head.definition),
        facts=tuple(_facts(release, row, head, found)) if isinstance(found, Scored) else (),
        division=answered,
        steps=steps(course(waves, row.id, head.id)) if len(waves) > 1 else (),
        themes=tuple(_themes(written)) if written else (),
        acts=acts,
        notes=tuple(one for one in _notes(release, row, head) if one not in below),
    )


def steps(stops: Sequence[Stop]) -> tuple[Step, ...]:
    """A course from wave to wave, in words; nothing where no wave has a score."""
    if all(one.score is None for one in stops):
        return ()
    return tuple(
        Step(
            label=one.label,
            form=FORMS[one.form],
            score=one.score,
            interval=one.interval,
            told=say("{first} to {last}", first=one.interval[0], last=one.interval[1]) if one.interval else "–",
            gap=GAPS[one.gap] if one.gap else "",
        )
        for one in stops
    )


def _title(row: Row, head: DimensionHead) -> Sentence:
    found = row.cells[head.id]
    told = {"row": words.row_name(row), "dimension": head.name}
    if isinstance(found, Hidden):
        return say("{dimension} in {row} is not shown").filled(told)
    return say("{dimension} in {row}: {score} ({answered})").filled(
        {**told, "score": words.value_text(found), "answered": answered(found, row)}
    )


def _facts(release: Release, row: Row, head: DimensionHead, found: Scored) -> Iterator[Fact]:
    yield Fact(say("Band"), words.band_text(found))
    yield Fact(say("95 % interval"), _interval(found))
    if found.n is not None:
        yield Fact(say("Answers"), str(found.n))
    if row.kind != "organisation":
        yield Fact(say("Beside the organisation"), _beside(release, head, found))
    if release.wave.previous_label is not None:
        yield Fact(say("Since {before}", before=release.wave.previous_label), _change(found))
    if found.unknown is not None:
        yield Fact(say("Answered “don’t know”"), words.share_text(found.unknown))
    if found.coverage is not None:
        yield Fact(say("Stands for"), _COVERS[found.coverage])


_COVERS = {
    ">= 95 %": say("95 % of the people or more"),
    "80-95 %": say("80 to 95 % of the people"),
    "< 80 %, partial": say("fewer than 80 % of the people"),
}


def _interval(found: Scored) -> str:
    if found.interval is None and not found.everyone:
        return say("not given, to protect a small group")
    return words.interval_text(found)


def _beside(release: Release, head: DimensionHead, found: Scored) -> str:
    whole = release.organisation.cells[head.id]
    if isinstance(whole, Hidden):
        return words.within_sentence(NOT_TOLD)
    apart = distance(found, whole)
    if apart is None:
        return words.within_sentence(BOTH_CLIPPED)
    return say("{distance} ({score})", distance=spoken_distance(apart), score=words.value_text(whole))


def _change(found: Scored) -> str:
    change = found.change
    if not isinstance(change, Change):
        return words.within_sentence(words.change_words(change))
    compared = f"{change.before} → {change.now}"
    return Passage((words.change_mark(change), words.change_words(change), f"({compared})"))


def _themes(written: WrittenHere) -> Iterator[Fact]:
    """What people of the row wrote about, by question; comments are about no single dimension."""
    for one in written.questions:
        if one.themes:
            told = Passage((f"{theme.name}\u00a0({theme.comments})" for theme in one.themes), ", ")
            yield Fact(one.question, told)


def _notes(release: Release, row: Row, head: DimensionHead) -> Iterator[str]:
    found = row.cells[head.id]
    least = release.policy.k_intervals
    if isinstance(found, Hidden):
        yield words.hidden_text(found) + "."
        yield say("What is not shown is not in the result at all, so no other page and no file has it either.")
        return
    if found.n is None:
        yield say("Fewer than {least} answers: the score is printed to the nearest 5 points.", least=least)
    if found.bound:
        yield say("Very high and very low scores are not told exactly, to protect the people in the group.")
    if found.grade == "D":
        yield say("A score with ~ is rough: it could be more than 15 points off.")
    yield from words.together(found)
    if standing(row) in ("low", "indicative"):
        yield say("Fewer than half of the group answered.")
