"""Files behind a read-only link: those that name people come with roles in place of the names."""

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from app.db import Database
from app.reports.options import ROLES
from tests.cast import Cast, sign_in
from tests.conftest import Clock
from tests.share.stage import link, share
from tests.share.test_links import made_by, path_of
from tests.world import World

if TYPE_CHECKING:
    from starlette.testclient import TestClient

pytestmark = pytest.mark.lived_in


def test_a_file_that_names_people_is_behind_a_link_with_roles_in_place_of_names_alone(
    client: "TestClient", database: Database, cast: Cast, lived_in: World, clock: Clock
) -> None:
    share(database, cast, lived_in, clock)
    sign_in(client, "Ada")
    report = f"/organisations/{cast.organisation}/waves/{lived_in.closed}/report"
    for kind in ("pdf", "csv"):
        assert client.post(report, data={"format": kind, "paper": "A4"}).status_code == 303
    done(database, b"named", ", plan 1")
    before = link(database, cast, lived_in, clock, with_report=True)
    assert "Make them" in client.get(path_of(cast, lived_in)).text
    page = client.get(f"/shared/{before}").text
    assert "Download: All numbers (CSV)" in page
    assert "Report (PDF)" not in page
    assert client.get(f"/shared/{before}/report.pdf").status_code == 404
    made_by(client, path_of(cast, lived_in), report="yes")
    assert "Make them" not in client.get(path_of(cast, lived_in)).text
    done(database, b"unnamed", ", plan 1", edition=ROLES)
    page = client.get(f"/shared/{before}").text
    assert "Report (PDF), English, A4, roles instead of names" in page
    got = client.get(f"/shared/{before}/report.pdf")
    assert got.content == b"unnamed"
    assert "-roles.pdf" in got.headers["content-disposition"]
    assert client.get(f"{report}.pdf").content == b"named"
    assert "roles instead of names" in client.get(report).text


def done(database: Database, content: bytes, basis: str, *, edition: str = "") -> None:
    """Has the files of an edition made, with that basis."""
    with database.write.begin() as connection:
        connection.execute(
            text("UPDATE report_file SET state = 'done', content = :of, basis = :basis WHERE edition = :ed"),
            {"of": content, "basis": basis, "ed": edition},
        )
