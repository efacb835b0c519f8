"""The report for everybody: structure and tags of the real file, and that each check can fail.

No checker such as veraPDF is among our tools. This is written after the standards and proves no conformity.
"""

import io
from collections.abc import Callable
from functools import cache

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, NameObject, NumberObject, TextStringObject

from app.releases.document.release import digest, dump
from app.reports.chapters import ReportDocument, build
from app.reports.options import Options
from app.reports.work import Source
from tests.missing import missing
from tests.reports import builder, deciding, richer, structure
from tests.reports.drawing import Pdf, pages_of
from tests.reports.pdf_reader import opened, squeezed

try:
    from app.reports import render
    from app.reports.pdf import make_pdf
except OSError as error:
    missing(f"WeasyPrint's native library is missing: {error}")

# WeasyPrint leaves the colour profile of an archive open.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014:ResourceWarning")

ALL = {
    "the report": (richer.rich, Options()),
    "in German, on Letter": (richer.rich, Options("Letter", "de")),
    "a department's edition": (richer.rich, Options(edition="finance")),
    "the archive": (builder.little, Options(format="pdfa")),
    "nothing shown": (richer.suppressed, Options()),
    "few rows": (builder.little, Options("Letter")),
    "what to automate": (deciding.with_workflows, Options("A4", "de")),
}


@cache
def made(name: str) -> tuple[bytes, str]:
    """The file, and the page that it was made from."""
    build_release, options = ALL[name]
    release = build_release()
    raw = dump(release)
    record = deciding.record(release) if release.workflows else None
    source = Source(release=release, raw=raw, sha256=digest(raw), options=options, record=record)
    document: ReportDocument = build(release, sha256=source.sha256, options=options, record=record)
    return make_pdf(source, lambda step: None), render.page(document)


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_wrong_with_the_structure_of_a_report(name: str) -> None:
    content, page = made(name)
    assert structure.faults(opened(content), page) == []


def first(writer: Pdf, kind: str) -> Pdf:
    """The first element of that type in the structure."""
    return next(node.element for node in structure.walked(structure.structure(writer)) if node.kind == kind)


def without(name: str, *path: str) -> Callable[[Pdf], None]:
    """Takes an entry out of what lies at a path from the root."""

    def change(writer: Pdf) -> None:
        node = writer.root_object
        for key in path:
            node = node[key].get_object()
        del node[NameObject(name)]

    return change


def of_first(kind: str, change: Callable[[Pdf], None]) -> Callable[[Pdf], None]:
    return lambda writer: change(first(writer, kind))


def no_scope(head: Pdf) -> None:
    del head["/A"][NameObject("/Scope")]


def no_headers(cell: Pdf) -> None:
    cell["/A"][NameObject("/Headers")] = ArrayObject()


def deeper(heading: Pdf) -> None:
    heading[NameObject("/S")] = NameObject("/H4")


def turned_round(writer: Pdf) -> None:
    """Puts what is read first at the end."""
    kids = writer.root_object["/StructTreeRoot"]["/K"][0].get_object()["/K"]
    kids.append(kids.pop(0))


def paler(writer: Pdf) -> None:
    """Sets all texts of the third page in a light grey."""
    content = writer.pages[2]["/Contents"].get_object()
    told = content.get_data()
    other = DecodedStreamObject()
    other.set_data(told.replace(b"\nBT", b"\n0.8 0.8 0.8 rg\nBT"))
    writer.pages[2][NameObject("/Contents")] = writer._add_object(other)


def no_typeface(writer: Pdf) -> None:
    for font in writer.pages[0]["/Resources"]["/Font"].values():
        described = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        for key in ("/FontFile2", "/FontFile3"):
            described.pop(NameObject(key), None)


def no_words_in_links(writer: Pdf) -> None:
    for page in writer.pages:
        for one in page.get("/Annots", []):
            one.get_object()[NameObject("/Contents")] = TextStringObject("")


def nowhere(writer: Pdf) -> None:
    page = next(page for page in writer.pages if "/Annots" in page)
    page["/Annots"][0].get_object()[NameObject("/Dest")] = TextStringObject("elsewhere")


def no_tabs(writer: Pdf) -> None:
    del writer.pages[1][NameObject("/Tabs")]


def lost(writer: Pdf) -> None:
    """Cuts a paragraph out of the structure, and leaves it on the page."""
    first(writer, "/P")[NameObject("/K")] = ArrayObject()


def other_bookmark(writer: Pdf) -> None:
    writer.root_object["/Outlines"]["/First"].get_object()[NameObject("/Title")] = TextStringObject("Something else")


def other_place(figure: Pdf) -> None:
    figure["/A"][NameObject("/BBox")] = ArrayObject([NumberObject(one) for one in (0, 900, 100, 1000)])


def not_ua(writer: Pdf) -> None:
    metadata = writer.root_object["/Metadata"].get_object()
    metadata.set_data(metadata.get_data().replace(b"pdfuaid", b"other"))


def not_a(writer: Pdf) -> None:
    metadata = writer.root_object["/Metadata"].get_object()
    metadata.set_data(metadata.get_data().replace(b'conformance="A"', b'conformance="B"'))


def unrelated(writer: Pdf) -> None:
    del writer.root_object["/AF"][0].get_object()[NameObject("/AFRelationship")]


BROKEN: dict[str, tuple[str, Callable[[Pdf], None], str]] = {
    "no identification": ("few rows", not_ua, "PDF/UA-1"),
    "no tags": ("few rows", without("/MarkInfo"), "not marked as tagged"),
    "no language": ("few rows", without("/Lang"), "names no language"),
    "no title shown": ("few rows", without("/DisplayDocTitle", "/ViewerPreferences"), "viewers show the file's name"),
    "a figure without words": (
        "few rows",
        of_first("/Figure", lambda one: one.pop(NameObject("/Alt"))),
        "no alternative text",
    ),
    "a figure beside the page": ("few rows", of_first("/Figure", other_place), "where it stands"),
    "a head without a scope": ("few rows", of_first("/TH", no_scope), "what it heads"),
    "a cell without heads": ("few rows", of_first("/TD", no_headers), "tied to no head cell"),
    "a level skipped": ("few rows", of_first("/H3", deeper), "a heading of level 4 follows"),
    "another order": ("few rows", turned_round, "not read in its place"),
    "a paragraph lost": ("few rows", lost, "held by no element"),
    "pale words": ("few rows", paler, "cannot be read"),
    "no typeface": ("few rows", no_typeface, "is not embedded"),
    "links without words": ("few rows", no_words_in_links, "where it leads"),
    "a link to nowhere": ("few rows", nowhere, "leads nowhere"),
    "no order for keys": ("few rows", no_tabs, "keys do not walk page 2"),
    "another bookmark": ("few rows", other_bookmark, "bookmarks are not the headings"),
    "no profile": ("the archive", without("/OutputIntents"), "no output intent"),
    "another form of archive": ("the archive", not_a, "PDF/A-3a"),
    "no associated file": ("the archive", without("/AF"), "no associated file"),
    "data without a relation": ("the archive", unrelated, "how it belongs"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_check_finds_what_it_is_for(name: str) -> None:
    base, change, said = BROKEN[name]
    content, page = made(base)
    writer = PdfWriter(clone_from=io.BytesIO(content))
    change(writer)
    into = io.BytesIO()
    writer.write(into)
    found = structure.faults(opened(into.getvalue()), page)
    assert any(said in one for one in found), found


def test_an_encrypted_file_is_found() -> None:
    content, page = made("the archive")
    writer = PdfWriter(clone_from=io.BytesIO(content))
    writer.encrypt("", algorithm="RC4-40")
    into = io.BytesIO()
    writer.write(into)
    reader = opened(into.getvalue())
    assert "it is encrypted" in structure.faults(reader, page)


def test_running_heads_are_on_every_page_and_in_no_structure() -> None:
    reader = opened(made("few rows")[0])
    for found in pages_of(reader)[1:]:
        aside = squeezed("".join(one.text for one in found if one.content is None))
        assert "FernhillInstruments(fictional)·2026-Q3" in aside
        assert "Confidential" in aside
