"""The vault: sheets come out by department in one statement, drafts go unread."""

from datetime import date

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.answers import keep, read, write
from app.answers.write import DraftAnswers
from app.invitations import service as invitations
from tests.respond.stage import Stage, open_stage

DAY = date(2026, 10, 5)


@pytest.fixture
def stage(database, cast, clock) -> Stage:
    return open_stage(database, cast, clock())


def store(stage: Stage, department: str, codes: bytes, flags: int = 0, language: str = "en") -> None:
    with stage.database.writing() as session:
        write.submit_sheet(
            session,
            organisation_id=stage.cast.organisation,
            wave_id=stage.wave,
            department_id=stage.cast.departments[department],
            codes=codes,
            language=language,
            day=DAY,
            flags=flags,
        )


@pytest.mark.both
def test_sheets_come_out_by_department_in_one_statement(stage, statements):
    for number in range(30):
        store(stage, "Legal", b"1%d" % (number % 5 + 1), flags=number % 3)
        store(stage, "HR", b"333")
    statements.clear()
    with stage.database.reading() as session:
        found = read.sheets(session, organisation_id=stage.cast.organisation, wave_id=stage.wave)
    assert len([statement for statement in statements if "SELECT" in statement]) == 1
    legal, hr = (found.of[stage.cast.departments[name]] for name in ("Legal", "HR"))
    assert len(found.of) == 2
    assert (legal.count, len(legal.codes), len(legal.flags)) == (30, 60, 30)
    assert legal.codes[::2] == b"1" * 30
    assert sorted(legal.codes[1::2]) == sorted(b"12345" * 6)
    assert sorted(legal.flags) == sorted(bytes([0, 1, 2]) * 10)
    assert (hr.count, hr.codes) == (30, b"333" * 30)


def test_languages_are_counted_of_the_whole_wave_in_the_same_statement(stage, statements):
    for number in range(30):
        store(stage, "Legal", b"1", language=["en", "de", "x-long"][number % 3])
        store(stage, "HR", b"1", language="de")
    store(stage, "IT", b"1", language="ar")
    statements.clear()
    with stage.database.reading() as session:
        found = read.sheets(session, organisation_id=stage.cast.organisation, wave_id=stage.wave)
    assert len([statement for statement in statements if "SELECT" in statement]) == 1
    assert found.languages == {"en": 10, "de": 40, "x-long": 10, "ar": 1}


def test_flags_stay_with_their_sheet(stage):
    for number in range(20):
        store(stage, "Legal", str(number % 5 + 1).encode(), flags=number % 5 + 1)
    with stage.database.reading() as session:
        found = read.sheets(session, organisation_id=stage.cast.organisation, wave_id=stage.wave).of
    legal = found[stage.cast.departments["Legal"]]
    assert [int(chr(code)) for code in legal.codes] == list(legal.flags)


def test_every_byte_of_codes_and_flags_comes_out_as_it_went_in(stage):
    every = bytes(range(256))
    for flags in every:
        store(stage, "Legal", every[flags:] + every[:flags], flags=flags)
    with stage.database.reading() as session:
        found = read.sheets(session, organisation_id=stage.cast.organisation, wave_id=stage.wave).of
    legal = found[stage.cast.departments["Legal"]]
    sheets = [legal.codes[start : start + 256] for start in range(0, len(legal.codes), 256)]
    assert sheets == [every[flags:] + every[:flags] for flags in legal.flags]
    assert sorted(legal.flags) == list(every)


def test_after_a_close_sheets_lie_and_come_out_in_the_order_of_their_new_ids(stage):
    for number in range(200):
        store(stage, "Legal" if number % 2 else "HR", b"%03d" % number)
    with stage.database.writing() as session:
        keep.rewrite_answers(session, organisation_id=stage.cast.organisation, wave_id=stage.wave)
    by_key = [bytes(codes) for codes in stage.values("SELECT codes FROM answer_sheet ORDER BY department_id, id")]
    if not stage.database.is_sqlite:  # a table of SQLite without row numbers has no other order
        by_place = [bytes(codes) for codes in stage.values("SELECT codes FROM answer_sheet ORDER BY ctid")]
        assert by_place == by_key
    with stage.database.reading() as session:
        found = read.sheets(session, organisation_id=stage.cast.organisation, wave_id=stage.wave).of
    assert b"".join(one.codes for one in found.values()) == b"".join(by_key)


def test_the_order_of_arrival_is_not_kept(stage):
    for number in range(40):
        store(stage, "Legal", b"1" if number < 20 else b"5")
    with stage.database.reading() as session:
        found = read.sheets(session, organisation_id=stage.cast.organisation, wave_id=stage.wave).of
    assert found[stage.cast.departments["Legal"]].codes not in (b"1" * 20 + b"5" * 20, b"5" * 20 + b"1" * 20)


def test_another_wave_or_organisation_has_no_sheets(stage):
    store(stage, "Legal", b"1")
    with stage.database.reading() as session:
        assert read.sheets(session, organisation_id=stage.cast.other, wave_id=stage.wave).of == {}
        assert read.sheets(session, organisation_id=stage.cast.organisation, wave_id=stage.cast.ada).of == {}


def test_a_draft_is_loaded_as_it_was_saved(stage):
    [token] = stage.personal()
    draft = DraftAnswers(DAY, {"T1a": "3", "R2a": "dk"}, {"t1": 12.5, "r2": None})
    with stage.database.writing() as session:
        found = invitations.find(session, token)
        assert found is not None
        place = {"organisation_id": stage.cast.organisation, "invitation_id": found.id}
        assert write.load_draft(session, **place, token=token) is None
        for _ in range(2):
            write.save_draft(session, **place, wave_id=stage.wave, token=token, draft=draft)
        assert write.load_draft(session, **place, token=token) == draft


@pytest.mark.both
def test_drafts_of_a_wave_are_deleted_unread(stage):
    for token in stage.personal(count=3):
        with stage.database.writing() as session:
            found = invitations.find(session, token)
            assert found is not None
            write.save_draft(
                session,
                organisation_id=stage.cast.organisation,
                invitation_id=found.id,
                wave_id=stage.wave,
                token=token,
                draft=DraftAnswers(DAY),
            )
    assert stage.count("draft") == 3
    with stage.database.writing() as session:
        keep.delete_drafts(session, organisation_id=stage.cast.other, wave_id=stage.wave)
    assert stage.count("draft") == 3
    with stage.database.writing() as session:
        keep.delete_drafts(session, organisation_id=stage.cast.organisation, wave_id=stage.wave)
    assert stage.count("draft") == 0


def test_the_key_of_a_draft_is_that_of_hkdf():
    """Drafts that were stored are opened for years to come, by whatever makes their keys then."""
    for token in ("a" * 26, "ünïcode", ""):
        known = HKDF(SHA256(), write.KEY_BYTES, salt=None, info=write.PURPOSE).derive(token.encode())
        assert write.draft_key(token) == known
