"""Figures as files: each stands alone, says in words what it shows, and holds the numbers of the release."""

import io
import re
import zipfile
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from app.exports.drawings import figures
from app.exports.sheet import WIDTH, Sheet, wrapped
from app.releases.document.release import Release, Scored
from tests.exports.stage import FAR, LONG, RELEASES, made, source
from tests.reports import deciding, richer

SVG = "{http://www.w3.org/2000/svg}"
EVERY = {**RELEASES, "rich": richer.rich()}
PLAIN = {f"{SVG}{name}" for name in ("svg", "title", "desc", "rect", "g", "path", "text", "circle")}
every_release = pytest.mark.parametrize("release", EVERY.values(), ids=EVERY)


def drawn(release: Release, language: str = "en") -> dict[str, ElementTree.Element]:
    found = figures(source(release, "svg", language))
    assert len({name for name, _ in found}) == len(found)
    return {name: ElementTree.fromstring(content.decode()) for name, content in found}


def texts(figure: ElementTree.Element) -> str:
    return " ".join(one.text or "" for one in figure.iter(f"{SVG}text"))


@every_release
@pytest.mark.parametrize("language", ["en", "de"])
def test_each_figure_stands_alone_and_says_what_it_shows(release: Release, language: str) -> None:
    for name, figure in drawn(release, language).items():
        assert {one.tag for one in figure.iter()} <= PLAIN, name
        assert not any(re.match(r"on|style|(.*})?href", key) for one in figure.iter() for key in one.attrib), name
        told = [figure.find(f"{SVG}{part}") for part in ("title", "desc")]
        assert all(part is not None and part.text for part in told), name
        assert figure.get("aria-labelledby") == "title desc"
        assert figure.get("{http://www.w3.org/XML/1998/namespace}lang") == language
        fonts = {one.get("font-family") for one in figure.iter(f"{SVG}text")}
        assert fonts == {"Inter, Arial, Helvetica, sans-serif"}, name
        assert release.wave.label in texts(figure)


@every_release
def test_the_heatmap_has_each_score_of_each_row(release: Release) -> None:
    heatmap = drawn(release)["heatmap.svg"]
    told = [
        re.sub(r"\D", "", one.text or "") for one in heatmap.iter(f"{SVG}text") if one.get("text-anchor") == "middle"
    ]
    scores = [row.cells[head.id] for row in release.rows for head in release.dimensions]
    assert not Counter(str(one.score) for one in scores if isinstance(one, Scored)) - Counter(told)


def test_there_is_a_figure_for_all_that_the_release_tells() -> None:
    names = set(drawn(richer.rich()))
    assert {
        "heatmap.svg",
        "trust-and-readiness.svg",
        "what-goes-with-willingness.svg",
        "leaders-and-staff.svg",
    } <= names
    assert "dimension-t1.svg" in names
    assert any(name.startswith("questions-01-") for name in names)
    assert set(drawn(RELEASES["silent"])) >= {"heatmap.svg", "dimension-t1.svg"}


def test_each_row_that_the_report_prints_has_a_figure_of_its_scores() -> None:
    release = EVERY["rich"]
    found = drawn(release)
    shown = [row for row in release.rows if any(isinstance(row.cells[head.id], Scored) for head in release.dimensions)]
    of_rows = {name: figure for name, figure in found.items() if name.startswith("scores-")}
    assert len(of_rows) == len(shown)
    finance = release.row("finance")
    assert finance is not None
    told = texts(of_rows["scores-01-finance.svg"])
    for head in release.dimensions:
        cell = finance.cells[head.id]
        assert head.name in told
        assert isinstance(cell, Scored)
        assert str(cell.score) in told


def test_the_map_of_a_record_is_a_figure_with_a_number_for_each_workflow() -> None:
    release = deciding.with_workflows()
    record = deciding.record(release)
    found = dict(figures(replace(source(release, "svg"), record=record)))
    figure = ElementTree.fromstring(found["opportunity-map.svg"].decode())
    assert len(list(figure.iter(f"{SVG}circle"))) >= len(record.points)
    assert all(f"{number} {one.name}" in texts(figure) for number, one in enumerate(record.points[:1], start=1))
    described = figure.find(f"{SVG}desc")
    assert described is not None
    assert described.text is not None
    assert all(one.name in described.text for one in record.points)
    assert "opportunity-map.svg" not in dict(figures(source(release, "svg")))


def test_no_text_leaves_the_sheet_and_long_names_are_cut_or_wrapped() -> None:
    for name, figure in drawn(RELEASES["odd names"]).items():
        height = float(figure.get("height", "0"))
        for one in figure.findall(f"{SVG}text"):
            assert 0 <= float(one.get("x", "-1")) <= WIDTH, name
            assert 0 <= float(one.get("y", "-1")) <= height, name
    assert any(FAR in (one.text or "") for one in drawn(RELEASES["odd names"])["heatmap.svg"].iter(f"{SVG}text"))
    assert all(len(line) < 60 for line in wrapped(LONG.replace(" ", ""), 200, 13))


def test_what_no_xml_may_hold_is_left_out() -> None:
    made_of = Sheet("a\x00b", "c\x0bd", language="en")
    made_of.heading("<e>\x1f & f")
    assert ElementTree.fromstring(made_of.done((), "g").decode()).find(f"{SVG}title") is not None


def test_the_archive_of_figures_has_each_of_them_and_the_same_bytes_each_time() -> None:
    release = EVERY["rich"]
    content = made(release, "svg")
    assert content == made(release, "svg")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert tuple((name, archive.read(name)) for name in archive.namelist()) == figures(source(release, "svg"))
