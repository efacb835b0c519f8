"""`python -m bench zones`: the zones of a public set of ratings, on two small lists of the same form."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bench import zones
from scoring.zones import UNKNOWN_RATING_SPREAD

WORKERS = {
    "wanted": [5, 5, 4, 5, 5, 4, 5, 5, 4, 5],
    "split": [1, 5, 1, 5, 1, 5, 1, 5, 1, 5],
    "few": [5, 5, 5, 5],
    "alone": [2, 1, 2, 1, 2, 1],
    "unknown": [3, 3, 3, 3, 3],
}
EXPERTS = {"wanted": [4, 5], "split": [4, 4], "few": [1, 2], "alone": [5], "only": [3, 3]}


def written(folder: Path, file: str, rating: str, tasks: Mapping[str, Sequence[int]]) -> None:
    with (folder / file).open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream)
        lines.writerow((zones.TASK, rating, zones.HUMAN))
        lines.writerows((name, value, 6 - value) for name, values in tasks.items() for value in values)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written(tmp_path, zones.WORKERS, zones.WISH, WORKERS)
    written(tmp_path, zones.EXPERTS, zones.CAN, EXPERTS)
    return tmp_path


def test_only_tasks_that_both_rated_are_looked_at(folder):
    assert set(zones.read(folder)) == {"wanted", "split", "few", "alone"}


def test_the_authors_cut_gives_every_task_a_zone_and_ours_asks_for_raters(folder):
    seen = zones.looked_at(zones.read(folder))
    assert seen.authors == {"green": 2, "r_and_d": 1, "red": 1}
    assert seen.ours == {"green": 2}
    assert seen.without == {"wish": 1, "capability": 1}  # four workers; one expert


def test_a_wish_on_which_raters_are_split_has_a_ring_and_one_they_share_has_none(folder):
    tasks = zones.read(folder)
    column = zones.spread_of(tasks)
    rings = {name: zones.found(one.wish, one.can, column).borderline for name, one in tasks.items()}
    assert rings == {"wanted": False, "split": True, "few": False, "alone": False}


def test_halves_of_raters_who_agree_lie_on_one_side_and_those_of_a_split_one_often_do_not(folder):
    tasks = zones.read(folder)
    clear = zones.halves({"wanted": tasks["wanted"]}, ringed=False, column=UNKNOWN_RATING_SPREAD)
    assert (clear.tasks, clear.differ) == (1, 0.0)
    split = zones.halves({"split": tasks["split"]}, ringed=True, column=zones.spread_of(tasks))
    assert split.tasks == 1
    assert split.differ == 1.0  # of five ones and five fives one half has more of the ones, the other of the fives


def test_the_report_names_every_zone(folder, capsys):
    zones.report(folder)
    told = capsys.readouterr().out
    assert "4 tasks" in told
    for name in zones.ZONES:
        assert f"{name} |" in told


@pytest.mark.parametrize(("rating", "wrong"), [(6, "outside 1..5"), ("many", "outside 1..5"), (0, "outside 1..5")])
def test_a_rating_that_is_none_is_named(folder, rating, wrong):
    written(folder, zones.EXPERTS, zones.CAN, {"wanted": [4]})
    file = folder / zones.EXPERTS
    file.write_text(file.read_text().replace("wanted,4", f"wanted,{rating}"))
    with pytest.raises(ValueError, match=f"{zones.CAN} of “wanted”.*{wrong}"):
        zones.read(folder)


def test_a_list_without_its_column_is_named(folder):
    written(folder, zones.WORKERS, "Something else", WORKERS)
    with pytest.raises(ValueError, match=f"there is no column “{zones.WISH}”"):
        zones.read(folder)
