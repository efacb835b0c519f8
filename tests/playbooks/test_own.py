"""A client's own actions: written, checked, brought into use, and set beside the library for this client alone."""

from dataclasses import replace

import pytest

from app.db import Database
from app.errors import ConflictError, InvalidError
from app.playbooks import queries, service
from app.playbooks.action import Library
from app.playbooks.beside import library_of, together
from app.playbooks.choosing import Need, Printed, propose
from app.playbooks.own import Written, action_of, faults, texts_of, written_of
from app.playbooks.service import Author, ChangedMeanwhileError
from app.playbooks.shelf import library
from tests.cast import Cast
from tests.conftest import Clock
from tests.playbooks.stage import OWN_CODE, own_action, written

REPLACED = "R3-low-permitted-uses"
LOW = {"T1": Printed(80, "leading"), "R3": Printed(20, "low")}


def shelf(database: Database, cast: Cast) -> Library:
    with database.reading() as session:
        return library_of(session, cast.organisation)


def named(library: Library, function: str = "other") -> list[str]:
    need = Need(function=function, printed=LOW, hours=4000)
    return [one.action.id for one in propose(library, need).chosen]


def test_no_action_of_the_library_has_an_id_of_a_clients_own():
    assert [one for one in library().by_id if one.startswith("OWN-")] == []


def test_every_action_of_the_library_is_the_same_after_it_was_written_and_read():
    for one in library().actions:
        assert action_of(texts_of(written_of(one), one.id, one.version)) == one


def test_everything_that_is_wrong_is_told_at_its_field_at_once_as_a_file_is_told():
    right = written()
    wrong = {"dimension": "R9", "hours": "many", "weeks": 99, "title": ""}
    wrong["steps"] = ["<b>b</b>"] * len(right.words["de"]["steps"])  # type: ignore[arg-type]  # a list
    told = faults(Written({**right.fields, **wrong}, {"de": {**right.words["de"], "risk": ""}}))
    assert set(told) == {*wrong, "de-risk"}
    assert told["dimension"].startswith("'dimension': R9 is not known; known are T1, T2")
    assert told["weeks"] == "'weeks' is 99; a number from 1 to 26 is needed"
    assert "is markup" in told["steps"]
    assert faults(right) == {}


def test_words_in_another_language_need_as_many_steps():
    right = written()
    told = faults(Written(right.fields, {"de": {**right.words["de"], "steps": ["eins", "zwei", "drei"]}}))
    assert told == {"de-steps": "steps and evidence need as many entries as in English"}


@pytest.mark.both
def test_an_own_action_in_use_stands_in_the_place_of_the_librarys_for_this_client_alone(
    database: Database, cast: Cast, clock: Clock
) -> None:
    draft = own_action(database, cast.organisation, clock(), used=False, instead_of=REPLACED)
    assert (draft.code, draft.state) == (OWN_CODE, "draft")
    assert shelf(database, cast) == library()
    own_action(database, cast.organisation, clock(), instead_of=REPLACED)
    there = shelf(database, cast)
    assert there.by_id[OWN_CODE].title.words["de"] == "Eine eigene Seite schreiben"
    assert (OWN_CODE in named(there), REPLACED in named(there)) == (True, False)
    assert (OWN_CODE in named(library()), REPLACED in named(library())) == (False, True)
    assert there.sha256 != library().sha256
    with database.reading() as session:
        assert library_of(session, cast.other) == library()


def test_what_stands_in_the_place_of_what_is_needed_comes_first(database: Database, cast: Cast, clock: Clock) -> None:
    own_action(database, cast.organisation, clock(), instead_of=REPLACED)
    last = own_action(database, cast.organisation, clock(), "Do it again", instead_of=OWN_CODE)
    need = Need(function="other", printed={"R3": Printed(40, "emerging")}, hours=4000)
    first, then = (one.action for one in propose(shelf(database, cast), need).chosen)
    assert (first.id, REPLACED in then.needs) == (last.code, True)


def test_a_circle_through_what_is_replaced_is_refused(database: Database, cast: Cast, clock: Clock) -> None:
    with pytest.raises(InvalidError) as raised:
        own_action(database, cast.organisation, clock(), instead_of=REPLACED, needs=["R3-emerging-intake"])
    assert "these wait for each other: OWN-R3-" in raised.value.fields["needs"]
    with pytest.raises(InvalidError, match="there is no action R3-low-nothing"):
        own_action(database, cast.organisation, clock(), needs=["R3-low-nothing"])


def test_two_that_stand_in_each_others_place_are_refused(database: Database, cast: Cast, clock: Clock) -> None:
    first = own_action(database, cast.organisation, clock())
    second = own_action(database, cast.organisation, clock(), "The other one", instead_of=first.code)
    said = written(instead_of=second.code)
    with database.writing() as session, pytest.raises(InvalidError) as raised:
        service.change(session, cast.organisation, first.id, said, seen=first.saves, author=Author("Ada", clock()))
    assert "these stand in each other's place" in raised.value.fields["instead_of"]


@pytest.mark.both
def test_a_change_is_a_draft_until_it_is_in_use_and_a_version_is_never_changed(
    database: Database, cast: Cast, clock: Clock
) -> None:
    first, author = own_action(database, cast.organisation, clock()), Author("Ben", clock())
    place = cast.organisation, first.id
    with database.writing() as session:
        service.change(session, *place, written(hours=30), seen=first.saves, author=author)
        assert library_of(session, cast.organisation).by_id[first.code].hours == 24
        drafted = queries.own_action(session, *place)
        assert (drafted.state, action_of(drafted.draft).version) == ("in_use", "1.1.0")
        service.bring_into_use(session, *place, seen=drafted.saves, author=author)
        assert library_of(session, cast.organisation).by_id[first.code].hours == 30
        newest, oldest = queries.versions(session, *place)
        assert [(one.version, one.made_by) for one in (oldest, newest)] == [("1.0.0", "Ada"), ("1.1.0", "Ben")]
        assert (oldest.sha256, action_of(oldest.files).hours) == (first.sha256, 24)


def test_who_saves_what_is_in_use_unchanged_has_no_draft(database: Database, cast: Cast, clock: Clock) -> None:
    one = own_action(database, cast.organisation, clock())
    with database.writing() as session:
        place = session, cast.organisation, one.id
        service.change(*place, written(), seen=one.saves, author=Author("Ada", clock()))
        assert queries.own_action(*place).draft == {}


def test_who_saves_second_is_told_and_overwrites_nothing(database: Database, cast: Cast, clock: Clock) -> None:
    one, author = own_action(database, cast.organisation, clock()), Author("Ada", clock())
    with database.writing() as session:
        place = session, cast.organisation, one.id
        service.change(*place, written(hours=30), seen=one.saves, author=author)
        with pytest.raises(ChangedMeanwhileError):
            service.change(*place, written(hours=40), seen=one.saves, author=author)
        for deed in (service.bring_into_use, service.retire, service.give_up):
            with pytest.raises(ChangedMeanwhileError):
                deed(*place, seen=one.saves, author=author)
        assert action_of(queries.own_action(*place).draft).hours == 30


def test_what_another_action_needs_is_not_retired_before_that_one(database: Database, cast: Cast, clock: Clock) -> None:
    first = own_action(database, cast.organisation, clock())
    then = own_action(database, cast.organisation, clock(), "What comes after", needs=[first.code])
    author = Author("Ada", clock())
    with database.writing() as session:
        with pytest.raises(ConflictError, match="“What comes after” names this action"):
            service.retire(session, cast.organisation, first.id, seen=first.saves, author=author)
        service.retire(session, cast.organisation, then.id, seen=then.saves, author=author)
        service.retire(session, cast.organisation, first.id, seen=first.saves, author=author)
        there = library_of(session, cast.organisation)
        assert {one.id for one in there.retired} == {first.code, then.code}
        assert there.known(first.code) is not None
        gone = queries.own_action(session, cast.organisation, then.id)
        with pytest.raises(ConflictError, match=f"there is no action {first.code}"):
            service.bring_into_use(session, cast.organisation, then.id, seen=gone.saves, author=author)


@pytest.mark.both
def test_a_draft_that_was_never_in_use_goes_when_it_is_given_up(database: Database, cast: Cast, clock: Clock) -> None:
    one = own_action(database, cast.organisation, clock(), used=False)
    with database.writing() as session:
        place = session, cast.organisation, one.id
        assert not service.give_up(*place, seen=one.saves, author=Author("Ada", clock()))
        assert queries.own_actions(session, cast.organisation) == ()


def test_what_a_newer_library_has_no_more_keeps_an_own_action_out_and_says_so(
    database: Database, cast: Cast, clock: Clock
) -> None:
    own_action(database, cast.organisation, clock(), needs=["T1-low-side-by-side"])
    fewer = replace(library(), actions=tuple(one for one in library().actions if one.id != "T1-low-side-by-side"))
    with database.reading() as session:
        there, unfit = together(fewer, queries.own_actions(session, cast.organisation))
    assert OWN_CODE not in there.by_id
    assert unfit == {OWN_CODE: "there is no action T1-low-side-by-side; correct the id or remove it"}


def test_ids_of_own_actions_differ_whatever_they_are_called(database: Database, cast: Cast, clock: Clock) -> None:
    said = written("Ça va — ok?", german=False)
    assert service.code_of("Ça va — ok?", said, ()) == "OWN-R3-ca-va-ok"
    assert service.code_of("Ça va — ok?", said, {"OWN-R3-ca-va-ok"}) == "OWN-R3-ca-va-ok-2"
    assert service.code_of("你好", said, ()) == "OWN-R3-action-own"
    assert service.code_of(REPLACED, said, ()) == "OWN-R3-low-permitted-uses"
    for title in ("你好", "x" * 300, "Ça va — ok?"):
        code = service.code_of(title, said, ())
        assert action_of(texts_of(said, code, "1.0.0")).id == code


def test_reading_the_library_of_a_client_takes_one_statement(
    database: Database, cast: Cast, clock: Clock, statements: list[str]
) -> None:
    for number in range(4):
        own_action(database, cast.organisation, clock(), f"Page {number}")
    statements.clear()
    with database.reading() as session:
        library_of(session, cast.organisation)
    assert len([one for one in statements if "own_action" in one]) == 1
