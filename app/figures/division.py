"""How the answers of a row are divided: by question, and whether people agree; and how well the questions work."""

from dataclasses import dataclass

from app.releases.document import words
from app.releases.document.figures import Share, Shares
from app.releases.document.release import Hidden, Release, Row
from app.releases.document.working import Working, remarks, workings


@dataclass(frozen=True, slots=True)
class Bar:
    """Shares as a bar, favourable from the left and unfavourable from the right, and in words."""

    favourable: Share
    unfavourable: Share
    texts: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its bar, the interval of the favourable share, and who did not know."""

    text: str
    bar: Bar
    interval: str
    unknown: str


@dataclass(frozen=True, slots=True)
class Division:
    """A dimension or module: its bar, what is said of agreement, and its questions."""

    name: str
    bar: Bar | None
    unknown: str
    remarks: tuple[str, ...]
    questions: tuple[Question, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Workings:
    """The table of how well the questions work, and the sentences below it."""

    lines: tuple[Working, ...]
    has_raw: bool
    notes: tuple[str, ...]


def divisions(release: Release, row: Row) -> tuple[Division, ...]:
    """The columns of a row of which shares are told."""
    heads = [(head.id, head.name) for head in release.dimensions]
    heads += [(head.id, head.name) for head in release.modules if head.id == row.module]
    found = (division(release, row, column, name) for column, name in heads)
    return tuple(one for one in found if one.questions)


def division(release: Release, row: Row, column: str, name: str) -> Division:
    """How the answers of a row to the questions of a column are divided, as far as it is told."""
    cell = row.cells.get(column)
    asked = [head for head in release.items if head.column == column]
    told = [(head, row.items[head.id]) for head in asked if head.id in row.items]
    questions = tuple(
        Question(
            text=head.text,
            bar=_bar(shares),
            interval=words.percent_range(shares.interval) if shares.interval else "",
            unknown=words.share_text(row.unknown[head.id]) if head.id in row.unknown else "",
        )
        for head, shares in told
    )
    if cell is None or isinstance(cell, Hidden):
        return Division(name, None, "", (), questions, len(asked) - len(told))
    return Division(
        name=name,
        bar=_bar(cell.shares) if cell.shares else None,
        unknown=words.share_text(cell.unknown) if cell.unknown else "",
        remarks=tuple(words.together(cell)),
        questions=questions,
        left_out=len(asked) - len(told),
    )


def _bar(shares: Shares) -> Bar:
    texts = (words.share_text(one) for one in (shares.favourable, shares.neutral, shares.unfavourable))
    favourable, neutral, unfavourable = texts
    return Bar(shares.favourable, shares.unfavourable, (favourable, neutral, unfavourable))


def working(release: Release) -> Workings | None:
    """How well the questions of each dimension work; None for releases from before it was told."""
    if not release.quality:
        return None
    return Workings(
        lines=workings(release),
        has_raw=any(one.raw is not None for one in release.quality),
        notes=remarks(release),
    )
