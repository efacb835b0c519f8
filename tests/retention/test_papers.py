"""The papers of plan records and documents: who kept them, when, and a note that names each of them."""

import csv
import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from app.db import Database
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.documents.stage import address, form_of
from tests.planned.test_plan_records import fix, planned
from tests.world import World

if TYPE_CHECKING:
    from starlette.testclient import TestClient

pytestmark = pytest.mark.lived_in


def test_the_papers_say_who_fixed_plan_records_and_who_saved_documents_and_when(
    client: "TestClient", database: Database, cast: Cast, clock: Clock, lived_in: World
) -> None:
    planned(database, cast, clock)
    assert fix(client, database, cast, clock) == 303
    ada, at = sign_in(client, "Ada"), address(cast, cast.organisation, "decision_log")
    assert ada.post(f"{at}/edit", data=form_of(ada, f"{at}/edit")).status_code == 303
    content = ada.get(f"/organisations/{cast.organisation}/export.zip").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}

    def rows(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"))))

    [record] = rows("plan-records/plan-records.csv")
    assert (record["record"], record["by"]) == ("1", "Ada")
    assert record["fixed"].startswith(f"{clock():%Y-%m-%d}")
    assert record["sha256"] == hashlib.sha256(files["plan-records/record-1.json"]).hexdigest()
    [saved] = rows("documents/documents.csv")
    assert (saved["version"], saved["by"], saved["file"] in files) == ("1", "Ada", True)
    assert saved["saved"].startswith(f"{clock():%Y-%m-%d}")
    note = files["READ-ME.txt"].decode()
    for name in files.keys() - {"READ-ME.txt"}:
        folder, slash, _ = name.partition("/")
        assert folder + slash in note, name
