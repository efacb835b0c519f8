"""A client while a wave is open: a wave closed before, one planned, people who answer and people who watch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlmodel import Session

from app.accounts import service as accounts
from app.actions import linking
from app.actions import queries as plan
from app.actions import service as actions
from app.actions.facts import Facts as Planned
from app.actions.linking import token_of
from app.actions.service import Author as By
from app.actions.service import Wanted as Action
from app.answers.write import Remark
from app.approval import queries as review_links
from app.approval import service as approval
from app.clients import service as clients
from app.db import Database
from app.documents.shelf import templates
from app.explore.figuring import FIGURES
from app.invitations import queries as links
from app.invitations import service as invitations
from app.mail.tokens import stop_token
from app.owners import service as owners
from app.owners.service import Wanted as OwnerLink
from app.papers import service as papers
from app.people import service as people
from app.questionnaires import queries as questionnaires
from app.questionnaires import remarks
from app.questionnaires import service as drafts
from app.releases import store
from app.respond import service as respond
from app.respond.visit import COMMENTS
from app.share import lasting
from app.share import queries as shared_links
from app.share import service as sharing
from app.share.service import Wanted
from app.staffpage import service as staffpage
from app.staffpage.service import TypedAction
from app.waves import policy
from app.waves import service as waves
from app.workflows import service as workflows
from app.workflows.service import Author
from app.workflows.service import Wanted as Workflow
from surveys.codes import allowed
from surveys.load import latest
from tests.cast import Cast, sign_in
from tests.drafting.stage import OWN_TEMPLATE, own_template
from tests.planner.stage import assessment_of
from tests.playbooks.stage import OWN_CODE, own_action
from tests.privacy.mailed import mailed
from tests.privacy.walk import Addresses, Values, addresses
from tests.world import KEY, World, begin
from tests.world import answer as let_answer

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.testclient import TestClient

# How many people of each department get a link to answer with; beside them stand the links of those who only watch.
WHO_ANSWERS = {
    "Legal": 6,
    "HR": 4,
    "Finance": 1,
    "Accounts payable": 6,
    "Planning": 4,
    "Tax": 3,
    "Operations": 13,
    "IT": 6,
    "Customer service": 6,
    "Ethics": 2,
}
POOLS = {"Staff teams": ("Legal", "HR"), "Money teams": ("Planning", "Tax")}


# The same for every scene: of what nobody has made there is nothing, whatever is asked for.
NOWHERE: dict[str, Sequence[object]] = {
    "comment_id": [uuid4()],
    "attestation_id": [uuid4()],
    "rating_id": [uuid4()],
    "number": [1],
    "format_key": ["pdf"],
}


class Unprinted:
    """Stands for the press: what would be printed says more than the printed page, and takes no time."""

    def pdf(self, html: str) -> bytes:
        """The page as it would be handed to the press."""
        return html.encode()


@dataclass(frozen=True)
class Scene:
    """`running` is open and asks for comments, `closed` has a release, `draft` is planned.

    `own` has the tokens of those who answer, by department; no address of theirs is among those that others fetch.
    `shared` has those of links to the result, which is shared with the client, `told` that of the page for all staff.
    """

    database: Database
    cast: Cast
    closed: UUID
    running: UUID
    draft: UUID
    questionnaire: UUID
    workflow: UUID
    planned: UUID
    own: dict[str, list[str]]
    bystanders: tuple[str, ...]
    shared: tuple[str, ...]
    told: str

    def save(self, token: str, points: str, now: datetime, *, words: str = "") -> None:
        """Saves the same answer to every question under somebody's link."""
        with self.database.writing() as session:
            visit = respond.enter(session, token, lock=True)
            asked = [item for page in visit.pages for item in page.items]
            offered = {
                item.id: sorted(one for one in allowed(visit.instrument, item) if one.isdigit()) for item in asked
            }
            answers = {item: points if points in choices else choices[0] for item, choices in offered.items()}
            written = {"needed": Remark(words)} if words else {}
            respond.save_pages(session, visit, answers, seconds={}, now=now, remarks=written)

    def send(self, token: str, now: datetime) -> None:
        """Sends what was saved."""
        with self.database.writing() as session:
            assert respond.send(session, respond.enter(session, token, lock=True), now=now)


def set_up(database: Database, cast: Cast, world: World, now: datetime) -> Scene:
    """Makes the scene in a lived-in database."""
    with database.writing() as session:
        for name, members in POOLS.items():
            clients.name_pool(session, cast.organisation, name=name, members={cast.departments[m] for m in members})
        ids = [_planned(session, cast, name, now) for name in ("In our words", "Next year")]
        waves.open_wave(session, organisation_id=cast.organisation, wave_id=ids[0], now=now)
        invitations.make_shared_links(
            session,
            link_key=KEY,
            organisation_id=cast.organisation,
            wave_id=ids[0],
            department_ids=list(cast.departments.values()),
            now=now,
        )
        invitations.make_kiosk_link(
            session,
            link_key=KEY,
            organisation_id=cast.organisation,
            wave_id=ids[0],
            department_id=cast.departments["Legal"],
            now=now,
        )
        for wave_id in ids:
            papers.make_link(
                session,
                link_key=KEY,
                organisation_id=cast.organisation,
                wave_id=wave_id,
                reader="Works council",
                now=now,
            )
    made = _written(database, cast, now)
    for wave_id in ids:
        _list_of_people(database, cast, wave_id, now)
    own = {name: _personal(database, cast, ids[0], name, count, now) for name, count in WHO_ANSWERS.items()}
    bystanders = (*_personal(database, cast, ids[0], "Ethics", 1, now), begin(database, cast, ids[0], "Legal", now=now))
    let_answer(database, cast, ids[0], counts={"Operations": 1, "Tax": 1}, now=now)
    shared, told = _shared(database, cast, world.closed, now), _told(database, cast, world.closed, now)
    return Scene(database, cast, world.closed, ids[0], ids[1], *made, own, bystanders, shared, told)


FOR_EVERYBODY: dict[str, Sequence[object]] = {
    "language": ["de"],
    "kind": ["invitation", "reminder"],
    "format_key": ["pdf"],
    "action_id": ["R3-low-permitted-uses", "FIN-T2-audit-trail", OWN_CODE],
    "code": [OWN_CODE],
    "own_code": [OWN_TEMPLATE],
    "guardrail_id": ["G-07", "G-18"],
    "template_id": [*templates()],
    "drawing_id": ["flow_now", "flow_then"],
}
"""Parameters whose values are the same for every client."""


def _one_of_each(scene: Scene) -> dict[str, Sequence[object]]:
    """A value for each parameter of which one is enough."""
    return {
        "earlier_id": [scene.running],
        "department_id": [scene.cast.departments["Legal"]],
        "instrument_id": [scene.questionnaire],
        "workflow_id": [scene.workflow],
        "planned_id": [scene.planned],
        "subject_id": [scene.cast.organisation, scene.cast.departments["Legal"], scene.workflow],
    }


def everything(application: "FastAPI", scene: Scene) -> Addresses:
    """All addresses that anybody but the person who answers may fetch around this client."""
    application.state.press = Unprinted()
    with scene.database.writing() as session:
        now = application.state.clock()
        start = accounts.make_start_link(session, user_id=scene.cast.ben, now=now)
        facts = _facts_link(session, scene, now)
    with scene.database.reading() as session:
        release = store.latest(session, scene.cast.organisation, scene.closed)
        made = links.links(
            session, link_key=KEY, organisation_id=scene.cast.organisation, wave_id=scene.running, base_url=""
        )
        shared, kiosks = ([one.url[3:] for one in made if one.kind == kind] for kind in ("shared", "kiosk"))
        review = _review_links(session, scene)
        drafts_read = questionnaires.links(session, scene.cast.organisation, scene.questionnaire)
        keys = respond.enter(session, scene.bystanders[0]).keys
    assert release is not None
    named: dict[str, Sequence[object]] = {
        "organisation_id": [scene.cast.organisation],
        "wave_id": [scene.running, scene.closed, scene.draft],
        "assessment_id": [assessment_of(scene.database, scene.cast, scene.closed)],
        "row_id": [*(row.id for row in release.document.rows), "nowhere"],
        "dimension_id": ["T1", "R6"],
        "figure": list(FIGURES),
        **NOWHERE,
        **_one_of_each(scene),
        "item_id": ["T1a", "LEG1"],
        **FOR_EVERYBODY,
        "page": [key for key in keys if key != COMMENTS],
    }
    others = {"stop": [stop_token(KEY, uuid4())], "review": review, "start": [start]}
    with scene.database.reading() as session:
        others["calendar"] = [token_of(one, KEY) for one in plan.calendars(session, scene.cast.organisation)]
    others["facts"], others["questionnaire"] = [facts, "a" * 26], [remarks.token_of(one, KEY) for one in drafts_read]
    others["shared"], others["told"] = [*scene.shared, "a" * 26], [scene.told, "a" * 26]
    others["delivered"] = [mailed(scene.database, scene.cast, scene.closed), "a" * 26]
    every = {"s": shared, "k": kiosks, "join": ["AAAAAA"], "r": [*scene.bystanders, "a" * 26], **others}
    of_sizes = [scene.cast.departments[name] for name in ("Ethics", "Legal", "IT", "Operations", "Tax")]
    only: dict[str, object] = dict.fromkeys((row.id for row in release.document.rows), scene.closed)
    return addresses(application, Values(named, every, of_sizes, only))


def _facts_link(session: Session, scene: Scene, now: datetime) -> str:
    """A link with which the owner of a workflow says its facts."""
    until = now.date() + timedelta(days=30)
    wanted = OwnerLink(id=uuid4(), reader="Head of Legal", mail="", language="en", until=until)
    place = {"organisation_id": scene.cast.organisation, "workflow_id": scene.workflow, "user_id": scene.cast.ada}
    return owners.make(session, wanted, **place, link_key=KEY, sends=False, now=now)


def _written(database: Database, cast: Cast, now: datetime) -> tuple[UUID, UUID, UUID]:
    """A questionnaire of the client's own, a workflow in its inventory, and an action of its plan."""
    place = cast.organisation, cast.departments["Legal"]
    own = drafted(database, cast.organisation, cast.ada, now)
    return own, workflow_of(database, *place, now), planned_by(database, *place, cast.ada, now)


def planned_by(database: Database, organisation_id: UUID, department_id: UUID, user_id: UUID, now: datetime) -> UUID:
    """An action that a department has taken on, one of the client's own in use, and a link to the plan."""
    own_action(database, organisation_id, now)
    own_template(database, organisation_id, now)
    facts = Planned(department_id=department_id, title="Write a page", due=now.date(), moves=("R3",), owner="Dana Doe")
    wanted = Action(id=uuid4(), facts=facts, begins=now.date())
    with database.writing() as session:
        actions.take(session, organisation_id, (wanted,), author=By("Ada", now))
        said = {"label": "Head of Legal", "language": "en"}
        linking.add(session, organisation_id, None, user_id=user_id, **said, key=KEY, now=now)
    return wanted.id


def workflow_of(database: Database, organisation_id: UUID, department_id: UUID, now: datetime) -> UUID:
    """A workflow in a client's inventory."""
    with database.writing() as session:
        wanted = Workflow(department_id=department_id, name="Review an agreement")
        return workflows.add(session, organisation_id, wanted, author=Author(name="Ada", way="console", now=now))


def _shared(database: Database, cast: Cast, wave: UUID, now: datetime) -> tuple[str, ...]:
    """Shares a wave's result, and gives the tokens of links to it: to all of it, a part, and behind a password."""
    department = str(cast.departments["Operations"])
    with database.writing() as session:
        place = {"organisation_id": cast.organisation, "wave_id": wave, "user_id": cast.ada}
        sharing.share(session, **place, now=now)
        until = lasting.usual_day("Europe/Berlin", now)
        wanted = (("Board", None, ""), ("Operations", (department,), ""), ("Bank", None, "a word in the ear"))
        made = tuple(
            sharing.make_link(
                session,
                Wanted(id=uuid4(), label=label, rows=rows, with_report=True, until=until, password=password),
                **place,
                now=now,
            )
            for label, rows, password in wanted
        )
        for link in shared_links.links(session, cast.organisation, wave):
            shared_links.count(session, link, day=until, visits=1)
        return made


def _told(database: Database, cast: Cast, wave: UUID, now: datetime) -> str:
    """Publishes the page for all staff and gives its token."""
    place = {"organisation_id": cast.organisation, "wave_id": wave}
    with database.writing() as session:
        by: Any = {**place, "user_id": cast.ada, "link_key": KEY, "now": now}  # Any: what both calls take
        staffpage.write(session, **by, language="en", typed=[TypedAction("We listen.", "Ada")], seen=0)
        there = shared_links.of_wave(session, **place)
        assert there is not None
        staffpage.publish(session, **by, release_id=there.release_id, seen=1)
        return staffpage.published_address(session, link_key=KEY, base_url="", **place).removeprefix("/told/")


def _review_links(session: Session, scene: Scene) -> list[str]:
    return [
        approval.token_of(link, KEY)
        for wave in (scene.running, scene.draft)
        for link in review_links.links(session, scene.cast.organisation, wave)
    ]


def signed_in(client: "TestClient") -> "TestClient":
    """The client's consultant with a session that has just begun."""
    client.cookies.clear()
    return sign_in(client, "Ada")


def drafted(database: Database, organisation_id: UUID, user_id: UUID, now: datetime) -> UUID:
    """A draft of the client's own, with a link for somebody to read it."""
    with database.writing() as session:
        made = drafts.copy(
            session,
            organisation_id=organisation_id,
            name="Readiness of our own",
            source=latest("atr").sha256,
            user_id=user_id,
            now=now,
        )
        remarks.make_link(
            session,
            link_key=KEY,
            organisation_id=organisation_id,
            instrument_id=made,
            reader="Head of Legal",
            now=now,
        )
    return made


def _list_of_people(database: Database, cast: Cast, wave: UUID, now: datetime) -> None:
    """Some people on the list of a wave, and one more on a list that waits to be taken."""
    lines = ["department,reference,name,mail", *(f"IT,it-{n},Person {n} (fictional),it-{n}@example.org" for n in "abc")]
    place = {"organisation_id": cast.organisation, "wave_id": wave}
    with database.writing() as session:
        people.keep(session, **place, text="\n".join(lines), now=now)
        people.take(session, link_key=KEY, **place, skip_bad=False, now=now)
        people.keep(session, **place, text="\n".join([*lines, "Legal,legal-a,,legal-a@example.org"]), now=now)


def _planned(session, cast: Cast, name: str, now: datetime) -> UUID:
    wave = waves.plan_assessment(
        session,
        organisation_id=cast.organisation,
        name=name,
        instrument="atr",
        label="2026-Q4",
        form="pulse",
        planned_close=None,
        now=now,
    )
    chosen = policy.chosen(mode="confidential", k=5, comments=True, retention_months=12)
    waves.set_policy(session, organisation_id=cast.organisation, wave_id=wave, policy=chosen)
    return wave


def _personal(database: Database, cast: Cast, wave: UUID, name: str, count: int, now: datetime) -> list[str]:
    with database.writing() as session:
        made = invitations.make_personal_links(
            session,
            link_key=KEY,
            organisation_id=cast.organisation,
            wave_id=wave,
            department_id=cast.departments[name],
            references=[f"{name.lower()}-{uuid4().hex[:8]}" for _ in range(count)],
            now=now,
        )
    with database.reading() as session:
        every = links.links(session, link_key=KEY, organisation_id=cast.organisation, wave_id=wave, base_url="")
    found = {link.invitation_id: link.url for link in every}
    return [found[id].rsplit("/", 1)[1] for id in made]
