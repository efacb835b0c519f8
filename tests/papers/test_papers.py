"""A review link opens all papers without an account, and decisions are kept with the version they are about."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from app import tokens
from app.approval.service import MOST_DECISIONS
from app.db import Database
from app.papers import questions
from app.papers.sample import ORGANISATION, ROWS, sample
from app.releases.document.release import Scored, dump, load
from app.sentences import say
from app.waves import approvals, promise, service, wording
from app.workflows import service as workflows
from surveys.arrange import layout
from surveys.load import latest
from tests.cast import DEPARTMENTS, Cast, sign_in
from tests.conftest import Clock, recorded
from tests.papers.desk import PAPERS, READER, Desk
from tests.waves import stage

if TYPE_CHECKING:
    pass

ROBIN = "Robin Marsh"


def test_a_review_link_opens_every_paper_without_an_account(desk: Desk):
    link = desk.link()
    start = desk.text(link)
    assert READER in start
    for paper in PAPERS:
        assert f'href="{link}/{paper}"' in start
        page = desk.client.get(f"{link}/{paper}")
        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"


def test_the_link_is_stored_nowhere(desk: Desk):
    token = desk.link().rsplit("/", 1)[1]
    with desk.database.reading() as session:
        rows = session.connection().exec_driver_sql("SELECT * FROM review_link").fetchall()
    assert token not in str(rows)
    assert tokens.fingerprint(token) in str(rows)


def test_the_same_reader_has_one_link(desk: Desk):
    assert desk.link() == desk.link()
    with desk.database.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM review_link").scalar() == 1


def test_every_question_is_on_the_paper_with_its_answers_and_modules(desk: Desk):
    page = desk.text(desk.link() + "/questionnaire")
    instrument = latest("atr")
    asked = {
        item_id
        for _, _, function, _ in DEPARTMENTS
        for item_id in layout(instrument, form="full", function=function).item_ids
    }
    for item in map(instrument.item, asked):
        assert item.text in page, item.id
        for point in instrument.scales[item.scale].points:
            assert point.label in page
    for module in instrument.modules.values():
        assert (module.items[0].id in asked) == (module.items[0].text in page), "others are not asked"
    assert "Your own field: Legal" in page
    assert "asks for no comments" in page


def test_the_paper_says_which_of_many_workflows_are_asked_by_lot_and_of_few_nothing_of_it(desk: Desk, clock: Clock):
    link = desk.link() + "/questionnaire"
    few, many = [f"Few {number}" for number in range(1, 3)], [f"Many {number}" for number in range(1, 8)]
    page = ""
    for department, names in (("Legal", few), ("Operations", many)):
        with desk.database.writing() as session:
            workflows.name_workflows(
                session,
                organisation_id=desk.cast.organisation,
                department_id=desk.cast.departments[department],
                names=tuple(names),
                now=clock(),
            )
        page = desk.text(link)
        assert ("how often do you do this?</h2>" in page) == (department == "Operations")
    assert "about five of those that you do, drawn by lot" in page
    assert [page.count(f"<li>{name}</li>") for name in (*few, *many)] == [0, 0, *[1] * 7]
    assert [page.count(f"Your work: {name}</h2>") for name in (*few, *many)] == [1] * 9
    often = next(item.text for item in latest("atr").workflow if item.id == "F")
    assert page.count(f"<li>{often}</li>") == len(few), "of the others the page before has asked"


def test_the_pulse_has_no_modules(database: Database, cast: Cast, clock: Clock):
    wave = stage.planned(database, cast, clock(), form="pulse")
    with database.reading() as session:
        about = approvals.papers(session, cast.organisation, wave)
    assert not any(section.module for section in questions.sections(about))
    asked = {text for section in questions.sections(about) for one in section.asked for text in one.texts}
    assert len(asked) == questions.length(about)[0]


def test_comments_are_on_the_paper_where_they_are_asked(desk: Desk):
    desk.choose(comments=True)
    link = desk.link()
    assert "asks for no comments" not in desk.text(link + "/questionnaire")
    assert "Comments are read before they are shown." in desk.text(link + "/promise")
    assert "A comment gives its writer away" in desk.text(link + "/impact-assessment")


def test_the_promise_is_word_for_word_the_respondents(desk: Desk, clock: Clock):
    paper = desk.text(desk.link() + "/promise")
    with desk.database.writing() as session:
        service.open_wave(session, organisation_id=desk.cast.organisation, wave_id=desk.wave, now=clock())
    with desk.database.reading() as session:
        about = approvals.papers(session, desk.cast.organisation, desk.wave)
    assert about.small
    for line in (*about.promise.seen, *about.promise.kept):
        assert line.heading in paper
        assert line.text in paper
    assert about.promise.before_sending in paper


def test_drafts_follow_the_policy_and_mark_what_the_client_must_write(desk: Desk):
    desk.choose(mode="anonymous", k=10, retention_months=6)
    link = desk.link()
    for paper in ("impact-assessment", "information"):
        page = desk.text(f"{link}/{paper}")
        assert "To be completed:" in page
        assert "no legal advice" in page
        assert "6 months after" in page
        assert "There is no" in page
        assert "about 20 points" not in page
        for word in ("validated", "compliant", "certified"):
            assert word not in page.lower()


@pytest.mark.parametrize(
    ("mode", "personal"), [("confidential", "Whoever hands out personal links can open them"), ("anonymous", None)]
)
def test_drafts_say_who_can_use_links_and_who_reads_comments(desk: Desk, mode: str, personal: str | None):
    desk.choose(mode=mode, comments=True)
    link = desk.link()
    information, assessment = desk.text(f"{link}/information"), desk.text(f"{link}/impact-assessment")
    assert (personal or "no list of people") in information
    assert (personal is not None) == ("Whoever hands out" in information)
    for page in (information, assessment):
        assert "People with an account for Fernhill" in page
        assert "its consultants among them" in page
    assert "Whoever has a department’s link can answer more than once" in assessment


def test_the_sample_is_plainly_made_up_and_a_whole_release(desk: Desk):
    page = desk.text(desk.link() + "/sample")
    assert ORGANISATION in page
    assert "made up" in page
    assert all(row[0].partition(": ")[0] in page for row in ROWS)
    made = sample(latest("atr"))
    assert load(dump(made)) == made


def test_the_sample_follows_the_rule_that_it_explains():
    made = sample(latest("atr"))
    [whole] = [row for row in made.rows if row.kind == "organisation"]
    rows = [row for row in made.rows if row.kind != "organisation"]
    for head in made.dimensions:
        told = [(row.headcount, cell.score) for row in rows if isinstance(cell := row.cells[head.id], Scored)]
        assert len(rows) - len(told) != 1, f"subtracting the others tells the one hidden field of {head.id}"
        if len(told) == len(rows):
            of_all = whole.cells[head.id]
            assert isinstance(of_all, Scored)
            added = sum(people * score for people, score in told) / sum(people for people, _ in told)
            assert abs(added - of_all.score) <= 1


def test_the_papers_do_not_say_that_traces_end_with_the_survey_where_a_backup_keeps_them(desk: Desk):
    link = desk.link()
    for paper in ("promise", "information", "impact-assessment"):
        page = " ".join(re.sub(r"<[^>]+>", " ", desk.text(f"{link}/{paper}")).split())
        told = r"in a backup from that time they last|backups and copies of the log from that time"
        assert re.search(told, page), paper
        assert "closes, traces" not in page


@pytest.mark.both
def test_a_decision_is_recorded_with_name_remark_and_day(desk: Desk, clock: Clock):
    link = desk.link()
    desk.decide(link, "approved", remark="Once a year, please.\nThanks")
    [one] = desk.decisions()
    assert (one.name, one.decision, one.remark) == ("Robin Marsh", "approved", "Once a year, please.\nThanks")
    assert (one.reader, one.decided_on, one.current, one.newest) == (READER, date(2026, 10, 5), True, True)
    assert "Approved" in desk.text(link)
    sign_in(desk.client, "Ada")
    console = desk.text(desk.console)
    assert "Robin Marsh" in console
    assert "Once a year, please." in console


@pytest.mark.both
def test_the_same_decision_sent_twice_is_recorded_once_and_another_is_kept_beside_it(desk: Desk, clock: Clock):
    link = desk.link()
    for _ in range(2):
        desk.decide(link, "objected", remark="Seven, please.")
    clock.advance(hours=1)
    desk.decide(link, "approved")
    assert [(one.decision, one.newest) for one in desk.decisions()] == [("approved", True), ("objected", False)]


def test_nobody_fills_the_record_by_deciding_again_and_again(desk: Desk, clock: Clock):
    link, other = desk.link(), desk.link("Privacy officer")
    for number in range(MOST_DECISIONS):
        clock.advance(minutes=1)
        desk.decide(link, "approved", remark=f"Once more: {number}")
    assert "20 decisions were recorded with this link" in desk.decide(link, "objected", status=409)
    desk.decide(link, "approved", remark="Once more: 19")
    desk.decide(other, "approved")
    assert len(desk.decisions()) == MOST_DECISIONS + 1


def test_a_reader_sees_the_decisions_of_their_own_link_only(desk: Desk):
    mine, other = desk.link("Privacy officer"), desk.link("Works council")
    desk.decide(other, "objected", name="Sam Dale")
    assert "Sam Dale" not in desk.text(mine)
    assert "Sam Dale" in desk.text(other)


def test_a_wrong_decision_keeps_what_was_typed_and_says_why(desk: Desk):
    page = desk.decide(desk.link(), "perhaps", name=" ", remark="x" * 2001, status=422)
    for told in ("Give your name", "Choose whether you approve or object", "Use at most 2000", "x" * 2001):
        assert told in page
    assert desk.decisions() == ()


def test_a_name_with_signs_that_turn_or_hide_letters_is_refused(desk: Desk):
    link = desk.link()
    papers = re.search(r'name="papers" value="(\w+)"', desk.text(link))
    assert papers is not None
    for name in ("Robin \u202ehsraM", "Robin\u200b Marsh", "Robin\x07"):
        answer = desk.client.post(link, data={"name": name, "decision": "approved", "papers": papers[1]})
        assert answer.status_code == 422
        assert "signs in it that cannot be seen" in answer.text
    assert desk.decisions() == ()


def test_a_decision_is_about_what_was_read(desk: Desk):
    link = desk.link()
    old = re.search(r'name="papers" value="(\w+)"', desk.text(link))
    assert old is not None
    desk.choose(k=7)
    data = {"name": "Robin Marsh", "decision": "approved", "papers": old[1]}
    answer = desk.client.post(link, data=data)
    assert answer.status_code == 409
    assert "papers have changed since you opened this page" in answer.text
    assert desk.decisions() == ()


@pytest.mark.parametrize("change", [{"k": 7}, {"mode": "anonymous"}, {"comments": True}, {"retention_months": 24}])
def test_a_change_of_the_policy_leaves_the_decision_to_an_earlier_version(desk, change):
    link = desk.link()
    desk.decide(link, "approved")
    desk.choose(**change)
    assert [one.current for one in desk.decisions()] == [False]
    assert "for an earlier version" in desk.text(link)
    desk.choose()
    assert [one.current for one in desk.decisions()] == [True]


def test_opening_and_closing_leave_a_decision_current(desk: Desk, clock: Clock):
    desk.decide(desk.link(), "approved")
    with desk.database.writing() as session:
        service.open_wave(session, organisation_id=desk.cast.organisation, wave_id=desk.wave, now=clock())
    assert [one.current for one in desk.decisions()] == [True]
    stage.closed(desk.database, desk.cast, desk.wave, clock())
    assert [one.current for one in desk.decisions()] == [True]


def test_a_later_version_of_our_words_changes_nothing_in_a_wave_that_has_opened(desk: Desk, clock: Clock, monkeypatch):
    link = desk.link()
    desk.decide(link, "approved")
    draft = desk.text(f"{link}/promise")
    with desk.database.writing() as session:
        service.open_wave(session, organisation_id=desk.cast.organisation, wave_id=desk.wave, now=clock())
    other = replace(promise.WORDING, nobody=promise.Line(say("Everybody sees them."), say("So it is.")))
    monkeypatch.setattr(promise, "WORDING", other)
    monkeypatch.setattr(wording, "WORDING", other)
    monkeypatch.setattr(approvals, "PAPERS_VERSION", approvals.PAPERS_VERSION + 1)
    assert "Nobody is shown your answers." in draft
    told = desk.text(f"{link}/promise")
    assert "Nobody is shown your answers." in told
    assert "Everybody sees them." not in told
    assert [one.current for one in desk.decisions()] == [True]
    stage.closed(desk.database, desk.cast, desk.wave, clock())
    assert [one.current for one in desk.decisions()] == [True]


def test_once_open_the_papers_can_be_read_and_not_decided_on(desk: Desk, clock: Clock):
    link = desk.link()
    with desk.database.writing() as session:
        service.open_wave(session, organisation_id=desk.cast.organisation, wave_id=desk.wave, now=clock())
    assert "Record my decision" not in desk.text(link)
    assert "no longer recorded" in desk.decide(link, "objected", status=409)
    assert desk.link("Somebody who reads later")


def test_a_closed_wave_makes_no_new_links_and_still_shows_its_papers(desk: Desk, clock: Clock):
    link = desk.link()
    with desk.database.writing() as session:
        service.open_wave(session, organisation_id=desk.cast.organisation, wave_id=desk.wave, now=clock())
    stage.closed(desk.database, desk.cast, desk.wave, clock())
    sign_in(desk.client, "Ada")
    assert "Make the link" not in desk.text(desk.console)
    assert desk.client.post(desk.console, data={"reader": "Late"}).status_code == 409
    assert "Answers are deleted on" in desk.text(link + "/promise")


@pytest.mark.both
def test_a_link_that_was_taken_back_opens_nothing_and_its_decisions_stay(desk: Desk):
    link = desk.link()
    desk.decide(link, "approved")
    sign_in(desk.client, "Ada")
    button = re.search(r'name="link" value="([0-9a-f-]+)"', desk.text(desk.console))
    assert button is not None
    assert desk.client.post(desk.console + "/take-back", data={"link": button[1]}).status_code == 303
    for path in (link, *(f"{link}/{paper}" for paper in PAPERS)):
        assert "was taken back" in desk.text(path, status=410)
    assert len(desk.decisions()) == 1
    for link_id, status in (("x", 422), (str(uuid4()), 404), (button[1], 303)):
        assert desk.client.post(desk.console + "/take-back", data={"link": link_id}).status_code == status


def test_a_link_needs_a_reader(desk: Desk):
    sign_in(desk.client, "Ada")
    for reader, told in (("  ", "Say whom the link is for"), ("x" * 81, "81 characters")):
        answer = desk.client.post(desk.console, data={"reader": reader})
        assert answer.status_code == 422
        assert told in unescape(answer.text)


def test_strangers_find_nothing_behind_links_that_were_never_made(desk: Desk):
    for path in ("/review/" + "a" * 26, "/review/x", "/review/%00"):
        assert "leads nowhere" in desk.text(path, status=404)
        assert desk.client.post(path, data={"decision": "approved"}).status_code == 404


def test_the_console_takes_a_fixed_number_of_statements(desk: Desk):
    counts = []
    for readers in (1, 5):
        for number in range(readers):
            desk.decide(desk.link(f"Reader {number}"), "approved")
        sign_in(desk.client, "Ada")
        with recorded(desk.database) as seen:
            desk.text(desk.console)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12
