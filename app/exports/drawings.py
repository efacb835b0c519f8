"""The figures of a release as SVG files, those of report and console: each by itself, all in an archive. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from app.exports import heatmap
from app.exports.archive import packed
from app.exports.sheet import EDGE, ROOM, Sheet
from app.figures import dots, squares
from app.figures.distributions import Asked, distributions
from app.opportunity.drawing import ZoneMap
from app.releases.document.release import Scored
from app.reports import automating, beside, findings
from app.reports.extent import extent
from app.reports.options import BOARD
from app.reports.paper import BROAD
from app.reports.phrases import row_name
from app.reports.service import plain
from app.reports.work import Source
from app.sentences import Passage, say
from app.web.speech import Speech, speech
from app.web.templating import make_environment

MACROS: Final = "reports/_figures.html"
SQUARE: Final = 620
QUESTION, SHARE = 400, 80
LONGEST: Final = 60
DARK: Final = "#16202b"


def archive(source: Source) -> bytes:
    """All figures as an archive of SVG files."""
    return packed(figures(source))


def figures(source: Source) -> tuple[tuple[str, bytes], ...]:
    """All figures that a release can tell of, as names of files and their bytes."""
    return tuple((f"{name}.svg", content) for name, content in _Artist(source).everything())


@dataclass
class _Artist:
    """Draws the figures of a release in one language."""

    source: Source

    @cached_property
    def spoken(self) -> Speech:
        return speech(self.source.options.language)

    @cached_property
    def macros(self) -> Any:  # Any: a template as a module, whose macros have no types
        return make_environment(self.spoken).get_template(MACROS).module

    def say(self, value: object) -> str:
        return str(self.spoken.say(value))

    def sheet(self, title: str, described: str) -> Sheet:
        made = Sheet(self.say(title), self.say(described), language=self.spoken.language.tag)
        made.heading(self.say(title))
        return made

    def done(self, sheet: Sheet, notes: tuple[str, ...] = ()) -> bytes:
        release = self.source.release
        foot = (
            release.wave.organisation,
            release.wave.label,
            say("release {number}", number=release.number),
            say("Confidential"),
        )
        return sheet.done([self.say(one) for one in notes], self.say(Passage(foot, " · ")))

    def everything(self) -> Iterator[tuple[str, bytes]]:
        release = self.source.release
        yield "heatmap", self.heatmap()
        square = squares.quadrants(release)
        if square.points:
            yield "trust-and-readiness", self.field(square)
        driven = squares.drivers(release)
        if driven is not None and driven.points:
            yield "what-goes-with-willingness", self.field(driven)
        apart = dots.leaders(release, BROAD)
        if apart is not None:
            yield "leaders-and-staff", self.dots(apart)
        for head in release.dimensions:
            yield f"dimension-{plain(head.id)}", self.dots(dots.dots(release, head, BROAD))
        yield from self.rows()
        record = self.source.record
        if record and (found := automating.drawn(automating.first_of(record), record.points)) is not None:
            yield "opportunity-map", self.zones(found)
        for place, asked in enumerate(distributions(release, release.organisation), start=1):
            yield f"questions-{place:02}-{plain(asked.name) or 'more'}", self.questions(asked)

    def rows(self) -> Iterator[tuple[str, bytes]]:
        """Each row that the report prints, on all dimensions."""
        printed = extent(self.source.release, BOARD).printed
        for place, row in enumerate((*printed.rows[1:], printed.organisation), start=1):
            if any(isinstance(row.cells.get(head.id), Scored) for head in printed.dimensions):
                name = row_name(row)
                title = say("{name}: {value}", name=name, value=beside.page_headline(printed, row))
                drawn = dots.of_row(printed, row, title=title, spacing=BROAD)
                yield f"scores-{place:02}-{plain(name)[:LONGEST] or 'more'}", self.dots(drawn)

    def zones(self, figure: ZoneMap) -> bytes:
        sheet = self.sheet(figure.title, figure.described)
        sheet.paragraph(self.say(say("What agents can do today across, wish of staff upwards, both from 1 to 5.")))
        left = EDGE + (ROOM - SQUARE) / 2
        sheet.y += sheet.put(self.macros.zones(figure), left, sheet.y, SQUARE)
        names = Passage((say("{number} {name}", number=one.number, name=one.name) for one in figure.lines), " · ")
        return self.done(sheet, (names, *figure.notes[1:]))

    def heatmap(self) -> bytes:
        release = self.source.release
        title = findings.heat_headline(release, release.organisation)
        sheet = self.sheet(title, say("Scores from 0 to 100"))
        heatmap.draw(sheet, release, self.say)
        return self.done(
            sheet, (say("Numbers are scores from 0 to 100; grey cells are not shown, to protect small groups."),)
        )

    def dots(self, figure: dots.Dots) -> bytes:
        sheet = self.sheet(figure.title, figure.described)
        sheet.paragraph(self.say(figure.about))
        sheet.y += sheet.put(self.macros.dots(figure, self.macros.BROAD), EDGE, sheet.y, ROOM)
        return self.done(sheet, figure.notes)

    def field(self, figure: squares.Field) -> bytes:
        sheet = self.sheet(figure.title, figure.described)
        sheet.paragraph(self.say(figure.about))
        left = EDGE + (ROOM - SQUARE) / 2
        sheet.y += sheet.put(self.macros.field(figure), left, sheet.y, SQUARE)
        names = Passage((Passage(line[: figure.table.named_by + 1]) for line in figure.table.lines if line[0]), " · ")
        return self.done(sheet, (names, *figure.notes))

    def questions(self, asked: Asked) -> bytes:
        whole = self.source.release.organisation
        told = say("{name}: {value}", name=asked.name, value=findings.answered(whole))
        sheet = self.sheet(told, Passage((Passage((one.text, one.described)) for one in asked.questions), "; "))
        drawn = ROOM - QUESTION - 3 * SHARE - 20
        heads = (say("Yes"), say("Neither"), say("No"))
        ends = [EDGE + ROOM - (2 - place) * SHARE for place in range(3)]
        for end, head in zip(ends, heads, strict=True):
            sheet.text(self.say(head), end, sheet.y + 12, size=12, colour="#55606b", anchor="end")
        sheet.y += 26
        for one in asked.questions:
            lines = sheet.text(self.say(one.text), EDGE, sheet.y + 15, size=14, room=QUESTION - 20, most=4)
            tall = sheet.put(self.macros.around(one), EDGE + QUESTION, sheet.y, drawn)
            for end, share in zip(ends, one.texts, strict=True):
                sheet.text(self.say(share), end, sheet.y + 15, size=14, anchor="end")
            sheet.y += max(lines * 19, tall) + 14
        return self.done(
            sheet, (say("Yes is drawn to the right, no to the left; the middle of the scale lies half on each side."),)
        )
