"""Every route belongs to a class, and strangers of every kind see nothing of a client: 404, whatever the address."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints
from uuid import UUID, uuid4

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.testclient import TestClient

from app.accounts import service as accounts
from app.accounts.roles import Role
from app.actions import service as actions
from app.actions.facts import Facts as Planned
from app.actions.service import Author as ActionAuthor
from app.actions.service import Wanted as ActionWanted
from app.db import Database
from app.lineage import queries as lineage
from app.main import create_app, routes_of
from app.questionnaires import service as questionnaires
from app.releases import store
from app.settings import read_settings
from app.share import service as sharing
from app.web.access import Access, access_of
from app.workflows import service as workflows
from app.workflows.service import Author, Wanted
from surveys.load import load
from tests.cast import Cast, sign_in
from tests.conftest import SAME_ORIGIN, SECRET, Clock
from tests.drafting.stage import own_template
from tests.places import START
from tests.planner.stage import assessment_of
from tests.playbooks.stage import own_action
from tests.world import World

pytestmark = pytest.mark.lived_in

CLASSES = {"public", "link", "account", "client", "owner", "reviewer", "reader", "operator"}
OF_A_CLIENT: tuple[Access, ...] = ("client", "owner", "reviewer", "reader")


def of_class(application: FastAPI, *kinds: Access) -> list[APIRoute]:
    return [route for route in routes_of(application) if access_of(route) in kinds]


def requests(route: APIRoute, values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The methods and the address of a route with real ids in it."""
    missing = [name for name in route.param_convertors if name not in values]
    assert not missing, f"{route.path}: give the walk a value for {missing}"
    path = re.sub(r"{(\w+)(:\w+)?}", lambda found: str(values[found[1]]), route.path)
    for method in sorted((route.methods or set()) - {"HEAD"}):
        yield method, path


def send(client: TestClient, method: str, path: str) -> tuple[int, str]:
    answer = client.request(method, path, data={"name": "x"} if method == "POST" else None)
    return answer.status_code, answer.text


@pytest.fixture
def addresses(database: Database, cast: Cast, lived_in: World) -> dict[str, object]:
    """A real value for every parameter of a client's addresses."""
    with database.reading() as session:
        release = store.latest(session, cast.organisation, lived_in.closed)
        change = lineage.done(session, cast.organisation)[-1].id
    assert release is not None
    return {
        "organisation_id": cast.organisation,
        "wave_id": lived_in.closed,
        "assessment_id": assessment_of(database, cast, lived_in.closed),
        "department_id": cast.departments["Legal"],
        "change_id": change,
        "row_id": cast.departments["Operations"],
        "dimension_id": "T1",
        "figure": "dimensions",
        "earlier_id": lived_in.running,
        "invitation_id": uuid4(),
        "comment_id": uuid4(),
        "user_id": uuid4(),
        "instrument_id": drafted(database, cast),
        "item_id": "LEG1",
        "language": "de",
        "kind": "invitation",
        "format_key": "pdf",
        "workflow_id": a_workflow(database, cast),
        "attestation_id": uuid4(),
        "rating_id": uuid4(),
        "number": 1,
        "action_id": "R3-low-permitted-uses",
        "guardrail_id": "G-07",
        "planned_id": a_planned_action(database, cast),
        "code": an_own_action(database, cast),
        "own_code": own_template(database, cast.organisation, START).code,
        "subject_id": cast.organisation,
        "template_id": "decision_log",
        "drawing_id": "flow_now",
    }


def a_workflow(database: Database, cast: Cast) -> UUID:
    """A workflow in the client's inventory."""
    with database.writing() as session:
        wanted = Wanted(department_id=cast.departments["Legal"], name="Review an agreement")
        return workflows.add(session, cast.organisation, wanted, author=Author(name="Ada", way="console", now=START))


def an_own_action(database: Database, cast: Cast) -> str:
    """An action of the client's own, in use."""
    return own_action(database, cast.organisation, START).code


def a_planned_action(database: Database, cast: Cast) -> UUID:
    """An action of the client's plan."""
    facts = Planned(department_id=cast.departments["Legal"], title="Write a page", due=START.date(), moves=("R3",))
    wanted = ActionWanted(id=uuid4(), facts=facts, begins=START.date())
    with database.writing() as session:
        actions.take(session, cast.organisation, (wanted,), author=ActionAuthor("Ada", START))
    return wanted.id


def drafted(database: Database, cast: Cast) -> UUID:
    """A questionnaire of the client's own, not published yet."""
    with database.writing() as session:
        return questionnaires.copy(
            session,
            organisation_id=cast.organisation,
            name="Readiness at Fernhill",
            source=load("atr", "1.0.0").sha256,
            user_id=cast.ada,
            now=START,
        )


def test_every_route_belongs_to_one_class_also_in_the_demo(tmp_path: object) -> None:
    settings = read_settings(demo=True, data_dir=tmp_path, secret_key=SECRET)
    routes = routes_of(create_app(settings))
    assert len(routes) > 30
    forgotten = [route.path for route in routes if access_of(route) not in CLASSES]
    assert forgotten == []


@pytest.mark.parametrize("page", ["operations", "privacy"])
def test_the_documentation_names_each_secret_address_that_belongs_in_no_access_log(tmp_path: Path, page: str) -> None:
    routes = routes_of(create_app(read_settings(data_dir=tmp_path, secret_key=SECRET)))
    secret = {path.partition("{")[0] for path in (one.path for one in routes) if re.match(r"/\w+/\{token\}", path)}
    assert len(secret) > 10
    text = (Path(__file__).parent.parent / "docs" / f"{page}.md").read_text()
    listed = text[text.index("`/r/`, `/s/`") : text.index("those addresses are secrets")]
    assert secret - set(re.findall(r"`([^`]+)`", listed)) == set()


def test_a_route_without_a_class_is_found() -> None:
    router = APIRouter()
    router.add_api_route("/forgotten", lambda: "x")
    application = FastAPI()
    application.state.routers = (router,)
    assert [access_of(route) for route in routes_of(application)] == [None]


@pytest.mark.parametrize("who", ["nobody", "Ben", "Cleo"])
def test_strangers_get_404_from_every_address_of_a_client(
    application: FastAPI, client: TestClient, cast: Cast, addresses: dict[str, object], who: str
) -> None:
    if who != "nobody":
        sign_in(client, who)
    walked = 0
    for route in of_class(application, *OF_A_CLIENT):
        for method, path in requests(route, addresses):
            assert send(client, method, path)[0] == 404, f"{who}: {method} {path}"
            walked += 1
    assert walked > 15


@pytest.mark.both
def test_the_member_reaches_the_same_addresses(
    application: FastAPI, client: TestClient, database: Database, cast: Cast, addresses: dict[str, object], clock: Clock
) -> None:
    sign_in(client, "Ada")
    share(database, cast, addresses["wave_id"], clock)
    for route in of_class(application, *OF_A_CLIENT):
        for method, path in requests(route, addresses):
            status, _ = send(client, method, path)
            unknown = any(
                one in route.path
                for one in (
                    "{invitation_id}",
                    "{comment_id}",
                    "{user_id}",
                    "report.{format_key}",
                    "links/take-back",
                    "owner/take-back",
                    "deliveries/",
                    "logo.png",
                    "{attestation_id}",
                    "{rating_id}",
                    "{number}",
                    "{drawing_id}",  # a decision log has none
                    "/results/{wave_id}/autonomy",
                    "/results/{wave_id}/opportunities",  # its release tells of no workflows
                    "/results/{wave_id}/comparison",  # only one of the two is shared
                )
            )
            # Nobody of that name, and no other client of hers.
            unknown = unknown or (method == "POST" and path.endswith(("/plan/owners", "s-of-others")))
            assert status in ((404, 409) if unknown else (200, 303, 409, 422)), f"{method} {path}: {status}"


def numbers_of(route: APIRoute) -> dict[str, Any]:  # Any: a type, or one with what it may hold
    """The types of the whole numbers that an address of a route can hold, in its path and behind it."""
    hints = get_type_hints(route.endpoint, include_extras=True)
    return {name: hint for name, hint in hints.items() if name != "return" and _is_number(hint)}


def _is_number(hint: object) -> bool:
    return hint is int or any(map(_is_number, get_args(hint)))


@pytest.mark.both
def test_a_number_that_no_row_can_have_is_found_nowhere(
    application: FastAPI, client: TestClient, addresses: dict[str, object]
) -> None:
    sign_in(client, "Ada")
    walked = 0
    for route in of_class(application, *OF_A_CLIENT):
        for name, kind in ((name, kind) for name in numbers_of(route) for kind in (10**20, -1, "1_0")):
            asked = "" if name in route.param_convertors else f"?{name}={kind}"
            for method, path in requests(route, {**addresses, name: kind}):
                assert send(client, method, path + asked)[0] == 404, f"{method} {path}{asked}"
                walked += 1
    assert walked > 10


def test_every_number_of_an_address_has_a_limit_also_in_the_demo(tmp_path: object) -> None:
    settings = read_settings(demo=True, data_dir=tmp_path, secret_key=SECRET)
    numbers = {
        f"{route.path}: {name}": TypeAdapter(hint)
        for route in routes_of(create_app(settings))
        for name, hint in numbers_of(route).items()
    }
    assert len(numbers) > 4
    assert {one.validate_python("7") for one in numbers.values()} == {7}
    for where, number in numbers.items():
        with pytest.raises(ValidationError, match="less than or equal"):
            print(where, "takes", number.validate_python(str(10**20)), "(see Number in app/web/forms.py)")


def test_who_reviews_comments_reaches_the_review_and_nothing_else_of_the_client(
    application: FastAPI, client: TestClient, database: Database, cast: Cast, addresses: dict[str, object], clock: Clock
) -> None:
    with database.writing() as session:
        accounts.name_reviewer(
            session, organisation_id=cast.organisation, email="cleo@example.org", name="Cleo", now=clock()
        )
    sign_in(client, "Cleo")
    for route in of_class(application, "client", "owner", "reader"):
        for method, path in requests(route, addresses):
            assert send(client, method, path)[0] == 404, f"{method} {path}"
    reached = {
        route.name: send(client, method, path)[0]
        for route in of_class(application, "reviewer")
        for method, path in requests(route, addresses)
    }
    assert reached["comments:waves"] == reached["comments:queue"] == 200
    for method in ("GET", "POST"):
        assert send(client, method, "/organisations/new")[0] == 404
        assert send(client, method, f"/organisations/{cast.other}/comments")[0] in (404, 405)


@pytest.mark.parametrize("role", ["sponsor", "lead"])
def test_who_is_shown_results_reaches_what_was_shared_and_nothing_else_of_the_client(
    application: FastAPI,
    client: TestClient,
    database: Database,
    cast: Cast,
    addresses: dict[str, object],
    clock: Clock,
    role: Role,
) -> None:
    with database.writing() as session:
        department = cast.departments["Finance"] if role == "lead" else None
        place = {"organisation_id": cast.organisation, "user_id": cast.cleo}
        accounts.add_member(session, **place, now=clock(), role=role, department_id=department)
    sign_in(client, "Cleo")
    for route in of_class(application, "client", "owner", "reviewer"):
        for method, path in requests(route, addresses):
            assert send(client, method, path)[0] == 404, f"{method} {path}"
    results = f"/organisations/{cast.organisation}/results"
    wave = f"{results}/{addresses['wave_id']}"
    assert [client.get(path).status_code for path in (results, wave, f"{wave}/report.pdf")] == [200, 404, 404]
    share(database, cast, addresses["wave_id"], clock)
    assert [client.get(path).status_code for path in (wave, f"{wave}/report.pdf")] == [200, 404]
    for method in ("GET", "POST"):
        assert send(client, method, "/organisations/new")[0] == 404


def test_a_consultant_who_is_no_owner_reaches_everything_but_what_only_owners_may(
    application: FastAPI, client: TestClient, database: Database, cast: Cast, addresses: dict[str, object], clock: Clock
) -> None:
    with database.writing() as session:
        accounts.add_member(session, organisation_id=cast.organisation, user_id=cast.cleo, now=clock())
    sign_in(client, "Cleo")
    for route in of_class(application, "owner"):
        for method, path in requests(route, addresses):
            assert send(client, method, path)[0] == 404, f"{method} {path}"
    assert client.get(f"/organisations/{cast.organisation}").status_code == 200
    assert client.get(f"/organisations/{cast.organisation}/access").status_code == 200


def share(database: Database, cast: Cast, wave_id: object, clock: Clock) -> None:
    assert isinstance(wave_id, UUID)
    with database.writing() as session:
        sharing.share(session, organisation_id=cast.organisation, wave_id=wave_id, user_id=cast.ada, now=clock())


def test_a_member_of_another_client_cannot_reach_through_an_organisation_of_their_own(
    application: FastAPI, client: TestClient, cast: Cast, addresses: dict[str, object]
) -> None:
    sign_in(client, "Ben")
    values = {**addresses, "organisation_id": cast.other}
    # Actions and guardrails are of the service, the same for every client.
    below = [
        route
        for route in of_class(application, *OF_A_CLIENT)
        if set(route.param_convertors) - {"organisation_id", "action_id", "guardrail_id"}
    ]
    assert below
    for route in below:
        for method, path in requests(route, values):
            assert send(client, method, path)[0] == 404, f"{method} {path}"


@pytest.mark.parametrize("who", ["nobody", "Cleo"])
def test_a_real_address_and_a_made_up_one_look_the_same_to_a_stranger(
    client: TestClient, cast: Cast, lived_in: World, who: str
) -> None:
    if who != "nobody":
        sign_in(client, who)
    real, made_up = f"/organisations/{cast.organisation}", f"/organisations/{uuid4()}"
    pages = [client.get(path).text.replace(path, "") for path in (real, made_up)]
    assert pages[0] == pages[1]


def test_nobody_reaches_an_account_without_signing_in(application: FastAPI, client: TestClient, cast: Cast) -> None:
    for route in of_class(application, "account"):
        for method, path in requests(route, {"sign_in_id": uuid4()}):
            assert send(client, method, path)[0] == 404, f"{method} {path}"


def test_a_made_up_link_leads_nowhere(application: FastAPI, client: TestClient, cast: Cast) -> None:
    values = {
        "token": "a" * 26,
        "page": "t1",
        "row_id": "organisation",
        "dimension_id": "T1",
        "format_key": "pdf",
    }
    for route in of_class(application, "link"):
        for method, path in requests(route, values):
            assert send(client, method, path)[0] in (404, 410, 422), f"{method} {path}"


def test_another_site_cannot_send_a_form_for_somebody(application: FastAPI, client: TestClient, cast: Cast) -> None:
    sign_in(client, "Ada")
    foreign = {"Sec-Fetch-Site": "cross-site"}
    for route in routes_of(application):
        if "POST" not in (route.methods or set()):
            continue
        path = re.sub(r"{(\w+)(:\w+)?}", str(uuid4()), route.path)
        assert client.post(path, headers=foreign).status_code == 403, path


def test_an_origin_of_another_site_is_refused_where_the_browser_sends_no_fetch_headers(application: FastAPI) -> None:
    with TestClient(application, cookies={"plumbline": "x"}, follow_redirects=False) as client:
        for origin in ("http://evil.example", "null", "", "http://testserver.evil.example"):
            refused = client.post("/sign-out", headers={"Origin": origin})
            assert refused.status_code == 403, origin
            assert "<h1>That is not possible</h1>" in refused.text
            assert "did not come from a page of this service" in refused.text
            assert "default-src 'none'" in refused.headers["content-security-policy"]
        assert client.post("/sign-out", headers={"Origin": "http://testserver"}).status_code != 403
        assert client.post("/sign-out").status_code == 403


def test_every_answer_carries_the_security_headers(client: TestClient, cast: Cast) -> None:
    assert SAME_ORIGIN
    for path in ("/", "/health", "/nowhere", "/organisations/x", "/s/none", "/static/none"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["referrer-policy"] == "strict-origin", path
        assert headers["x-content-type-options"] == "nosniff", path
        assert "server" not in headers, path
