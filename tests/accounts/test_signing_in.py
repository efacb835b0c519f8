"""Signing in and out over HTTP: cookies, limits, expiry, and what was typed when a sign-in had ended."""

import html
import re
from datetime import timedelta

import pytest

from app.accounts import passwords, queries, service
from tests.cast import PASSWORD, sign_in
from tests.client import FROM

ADA = "ada@example.org"


def attempt(client, email=ADA, password="not the password", **more):
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page by name."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def test_a_consultant_signs_in_and_out(client, cast):
    assert "Sign in" in client.get("/").text
    answer = attempt(client, email=" ADA@example.org ", password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("plumbline=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Your clients" in client.get("/").text
    assert client.post("/sign-out").status_code == 303
    assert "Your clients" not in client.get("/").text


def test_the_cookie_cannot_be_used_after_signing_out(client, cast):
    attempt(client, password=PASSWORD)
    token = client.cookies["plumbline"]
    client.post("/sign-out")
    client.cookies.set("plumbline", token)
    assert client.get("/account").status_code == 404


def test_the_cookie_is_not_in_the_database(client, cast, database):
    attempt(client, password=PASSWORD)
    with database.reading() as session:
        stored = session.connection().exec_driver_sql("SELECT token_sha256 FROM sign_in").scalar_one()
    assert stored == service.fingerprint(client.cookies["plumbline"])


@pytest.mark.parametrize("email", [ADA, "nobody@example.org", "", "not an address"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, cast, email):
    answer = attempt(client, email=email)
    assert answer.status_code == 422
    assert ("do not belong together" if email else "Give your e-mail address") in answer.text
    assert f'value="{email}"' in answer.text


def test_an_account_without_a_password_cannot_sign_in(client, cast, database, clock):
    with database.writing() as session:
        service.create_user(session, email="dora@example.org", name="Dora", now=clock())
    assert attempt(client, email="dora@example.org", password="!").status_code == 422


@pytest.mark.both
def test_five_failures_lock_an_address_for_a_while_even_for_the_right_password(client, cast, clock):
    for _ in range(5):
        assert attempt(client).status_code == 422
        clock.advance(minutes=1)
    refused = attempt(client, password=PASSWORD)
    assert refused.status_code == 429
    assert "wait 10 minutes" in refused.text
    assert f'value="{ADA}"' in refused.text
    clock.advance(minutes=10)
    assert attempt(client, password=PASSWORD).status_code == 303


def test_thirty_failures_from_one_place_lock_it_for_all_addresses(client, cast, database, clock):
    # Most attempts are counted as the page does it first, and spare the slow hash that the page goes on with.
    with database.writing() as session:
        for number in range(27):
            service.start_attempt(session, email=f"guess{number}@example.org", address=FROM[0], now=clock())
    for number in range(3):
        assert attempt(client, email=f"last{number}@example.org").status_code == 422
    assert attempt(client, password=PASSWORD).status_code == 429


def test_a_right_password_forgets_the_failures(client, cast, database):
    for _ in range(4):
        attempt(client)
    assert attempt(client, password=PASSWORD).status_code == 303
    with database.reading() as session:
        left = session.connection().exec_driver_sql("SELECT count(*) FROM failed_sign_in").scalar_one()
    assert left == 4, "those of the caller's address stay"
    for _ in range(4):
        assert attempt(client).status_code == 422


def test_old_failures_are_deleted(client, cast, clock, database):
    attempt(client)
    clock.advance(minutes=16)
    attempt(client, email="other@example.org")
    with database.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM failed_sign_in").scalar_one() == 2


@pytest.mark.both
def test_a_sign_in_lasts_while_it_is_used_and_ends_when_it_is_not(client, cast, clock):
    sign_in(client, "Ada")
    for _ in range(3):
        clock.advance(hours=11)
        assert client.get("/account").status_code == 200
    clock.advance(hours=12, minutes=1)
    assert client.get("/account").status_code == 404


def test_a_visit_is_noted_at_most_every_ten_minutes(client, cast, clock, database):
    def seen():
        with database.reading() as session:
            return queries.sign_ins(session, user_id=cast.ada, now=clock())[0].seen_at

    began = clock()
    sign_in(client, "Ada")
    clock.advance(minutes=9)
    client.get("/account")
    assert seen() == began
    clock.advance(minutes=1)
    client.get("/account")
    assert seen() == began + timedelta(minutes=10)


def test_a_writing_request_that_is_due_to_be_noted_goes_through(client, cast, clock):
    sign_in(client, "Ada")
    clock.advance(minutes=30)
    form = {"name": "Millbrook", "time_zone": "Europe/Berlin"}
    assert client.post("/organisations/new", data=form).status_code == 303


def test_a_disabled_user_is_signed_out_at_once(client, cast, database, clock):
    sign_in(client, "Ada")
    with database.writing() as session:
        service.disable_user(session, email="Ada@example.org", now=clock())
    assert client.get("/account").status_code == 404
    assert attempt(client, password=PASSWORD).status_code == 422


def test_a_page_that_needs_a_sign_in_offers_it_and_goes_on(client, cast):
    address = f"/organisations/{cast.organisation}/departments?change={cast.departments['Tax']}"
    page = client.get(address)
    assert page.status_code == 404
    assert "or you need to sign in" in page.text
    answer = attempt(client, password=PASSWORD, **hidden(page.text))
    assert (answer.status_code, answer.headers["location"]) == (303, address)


def test_nothing_is_lost_when_a_sign_in_ends_in_the_middle_of_a_form(client, cast, clock):
    sign_in(client, "Ada")
    clock.advance(hours=13)
    add = f"/organisations/{cast.organisation}/departments/add"
    typed = {"name": 'R&D "North"', "function": "other", "headcount": "4", "parent": "", "note": "two\nlines"}
    page = client.post(add, data=typed)
    assert page.status_code == 404
    again = attempt(client, **hidden(page.text))
    assert again.status_code == 422
    welcome = attempt(client, password=PASSWORD, **hidden(again.text))
    assert welcome.status_code == 200
    assert f'action="{add}"' in welcome.text
    assert hidden(welcome.text) == typed
    assert client.post(add, data=hidden(welcome.text)).status_code == 303
    assert "R&amp;D &#34;North&#34;" in client.get(add.removesuffix("/add")).text


def test_an_uploaded_file_is_not_kept_and_the_page_says_so(client, cast):
    address = f"/organisations/{cast.organisation}/departments/import"
    page = client.post(address, data={"list": "typed"}, files={"file": ("a.csv", b"department", "text/csv")})
    welcome = attempt(client, password=PASSWORD, **hidden(page.text))
    assert hidden(welcome.text) == {"list": "typed"}
    assert "could not be kept" in welcome.text


def test_a_password_that_was_typed_is_never_put_on_a_page(client, cast):
    page = client.post("/account/password", data={"current_password": PASSWORD, "password": "something new"})
    assert page.status_code == 404
    assert PASSWORD not in page.text
    assert "something new" not in page.text


@pytest.mark.parametrize(
    "address",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\tb", "/" + "a" * 3000, ""],
)
def test_signing_in_never_leads_to_another_site(client, cast, address):
    answer = attempt(client, password=PASSWORD, next=address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize(
    "kept", ["{", "[]", '{"fields": 3, "lost": 0}', '{"fields": [["a"]], "lost": 0}', "[" * 20_000]
)
def test_a_damaged_kept_form_leads_to_the_start_page(client, cast, kept):
    answer = attempt(client, password=PASSWORD, next="/account", kept=kept)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_hash_with_old_parameters_is_made_again(client, cast, database, monkeypatch):
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with database.writing() as session:
        service._user(session, cast.ada).password_hash = old
    assert attempt(client, password=PASSWORD).status_code == 303
    with database.reading() as session:
        found = queries.credentials(session, ADA)
    assert found is not None
    assert not passwords.is_outdated(found.password_hash)
    assert passwords.matches(found.password_hash, PASSWORD)


def test_the_hash_for_unknown_addresses_costs_as_much_as_a_real_one():
    assert not passwords.is_outdated(passwords.NOBODY)
    assert not passwords.matches(None, "anything")
    assert not passwords.matches(passwords.UNSET, "")


def test_over_https_the_cookie_is_held_to_this_host(database_url, tmp_path, clock, database, cast):
    from starlette.testclient import TestClient

    from app.main import create_app
    from app.settings import read_settings

    settings = read_settings(
        data_dir=tmp_path, database_url=database_url, public_url="https://plumbline.example", secret_key="5e" * 32
    )
    headers = {"Sec-Fetch-Site": "same-origin"}
    with TestClient(
        create_app(settings, clock=clock), base_url="https://plumbline.example", headers=headers, follow_redirects=False
    ) as client:
        cookie = attempt(client, password=PASSWORD).headers["set-cookie"]
        assert cookie.startswith("__Host-plumbline=")
        assert "Secure" in cookie
        assert "Domain" not in cookie
        assert client.get("/account").status_code == 200
