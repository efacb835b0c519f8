"""Text documents as those who get them open them: with LibreOffice, where it is installed."""

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from app.db import Database
from tests.autonomy.stage import issue
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.documents.stage import NAME, a_workflow, address
from tests.world import World

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.mark.lived_in
def test_libreoffice_opens_documents_and_shows_what_they_say(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock, tmp_path: Path
) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-writer")
    ada = sign_in(client, "Ada")
    work = a_workflow(database, cast, clock)
    issue(database, cast, clock)
    wanted = {"raci": work, "workflow_map": work, "stakeholder_map": cast.organisation}
    for name, subject in wanted.items():
        content = ada.get(address(cast, subject, name, "document.docx") + "?words=de").content
        (tmp_path / f"{name}.docx").write_bytes(content)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    paths = [str(tmp_path / f"{name}.docx") for name in wanted]
    told = subprocess.run(
        [office, "--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path), *paths],
        capture_output=True,
        timeout=180,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    read = {
        name: " ".join(page.extract_text() for page in PdfReader(tmp_path / f"{name}.pdf").pages) for name in wanted
    }
    assert NAME in read["raci"]
    assert "Wer wofür einsteht (RACI)" in read["raci"]
    assert "Freigabe 1" in " ".join(read["raci"].split())
    assert "An invoice arrives" in read["workflow_map"]
    assert "Operations" in read["stakeholder_map"]
