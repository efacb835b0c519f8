"""A gap between leaders and staff that would tell too much beside all else of its dimension is left out."""

import numpy as np
import pytest

from app.releases.proof import Dossier, proven
from app.releases.statistics.gaps import gaps
from app.releases.statistics.margins import role_levels
from tests.releases.waves import ATR, answers, department, items_of, made

# The role level and the four answers on T2 of four departments; X is “don't know”. Of a wave that robots answered, in
# which leaders lie so across departments that T2 on all questions and on its anchors together isolate a few of them.
ANSWERED = {
    "Finance": "15X13 15XX2 34454 34452 1552X 2X533 1X543",
    "Customer service": "1435X 2X335 34524 31252 2XXX2 15224 34454 1X513 1552X 1XX25",
    "Legal": "34425 1534X 2X353 125X5 15XX2 34454",
    "Operations": "1345X 1X525 1X25X 1315X 34445 2XXX2 34425 322X4 23X53 32512 12452",
}
DEPARTMENTS = tuple(
    department(name, headcount)
    for name, headcount in {"Legal": 8, "Operations": 14, "Customer service": 12, "Finance": 9}.items()
)


@pytest.fixture(scope="module")
def wave():
    given = {}
    for one in DEPARTMENTS:
        people = ANSWERED[one.name].split()
        sheet = answers(one, len(people), level=3.2)
        places = [sheet.item_ids.index(item) for item in ("E2", *items_of("T2"))]
        sheet.codes[:, places] = np.array([[ord(code) for code in person] for person in people], dtype=np.uint8)
        given[one.id] = sheet
    return given


def test_the_release_is_made_without_the_gap_that_the_audit_refuses(wave):
    found = made(DEPARTMENTS, wave)
    assert found.release.gaps is not None
    before = {one.dimension for one in found.release.gaps.cells}
    assert "T2" in before
    proof = proven(found, Dossier(ATR, "full", wave, ()), None)
    assert proof.release.gaps is not None
    assert {one.dimension for one in proof.release.gaps.cells} == before - {"T2"}
    # What is corrected for several tests is corrected for those that are told.
    assert proof.release.gaps == gaps(found.wave, role_levels(found.wave), without={"T2"})
    assert b'"audited":true' in proof.document
    assert proof.release.rows == found.release.rows
