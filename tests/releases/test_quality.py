"""How well the questions work, as a release tells it: alpha with departments and a fit at its limit (3.8, P16)."""

import json

import numpy as np

from app.releases.document.release import dump, load
from app.releases.statistics.columns import DepartmentAnswers
from tests.releases.waves import answers, department, items_of, release

DEPARTMENTS = (department("Finance", 16), department("Legal", 14), department("Sales", 60))
SEVERAL = (department("North", 90), department("South", 110))


def test_alpha_with_departments_is_that_of_answers_as_they_are():
    given = {one.id: answers(one, one.headcount, level=2 + place, spread=0.8) for place, one in enumerate(DEPARTMENTS)}
    told = release(DEPARTMENTS, given).quality[0]
    rows = np.concatenate(
        [one.codes[:, [one.item_ids.index(item) for item in items_of("T1")]] for one in given.values()]
    )
    variances, together = rows.var(axis=0, ddof=1).sum(), rows.sum(axis=1).var(ddof=1)
    assert told.raw == round(100 * 4 / 3 * (1 - variances / together))
    assert told.alpha is not None
    assert told.raw is not None
    assert told.raw > told.alpha, "departments differ"


def test_a_fit_at_its_limit_is_flagged_in_the_release():
    """The first question is what the second and the third have in common, more than they have with each other."""
    rng = np.random.default_rng(7)
    given = {one.id: answers(one, one.headcount, spread=0.8) for one in SEVERAL}
    for one in SEVERAL:
        second, third = rng.integers(1, 6, one.headcount), rng.integers(1, 6, one.headcount)
        fourth = rng.integers(1, 6, one.headcount)
        columns = ((second + third) // 2, second, third, np.where(rng.random(one.headcount) < 0.5, second, fourth))
        codes, names = given[one.id].codes.copy(), given[one.id].item_ids
        for item, column in zip(items_of("T1"), columns, strict=True):
            codes[:, names.index(item)] = column + ord("0")
        given[one.id] = DepartmentAnswers(names, codes)
    told = release(SEVERAL, given)
    assert told.quality[0].omega is not None
    assert told.quality[0].heywood
    assert not any(one.heywood for one in told.quality[1:])
    assert load(dump(told)) == told


def test_a_release_from_before_the_flag_still_opens():
    given = {one.id: answers(one, one.headcount) for one in DEPARTMENTS}
    kept = json.loads(dump(release(DEPARTMENTS, given)))
    for one in kept["quality"]:
        del one["heywood"], one["raw"]
    found = load(json.dumps(kept).encode())
    assert {(one.heywood, one.raw) for one in found.quality} == {(False, None)}
