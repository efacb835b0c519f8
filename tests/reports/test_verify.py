"""Whether a report is what its release says: genuine files, and what somebody changed in a file is found."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import NameObject
from sqlalchemy import text

from app.clients.brand import Brand, brand, put_logo
from app.clients.pictures import is_pale, make_logo
from app.db import Database
from app.releases import store
from app.releases.document.release import Release, Scored, digest, dump
from app.reports import chapters, looks, named, queries, verify
from app.reports.named import TEMPLATE
from app.reports.options import Options
from app.reports.pdf import PDF, make_pdf
from app.reports.verify import NO_LOOK, Verdict
from app.reports.work import Progress, Source, make_file
from app.reports.work import source as source_of
from tests.cast import Cast
from tests.conftest import Clock
from tests.missing import missing
from tests.reports import builder
from tests.reports.logos import drawn
from tests.reports.pdf_reader import opened
from tests.world import World

try:
    import app.reports.render  # noqa: F401  # is the native library here?
except OSError as error:
    missing(f"WeasyPrint's native library is missing: {error}")

# WeasyPrint leaves the colour profile of an archive open.
pytestmark = [pytest.mark.lived_in, pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014:ResourceWarning")]

Change = Callable[[PdfWriter], None]
FINANCE = str(UUID(int=7))
MADE: dict[object, bytes] = {}


def remembered(source: Source, progress: Progress) -> bytes:
    """What the real maker gives; each file is made once for all tests here."""
    told = (source.sha256, dump(source.release), source.options, source.brand.mark, named.TEMPLATE)
    if told not in MADE:
        MADE[told] = make_pdf(source, progress)
    return MADE[told]


@pytest.fixture(autouse=True)
def _once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "make_pdf", remembered)


def stored(database: Database, cast: Cast, wave: UUID, release: Release, now: datetime) -> UUID:
    """A release of that document, in the database."""
    with database.writing() as session:
        written = store.Written(number=release.number, document=dump(release), ledger=b"{}")
        return store.add(session, written, store.Place(cast.organisation, wave), now=now)


@pytest.fixture
def release() -> Release:
    return builder.release(number=2)


@pytest.fixture
def release_id(database: Database, cast: Cast, lived_in: World, release: Release, clock: Clock) -> UUID:
    little = builder.little_of(release)
    # Departments have ids of the database, by which records of decisions know them.
    rows = tuple(replace(row, id=FINANCE) if row.id == "finance" else row for row in little.rows)
    return stored(database, cast, lived_in.closed, replace(little, rows=rows), clock())


def source(
    database: Database,
    cast: Cast,
    release_id: UUID,
    options: Options = Options(),  # noqa: B008  # frozen
) -> Source:
    with database.reading() as session:
        return source_of(session, organisation_id=cast.organisation, release_id=release_id, options=options)


def made(database: Database, cast: Cast, release_id: UUID, **options: str) -> bytes:
    return remembered(source(database, cast, release_id, Options(**options)), lambda step: None)  # type: ignore[arg-type]


def told(database: Database, content: bytes) -> Verdict:
    with database.reading() as session:
        return verify.verify(session, content)


def saved_anew(content: bytes, change: Change = lambda writer: None) -> bytes:
    """The file as another program saves it, with something changed."""
    writer = PdfWriter(clone_from=io.BytesIO(content))
    change(writer)
    into = io.BytesIO()
    writer.write(into)
    return into.getvalue()


def test_a_file_that_the_release_gives_is_genuine_and_says_which_release_it_shows(
    database: Database, cast: Cast, release_id: UUID
) -> None:
    found = told(database, made(database, cast, release_id))
    assert found.genuine
    assert found.lines[0] == "Genuine: byte for byte what this release gives."
    assert "release 2 of wave 2026-Q3, Fernhill Instruments (fictional)" in found.lines[-1]


def test_an_edition_of_a_department_in_german_on_letter_is_genuine(
    database: Database, cast: Cast, release_id: UUID
) -> None:
    content = made(database, cast, release_id, paper="Letter", language="de", edition=FINANCE)
    assert told(database, content).lines[0] == "Genuine: byte for byte what this release gives."


def test_a_file_saved_anew_by_another_program_is_genuine_in_every_word(
    database: Database, cast: Cast, release_id: UUID
) -> None:
    found = told(database, saved_anew(made(database, cast, release_id)))
    assert found.genuine
    assert "saved anew by another program" in found.lines[0]


def forged(database: Database, cast: Cast, release_id: UUID) -> bytes:
    """The report of another document under the digest of this one: Finance stands at 82 and not at 72."""
    true = source(database, cast, release_id)
    finance = true.release.row(FINANCE)
    assert finance is not None
    cell = finance.cells["T1"]
    assert isinstance(cell, Scored)
    other = replace(finance, cells={**finance.cells, "T1": replace(cell, score=82)})
    rows = tuple(other if row.id == FINANCE else row for row in true.release.rows)
    return remembered(replace(true, release=replace(true.release, rows=rows)), lambda step: None)


def test_one_number_that_was_changed_is_found_with_its_page_and_what_it_should_be(
    database: Database, cast: Cast, release_id: UUID
) -> None:
    found = told(database, forged(database, cast, release_id))
    assert not found.genuine
    assert found.lines[0] == "Changed: this is not what the release prints."
    assert any("prints “82" in line and "where the release gives “72" in line for line in found.lines[1:-1])


def test_another_releases_report_is_told_to_be_of_that_release(
    database: Database, cast: Cast, lived_in: World, release_id: UUID, clock: Clock
) -> None:
    third = builder.little_of(builder.release(number=3))
    other = stored(database, cast, lived_in.closed, third, clock())
    found = told(database, made(database, cast, other))
    assert found.genuine
    assert "release 3 of wave" in found.lines[-1]
    assert digest(dump(third)) in found.lines[-1]


def test_a_report_of_a_release_that_is_not_here_is_unknown(database: Database, cast: Cast, release_id: UUID) -> None:
    true = source(database, cast, release_id)
    found = told(database, remembered(replace(true, sha256="ab" * 32), lambda step: None))
    assert not found.genuine
    assert found.lines[0].startswith("Release unknown here")
    assert "ab" * 32 in found.lines[1]


def test_of_a_file_of_an_older_template_it_says_that_differences_may_come_from_that(
    database: Database, cast: Cast, release_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (named, chapters):
        monkeypatch.setattr(place, "TEMPLATE", "1")
    older = made(database, cast, release_id)
    monkeypatch.undo()
    monkeypatch.setattr(verify, "make_pdf", remembered)
    found = told(database, older)
    assert not found.genuine
    assert f"it was set with template 1, and this service sets {TEMPLATE}" in found.lines[0]
    assert "Changed" not in found.lines[0]


@pytest.mark.parametrize("part", [0, 9, 1000, 0.25, 0.5, 0.99])
def test_a_truncated_file_is_refused_or_told_to_be_changed(
    database: Database, cast: Cast, release_id: UUID, part: float
) -> None:
    content = made(database, cast, release_id)
    length = int(part * len(content)) if part < 1 else int(part)
    found = told(database, content[:length])
    assert not found.genuine
    assert found.lines[0].startswith(("Not ours", "Changed", "Every word"))


@pytest.mark.parametrize(
    "content", [b"", b"Dear board,", b"%PDF-1.7\n%%EOF", b"PK\x03\x04" + b"\0" * 500, b"%PDF-1.7\n" + b"<<" * 5000]
)
def test_what_is_no_pdf_is_not_ours(database: Database, content: bytes) -> None:
    assert told(database, content) == Verdict(False, ("Not ours: this file cannot be read as a PDF.",))


def test_a_pdf_of_somebody_else_is_not_ours(database: Database) -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    into = io.BytesIO()
    writer.write(into)
    assert told(database, into.getvalue()).lines[0].startswith("Not ours: no release is named")


def stamped(writer: PdfWriter) -> None:
    writer.add_annotation(3, FreeText(text="91", rect=(100, 600, 160, 640)))


def painted_over(writer: PdfWriter) -> None:
    content = writer.pages[4].get_contents()
    assert content is not None
    content.set_data(content.get_data() + b"\n1 1 1 rg 100 300 80 20 re f")
    writer.pages[4].replace_contents(content)


def other_options(writer: PdfWriter) -> None:
    writer.add_metadata({"/plumblineoptions": "A4 en csv ²"})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (stamped, "Changed: somebody put notes, fields or stamps on top of page 4."),
        (painted_over, "the drawing differs on page 5"),
        (other_options, "Not as it was made: the file names options that no report has."),
        (lambda writer: writer.remove_page(5), "Changed: this is not what the release prints."),
    ],
    ids=["a stamp on top", "a number painted over", "options that there are not", "a page taken out"],
)
def test_what_was_done_to_a_file_is_said(
    database: Database, cast: Cast, release_id: UUID, change: Change, said: str
) -> None:
    found = told(database, saved_anew(made(database, cast, release_id), change))
    assert not found.genuine
    assert said in found.lines[0]


def test_another_typeface_under_the_same_words_is_found(database: Database, cast: Cast, release_id: UUID) -> None:
    def exchange(writer: PdfWriter) -> None:
        fonts = [one.get_object() for one in writer.pages[0]["/Resources"]["/Font"].values()]  # type: ignore[index]
        files = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
        for key, other in zip(("/FontFile2", "/FontFile3"), ("/FontFile2", "/FontFile3"), strict=True):
            there = [one for one in files if key in one]
            if len(there) > 1:
                there[0][NameObject(key)] = there[1].raw_get(other)
                return

    found = told(database, saved_anew(made(database, cast, release_id), exchange))
    assert not found.genuine
    assert "other typefaces or pictures" in found.lines[0]


def test_data_that_were_exchanged_in_an_archive_are_found(database: Database, cast: Cast, release_id: UUID) -> None:
    content = made(database, cast, release_id, format="pdfa")
    assert PdfReader(io.BytesIO(content)).attachments["release.json"]
    assert told(database, saved_anew(content)).genuine

    def exchange(writer: PdfWriter) -> None:
        (one,) = writer.attachment_list
        one.content = one.content.replace(b'"score":72', b'"score":82')

    found = told(database, saved_anew(content, exchange))
    assert not found.genuine
    assert "the attached data are not: release.json" in found.lines[0]


def placed(reader: PdfReader) -> tuple[float, float, float, float]:
    """Where the picture of the cover stands, in points: left, bottom, right, top."""
    found: list[tuple[float, float, float, float]] = []

    def see(operator: bytes, operands: list[object], matrix: list[float], _: list[float]) -> None:
        if operator == b"Do":
            across, down = matrix[4] + matrix[0], matrix[5] + matrix[3]
            left, right = sorted((matrix[4], across))
            bottom, top = sorted((matrix[5], down))
            # What WeasyPrint draws a point large is the strip's place in the structure.
            if right - left > 1:
                found.append((left, bottom, right, top))

    reader.pages[0].extract_text(visitor_operand_before=see)
    assert len(found) == 1
    return found[0]


def dress(database: Database, cast: Cast, logo: str, colour: str, now: datetime) -> Brand:
    """Gives the client another look."""
    with database.writing() as session:
        seen = looks_now(database, cast)
        put_logo(session, cast.organisation, drawn(logo), seen=seen, user_id=cast.ada, now=now)
        session.connection().execute(text("UPDATE organisation SET colour = :colour"), {"colour": colour})
    with database.reading() as session:
        return brand(session, cast.organisation)


def looks_now(database: Database, cast: Cast) -> str:
    from app.clients.brand import mark_of

    with database.reading() as session:
        return mark_of(brand(session, cast.organisation).logo)


@pytest.mark.both
def test_a_report_is_genuine_when_the_look_of_the_client_has_changed_since(
    database: Database, cast: Cast, release_id: UUID, clock: Clock
) -> None:
    before = dress(database, cast, "#204060", "#a02040", clock())
    content = made(database, cast, release_id)
    assert opened(content).metadata["/plumblinebrand"] == before.mark  # type: ignore[index]
    with database.writing() as session:
        looks.keep(session, cast.organisation, before)
        looks.keep(session, cast.organisation, before)
    after = dress(database, cast, "#802010", "#204060", clock())
    assert after.mark != before.mark
    assert made(database, cast, release_id) != content
    assert told(database, content).lines[0] == "Genuine: byte for byte what this release gives."


def test_of_a_look_that_was_not_kept_it_says_that_the_cover_was_not_compared(
    database: Database, cast: Cast, release_id: UUID, clock: Clock
) -> None:
    dress(database, cast, "#204060", "#a02040", clock())
    content = made(database, cast, release_id)
    dress(database, cast, "#802010", "#204060", clock())
    found = told(database, content)
    assert found.genuine
    assert found.lines[:2] == ("Genuine in every word.", NO_LOOK)


def test_the_worker_keeps_the_look_that_a_file_was_made_with(
    database: Database, cast: Cast, release_id: UUID, clock: Clock
) -> None:
    from app.reports import service

    look = dress(database, cast, "#204060", "#a02040", clock())
    place = {"organisation_id": cast.organisation, "release_id": release_id}
    with database.writing() as session:
        asked = service.ask(session, **place, options=Options(), now=clock())
    maker = replace(PDF, make=remembered)
    make_file(database, organisation_id=cast.organisation, report_id=asked, makers={"pdf": maker}, now=clock())
    with database.reading() as session:
        kept = queries.look(session, cast.organisation, look.mark)
        [fact] = queries.reports(session, **place)
    assert kept is not None
    assert (kept.colour, kept.width, kept.height) == ("#a02040", look.logo.width, look.logo.height)  # type: ignore[union-attr]
    with database.reading() as session:
        assert fact.basis == service.basis(session, **place, options=Options())
    assert fact.basis.endswith(f" {look.mark}")


def test_a_pale_logo_stands_on_a_ground_and_any_other_on_paper() -> None:
    assert is_pale(make_logo(drawn("#ffffff")).large)
    assert not is_pale(make_logo(drawn("#204060")).large)
    opaque = Image.new("RGB", (400, 100), "#ffffff")
    into = io.BytesIO()
    opaque.save(into, "PNG")
    assert not is_pale(make_logo(into.getvalue()).large)


@pytest.mark.parametrize("size", [(1200, 30), (40, 480), (40, 40), (1200, 480)], ids=["wide", "tall", "small", "large"])
def test_a_logo_of_any_shape_stays_on_the_cover_in_its_own_proportions(
    database: Database, cast: Cast, release_id: UUID, size: tuple[int, int]
) -> None:
    picture = make_logo(drawn("#204060", size)).large
    from app.clients.colours import colours

    look = Brand("", colours("#a02040"), picture)
    reader = opened(remembered(replace(source(database, cast, release_id), brand=look), lambda step: None))
    left, bottom, right, top = placed(reader)
    assert (right - left) / (top - bottom) == pytest.approx(picture.width / picture.height, rel=0.02)
    millimetre = 72 / 25.4
    assert left == pytest.approx(48 * millimetre, abs=1)
    assert right - left <= 97 * millimetre
    assert top - bottom <= 23 * millimetre
    assert top <= 297 * millimetre - 20 * millimetre
