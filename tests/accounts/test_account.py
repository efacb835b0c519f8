"""The user's own account: one-time links, password, sign-ins, the command line."""

from contextlib import contextmanager

import pytest
import time_machine
from typer.testing import CliRunner

from app.accounts import queries, service
from app.accounts.checking import device
from app.accounts.commands import commands
from app.errors import ConflictError, GoneError, InvalidError, NotFoundError
from tests.cast import PASSWORD, sign_in
from tests.places import START

NEW = "an owl in the old barn"
FIRST = {"name": "Ada", "email": "Ada@Example.org", "password": NEW, "again": NEW}


def make_link(database, clock, user_id=None):
    with database.writing() as session:
        return "/start/" + service.make_start_link(session, user_id=user_id, now=clock())


@pytest.mark.both
def test_the_first_account_is_made_with_a_link_that_works_once(client, database, clock):
    assert "There is no account yet" in client.get("/").text
    link = make_link(database, clock)
    assert "Make the first account" in client.get(link).text
    assert client.post(link, data=FIRST).headers["location"] == "/"
    assert "There is no client yet" in client.get("/").text
    for answer in (client.get(link), client.post(link, data=FIRST)):
        assert answer.status_code == 410
        assert "has been used" in answer.text


def test_a_second_link_for_the_first_account_ends_when_there_is_one(client, database, clock):
    first, second = make_link(database, clock), make_link(database, clock)
    client.post(first, data=FIRST)
    assert "has been made already" in client.post(second, data={**FIRST, "email": "eve@example.org"}).text


def test_a_link_lasts_a_day(client, database, clock):
    link = make_link(database, clock)
    clock.advance(hours=24)
    answer = client.get(link)
    assert answer.status_code == 410
    assert "lasts 24 hours" in answer.text


def test_an_unknown_link_says_so_kindly(client, cast):
    answer = client.get("/start/nothing")
    assert answer.status_code == 404
    assert "copy the whole address" in answer.text


def sign_in_by_page(client):
    return client.post("/sign-in", data={"email": "ada@example.org", "password": PASSWORD}).status_code


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"password": "short", "again": "short"}, "has 5 characters"),
        ({"password": "ada@example.org", "again": "ada@example.org"}, "is your e-mail address"),
        ({"again": "something else"}, "passwords are different"),
        ({"email": "ada"}, "Give an e-mail address"),
        ({"name": " "}, "Give a name"),
        ({"password": "x" * 2000, "again": "x" * 2000}, "longer than 1000"),
    ],
)
def test_what_is_wrong_is_named_and_the_link_can_be_used_again(client, database, clock, wrong, sentence):
    link = make_link(database, clock)
    answer = client.post(link, data={**FIRST, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{ {**FIRST, **wrong}["email"] }"' in answer.text
    assert client.post(link, data=FIRST).status_code == 303


def test_a_reset_sets_the_password_and_ends_the_sign_ins(client, cast, database, clock):
    sign_in(client, "Ada")
    old = client.cookies["plumbline"]
    link = make_link(database, clock, cast.ada)
    client.cookies.clear()
    assert "ada@example.org" in client.get(link).text
    assert client.post(link, data={"password": NEW, "again": NEW}).status_code == 303
    assert client.get("/account").status_code == 200
    client.cookies.clear()
    client.cookies.set("plumbline", old)
    assert client.get("/account").status_code == 404


@pytest.mark.both
def test_a_changed_password_ends_the_other_sign_ins(client, cast):
    sign_in(client, "Ada")
    other = client.cookies["plumbline"]
    client.cookies.clear()
    sign_in(client, "Ada")
    answer = client.post("/account/password", data={"current_password": PASSWORD, "password": NEW, "again": NEW})
    assert answer.status_code == 303
    assert "has been changed" in client.get(answer.headers["location"]).text
    client.cookies.clear()
    client.cookies.set("plumbline", other)
    assert client.get("/account").status_code == 404
    client.cookies.clear()
    assert client.post("/sign-in", data={"email": "ada@example.org", "password": NEW}).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"current_password": "nonsense nonsense"}, "This is not your password"),
        ({"current_password": ""}, "that you use now"),
        ({"again": "different words here"}, "passwords are different"),
        ({"password": "short", "again": "short"}, "has 5 characters"),
    ],
)
def test_a_password_is_not_changed_when_something_is_wrong(client, cast, wrong, sentence):
    sign_in(client, "Ada")
    form = {"current_password": PASSWORD, "password": NEW, "again": NEW, **wrong}
    answer = client.post("/account/password", data=form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert client.get("/account").status_code == 200
    client.cookies.clear()
    assert sign_in_by_page(client) == 303


def test_the_current_password_cannot_be_guessed_for_ever(client, cast):
    sign_in(client, "Ada")
    form = {"current_password": "guess", "password": NEW, "again": NEW}
    answers = [client.post("/account/password", data=form) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert "Please wait" in answers[-1].text


@pytest.mark.both
def test_a_sign_in_can_be_ended_from_another_device(client, cast, database, clock):
    client.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    sign_in_by_page(client)
    lost = client.cookies["plumbline"]
    client.cookies.clear()
    sign_in_by_page(client)
    page = client.get("/account")
    assert page.text.count("Firefox on Linux") >= 2
    with database.reading() as session:
        visitor = queries.visitor(session, token_sha256=service.fingerprint(lost), now=clock())
    assert visitor is not None
    assert client.post(f"/account/sign-ins/{visitor.sign_in_id}/revoke").status_code == 303
    assert client.post(f"/account/sign-ins/{visitor.sign_in_id}/revoke").status_code == 404
    assert client.get("/account").status_code == 200
    client.cookies.clear()
    client.cookies.set("plumbline", lost)
    assert client.get("/account").status_code == 404


def test_nobody_ends_the_sign_in_of_somebody_else(client, cast, database, clock):
    sign_in(client, "Ada")
    with database.reading() as session:
        mine = queries.sign_ins(session, user_id=cast.ada, now=clock())[0]
    client.cookies.clear()
    sign_in(client, "Ben")
    assert client.post(f"/account/sign-ins/{mine.id}/revoke").status_code == 404
    with database.reading() as session:
        assert queries.sign_ins(session, user_id=cast.ada, now=clock()) == (mine,)


def test_an_address_has_one_account(database, cast, clock):
    with database.writing() as session, pytest.raises(ConflictError, match=r"ada@example\.org"):
        service.create_user(session, email="ADA@example.org", name="Ada", password=NEW, now=clock())
    with database.writing() as session, pytest.raises(InvalidError) as refusal:
        service.create_user(session, email="a b@c", name="", password="short", now=clock())
    assert set(refusal.value.fields) == {"email", "name", "password"}


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("", "An unknown browser"),
    ],
)
def test_a_device_is_named_in_words(agent, words):
    assert device(agent) == words


@pytest.fixture
def run(settings, database):
    """Runs a `user` command and returns what it printed."""

    @contextmanager
    def open_database():
        yield settings, database

    def invoke(*words):
        result = CliRunner().invoke(commands(open_database), words)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    with time_machine.travel(START, tick=False):
        yield invoke


def test_a_user_is_added_on_the_command_line_and_chooses_a_password(run, database):
    printed = run("add", "Dora@example.org", "--name", "Dora")
    token = printed.strip().rsplit("/start/", 1)[1]
    assert "waits for its link" in run("list")
    with database.writing() as session:
        service.start(session, token=token, email="", name="", password=NEW, now=START)
    assert "can sign in" in run("list")


@pytest.mark.both
def test_a_user_is_reset_and_disabled_on_the_command_line(run, cast, database):
    token = run("reset", "ada@example.org").strip().rsplit("/start/", 1)[1]
    assert "can't sign in" in run("disable", "ada@example.org")
    assert "disabled" in run("list")
    with pytest.raises(ConflictError, match="disabled"):
        run("reset", "ada@example.org")
    with pytest.raises(NotFoundError, match=r"nobody@example\.org"):
        run("reset", "nobody@example.org")
    with database.writing() as session, pytest.raises(GoneError, match="disabled"):
        service.find_link(session, token=token, now=START)


def test_a_list_of_no_users_says_what_to_do(run):
    assert "./run" in run("list")
