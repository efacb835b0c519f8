"""Asking for a report, watching it being made, fetching it; and what the page says when it cannot be made."""

import hashlib
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib.machinery import ModuleSpec
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.errors import UnavailableError
from app.jobs import queries as jobs
from app.jobs.service import LEASE, MAX_ATTEMPTS, take
from app.releases import store
from app.reports import pdf, queries, service
from app.reports.chapters import ReportDocument
from app.reports.formats import FORMATS
from app.reports.options import Options
from app.reports.pdf import PDF, STARTS
from app.reports.queries import ReportFacts
from app.reports.steps import READING
from app.reports.work import Steps, make_file
from app.worker import Worker
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.world import World

pytestmark = pytest.mark.lived_in


@pytest.fixture
def release_id(database: Database, cast: Cast, lived_in: World) -> UUID:
    with database.reading() as session:
        found = store.latest(session, cast.organisation, lived_in.closed)
    assert found is not None
    return found.id


@pytest.fixture
def address(cast: Cast, lived_in: World) -> str:
    return f"/organisations/{cast.organisation}/waves/{lived_in.closed}/report"


@pytest.fixture
def asked(database: Database, cast: Cast, release_id: UUID, clock: Clock) -> UUID:
    """A report on A4 that was asked for."""
    with database.writing() as session:
        return service.ask(
            session, organisation_id=cast.organisation, release_id=release_id, options=Options(), now=clock()
        )


def facts(database: Database, cast: Cast, release_id: UUID) -> ReportFacts:
    with database.reading() as session:
        (only,) = queries.reports(session, cast.organisation, release_id)
    return only


def note_failure(database: Database, cast: Cast, report_id: UUID, error: str) -> None:
    with database.writing() as session:
        service.note_failure(session, organisation_id=cast.organisation, report_id=report_id, error=error)


def drawn(document: ReportDocument, *, on_progress: Callable[[str], None], data: bytes = b"") -> bytes:
    """Stands for the renderer: a file as large as a report. The real one works in tests/test_one_document.py."""
    for start in STARTS:
        on_progress(start)
    return b"%PDF-1.7\n" + document.front.title.encode() + bytes(range(256)) * 1000


@pytest.mark.both
def test_a_report_is_made_in_the_background_and_downloaded(
    client: TestClient,
    database: Database,
    cast: Cast,
    address: str,
    release_id: UUID,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf, "_pdf", lambda: drawn)
    sign_in(client, "Ada")
    assert 'Make<span class="hidden"> Report (PDF), English, A4</span>' in client.get(address).text
    assert client.post(address, data={"paper": "A4"}).status_code == 303
    waiting = client.get(address).text
    assert "waits for its turn" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert "Look again" in waiting
    assert Worker(database, clock=clock).work_once()
    ready = client.get(address)
    assert 'Download<span class="hidden"> Report (PDF), English, A4</span>' in ready.text
    assert "<small>256 kB</small>" in ready.text
    assert "every 2s" not in ready.text
    file = client.get(f"{address}.pdf?paper=A4")
    assert file.status_code == 200
    assert file.headers["content-type"] == "application/pdf"
    name = "fernhill-instruments-fictional-2026-q3-release1.pdf"
    assert file.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert file.content.startswith(b"%PDF-1.7\nTrust in AI agents and readiness for them: Fernhill Instruments")
    assert file.content.endswith(bytes(range(256)) * 1000)
    assert file.headers["etag"] == f'"{hashlib.sha256(file.content).hexdigest()}"'
    done = facts(database, cast, release_id)
    assert (done.state, done.done_steps) == ("done", 1 + len(PDF.steps))


def test_asking_twice_is_asking_once(
    database: Database, cast: Cast, release_id: UUID, asked: UUID, clock: Clock
) -> None:
    with database.writing() as session:
        again = service.ask(
            session, organisation_id=cast.organisation, release_id=release_id, options=Options(), now=clock()
        )
        job = jobs.job(session, kind="report", subject_id=asked)
    assert again == asked
    assert job is not None
    assert job.state == "waiting"
    assert facts(database, cast, release_id).state == "waiting"


def test_the_steps_on_the_page_are_those_of_the_renderer(
    client: TestClient, database: Database, cast: Cast, address: str, asked: UUID
) -> None:
    with database.writing() as session:
        service.begin(session, organisation_id=cast.organisation, report_id=asked)
    steps = Steps(database, cast.organisation, asked, (READING, *PDF.steps))
    steps(3)
    steps(3)
    steps(1)
    sign_in(client, "Ada")
    page = client.get(address).text
    assert "Step 5 of 7: laying out the pages." in page
    assert '<progress value="4" max="7"' in page


@pytest.mark.usefixtures("asked")
def test_a_report_that_takes_long_says_so(client: TestClient, address: str, clock: Clock) -> None:
    clock.advance(minutes=3)
    sign_in(client, "Ada")
    assert "takes longer than usual" in client.get(address).text


def test_a_failed_report_says_so_and_can_be_asked_for_again(
    client: TestClient, database: Database, cast: Cast, address: str, release_id: UUID, asked: UUID
) -> None:
    note_failure(database, cast, asked, queries.FAILED)
    sign_in(client, "Ada")
    page = client.get(address)
    assert page.status_code == 200
    assert "could not be made" in page.text
    assert "Try again" in page.text
    assert client.post(address, data={"paper": "A4"}).status_code == 303
    now = facts(database, cast, release_id)
    assert (now.state, now.error) == ("waiting", None)


def test_a_report_whose_worker_was_killed_every_time_shows_as_failed_and_can_be_asked_for_again(
    client: TestClient, database: Database, cast: Cast, address: str, release_id: UUID, asked: UUID, clock: Clock
) -> None:
    for number in range(MAX_ATTEMPTS + 1):
        with database.writing() as session:
            taken = take(session, worker=f"killed {number}", now=clock())
            assert (taken is None) == (number == MAX_ATTEMPTS)
            if taken:
                service.begin(session, organisation_id=cast.organisation, report_id=asked)
        clock.now += LEASE + timedelta(seconds=1)
    assert facts(database, cast, release_id).state == "failed"
    sign_in(client, "Ada")
    page = client.get(address).text
    assert "could not be made" in page
    assert "every 2s" not in page
    assert client.post(address, data={"paper": "A4"}).status_code == 303
    assert facts(database, cast, release_id).state == "waiting"
    with database.reading() as session:
        job = jobs.job(session, kind="report", subject_id=asked)
    assert job is not None
    assert (job.state, job.attempts) == ("waiting", 0)


# SQLite has one writer at a time.
@pytest.mark.parametrize("template", ["postgresql"], indirect=True)
def test_two_people_who_ask_at_the_same_moment_ask_once(
    database: Database, cast: Cast, release_id: UUID, clock: Clock
) -> None:
    def ask() -> None:
        with database.writing() as session:
            service.ask(
                session, organisation_id=cast.organisation, release_id=release_id, options=Options(), now=clock()
            )

    second = threading.Thread(target=ask)
    with database.writing() as session:
        service.ask(session, organisation_id=cast.organisation, release_id=release_id, options=Options(), now=clock())
        second.start()
        time.sleep(0.3)
    second.join(30)  # an error in the thread would fail the test as a warning
    assert facts(database, cast, release_id).state == "waiting"


def test_a_missing_library_is_named_on_a_page_with_status_503(
    client: TestClient, database: Database, cast: Cast, address: str, asked: UUID
) -> None:
    note_failure(database, cast, asked, service.MISSING_LIBRARY)
    sign_in(client, "Ada")
    page = client.get(address)
    assert page.status_code == 503
    assert "libpango-1.0-0" in page.text
    assert "Try again" in page.text


class NoPango:
    """What Python meets where WeasyPrint is installed and its native library is not."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return None


def test_the_worker_notes_the_missing_library_for_the_page(
    database: Database, cast: Cast, release_id: UUID, asked: UUID, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [n for n in sys.modules if n == "weasyprint" or n.startswith("weasyprint.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "app.reports.render", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    with pytest.raises(UnavailableError):
        make_file(database, organisation_id=cast.organisation, report_id=asked, makers={"pdf": PDF}, now=clock())
    noted = facts(database, cast, release_id)
    assert (noted.state, noted.error) == ("failed", service.MISSING_LIBRARY)


def test_a_file_that_would_look_different_by_now_is_offered_and_made_anew(
    client: TestClient, database: Database, cast: Cast, address: str, release_id: UUID, asked: UUID, clock: Clock
) -> None:
    with database.writing() as session:
        service.finish(
            session, organisation_id=cast.organisation, report_id=asked, content=b"%PDF-old", basis="0", now=clock()
        )
    sign_in(client, "Ada")
    page = client.get(address).text
    assert "made by an earlier version" in page
    assert client.get(f"{address}.pdf").content == b"%PDF-old"
    assert client.post(address, data={"paper": "A4"}).status_code == 303
    assert facts(database, cast, release_id).state == "waiting"


def test_a_file_that_would_look_the_same_is_not_made_again(
    database: Database, cast: Cast, release_id: UUID, asked: UUID, clock: Clock
) -> None:
    with database.writing() as session:
        basis = service.basis(session, cast.organisation, release_id, Options())
        service.finish(
            session, organisation_id=cast.organisation, report_id=asked, content=b"%PDF", basis=basis, now=clock()
        )
        service.ask(session, organisation_id=cast.organisation, release_id=release_id, options=Options(), now=clock())
    assert facts(database, cast, release_id).state == "done"


def test_files_in_another_language_are_listed_below(
    client: TestClient, database: Database, cast: Cast, address: str, release_id: UUID, clock: Clock
) -> None:
    german = Options("Letter", "de")
    with database.writing() as session:
        id = service.ask(session, organisation_id=cast.organisation, release_id=release_id, options=german, now=clock())
        service.finish(session, organisation_id=cast.organisation, report_id=id, content=b"%PDF", basis="", now=clock())
    sign_in(client, "Ada")
    page = client.get(address).text
    below = page[page.index("Also made") :]
    assert "<strong>Report (PDF), Deutsch, Letter</strong>" in below
    assert 'Download<span class="hidden"> Report (PDF), Deutsch, Letter</span>' in below
    assert 'Make it anew<span class="hidden"> Report (PDF), Deutsch, Letter</span>' in below
    note_failure(database, cast, id, queries.FAILED)
    assert 'Try again<span class="hidden"> Report (PDF), Deutsch, Letter</span>' in client.get(address).text
    with database.writing() as session:
        service.finish(session, organisation_id=cast.organisation, report_id=id, content=b"%PDF", basis="", now=clock())
    there = client.get(f"{address}?language=de&paper=Letter").text
    assert 'Herunterladen<span class="hidden">' not in there
    assert 'Download<span class="hidden"> Report (PDF), Deutsch, Letter</span>' in there


def test_the_archive_of_all_files_is_made_anew_when_one_of_its_files_would_look_different(
    database: Database, cast: Cast, release_id: UUID, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = Options.read(kind="zip")
    place: dict[str, Any] = {"organisation_id": cast.organisation, "release_id": release_id}  # Any: what asking takes
    place |= {"options": options, "now": clock()}
    with database.writing() as session:
        id = service.ask(session, **place)
        basis = service.basis(session, cast.organisation, release_id, options)
        service.finish(
            session, organisation_id=cast.organisation, report_id=id, content=b"PK", basis=basis, now=clock()
        )
        service.ask(session, **place)
    assert facts(database, cast, release_id).state == "done"
    newer = replace(FORMATS["csv"], version=FORMATS["csv"].version + 1)
    monkeypatch.setattr("app.reports.formats.FORMATS", {**FORMATS, "csv": newer})
    with database.writing() as session:
        service.ask(session, **place)
    assert facts(database, cast, release_id).state == "waiting"


@pytest.mark.usefixtures("asked")
def test_there_is_no_file_before_it_is_made(client: TestClient, address: str) -> None:
    sign_in(client, "Ada")
    assert client.get(f"{address}.pdf?paper=A4").status_code == 409


def test_an_unknown_paper_is_refused_with_a_sentence(client: TestClient, address: str) -> None:
    sign_in(client, "Ada")
    answer = client.post(address, data={"paper": "A0"})
    assert answer.status_code == 422
    assert "A4 or Letter" in answer.text
    assert client.get(f"{address}.pdf?paper=A0").status_code == 422


def test_an_unknown_format_is_refused_with_the_names_of_those_there_are(client: TestClient, address: str) -> None:
    sign_in(client, "Ada")
    answer = client.post(address, data={"paper": "A4", "format": "key"})
    assert answer.status_code == 422
    assert "Choose one of the formats: pdf" in answer.text
    assert client.get(f"{address}.key").status_code == 422


def test_an_edition_for_nobody_is_refused(client: TestClient, address: str) -> None:
    sign_in(client, "Ada")
    assert client.post(address, data={"paper": "A4", "edition": "nowhere"}).status_code in (404, 422)


def test_an_open_wave_has_nothing_to_report(client: TestClient, cast: Cast, lived_in: World) -> None:
    sign_in(client, "Ada")
    address = f"/organisations/{cast.organisation}/waves/{lived_in.running}/report"
    page = client.get(address)
    assert page.status_code == 200
    assert "There is nothing to report yet" in page.text
    assert client.post(address, data={"paper": "A4"}).status_code == 404


def test_a_stranger_can_neither_see_nor_ask(
    client: TestClient, database: Database, cast: Cast, address: str, release_id: UUID
) -> None:
    sign_in(client, "Ben")
    assert client.get(address).status_code == 404
    assert client.post(address, data={"paper": "A4"}).status_code == 404
    assert client.get(f"{address}.pdf").status_code == 404
    with database.reading() as session:
        assert queries.reports(session, cast.organisation, release_id) == ()


@pytest.mark.parametrize(
    ("client_name", "wave", "name"),
    [
        ("Fernhill Instruments", "2026-Q3", "fernhill-instruments-2026-q3-release1.pdf"),
        ("Köhler & Söhne", "2026-Q3", "kohler-sohne-2026-q3-release1.pdf"),
        ("株式会社", "第三", "client-wave-release1.pdf"),
        ('a"; filename="x', "Q1\r\nX", "a-filename-x-q1-x-release1.pdf"),
    ],
)
def test_file_names_are_plain_ascii(client_name: str, wave: str, name: str) -> None:
    assert service.file_name(client=client_name, wave=wave, number=1, options=Options()) == name
