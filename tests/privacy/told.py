"""What may stand on a client's pages after the close: numbers of its releases, and those of nobody's answers."""

import json
import re
from collections import Counter
from functools import cache
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING
from uuid import UUID

from app.autonomy.testing import ERRORS
from app.clients import queries as clients
from app.comments.queries import reviews
from app.db import Database
from app.documents.shelf import LIBRARY as TEMPLATES
from app.explore.figuring import FIGURES
from app.explore.looking import LOOKS
from app.explore.tiles import half_width
from app.playbooks.shelf import LIBRARY, library
from app.releases import store
from app.releases.detectable import detectable
from app.releases.distance import distance
from app.releases.document.release import Release, Row, Scored
from app.releases.indices import interval
from app.releases.silence import silence
from app.releases.statistics.courses import anchor, level
from app.releases.statistics.courses import interval as interval_of
from app.sentences import Hundredths
from app.waves import queries as waves
from scoring.binomial import required_cases
from scoring.caps import TOLERANCES
from scoring.gating import GATES
from scoring.quadrants import CUT
from surveys.load import latest
from surveys.translations import source_texts
from tests.privacy.numbers import CONSTANTS, decimals_in, drawn, drawn_in, numbers_in, numbers_of, visible

if TYPE_CHECKING:
    from starlette.testclient import TestClient


def of_nobodys_answers(database: Database, organisation_id: UUID, wave_id: UUID) -> set[int]:
    """What may stand on any page: headcounts with their sums, how many departments and releases there are, the numbers
    of the policy, and how many people of the whole organisation answered each wave."""
    with database.reading() as session:
        every = waves.wave_departments(session, organisation_id, wave_id)
        today = clients.departments(session, organisation_id)
        answered = [
            number
            for one in waves.waves(session, organisation_id)
            for told in [waves.turnout_total(session, organisation_id, one.id)]
            for number in (told.responses, told.headcount, told.rate)
        ]
        names = [one.assessment_name for one in waves.waves(session, organisation_id)]
        made = store.of_wave(session, organisation_id, wave_id)
    heads = {one.headcount for one in every} | {one.planned_headcount for one in every}
    heads |= {number for one in today for number in (one.headcount, one.total_headcount)}
    # The total of a reorganised client is that of its waves; 85 links are as many as people who answered.
    numbers = {*heads, *answered, *POLICY, *TYPED, len(today), len(made), *(one.number for one in made)}
    numbers |= numbers_in(" ".join(names))
    return {*numbers, sum(one.headcount for one in every), made[0].document.organisation.headcount}


POLICY = {5, 7, 9, 10, 20, 100, 3, 6, 12, 24, 36}
"""Thresholds, how near a guess may come, and for how many months answers are kept."""

TYPED = {0, 2, 29, 58}
"""In "2,000 rows", which a list may have, and how many questions the two forms ask."""


def strange(page: str, told: set[int], coefficients: frozenset[str] = frozenset()) -> set[object]:
    """The numbers of a page, and the places in its pictures, that nobody has told; decimal fractions
    that are no coefficient of the release in any case."""
    text = visible(page)
    return {
        *(numbers_in(text) - told),
        *(decimals_in(text) - coefficients),
        *(drawn_in(page) - told),
        *decimals_in(drawn(page)),
    }


SATISFACTORY = 70
"""From which coefficient on questions work, in hundredths."""

UNLIKELY = 5
"""Up to which p a gap counts as unlikely to be chance, in hundredths."""


LIMITS = (0, 50, 51, 70, 71, 90, 91, 95)
"""From which agreement on it is called moderate, strong and very strong, and what is not told beyond."""


LIBRARY_PAGES = ("/playbooks", "/guardrails")
PROPOSALS = ("/proposal/", "/own-actions")


@cache
def of_the_library() -> str:
    """All that the files of the library say: the same for every client, and of nobody's answers."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(LIBRARY.rglob("*.yaml")))


@cache
def of_templates() -> str:
    """All that templates of documents say: the same for every client, and of nobody's answers."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.glob("*.yaml")))


def coefficients_on(address: str, release: Release) -> frozenset[str]:
    """What a row's page may say in hundredths: how far its people agree; on the organisation's, how questions work,
    and of the gap between leaders and staff Hedges' g and p."""
    if any(one in address for one in (*LIBRARY_PAGES, *PROPOSALS, "/documents", "/own-templates")):
        return frozenset(decimals_in(of_the_library()))
    if "view=agreement" in address:
        every = (cell for row in release.rows for cell in row.cells.values() if isinstance(cell, Scored))
        found = [one.agreement for one in every if one.agreement]
        return frozenset(map(Hundredths, (*LIMITS, *(n for one in found for n in (one.r_wg, one.deviation)))))
    named = re.search(r"/(?:heatmap|results/[^/]+|shared/[^/]+)/([^/]+)", address)
    row = release.row(named[1]) if named else None
    if row is None:
        return frozenset()
    cells = [one for one in row.cells.values() if isinstance(one, Scored)]
    told = [value for one in cells if one.agreement for value in (one.agreement.r_wg, one.agreement.deviation)]
    told += [SATISFACTORY, UNLIKELY] if row == release.organisation else []
    gaps = release.gaps.cells if release.gaps and row == release.organisation else ()
    told += [value for gap in gaps for value in (gap.g, gap.p) if value is not None]
    for one in release.quality if row == release.organisation else ():
        of_one = (one.alpha, one.raw, one.omega, one.icc1, one.icc2, *one.item_rest.values())
        told += [value for value in of_one if value is not None]
        told += one.interval or ()
    return frozenset(Hundredths(abs(value)) for value in told)


def told_on(address: str, released: set[int], known: set[int]) -> set[int]:
    """What may stand on the page: numbers of results on the pages of a result only."""
    if "/questionnaires" in address:
        return known | {len(source_texts(latest("atr"))) - missing for missing in (0, 1)}  # the name is a new one
    if any(one in address for one in PROPOSALS):
        gates = {gate.minimum for rung in GATES.rungs for gate in rung.gates}
        hours = {one.hours for one in library().actions}
        sums = {sum(some) for number in range(1, 6) for some in combinations_with_replacement(sorted(hours), number)}
        return {*released, *known, *CONSTANTS, *gates, *numbers_in(of_the_library()), *sums}
    if any(one in address for one in LIBRARY_PAGES):
        return known | numbers_in(of_the_library()) | {len(library().actions)}
    if "/plan/quarters" in address:  # what two results print of what was done
        return {*released, *known, *CONSTANTS}
    if "/plan" in address:
        return {*known, 30, 60, 90}  # days of the plan
    if "/documents" in address or "/own-templates" in address:
        of_words = numbers_in(of_templates()) | numbers_in(of_the_library())
        steps = range(1, 10)
        return {*released, *known, *CONSTANTS, *of_thresholds(), *of_tests(), *of_words, *steps}
    if "/autonomy" in address:
        return {*released, *known, *CONSTANTS, *of_thresholds(), *of_tests()}
    result = any(
        one in address
        for one in (
            "/portfolio",
            "/comparison",
            "/heatmap",
            "/figures",
            "/certificate",
            "/results/",
            "/shared/",
            "/staff/preview",
        )
    )
    return {*released, *CONSTANTS, *(known if "/certificate" in address else ())} if result else known


def of_thresholds() -> set[int]:
    """What the policy of gates says of nobody's answers: gates, days that attestations count, numbers of controls."""
    gates = {gate.minimum for rung in GATES.rungs for gate in rung.gates}
    days = {GATES.usual_age, GATES.least_rate, *(age for _, age in GATES.max_age)}
    return {*gates, *days, *range(1, len(GATES.controls) + 1)}


def of_tests() -> set[int]:
    """How many cases of a workflow have to be checked, and the tolerated rates of errors, as one in so many."""
    cases = {required_cases(one, errors=errors) for one in TOLERANCES for errors in ERRORS}
    return cases | {round(1 / one) for one in TOLERANCES}


def plants(odd: int) -> tuple[str, ...]:
    """What a page could say that no release does: a number of its own, fractions, and places in a picture."""
    words = (f"<p>{odd} people</p>", "<p>36.4</p>", "<p>a mean of 36,42 points.</p>", '<i title="p = .07"></i>')
    return (*words, f'<svg><circle cx="{odd}%"></svg>', '<svg><line x1="36.4%"></svg>')


def of_results(database: Database, organisation_id: UUID, wave_id: UUID) -> set[int]:
    """All numbers of the newest release of a wave, of what follows from its printed ones, and of its comments."""
    with database.reading() as session:
        release = store.latest(session, organisation_id, wave_id)
        every = store.supplements(session, organisation_id)
    assert release is not None
    said = [json.loads(raw) for wave, _, raw in every if wave == wave_id]
    silent = (number for row in release.document.rows for number in (*of_silence(row), *of_change(row)))
    indices = (number for row in release.document.rows for number in of_indices(release.document, row))
    derived = {
        *of_shortfalls(release.document),
        *of_distances(release.document),
        *of_courses(release.document),
        *of_figures(release.document),
    }
    return {*numbers_of([json.loads(release.raw), *said]), *silent, *indices, *derived}


def of_shortfalls(release: Release) -> set[int]:
    """Points by which printed gating scores miss the gates of their dimension."""
    gates = [(gate.dimension, gate.minimum) for rung in GATES.rungs for gate in rung.gates]
    anchors = [(name, minimum, row.anchor(name)) for row in release.rows for name, minimum in gates]
    return {minimum - cell.gate.lower for _, minimum, cell in anchors if cell is not None and cell.gate is not None}


def of_distances(release: Release) -> set[int]:
    """Points above or below the organisation, and halves of intervals, worked out from printed scores and intervals."""
    cells = [(name, cell) for row in release.rows for name, cell in row.cells.items() if isinstance(cell, Scored)]
    margins = [group.cells for margin in release.margins for group in margin.groups]
    cells += [(name, cell) for one in margins for name, cell in one.items() if isinstance(cell, Scored)]
    halves = {half for _, cell in cells if (half := half_width(cell)) is not None}
    wholes = release.organisation.cells
    apart = [distance(cell, whole) for name, cell in cells if isinstance(whole := wholes.get(name), Scored)]
    return halves | {abs(one.points) for one in apart if one is not None}


def of_courses(release: Release) -> set[int]:
    """The ends of the intervals of anchor scores, worked out from the printed gating scores."""
    cells = [anchor(row, head.id) for row in release.rows for head in release.dimensions]
    return {end for cell in cells if cell is not None for end in interval_of(cell) or ()}


def of_figures(release: Release) -> set[int]:
    """Trust and readiness on anchor questions, worked out from printed scores; where a square is cut, the numbers that
    lead from its points to its table, how many departments there are, and the tens up to which shares are drawn."""
    found = [level(release, row, block) for row in release.rows for block in ("trust", "readiness")]
    told = {number for one in found if one is not None for number in (one.score, *(one.interval or ()))}
    return told | {CUT, *range(len(release.rows) + 1), *range(10, 101, 10)}


def of_silence(row: Row) -> set[int]:
    """What those who kept silent could change, worked out from the printed numbers of the row."""
    told = [silence(row, cell) for cell in row.cells.values()]
    return {number for one in told if one is not None for number in (one.bias, one.lowest, one.highest)}


def of_change(row: Row) -> set[int]:
    """The smallest changes that the next wave can show, worked out from the printed gating scores of the row."""
    return {found for name in row.cells if (found := detectable(row, name)) is not None}


def of_indices(release: Release, row: Row) -> set[int]:
    """The ends of the intervals of the row's indices, worked out from the printed intervals of their scores."""
    told = [interval(release, row, "trust"), interval(release, row, "readiness")]
    return {end for one in told if one is not None for end in one}


def of_review(database: Database, organisation_id: UUID, wave_id: UUID) -> set[int]:
    """What a reviewer counts on the page that lists what they read and decided: comments, by decision and by theme."""
    with database.reading() as session:
        read = reviews(session, organisation_id=organisation_id, wave_id=wave_id)
    counts = Counter([*((one.question, one.theme) for one in read), *(one.decision for one in read)])
    return {len(read), *counts.values(), *numbers_in(" ".join(one.body for one in read))}


def odd_pages(client: "TestClient", database: Database, organisation_id: UUID, wave_id: UUID) -> dict[str, set[object]]:
    """What is strange on the pages of a closed wave, by address; nothing where all is well."""
    with database.reading() as session:
        release = store.latest(session, organisation_id, wave_id)
    assert release is not None
    views = ("", *(f"?view={one}" for one in LOOKS), *(f"/{row.id}" for row in release.document.rows))
    views += tuple(f"/{row.id}/{head.id}" for row in release.document.rows for head in release.document.dimensions)
    paths = (
        "",
        "/promise",
        "/headcounts",
        "/links",
        "/people",
        "/people/import",
        "/comments",
        "/report",
        "/papers",
        "/certificate",
    )
    known, results = (
        of_nobodys_answers(database, organisation_id, wave_id),
        of_results(database, organisation_id, wave_id),
    )
    found = {}
    for path in (*paths, *(f"/heatmap{one}" for one in views), *(f"/figures/{one}" for one in FIGURES)):
        answer = client.get(f"/organisations/{organisation_id}/waves/{wave_id}{path}")
        assert answer.status_code == 200, path
        told = told_on(path, results, known)
        if path == "/comments":
            told = told | results | of_review(database, organisation_id, wave_id)
        if odd := strange(answer.text, told, coefficients_on(path, release.document)):
            found[path] = odd
    return found
