"""Files of evidence: what would run, fetch or carry something by itself is refused, each in a sentence of its own."""

import csv
import io
import time
import zipfile
import zlib
from collections.abc import Mapping

import pytest
from pypdf import PdfWriter
from pypdf.actions import JavaScript

from app.errors import InvalidError
from app.evidence import active, files

RELATIONS = '<Relationships xmlns="x">{}</Relationships>'
FETCHES = "fetches something from elsewhere"
LINK = '<Relationship Id="r1" Type="http://schemas/officeDocument/relationships/{}" Target="{}" TargetMode="External"/>'
BODY = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


def pdf(write=lambda _writer: None) -> bytes:
    """A real PDF of one page, with what `write` puts into it."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    write(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def office(kind: str, parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in {BODY[kind]: "<x/>", **parts}.items():
            file.writestr(name, text)
    return out.getvalue()


def related(kind: str, target: str = "https://example.org/x") -> dict[str, str]:
    return {"word/_rels/document.xml.rels": RELATIONS.format(LINK.format(kind, target))}


def told(name: str, content: bytes) -> str:
    with pytest.raises(InvalidError) as refused:
        files.check(name, content)
    return str(refused.value.fields["file"])


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        (lambda one: one.add_open_action(JavaScript("app.alert(1)")), "holds a script or a macro"),
        (lambda one: one.add_attachment("more.xlsx", b"x"), "has other files inside it"),
        (lambda one: one.encrypt("secret"), "is protected with a password"),
    ],
)
def test_a_real_pdf_with_a_script_a_file_or_a_password_is_refused(write, sentence: str) -> None:
    assert sentence in told("rules.pdf", pdf(write))


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (b"/S /Launch /F (x.exe)", "starts a program"),
        (b"/S /SubmitForm", "starts a program"),
        (b"/S /GoTo#52 /F (other.pdf)", "starts a program"),
        (b"/AcroForm << /XFA 3 0 R >>", "holds a script or a macro"),
        (b"/Type /ObjStm /Filter /LZWDecode >>\nstream\nxx\nendstream", "cannot be looked into"),
        (b"/Type /ObjStm >>\nstream\n<< /S /JavaScript >>\nendstream", "holds a script or a macro"),
        (b"/Type /Obj#53tm /Filter /FlateDecode >>\nstream\nno\nendstream", "cannot be looked into"),
    ],
)
def test_what_a_pdf_does_by_itself_is_found_however_it_is_written(part: bytes, sentence: str) -> None:
    assert sentence in told("rules.pdf", pdf() + b"\n9 0 obj <<" + part)


PACKED = zlib.compress(b"1 0 << /S /JavaScript >>")
HIDDEN = b"".join(b"%c" % (one ^ 1) for one in PACKED)


@pytest.mark.parametrize(
    ("told_first", "packed", "sentence"),
    [
        (b"/Type /ObjStm" + b" " * 2100, b"<< /S /JavaScript >>", "holds a script or a macro"),
        (b"/Type /ObjStm" + b" " * 2100 + b"/Filter /FlateDecode", PACKED, "holds a script or a macro"),
        (b"/Filter /LZWDecode /Type /ObjStm" + b" " * 2100, HIDDEN, "cannot be looked into"),
        (b"/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]", PACKED.hex().encode(), "cannot be looked into"),
        (b"/Type /ObjStm /Filter [/FlateDecode /FlateDecode]", zlib.compress(PACKED), "cannot be looked into"),
        (b"/Type /ObjStm /Filter 5 0 R", HIDDEN, "cannot be looked into"),
        (
            b"/Type /ObjStm /Filter /FlateDecode /DecodeParms << /Predictor 12 >>",
            zlib.compress(b"hidden"),
            "cannot be looked into",
        ),
    ],
)
def test_objects_packed_together_are_looked_into_from_their_beginning_or_refused(
    told_first: bytes, packed: bytes, sentence: str
) -> None:
    content = pdf() + b"\n9 0 obj <<" + told_first + b">>\nstream\n" + packed + b"\nendstream"
    assert sentence in told("rules.pdf", content)


def test_objects_packed_together_in_the_usual_way_are_taken() -> None:
    usual = b"\n9 0 obj <</Type /ObjStm /Filter /FlateDecode /DecodeParms << /Predictor 1 >> >>\nstream\n"
    files.check("rules.pdf", pdf() + usual + zlib.compress(b"1 0 << /Type /Font >>") + b"\nendstream")


def test_objects_that_unpack_to_more_than_can_be_looked_at_are_refused() -> None:
    huge = zlib.compress(b"<<>>" + b" " * (active._MOST + 10), 9)
    assert "cannot be looked into" in told(
        "rules.pdf", pdf() + b"\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + huge + b"\nendstream"
    )


@pytest.mark.parametrize(
    ("name", "parts", "sentence"),
    [
        ("rules.docx", {"word/vbaProject.bin": "x"}, "holds a script or a macro"),
        ("rules.xlsx", {"xl/macrosheets/sheet1.xml": "x"}, "holds a script or a macro"),
        ("rules.pptx", {"ppt/embeddings/oleObject1.bin": "x"}, "has other files inside it"),
        ("rules.xlsx", {"xl/externalLinks/externalLink1.xml": "x"}, FETCHES),
        ("rules.xlsx", {"xl/connections.xml": "x"}, FETCHES),
        ("rules.docx", related("attachedTemplate"), FETCHES),
        ("rules.docx", related("image", "file://server/share/a.png"), FETCHES),
        (
            "rules.docx",
            {"word/document.xml": "<w:instrText>DD</w:instrText><w:instrText xml:space='x'>EAUTO c:\\x</w:instrText>"},
            FETCHES,
        ),
        (
            "rules.docx",
            {"word/document.xml": '<w:fldSimple w:instr=" dde excel "/>'},
            FETCHES,
        ),
    ],
)
def test_a_document_that_runs_carries_or_fetches_something_is_refused(
    name: str, parts: Mapping[str, str], sentence: str
) -> None:
    assert sentence in told(name, office(name.rpartition(".")[2], parts))


@pytest.mark.parametrize("part", ["word/header2.xml", "word/footnotes.xml", "Word/comments.XML", "word/glossary/d.xml"])
@pytest.mark.parametrize("field", ["INCLUDEPICTURE http://x", "DDEAUTO c:x"])
def test_every_part_that_word_shows_is_looked_at(part: str, field: str) -> None:
    assert FETCHES in told("rules.docx", office("docx", {part: f"<w:instrText>{field}</w:instrText>"}))


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_part_in_which_no_word_would_be_found_is_refused(coding: str) -> None:
    parts = {"word/_rels/settings.xml.rels": related("attachedTemplate").popitem()[1].encode(coding)}
    assert "cannot be looked into" in told("rules.docx", office("docx", parts))


def test_a_workbook_that_asks_another_program_by_dde_is_refused() -> None:
    parts = {"xl/externalLinks/externalLink1.xml": "<ddeLink ddeService='cmd' ddeTopic='x'/>"}
    assert FETCHES in told("rules.xlsx", office("xlsx", parts))


def test_a_document_that_unpacks_to_more_than_can_be_looked_at_is_refused() -> None:
    parts = {"word/_rels/document.xml.rels": " " * (active._MOST + 1)}
    assert "cannot be looked into" in told("rules.docx", office("docx", parts))


@pytest.mark.parametrize(
    ("text", "line", "cell"),
    [
        ("case,right\n1,=cmd|' /C calc'!A0\n", 2, "=cmd"),
        ("a;b\n\n3;@SUM(1+1)*cmd\n", 3, "@SUM"),
        ('"=HYPERLINK(""http://x"")",1\n', 1, "=HYPERLINK"),
        ("a\t+cmd|x\n", 1, "+cmd"),
        ("\ufeff-2+3+cmd|' /C calc'!A0,1\n", 1, "-2+3"),
    ],
)
def test_a_list_with_a_formula_is_refused_with_its_line(text: str, line: int, cell: str) -> None:
    sentence = told("cases.csv", text.encode())
    assert f"Line {line} of “cases.csv” begins a cell with “{cell}" in sentence


@pytest.mark.parametrize(
    "text", ["who\n@team channel\n", "a,+5 (estimate)\n", '1,"first\n= second",2\n', "-1," + "a" * 200_000]
)
def test_an_ordinary_list_is_taken(text: str) -> None:
    most = csv.field_size_limit()
    files.check("cases.csv", text.encode())
    assert csv.field_size_limit() == most


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rules.pdf", pdf()),
        ("rules.docx", office("docx", related("hyperlink"))),
        ("rules.xlsx", office("xlsx", {})),
        ("cases.csv", b'case,off\n1,-5.2\n2,+3\n3,- nothing\nwho said,"see, =) and @kim"\n'),
        ("notes.txt", b"=1+1 is no formula in a text"),
    ],
)
def test_a_file_that_only_shows_something_is_taken(name: str, content: bytes) -> None:
    files.check(name, content)


@pytest.mark.parametrize(
    ("name", "piece", "most"),
    [
        ("rules.docx", "<w:instrText ", 4000),
        ("rules.docx", "<Relationship ", 4000),
        ("rules.docx", "<Relationship a='", 4000),
        ("rules.docx", "w:instr ", 8000),
        ("cases.csv", "\t", 10000),
        ("cases.csv", " ", 10000),
        ("cases.csv", '"', 10000),
    ],
)
def test_looking_at_four_times_as_much_takes_no_more_than_about_four_times_as_long(
    name: str, piece: str, most: int
) -> None:
    def taken(count: int) -> float:
        content = office("docx", {BODY["docx"]: piece * count}) if name.endswith("docx") else (piece * count).encode()
        times = []
        for _ in range(3):
            before = time.process_time()
            active.found(name.rpartition(".")[2], content, name=name)
            times.append(time.process_time() - before)
        return min(times)

    assert taken(4 * most) < 8 * taken(most) + 0.02


def test_a_part_that_is_too_large_or_packed_in_an_unusual_way_is_refused() -> None:
    large = {"word/_rels/document.xml.rels": " " * (active._LARGEST + 1)}
    assert "cannot be looked into" in told("rules.docx", office("docx", large))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as file:
        file.writestr("word/document.xml", "<x/>")
    assert "cannot be looked into" in told("rules.docx", out.getvalue())
