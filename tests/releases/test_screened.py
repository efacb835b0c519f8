"""Who is left out for careless answering: decided once at the close, and told of enough people only (1.8, P10, P11)."""

import itertools
import random
from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select, update
from sqlmodel import SQLModel

from app.db import Database
from app.releases import service, store
from app.releases.audit.auditor import audit
from app.releases.audit.omitted import omissions
from app.releases.compute import build
from app.releases.document.figures import LeftOut
from app.releases.document.notes import ALERT
from app.releases.document.release import Scored
from app.releases.evidence import people
from app.releases.statistics.columns import DepartmentAnswers
from app.releases.statistics.screened import Screened, Sent, screened
from app.waves import queries as waves
from app.worker import Worker
from scoring.careless import multivariate_outliers, squared_distances
from scoring.errors import MisfitError
from surveys.screening import Flag
from tests.cast import Cast
from tests.conftest import Clock
from tests.releases.waves import ATR, DIMENSIONS, POLICY, answers, department, facts, told_of
from tests.thorough import tried
from tests.world import World, answer, close

OUT = Flag.FAST | Flag.LONGSTRING | Flag.LONGSTRING_HIGH
DEPARTMENTS = (department("Legal", 40), department("IT", 60), department("Ops", 80))


def wave(out, *, departments=DEPARTMENTS, form="full", level=3.2):
    """Everybody answers; the first `out` of each department have signs enough to be left out, and answer 5."""
    given, flags = {}, {}
    for number, one in enumerate(departments):
        sheet = answers(one, one.headcount, seed=number, level=level, form=form)
        codes = sheet.codes.copy()
        codes[: out[number]] = ord("5")
        given[one.id] = DepartmentAnswers(sheet.item_ids, codes)
        flags[one.id] = np.array([OUT] * out[number] + [0] * (one.headcount - out[number]), dtype=np.uint8)
    return Sent(given, flags)


def decided(sent, *, departments=DEPARTMENTS, form="full"):
    roster = {one.id: one.headcount for one in departments}
    return screened(sent, instrument=ATR, form=form, departments=departments, roster=roster, k=10)


def made(found, *, departments=DEPARTMENTS, form="full", policy=POLICY):
    return build(
        facts=facts(form, None),
        policy=policy,
        number=1,
        instrument=ATR,
        form=form,
        departments=departments,
        answers=found.used,
        corrected=frozenset(),
        previous=None,
        screened=found,
    )


def test_rows_cells_and_shares_count_used_answers_only_and_the_number_left_out_is_told():
    release = made(decided(wave((2, 3, 4)))).release
    assert [row.n for row in release.rows] == [171, 38, 57, 76]
    assert [row.headcount for row in release.rows] == [180, 40, 60, 80]
    cell = release.row("legal").cells["T1"]
    assert isinstance(cell, Scored)
    assert cell.n == 38
    assert release.left_out is not None
    assert release.left_out.number == 9
    assert any("9 answer sheets" in note for note in release.notes)


def test_a_few_left_out_are_not_counted_and_nothing_is_said_of_what_they_would_change():
    for out in ((1, 0, 0), (2, 1, 1), (0, 0, 4)):
        release = made(decided(wave(out))).release
        assert release.organisation.n == 180 - sum(out)
        assert release.left_out == LeftOut(number=None)
        assert not any("careless" in note for note in release.notes)
    assert made(decided(wave((0, 0, 0)))).release.left_out == LeftOut(number=0)


def test_beyond_a_tenth_nobody_is_left_out_and_the_consultant_is_told():
    found = decided(wave((4, 6, 9)))  # 19 of 180
    assert (found.number, found.too_many) == (0, 19)
    release = made(found).release
    assert release.organisation.n == 180
    assert release.left_out == LeftOut(number=0, alert=True)
    assert any("More than a tenth" in note for note in release.notes)
    assert not any("19" in note for note in release.notes)
    assert decided(wave((4, 6, 8))).number == 18


def test_the_alert_of_a_small_wave_would_tell_of_one_or_two_and_is_not_given():
    departments = (department("Legal", 8),)
    for out, alert in ((1, False), (4, False), (5, True)):
        found = decided(wave((out,), departments=departments), departments=departments)
        assert found.number == 0
        assert made(found, departments=departments).release.left_out == LeftOut(number=0, alert=alert)


def test_a_department_of_which_all_were_left_out_has_no_answers():
    departments = (*DEPARTMENTS, department("Ethics", 6))
    found = decided(wave((0, 0, 0, 6), departments=departments), departments=departments)
    assert "ethics" not in found.used
    assert len(found.left_out["ethics"].codes) == 6
    row = made(found, departments=departments).release.row("ethics")
    assert row is not None
    assert row.n is None


def test_a_department_that_falls_below_k_is_pooled_like_one_in_which_fewer_answered():
    departments = (*DEPARTMENTS, department("Ethics", 6), department("Tax", 7))
    release = made(
        decided(wave((0, 0, 0, 2, 0), departments=departments), departments=departments), departments=departments
    ).release
    assert release.row("ethics") is None
    (small,) = [one for one in release.small if one.id == "ethics"]
    assert release.row(small.row).n == 11


def test_what_those_left_out_would_change_is_told_as_a_class_of_the_groups_that_have_k_of_them():
    found = decided(wave((5, 1, 4)))
    release = made(found).release
    differences = {}
    for columns in (("legal", 0), ("it", 1), ("ops", 4), (None, 0)):
        name = columns[0]
        chosen = [name] if name else [one.id for one in DEPARTMENTS]
        for dimension in ATR.dimensions:
            used, every = (mean(found, chosen, dimension, left_out=out) for out in (False, True))
            differences[name, dimension.id] = abs(used - every)
    told = max(value for (name, _), value in differences.items() if name in ("legal", None))
    assert max(differences.values()) == told
    assert release.left_out == LeftOut(number=10, shift="> 5" if told > 5 else "2-5" if told > 2 else "1-2")
    # Of Operations four were left out: what they said is nobody's to know, however far it would move its score.
    far = wave((0, 1, 4), level=1.2)
    release = made(decided(far)).release
    (whole,) = {release.left_out.shift}
    assert mean_shift(decided(far), "ops") > 3
    assert whole == "2-5"


def mean(found, names, dimension, *, left_out):
    """The organisation's mean by headcount of the persons' means, worked out answer by answer."""
    total = weight = 0.0
    for name in names:
        blocks = [found.used[name], *([found.left_out[name]] if left_out and name in found.left_out else [])]
        scores = [
            25 * (np.mean([int(chr(row[one.item_ids.index(item.id)])) for item in dimension.items]) - 1)
            for one in blocks
            for row in one.codes
        ]
        heads = next(one.headcount for one in DEPARTMENTS if one.id == name)
        total, weight = total + heads * float(np.mean(scores)), weight + heads
    return total / weight


def mean_shift(found, name):
    return max(
        abs(mean(found, [name], one, left_out=False) - mean(found, [name], one, left_out=True))
        for one in ATR.dimensions
    )


def test_who_has_one_sign_too_few_is_left_out_if_the_answers_are_far_from_those_of_others():
    departments = (department("Ops", 300),)
    rng = np.random.default_rng(4)
    one = answers(departments[0], 300, seed=1, spread=0.3)
    codes = one.codes.copy()
    core = [one.item_ids.index(item.id) for item in ATR.core("full")]
    codes[:, core] = rng.integers(ord("2"), ord("5"), size=(300, len(core)))
    codes[np.ix_(range(4), core)] = rng.choice([ord("1"), ord("5")], size=(4, len(core)))
    flags = np.zeros(300, dtype=np.uint8)
    flags[:8] = Flag.FAST | Flag.LOW_VARIANCE
    found = decided(Sent({"ops": DepartmentAnswers(one.item_ids, codes)}, {"ops": flags}), departments=departments)
    values = codes[:, core] - np.uint8(ord("0"))
    distances = squared_distances(values, np.zeros(300, dtype=np.intp), groups=1)
    assert distances is not None
    far = np.flatnonzero(multivariate_outliers(distances, items=len(core)))
    assert set(range(4)) <= set(far.tolist())
    assert found.number == len([place for place in far if place < 8])
    pulse = decided(
        Sent({"ops": DepartmentAnswers(one.item_ids, codes)}, {"ops": flags}), departments=departments, form="pulse"
    )
    assert pulse.number == 4


def test_the_order_of_the_sheets_decides_nothing():
    sent = wave((3, 1, 4))
    rng = np.random.default_rng(2)
    order = {name: rng.permutation(len(one.codes)) for name, one in sent.answers.items()}
    turned = Sent(
        {name: replace(one, codes=one.codes[order[name]]) for name, one in sent.answers.items()},
        {name: one[order[name]] for name, one in sent.flags.items()},
    )
    assert made(decided(turned)).release == made(decided(sent)).release


def test_signs_that_do_not_fit_the_sheets_are_refused():
    sent = wave((0, 0, 0))
    with pytest.raises(MisfitError, match="the signs do not fit its 40 sheets"):
        decided(Sent(sent.answers, {**sent.flags, "legal": sent.flags["legal"][:-1]}))


def test_the_auditor_refuses_what_tells_of_a_few_who_were_left_out():
    release = made(decided(wave((1, 1, 0)))).release
    assert list(omissions([release], used=178, sent=180)) == []
    for wrong in (
        LeftOut(number=2),
        LeftOut(number=0),
        LeftOut(number=None, shift="< 1"),
        LeftOut(number=None, alert=True),
    ):
        assert list(omissions([replace(release, left_out=wrong)], used=178, sent=180))
    assert list(omissions([replace(release, left_out=None)], used=178, sent=180))
    assert list(omissions([release], used=177, sent=180)), "somebody who was counted is missing"
    many = made(Screened(wave((0, 0, 0)).answers, {}, too_many=0)).release
    assert list(omissions([many], used=180, sent=220)), "more than a tenth"


def test_no_small_organisation_tells_of_a_few_by_who_was_left_out():
    """Every sum of used answers that the releases print rests on k used people: the auditor combines them all."""
    rng = random.Random(6)
    with_few = 0
    for _ in range(tried(30, sample=5)):
        departments = tuple(department(f"D{number}", rng.randint(3, 14)) for number in range(rng.randint(3, 6)))
        out = tuple(rng.choice([0, 0, 1, 2]) for _ in departments)
        found = decided(wave(out, departments=departments), departments=departments)
        one = made(found, departments=departments)
        with_few += 0 < found.number < 5
        used = people(found.used, ATR, "full")
        assert audit([one.release], used, told=told_of(one)).passed
        faults = list(
            omissions([one.release], used=sum(used.used.values()), sent=sum(one.headcount for one in departments))
        )
        assert faults == []
    assert with_few > tried(8, sample=1)


def test_combinations_of_rows_never_single_out_used_people():
    """Brute force over the rows of releases with people left out: any union or difference has 0 or at least 5 used."""
    departments = (department("A", 7), department("B", 6), department("C", 9), department("D", 30))
    for out in itertools.product((0, 2), (0, 1, 2), (0,), (0, 1)):
        found = decided(wave(out, departments=departments), departments=departments)
        release = made(found, departments=departments).release
        used = {name: len(one.codes) for name, one in found.used.items()}
        rows = [frozenset(row.departments) for row in release.rows if row.n is not None]
        atoms = {frozenset(row for row, held in enumerate(rows) if name in held) for name in used}
        for atom in atoms:
            held = [name for name in used if frozenset(r for r, h in enumerate(rows) if name in h) == atom]
            assert sum(used[name] for name in held) >= 5


def test_dimensions_are_all_compared_with_those_left_out():
    assert set(DIMENSIONS) == set(made(decided(wave((5, 5, 5)))).release.rows[0].cells) - {"module:other", "checking"}


SOME = {"Legal": 5, "HR": 5, "Operations": 12, "IT": 10, "Accounts payable": 8, "Customer service": 20}


def flagged(database: Database, wave_id: UUID, people_of: int) -> None:
    """Gives that many sheets of the wave signs enough to be left out, and all others none."""
    sheet = SQLModel.metadata.tables["answer_sheet"]
    with database.writing() as session:
        connection = session.connection()
        ids = connection.scalars(select(sheet.c.id).where(sheet.c.wave_id == wave_id).order_by(sheet.c.id)).all()
        connection.execute(update(sheet).values(flags=0))
        connection.execute(update(sheet).where(sheet.c.id.in_(ids[:people_of])).values(flags=int(OUT)))


@pytest.mark.lived_in
def test_after_the_close_every_page_counts_used_answers_and_a_further_release_the_same_ones(
    database: Database, cast: Cast, clock: Clock, lived_in: World
):
    answer(database, cast, lived_in.running, counts=SOME, now=clock())
    with database.reading() as session:
        before = waves.turnout_total(session, cast.organisation, lived_in.running).responses
    flagged(database, lived_in.running, 5)
    close(database, cast, lived_in.running, now=clock())
    with database.reading() as session:
        first = store.latest(session, cast.organisation, lived_in.running)
        after = waves.turnout_total(session, cast.organisation, lived_in.running).responses
    assert first is not None
    out = first.document.left_out
    assert out is not None
    assert after == first.document.organisation.n
    with database.writing() as session:
        service.ask_again(
            session,
            organisation_id=cast.organisation,
            wave_id=lived_in.running,
            occasion="headcounts",
            now=clock(),
        )
    while Worker(database, clock=clock).work_once():
        pass
    with database.reading() as session:
        second = store.latest(session, cast.organisation, lived_in.running)
    assert second is not None
    assert (second.number, second.document.left_out) == (2, out)
    assert second.document.organisation.n == after < before


@pytest.mark.lived_in
def test_the_page_of_the_wave_alerts_the_consultant_and_says_nothing_of_departments(
    database: Database, cast: Cast, clock: Clock, lived_in: World
):
    answer(database, cast, lived_in.running, counts=SOME, now=clock())
    flagged(database, lived_in.running, 12)
    with database.writing() as session:
        of_wave = SQLModel.metadata.tables["answer_sheet"]
        session.connection().execute(update(of_wave).where(of_wave.c.wave_id == lived_in.closed).values(flags=31))
    close(database, cast, lived_in.running, now=clock())
    with database.reading() as session:
        wave = waves.wave(session, cast.organisation, lived_in.running)
    assert wave.alert == ALERT
    assert not any(name in ALERT for name in SOME)
